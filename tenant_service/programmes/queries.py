"""Every read of this room, besides what targets have come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from sync.contract.shapes.programmes import ProgrammeKind, ProgrammeRecord, ProgrammeState
from tenant_service.exchange.sharing.at_home import AtHome
from tenant_service.exchange.sharing.shared_repository import SharedRepository
from tenant_service.identity.actor import Actor
from tenant_service.programmes.models import ProgrammeAnswerRow, ProgrammeEntryRow, ProgrammeRow, SeenProgrammeRow
from tenant_service.signing.rules import Approval

_DEEPEST = 20
"""Programmes above one another; what goes deeper is taken for a circle."""


@dataclass(frozen=True)
class Wanted:
    """Which programmes; everything given must hold."""

    kinds: Sequence[ProgrammeKind] = ()
    states: Sequence[ProgrammeState] = ()
    approvals: Sequence[Approval] = ()
    year: int | None = None
    parent_id: str | None = None
    text: str | None = None


def _matching(model: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, values in ((model.kind, wanted.kinds), (model.state, wanted.states)):
        if values:
            found.append(column.in_(values))
    if wanted.approvals and model is ProgrammeRow:
        found.append(model.approval.in_(wanted.approvals))
    for column, value in ((model.year, wanted.year), (model.parent_id, wanted.parent_id)):
        if value:
            found.append(column == value)
    if wanted.text:
        found.append(model.title.contains(wanted.text, autoescape=True))
    return found


PROGRAMMES: SharedRepository[ProgrammeRow, SeenProgrammeRow, ProgrammeRecord, Wanted] = SharedRepository(
    ProgrammeRow, SeenProgrammeRow, _matching, AtHome(members=[ProgrammeRow.approval == Approval.SIGNED])
)
"""Members see what was signed."""
listed, reaching, one, at_work = PROGRAMMES.listed, PROGRAMMES.reaching, PROGRAMMES.one, PROGRAMMES.at_work
ours, locked, newest_change = PROGRAMMES.ours, PROGRAMMES.locked, PROGRAMMES.newest_change


def running(session: Session, most: int | None = None) -> list[ProgrammeRow]:
    """Our programmes that were signed and run, the newest first."""
    wanted = select(ProgrammeRow).where(
        ProgrammeRow.state == ProgrammeState.RUNNING, ProgrammeRow.approval == Approval.SIGNED
    )
    return list(session.scalars(wanted.order_by(ProgrammeRow.year.desc(), ProgrammeRow.id.desc()).limit(most)))


def count(session: Session, state: ProgrammeState) -> int:
    """How many of our programmes stand there."""
    return session.scalar(select(func.count()).where(ProgrammeRow.state == state)) or 0


def children(session: Session, actor: Actor, id: str) -> list[ProgrammeRecord]:
    """Programmes that name this one, ours first, then those that others shared with us and the actor is shown."""
    found: list[ProgrammeRecord] = []
    models: tuple[Any, ...] = (ProgrammeRow, SeenProgrammeRow)
    for model in models:
        ids = session.scalars(
            select(model.id).where(model.parent_id == id).order_by(model.committee_id, model.id)
        )  # fmt: skip
        found += [told for each in ids.all() if (told := one(session, actor, each)) is not None]
    return found


def leads_to(session: Session, start: str, id: str) -> bool:
    """Whether a programme is that one, or a part of it, over any number of others."""
    at: str | None = start
    for _ in range(_DEEPEST):
        if at is None or at == id:
            return at == id
        row = session.get(ProgrammeRow, at) or session.get(SeenProgrammeRow, at)
        at = row.parent_id if row else None
    return True


def entries(
    session: Session, id: str, *, target: int | None = None, person: str | None = None, most: int | None = None
) -> list[ProgrammeEntryRow]:  # fmt: skip
    """What was entered under a programme, the newest first."""
    where = [ProgrammeEntryRow.programme_id == id]
    where += [ProgrammeEntryRow.target == target] if target else []
    where += [ProgrammeEntryRow.person_id == person] if person else []
    wanted = select(ProgrammeEntryRow).where(*where)
    return list(session.scalars(wanted.order_by(ProgrammeEntryRow.day.desc(), ProgrammeEntryRow.id.desc()).limit(most)))


def any_of(session: Session, persons: Sequence[str]) -> bool:
    """Whether something of one of these people was entered."""
    return session.scalar(
        select(ProgrammeEntryRow.id).where(ProgrammeEntryRow.person_id.in_(persons)).limit(1)
    ) is not None  # fmt: skip


def answers(session: Session, id: str) -> dict[str, ProgrammeAnswerRow]:
    """Committee → what it said last to a programme of ours; who said nothing is missing."""
    rows = session.scalars(select(ProgrammeAnswerRow).where(ProgrammeAnswerRow.programme_id == id))
    return {row.by_id: row for row in rows}
