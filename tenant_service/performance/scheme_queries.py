"""履职积分方案: every read of the schemes, for whoever of ours is assessed by them."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.performance.models import ResultRow, SchemeRow
from tenant_service.performance.result_rules import ResultState
from tenant_service.performance.scheme_rules import SchemeState


def listed(session: Session, actor: Actor) -> Sequence[SchemeRow]:
    """The newest year and version first; drafts to the office alone, none to strangers."""
    if not actor.is_inside:
        return []
    wanted = select(SchemeRow).order_by(SchemeRow.year.desc(), SchemeRow.version.desc())
    if not _is_office(actor):
        wanted = wanted.where(SchemeRow.state != SchemeState.DRAFT)
    return session.scalars(wanted).all()


def one(session: Session, actor: Actor, id: str) -> SchemeRow:
    """Raises: Refusal NOT_FOUND, also of a draft that is not shown."""
    row = session.get(SchemeRow, id) if actor.is_inside else None
    if row is None or (row.state is SchemeState.DRAFT and not _is_office(actor)):
        raise Refusal(Code.NOT_FOUND)
    return row


# ── for this room's services ──


def locked(session: Session, id: str) -> SchemeRow:
    """Raises: Refusal NOT_FOUND."""
    row = session.scalars(select(SchemeRow).where(SchemeRow.id == id).with_for_update()).one_or_none()
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return row


def in_force(session: Session, year: int) -> SchemeRow | None:
    """The one version that is in force for a year."""
    wanted = select(SchemeRow).where(SchemeRow.year == year, SchemeRow.state == SchemeState.IN_FORCE)
    return session.scalars(wanted).first()


def last_version(session: Session, year: int) -> int:
    """0: there is none for that year."""
    return session.scalar(select(func.max(SchemeRow.version)).where(SchemeRow.year == year)) or 0


def is_settled(session: Session, year: int) -> bool:
    """Whether the year's result is published: nothing changes by which it was computed."""
    wanted = select(ResultRow.id).where(ResultRow.year == year, ResultRow.state != ResultState.COMPUTED)
    return session.scalar(wanted) is not None


def _is_office(actor: Actor) -> bool:
    return actor.is_home and (actor.may(UseCase.KEEP_LEDGER) or actor.may(UseCase.SIGN_OFF_PERFORMANCE))
