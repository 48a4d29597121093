"""专题项目 as they are read: of a year, and what is handled in each."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.ids import checked
from sync.contract.shapes.proposals import ProposalState
from tenant_service.proposals.models import ProposalProjectRow, ProposalRow


@dataclass(frozen=True)
class ProjectTold:
    """A project with how many proposals are handled in it, and how many of them were answered."""

    row: ProposalProjectRow
    proposals: int
    replied: int


_ANSWERED = (ProposalState.REPLIED, ProposalState.RATED, ProposalState.ARCHIVED)


def of_year(session: Session, year: int) -> list[ProjectTold]:
    """By title."""
    rows = session.scalars(
        select(ProposalProjectRow).where(ProposalProjectRow.year == year).order_by(ProposalProjectRow.title)
    ).all()
    of = ProposalRow.project_id, ProposalRow.state
    counted = session.execute(select(*of, func.count()).where(ProposalRow.project_id.is_not(None)).group_by(*of)).all()
    return [
        ProjectTold(
            row, sum(n for id, _, n in counted if id == row.id),
            sum(n for id, state, n in counted if id == row.id and state in _ANSWERED),
        )
        for row in rows
    ]  # fmt: skip


def told(session: Session, id: str) -> ProjectTold:
    """The same of one. Raises: Refusal BAD_ID, NOT_FOUND."""
    found = one(session, id)
    return next(each for each in of_year(session, found.year) if each.row.id == found.id)


def years(session: Session) -> list[int]:
    """In which there are projects or filed proposals, the newest first."""
    found = {*session.scalars(select(ProposalProjectRow.year).distinct())}
    found |= {*session.scalars(select(ProposalRow.year).where(ProposalRow.filed_on.is_not(None)).distinct())}
    return sorted(found, reverse=True)


def proposals(session: Session, project: str) -> Sequence[ProposalRow]:
    """By number."""
    wanted = select(ProposalRow).where(ProposalRow.project_id == project)
    return session.scalars(wanted.order_by(ProposalRow.seq, ProposalRow.id)).all()


def joinable(session: Session, year: int, most: int = 300) -> Sequence[ProposalRow]:
    """Filed proposals of the year that are in no project, by number."""
    wanted = select(ProposalRow).where(
        ProposalRow.year == year, ProposalRow.filed_on.is_not(None), ProposalRow.project_id.is_(None),
        ProposalRow.state != ProposalState.ARCHIVED,
    )  # fmt: skip
    return session.scalars(wanted.order_by(ProposalRow.seq).limit(most)).all()


def one(session: Session, id: str) -> ProposalProjectRow:
    """Raises: Refusal BAD_ID, NOT_FOUND."""
    return _found(session.get(ProposalProjectRow, str(checked(id))))


def locked(session: Session, id: str) -> ProposalProjectRow:
    """The same; nobody else changes it until the act is over."""
    return _found(session.get(ProposalProjectRow, str(checked(id)), with_for_update=True, populate_existing=True))


def _found(row: ProposalProjectRow | None) -> ProposalProjectRow:
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return row
