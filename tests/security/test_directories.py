"""A directory that is bad is not taken: the one in force stays, in memory and on disk, and people are told.

The hub itself hands it out, so whoever rules the hub is the attacker.
"""

from collections.abc import Callable

import msgspec
import pytest
from joserfc.jwk import ECKey

from sync.contract import jose
from sync.contract.trust import descriptors, directory_parts
from sync.contract.trust.directory import Contents
from sync.contract.trust.directory_parts import Charter, Entry, Part, Registrar, Relations
from tests.directories import FOR_EVER, descriptor_of, entry_of, kept_key, signed
from tests.security.scene import GATEWAY, HOME, NEIGHBOUR, Scene, code, look
from tests.security.table import Attack, Door, tries
from tests.security.unchanged import tables

pytestmark = [pytest.mark.federation, pytest.mark.asyncio(loop_scope="module")]
D = Door.DIRECTORY
TOLD = "alarm"
"""The table of alarms: that a directory was refused is told to people."""


def next_contents(scene: Scene) -> Contents:
    """A directory that would be good, signed by whoever may."""
    now = scene.hub.contents
    return msgspec.structs.replace(now, serial=now.serial + 1, issued_at=now.issued_at + 1)


def good(scene: Scene) -> tuple[str, list[str], list[str]]:
    """Charter, part, descriptors."""
    charter, parts, texts = directory_parts.taken_apart(signed(next_contents(scene), scene.hub.root))
    return charter, parts, list(texts.values())


def _under_its_name(stranger: ECKey, whose: ECKey) -> ECKey:
    """A stranger's key that calls itself by another's name."""
    return ECKey.import_key({**stranger.as_dict(private=True), "kid": str(whose.kid)})


def _by_another_root(scene: Scene) -> str:
    return signed(next_contents(scene), jose.new_key())


def _by_who_calls_itself_root(scene: Scene) -> str:
    return signed(next_contents(scene), _under_its_name(jose.new_key(), scene.hub.root))


def _part_by_a_stranger(scene: Scene) -> str:
    charter, [part], texts = good(scene)
    return directory_parts.joined(
        charter, [jose.sign(directory_parts.PART, jose.payload_of(part), jose.new_key())], texts
    )


def _part_under_the_registrars_name(scene: Scene) -> str:
    charter, [part], texts = good(scene)
    forger = _under_its_name(jose.new_key(), kept_key("registrar"))
    return directory_parts.joined(charter, [jose.sign(directory_parts.PART, jose.payload_of(part), forger)], texts)


def _with_a_stolen_registrars_key(scene: Scene) -> str:
    """The registrar's key does not give anybody other keys: these are signed by the committee's own root."""
    thief = jose.new_key()

    def key(of: str) -> ECKey:
        return thief if of == f"root {HOME}" else kept_key(of)

    return signed(next_contents(scene), scene.hub.root, key)


def _of_another_federation(scene: Scene) -> str:
    return signed(next_contents(scene), kept_key("another root"), lambda of: kept_key(f"another {of}"))


def _with_a_byte_changed(scene: Scene) -> str:
    charter, [part], texts = good(scene)
    head, _, last = part.split(".")
    said = jose.payload_of(part).replace(b'"nbf_tokens":0', b'"nbf_tokens":9', 1)
    assert said != jose.payload_of(part)
    return directory_parts.joined(charter, [f"{head}.{jose._base64(said).decode()}.{last}"], texts)


def _without_a_descriptor(scene: Scene) -> str:
    charter, parts, texts = good(scene)
    return directory_parts.joined(charter, parts, texts[1:])


def _by_a_registrar_that_was_struck_off(scene: Scene) -> str:
    """A newer charter names another registrar; the old one still signs."""
    _, parts, texts = good(scene)
    return directory_parts.joined(_charter(scene, {"新登记处": ("new registrar", [""])}), parts, texts)


def _without_who_was_listed(scene: Scene) -> str:
    contents = next_contents(scene)
    return signed(
        msgspec.structs.replace(contents, entries=[each for each in contents.entries if each.id != NEIGHBOUR]),
        scene.hub.root,
    )


def _an_older_part_under_a_newer_charter(scene: Scene) -> str:
    was = scene.hub.contents
    return signed(msgspec.structs.replace(was, charter=5, serial=was.serial - 1), scene.hub.root)


