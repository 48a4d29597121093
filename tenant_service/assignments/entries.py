"""How items and assignments come to stand where they stand, and who is told of a change."""

from sync.contract.shapes.items import AssignmentRecord, AssignmentRole, ItemRecord, ItemState
from tenant_service.assignments import handling_queries as handling
from tenant_service.assignments import handover_service as handovers
from tenant_service.assignments import lists, queries, rules
from tenant_service.assignments.models import AssignmentRow, ItemRow
from tenant_service.assignments.rules import ITEMS, STATES, Act, ItemAct
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Unit

ENDED_WITH_LEAD = "主办单位已办结"
"""Why an opinion that never came is not waited for any more."""

# ── items ──


def stepped(unit: Unit, actor: Actor, id: str, act: ItemAct, because: str | None = None) -> ItemRow:
    """Our item, locked, where this act leads it; its history says so. Raises: Refusal NOT_FOUND, OUT_OF_TURN."""
    row = queries.locked(unit.session, id)
    taken.take(unit, actor, row, ITEMS, act, because)
    return row


def changed(unit: Unit, actor: Actor, row: ItemRow, act: str) -> ItemRecord:
    """A new revision, told to whom it is shared with if it may leave, and noted; its list counts anew."""
    made = way_out.changed(unit, actor, row, act, channels_of(row))
    lists.count(unit, actor, row.list_id)
    return made


def follow(unit: Unit, actor: Actor, row: ItemRow, act: ItemAct, because: str | None = None) -> None:
    """The item goes where an act on one of its assignments leads it, if that is another state; the act is noted."""
    was = row.state
    if ITEMS.after(act, was) is was:
        return
    taken.take(unit, actor, row, ITEMS, act, because)
    ended(unit, row)
    way_out.revised(unit, row, channels_of(row))
    lists.count(unit, actor, row.list_id)


def ended(unit: Unit, row: ItemRow) -> None:
    """What is done is done since now, and why it was taken up again stands in its history alone."""
    is_done = row.state is ItemState.DONE
    row.done_at, row.reason = (unit.now, None) if is_done else (None, row.reason)


def channels_of(row: ItemRow) -> set[str]:
    """What was never agreed is told to nobody."""
    return choices.channels(row.shares) if row.number is not None else set()


# ── assignments ──


def locked_item_of(unit: Unit, id: str) -> ItemRow:
    """The item of an assignment. Raises: Refusal NOT_FOUND.

    Every act locks in this order, or two would wait for each other: the item, its assignments by their ids, the bodies
    by theirs, the head of the list. An act on nothing but one assignment leaves the item out.
    """
    return queries.locked(unit.session, handling.item_of(unit.session, id))


def take(unit: Unit, actor: Actor, row: AssignmentRow, act: Act, because: str | None = None) -> None:
    """The assignment, which the caller has locked, is where this act leads it. Raises: Refusal OUT_OF_TURN."""
    taken.take(unit, actor, row, STATES, act, because)


def acted(unit: Unit, actor: Actor, row: AssignmentRow, act: str) -> AssignmentRecord:
    """A new revision, noted, and told to whoever the item is shared with; so is another committee's body that has it.
    The item's list counts anew.
    """
    made = way_out.changed(unit, actor, row, act, choices.channels(row.shares))
    lists.count(unit, actor, queries.ours(unit.session, row.item_id).list_id)
    handovers.follow(unit, row)
    return made


def follow_lead(unit: Unit, actor: Actor, lead: AssignmentRow, act: Act, because: str | None = None) -> None:
    """Opinions that came to a lead, however late, go where it goes; those that never came end with it."""
    if lead.role is not AssignmentRole.LEAD:
        return
    for row in handling.locked_of_item(unit.session, lead.item_id):
        ways = rules.with_lead(act, row.state) if row.role is AssignmentRole.ASSIST else ()
        for way in ways:
            _follow_lead(unit, actor, row, way, because or ENDED_WITH_LEAD)
        if ways:
            way_out.revised(unit, row, choices.channels(row.shares))
            handovers.follow(unit, row)


def _follow_lead(unit: Unit, actor: Actor, row: AssignmentRow, act: Act, because: str) -> None:
    take(unit, actor, row, act, because if act in (Act.SEND_BACK, Act.WITHDRAW) else None)
    if act is Act.WITHDRAW:
        row.withdrawn_because = because
    if act is Act.CLOSE:
        row.closed_at = unit.now


def taken_up(unit: Unit, item: ItemRow) -> rules.Taken:
    """The item as whoever would take up a part in it finds it."""
    rows = handling.of_item(unit.session, item.id)
    is_led = any(row.role is AssignmentRole.LEAD and row.state in rules.IN_HANDS for row in rows)
    return rules.Taken(item.state, item.reason, is_led)


def still_open(unit: Unit, item: str) -> int:
    """How many assignments of an item are not over."""
    return sum(row.state not in rules.OVER for row in handling.of_item(unit.session, item))
