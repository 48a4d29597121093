"""Every read of assignments."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.ids import owner_of
from sync.contract.shapes.items import AssignmentRecord, AssignmentRole, AssignmentState, ItemState
from sync.contract.visibility import Visible
from tenant_service.assignments import reminder_queries, rules
from tenant_service.assignments.models import AssignmentRow, ItemRow, SeenAssignmentRow, TermRow
from tenant_service.exchange.sharing.at_home import AtHome, to_body, to_person
from tenant_service.exchange.sharing.shared_repository import SharedRepository
from tenant_service.history import taken
from tenant_service.identity import accounts
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role, UseCase
from tenant_service.members import posting_queries as postings


@dataclass(frozen=True)
class Wanted:
    """Which assignments; everything given must hold.

    Attributes:
        office_id: Forwarded to this 交办单位.
        late_on: Those that are owed a reply on that day and late.
        extension_asked: Those of which more time is asked for.
        urged: Those that are owed a reply, and were urged.
        reopened: Closed ones whose item was taken up again.
    """

    states: Sequence[AssignmentState] = ()
    roles: Sequence[AssignmentRole] = ()
    item_id: str | None = None
    body_id: str | None = None
    office_id: str | None = None
    due_from: dt.date | None = None
    due_to: dt.date | None = None
    late_on: dt.date | None = None
    extension_asked: bool = False
    urged: bool = False
    reopened: bool = False


def _matching(model: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, values in ((model.state, wanted.states), (model.role, wanted.roles)):
        if values:
            found.append(column.in_(values))
    for column, value in ((model.item_id, wanted.item_id), (model.body_id, wanted.body_id)):
        if value:
            found.append(column == value)
    if wanted.due_from:
        found.append(model.due_on >= wanted.due_from)
    if wanted.due_to:
        found.append(model.due_on <= wanted.due_to)
    if wanted.late_on:
        found += [model.due_on < wanted.late_on, model.state.in_(rules.IN_HANDS)]
    return found + _matching_ours(wanted) if model is AssignmentRow else found


def _matching_ours(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What is known of our own alone."""
    found: list[ColumnElement[bool]] = []
    if wanted.office_id:
        found.append(AssignmentRow.office_id == wanted.office_id)
    if wanted.extension_asked:
        found.append(AssignmentRow.extension_until.is_not(None))
    if wanted.urged:
        found.append(reminder_queries.is_urged())
    if wanted.reopened:
        again = select(ItemRow.id).where(ItemRow.state == ItemState.REOPENED)
        found += [AssignmentRow.state == AssignmentState.CLOSED, AssignmentRow.item_id.in_(again)]
    return found


def _found_of(person: str) -> ColumnElement[bool]:
    """What came of what was found of the bodies that the person is posted to."""
    found = select(ItemRow.id).where(ItemRow.body_id.in_(postings.bodies_of(person)))
    return AssignmentRow.body.is_not(None) & AssignmentRow.item_id.in_(found)


_HOME = AtHome(
    members=[AssignmentRow.body.is_not(None)],
    ways=(
        to_person(_found_of, Role.SUPERVISOR),
        to_body(lambda body: AssignmentRow.body_id == body, UseCase.HANDLE_ASSIGNMENTS, at_work=True),
        to_body(lambda body: AssignmentRow.office_id == body, UseCase.HAND_OVER, at_work=True),
    ),
    bodies_are_shown_open=False, told_to_bodies=Visible.MECHANISM,
)  # fmt: skip
"""As their items are; before it is assigned, only the office and the 交办单位 know of it."""
ASSIGNMENTS: SharedRepository[AssignmentRow, SeenAssignmentRow, AssignmentRecord, Wanted] = SharedRepository(
    AssignmentRow, SeenAssignmentRow, _matching, _HOME
)
listed, reaching, one, at_work = ASSIGNMENTS.listed, ASSIGNMENTS.reaching, ASSIGNMENTS.one, ASSIGNMENTS.at_work
ours, locked = ASSIGNMENTS.ours, ASSIGNMENTS.locked


def of_body(session: Session, actor: Actor, id: str) -> AssignmentRow:
    """What is assigned to the body for which the actor works, locked. Raises: Refusal NOT_FOUND, also for any other."""
    return _own(session, AssignmentRow.body_id, actor, id)


def of_office(session: Session, actor: Actor, id: str) -> AssignmentRow:
    """What was forwarded to the 交办单位 for which the actor works, locked. Raises: Refusal NOT_FOUND, as above."""
    return _own(session, AssignmentRow.office_id, actor, id)


def _own(session: Session, body: Any, actor: Actor, id: str) -> AssignmentRow:
    wanted = select(AssignmentRow).where(AssignmentRow.id == id, body == actor.body).with_for_update()
    row = session.scalars(wanted).one_or_none() if actor.body else None
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return row


