"""Every read of this room."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from sync.contract.ids import owner_of
from sync.contract.shapes.procedures import ProcedureRecord, ProcedureState, ProcedureUse
from tenant_service.exchange.sharing.at_home import AtHome
from tenant_service.exchange.sharing.shared_repository import SharedRepository
from tenant_service.identity.actor import Actor
from tenant_service.procedures.models import ProcedureColumns, ProcedureRow, SeenProcedureRow
from tenant_service.procedures.rules import Procedure, Step

T = TypeVar("T")


@dataclass(frozen=True)
class Wanted:
    """Which versions; everything given must hold."""

    uses: Sequence[ProcedureUse] = ()
    states: Sequence[ProcedureState] = ()
    code: str | None = None
    text: str | None = None


def _matching(model: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.uses:
        found.append(model.use.in_(wanted.uses))
    if wanted.states:
        found.append(model.state.in_(wanted.states))
    if wanted.code:
        found.append(model.code == wanted.code)
    if wanted.text:
        found.append(model.name.contains(wanted.text, autoescape=True))
    return found


_HOME = AtHome(insiders=[ProcedureRow.state != ProcedureState.DRAFT])
"""Our people see what was in force, the office its drafts as well."""
PROCEDURES: SharedRepository[ProcedureRow, SeenProcedureRow, ProcedureRecord, Wanted] = SharedRepository(
    ProcedureRow, SeenProcedureRow, _matching, _HOME
)
listed, reaching, one, at_work = PROCEDURES.listed, PROCEDURES.reaching, PROCEDURES.one, PROCEDURES.at_work
ours, locked = PROCEDURES.ours, PROCEDURES.locked


def steps_of(told: ProcedureColumns | ProcedureRecord) -> tuple[Step, ...]:
    """The steps of a version. Another committee's lists may be of different lengths: what is missing is empty."""
    return tuple(
        Step(
            code, _at(told.step_names, at, code), _at(told.step_workdays, at, 0), tuple(_at(told.step_needs, at, [])),
            tuple(_at(told.step_papers, at, [])), tuple(_at(told.step_roles, at, [])), _at(told.step_stages, at, ""),
        )
        for at, code in enumerate(told.step_codes)
    )  # fmt: skip


def _at(values: Sequence[T], at: int, nothing: T) -> T:
    return values[at] if at < len(values) else nothing


def procedure(row: ProcedureColumns) -> Procedure:
    return Procedure(row.id, row.code, row.version, row.name, row.use, steps_of(row))


def version(session: Session, id: str) -> Procedure:
    """One version of ours, in whatever state: what began under it keeps it. Raises: Refusal NOT_FOUND."""
    return procedure(ours(session, id))


def in_force(session: Session, use: ProcedureUse) -> list[Procedure]:
    """What a matter may begin under today, by name."""
    wanted = select(ProcedureRow).where(ProcedureRow.use == use, ProcedureRow.state == ProcedureState.IN_FORCE)
    return [procedure(row) for row in session.scalars(wanted.order_by(ProcedureRow.name, ProcedureRow.id))]


def of_code(session: Session, code: str) -> list[ProcedureRow]:
    """Every version of ours, the newest first."""
    wanted = select(ProcedureRow).where(ProcedureRow.code == code).order_by(ProcedureRow.version.desc())
    return list(session.scalars(wanted))


def locked_of(session: Session, code: str) -> list[ProcedureRow]:
    """The same, and until the act is over nobody else gives one a number or puts one in force."""
    wanted = select(ProcedureRow).where(ProcedureRow.code == code).order_by(ProcedureRow.version.desc())
    return list(session.scalars(wanted.with_for_update()))


def is_ours_to(session: Session, actor: Actor, id: str) -> bool:
    """Whether it is a version of ours that somebody of ours is shown."""
    return actor.is_inside and owner_of(id) == actor.committee and one(session, actor, id) is not None


def drafts(session: Session) -> int:
    """How many wait to be put in force."""
    wanted = select(func.count()).where(ProcedureRow.state == ProcedureState.DRAFT)
    return session.scalar(wanted) or 0
