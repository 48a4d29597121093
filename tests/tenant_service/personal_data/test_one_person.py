"""What is held of one person: told whole to its subject, erased without a trace, followed to whom it was told."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine, MetaData, inspect, select, text
from sqlalchemy.orm import Session

from sync.bus import wire
from sync.contract import records
from sync.contract.errors import Code, Refusal
from sync.contract.ids import kind_of
from sync.contract.shapes.venues import VenueKind
from tenant_service.exchange.models import ErasureRow, OutboxRow, ReceiptRow
from tenant_service.identity.actor import Actor
from tenant_service.identity.audit_log import checking as audit_checking
from tenant_service.identity.disclosures import Told
from tenant_service.identity.models import AccountRow, DisclosureRow, IdempotencyRow
from tenant_service.identity.policy import Role
from tenant_service.members import address_book
from tenant_service.members import service as people
from tenant_service.members.address_book import Wanted
from tenant_service.members.models import MembershipRow, PersonRow
from tenant_service.personal_data import queries, service
from tenant_service.personal_data.rules import MaskedField
from tenant_service.roster import service as roster_service
from tenant_service.storage import search
from tenant_service.storage.personal import Held
from tenant_service.storage.unit_of_work import Units
from tenant_service.venues import service as venues
from tests.tenant_service import places
from tests.tenant_service.members.office import refused
from tests.tenant_service.personal_data.people import ABROAD, CANARIES, NAME, PHONE, kept_answer, leave, somebody


def walked(engine: Engine, *words: str) -> Iterator[tuple[str, str, str]]:
    """Table, key and word of every row of every table in which one of the words stands, in text or in bytes."""
    with engine.connect() as connection:
        for table in inspect(engine).get_table_names():
            keys = inspect(engine).get_pk_constraint(table)["constrained_columns"]
            for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings():
                values = [each if isinstance(each, bytes) else str(each).encode() for each in row.values()]
                for word in words:
                    if any(word.encode() in value for value in values):
                        yield table, "/".join(str(row[key]) for key in keys), word


def gathered(units: Units, actor: Actor, id: str) -> list[Held]:
    with units.read() as unit:
        return queries.held(unit.session, queries.subject(unit.session, actor, id))


@pytest.fixture
def person(units: Units, clerk: Actor, secretary: Actor) -> str:
    return somebody(units, clerk, secretary)


KEPT_FOR_OTHERS = ("clerk/k", "secretary/k")
"""Answers that tell of the person, and of the person's seat; the one of the venue has no contact in it."""
ONLY_IDS = {"change", "search_pairs", "search_pairs_content", "search_pairs_data", "search_pairs_idx"}
"""The list of what changed (ids, for a week), and the index below `search_text`."""


def test_the_export_to_its_subject_has_every_row_of_every_table(
    units: Units, engine: Engine, clerk: Actor, person: str
) -> None:
    found = {(table, key) for table, key, _ in walked(engine, person, *CANARIES) if table not in ONLY_IDS}
    told = {(each.table, each.key) for each in gathered(units, clerk, person)}
    assert found <= told, found - told
    tables = {table for table, _ in told}
    assert tables >= {
        "person", "person_tag", "membership", "roster_line", "participation", "request", "venue", "activity", "account",
        "browser_session", "sign_in_link", "disclosure", "audit_entry", "idempotency_key", "personal_read",
        "search_text", "issued_code",
    }  # fmt: skip


def neighbours(units: Units, clerk: Actor) -> list[str]:
    """Others' acts under the same keys, in whose texts and longer names the person's name stands; whose and which."""
    directory, draft = places.directory(), venues.Draft(f"{NAME}明工作室", VenueKind.HALL, "二号")
    with units.write() as unit:
        made = venues.add(unit, clerk, directory, dataclasses.replace(draft, contact_name=f"{NAME}明"), [])
        kept_answer(unit, "street", "k", made)
        other = people.add_person(unit, clerk, people.PersonDraft(f"{NAME}明", work_phone="13811112222"))
        kept_answer(unit, "street", "p", other)
        kept_answer(unit, "other", "k", made)
    return ["street/k", "street/p", "other/k"]


def test_nobody_elses_row_is_in_it(units: Units, clerk: Actor, person: str) -> None:
    mine = {(each.table, each.key) for each in gathered(units, clerk, person)}
    neighbours(units, clerk)
    assert {(each.table, each.key) for each in gathered(units, clerk, person)} == mine
    answers = {each.key: each.values for each in gathered(units, clerk, person) if each.table == "idempotency_key"}
    own = [key for key, values in answers.items() if "answer" in values]
    assert [kind_of(key.split("/")[1]) for key in own] == ["account"], "what was answered to others is theirs"
    assert {key for key in answers if key not in own} == {f"{places.JIASHAN}/{key}" for key in KEPT_FOR_OTHERS}


