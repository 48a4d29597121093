"""Signed directories of any contents, as one registrar who may define everybody would sign them."""

from collections.abc import Callable
from functools import cache

import msgspec
from joserfc.jwk import ECKey

from sync.contract import jose
from sync.contract.shapes.committees import CommitteeState
from sync.contract.trust import descriptors, directory_parts
from sync.contract.trust.descriptors import Descriptor, PublicKey
from sync.contract.trust.directory import Contents, Listed
from sync.contract.trust.directory_parts import Charter, Entry, JointMembers, Part, Registrar, Relations

FOR_EVER = 2**40


Key = Callable[[str], ECKey]


@cache
def kept_key(of: str) -> ECKey:
    """The key of this name, in every test's federation: `root 330110`, `registrar`."""
    del of
    return jose.new_key()


def signed(contents: Contents, root: ECKey, key: Key = kept_key) -> str:
    """The directory that reads as `contents`, its serial included."""
    registrar = key("registrar")
    charter = Charter(
        serial=contents.charter, issued_at=0, expires_at=FOR_EVER,
        registrars=[Registrar(name="登记处", key=descriptors.root_of(registrar), prefixes=[""])],
    )  # fmt: skip
    told = [descriptor_of(each, each.seq or contents.serial, key) for each in contents.entries]
    part = Part(
        serial=contents.serial, issued_at=contents.issued_at, expires_at=contents.expires_at,
        entries=[entry_of(each, text, key) for each, text in zip(contents.entries, told, strict=True)],
        mechanisms=[JointMembers(id=each.id, name=each.name, members=each.members) for each in contents.mechanisms],
    )  # fmt: skip
    charter_text = directory_parts.signed_charter(charter, root)
    return directory_parts.joined(charter_text, [directory_parts.signed_part(part, registrar)], told)


def entry_of(listed: Listed, descriptor: str, key: Key = kept_key) -> Entry:
    return Entry(
        id=listed.id, state=listed.state, root=jose.thumbprint(key(f"root {listed.id}")), nbf_tokens=listed.nbf_tokens,
        descriptor=descriptors.digest(descriptor),
        relations=Relations(parent=listed.parent, successor=listed.successor, current_code=listed.current_code),
    )  # fmt: skip


def descriptor_of(listed: Listed, seq: int, key: Key = kept_key) -> str:
    """What the party says of itself; where it stands in the directory is not in it."""
    said = msgspec.structs.replace(
        listed, seq=seq, state=CommitteeState.ACTIVE, successor=None, nbf_tokens=0, current_code=""
    )
    return _described(msgspec.json.encode(said), key)


@cache
def _described(listed: bytes, key: Key) -> str:
    """Made once: two descriptors of one party with the same `seq` are the same text."""
    told = msgspec.json.decode(listed, type=Listed)
    keys = [
        PublicKey(use=use, x=jwk["x"], y=jwk["y"], nbf=jwk.get("nbf", 0), exp=jwk.get("exp", FOR_EVER))
        for use, jwks in told.keys.items() for jwk in jwks
    ]  # fmt: skip
    root = key(f"root {told.id}")
    made = Descriptor(
        id=told.id, seq=told.seq, issued_at=0, kind=told.kind, name=told.name, short_name=told.short_name,
        level=told.level, parent=told.parent, keys=keys, nats_account=told.nats_account, login_url=told.login_url,
        contact=told.contact, root=descriptors.root_of(root),
    )  # fmt: skip
    return descriptors.signed(made, root)
