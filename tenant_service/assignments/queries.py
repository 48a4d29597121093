"""Every read of items, and of what their lists come to."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from sync.contract.shapes.items import AssignmentRole, AssignmentState, ItemKind, ItemRecord, ItemState, ReplyClass
from sync.contract.visibility import Visible
from tenant_service.assignments import rules
from tenant_service.assignments.models import AssignmentRow, ItemRow, SeenItemRow
from tenant_service.exchange.sharing.at_home import AtHome, to_author, to_body, to_person
from tenant_service.exchange.sharing.shared_repository import SharedRepository
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role, UseCase
from tenant_service.members import posting_queries as postings


@dataclass(frozen=True)
class Wanted:
    """Which items; everything given must hold."""

    kinds: Sequence[ItemKind] = ()
    states: Sequence[ItemState] = ()
    list_id: str | None = None
    text: str | None = None


def _matching(model: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, values in ((model.kind, wanted.kinds), (model.state, wanted.states)):
        if values:
            found.append(column.in_(values))
    if wanted.list_id:
        found.append(model.list_id == wanted.list_id)
    if wanted.text:
        found.append(model.text.contains(wanted.text, autoescape=True))
    return found


def _found_of(person: str) -> ColumnElement[bool]:
    """What was agreed of the bodies that the person is posted to."""
    return ItemRow.number.is_not(None) & ItemRow.body_id.in_(postings.bodies_of(person))


def _assigned(column: Any) -> Callable[[str], ColumnElement[bool]]:
    """What has an assignment in whose column the body stands."""
    return lambda body: ItemRow.id.in_(select(AssignmentRow.item_id).where(column == body))


_HOME = AtHome(
    members=[ItemRow.number.is_not(None)],
    ways=(
        to_person(_found_of, Role.SUPERVISOR), to_author(ItemRow.proposed_by, Role.SUPERVISOR),
        to_body(_assigned(AssignmentRow.body_id), UseCase.HANDLE_ASSIGNMENTS),
        to_body(_assigned(AssignmentRow.office_id), UseCase.HAND_OVER),
    ),
    bodies_are_shown_open=False, told_to_bodies=Visible.MECHANISM,
)  # fmt: skip
"""Members see what was agreed; a supervisor what was agreed of the bodies that he is posted to, and what he proposed; a
contact what is assigned to its body, and nothing else. What a contact is to do it is told as much of as a partner is.
"""
ITEMS: SharedRepository[ItemRow, SeenItemRow, ItemRecord, Wanted] = SharedRepository(
    ItemRow, SeenItemRow, _matching, _HOME
)
listed, reaching, one, at_work = ITEMS.listed, ITEMS.reaching, ITEMS.one, ITEMS.at_work
ours, locked = ITEMS.ours, ITEMS.locked


def on_list(session: Session, actor: Actor, list_id: str) -> Sequence[ItemRow | ItemRecord]:
    """What of one list reaches the actor, numbered ones in order, behind them those that are not agreed yet: rows for
    people of the own committee, for all others the records as they are told them.
    """
    mine = select(ItemRow).where(ItemRow.list_id == list_id, *ITEMS.visible(actor))
    rows = session.scalars(mine.order_by(ItemRow.number.is_(None), ItemRow.number, ItemRow.id)).all()
    return rows if actor.is_inside else ITEMS.told(session, rows, actor)


def proposed_on(session: Session, list_id: str) -> list[ItemRow]:
    """What waits there to be agreed, as it was entered, locked."""
    waiting = select(ItemRow).where(ItemRow.list_id == list_id, ItemRow.state == ItemState.PROPOSED)
    return list(session.scalars(waiting.order_by(ItemRow.id).with_for_update()))


def next_number(session: Session, list_id: str) -> int:
    """序号 of the next that is agreed on this list, which is locked meanwhile. A number is never used again."""
    return (session.scalar(select(func.max(ItemRow.number)).where(ItemRow.list_id == list_id)) or 0) + 1


def counts(session: Session, list_id: str, *where: ColumnElement[bool]) -> rules.Counts:
    """What a list comes to now; with conditions, what those of its rows do."""
    solved = select(AssignmentRow.id).where(
        AssignmentRow.item_id == ItemRow.id, AssignmentRow.drafted_class == ReplyClass.SOLVED, *_owed(replied=True)
    )  # fmt: skip
    owed = select(AssignmentRow.id).where(
        AssignmentRow.item_id == ItemRow.id, AssignmentRow.drafted_class.is_distinct_from(ReplyClass.SOLVED)
        | AssignmentRow.state.not_in(rules.REPLIED), *_owed(replied=False),
    )  # fmt: skip
    of = ItemRow.kind, ItemRow.state, ItemRow.number.is_not(None), solved.exists() & ~owed.exists()
    found = session.execute(select(*of, func.count()).where(ItemRow.list_id == list_id, *where).group_by(*of))
    return rules.counts([rules.Counted(kind, state, bool(has), bool(fixed), n) for kind, state, has, fixed, n in found])


def reaching_counts(session: Session, actor: Actor, list_id: str) -> rules.Counts:
    """The same of what the actor is shown of the list."""
    return counts(session, list_id, *ITEMS.visible(actor))


def by_body(session: Session, actor: Actor, list_id: str) -> list[tuple[str, rules.Counts]]:
    """The same body by body, by name: those that items are about; for the office, where none is told, the 主办."""
    of: Any = ItemRow.body_id
    name: Any = ItemRow.body
    if actor.sees_work:
        of, name = func.coalesce(of, _lead(AssignmentRow.body_id)), func.coalesce(name, _lead(AssignmentRow.body))
    on = ItemRow.list_id == list_id, of.is_not(None), *ITEMS.visible(actor)
    names = {id: its or "" for id, its in session.execute(select(of, name).where(*on))}
    return sorted((its, counts(session, list_id, of == id, *ITEMS.visible(actor))) for id, its in names.items())


def _lead(column: Any) -> Any:
    """What the assignment of an item's 主办 says there."""
    its = AssignmentRow.item_id == ItemRow.id, AssignmentRow.role == AssignmentRole.LEAD
    wanted = select(func.max(column)).where(*its, AssignmentRow.state != AssignmentState.WITHDRAWN)
    return wanted.correlate(ItemRow).scalar_subquery()


def _owed(*, replied: bool) -> list[ColumnElement[bool]]:
    """Of assignments whose replies are told to the committee: no opinions for a lead, and nothing withdrawn."""
    found = [AssignmentRow.role != AssignmentRole.ASSIST, AssignmentRow.state != AssignmentState.WITHDRAWN]
    return [*found, AssignmentRow.state.in_(rules.REPLIED)] if replied else found


def newest_of_both(session: Session) -> dt.datetime | None:
    """When an item or an assignment of ours was last changed."""
    found = [session.scalar(select(func.max(model.changed_at))) for model in (ItemRow, AssignmentRow)]
    return max((each for each in found if each), default=None)


def standing_at(session: Session, state: ItemState) -> int:
    """How many of our items stand there."""
    return session.scalar(select(func.count()).where(ItemRow.state == state)) or 0


def wrote(session: Session, id: str) -> set[str]:
    """Accounts that worded any of an item."""
    steps = taken.of(session, id)
    return {each.sub for each in steps if each is steps[0] or each.act == rules.ItemAct.REDRAFT}
