"""Which bodies stand on the list, as the office and the administrators of accounts look through it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from sync.contract.shapes.members import BodyKind
from tenant_service.identity import accounts
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import queries
from tenant_service.members.models import BodyRow
from tenant_service.members.rules import BodyState, Lacking
from tenant_service.storage.paging import Page, page


@dataclass(frozen=True)
class Wanted:
    """Which bodies; everything given must hold. `coordinates`: only those that may assign."""

    name: str | None = None
    kind: BodyKind | None = None
    state: BodyState | None = None
    lacks: Lacking | None = None
    coordinates: bool = False


def require(actor: Actor) -> None:
    """The list is the office's, and of who says for which body an account is. Raises: Refusal FORBIDDEN."""
    if not actor.may(UseCase.SEE_ACCOUNTS):
        actor.require(UseCase.SEE_WORK)


def listed(session: Session, actor: Actor, wanted: Wanted, day: dt.date, first: int, after: str | None) -> Page:
    """One page of bodies as they stand on that day, by name. Raises: Refusal FORBIDDEN."""
    require(actor)
    return page(session, BodyRow, "SORT_KEY_ASC", first, after, _matching(session, wanted, day))


def rows(session: Session, ids: Sequence[str]) -> dict[str, BodyRow]:
    """These bodies in full, by id; whoever is shown them is for the caller to know."""
    return {row.id: row for row in session.scalars(select(BodyRow).where(BodyRow.id.in_(list(ids))))}


def one(session: Session, actor: Actor, id: str) -> BodyRow:
    """One body in full. Raises: Refusal FORBIDDEN, NOT_FOUND."""
    require(actor)
    return queries.BODIES.ours(session, id)


def standing(session: Session) -> list[BodyRow]:
    """Every body that nobody closed, in full."""
    return list(session.scalars(select(BodyRow).where(BodyRow.until.is_(None)).order_by(BodyRow.sort_key, BodyRow.id)))


def count(session: Session, day: dt.date, wanted: Wanted) -> int:
    """How many there are on that day."""
    return session.scalar(select(func.count()).select_from(BodyRow).where(*_matching(session, wanted, day))) or 0


def state(row: BodyRow, day: dt.date) -> BodyState:
    return BodyState.CLOSED if row.until is not None and row.until < day else BodyState.LISTED


def _matching(session: Session, wanted: Wanted, day: dt.date) -> list[ColumnElement[bool]]:
    stands = or_(BodyRow.until.is_(None), BodyRow.until >= day)
    found: list[ColumnElement[bool]] = []
    if wanted.name:
        found.append(BodyRow.name.contains(wanted.name, autoescape=True))
    if wanted.kind:
        found.append(BodyRow.kind == wanted.kind)
    if wanted.state:
        found.append(stands if wanted.state is BodyState.LISTED else ~stands)
    if wanted.coordinates:
        found.append(BodyRow.coordinates.is_(True))
    if wanted.lacks is Lacking.ACCOUNT:
        found.append(BodyRow.id.not_in(accounts.with_bodies(session)))
    if wanted.lacks is Lacking.CONTACT:
        found.append(BodyRow.contact_name.is_(None))
    return found
