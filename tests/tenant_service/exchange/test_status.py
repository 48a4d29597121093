"""How each log stands that others say: what is missing, what was wrong, since when, and what is no longer followed."""

from collections.abc import Mapping

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from sync.contract.channels import log_of
from sync.contract.errors import Code, Refusal
from sync.log import Head
from tenant_service.exchange import alarms
from tenant_service.exchange.copies import Place, Seen
from tenant_service.exchange.models import CopyRow, DeadLetterRow, FollowedState, ReceivedRow
from tenant_service.exchange.watching import dead_letters, replaying
from tenant_service.exchange.watching import freshness as shared
from tenant_service.exchange.watching.freshness import LogStatus
from tenant_service.exchange.watching.replaying import Replayed
from tests.tenant_service.exchange.committees import CITY, COUNTY, Committee, carry, show

LOG = log_of(COUNTY, "c")


def stands(reader: Committee, log: str = LOG) -> LogStatus:
    with reader.units.read() as unit:
        known = shared.status(unit.session, unit.now)
    return next(each for each in known if log_of(each.owner, each.channel) == log)


def test_a_gap_is_counted_once_however_long_it_lasts(county: Committee, city: Committee) -> None:
    county.publish_all([county.new_id() for _ in range(5)], 1, ["c"])
    city.inbox.take({LOG: county.page("c", 3)}, caught_up=True)
    city.inbox.take({LOG: county.page("c", 4)}, caught_up=True)
    assert stands(city).naks == 1
    city.inbox.take({LOG: county.page("c", 0, 3)}, caught_up=True)
    assert (stands(city).applied_seq, stands(city).naks, stands(city).quarantined) == (6, 1, 0)
    county.publish_all([county.new_id() for _ in range(2)], 1, ["c"])
    city.inbox.take({LOG: county.page("c", 7)}, caught_up=True)
    assert stands(city).naks == 2


def test_wrong_bytes_are_counted_and_it_is_known_since_when_something_is_wrong(
    county: Committee, city: Committee
) -> None:
    county.publish_all([county.new_id() for _ in range(3)], 1, ["c"])
    carry(county, city)
    county.publish(county.new_id(), 1, ["c"])
    [good] = county.page("c", 4)
    began = county.world.clock.now
    city.inbox.take({LOG: [good._replace(prev=b"\1" * 32)]}, caught_up=True)
    assert (stands(city).trouble, stands(city).quarantined, stands(city).naks) == ("FORKED", 1, 1)
    county.world.clock.on(hours=2)
    city.inbox.take({LOG: [good._replace(body=good.body + b" ")]}, caught_up=True)
    assert (stands(city).trouble, stands(city).quarantined) == ("FORGED", 2)
    assert stands(city).trouble_since == began
    assert not stands(city).is_whole
    city.inbox.take({LOG: [good]}, caught_up=True)
    assert (stands(city).trouble_since, stands(city).quarantined, stands(city).is_whole) == (None, 2, True)


def test_what_came_of_one_log_is_not_older_than_the_moment_that_is_told_of_its_owner(
    county: Committee, city: Committee
) -> None:
    followed = [log for log in city.trust.directory.follows(city.id) if log.startswith(f"{COUNTY}/")]
    assert len(followed) > 1
    carry(county, city)
    county.publish(county.new_id(), 1, ["c"])
    carry(county, city)
    epoch = next(iter(county.own.heads().values())).epoch
    for log in followed:
        if not stands(city, log).applied_seq:
            city.inbox.settle(log, Head(epoch, 0, b"", ""))
    before = county.world.clock.now
    county.world.clock.on(minutes=5)
    county.publish(county.new_id(), 1, ["c"])
    carry(county, city)

    def told() -> object:
        with city.units.read() as unit:
            return shared.as_of(unit.session, [COUNTY])[COUNTY]

    assert told() == county.world.clock.now
    other = next(log for log in followed if log != LOG)
    city.inbox.settle(other, Head(epoch, 3, b"\1" * 32, ""))
    assert told() == before, "something of another log is missing"


def test_a_log_that_may_no_longer_be_read_stays_visible_as_what_is_left_of_it(
    county: Committee, city: Committee
) -> None:
    county.publish(county.new_id(), 1, ["c", "p"])
    carry(county, city)
    county.world.clock.on(days=1)
    rest = [log for log in city.trust.directory.follows(CITY) if log not in (LOG, log_of(COUNTY, "p"))]
    city.inbox.entitle([*rest, log_of(COUNTY, "p")], FollowedState.REMOVED)
    city.inbox.entitle(rest, FollowedState.FROZEN)
    left, frozen = stands(city), stands(city, log_of(COUNTY, "p"))
    assert (left.state, left.applied_seq) == (FollowedState.REMOVED, 0)
    assert (frozen.state, frozen.applied_seq, frozen.since) == (FollowedState.FROZEN, 2, county.world.clock.now)
    assert LOG not in city.inbox.heads()


# ── replay ──


def _never(_session: Session, _seen: Seen) -> None:
    raise RuntimeError("the room is broken")


def replayed(committee: Committee, **only: list[str] | list[Place]) -> Replayed:
    with committee.units.write() as unit:
        return replaying.replay(unit, committee.inbox.projector, **only)  # type: ignore[arg-type]