def test_who_is_erased_undoes_no_act_of_others(units: Units, clerk: Actor, secretary: Actor, person: str) -> None:
    def kept() -> dict[str, bytes]:
        with units.read() as unit:
            rows = unit.session.scalars(select(IdempotencyRow))
            return {f"{row.sub}/{row.key}": row.answer for row in rows if row.sub != own}

    with units.read() as unit:
        own = unit.session.scalars(select(AccountRow.id).where(AccountRow.person_id == person)).one()
    theirs = neighbours(units, clerk)
    before = kept()
    leave(units, clerk, person)
    erased(units, secretary, person)
    after = kept()
    assert after.keys() == before.keys()
    assert [after[each] for each in theirs] == [before[each] for each in theirs]
    for each in KEPT_FOR_OTHERS:
        told = msgspec.json.decode(after[each])
        assert records.read(kind_of(told["id"]), told), "it is answered again"
        assert not [word for word in CANARIES if word.encode() in after[each]]


def test_nothing_secret_is_in_it(units: Units, clerk: Actor, person: str) -> None:
    names = {name for each in gathered(units, clerk, person) for name in each.values}
    assert not names & {"password_hash", "csrf"}
    assert not [each for each in gathered(units, clerk, person) if each.table == "browser_session"
                and "digest" in each.values]  # fmt: skip


