"""Erasing: of a deleted record nobody keeps a byte, and no log loses its order or its proofs by it."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from sync.bus import wire
from sync.contract import jose
from sync.contract.channels import log_of
from sync.contract.envelope import Erased, decode
from sync.log import Event, Head, Hole, Trouble
from tenant_service.exchange import erasing
from tenant_service.exchange.copies import Seen
from tenant_service.exchange.models import (
    AlarmRow,
    DeadLetterRow,
    ErasureRow,
    OutboxRow,
    ReceivedRow,
    SalvagedRow,
)
from tenant_service.exchange.watching.self_check import Verified, verified
from tests.tenant_service.exchange.committees import (
    CITY,
    COUNTY,
    MECHANISM,
    PARTNER,
    PROVINCE,
    Committee,
    World,
    carry,
    everywhere,
)

LOG = f"{COUNTY}/p"


def secret(committee: Committee, word: bytes = b"canary") -> bool:
    """Whether the word stands anywhere in the committee's tables."""
    return any(word in each for each in everywhere(committee.engine))


def breaks(committee: Committee) -> list[str]:
    with committee.units.read() as unit:
        return verified(unit.session, committee.trust).breaks


def tell(county: Committee, channels: Iterable[str] = ("c", "p", MECHANISM), versions: int = 3) -> str:
    """A record of several versions lies among others."""
    id, channels = county.new_id(), list(channels)
    for version in range(1, versions + 1):
        county.publish(county.new_id(), 1, channels)
        county.publish(id, version, channels, mechanism_joint_ids={"canary": []})
    county.publish(county.new_id(), 1, channels)
    return id


def test_of_a_deleted_record_no_byte_is_left_with_its_owner_or_any_reader(committees: Mapping[str, Committee]) -> None:
    county = committees[COUNTY]
    readers = [committees[each] for each in (CITY, PROVINCE, PARTNER)]
    id = tell(county)
    carry(county, *readers)
    assert all(secret(each) for each in (county, *readers))
    head = county.head("p")
    county.erase(id, 4)
    assert not secret(county)
    carry(county, *readers)
    for each in readers:
        assert not secret(each)
        assert id not in each.shown()
        assert len(each.shown()) == 4
        assert each.rows(AlarmRow) == []
    with county.own.view(LOG) as mine:
        assert mine.chain_at(head.seq) == head.chain, "the chain is what it was"
        assert mine.head.seq == head.seq + 1


def test_what_an_older_release_wrote_without_naming_its_record_is_erased_as_well(
    committees: Mapping[str, Committee],
) -> None:
    """It may have written while the database was being migrated."""
    county, city = committees[COUNTY], committees[CITY]
    id = tell(county, ["c", "p"])
    with county.units.write() as unit:
        unit.session.execute(sa.update(OutboxRow).values(record=""))
    carry(county, city)
    county.erase(id, 4)
    carry(county, city)
    assert not secret(county)
    assert not secret(city)
    assert len(city.shown()) == 4


def test_what_was_erased_is_no_break_and_a_hole_its_owner_did_not_sign_is_one(
    committees: Mapping[str, Committee],
) -> None:
    county, city = committees[COUNTY], committees[CITY]
    id = tell(county)
    carry(county, city)
    county.erase(id, 4)
    carry(county, city)
    assert [breaks(each) for each in (county, city)] == [[], []]
    with city.inbox.view(LOG) as held:
        assert held is not None
        living = held.page(0)[1]
    forged = wire.hole(LOG, living.head()._replace(proof="a..b"), living.prev)
    with city.units.write() as unit:
        here = (ReceivedRow.log == LOG) & (ReceivedRow.seq == living.seq)
        unit.session.execute(sa.update(ReceivedRow).where(here).values(body=forged.body))
    assert f"{LOG} {living.epoch}/{living.seq}: its owner did not erase this" in breaks(city)


