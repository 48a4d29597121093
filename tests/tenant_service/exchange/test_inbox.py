import datetime as dt
from collections.abc import Mapping
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from sync.contract import envelope, jose
from sync.log import Event, Head, Trouble, genesis, link
from tenant_service.exchange.copies import Seen
from tenant_service.exchange.models import (
    AlarmRow,
    CopyRow,
    DeadLetterRow,
    ReadingRow,
    ReceivedRow,
    StashRow,
)
from tests.tenant_service.exchange.committees import (
    CITY,
    COUNTY,
    PARTNER,
    PROVINCE,
    SISTER,
    Committee,
    World,
    carry,
    everywhere,
    show,
    shown,
)

LOG = f"{COUNTY}/c"


def body(log: str, head: Head, subject: str, **more: object) -> bytes:
    owner, _, channel = log.partition("/")
    told = {
        "id": "x", "source": f"urn:liandong:{owner}", "type": "cn.liandong.value.changed", "subject": subject,
        "channel": channel, "epoch": head.epoch, "seq": head.seq + 1, "prev": head.chain.hex(), "version": 99,
        "op": "put", "data": {"canary": 1}, "dataschema": "value/1",
    }  # fmt: skip
    return envelope.encode(envelope.Envelope(**(told | more)))  # type: ignore[arg-type]


def signed(committee: Committee, log: str, head: Head, made: bytes) -> Event:
    """An event after `head`, vouched for by this committee."""
    event = Event(head.epoch, head.seq + 1, head.chain, made)
    return event._replace(proof=committee.trust.sign(log, event.head()))


# ── what counts ──


def test_a_shared_record_is_shown_where_it_is_shared_and_nowhere_else(committees: Mapping[str, Committee]) -> None:
    county = committees[COUNTY]
    id = county.new_id()
    county.publish(id, 1, ["c"], mechanism_joint_ids={"canary": []})
    carry(county, *(each for each in committees.values() if each is not county))
    assert committees[CITY].shown() == {id: (1, "['canary']", "c")}
    for other in (PROVINCE, SISTER, PARTNER):
        assert committees[other].shown() == {}
        assert not any(b"canary" in each for each in everywhere(committees[other].engine))


def test_of_copies_equally_new_the_deepest_is_shown(county: Committee, city: Committee) -> None:
    id = county.new_id()
    county.publish(id, 1, ["o", "c"])
    carry(county, city)
    assert city.shown()[id] == (1, "['joint']", "c o")
    county.publish(id, 2, ["o"])
    carry(county, city)
    assert city.shown()[id] == (2, "None", "o")
    county.publish(id, 3, [])
    carry(county, city)
    assert city.shown() == {}


def test_a_delete_on_one_channel_wins_over_older_puts_on_others(county: Committee, city: Committee) -> None:
    id = county.new_id()
    county.publish(id, 1, ["o", "c"])
    carry(county, city)
    county.erase(id, 2)
    city.inbox.take({LOG: county.page("c", 2)}, caught_up=True)
    assert city.shown() == {}
    county.publish(id, 3, ["o"])
    carry(county, city)
    assert city.shown() == {id: (3, "None", "o")}


def test_a_sealed_copy_is_opened_by_the_partner(county: Committee, partner: Committee) -> None:
    id = county.new_id()
    county.publish(id, 1, [f"x_{PARTNER}"], mechanism_joint_ids={"ours": []})
    carry(county, partner)
    assert partner.shown() == {id: (1, "['ours']", f"x_{PARTNER}")}


def test_what_is_delivered_again_or_late_changes_nothing(county: Committee, city: Committee) -> None:
    ids = [county.new_id() for _ in range(30)]
    for version in (1, 2):
        county.publish_all(ids, version, ["c"])
    pages = [county.page("c", after, 10) for after in range(0, 61, 10)]
    for page in [*reversed(pages), *pages, pages[3]]:
        city.inbox.take({LOG: page}, caught_up=True)
    assert city.shown() == dict.fromkeys(ids, (2, "['joint']", "c"))
    assert [row.seq for row in city.rows(ReceivedRow)] == list(range(1, 62))
    assert city.rows(StashRow) == []
    assert city.given_twice() == []