def test_it_is_for_the_person_and_for_the_office(units: Units, clerk: Actor, member: Actor, person: str) -> None:
    own = places.staff(places.JIASHAN, Role.MEMBER, person=person)
    assert gathered(units, own, person)
    for actor, code in (
        (member, Code.FORBIDDEN), (places.stranger(places.JIASHAN, places.QINGPU, Role.CLERK), Code.FORBIDDEN),
        (places.staff(places.JIASHAN, Role.SYSTEM_ADMIN), Code.FORBIDDEN),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refusal:
            gathered(units, actor, person)
        assert refusal.value.code is code


# ── erasing ──


def erased(units: Units, secretary: Actor, id: str) -> int:
    with units.write() as unit:
        return service.erase(unit, secretary, id, "SUBJECT").rows


def test_an_erased_person_stands_nowhere(
    units: Units, engine: Engine, clerk: Actor, secretary: Actor, person: str
) -> None:
    assert {word for _, _, word in walked(engine, *CANARIES)} == set(CANARIES), "the search sees all of them before"
    leave(units, clerk, person)
    assert erased(units, secretary, person) > 5
    assert list(walked(engine, *CANARIES)) == []
    with units.read() as unit:
        assert unit.session.scalars(search.matching(unit.session, "person", NAME)).all() == []
        found = address_book.persons(unit.session, clerk, Wanted(name=NAME), places.SPRING.date(), 20, None)
        assert found.rows == []
        assert audit_checking.check(unit.session, [places.key(places.JIASHAN, "event")]).fault is None


def test_what_was_said_on_the_bus_is_a_hole_and_is_erased_elsewhere(
    units: Units, clerk: Actor, secretary: Actor, person: str
) -> None:
    def said() -> list[bytes]:
        with units.read() as unit:
            rows = select(OutboxRow.body).where(OutboxRow.channel == f"x_{places.QINGPU}").order_by(OutboxRow.seq)
            return list(unit.session.scalars(rows))

    leave(units, clerk, person)
    before = said()
    assert [b'"put"' in body for body in before] == [False, True]
    erased(units, secretary, person)
    after = said()
    assert after[0] == before[0]
    assert wire.is_hole(after[1])
    assert msgspec.json.decode(after[2])["op"] == "delete"
    with units.read() as unit:
        assert unit.session.scalars(select(ErasureRow)).all()


def test_what_figures_are_counted_from_stays(units: Units, clerk: Actor, secretary: Actor, person: str) -> None:
    with units.read() as unit:
        before = address_book.counts(unit.session, clerk, places.SPRING.date(), 10).total
    leave(units, clerk, person)
    erased(units, secretary, person)
    with units.read() as unit:
        assert address_book.counts(unit.session, clerk, places.SPRING.date(), 10).total == before == 1
        row = unit.session.get_one(PersonRow, person)
        assert (row.name, row.work_phone, row.birth_month) == ("（已删除）", None, None)
        held = unit.session.scalars(select(MembershipRow).where(MembershipRow.person_id == person)).all()
        assert 10 in {each.term for each in held}
        assert {(each.title, each.until) for each in held} == {(None, places.SPRING.date())}
    held_still = {each.table for each in gathered(units, clerk, person)}
    assert {"person", "membership", "participation", "request"} <= held_still


def test_the_account_is_gone_and_who_looked_stays_known(
    units: Units, clerk: Actor, secretary: Actor, person: str
) -> None:
    leave(units, clerk, person)
    erased(units, secretary, person)
    with units.read() as unit:
        account = unit.session.scalars(select(AccountRow).where(AccountRow.person_id == person)).one()
        assert (account.is_open, account.roles, account.password_hash) == (False, [], "!")
        rows = unit.session.scalars(select(DisclosureRow).where(DisclosureRow.subject == person)).all()
    assert [(row.act, row.sub, row.reason) for row in sorted(rows, key=lambda row: row.id)] == [
        ("personal.reveal", clerk.sub, None), ("personal.erase", secretary.sub, None)
    ]  # fmt: skip


def test_who_has_not_left_is_not_erased(units: Units, secretary: Actor, person: str) -> None:
    refused(units, Code.OUT_OF_TURN, lambda unit: service.erase(unit, secretary, person, "SUBJECT"))


def test_erasing_needs_the_right_and_the_purpose(units: Units, clerk: Actor, secretary: Actor, person: str) -> None:
    leave(units, clerk, person)
    refused(units, Code.FORBIDDEN, lambda unit: service.erase(unit, clerk, person, "SUBJECT"))
    refused(units, Code.PURPOSE_NEEDED, lambda unit: service.erase(unit, secretary, person, ""))
    gone = f"{places.JIASHAN}.person.{'0' * 32}"
    refused(units, Code.NOT_FOUND, lambda unit: service.erase(unit, secretary, gone, "SUBJECT"))


def test_a_namesake_keeps_what_is_theirs(units: Units, engine: Engine, clerk: Actor, secretary: Actor) -> None:
    person = somebody(units, clerk, secretary)
    with units.write() as unit:
        other = people.add_person(unit, clerk, people.PersonDraft(NAME, birth_month="1970-01", work_phone="8400000")).id
    leave(units, clerk, person)
    erased(units, secretary, person)
    with units.read() as unit:
        row = unit.session.get_one(PersonRow, other)
        assert (row.name, row.work_phone) == (NAME, "8400000")
    assert {table for table, _, _ in walked(engine, NAME)} <= {"person", "search_text"}
    assert list(walked(engine, PHONE)) == []


# ── what has left ──


def told_of(units: Units, clerk: Actor, id: str) -> list[tuple[str, str, str | None, int]]:
    with units.read() as unit:
        whom = queries.subject(unit.session, clerk, id)
        found = queries.disclosed(unit.session, clerk, whom, queries.held(unit.session, whom))
    return [(each.act, each.sub, each.field, each.rows) for each in found]


def test_everybody_who_was_shown_anything_is_told_contacts_and_rosters_included(
    units: Units, clerk: Actor, secretary: Actor, person: str, clock: places.Clock
) -> None:
    revealed = [("personal.reveal", clerk.sub, field, 1) for field in ("work_phone", "contact_phone", "contact_phone")]
    assert told_of(units, clerk, person) == revealed
    with units.write() as unit:
        roster_service.note_export(unit, secretary, Told("", "MEETING"), 300, 3_000)
        service.note_export(unit, clerk, person, Told("法院依法调取", "LAWFUL"), 3_000)
    exports = [("members.export", secretary.sub, None, 300), ("personal.export", clerk.sub, None, 1)]
    assert sorted(told_of(units, clerk, person)[3:]) == exports
    clock.on(days=1)
    leave(units, clerk, person)
    clock.on(days=30)
    with units.write() as unit:
        roster_service.note_export(unit, secretary, Told("", "MEETING"), 299, 3_000)
    assert len(told_of(units, clerk, person)) == 5, "who has left stands in no roster"
    namesake = f"{places.JIASHAN}.person.{'0' * 32}"
    with units.read() as unit, pytest.raises(Refusal):
        queries.subject(unit.session, clerk, namesake)


def test_who_may_read_it_no_more_and_had_it_is_still_told(units: Units, clerk: Actor, person: str) -> None:
    with units.write() as unit:
        row = unit.session.scalars(select(OutboxRow).where(OutboxRow.channel == f"x_{places.QINGPU}")).all()[-1]
        for reader, seq in ((places.WUJIANG, row.seq), (places.YUHANG, 0)):
            unit.session.add(
                ReceiptRow(channel=row.channel, reader=reader, epoch=row.epoch, seq=seq, chain=row.chain,
                           at=unit.now, proof="p")
            )  # fmt: skip
    with units.read() as unit:
        rows = queries.held(unit.session, queries.subject(unit.session, clerk, person))
        [only] = queries.departures(unit.session, clerk, places.directory(), rows)
    assert [(each.committee_id, each.confirmed_at) for each in only.former] == [(places.WUJIANG, places.SPRING)]
    assert [each.committee_id for each in only.readers] == [places.QINGPU]


def test_what_left_is_followed_to_its_readers(units: Units, clerk: Actor, person: str) -> None:
    with units.read() as unit:
        rows = queries.held(unit.session, queries.subject(unit.session, clerk, person))
        gone = queries.departures(unit.session, clerk, places.directory(), rows)
    [only] = gone
    asked = next(each for each in rows if each.table == "request" and each.values["subject_id"] == ABROAD)
    assert (only.record, only.channel, only.is_shared) == (asked.key, f"x_{places.QINGPU}", True)
    assert only.last_at == places.SPRING
    assert [(each.committee_id, each.confirmed_at) for each in only.readers] == [(places.QINGPU, None)]


def test_a_receipt_says_when_it_arrived(units: Units, clerk: Actor, person: str, engine: Engine) -> None:
    with units.read() as unit:
        newest = select(OutboxRow).where(OutboxRow.channel == f"x_{places.QINGPU}").order_by(OutboxRow.seq.desc())
        row = unit.session.scalars(newest).first()
        assert row is not None
    receipt: dict[str, Any] = {
        "channel": row.channel, "reader": places.QINGPU, "epoch": row.epoch, "seq": row.seq, "chain": row.chain,
        "at": places.SPRING, "proof": "p",
    }  # fmt: skip
    with Session(engine) as session:
        session.add(ReceiptRow(**receipt))
        session.commit()
    with units.read() as unit:
        rows = queries.held(unit.session, queries.subject(unit.session, clerk, person))
        [only] = queries.departures(unit.session, clerk, places.directory(), rows)
    assert [each.confirmed_at for each in only.readers] == [places.SPRING]


def test_what_was_erased_is_still_told_of(units: Units, clerk: Actor, secretary: Actor, person: str) -> None:
    leave(units, clerk, person)
    erased(units, secretary, person)
    with units.read() as unit:
        rows = queries.held(unit.session, queries.subject(unit.session, clerk, person))
        [only] = queries.departures(unit.session, clerk, places.directory(), rows)
    assert only.erased_at == places.SPRING
    assert not only.is_shared


def test_of_a_record_only_the_office_is_told(units: Units, clerk: Actor, member: Actor) -> None:
    with units.read() as unit, pytest.raises(Refusal) as refusal:
        queries.of_record(unit.session, member, places.directory(), ABROAD)
    assert refusal.value.code is Code.FORBIDDEN
    with units.read() as unit:
        assert queries.of_record(unit.session, clerk, places.directory(), ABROAD) == []


def test_texts_that_name_the_person_are_named_to_whoever_erases(units: Units, clerk: Actor, person: str) -> None:
    with units.write() as unit:
        made = venues.add(unit, clerk, places.directory(), venues.Draft(f"{NAME}工作室", VenueKind.HALL, "二号"), [])
    with units.read() as unit:
        assert queries.mentions(unit.session, queries.subject(unit.session, clerk, person)) == [made.id]


def test_a_contact_of_the_same_name_with_another_phone_is_a_stranger_until_the_office_says_so(
    units: Units, clerk: Actor, secretary: Actor, person: str
) -> None:
    stranger = venues.Draft("邻村议事厅", VenueKind.HALL, "三号", contact_name=NAME, contact_phone="13600001111")
    with units.write() as unit:
        made = venues.add(unit, clerk, places.directory(), stranger, [])
    assert made.id not in {each.key for each in gathered(units, clerk, person)}
    with units.read() as unit:
        assert made.id in queries.mentions(unit.session, queries.subject(unit.session, clerk, person))
    leave(units, clerk, person)
    erased(units, secretary, person)
    with units.read() as unit:
        assert queries.standing(unit.session, made.id, MaskedField.CONTACT_PHONE) == "13600001111"


def test_every_table_is_looked_into(tables: MetaData, engine: Engine) -> None:
    """The walk above sees every table that there is."""
    assert {table.name for table in tables.sorted_tables} <= set(inspect(engine).get_table_names())
