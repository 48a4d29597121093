"""What a body of another committee's list has in hands is told to its home: the row follows its assignment."""

import datetime as dt
from dataclasses import replace
from typing import Any

from sync.contract.channels import partner
from sync.contract.ids import owner_of
from sync.contract.shapes.items import AssignmentRole, AssignmentState
from tenant_service.assignments import handling_queries as handling
from tenant_service.assignments import handover_queries as handovers
from tenant_service.assignments import handover_rules as rules
from tenant_service.assignments import lists, queries
from tenant_service.assignments import reminder_queries as reminders
from tenant_service.assignments.models import AssignmentRow, HandoverRow
from tenant_service.assignments.rules import IN_HANDS
from tenant_service.exchange import way_out
from tenant_service.history import taken
from tenant_service.storage.unit_of_work import Unit


def hand_over(unit: Unit, row: AssignmentRow, return_until: dt.date, return_days: int) -> None:
    """The assignment is in the hands of the body that it names now: whoever had it before is told that it has it no
    more, and a body of another committee has it in its inbox when `follow` has told its home.

    Raises:
        Refusal: PARTNER_HAS_NO_KEY, UNKNOWN_COMMITTEE: nothing can be told to its home.
    """
    for before in handovers.of_assignment(unit.session, row.id):
        if before.moved_at is None:
            before.moved_at, before.extension_until = unit.now, None
            _tell(unit, before)
    if row.body_id is None or owner_of(row.body_id) == unit.committee:
        return
    made = HandoverRow(
        id=unit.new_id("handover"), committee_id=unit.committee, to_id=owner_of(row.body_id), assignment_id=row.id,
        body_id=row.body_id, state=row.state, role=row.role, return_until=return_until, return_days=return_days,
        since=unit.now, revision=0, changed_at=unit.now,
    )  # fmt: skip
    unit.session.add(made)
    unit.session.flush()


def follow(unit: Unit, row: AssignmentRow) -> None:
    """Other committees' bodies that have a part of the same item in hands are told what changed for them, if it did."""
    for each in handovers.standing(unit.session, row.item_id):
        was = each.record()
        _describe(unit, each, row if each.assignment_id == row.id else handling.ours(unit.session, each.assignment_id))
        if each.revision == 0 or each.record() != replace(was, revision=each.revision, changed_at=each.changed_at):
            _tell(unit, each)


def _describe(unit: Unit, each: HandoverRow, row: AssignmentRow) -> None:
    item = queries.ours(unit.session, row.item_id)
    told: dict[str, Any] = {
        "state": row.state, "role": row.role, "title": lists.head(unit.session, item.list_id).title, "text": item.text,
        "office": row.office, "instructions": row.instructions, "assigned_on": row.assigned_on, "due_on": row.due_on,
        "was_due_on": row.was_due_on, "due_is_estimate": row.due_is_estimate, "extension_until": row.extension_until,
        "replied_at": row.replied_at, "days_late": row.days_late, "satisfaction": row.satisfaction,
        "closed_at": row.closed_at, "reason": _reason(unit, each),
    }  # fmt: skip
    opinions, awaited = _opinions(unit, row)
    urged = reminders.last_urged(unit.session, row.id, each.since)
    told |= {"urged_on": urged.day, "urging": urged.text} if urged else {}
    for name, value in (told | {"opinions": opinions, "awaited": awaited}).items():
        setattr(each, name, value)


def _reason(unit: Unit, each: HandoverRow) -> str | None:
    """What was last said to this body, besides what was said to others before."""
    said = [
        step for step in taken.of(unit.session, each.assignment_id)
        if step.act in rules.SAYS_WHY and step.at >= each.since
    ]  # fmt: skip
    return said[-1].because if said else None


def _opinions(unit: Unit, row: AssignmentRow) -> tuple[list[str] | None, list[str] | None]:
    """What those who assist this one have told it, and who has not."""
    if row.role is not AssignmentRole.LEAD:
        return None, None
    beside = [each for each in handling.of_item(unit.session, row.item_id) if each.role is AssignmentRole.ASSIST]
    beside = [each for each in beside if each.state is not AssignmentState.WITHDRAWN][: rules.MOST_OPINIONS]
    told = [rules.told_opinion(each.body or "", each.drafted_reply) for each in beside if each.drafted_reply]
    return told, [each.body or "" for each in beside if each.state in IN_HANDS]


def _tell(unit: Unit, row: HandoverRow) -> None:
    way_out.revised(unit, row, {partner(row.to_id)})
