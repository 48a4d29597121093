"""A directory counts when everything in it goes back to the root, and nothing in it goes back."""

import time
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from joserfc.jwk import ECKey

from sync.contract import jose
from sync.contract.levels import Level
from sync.contract.shapes.committees import CommitteeState
from sync.contract.trust import descriptors, directory_parts, signed_directory
from sync.contract.trust.descriptors import Descriptor
from sync.contract.trust.directory import Contents, Directory, Listed, ListedMechanism
from sync.contract.trust.directory_parts import Charter, Entry, JointMembers, Part, Registrar, Relations
from tests.directories import FOR_EVER, descriptor_of, entry_of, kept_key, signed
from tests.sync import nations

ROOT, CITY_OFFICE, DELTA_OFFICE = jose.new_key(), jose.new_key(), jose.new_key()
CITY, COUNTY, SISTER, PARTNER = "330100", "330110", "330102", "310118"
JOINT = f"{COUNTY}.mechanism.{1:032x}"
EVENT = jose.new_key()


def listed(id: str, **about: Any) -> Listed:
    keys: Any = {"event": [jose.public(EVENT)]}
    return Listed(**({"id": id, "name": id, "parent": CITY if id in (COUNTY, SISTER) else None, "keys": keys} | about))


class Federation:
    """Two registrars: one of Hangzhou, one of Qingpu. What is changed here is signed anew."""

    def __init__(self) -> None:
        self.root: ECKey = ROOT
        self.offices = {"杭州": CITY_OFFICE, "青浦": DELTA_OFFICE}
        self.prefixes = {"杭州": ["3301"], "青浦": ["310118"]}
        self.charter_ends = FOR_EVER
        self.charter, self.serials = 1, {"杭州": 1, "青浦": 1}
        self.ends = {"杭州": FOR_EVER, "青浦": FOR_EVER}
        hangzhou = [listed(CITY, level=Level.CITY), listed(COUNTY), listed(SISTER)]
        self.said = {"杭州": hangzhou, "青浦": [listed(PARTNER)]}
        self.mechanisms: dict[str, list[JointMembers]] = {"杭州": [], "青浦": []}
        self.silent: set[str] = set()
        self.seq = 1
        self.replaced: dict[str, tuple[Entry, str]] = {}
        """Id → entry and descriptor that stand in the directory instead of what `said` would give."""

    def text(self) -> str:
        registrars = [
            Registrar(name=name, key=descriptors.root_of(key), prefixes=self.prefixes[name])
            for name, key in self.offices.items()
        ]
        charter = Charter(
            serial=self.charter, issued_at=0, expires_at=self.charter_ends, registrars=registrars
        )  # fmt: skip
        parts, told = [], []
        for name, key in self.offices.items():
            found = [self._entry(each) for each in self.said[name]]
            told += [text for _, text in found]
            part = Part(
                serial=self.serials[name], issued_at=0, expires_at=self.ends[name],
                entries=[entry for entry, _ in found], mechanisms=self.mechanisms[name],
            )  # fmt: skip
            if name not in self.silent:
                parts.append(directory_parts.signed_part(part, key))
        return directory_parts.joined(directory_parts.signed_charter(charter, self.root), parts, told)

    def _entry(self, each: Listed) -> tuple[Entry, str]:
        if each.id in self.replaced:
            return self.replaced[each.id]
        text = descriptor_of(each, each.seq or self.seq)
        return entry_of(each, text), text

    def read(self, before: Directory | None = None) -> Directory:
        return signed_directory.read(self.text(), ROOT, before)


@pytest.fixture
def federation() -> Federation:
    return Federation()


def refused(federation: Federation, before: Directory | None = None) -> str:
    """Why; nothing else is known of it then."""
    with pytest.raises(jose.Untrusted) as found:
        federation.read(before)
    return str(found.value)


def alarms(directory: Directory) -> dict[str, str]:
    return {each.id: each.code for each in directory.contents.alarms}


def test_everybody_whom_a_registrar_lists_is_read_with_the_keys_it_gave_itself(federation: Federation) -> None:
    found = federation.read()
    assert list(found.committees) == [CITY, COUNTY, SISTER, PARTNER]
    assert found.keys(COUNTY, "event")[0].thumbprint() == EVENT.thumbprint()
    assert found.parent(COUNTY) == CITY
    assert not found.contents.alarms


# ── who signed it ──


def test_a_swapped_root_of_the_federation_is_refused(federation: Federation) -> None:
    federation.root = jose.new_key()
    assert refused(federation)