def turned_at(session: Session, id: str) -> dt.datetime | None:
    """Since when it has been the body's turn: the last act of ours that put the assignment into its hands."""
    return max((step.at for step in taken.of(session, id) if step.act in rules.TURNS), default=None)


def may_attach(session: Session, actor: Actor, id: str) -> bool:
    """Whether somebody adds evidence or takes it away: the body while it handles it, our office as it looks at it, and
    before that where it enters what the body says on paper.
    """
    row = at_work(session, actor, id)
    if row is None:
        return False
    if row.state is AssignmentState.IN_PROGRESS and row.body_id == actor.body:
        return actor.may(UseCase.HANDLE_ASSIGNMENTS)
    is_looked_at = row.state in (AssignmentState.REPLIED, AssignmentState.VERIFIED)
    return actor.may(UseCase.EDIT_ITEMS) and (is_looked_at or answers_on_paper(session, row))


def answers_on_paper(session: Session, row: AssignmentRow) -> bool:
    """Whether a body has it in hands that has nobody here to answer for it: what it says comes on paper."""
    is_ours = row.body_id is not None and owner_of(row.body_id) == row.committee_id
    is_in_hands = is_ours and row.state in rules.IN_HANDS
    return is_in_hands and not accounts.of_body(session, row.body_id or "", Role.DEPARTMENT)


def on_paper(session: Session, ids: Sequence[str]) -> set[str]:
    """Those of these assignments whose body did on paper what it last did (代录)."""
    wanted = select(AssignmentRow.id).where(AssignmentRow.id.in_(ids), AssignmentRow.paper_on.is_not(None))
    return set(session.scalars(wanted))


def of_item(session: Session, item: str) -> list[AssignmentRow]:
    """Every assignment of an item: as they were handed over, the lead before those that assist it."""
    wanted = select(AssignmentRow).where(AssignmentRow.item_id == item)
    return sorted(session.scalars(wanted), key=lambda row: row.id)


def locked_of_item(session: Session, item: str) -> list[AssignmentRow]:
    """The same, locked; the item is locked before."""
    wanted = select(AssignmentRow).where(AssignmentRow.item_id == item).order_by(AssignmentRow.id)
    return list(session.scalars(wanted.with_for_update().execution_options(populate_existing=True)))


def item_of(session: Session, id: str) -> str:
    """The item of an assignment; no row is held or locked by asking. Raises: Refusal NOT_FOUND."""
    found = session.scalar(select(AssignmentRow.item_id).where(AssignmentRow.id == id))
    if found is None:
        raise Refusal(Code.NOT_FOUND)
    return found


def of_items(session: Session, actor: Actor, items: Sequence[str]) -> dict[str, list[AssignmentRow | AssignmentRecord]]:
    """Item → its assignments that reach the actor, without what was withdrawn: rows for people of the own committee,
    for all others the records as they are told them.
    """
    found: dict[str, list[AssignmentRow | AssignmentRecord]] = {}
    alive = AssignmentRow.state != AssignmentState.WITHDRAWN
    wanted = select(AssignmentRow).where(AssignmentRow.item_id.in_(items), alive, *ASSIGNMENTS.visible(actor))
    rows = session.scalars(wanted.order_by(AssignmentRow.id)).all()
    for each in rows if actor.is_inside else ASSIGNMENTS.told(session, rows, actor):
        found.setdefault(each.item_id, []).append(each)
    return found


def items_of(session: Session, assignments: Sequence[str]) -> dict[str, ItemRow]:
    """Assignment → the row of its item; of ours alone."""
    wanted = select(AssignmentRow.id, ItemRow).join(ItemRow, ItemRow.id == AssignmentRow.item_id)
    return dict(session.execute(wanted.where(AssignmentRow.id.in_(assignments))).all())


def in_hands(session: Session, body: str) -> list[str]:
    """Texts of the items that a body handles or is to assign, oldest first; of each once."""
    theirs = (AssignmentRow.body_id == body) | (AssignmentRow.office_id == body)
    wanted = select(ItemRow.text).join(AssignmentRow, AssignmentRow.item_id == ItemRow.id)
    found = session.scalars(wanted.where(theirs, AssignmentRow.state.not_in(rules.OVER)).order_by(AssignmentRow.id))
    return list(dict.fromkeys(found))


def terms(session: Session, id: str) -> list[TermRow]:
    """Last days of an assignment that others took the place of, the latest first."""
    return list(session.scalars(select(TermRow).where(TermRow.assignment_id == id).order_by(TermRow.id.desc())))


def count(session: Session, actor: Actor, wanted: Wanted) -> int:
    """How many of ours that reach the actor."""
    where = [*_matching(AssignmentRow, wanted), *ASSIGNMENTS.visible(actor)]
    return session.scalar(select(func.count()).select_from(AssignmentRow).where(*where)) or 0
