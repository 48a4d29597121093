"""What becomes of a party after it was admitted, and that everybody is told at once."""

from pathlib import Path

import msgspec
import pytest
from joserfc.jwk import ECKey

from sync.contract import jose
from sync.contract.errors import Code, Refusal
from sync.contract.shapes.committees import CommitteeState
from sync.contract.trust import descriptors, signed_directory, tokens
from sync.contract.trust.descriptors import OVERLAP
from sync.contract.trust.tokens import Claims, TokenReader
from sync.registrar import service
from sync.registrar.acts import Act, Closed, Joined, Recoded, Resumed, Suspended, Voided
from tests.sync.registrar.offices import CITY, COUNTY, HERE, SISTER, Candidate, Registry
from tests.sync.registrar.test_admission import refuses

JOINT = f"{COUNTY}.mechanism.{1:032x}"


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path)


@pytest.fixture
def county(registry: Registry) -> Candidate:
    registry.admit(Candidate(CITY))
    return registry.admit(Candidate(COUNTY, parent=CITY))


def token(key: ECKey, now: int) -> str:
    claims = Claims(iss=COUNTY, sub="1", roles=["clerk"], aud=[CITY], iat=now, exp=now + 300, jti=str(now))
    return tokens.issued(claims, key)


def accepted(registry: Registry, text: str) -> bool:
    try:
        TokenReader(CITY).accept(text, registry.directory(), registry.clock.now)
    except Refusal:
        return False
    return True


def test_keys_that_follow_each_other_overlap(registry: Registry, county: Candidate) -> None:
    old, new = county.keys["token"][0], jose.new_key()
    county.keys["token"].insert(0, new)
    assert not accepted(registry, token(new, registry.clock.now)), "nobody knows it yet"
    service.rotate(registry.office, county.renew(registry.clock.now), HERE)
    assert registry.directory().get(COUNTY).seq == 2
    assert [accepted(registry, token(key, registry.clock.now)) for key in (new, old)] == [True, True]
    registry.later(OVERLAP)
    registry.office.sign()
    assert [accepted(registry, token(key, registry.clock.now)) for key in (new, old)] == [True, False]
    assert len(registry.directory().keys(COUNTY, "token")) == 2


def test_a_key_that_was_stolen_is_left_out_at_once(registry: Registry, county: Candidate) -> None:
    stolen, new = county.keys["event"][0], jose.new_key()
    county.keys["event"].insert(0, new)
    service.rotate(registry.office, county.renew(registry.clock.now, without=[stolen.thumbprint()]), HERE)
    assert [each.thumbprint() for each in registry.directory().keys(COUNTY, "event")] == [new.thumbprint()]
    service.rotate(registry.office, county.renew(registry.clock.now, contact="0571-1"), HERE)
    assert [each.thumbprint() for each in registry.directory().keys(COUNTY, "event")] == [new.thumbprint()], "for good"


def test_what_an_event_key_signed_is_read_after_its_end(registry: Registry, county: Candidate) -> None:
    county.keys["event"].insert(0, jose.new_key())
    service.rotate(registry.office, county.renew(registry.clock.now), HERE)
    registry.later(2 * OVERLAP)
    county.keys["code"].insert(0, jose.new_key())
    service.rotate(registry.office, county.renew(registry.clock.now), HERE)
    assert len(registry.directory().keys(COUNTY, "event")) == 2


def test_tokens_before_a_mark_are_void_everywhere(registry: Registry, county: Candidate) -> None:
    key = county.keys["token"][0]
    before = token(key, registry.clock.now)
    assert accepted(registry, before)
    registry.later(1)
    registry.office.act(Voided(id=COUNTY, nbf_tokens=registry.clock.now, why="密钥可能外泄"), HERE)
    assert not accepted(registry, before)
    assert accepted(registry, token(key, registry.clock.now))
    with refuses(Code.TOO_OLD_MARK):
        registry.office.act(Voided(id=COUNTY, nbf_tokens=registry.clock.now - 1), HERE)


def test_an_older_descriptor_is_not_taken(registry: Registry, county: Candidate) -> None:
    first = county.descriptor
    second = county.renew(registry.clock.now, contact="0571-1")
    service.rotate(registry.office, second, HERE)
    for each in (first, second):
        with refuses(Code.OLDER_DESCRIPTOR):
            service.rotate(registry.office, each, HERE)
    assert registry.directory().get(COUNTY).contact == "0571-1"


def test_a_descriptor_of_another_root_is_not_taken(registry: Registry, county: Candidate) -> None:
    thief = Candidate(COUNTY, parent=CITY)
    thief.answer(registry_invite(registry, thief), registry.clock.now)
    with refuses(Code.ROOT_CHANGED):
        service.rotate(registry.office, thief.renew(registry.clock.now, contact="x"), HERE)
    assert registry.directory().get(COUNTY).seq == 1


