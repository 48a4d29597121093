"""Every read of calls."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.ids import kind_of
from sync.contract.shapes.items import AssignmentState, CallRecord, CallState
from sync.contract.visibility import Visible
from tenant_service.assignments.models import AssignmentRow, CallAnswerRow, CallRow, ItemRow, SeenCallRow
from tenant_service.exchange.sharing.at_home import AtHome, to_body
from tenant_service.exchange.sharing.shared_repository import SharedRepository
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import queries as members
from tenant_service.topics import queries as topics


@dataclass(frozen=True)
class Wanted:
    """Which calls; everything given must hold.

    Attributes:
        unanswered_by: A body that was called and has said nothing.
        until: The time to answer was over then.
    """

    states: Sequence[CallState] = ()
    about_id: str | None = None
    unanswered_by: str | None = None
    until: dt.datetime | None = None


def _matching(model: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [model.state.in_(wanted.states)] if wanted.states else []
    if wanted.about_id:
        found.append(model.about_id == wanted.about_id)
    if wanted.until:
        found.append(model.answer_by < wanted.until)
    if wanted.unanswered_by:
        silent = CallAnswerRow.body_id == wanted.unanswered_by, CallAnswerRow.comes.is_(None)
        found.append(model.id.in_(select(CallAnswerRow.call_id).where(*silent)))
    return found


def _calls(body: str) -> ColumnElement[bool]:
    """What a body is called to, and what is called together about a matter that it has a part of, or a topic that it
    looks after.
    """
    its = select(ItemRow.list_id).join(AssignmentRow, AssignmentRow.item_id == ItemRow.id).where(
        AssignmentRow.body_id == body, AssignmentRow.state != AssignmentState.WITHDRAWN
    )  # fmt: skip
    called = select(CallAnswerRow.call_id).where(CallAnswerRow.body_id == body)
    return CallRow.id.in_(called) | CallRow.about_id.in_(its) | CallRow.about_id.in_(topics.looked_after_by(body))


_HOME = AtHome(
    ways=(to_body(_calls, UseCase.HANDLE_ASSIGNMENTS, at_work=True),),
    bodies_are_shown_open=False, told_to_bodies=Visible.MECHANISM,
)  # fmt: skip
"""A contact sees what its body is called to, or has a part in, and no other."""
CALLS: SharedRepository[CallRow, SeenCallRow, CallRecord, Wanted] = SharedRepository(
    CallRow, SeenCallRow, _matching, _HOME
)
listed, reaching, one, at_work = CALLS.listed, CALLS.reaching, CALLS.one, CALLS.at_work
ours, locked = CALLS.ours, CALLS.locked


def answers(session: Session, call: str) -> list[CallAnswerRow]:
    """What each body said, by name."""
    wanted = select(CallAnswerRow).where(CallAnswerRow.call_id == call)
    return list(session.scalars(wanted.order_by(CallAnswerRow.body, CallAnswerRow.body_id)))


def responsible(session: Session, about: str) -> list[tuple[str, str]]:
    """责任单位 of a topic, an activity or a campaign: who looks after the topic, and bodies to whom items of it are
    assigned, by id and name.
    """
    wanted = (
        select(AssignmentRow.body_id, AssignmentRow.body).distinct()
        .join(ItemRow, AssignmentRow.item_id == ItemRow.id)
        .where(ItemRow.list_id == about, AssignmentRow.body_id.is_not(None))
        .where(AssignmentRow.state != AssignmentState.WITHDRAWN)
        .order_by(AssignmentRow.body, AssignmentRow.body_id)
    )  # fmt: skip
    found = {id or "": name or "" for id, name in session.execute(wanted)}
    keeper = topics.looks_after(session, about) if kind_of(about) == "topic" else None
    return list((members.bodies_named(session, [keeper] if keeper else []) | found).items())


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


def count(session: Session, actor: Actor, wanted: Wanted) -> int:
    """How many of ours that reach the actor."""
    where = [*_matching(CallRow, wanted), *CALLS.visible(actor)]
    return session.scalar(select(func.count()).select_from(CallRow).where(*where)) or 0


def of_body(session: Session, body: str) -> list[tuple[CallRow, CallAnswerRow]]:
    """Calls to a body with what it answered, the newest first."""
    wanted = select(CallRow, CallAnswerRow).join(CallAnswerRow, CallAnswerRow.call_id == CallRow.id)
    rows = session.execute(wanted.where(CallAnswerRow.body_id == body).order_by(CallRow.id.desc())).all()
    return [(call, answer) for call, answer in rows]


def in_hands(session: Session, body: str) -> list[str]:
    """Titles of open calls that the body has not answered."""
    return [
        call.title for call, answer in of_body(session, body)
        if answer.comes is None and call.state is CallState.OPEN
    ]  # fmt: skip