def test_a_room_is_not_given_again_what_another_channel_only_repeats(county: Committee, city: Committee) -> None:
    id = county.new_id()
    for version in (1, 2):
        county.publish(id, version, ["c", "p"])
    carry(county, city)
    county.publish(id, 3, ["c", "p"])
    for channel in ("c", "p"):
        city.inbox.take({f"{COUNTY}/{channel}": county.page(channel, 3)}, caught_up=True)
    assert city.shown() == {id: (3, "['joint']", "c p")}
    assert city.given_twice() == []


# ── what its owner did not say ──


@pytest.mark.parametrize("kind", ["unsigned", "forged", "forked", "other epoch", "unknown key"])
def test_bytes_that_are_not_the_owners_are_never_applied_and_the_log_gets_well(
    county: Committee, city: Committee, kind: str
) -> None:
    id, later = county.new_id(), county.new_id()
    county.publish(id, 1, ["c"])
    carry(county, city)
    mine = county.head("c")
    thief = county.world.trust(SISTER)
    made = body(LOG, mine, id)
    bad = Event(mine.epoch, mine.seq + 1, mine.chain, made)
    if kind == "forged":
        bad = bad._replace(proof=county.trust.sign(LOG, bad.head()._replace(seq=77)))
    if kind == "unknown key":
        bad = bad._replace(proof=thief.sign(LOG, bad.head()))
    if kind == "forked":
        other = mine._replace(chain=b"\1" * 32)
        bad = signed(county, LOG, other, body(LOG, other, id))
    if kind == "other epoch":
        epoch = "000077-" + "0" * 16
        fake = Head(epoch, 0, genesis(LOG, epoch))
        bad = Event(epoch, 1, fake.chain, body(LOG, fake, id))
    [step] = city.inbox.take({LOG: [bad]}, caught_up=True)
    assert step.apply == ()
    assert step.ask
    assert city.shown() == {id: (1, "['joint']", "c")}
    expected = {"forged": "FORGED", "forked": "FORKED", "unknown key": "UNKNOWN_KEY"}.get(kind)
    assert [row.code for row in city.rows(AlarmRow)] == ([expected] if expected else [])
    county.publish(later, 1, ["c"])
    city.inbox.take({LOG: county.page("c", mine.seq)}, caught_up=True)
    city.inbox.settle(LOG, county.head("c"))
    assert city.shown().keys() == {id, later}
    assert city.inbox.reading(LOG).trouble is Trouble.NONE
    assert city.rows(StashRow) == []


def test_a_committee_speaks_for_its_own_records_only(committees: Mapping[str, Committee]) -> None:
    """Its log is signed and goes on; what it says of others is shown to nobody."""
    county, city, sister = committees[COUNTY], committees[CITY], committees[SISTER]
    theirs = sister.new_id()
    sister.publish(theirs, 1, ["c"])
    carry(sister, city)
    county.publish(county.new_id(), 1, ["c"])
    carry(county, city)
    head = city.inbox.reading(LOG).head
    stolen = signed(county, LOG, head, body(LOG, head, theirs))
    own = county.new_id()
    misnamed = body(LOG, stolen.head(), own, data={**envelope.decode(sister.page("c")[-1].body).data, "id": theirs})
    city.inbox.take({LOG: [stolen, signed(county, LOG, stolen.head(), misnamed)]}, caught_up=True)
    assert city.shown()[theirs] == (1, "['joint']", "c")
    assert own not in city.shown()
    assert {row.code for row in city.rows(AlarmRow)} == {"NOT_ITS_OWN"}
    assert {row.record for row in city.rows(DeadLetterRow)} == {theirs, own}


def test_a_log_that_is_not_followed_is_not_taken(county: Committee, committees: Mapping[str, Committee]) -> None:
    county.publish(county.new_id(), 1, ["c"])
    sister = committees[SISTER]
    assert sister.inbox.take({LOG: county.page("c")}, caught_up=True) == []
    assert sister.rows(ReceivedRow) == []


