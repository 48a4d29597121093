"""Founds the demo's federation: keys for everybody, the signed directory, and a settings file for each service."""

import json
import os
import time
from pathlib import Path

import msgspec
from joserfc.jwk import ECKey

from deploy.demo.layout import Layout
from deploy.demo.scenes import GATEWAY, Place
from sync.contract import descriptors, directory_parts, jose
from sync.contract.committees import CommitteeState
from sync.contract.descriptors import Descriptor
from sync.contract.directory_parts import Charter, Entry, JointMembers, Part, Registrar, Relations
from tenant_service.identity.keys import keys_in

VALID_SECONDS = 7 * 86_400


def found(layout: Layout) -> None:
    """Every key, the directory and every settings file are there. Keys that are there already stay."""
    root, registrar = (_key(layout.trust / f"{each}.private.jwk") for each in ("root", "registrar"))
    layout.root.write_bytes(msgspec.json.encode(jose.public(root)))
    request = _key(layout.gateway / "request.jwk")
    now = int(time.time())
    made = [_committee(layout, place, now) for place in layout.places]
    made.append(
        Descriptor(
            id=GATEWAY, kind="gateway", seq=now, issued_at=now, name="杭州市政协联动网关",
            keys=[descriptors.public_key(jose.public(request), "request", now - 60, now + descriptors.KEY_LIVES)],
            login_url=f"{layout.gateway_url}/signed-in", root=descriptors.root_of(_root(layout.gateway)),
        )
    )  # fmt: skip
    texts = [
        descriptors.signed(each, _root(layout.gateway if each.kind == "gateway" else layout.committee(each.id)))
        for each in made
    ]
    entries = [
        Entry(
            id=each.id,
            state=CommitteeState.ACTIVE,
            root=descriptors.read(text)[1],
            descriptor=descriptors.digest(text),
            relations=Relations(parent=each.parent),
        )
        for each, text in zip(made, texts, strict=True)
    ]
    mechanisms = [
        JointMembers(id=each.id, name=each.name, members=list(each.members))
        for scene in layout.scenes for each in scene.mechanisms
    ]  # fmt: skip
    part = Part(serial=now, issued_at=now, expires_at=now + VALID_SECONDS, entries=entries, mechanisms=mechanisms)
    charter = Charter(
        serial=1,
        issued_at=now,
        expires_at=now + directory_parts.CHARTER_LIVES,
        registrars=[Registrar(name="演示登记处", key=descriptors.root_of(registrar), prefixes=[""])],
    )
    text = directory_parts.joined(
        directory_parts.signed_charter(charter, root), [directory_parts.signed_part(part, registrar)], texts
    )
    for place in layout.places:
        _write_settings(layout, place)
    _write_gateway(layout)
    for folder in (layout.trust, layout.gateway, *(layout.committee(place.id) for place in layout.places)):
        (folder / "directory.jws").write_text(text, encoding="utf-8")  # each keeps a copy of its own


def _committee(layout: Layout, place: Place, now: int) -> Descriptor:
    """The committee as its own keys and address make it; its keys are made on the first run."""
    keys = [
        descriptors.public_key(jwk, use, now - 60, now + descriptors.KEY_LIVES)
        for use, jwks in keys_in(layout.committee(place.id) / "keys").public().items() for jwk in jwks
    ]  # fmt: skip
    return Descriptor(
        id=place.id, seq=now, issued_at=now, name=place.name, short_name=place.short_name, level=place.level,
        parent=place.parent, keys=keys, login_url=f"{layout.url(place.id)}/gateway-sign-in",
        contact=f"{place.short_name}政协办公室（演示）", root=descriptors.root_of(_root(layout.committee(place.id))),
    )  # fmt: skip


def _root(folder: Path) -> ECKey:
    return _key(folder / "root.jwk")


def _key(file: Path) -> ECKey:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        key = jose.new_key()
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "wb") as writing:
            writing.write(msgspec.json.encode({**key.as_dict(private=True), "kid": key.kid}))
    return jose.read_key(file.read_bytes())


def _write_settings(layout: Layout, place: Place) -> None:
    folder = layout.committee(place.id)
    shares = ["PARENT"] if place.parent else []
    shares += [
        f"MECHANISM:{each.id}" for scene in layout.scenes for each in scene.mechanisms if place.id in each.members
    ]
    told = {
        "committee": place.id, "database": f"sqlite:///{layout.database(place.id)}",
        "http_port": layout.ports.committees[place.id], "public_url": layout.url(place.id), "hub": layout.hub_url,
        "creds": str(layout.credentials / f"{place.id}.creds"), "directory": str(folder / "directory.jws"),
        "root": str(layout.root), "keys": str(folder / "keys"), "demo": True, "share_values": shares,
    }  # fmt: skip
    _toml(folder / "tenant.toml", told)


def _write_gateway(layout: Layout) -> None:
    told = {
        "id": GATEWAY, "hub": layout.hub_url, "credentials": str(layout.credentials / f"{GATEWAY}.creds"),
        "key": str(layout.gateway / "request.jwk"), "directory": str(layout.gateway / "directory.jws"),
        "root": str(layout.root), "port": layout.ports.gateway, "secure_cookies": False,
        "home": layout.places[0].id, "home_url": layout.url(layout.places[0].id),
        "shows_schema": True, "metrics": True, "title": "政协联动驾驶舱（演示）",
        "tiles": {place.id: [place.row + 1, place.column + 1] for place in layout.places if place.parent},
    }  # fmt: skip
    _toml(layout.gateway / "gateway.toml", told)


def _toml(file: Path, told: dict[str, object]) -> None:
    """A flat settings file, readable as it stands: JSON's strings, numbers and lists are TOML's as well."""
    file.parent.mkdir(parents=True, exist_ok=True)
    lines, tables = [], []
    for name, value in told.items():
        if isinstance(value, dict):
            tables += [f"\n[{name}]", *(f'"{key}" = {_said(each)}' for key, each in value.items())]
        else:
            lines.append(f"{name} = {_said(value)}")
    file.write_text("\n".join([*lines, *tables]) + "\n", encoding="utf-8")


def _said(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