def test_a_part_that_no_registrar_of_the_charter_signed_is_refused(federation: Federation) -> None:
    text = federation.text()
    federation.offices["青浦"] = jose.new_key()
    charter, *rest = text.splitlines()
    with pytest.raises(jose.Untrusted):
        signed_directory.read("\n".join([charter, *federation.text().splitlines()[1:]]), ROOT)
    assert signed_directory.read("\n".join([charter, *rest]), ROOT).is_active(PARTNER)


def test_a_registrar_speaks_once(federation: Federation) -> None:
    charter, one, *rest = federation.text().splitlines()
    with pytest.raises(jose.Untrusted, match="twice"):
        signed_directory.read("\n".join([charter, one, one, *rest]), ROOT)


@pytest.mark.parametrize("line", [0, 1, 2, 3], ids=["charter", "part", "other part", "descriptor"])
def test_a_forged_line_is_refused(federation: Federation, line: int) -> None:
    lines = federation.text().splitlines()
    header, payload, signature = lines[line].split(".")
    other = "A" if payload[20] != "A" else "B"
    lines[line] = f"{header}.{payload[:20]}{other}{payload[21:]}.{signature}"
    with pytest.raises(jose.Untrusted):
        signed_directory.read("\n".join(lines), ROOT)


def test_a_registrar_cannot_give_a_committee_other_keys(federation: Federation) -> None:
    """It signs what a stranger's key says in the committee's name."""
    thief = jose.new_key()
    made = Descriptor(
        id=COUNTY, seq=9, issued_at=0, name="冒充", root=descriptors.root_of(thief),
        keys=[descriptors.public_key(jose.public(thief), "event", 0, FOR_EVER)],
    )  # fmt: skip
    text = descriptors.signed(made, thief)
    entry = entry_of(listed(COUNTY), text)
    federation.replaced[COUNTY] = entry, text
    assert "not its own" in refused(federation)
    federation.replaced[COUNTY] = msgspec.structs.replace(entry, root=jose.thumbprint(thief)), text
    before = Federation().read()
    federation.serials["杭州"] = 2
    assert "swapped" in refused(federation, before)


def test_a_registrar_cannot_give_a_committee_other_keys_under_its_own_root_either(federation: Federation) -> None:
    """The committee's root is named, entry and digest fit; only the signature is the registrar's."""
    thief = jose.new_key()
    made = Descriptor(
        id=COUNTY, seq=9, issued_at=0, name="冒充", root=descriptors.root_of(kept_key(f"root {COUNTY}")),
        keys=[descriptors.public_key(jose.public(thief), "event", 0, FOR_EVER)],
    )  # fmt: skip
    text = descriptors.signed(made, CITY_OFFICE)
    federation.replaced[COUNTY] = entry_of(listed(COUNTY), text), text
    assert refused(federation)


def test_a_descriptor_that_is_not_there_is_not_passed_over(federation: Federation) -> None:
    charter, one, other, *told = federation.text().splitlines()
    with pytest.raises(jose.Untrusted, match="missing"):
        signed_directory.read("\n".join([charter, one, other, *told[1:]]), ROOT)


def test_a_descriptor_of_somebody_else_is_refused(federation: Federation) -> None:
    text = descriptor_of(listed(SISTER), 1)
    entry = entry_of(listed(SISTER), text)
    federation.replaced[COUNTY] = msgspec.structs.replace(entry, id=COUNTY), text
    assert "not its own" in refused(federation)


@pytest.mark.parametrize("text", ["", "x", "x.y.z", "a.b\nc.d", "\n\n"])
def test_what_is_no_directory_is_refused(text: str) -> None:
    with pytest.raises(jose.Untrusted):
        signed_directory.read(text, ROOT)


@pytest.mark.parametrize("payload", [b"[" * 50_000, b'{"serial":"\xff"}', b"{}", b'{"serial":1e99}'])
def test_what_a_key_signed_is_looked_at_all_the_same(federation: Federation, payload: bytes) -> None:
    """A registrar whose machine is in other hands crashes nobody."""
    charter, _, other, *told = federation.text().splitlines()
    part = jose.sign(directory_parts.PART, payload, CITY_OFFICE)
    with pytest.raises(jose.Untrusted):
        signed_directory.read("\n".join([charter, part, other, *told]), ROOT)
    with pytest.raises(jose.Untrusted):
        descriptors.read(jose.sign(descriptors.TYPE, payload, EVENT))


