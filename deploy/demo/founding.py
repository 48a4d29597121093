"""Founds the demo's federation as people would: a registrar, who invites each party; the party's answer; two approvals;
and a settings file for each service.
"""

import json
import secrets
import time
from collections.abc import Iterable
from pathlib import Path

from joserfc.jwk import ECKey

from deploy.demo.layout import Layout
from deploy.demo.scenes import GATEWAY, Place
from sync.contract import jose
from sync.contract.levels import Level
from sync.contract.trust import admission, descriptors
from sync.edge.key_files import key_in
from sync.registrar import candidate, service
from sync.registrar.acts import Joined, Resumed, Suspended
from sync.registrar.candidate import Particulars, Wording
from sync.registrar.office import Office
from sync.registrar.register import Party, Stage
from tenant_service.identity.keys import keys_in

REGISTRAR, CONTACT = "演示登记员", "演示联系人"
"""Who approves, here and there."""


def found(layout: Layout) -> None:
    """Every key, the directory and every settings file are there. What is there already stays, and is renewed."""
    office = office_of(layout)
    if not office.ledger.lines():
        layout.directory.unlink(missing_ok=True)  # of a release that had no ledger
    office.found("演示登记处", [""])
    with office.together():
        for place in layout.places:
            _listed(office, _committee(layout, place), _wording(place), place.level, layout.committee(place.id))
        _listed(office, _gateway(layout), Wording(name="杭州市政协联动网关"), Level.COUNTY, layout.gateway)
        _leave(office, [GATEWAY, *(place.id for place in layout.places)])
        for mechanism in (each for scene in layout.scenes for each in scene.mechanisms):
            joined = Joined(id=mechanism.id, name=mechanism.name, members=list(mechanism.members))
            known = office.register()[0].mechanisms.get(joined.id)
            if known is None or known.members != joined.members:
                office.act(joined, REGISTRAR)
    text = layout.directory.read_text(encoding="utf-8")
    for place in layout.places:
        _write_settings(layout, place)
    _write_gateway(layout)
    for folder in (layout.gateway, *(layout.committee(place.id) for place in layout.places)):
        (folder / "directory.jws").write_text(text, encoding="utf-8")  # each keeps a copy of its own


def office_of(layout: Layout) -> Office:
    return Office(layout.trust, layout.directory, lambda: int(time.time()))


def _listed(office: Office, of: Particulars, wording: Wording, level: Level, folder: Path) -> None:
    """The party is active, by its keys and addresses of today. Its root key and its descriptor lie in its folder."""
    root, text, now = key_in(folder / "root.jwk"), folder / "descriptor.jws", int(time.time())
    known = office.register()[0].parties.get(of.id)
    if known is None or known.stage in (Stage.INVITED, Stage.PENDING):
        asked = service.invite(
            office, of.id, REGISTRAR, secrets.token_urlsafe(18), now, kind=of.kind, level=level, parent=wording.parent
        )  # fmt: skip
        invite = admission.read_invite(asked)
        held = candidate.particulars(of, invite, _private(folder))
        made = candidate.first(held, invite, wording, root, now)
        party = service.receive(office, candidate.answer(held, invite, made, root), REGISTRAR)
        fingerprint = descriptors.fingerprint(made)
        service.approve_here(office, of.id, fingerprint, REGISTRAR)
        service.approve_there(office, candidate.approval(made, fingerprint, CONTACT, root, now), REGISTRAR)
        text.write_text(party.descriptor, encoding="utf-8")
        return
    _renewed(office, of, wording, known, folder)


def _renewed(office: Office, of: Particulars, wording: Wording, known: Party, folder: Path) -> None:
    root, now = key_in(folder / "root.jwk"), int(time.time())
    newer = candidate.renewed(of, known.descriptor, wording, root, now)
    if newer is not None:
        service.rotate(office, newer, REGISTRAR, wording.parent)
        (folder / "descriptor.jws").write_text(newer, encoding="utf-8")
    if known.stage is Stage.SUSPENDED:
        office.act(Resumed(id=of.id, why="又在演示之列"), REGISTRAR)


def _leave(office: Office, present: Iterable[str]) -> None:
    """Whoever is of another scene that ran in this folder before is not there now."""
    for party in office.register()[0].parties.values():
        if party.stage is Stage.ACTIVE and party.id not in present:
            office.act(Suspended(id=party.id, why="不在此次演示之列"), REGISTRAR)


def _committee(layout: Layout, place: Place) -> Particulars:
    """The committee as its own keys and address make it; its keys are made on the first run."""
    keys = keys_in(layout.committee(place.id) / "keys").public()
    return Particulars(id=place.id, keys=keys, login_url=f"{layout.url(place.id)}/gateway-sign-in")


def _wording(place: Place) -> Wording:
    contact = f"{place.short_name}政协办公室（演示）"
    return Wording(name=place.name, short_name=place.short_name, contact=contact, parent=place.parent)


def _gateway(layout: Layout) -> Particulars:
    request = key_in(layout.gateway / "request.jwk")
    return Particulars(
        id=GATEWAY, kind="gateway", keys={"request": [jose.public(request)]},
        login_url=f"{layout.gateway_url}/signed-in",
    )  # fmt: skip


def _private(folder: Path) -> Iterable[ECKey]:
    """Every key that the party of this folder uses."""
    if (folder / "request.jwk").exists():
        return [key_in(folder / "request.jwk")]
    return keys_in(folder / "keys").all()


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
        "sms": {"url": "log:"},
        "desk_address": f"{place.short_name}人民路1号政协办公楼一楼", "desk_phone": "0571-12345000",
        "desk_hours": "工作日 9:00–11:30，14:00–17:00",
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