def _an_older_descriptor(scene: Scene) -> str:
    contents = next_contents(scene)
    entries = [msgspec.structs.replace(each, seq=1) if each.id == HOME else each for each in contents.entries]
    return signed(msgspec.structs.replace(contents, entries=entries), scene.hub.root)


def _with_anothers_descriptor(scene: Scene) -> str:
    """HOME's entry names NEIGHBOUR's descriptor and root."""
    contents = next_contents(scene)
    listed = {each.id: each for each in contents.entries}
    told = {id: descriptor_of(each, contents.serial) for id, each in listed.items()}
    entries = [entry_of(each, told[each.id]) for each in contents.entries]
    theirs = next(each for each in entries if each.id == NEIGHBOUR)
    entries = [
        msgspec.structs.replace(each, descriptor=theirs.descriptor, root=theirs.root) if each.id == HOME else each
        for each in entries
    ]
    return _joined(scene, contents, entries, list(told.values()))


def _joined(scene: Scene, contents: Contents, entries: list[Entry], texts: list[str]) -> str:
    part = Part(serial=contents.serial, issued_at=contents.issued_at, expires_at=FOR_EVER, entries=entries)
    charter, _, _ = good(scene)
    return directory_parts.joined(charter, [directory_parts.signed_part(part, kept_key("registrar"))], texts)


def _charter(scene: Scene, registrars: dict[str, tuple[str, list[str]]]) -> str:
    """A newer one. Name → whose key, and which ids it may define."""
    told = [
        Registrar(name=name, key=descriptors.root_of(kept_key(key)), prefixes=prefixes)
        for name, (key, prefixes) in registrars.items()
    ]
    made = Charter(serial=scene.hub.contents.charter + 1, issued_at=1, expires_at=FOR_EVER, registrars=told)
    return directory_parts.signed_charter(made, scene.hub.root)


Make = Callable[[Scene], str]
BAD: list[tuple[str, Attack, Make]] = [
    ("signed by another root", Attack.FORGED, _by_another_root),
    ("signed by somebody under the root's name", Attack.FORGED, _by_who_calls_itself_root),
    ("with a part that no registrar signed", Attack.FORGED, _part_by_a_stranger),
    ("with a part signed by somebody under the registrar's name", Attack.FORGED, _part_under_the_registrars_name),
    ("giving a committee another root key, by the registrar's stolen key", Attack.STOLEN,
     _with_a_stolen_registrars_key),
    ("of another federation", Attack.WRONG_AUDIENCE, _of_another_federation),
    ("with a byte changed", Attack.CHANGED_BODY, _with_a_byte_changed),
    ("without a descriptor that it names", Attack.CHANGED_BODY, _without_a_descriptor),
    ("signed by a registrar that was struck off the charter", Attack.SUSPENDED, _by_a_registrar_that_was_struck_off),
    ("without somebody who was listed", Attack.ROLLED_BACK, _without_who_was_listed),
    ("with an older part under a newer charter", Attack.ROLLED_BACK, _an_older_part_under_a_newer_charter),
    ("with an older descriptor", Attack.ROLLED_BACK, _an_older_descriptor),
    ("with another committee's descriptor in an entry", Attack.ANOTHERS, _with_anothers_descriptor),
]  # fmt: skip


@pytest.mark.parametrize("make", [pytest.param(make, id=name, marks=tries(D, attack)) for name, attack, make in BAD])
async def test_a_directory_is_refused_and_told_of_that_is(scene: Scene, make: Make) -> None:
    await scene.learn()
    await refused(scene, make(scene))


@tries(D, Attack.ROLLED_BACK)
async def test_an_older_directory_is_refused_and_told_of(scene: Scene) -> None:
    older = scene.hub.text
    await scene.learn()
    await refused(scene, older)


