"""What the office does with the ledger itself. One function, one use case, one transaction."""

import datetime as dt
from dataclasses import dataclass

from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import day_of
from tenant_service import wording
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.performance import ledger_service as ledger
from tenant_service.performance import queries
from tenant_service.performance.models import LedgerRow, LedgerYearRow
from tenant_service.performance.rules import Deed, LedgerSource
from tenant_service.services import People
from tenant_service.storage.unit_of_work import Unit

EARLIEST = dt.date(1949, 9, 21)
"""Before that day there was nothing to take part in."""


@dataclass(frozen=True)
class Draft:
    """What the office enters (登记): what somebody did that no other list of ours has.

    Attributes:
        title: What it was, 1–120 characters.
        note: On what ground, such as the number of the paper; up to 200 characters.
    """

    person: str
    deed: Deed
    day: dt.date
    title: str
    note: str | None = None


def enter(unit: Unit, actor: Actor, people: People, draft: Draft) -> LedgerRow:
    """登记履职: a line that comes of no other record, written by the office.

    Raises:
        Refusal: FORBIDDEN; NOT_FOUND, nobody of ours; BAD_VALUE, also for a day to come; CLASSIFIED.
    """
    actor.require(UseCase.KEEP_LEDGER)
    if draft.person not in people.named(unit.session, [draft.person]):
        raise Refusal(Code.NOT_FOUND)
    if not EARLIEST <= draft.day <= day_of(unit.now):
        raise Refusal(Code.BAD_VALUE, field="day", why=Said("须为今天或以前", "today or before"))
    id = unit.new_id("ledger_line")
    row = LedgerRow(
        id=id, person_id=draft.person, subject=id, version=1, seq=1, deed=draft.deed, day=draft.day, role=None,
        title=wording.text("title", draft.title, ledger.LONGEST_TITLE), source=LedgerSource.ENTERED,
        is_late=ledger.is_closed(unit.session, draft.day), counters_id=None,
        note=wording.optional("note", draft.note, 200), written_at=unit.now, written_by=actor.sub,
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    audit.note(unit, actor, "ledger.enter", id)
    return row


def take_back(unit: Unit, actor: Actor, id: str, reason: str) -> LedgerRow:
    """冲销: a line that the office entered no longer counts; both stay. Other lines follow their record, where it is
    corrected.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, NEEDS_REASON, CLASSIFIED; ALREADY_DONE; OUT_OF_TURN, it comes of a record.
    """
    actor.require(UseCase.KEEP_LEDGER)
    row = queries.one(unit.session, actor, id)
    if row.source is not LedgerSource.ENTERED:
        raise Refusal(Code.OUT_OF_TURN, now=row.source)
    if row.counters_id or queries.taken_back(unit.session, [id]):
        raise Refusal(Code.ALREADY_DONE)
    made = ledger.counter(unit, row, row.version + 1, row.seq + 1, wording.reason(reason), actor.sub)
    unit.session.flush()
    audit.note(unit, actor, "ledger.take_back", id)
    return made


def close_year(unit: Unit, actor: Actor, year: int) -> LedgerYearRow:
    """年度结账: whatever still comes for that year counts in it, and is marked late.

    Raises:
        Refusal: FORBIDDEN; BAD_VALUE, the year is not over; ALREADY_DONE.
    """
    actor.require(UseCase.KEEP_LEDGER)
    if not EARLIEST.year <= year < day_of(unit.now).year:
        raise Refusal(Code.BAD_VALUE, field="year", why=Said("须为以前的年度", "a year that is over"))
    if queries.closed(unit.session, year):
        raise Refusal(Code.ALREADY_DONE)
    row = LedgerYearRow(year=year, closed_at=unit.now, closed_by=actor.sub)
    unit.session.add(row)
    audit.note(unit, actor, "ledger.close_year", str(year))
    return row
