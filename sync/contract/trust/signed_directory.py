"""What a signed directory says, checked once: signatures, who may define what, and that nothing in it goes back.

Untrusted, and refused whole, so that the last good one stays in force:
    charter not signed by the root · a part signed by nobody in the charter, or missing · anything older than what is in
    force · a party whose root key is another than before (swapped) · a descriptor that is older than before, differs
    under the same `seq`, is missing, or is not signed by the root that the registrar names · somebody who was
    listed and is not any more

Void, with an alarm, so that one registrar's fault is not everybody's:
    an id that two registrars define · an id that its registrar may not define · a parent of whom only one side knows ·
    a mechanism that the registrar of its owner does not name
"""

from collections.abc import Iterator

from joserfc.jwk import ECKey

from sync.contract import jose
from sync.contract.ids import owner_of
from sync.contract.trust import descriptors
from sync.contract.trust.directory import Contents, Directory, DirectoryAlarm, Listed, ListedMechanism
from sync.contract.trust.directory_parts import (
    CHARTER_WEIGHT,
    Charter,
    Entry,
    Part,
    Registrar,
    read_charter,
    read_part,
    taken_apart,
)

Said = tuple[Registrar, Part]


def read(text: str, root: ECKey, before: Directory | None = None) -> Directory:
    """The directory in `text`. Costs what changed since a directory that this process read earlier.

    `root`: the public key that everybody is configured with; `before`: the directory in force, if there is one.

    Raises:
        jose.Untrusted: see above.
    """
    charter_text, part_texts, texts = taken_apart(text)
    charter = read_charter(charter_text, root)
    parts = list(_parts(charter, part_texts))
    serials = {kid: part.serial for kid, (_, part) in parts}
    _refuse_older(charter, serials, before)
    said = [each for _, each in parts]
    alarms = list(_misplaced(said))
    void = {each.id for each in alarms}
    twice = {each.id for each in alarms if each.code == "DEFINED_TWICE"}
    entries = []
    for registrar, part in said:
        until = min(part.expires_at, charter.expires_at)
        for entry in part.entries:
            if entry.id not in twice and registrar.may_define(entry.id):
                listed = _listed(entry, texts, until, before)
                if listed.parent != entry.relations.parent:
                    told = DirectoryAlarm(code="PARENT_DISPUTED", id=entry.id, registrars=[registrar.name])
                    alarms.append(told)
                entries.append(listed)
    _refuse_lost(entries, void, before)
    mechanisms = list(_mechanisms(said, alarms))
    contents = Contents(
        serial=charter.serial * CHARTER_WEIGHT + sum(serials.values()),
        issued_at=max((part.issued_at for _, part in said), default=charter.issued_at),
        expires_at=min([charter.expires_at, *(part.expires_at for _, part in said)]),
        entries=entries, mechanisms=mechanisms, charter=charter.serial, parts=serials, alarms=alarms,
    )  # fmt: skip
    return Directory(contents)


def _parts(charter: Charter, texts: list[str]) -> Iterator[tuple[str, Said]]:
    """Thumbprint of each registrar's key, with what it says.

    Raises:
        jose.Untrusted: somebody speaks who is no registrar, or one of them twice.
    """
    known = {descriptors.thumbprint(each.key): each for each in charter.registrars}
    for text in texts:
        _, kid = jose.type_and_signer(text)
        if not isinstance(kid, str) or kid not in known:
            raise jose.Untrusted("a part of somebody who is no registrar, or speaks twice")
        registrar = known.pop(kid)
        yield kid, (registrar, read_part(text, descriptors.key_of(registrar.key)))


def _refuse_older(charter: Charter, serials: dict[str, int], before: Directory | None) -> None:
    """Raises: jose.Untrusted."""
    if before is None:
        return
    was = before.contents
    if charter.serial < was.charter:
        raise jose.Untrusted("an older charter")
    registrars = {descriptors.thumbprint(each.key) for each in charter.registrars}
    for kid, serial in was.parts.items():
        if kid in registrars and serials.get(kid, -1) < serial:
            raise jose.Untrusted("an older directory" if kid in serials else "a registrar's part is missing")


def _refuse_lost(entries: list[Listed], void: set[str], before: Directory | None) -> None:
    """Whoever was closed stays listed as closed: an id is never free for another root key. Whoever takes over the ids
    of a registrar lists them on.

    Raises:
        jose.Untrusted: somebody who was listed is not, and is not void either.
    """
    there = {each.id for each in entries} | void
    for id, was in before.entries.items() if before else ():
        if was.root and id not in there:
            raise jose.Untrusted(f"{id} was listed, and is not any more")


def _misplaced(said: list[Said]) -> Iterator[DirectoryAlarm]:
    defined: dict[str, list[str]] = {}
    for registrar, part in said:
        for entry in part.entries:
            if registrar.may_define(entry.id):
                defined.setdefault(entry.id, []).append(registrar.name)
            else:
                yield DirectoryAlarm(code="OUTSIDE_PREFIX", id=entry.id, registrars=[registrar.name])
    for id, names in defined.items():
        if len(names) > 1:
            yield DirectoryAlarm(code="DEFINED_TWICE", id=id, registrars=names)


def _listed(entry: Entry, texts: dict[str, str], until: int, before: Directory | None) -> Listed:
    """Raises: jose.Untrusted."""
    if entry.descriptor not in texts:
        raise jose.Untrusted(f"the descriptor of {entry.id} is missing")
    told, root = descriptors.read(texts[entry.descriptor])
    if told.id != entry.id or root != entry.root:
        raise jose.Untrusted(f"the descriptor of {entry.id} is not its own")
    was = before.entries.get(entry.id) if before else None
    if was and was.root:
        if was.root != root:
            raise jose.Untrusted(f"the root key of {entry.id} was swapped")
        if told.seq < was.seq or (told.seq == was.seq and entry.descriptor != was.descriptor):
            raise jose.Untrusted(f"an older descriptor of {entry.id}")
    above = entry.relations.parent
    return Listed(
        id=entry.id, kind=told.kind, name=told.name, short_name=told.short_name, level=told.level,
        parent=above if above == told.parent else None, state=entry.state, keys=descriptors.jwks(told.keys),
        nats_account=told.nats_account, login_url=told.login_url, contact=told.contact, nbf_tokens=entry.nbf_tokens,
        current_code=entry.relations.current_code, successor=entry.relations.successor, root=root, seq=told.seq,
        descriptor=entry.descriptor, expires_at=until,
    )  # fmt: skip


def _mechanisms(said: list[Said], alarms: list[DirectoryAlarm]) -> Iterator[ListedMechanism]:
    """Each registrar's word about its own committees, put together under the id that the owner's registrar names."""
    names: dict[str, str] = {}
    members: dict[str, list[str]] = {}
    speakers: dict[str, list[str]] = {}
    for registrar, part in said:
        for each in part.mechanisms:
            if registrar.may_define(owner_of(each.id)):
                names.setdefault(each.id, each.name)
            members.setdefault(each.id, []).extend(id for id in each.members if registrar.may_define(id))
            speakers.setdefault(each.id, []).append(registrar.name)
    for id, found in members.items():
        if id in names:
            yield ListedMechanism(id=id, name=names[id], members=list(dict.fromkeys(found)))
        else:
            alarms.append(DirectoryAlarm(code="MECHANISM_UNKNOWN", id=id, registrars=speakers[id]))
