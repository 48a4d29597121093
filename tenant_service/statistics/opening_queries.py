"""Reads of totals from before the platform: the entries, what they come to, and what of them is counted."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.instants import day_of
from sync.contract.shapes.values import IndicatorCode
from tenant_service.counting.figures import Counting
from tenant_service.counting.rules import Tally
from tenant_service.signing.rules import Approval
from tenant_service.statistics.models import OpeningRow, PlatformStartRow
from tenant_service.statistics.opening_rules import Days, Part, Total, part_of
from tenant_service.storage.unit_of_work import Unit

_START = 1
_IN_ORDER = OpeningRow.since.desc(), OpeningRow.indicator, OpeningRow.kind, OpeningRow.entered_at, OpeningRow.id


@dataclass(frozen=True)
class Wanted:
    """Which entries; everything given must hold."""

    indicator: IndicatorCode | None = None
    approval: Approval | None = None
    is_withdrawn: bool | None = None


def entries(session: Session, wanted: Wanted) -> Sequence[OpeningRow]:
    """The newest days first; a correction behind what it puts right."""
    rows = select(OpeningRow)
    if wanted.indicator:
        rows = rows.where(OpeningRow.indicator == wanted.indicator)
    if wanted.approval:
        rows = rows.where(OpeningRow.approval == wanted.approval)
    if wanted.is_withdrawn is not None:
        withdrawn = OpeningRow.withdrawn_because.is_not(None)
        rows = rows.where(withdrawn if wanted.is_withdrawn else ~withdrawn)
    return session.scalars(rows.order_by(*_IN_ORDER)).all()


def one(session: Session, id: str) -> OpeningRow:
    """Raises: Refusal NOT_FOUND."""
    row = session.get(OpeningRow, id)
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return row


def locked(session: Session, id: str) -> OpeningRow:
    """Raises: Refusal NOT_FOUND."""
    row = session.get(OpeningRow, id, with_for_update=True)
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return row


def waiting_of(session: Session, ids: Sequence[str]) -> Sequence[OpeningRow]:
    """Those of these entries that wait to be signed, as `entries` has them; locked."""
    waits = OpeningRow.approval == Approval.IN_REVIEW, OpeningRow.withdrawn_because.is_(None)
    wanted = select(OpeningRow).where(OpeningRow.id.in_(ids), *waits).order_by(*_IN_ORDER)
    return session.scalars(wanted.with_for_update()).all()


def corrections(session: Session, id: str) -> Sequence[OpeningRow]:
    """What puts this entry right, signed or not, as it was entered."""
    rows = select(OpeningRow).where(OpeningRow.corrects_id == id).order_by(OpeningRow.entered_at, OpeningRow.id)
    return session.scalars(rows).all()


def waiting(session: Session, id: str) -> bool:
    """Whether a correction of this entry was entered and neither signed nor discarded."""
    return any(each.approval is not Approval.SIGNED for each in corrections(session, id))


def standing(session: Session, indicator: IndicatorCode, days: Days, but: str | None = None) -> list[Total]:
    """Totals that meet these days and were not withdrawn, drafts too: whoever enters another one would count again."""
    rows = select(OpeningRow).where(
        OpeningRow.indicator == indicator, OpeningRow.since <= days.until, OpeningRow.until >= days.since,
        OpeningRow.withdrawn_because.is_(None), OpeningRow.corrects_id.is_(None),
    )  # fmt: skip
    return [total_of(row) for row in session.scalars(rows) if row.id != but]


def signed(session: Session, indicator: IndicatorCode, days: Days) -> list[Total]:
    """Totals that count and meet these days, with what put them right."""
    rows = select(OpeningRow).where(
        OpeningRow.indicator == indicator, OpeningRow.since <= days.until, OpeningRow.until >= days.since,
        OpeningRow.approval == Approval.SIGNED, OpeningRow.withdrawn_because.is_(None),
    )  # fmt: skip
    sums: dict[tuple[str, Days], int] = {}
    for row in session.scalars(rows.order_by(OpeningRow.since, OpeningRow.until, OpeningRow.kind)):
        of = row.kind, Days(row.since, row.until)
        sums[of] = sums.get(of, 0) + row.number
    return [Total(indicator, kind, its, number) for (kind, its), number in sums.items()]


def total_of(row: OpeningRow) -> Total:
    return Total(row.indicator, row.kind, Days(row.since, row.until), row.number)


def comes_to(session: Session, row: OpeningRow) -> int:
    """The entry with every correction of it that was signed."""
    return row.number + sum(
        each.number for each in corrections(session, row.id)
        if each.approval is Approval.SIGNED and each.withdrawn_because is None
    )  # fmt: skip


def parts(unit: Unit, counting: Counting, code: IndicatorCode, since: dt.date, until: dt.date) -> list[Part]:
    """What the totals that meet these days add to an indicator."""
    totals = signed(unit.session, code, Days(since, until))
    if not totals or code not in counting.flows:
        return []
    first, last = min(each.days.since for each in totals), max(each.days.until for each in totals)
    rows = own_rows(unit, counting, code, first, last)
    return [part_of(each, rows) for each in totals]


def own_rows(unit: Unit, counting: Counting, code: IndicatorCode, first: dt.date, last: dt.date) -> list[Tally]:
    """What a flow counts from rows, others' that name us a host as well."""
    of = counting.flows[code]
    joint = of.joint(unit.session, unit.committee, first, last) if of.joint else []
    others = [Tally(each.day, each.kind, each.mechanism, 1) for each in joint if each.owner != unit.committee]
    return of.daily(unit.session, first, last) + others


_BEGINNING = text("INSERT INTO platform_start (id, day) VALUES (1, NULL) ON CONFLICT DO NOTHING")


def lock(session: Session) -> PlatformStartRow:
    """Until the act is over nobody else enters, signs or withdraws a total, or chooses the first day."""
    session.execute(_BEGINNING)
    return session.get_one(PlatformStartRow, _START, with_for_update=True, populate_existing=True)


def start(session: Session) -> dt.date | None:
    """启用日期, as it was chosen; None: nobody did."""
    row = session.get(PlatformStartRow, _START)
    return row.day if row else None


def rows_count_from(unit: Unit, counting: Counting, code: IndicatorCode, ever: Days) -> dt.date:
    """The first day that our own rows count for an indicator: as it was chosen, else that of the first row, else the
    day it is.
    """
    chosen = start(unit.session)
    if chosen is not None:
        return chosen
    days = [each.day for each in own_rows(unit, counting, code, *ever)] if code in counting.flows else []
    return min(days, default=day_of(unit.now))


def last_day(session: Session) -> dt.date | None:
    """The last day of any total that was not withdrawn."""
    found: dt.date | None = session.scalar(
        select(func.max(OpeningRow.until)).where(OpeningRow.withdrawn_because.is_(None))
    )
    return found


def newest_change(session: Session) -> dt.datetime | None:
    found: dt.datetime | None = session.scalar(select(func.max(OpeningRow.changed_at)))
    return found
