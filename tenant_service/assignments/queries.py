"""Every read of items, and of what their lists come to."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session

from sync.contract.channels import PLAIN, Scope
from sync.contract.shapes.items import AssignmentRole, AssignmentState, ItemKind, ItemRecord, ItemState, ReplyClass
from sync.contract.visibility import Visible
from tenant_service.assignments import rules
from tenant_service.assignments.models import AssignmentRow, ItemRow, SeenItemRow
from tenant_service.exchange.sharing import reach
from tenant_service.exchange.sharing.shared_repository import SharedRepository
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role, UseCase
from tenant_service.members import posting_queries as postings
from tenant_service.storage.paging import Telling


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


def is_contact(actor: Actor) -> bool:
    """Whether the account is of a body that works for this committee, and of nobody who belongs to it."""
    return actor.is_home and not actor.is_inside


def assigned_to(actor: Actor) -> ColumnElement[bool] | None:
    """Which assignments are a contact's: of the body for which it works; None: of whoever is no contact of any."""
    ways: list[ColumnElement[bool]] = []
    if actor.body and actor.may(UseCase.HANDLE_ASSIGNMENTS):
        ways.append(AssignmentRow.body_id == actor.body)
    if actor.body and actor.may(UseCase.HAND_OVER):
        ways.append(AssignmentRow.office_id == actor.body)
    return or_(*ways) if ways else None


def _visible(actor: Actor) -> list[ColumnElement[bool]]:
    """The office sees all; members what was agreed; a supervisor what was agreed of the bodies that he is posted to,
    and what he proposed; a contact what is assigned to its body, and nothing else; others what was shared with them.
    """
    if not actor.is_home or actor.is_staff:
        return reach.visible_to(actor, ItemRow)
    agreed = ItemRow.number.is_not(None)
    if actor.roles & {Role.MEMBER, Role.CONVENER} and actor.is_inside:
        return [agreed]
    ways: list[ColumnElement[bool]] = [false()]
    if not is_contact(actor):
        ways.append(reach.reaching(ItemRow.id, (PLAIN[Scope.OPEN],)))
    if Role.SUPERVISOR in actor.roles and actor.person:
        ways += [agreed & ItemRow.body_id.in_(postings.bodies_of(actor.person)), ItemRow.proposed_by == actor.sub]
    if (theirs := assigned_to(actor)) is not None:
        ways.append(ItemRow.id.in_(select(AssignmentRow.item_id).where(theirs)))
    return [or_(*ways)]


def telling(session: Session, actor: Actor) -> Telling:
    """A contact is told of what it is to do as much as a partner is; others as of any record."""
    if is_contact(actor):
        return Telling((), lambda rows: [Visible.MECHANISM] * len(rows))
    return reach.telling(session, actor)


ITEMS: SharedRepository[ItemRow, SeenItemRow, ItemRecord, Wanted] = SharedRepository(
    ItemRow, SeenItemRow, _matching, _visible, telling
)
listed, reaching, one, at_work = ITEMS.listed, ITEMS.reaching, ITEMS.one, ITEMS.at_work
ours, locked = ITEMS.ours, ITEMS.locked


def on_list(session: Session, actor: Actor, list_id: str) -> Sequence[ItemRow | ItemRecord]:
    """What of one list reaches the actor, numbered ones in order, behind them those that are not agreed yet: rows for
    people of the own committee, for all others the records as they are told them.
    """
    mine = select(ItemRow).where(ItemRow.list_id == list_id, *_visible(actor))
    rows = session.scalars(mine.order_by(ItemRow.number.is_(None), ItemRow.number, ItemRow.id)).all()
    return rows if actor.is_inside else reach.told(session, rows, actor)


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
    return counts(session, list_id, *_visible(actor))


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