async def refused(scene: Scene, text: str) -> None:
    """By everybody: nothing is different besides an alarm for people."""
    home = scene.committees[HOME]
    in_force = {id: now() for id, (_, now, _) in scene.followers.items()}
    files = {file: file.read_bytes() for file in scene.folder.glob("*-directory.jws")}
    told = len(_alarms(scene))
    async with scene.nothing_changes(besides=[TOLD]):
        await scene.hand_out(text)
        await scene.hand_out(text)
    assert {id: now() for id, (_, now, _) in scene.followers.items()} == in_force, "the very same"
    assert {file: file.read_bytes() for file in scene.folder.glob("*-directory.jws")} == files
    new = _alarms(scene)[told:]
    assert ["DIRECTORY_REFUSED" in each for each in new] in ([True], []), "once, or in the one that is open already"
    assert "DIRECTORY_REFUSED" in str(_alarms(scene))
    body = look()
    assert code(await scene.ask(body, scene.proven(body, scene.bound()))) == "", "and everybody works on"
    assert home.trust.directory is in_force[HOME]


def _alarms(scene: Scene) -> list[str]:
    return tables(scene.committees[HOME].domain.engine)[TOLD]


@tries(D, Attack.REPLAYED)
async def test_the_same_directory_once_more_changes_nothing(scene: Scene) -> None:
    in_force = {id: now() for id, (_, now, _) in scene.followers.items()}
    async with scene.nothing_changes():
        for _ in range(3):
            await scene.hand_out(scene.hub.text)
    assert {id: now() for id, (_, now, _) in scene.followers.items()} == in_force


@tries(D, Attack.EXPIRED)
async def test_with_a_directory_that_has_expired_nobody_from_elsewhere_is_answered(scene: Scene) -> None:
    """It may be the newest there is, so it is taken; its own people are still answered."""
    now = scene.claims().iat
    scene.is_changed = True
    scene.hub.contents = msgspec.structs.replace(next_contents(scene), expires_at=now - 1)
    scene.serial = scene.hub.contents.serial
    async with scene.nothing_changes():
        await scene.hand_out(scene.hub.text)
        body = b'{"query":"{ venues(first: 1) { totalCount } }"}'
        foreign = scene.bound(iss=NEIGHBOUR, sub=scene.account(at=NEIGHBOUR).id)
        assert code(await scene.ask(body, scene.proven(body, foreign))) == "DIRECTORY_EXPIRED"
        assert code(await scene.ask(body, scene.proven(body, ""))) == "DIRECTORY_EXPIRED"
        bearer = scene.token(iss=NEIGHBOUR, sub=scene.account(at=NEIGHBOUR).id, aud=[HOME])
        assert code((await scene.post(HOME, body, authorization=f"Bearer {bearer}")).content) == "DIRECTORY_EXPIRED"
        assert code(await scene.ask(look(), scene.proven(look(), scene.bound()))) == ""
    assert (await scene.get(GATEWAY, "/readyz")).status_code == 503


@tries(D, Attack.ANOTHERS)
async def test_a_registrar_takes_no_committee_from_another(scene: Scene) -> None:
    """A second registrar, of another province, defines HOME with keys of its own: void, and told of."""
    contents = next_contents(scene)
    thief = {each.id: each for each in contents.entries}[HOME]
    taken = descriptor_of(thief, contents.serial, _thief)
    entry = Entry(
        id=HOME, state=thief.state, root=jose.thumbprint(_thief(f"root {HOME}")),
        descriptor=descriptors.digest(taken), relations=Relations(parent=thief.parent), nbf_tokens=0,
    )  # fmt: skip
    theirs = Part(serial=1, issued_at=1, expires_at=FOR_EVER, entries=[entry])
    _, parts, texts = good(scene)
    charter = _charter(scene, {"登记处": ("registrar", ["33", "gateway-"]), "外省": ("other registrar", ["31"])})
    text = directory_parts.joined(
        charter, [*parts, directory_parts.signed_part(theirs, kept_key("other registrar"))], [*texts, taken]
    )
    root = scene.committees[HOME].trust.directory.entries[HOME].root
    async with scene.nothing_changes(besides=[TOLD]):
        await scene.hand_out(text)
    now = scene.committees[HOME].trust.directory
    assert [(each.code, each.id) for each in now.contents.alarms] == [("OUTSIDE_PREFIX", HOME)]
    assert now.entries[HOME].root == root
    assert code(await scene.ask(look(), scene.proven(look(), scene.bound()))) == ""


def _thief(of: str) -> ECKey:
    return kept_key(f"thief's {of}")