# ── nothing goes back ──


@pytest.mark.parametrize("what", ["charter", "part"])
def test_a_directory_that_was_rolled_back_is_refused(federation: Federation, what: str) -> None:
    federation.charter, federation.serials["杭州"] = 2, 2
    before = federation.read()
    federation.serials["青浦"] = 7
    if what == "charter":
        federation.charter = 1
    else:
        federation.serials["杭州"] = 1
    assert "older" in refused(federation, before)


def test_a_part_that_is_left_out_is_missed(federation: Federation) -> None:
    before = federation.read()
    federation.silent.add("青浦")
    assert "missing" in refused(federation, before)


def test_an_older_descriptor_is_refused_and_so_is_another_under_the_same_number(federation: Federation) -> None:
    federation.seq = 2
    before = federation.read()
    federation.serials["杭州"] = 2
    federation.seq = 1
    assert "older descriptor" in refused(federation, before)
    federation.seq = 2
    federation.said["杭州"][1] = listed(COUNTY, contact="别处")
    assert "older descriptor" in refused(federation, before)
    federation.seq = 3
    assert federation.read(before).entries[COUNTY].contact == "别处"


def test_nobody_vanishes_whoever_is_closed_stays_listed(federation: Federation) -> None:
    before = federation.read()
    county = federation.said["杭州"].pop(1)
    federation.serials["杭州"] = 2
    assert "not any more" in refused(federation, before)
    closed = msgspec.structs.replace(county, state=CommitteeState.CLOSED, successor=SISTER)
    federation.said["杭州"].insert(1, closed)
    found = federation.read(before)
    assert found.get(COUNTY).record().successor_id == SISTER
    assert not found.keys(COUNTY, "event")
    assert COUNTY not in found.committees


def test_whoever_takes_over_a_registrars_ids_lists_them_on(federation: Federation) -> None:
    before = federation.read()
    federation.charter = 2
    del federation.offices["青浦"]
    assert "not any more" in refused(federation, before)
    federation.prefixes["杭州"].append("310118")
    federation.said["杭州"].append(listed(PARTNER))
    federation.serials["杭州"] = 2
    found = federation.read(before)
    assert PARTNER in found.committees
    assert found.serial > before.serial


# ── who may define whom ──


def test_what_a_registrar_says_of_ids_that_are_not_its_own_is_void_there(federation: Federation) -> None:
    federation.said["青浦"].append(listed("330105", parent=None))
    found = federation.read()
    assert alarms(found) == {"330105": "OUTSIDE_PREFIX"}
    assert "330105" not in found.entries


def test_a_stranger_who_defines_a_neighbours_committee_takes_nothing_from_it(federation: Federation) -> None:
    federation.said["青浦"].append(listed(COUNTY, state=CommitteeState.CLOSED))
    found = federation.read()
    assert alarms(found) == {COUNTY: "OUTSIDE_PREFIX"}
    assert found.is_active(COUNTY)


def test_an_id_that_two_registrars_define_is_void(federation: Federation) -> None:
    before = federation.read()
    federation.prefixes["青浦"].append("3301")
    federation.said["青浦"].append(listed(COUNTY))
    federation.charter = 2
    found = federation.read(before)
    assert alarms(found) == {COUNTY: "DEFINED_TWICE"}
    assert [each.registrars for each in found.contents.alarms] == [["杭州", "青浦"]]
    assert COUNTY not in found.entries


def test_a_parent_counts_if_both_sides_say_so(federation: Federation) -> None:
    text = descriptor_of(listed(COUNTY), 1)
    entry = entry_of(listed(COUNTY), text)
    federation.replaced[COUNTY] = msgspec.structs.replace(entry, relations=Relations(parent=PARTNER)), text
    found = federation.read()
    assert alarms(found) == {COUNTY: "PARENT_DISPUTED"}
    assert found.parent(COUNTY) is None
    assert not found.readers(f"{COUNTY}/c")


def test_a_registrar_puts_only_its_own_committees_into_a_mechanism(federation: Federation) -> None:
    federation.mechanisms["杭州"] = [JointMembers(id=JOINT, name="联动", members=[COUNTY, PARTNER])]
    assert federation.read().mechanisms[JOINT].members == [COUNTY]
    federation.mechanisms["青浦"] = [JointMembers(id=JOINT, name="别名", members=[PARTNER])]
    found = federation.read()
    assert found.mechanisms[JOINT] == ListedMechanism(id=JOINT, name="联动", members=[COUNTY, PARTNER])
    federation.mechanisms["杭州"] = []
    found = federation.read()
    assert (found.mechanisms, alarms(found)) == ({}, {JOINT: "MECHANISM_UNKNOWN"})


