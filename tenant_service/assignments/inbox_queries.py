"""Every read of the inbox: what other committees handed over to bodies of our list.

A body's contact is shown what lies in its own inbox, our office all of it, and nobody else anything.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.handovers import HandlingAct, HandoverRecord
from sync.contract.shapes.items import AssignmentState
from sync.contract.shapes.requests import RequestKind, RequestState
from tenant_service.assignments import handover_queries as handovers
from tenant_service.assignments import rules
from tenant_service.assignments.models import SeenHandoverRow
from tenant_service.files import queries as files
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.requests import queries as requests
from tenant_service.requests.queries import Handled
from tenant_service.storage.paging import EVERYTHING, Page, page

UNDER_WAY = (RequestState.QUEUED, RequestState.DELIVERED)
"""已提交，待对方确认."""


@dataclass(frozen=True)
class Wanted:
    """Which of them; everything given must hold.

    Attributes:
        late_on: Those that are owed a reply on that day and late.
        is_over: Only those of which nothing is owed any more, or only the others; None: both.
        is_taken: Only those that lie in their body's inbox, or only those that our office has to decide on; None: both.
        urged: Those that are owed a reply, and were urged.
    """

    states: Sequence[AssignmentState] = ()
    due_from: dt.date | None = None
    due_to: dt.date | None = None
    late_on: dt.date | None = None
    is_over: bool | None = None
    is_taken: bool | None = None
    urged: bool = False


def listed(
    session: Session, actor: Actor, wanted: Wanted, order: str, first: int, after: str | None
) -> Page:  # fmt: skip
    """One page of what lies in the actor's inbox."""
    return page(session, SeenHandoverRow, order, first, after, [*_visible(actor), *_matching(wanted)], EVERYTHING)


def count(session: Session, actor: Actor, wanted: Wanted) -> int:
    where = [*_visible(actor), *_matching(wanted)]
    return session.scalar(select(func.count()).select_from(SeenHandoverRow).where(*where)) or 0


def one(session: Session, actor: Actor, id: str) -> HandoverRecord | None:
    row = row_of(session, actor, id)
    return row.record() if row else None


def found(session: Session, actor: Actor, id: str) -> HandoverRecord | None:
    """What lies in the actor's inbox, or what our office may see of what we handed over ourselves."""
    return one(session, actor, id) or handovers.one(session, actor, id)


def row_of(session: Session, actor: Actor, id: str) -> SeenHandoverRow | None:
    """What lies there, with what only we know of it."""
    return session.scalars(select(SeenHandoverRow).where(SeenHandoverRow.id == id, *_visible(actor))).one_or_none()


def of_body(session: Session, actor: Actor, id: str) -> SeenHandoverRow:
    """What lies in the inbox of the actor's body, locked. Raises: Refusal NOT_FOUND, also for any other's."""
    theirs = SeenHandoverRow.body_id == actor.body, SeenHandoverRow.is_taken.is_(True)
    wanted = select(SeenHandoverRow).where(SeenHandoverRow.id == id, *theirs).with_for_update()
    row = session.scalars(wanted).one_or_none() if actor.body else None
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return row


def unasked(session: Session, id: str) -> SeenHandoverRow:
    """What came for a body that takes none from there, locked. Raises: Refusal NOT_FOUND; OUT_OF_TURN, it is let in."""
    row = session.scalars(
        select(SeenHandoverRow).where(SeenHandoverRow.id == id).with_for_update()
    ).one_or_none()  # fmt: skip
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    if row.is_taken or row.moved_at is not None or row.state in rules.OVER:
        raise Refusal(Code.OUT_OF_TURN, now=row.state)
    return row


def done(session: Session, id: str) -> list[Handled]:
    """What our side did with it, oldest first, and what became of that at its owner."""
    return requests.about(session, id, RequestKind.HANDLE)


def waiting(session: Session, id: str) -> list[HandlingAct]:
    """Of that what its owner has not answered yet, in the order in which it was done."""
    under_way = [each for each in done(session, id) if each.state in UNDER_WAY]
    return [act for each in under_way if (act := HandlingAct.known(each.detail or ""))]


def evidence(session: Session, id: str) -> int:
    """How many files of evidence are kept here."""
    return files.count(session, [id]).get(id, 0)


def may_attach(session: Session, actor: Actor, id: str) -> bool:
    """The body adds evidence, or takes it away, while it handles it; behind a reply that is on its way it stands."""
    row = row_of(session, actor, id)
    if row is None or not row.is_taken or row.body_id != actor.body or row.moved_at is not None:
        return False
    is_open = row.state in rules.IN_HANDS and HandlingAct.REPLY not in waiting(session, id)
    return is_open and actor.may(UseCase.HANDLE_ASSIGNMENTS)


def _visible(actor: Actor) -> list[ColumnElement[bool]]:
    if actor.sees_work:
        return []
    if actor.may(UseCase.HANDLE_ASSIGNMENTS) and actor.body:
        return [SeenHandoverRow.body_id == actor.body, SeenHandoverRow.is_taken.is_(True)]
    return [false()]


def _matching(wanted: Wanted) -> list[ColumnElement[bool]]:
    over = or_(SeenHandoverRow.state.in_(rules.OVER), SeenHandoverRow.moved_at.is_not(None))
    found: list[ColumnElement[bool]] = []
    if wanted.states:
        found += [SeenHandoverRow.state.in_(wanted.states), SeenHandoverRow.moved_at.is_(None)]
    if wanted.due_from:
        found.append(SeenHandoverRow.due_on >= wanted.due_from)
    if wanted.due_to:
        found.append(SeenHandoverRow.due_on <= wanted.due_to)
    if wanted.late_on:
        found += [
            SeenHandoverRow.due_on < wanted.late_on, SeenHandoverRow.state.in_(rules.IN_HANDS),
            SeenHandoverRow.moved_at.is_(None),
        ]  # fmt: skip
    if wanted.urged:
        found += [
            SeenHandoverRow.urged_on.is_not(None), SeenHandoverRow.state.in_(rules.IN_HANDS),
            SeenHandoverRow.moved_at.is_(None),
        ]  # fmt: skip
    if wanted.is_taken is not None:
        found.append(SeenHandoverRow.is_taken.is_(wanted.is_taken))
    if wanted.is_over is not None:
        found.append(over if wanted.is_over else ~over)
    return found
