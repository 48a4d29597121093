"""Every read of calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session

from sync.contract.channels import PLAIN, Scope
from sync.contract.errors import Code, Refusal
from sync.contract.shapes.items import CallRecord, CallState
from tenant_service.assignments import queries
from tenant_service.assignments.models import CallAnswerRow, CallRow, SeenCallRow
from tenant_service.exchange.sharing import reach
from tenant_service.exchange.sharing.shared_repository import SharedRepository
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase


@dataclass(frozen=True)
class Wanted:
    """Which calls; everything given must hold."""

    states: Sequence[CallState] = ()
    about_id: str | None = None


def _matching(model: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [model.state.in_(wanted.states)] if wanted.states else []
    return [*found, model.about_id == wanted.about_id] if wanted.about_id else found


def _visible(actor: Actor) -> list[ColumnElement[bool]]:
    """The office sees all; a contact what its body is called to, and no other; whoever else what is open to all."""
    if not actor.is_home or actor.is_staff:
        return reach.visible_to(actor, CallRow)
    ways: list[ColumnElement[bool]] = [false()]
    if not queries.is_contact(actor):
        ways.append(reach.reaching(CallRow.id, (PLAIN[Scope.OPEN],)))
    if actor.body and actor.may(UseCase.HANDLE_ASSIGNMENTS):
        ways.append(CallRow.id.in_(select(CallAnswerRow.call_id).where(CallAnswerRow.body_id == actor.body)))
    return [or_(*ways)]


CALLS: SharedRepository[CallRow, SeenCallRow, CallRecord, Wanted] = SharedRepository(
    CallRow, SeenCallRow, _matching, _visible, queries.telling
)
listed, reaching, one = CALLS.listed, CALLS.reaching, CALLS.one
ours, locked = CALLS.ours, CALLS.locked


def at_work(session: Session, actor: Actor, id: str) -> CallRow | None:
    """Our row with what only our office and those see of it who are called; None to all others."""
    row = session.get(CallRow, id)
    if row is None or actor.sees_work:
        return row
    return row if own_answer(session, actor, id) is not None else None


def answers(session: Session, call: str) -> list[CallAnswerRow]:
    """What each body said, by name."""
    wanted = select(CallAnswerRow).where(CallAnswerRow.call_id == call)
    return list(session.scalars(wanted.order_by(CallAnswerRow.body, CallAnswerRow.body_id)))


def own_answer(session: Session, actor: Actor, call: str) -> CallAnswerRow | None:
    """That of the body for which the actor works."""
    if not actor.body or not actor.may(UseCase.HANDLE_ASSIGNMENTS):
        return None
    return session.get(CallAnswerRow, (call, actor.body))


def called(session: Session, actor: Actor, call: str) -> CallAnswerRow:
    """The same, of whoever was called. Raises: Refusal NOT_FOUND."""
    row = own_answer(session, actor, call)
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return row


def unanswered(session: Session, actor: Actor) -> int:
    """How many calls wait for the actor's body."""
    if not actor.body:
        return 0
    wanted = select(func.count()).select_from(CallAnswerRow).join(CallRow, CallRow.id == CallAnswerRow.call_id)
    mine = CallAnswerRow.body_id == actor.body, CallAnswerRow.comes.is_(None), CallRow.state == CallState.OPEN
    return session.scalar(wanted.where(*mine)) or 0


def open_calls(session: Session) -> int:
    return session.scalar(select(func.count()).where(CallRow.state == CallState.OPEN)) or 0