# ── what the reader cannot use ──


def test_a_schema_of_tomorrow_is_kept_and_shown_after_the_upgrade(
    county: Committee, city: Committee, monkeypatch: pytest.MonkeyPatch
) -> None:
    id, changed = county.new_id(), county.new_id()
    county.publish(changed, 1, ["c"])
    carry(county, city)
    monkeypatch.setitem(envelope_schemas(), "value", 2)
    county.publish(id, 1, ["c"])
    county.publish(changed, 2, ["c"])
    monkeypatch.undo()
    carry(county, city)
    assert city.shown() == {changed: (1, "['joint']", "c")}
    assert {row.record: row.state for row in city.rows(CopyRow)} == dict.fromkeys([id, changed], "UNSUPPORTED")
    assert city.rows(DeadLetterRow) == []
    assert city.inbox.reproject() == 0
    monkeypatch.setitem(envelope_schemas(), "value", 2)
    assert city.inbox.reproject() == 2
    assert city.shown() == {id: (1, "['joint']", "c"), changed: (2, "['joint']", "c")}
    assert city.inbox.reproject() == 0


def envelope_schemas() -> dict[str, int]:
    from sync.contract.versions import SCHEMAS  # noqa: PLC0415 — the release's table, raised as an upgrade would

    return SCHEMAS


def test_a_code_of_tomorrow_is_kept_without_a_dead_letter_and_harms_no_other(
    county: Committee, city: Committee
) -> None:
    good, later = county.new_id(), county.new_id()
    county.publish(later, 1, ["c"])
    carry(county, city)
    county.publish(good, 1, ["c"])
    county.publish(later, 2, ["c"], indicator="OF_TOMORROW")
    carry(county, city)
    assert {id: version for id, (version, _, _) in city.shown().items()} == {good: 1, later: 1}
    assert {row.record: row.state for row in city.rows(CopyRow)} == {good: "SHOWN", later: "UNSUPPORTED"}
    assert city.rows(DeadLetterRow) == []
    assert city.inbox.reproject() == 0
    county.publish(later, 3, ["c"])
    carry(county, city)
    assert {id: version for id, (version, _, _) in city.shown().items()} == {good: 1, later: 3}


def test_an_event_of_tomorrow_that_cannot_be_read_at_all_is_kept_and_the_log_goes_on(
    county: Committee, city: Committee
) -> None:
    id, later = county.new_id(), county.new_id()
    county.publish(id, 1, ["c"])
    carry(county, city)
    head = city.inbox.reading(LOG).head
    new = signed(county, LOG, head, body(LOG, head, id).replace(b'"op":"put"', b'"op":"merge"'))
    after = new.head()
    told = envelope.decode(county.page("c")[-1].body).data | {"id": later}
    known = signed(county, LOG, after, body(LOG, after, later, data=told))
    city.inbox.take({LOG: [new, known]}, caught_up=True)
    assert city.shown().keys() == {id, later}
    assert city.inbox.reading(LOG).head[:3] == known.head()[:3]
    assert [row.seq for row in city.rows(DeadLetterRow)] == [new.seq]
    assert [row.code for row in city.rows(AlarmRow)] == ["UNREADABLE"]
    assert len(city.rows(ReceivedRow)) == known.seq


class Picky:
    """A room that takes nothing of March until it is repaired."""

    broken = True

    def __call__(self, session: Session, seen: Seen) -> None:
        show(session, seen)
        if self.broken and seen.record and seen.record.month == "2026-03":
            raise RuntimeError("not in March")