def test_what_is_erased_does_not_lie_on_in_the_file(committees: Mapping[str, Committee], tmp_path: Path) -> None:
    county, city = committees[COUNTY], committees[CITY]
    id = tell(county, ["c"], versions=40)
    carry(county, city)
    county.erase(id, 41)
    carry(county, city)
    for each in (county, city):
        with each.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        assert not any(b"canary" in file.read_bytes() for file in tmp_path.glob(f"{each.id}.db*"))


def test_who_joins_later_follows_the_log_over_its_holes(committees: Mapping[str, Committee]) -> None:
    county, city, province = (committees[each] for each in (COUNTY, CITY, PROVINCE))
    id = tell(county, ["p"])
    carry(county, city)
    county.erase(id, 4)
    carry(county, city, province)
    assert province.shown() == city.shown()
    assert len(province.shown()) == 4
    assert province.inbox.reading(LOG).head[:3] == city.inbox.reading(LOG).head[:3]
    assert not secret(province)


def test_a_key_that_was_withdrawn_stops_no_log_at_a_hole_and_keeps_no_byte(
    committees: Mapping[str, Committee], world: World
) -> None:
    county, city, province = (committees[each] for each in (COUNTY, CITY, PROVINCE))
    id = tell(county, ["p"])
    carry(county, city)
    county.erase(id, 4)
    world.event[COUNTY] = [jose.new_key()]
    for each in (county, city, province):
        each.again()
    carry(county, city, province)
    for each in (city, province):
        assert not secret(each), "who had applied it, and who had not"
        assert each.inbox.reading(LOG).head[:3] == county.head("p")[:3]
        assert len(each.shown()) == 4
        assert each.rows(AlarmRow) == []


def test_holes_are_handed_on_by_fellow_readers(committees: Mapping[str, Committee]) -> None:
    county, city, province = (committees[each] for each in (COUNTY, CITY, PROVINCE))
    id = tell(county)
    carry(county, city)
    county.erase(id, 4)
    carry(county, city)
    with city.inbox.view(LOG) as held:
        assert held is not None
        handed = [wire.event(each.body, each.proof, LOG) for each in held.page(0)]
    assert sum(1 for each in handed if each.hole) == 3
    [step] = province.inbox.take({LOG: handed}, caught_up=True)
    assert (step.reading.trouble, step.reading.head.seq) == (Trouble.NONE, county.head("p").seq)
    assert id not in province.shown()
    assert len(province.shown()) == 4


def test_a_fellow_reader_cannot_withhold_a_living_record(committees: Mapping[str, Committee]) -> None:
    county, partner = committees[COUNTY], committees[PARTNER]
    id = tell(county, [MECHANISM], versions=1)
    log = log_of(COUNTY, MECHANISM)
    page = county.page(MECHANISM)
    at = next(n for n, each in enumerate(page) if decode(each.body).subject == id)
    head = page[at].head()
    cases = {
        "": Trouble.FORGED,
        county.trust.sign(log, head): Trouble.FORGED,
        partner.trust.sign_erasure(log, head): Trouble.UNKNOWN_KEY,
    }
    for forged, trouble in cases.items():
        withheld = [*page[:at], page[at]._replace(hole=Hole(head.chain, forged)), *page[at + 1 :]]
        [step] = partner.inbox.take({log: withheld}, caught_up=False)
        assert (step.apply, step.reading.trouble) == ((), trouble)
    [step] = partner.inbox.take({log: page}, caught_up=True)
    assert step.reading.trouble is Trouble.NONE
    assert id in partner.shown()