def test_a_committee_does_not_become_a_gateway_by_a_newer_descriptor(registry: Registry, county: Candidate) -> None:
    told, _ = descriptors.read(county.descriptor)
    made = msgspec.structs.replace(told, seq=told.seq + 1, kind="gateway")
    with refuses(Code.BAD_DESCRIPTOR):
        service.rotate(registry.office, descriptors.signed(made, county.root), HERE)
    assert registry.directory().get(COUNTY).kind == "committee"


def registry_invite(registry: Registry, thief: Candidate) -> str:
    """An invite that some other registrar gave."""
    return Registry(registry.office.folder / "other").invite(thief)


def test_a_new_parent_is_taken_if_both_say_so(registry: Registry, county: Candidate) -> None:
    registry.admit(Candidate(SISTER))
    moved = county.renew(registry.clock.now, parent=SISTER)
    with refuses(Code.BAD_DESCRIPTOR):
        service.rotate(registry.office, moved, HERE)
    assert registry.directory().parent(COUNTY) == CITY
    service.rotate(registry.office, moved, HERE, parent=SISTER)
    assert registry.directory().parent(COUNTY) == SISTER


def test_whoever_is_suspended_is_nobody_until_resumed(registry: Registry, county: Candidate) -> None:
    registry.office.act(Suspended(id=COUNTY, why="演练"), HERE)
    found = registry.directory()
    assert found.get(COUNTY).state is CommitteeState.SUSPENDED
    assert not found.keys(COUNTY, "event")
    assert not accepted(registry, token(county.keys["token"][0], registry.clock.now))
    with refuses(Code.OUT_OF_TURN):
        registry.office.act(Suspended(id=COUNTY, why="再次"), HERE)
    registry.office.act(Resumed(id=COUNTY), HERE)
    assert registry.directory().is_active(COUNTY)


def test_whoever_is_closed_stays_listed_with_its_successor_and_does_not_come_back(
    registry: Registry, county: Candidate
) -> None:  # fmt: skip
    registry.office.act(Closed(id=COUNTY, successor=CITY, why="并入市政协"), HERE)
    found = registry.directory()
    assert (found.get(COUNTY).state, found.get(COUNTY).successor) == (CommitteeState.CLOSED, CITY)
    again: list[Act] = [Resumed(id=COUNTY), Suspended(id=COUNTY, why="x"), Closed(id=COUNTY)]
    for act in again:
        with refuses(Code.OUT_OF_TURN):
            registry.office.act(act, HERE)
    with refuses(Code.OUT_OF_TURN):
        service.rotate(registry.office, county.renew(registry.clock.now, contact="x"), HERE)


def test_two_are_merged_into_a_new_one_and_one_is_split_into_two(registry: Registry, county: Candidate) -> None:
    """Hangzhou 2021: Xiacheng and Gongshu became Gongshu anew; Qiantang was cut out of Xiaoshan."""
    old = [registry.admit(Candidate(id, parent=CITY)) for id in ("330103", "330105")]
    merged = registry.admit(Candidate("330105r2", parent=CITY))
    for each in old:
        registry.office.act(Closed(id=each.id, successor=merged.id, why="合并"), HERE)
    split = [registry.admit(Candidate(id, parent=CITY)) for id in ("330114", f"{COUNTY}r2")]
    registry.office.act(Closed(id=COUNTY, successor=split[1].id, why="析出钱塘"), HERE)
    found = registry.directory()
    assert {each: found.get(each).successor for each in ("330103", "330105", COUNTY)} == {
        "330103": "330105r2", "330105": "330105r2", COUNTY: f"{COUNTY}r2",
    }  # fmt: skip
    assert set(found.children(CITY)) == {"330105r2", "330114", f"{COUNTY}r2"}


def test_a_code_changes_and_the_id_stays(registry: Registry, county: Candidate) -> None:
    registry.office.act(Recoded(id=COUNTY, current_code="330119"), HERE)
    assert registry.directory().get(COUNTY).record().current_code == "330119"


def test_members_of_a_mechanism_are_our_own(registry: Registry, county: Candidate) -> None:
    registry.office.act(Joined(id=JOINT, name="联动", members=[COUNTY, CITY]), HERE)
    assert registry.directory().mechanisms[JOINT].members == [COUNTY, CITY]
    with refuses(Code.UNKNOWN_COMMITTEE):
        registry.office.act(Joined(id=JOINT, name="联动", members=[COUNTY, "310118"]), HERE)


def test_everybody_takes_each_change_over_the_one_before(registry: Registry, county: Candidate) -> None:
    """What a registrar signs after any act is newer than what anybody holds, and never refused as going back."""
    held = registry.directory()
    acts: list[Act] = [
        Suspended(id=COUNTY, why="1"), Resumed(id=COUNTY), Voided(id=COUNTY, nbf_tokens=5), Closed(id=COUNTY)
    ]  # fmt: skip
    for act in acts:
        registry.office.act(act, HERE)
        text = registry.office.directory.read_text(encoding="utf-8")
        newer = signed_directory.read(text, registry.office.root(), held)
        assert newer.serial > held.serial
        held = newer