# ── times ──


def test_the_word_of_one_registrar_ends_for_its_own_committees_alone(federation: Federation) -> None:
    federation.ends["青浦"] = 1_000
    found = federation.read()
    assert found.contents.expires_at == 1_000
    assert [found.has_expired(id, 1_000) for id in (COUNTY, PARTNER)] == [False, True]
    assert not found.has_expired(PARTNER, 999)


def test_when_the_charter_ends_so_does_every_registrars_word(federation: Federation) -> None:
    federation.charter_ends = 1_000
    found = federation.read()
    assert [found.has_expired(id, 999) for id in (COUNTY, PARTNER)] == [False, False]
    assert [found.has_expired(id, 1_000) for id in (COUNTY, PARTNER)] == [True, True]


def test_a_key_counts_from_its_beginning_to_its_end(federation: Federation) -> None:
    old, new = jose.new_key(), jose.new_key()
    keys: Any = {"token": [jose.public(new) | {"nbf": 100}, jose.public(old) | {"exp": 200}]}
    federation.said["杭州"][1] = listed(COUNTY, keys=keys)
    found = federation.read()
    told = {now: [each.thumbprint() for each in found.keys(COUNTY, "token", now)] for now in (99, 100, 199, 200)}
    one, both, other = [old.thumbprint()], [new.thumbprint(), old.thumbprint()], [new.thumbprint()]
    assert told == {99: one, 100: both, 199: both, 200: other}
    assert len(found.keys(COUNTY, "token")) == 2, "what is read years later is checked by every key that is listed"


def test_a_key_that_is_none_harms_nobody_but_its_owner(federation: Federation) -> None:
    point = {"x": "AA", "y": "AA"}
    keys: Any = {"event": [{"kty": "EC", "crv": "P-256", **point}, jose.public(EVENT)]}
    federation.said["杭州"][1] = listed(COUNTY, keys=keys)
    assert [each.thumbprint() for each in federation.read().keys(COUNTY, "event")] == [EVENT.thumbprint()]


# ── what it costs ──


def nation(count: int, serial: int, changed: int = 0) -> str:
    """Each with keys for all four uses, which differ from one committee to the next as far as size goes."""
    contents = nations.contents(count)
    keys: Any = {use: [jose.public(EVENT)] for use in ("event", "token", "code", "enc")}
    entries = [msgspec.structs.replace(each, keys=keys, contact="0571-00000000", seq=1) for each in contents.entries]
    for at in range(changed):
        entries[at] = msgspec.structs.replace(entries[at], contact=f"{serial}", seq=serial)
    return signed(Contents(serial=serial, issued_at=0, expires_at=FOR_EVER, entries=entries), ROOT, kept_key)


def took(call: Callable[[], Any]) -> float:
    """Seconds of CPU."""
    began = time.process_time()
    call()
    return time.process_time() - began


def test_a_newer_directory_costs_what_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    descriptors.read.cache_clear()
    checked: list[str] = []
    opened = jose.opened

    def counted(typ: str, token: str, key: ECKey, *, is_large: bool = False) -> bytes:
        checked.append(typ)
        return opened(typ, token, key, is_large=is_large)

    monkeypatch.setattr(jose, "opened", counted)
    first = signed_directory.read(nation(300, 1), ROOT)
    assert checked.count(descriptors.TYPE) == 300
    checked.clear()
    newer = signed_directory.read(nation(300, 2, changed=3), ROOT, first)
    assert sorted(checked) == sorted([directory_parts.CHARTER, directory_parts.PART, *[descriptors.TYPE] * 3])
    assert newer.serial == 2


@pytest.mark.parametrize("count", [100, pytest.param(nations.WHOLE, marks=pytest.mark.slow)])
def test_how_large_a_directory_is_and_how_long_it_takes(count: int, record_property: Any) -> None:
    one, other = nation(count, 1), nation(count, 2, changed=1)
    descriptors.read.cache_clear()
    first = took(lambda: signed_directory.read(one, ROOT))
    again = took(lambda: signed_directory.read(other, ROOT))
    for name, value in (("kB", len(one) // 1000), ("first_ms", first * 1000), ("newer_ms", again * 1000)):
        record_property(name, round(value))
    assert len(one) < 2_400 * count
    assert again < first