def test_a_delete_blanks_only_what_was_said_of_its_own_record(committees: Mapping[str, Committee]) -> None:
    """Though its owner signed it: a fault in one release must not empty its neighbours' evidence."""
    county, city = committees[COUNTY], committees[CITY]
    living, id = tell(county, ["p"], versions=1), tell(county, ["p"], versions=1)
    carry(county, city)
    wrong = next(each for each in county.page("p") if decode(each.body).subject == living)
    proof = county.trust.sign_erasure(LOG, wrong.head())
    told = decode(next(each for each in county.page("p") if decode(each.body).subject == id).body)
    delete = msgspec.structs.replace(
        told, op="delete", data=[{"epoch": wrong.epoch, "seq": wrong.seq, "proof": proof}, {"epoch": 1}]
    )
    for named in (delete.data[:1], delete.data):
        with city.units.write() as unit:
            erasing.erase_heard(unit, city.trust, LOG, [msgspec.structs.replace(delete, data=named)])
    assert [row.code for row in city.rows(AlarmRow)] == ["NOT_ERASED"]
    many = msgspec.structs.replace(delete, data=delete.data[:1] * 400)
    with city.units.write() as unit:
        erasing.erase_heard(unit, city.trust, LOG, [many] * 3)
    assert [row.times for row in city.rows(AlarmRow)] == [2], "once for all of a page, not once for each place"
    assert not any(wire.is_hole(row.body) for row in city.rows(ReceivedRow))
    assert living in city.shown()


def test_what_a_left_epoch_said_of_a_record_is_erased_with_it(committees: Mapping[str, Committee]) -> None:
    county, city = committees[COUNTY], committees[CITY]
    id = tell(county, ["p"])
    carry(county, city)
    county.own.begin_epoch("restored")
    carry(county, city)
    assert sum(b"canary" in row.body for row in city.rows(ReceivedRow)) == 4, "both lives told of it"
    county.erase(id, 4)
    carry(county, city)
    assert not secret(county)
    assert not secret(city)


def test_who_missed_the_delete_hears_it_in_the_next_epoch(committees: Mapping[str, Committee]) -> None:
    county, city, province = (committees[each] for each in (COUNTY, CITY, PROVINCE))
    id = tell(county, ["p"])
    carry(county, city)
    county.erase(id, 4)
    county.own.begin_epoch("restored")
    carry(county, city, province)
    assert id not in city.shown()
    assert not secret(city)
    assert len(province.shown()) == 4
    county.own.begin_epoch("restored again")
    carry(county, city, province)
    assert city.shown() == province.shown()
    assert city.rows(AlarmRow) == []
    county.world.clock.on(days=401)
    erasing.Erasures(county.units).drop_old()
    county.own.begin_epoch("long after")
    assert not [each for each in county.page("p") if decode(each.body).op == "delete"], "it is not said for ever"


def test_a_record_that_came_to_life_again_lives_in_the_next_epoch(committees: Mapping[str, Committee]) -> None:
    county, city, province = (committees[each] for each in (COUNTY, CITY, PROVINCE))
    id = tell(county, ["p"], versions=1)
    county.erase(id, 2)
    county.publish(id, 3, ["p"], mechanism_joint_ids={"again": []})
    carry(county, city)
    county.own.begin_epoch("restored")
    carry(county, city, province)
    assert city.shown() == province.shown()
    assert city.shown()[id][:2] == (3, "['again']")
    assert not secret(city)


def test_what_readers_gave_back_is_erased_too(committees: Mapping[str, Committee]) -> None:
    county = committees[COUNTY]
    id = tell(county, ["p"], versions=1)
    forgotten = [each for each in county.page("p") if b"canary" in each.body]
    county.own.salvage(LOG, [each._replace(epoch="000000-aaaa") for each in forgotten])
    county.own.salvage(LOG, [wire.hole(LOG, Head("000000-aaaa", 77, b"x" * 32, "gone"), b"x" * 32)])
    assert len(county.rows(SalvagedRow)) == 1, "a hole says nothing"
    county.erase(id, 2)
    assert county.rows(SalvagedRow) == []