@pytest.fixture
def broken(county: Committee, city: Committee) -> tuple[Committee, list[str]]:
    """A city whose room takes in nothing, with two records of the county on channels c and p."""
    city.projections = {"value": _never}
    city.again()
    ids: list[str] = [county.new_id(), county.new_id()]
    county.publish(ids[0], 1, ["c"])
    county.publish(ids[1], 1, ["p"])
    carry(county, city)
    return city, ids


def test_a_dead_letter_that_fails_again_stays_one(broken: tuple[Committee, list[str]]) -> None:
    city, ids = broken
    again = replayed(city)
    assert again.shown == []
    assert [each.record for each in again.failed] == sorted(ids)
    assert {row.error for row in city.rows(DeadLetterRow)} == {"RuntimeError: the room is broken"}


def test_one_dead_letter_one_log_or_all_are_replayed(broken: tuple[Committee, list[str]]) -> None:
    city, ids = broken
    city.projections = {"value": show}
    city.again()
    assert replayed(city, logs=[log_of(COUNTY, "o")]) == Replayed()
    [letter] = [row for row in city.rows(DeadLetterRow) if row.record == ids[1]]
    assert replayed(city, places=[Place(letter.log, letter.epoch, letter.seq)]).shown == [ids[1]]
    assert replayed(city, logs=[LOG]).shown == [ids[0]]
    assert city.rows(DeadLetterRow) == []
    assert city.shown().keys() == set(ids)


def test_what_this_release_cannot_show_is_said_to_wait(county: Committee, city: Committee) -> None:
    city.projections = {}
    city.again()
    id = county.new_id()
    county.publish(id, 1, ["c"])
    carry(county, city)
    assert replayed(city) == Replayed(waiting=[id])
    with city.units.read() as unit:
        assert dead_letters.hidden(unit.session) == 1


@pytest.fixture
def unread(county: Committee, city: Committee) -> tuple[str, str]:
    """A record whose event an earlier release of the city could not read at all, and the bytes' true text."""
    id = county.new_id()
    county.publish(id, 1, ["c"])
    carry(county, city)
    with city.units.write() as unit:
        unit.session.execute(sa.delete(CopyRow))
        unit.session.execute(sa.text("DELETE FROM shown"))
        place = Place(LOG, county.head("c").epoch, 2)
        unit.session.add(DeadLetterRow(**place._asdict(), record="", error="of a later release", at=unit.now))
    return id, LOG


def test_an_event_that_can_be_read_now_is_taken_in(unread: tuple[str, str], city: Committee) -> None:
    assert replayed(city).shown == [unread[0]]
    assert city.shown().keys() == {unread[0]}
    assert city.rows(DeadLetterRow) == []


def test_an_event_that_still_cannot_be_read_stays_a_dead_letter(unread: tuple[str, str], city: Committee) -> None:
    with city.units.write() as unit:
        unit.session.execute(sa.update(ReceivedRow).values(body=b"?"))
    assert [each.error for each in replayed(city).failed] == ["of a later release"]
    assert len(city.rows(DeadLetterRow)) == 1


def test_an_event_that_was_overtaken_meanwhile_changes_nothing(
    unread: tuple[str, str], county: Committee, city: Committee
) -> None:
    county.publish(unread[0], 2, ["c"])
    carry(county, city)
    assert replayed(city) == Replayed()
    assert city.shown()[unread[0]][0] == 2
    assert city.rows(DeadLetterRow) == []


# ── alarms ──


def test_an_alarm_is_open_until_somebody_has_seen_it_and_again_when_it_is_raised_again(county: Committee) -> None:
    raised = alarms.Alarms(county.units)
    raised(LOG, "STRANGER", "message 7 is not mine")
    with county.units.write() as unit:
        alarms.acknowledge(unit, LOG, "STRANGER", 1, "wang")
    [known] = _alarms(county)
    assert (known.known_by, known.known_at) == ("wang", county.world.clock.now)
    raised(LOG, "STRANGER", "message 8 is not mine")
    [again] = _alarms(county)
    assert (again.known_by, again.known_at, again.times) == (None, None, 2)


@pytest.mark.parametrize(
    ("code", "times", "refused"),
    [("STRANGER", 1, Code.STALE_VERSION), ("FORKED", 2, Code.NOT_FOUND), ("KNOWN", 1, Code.ALREADY_DONE)],
)
def test_only_an_open_alarm_is_acknowledged_and_only_as_it_was_seen(
    county: Committee, code: str, times: int, refused: Code
) -> None:
    raised = alarms.Alarms(county.units)
    for each in ("STRANGER", "STRANGER", "KNOWN"):
        raised(LOG, each, "")
    with county.units.write() as unit:
        alarms.acknowledge(unit, LOG, "KNOWN", 1, "wang")
    before = _alarms(county)
    with pytest.raises(Refusal) as refusal, county.units.write() as unit:
        alarms.acknowledge(unit, LOG, code, times, "li")
    assert refusal.value.code is refused
    assert _alarms(county) == before


def _alarms(committee: Committee) -> list[alarms.Alarm]:
    with committee.units.read() as unit:
        return alarms.listed(unit.session)


def test_followed_logs_are_told_by_owner_and_channel(committees: Mapping[str, Committee]) -> None:
    with committees[CITY].units.read() as unit:
        known = [(each.owner, each.channel) for each in shared.status(unit.session, unit.now)]
    assert known == sorted(known)
    assert known
