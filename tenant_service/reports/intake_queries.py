"""来稿: what other committees sent up to us, and what we made of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from sync.contract.ids import Id
from sync.contract.shapes.reports import ReportKind, ReportOutcome
from tenant_service.reports.models import ReportIntakeRow, SeenReportRow
from tenant_service.storage.repository import Repository

MOST = 500
"""Rows of a list: the newest."""
_INTAKES = Repository(ReportIntakeRow)
ours = _INTAKES.ours


@dataclass(frozen=True)
class Incoming:
    """One report that was sent to us. `state`: None, it waits to be received (待收)."""

    report_id: Id
    from_id: Id
    kind: ReportKind
    title: str
    state: ReportOutcome | None
    received_on: dt.date | None
    decided_on: dt.date | None
    number: str | None
    because: str | None


@dataclass(frozen=True)
class IncomingWanted:
    """Which of them; everything given must hold. `waiting`: those that nobody received yet, in the place of states."""

    states: Sequence[ReportOutcome] = ()
    waiting: bool = False
    text: str | None = None


def _unreceived(committee: str) -> Select[SeenReportRow]:
    taken = select(ReportIntakeRow.report_id).where(ReportIntakeRow.report_id == SeenReportRow.id)
    return select(SeenReportRow).where(SeenReportRow.sent_to == committee, ~taken.exists())


def incoming(session: Session, committee: str, wanted: IncomingWanted) -> list[Incoming]:
    """What waits to be received first, then what was, the newest first. Who may see it is for the caller to know."""
    waiting, received = _unreceived(committee), select(ReportIntakeRow)
    if wanted.text:
        waiting = waiting.where(SeenReportRow.title.contains(wanted.text, autoescape=True))
        received = received.where(ReportIntakeRow.title.contains(wanted.text, autoescape=True))
    if wanted.states:
        received = received.where(ReportIntakeRow.state.in_(wanted.states))
    found: list[Incoming] = []
    if wanted.waiting or not wanted.states:
        rows = session.scalars(waiting.order_by(SeenReportRow.changed_at.desc(), SeenReportRow.id).limit(MOST))
        found += [
            Incoming(Id(row.id), Id(row.committee_id), row.kind, row.title, None, None, None, None, None)
            for row in rows
        ]  # fmt: skip
    if not wanted.waiting:
        taken = session.scalars(received.order_by(ReportIntakeRow.changed_at.desc(), ReportIntakeRow.id).limit(MOST))
        found += list(map(shown, taken))
    return found


def shown(row: ReportIntakeRow) -> Incoming:
    return Incoming(
        Id(row.report_id), Id(row.from_id), row.kind, row.title, row.state, row.received_on, row.decided_on,
        row.number, row.because,
    )  # fmt: skip


def of_report(session: Session, report: str) -> ReportIntakeRow | None:
    """How we took another committee's report in; None: not yet."""
    return session.scalars(select(ReportIntakeRow).where(ReportIntakeRow.report_id == report)).one_or_none()


def locked(session: Session, report: str) -> ReportIntakeRow | None:
    """The same, locked."""
    wanted = select(ReportIntakeRow).where(ReportIntakeRow.report_id == report).with_for_update()
    return session.scalars(wanted).one_or_none()


def sent_to_us(session: Session, committee: str, report: str) -> SeenReportRow | None:
    """The report as its owner sent it to us; None: it did not, or took it back."""
    row = session.get(SeenReportRow, report)
    return row if row is not None and row.sent_to == committee else None


def count_waiting(session: Session, committee: str) -> int:
    return session.scalar(select(func.count()).select_from(_unreceived(committee).subquery())) or 0


def count_in(session: Session, *states: ReportOutcome) -> int:
    wanted = select(func.count()).select_from(ReportIntakeRow).where(ReportIntakeRow.state.in_(states))
    return session.scalar(wanted) or 0