def test_more_places_than_one_event_can_name_are_named_in_several(
    county: Committee, city: Committee, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenant_service.exchange.erasing.MOST_NAMED", 4)
    id = tell(county, ["p"], versions=10)
    carry(county, city)
    county.erase(id, 11)
    deletes = [told for each in county.page("p") if not each.hole and (told := decode(each.body)).op == "delete"]
    assert [len(each.data) for each in deletes] == [4, 4, 2]
    assert {each.id for each in deletes} == {deletes[0].id}
    carry(county, city)
    assert not secret(city)


def test_a_full_delete_is_no_larger_than_what_the_hub_takes(county: Committee) -> None:
    place = Erased("000001-9f86d0818f3e21aa", 10**9, county.trust.sign_erasure(LOG, Head("e", 1, b"x" * 32)))
    assert len(msgspec.json.encode([place] * erasing.MOST_NAMED)) < 126_000


def test_the_hub_is_asked_about_every_place_until_it_says_so(county: Committee) -> None:
    id = tell(county, ["p", "c"])
    county.erase(id, 4)
    asked, erase = [], county_due(county, None)
    while erase:
        asked.append((erase.channel, len(erase.seqs)))
        erase = county_due(county, erase)
    assert asked == [("c", 3), ("p", 3)]
    first = county_due(county, None)
    assert first is not None
    erasing.Erasures(county.units).forgotten(first)
    left = county_due(county, None)
    assert left is not None
    assert left.channel == "p"
    assert county_due(county, None, also_forgotten=True) == first
    county.world.clock.on(days=401)
    erasing.Erasures(county.units).drop_old()
    assert county.rows(ErasureRow) == []


def county_due(county: Committee, after: wire.Erase | None, *, also_forgotten: bool = False) -> wire.Erase | None:
    return erasing.Erasures(county.units).due(after, also_forgotten=also_forgotten)


def test_every_event_is_found_by_what_it_is_about(county: Committee) -> None:
    tell(county, ["p"])
    rows = county.rows(OutboxRow)
    assert [row.record for row in rows] == [decode(row.body).subject for row in rows]


def test_whoever_verifies_everything_follows_the_chains_over_the_holes(committees: Mapping[str, Committee]) -> None:
    county, city = committees[COUNTY], committees[CITY]
    id = tell(county, ["p"])
    carry(county, city)
    county.erase(id, 4)
    carry(county, city)
    for each in (county, city):
        found = looked_through(each)
        assert (found.breaks, found.erased) == ([], 3)
    with city.units.write() as unit:
        row = next(row for row in unit.session.scalars(sa.select(ReceivedRow)) if wire.is_hole(row.body))
        was = wire.event(row.body, log=row.log)
        forged = was.head()._replace(proof=city.trust.sign_erasure(row.log, was.head()))
        row.body = wire.hole(row.log, forged, was.prev).body
    assert looked_through(city).unknown == 1, "signed, but with no key of its owner"


def looked_through(each: Committee) -> Verified:
    with each.units.read() as unit:
        return verified(unit.session, each.trust)


def broken(_session: Session, _seen: Seen) -> None:
    raise ZeroDivisionError


def test_an_event_that_nobody_could_read_is_no_dead_letter_once_it_is_erased(
    committees: Mapping[str, Committee],
) -> None:
    county, city = committees[COUNTY], committees[CITY]
    city.projections = {"value": broken}
    city.again()
    id = tell(county, ["p"], versions=1)
    carry(county, city)
    assert id in {row.record for row in city.rows(DeadLetterRow)}
    county.erase(id, 2)
    carry(county, city)
    assert id not in {row.record for row in city.rows(DeadLetterRow) if row.seq < county.head("p").seq}


def test_a_stash_gives_holes_back_as_it_took_them(committees: Mapping[str, Committee]) -> None:
    county, city = committees[COUNTY], committees[CITY]
    id = tell(county, ["p"])
    county.erase(id, 4)
    page = county.page("p")
    assert any(each.hole for each in page[2:])
    city.inbox.take({LOG: page[2:]}, caught_up=False)
    assert city.shown() == {}
    again: list[Event] = page[:2]
    city.inbox.take({LOG: again}, caught_up=True)
    assert len(city.shown()) == 4
