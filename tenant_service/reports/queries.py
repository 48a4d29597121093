"""Every read of this room's own reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from sync.contract.channels import partner
from sync.contract.shapes.reports import ReportKind, ReportRecord, ReportState
from tenant_service.exchange.sharing import choices
from tenant_service.exchange.sharing.at_home import AtHome, to_person
from tenant_service.exchange.sharing.shared_repository import SharedRepository
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.reports import rules
from tenant_service.reports.models import ReportAuthorRow, ReportRow, SeenReportRow
from tenant_service.signing.rules import Approval


@dataclass(frozen=True)
class Wanted:
    """Which reports; everything given must hold. `author`: one of our people, by id."""

    kinds: Sequence[ReportKind] = ()
    states: Sequence[ReportState] = ()
    approvals: Sequence[Approval] = ()
    year: int | None = None
    text: str | None = None
    author: str | None = None


def _matching(model: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, values in ((model.kind, wanted.kinds), (model.state, wanted.states)):
        if values:
            found.append(column.in_(values))
    if wanted.approvals and model is ReportRow:
        found.append(model.approval.in_(wanted.approvals))
    if wanted.author and model is ReportRow:
        found.append(_written_by(wanted.author))
    if wanted.year:
        found.append(model.year == wanted.year)
    if wanted.text:
        found.append(model.title.contains(wanted.text, autoescape=True))
    return found


def _written_by(person: str) -> ColumnElement[bool]:
    theirs = select(ReportAuthorRow.seq).where(
        ReportAuthorRow.report_id == ReportRow.id, ReportAuthorRow.person_id == person
    )
    return theirs.exists()


_HOME = AtHome(ways=(to_person(_written_by, at_work=True),))
"""Until it is shared, a report is the office's and its authors' alone."""
REPORTS: SharedRepository[ReportRow, SeenReportRow, ReportRecord, Wanted] = SharedRepository(
    ReportRow, SeenReportRow, _matching, _HOME
)
listed, reaching, one, at_work = REPORTS.listed, REPORTS.reaching, REPORTS.one, REPORTS.at_work
ours, locked, newest_change = REPORTS.ours, REPORTS.locked, REPORTS.newest_change


def authors(session: Session, report: str) -> Sequence[ReportAuthorRow]:
    """In the order in which they sign."""
    rows = select(ReportAuthorRow).where(ReportAuthorRow.report_id == report)
    return session.scalars(rows.order_by(ReportAuthorRow.seq)).all()


def is_author(session: Session, actor: Actor, report: str) -> bool:
    """Whether it is the person behind the account who wrote it, alone or with others."""
    if not actor.is_inside or actor.person is None:
        return False
    return any(each.person_id == actor.person for each in authors(session, report))


def may_attach(session: Session, actor: Actor, report: str) -> bool:
    """Whether somebody who sees its files may attach more: authors before it is handed in, the office before it is
    signed.
    """
    row = session.get(ReportRow, report)
    if row is None or row.approval in (Approval.IN_REVIEW, Approval.SIGNED):
        return False
    if actor.may(UseCase.EDIT_REPORTS):
        return row.state in (ReportState.DRAFTING, ReportState.HANDED_IN, ReportState.EDITING)
    return row.state is ReportState.DRAFTING and is_author(session, actor, report)


def last_issue(session: Session, year: int) -> int:
    """The number of the year's last issue of opinion information; 0: there is none yet."""
    return session.scalar(select(func.max(ReportRow.issue)).where(ReportRow.year == year)) or 0


def by_state(session: Session) -> dict[ReportState, int]:
    counted = session.execute(select(ReportRow.state, func.count()).group_by(ReportRow.state))
    return dict(counted.all())


def mine(session: Session, person: str, state: ReportState) -> int:
    """How many reports of a person stand there."""
    where = (ReportRow.state == state, _written_by(person))
    return session.scalar(select(func.count()).select_from(ReportRow).where(*where)) or 0


def being_edited(session: Session, besides: str) -> list[tuple[str, str]]:
    """Id and title of what is being edited and waits for nobody's signature, by change."""
    wanted = select(ReportRow.id, ReportRow.title).where(
        ReportRow.state == ReportState.EDITING, ReportRow.approval.in_((Approval.DRAFTING, Approval.RETURNED)),
        ReportRow.id != besides,
    )  # fmt: skip
    return [(id, title) for id, title in session.execute(wanted.order_by(ReportRow.changed_at.desc()).limit(50))]


def channels_of(row: ReportRow) -> set[str]:
    """Nobody is told of what is not signed; the higher committee is told what was sent to it, sealed."""
    if not rules.may_be_told(row.approval):
        return set()
    return choices.channels(row.shares) | ({partner(row.sent_to)} if row.sent_to else set())