def test_what_a_room_cannot_take_in_is_a_dead_letter_and_harms_no_other(county: Committee, city: Committee) -> None:
    room = Picky()
    city.projections = {"value": room}
    city.again()
    good, bad, overtaken, gone = (county.new_id() for _ in range(4))
    county.publish(good, 1, ["c"], month="2026-04")
    for id in (bad, overtaken, gone):
        county.publish(id, 1, ["c"])
    carry(county, city)
    assert city.shown().keys() == {good}
    assert {row.record: "not in March" in row.error for row in city.rows(DeadLetterRow)} == dict.fromkeys(
        [bad, overtaken, gone], True
    )
    county.publish(overtaken, 2, ["c"], month="2026-05")
    county.erase(gone, 2)
    carry(county, city)
    assert {row.record for row in city.rows(DeadLetterRow)} == {bad}
    assert city.inbox.reproject() == 0
    room.broken = False
    assert city.inbox.reproject() == 1
    assert city.shown().keys() == {good, bad, overtaken}
    assert city.rows(DeadLetterRow) == []


def test_a_kind_without_a_room_waits_for_it(county: Committee, city: Committee) -> None:
    city.projections = {}
    city.again()
    id = county.new_id()
    county.publish(id, 1, ["c"])
    carry(county, city)
    assert city.shown() == {}
    city.projections = {"value": show}
    city.again()
    assert city.inbox.reproject() == 1
    assert city.shown().keys() == {id}


# ── what is missing ──


def test_what_arrived_after_the_owner_was_asked_is_not_thrown_away_by_its_answer(
    county: Committee, city: Committee
) -> None:
    county.publish(county.new_id(), 1, ["c"])
    carry(county, city)
    asked, told = city.inbox.reading(LOG), county.head("c")
    county.publish(county.new_id(), 1, ["c"])
    unsigned = [each._replace(proof="") for each in county.page("c", told.seq)]
    city.inbox.take({LOG: unsigned}, caught_up=True)
    assert city.inbox.settle(LOG, told, asked).stash.keys() == {(told.epoch, told.seq + 1)}
    assert len(city.rows(StashRow)) == 1
    assert city.inbox.settle(LOG, told, city.inbox.reading(LOG)).stash == {}
    assert city.rows(StashRow) == []


def test_a_clock_that_is_far_ahead_is_told_of_and_decides_nothing(committees: Mapping[str, Committee]) -> None:
    county, city = committees[COUNTY], committees[CITY]
    for minutes, codes in ((4, []), (7, ["CLOCK_AHEAD"])):
        county.units.clock = partial(later, county.world, minutes)
        id = county.new_id()
        county.publish(id, 1, ["c"])
        carry(county, city)
        assert id in city.shown()
        assert [row.code for row in city.rows(AlarmRow)] == codes
        [row] = [row for row in city.rows(ReadingRow) if row.log == LOG]
        assert row.known_at == city.world.clock(), "nobody knows the future"


def later(world: World, minutes: int) -> dt.datetime:
    return world.clock() + dt.timedelta(minutes=minutes)


def test_the_kept_bytes_are_the_owners_own(county: Committee, city: Committee) -> None:
    county.publish(county.new_id(), 1, ["c"])
    carry(county, city)
    mine = county.page("c")
    kept = city.rows(ReceivedRow)
    assert [row.body for row in kept] == [event.body for event in mine]
    assert jose.header_of(kept[-1].proof)["kid"] == county.trust.event.kid
    assert kept[-1].chain == link(mine[-1].prev, mine[-1].body) == county.head("c").chain


@pytest.mark.parametrize("where", ["readings.store", "projecting.Projector.project"])
def test_a_fault_in_the_middle_of_a_page_leaves_no_trace_of_it(
    county: Committee, city: Committee, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    county.publish(county.new_id(), 1, ["c"])

    def fault(*_args: object, **_more: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(f"tenant_service.exchange.{where}", fault)
    with pytest.raises(OSError, match="disk full"):
        city.inbox.take({LOG: county.page("c")}, caught_up=True)
    monkeypatch.undo()
    assert city.rows(ReceivedRow) == city.rows(CopyRow) == city.rows(ReadingRow) == []
    with Session(city.engine) as session:
        assert session.execute(sa.select(shown)).all() == []
    carry(county, city)
    assert len(city.shown()) == 1


def test_a_world_is_only_as_large_as_it_says(world: World) -> None:
    assert set(world.directory().readers(LOG)) == {CITY}
