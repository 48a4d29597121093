"""找回: items and assignments of ours that a restored backup had forgotten, as those last knew them who were told."""

from sqlalchemy import select

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.handovers import HandlingAct
from sync.contract.shapes.items import AssignmentState
from tenant_service.assignments import lists, queries
from tenant_service.assignments.answering_service import put_back
from tenant_service.assignments.entries import follow
from tenant_service.assignments.models import AssignmentRow, CallRow, HandoverRow, ItemRow
from tenant_service.assignments.rules import ITEMS, OVER, ItemAct
from tenant_service.exchange import way_out
from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring.recovering import BY, Recovered, gone, narrowed, restorer, stand, write
from tenant_service.exchange.sharing import choices
from tenant_service.history import taken
from tenant_service.members import offer_queries as offers
from tenant_service.members import posting_queries as postings
from tenant_service.requests import queries as requests
from tenant_service.storage.unit_of_work import Unit

KNOWN_THERE = (
    "state", "role", "assigned_on", "due_on", "was_due_on", "due_is_estimate", "extension_until", "replied_at",
    "days_late", "instructions", "closed_at", "satisfaction",
)  # fmt: skip
"""What the home of a body knows of an assignment that its body has in hands."""
LOST = "交办方恢复数据后未找回此项交办"
"""Why it is withdrawn, as the home is told."""


def recover_item(unit: Unit, told: Recovered) -> Outcome:
    """The item stands on its list as it was last told; its body is the one that our list has by that name."""
    row = unit.session.get(ItemRow, told.id, with_for_update=True)
    if told.is_gone:
        return _gone_from(unit, row, told, row.list_id if row else None)
    if told.record is None:
        return narrowed(unit, row, told)
    outcome, was = (Outcome.UPDATED, row.state) if row else (Outcome.ANEW, None)
    row = row or ItemRow(
        id=told.id, committee_id=unit.committee, revision=0, changed_at=told.said_at, proposed_by=BY, shares=[]
    )
    _free(unit, row, told)
    write(row, told, is_new=outcome is Outcome.ANEW)
    row.body_id = postings.named(unit.session, [row.body]).get(row.body) if row.body else None
    stand(unit, row, told)
    if was is not row.state:
        taken.write(unit, restorer(unit.committee), row.id, "recover", was, row.state)
    _recounted(unit, row.list_id)
    return outcome


def recover_assignment(unit: Unit, told: Recovered) -> Outcome:
    """The assignment stands as it was last told. What was told to nobody (an open reply, contacts, why it was to be
    returned) is as the backup has it, or missing.
    """
    row = unit.session.get(AssignmentRow, told.id, with_for_update=True)
    if told.is_gone:
        item = unit.session.get(ItemRow, row.item_id) if row else None
        return _gone_from(unit, row, told, item.list_id if item else None)
    if told.record is None:
        return narrowed(unit, row, told)
    outcome, was = (Outcome.UPDATED, row.state) if row else (Outcome.ANEW, None)
    row = row or AssignmentRow(
        id=told.id, committee_id=unit.committee, revision=0, changed_at=told.said_at, shares=[]
    )  # fmt: skip
    write(row, told, is_new=outcome is Outcome.ANEW)
    if row.office and row.office_id is None:
        row.office_id = postings.named(unit.session, [row.office]).get(row.office)
    row.drafted_reply, row.drafted_class = row.reply or row.drafted_reply, row.reply_class or row.drafted_class
    stand(unit, row, told)
    if was is not row.state:
        taken.write(unit, restorer(unit.committee), row.id, "recover", was, row.state)
    item = unit.session.get(ItemRow, row.item_id)
    if item is not None:
        _recounted(unit, item.list_id)
    return outcome


def recover_handover(unit: Unit, told: Recovered) -> Outcome:
    """What was handed over to another committee's body stands as its home was last told, and the assignment stands as
    far as that says. Where the assignment itself did not come back, the home is told that it is withdrawn, and why.
    """
    row = unit.session.get(HandoverRow, told.id, with_for_update=True)
    if told.is_gone:
        return gone(unit, row, told)
    if told.record is None:
        return Outcome.WITHDRAWN
    outcome = Outcome.UPDATED if row else Outcome.ANEW
    row = row or HandoverRow(id=told.id, committee_id=unit.committee, revision=0, since=told.said_at)
    write(row, told, is_new=outcome is Outcome.ANEW)
    assignment = unit.session.get(AssignmentRow, row.assignment_id, with_for_update=True)
    if assignment is None and row.moved_at is None and row.state not in OVER:
        row.state, row.reason = AssignmentState.WITHDRAWN, LOST
    elif assignment is not None and row.moved_at is None:
        _catch_up(unit, assignment, row)
    unit.session.add(row)
    way_out.revised(unit, row, told.channels)
    return outcome


def _catch_up(unit: Unit, row: AssignmentRow, told: HandoverRow) -> None:
    """The assignment is in the hands of the body whose home knew so, and stands where that knew it to stand."""
    if (row.state, row.body_id) == (told.state, told.body_id):
        return
    was, by = row.state, restorer(unit.committee)
    if row.body_id != told.body_id:
        row.body_id, row.body = told.body_id, offers.name_of(unit.session, told.body_id)
    for name in KNOWN_THERE:
        setattr(row, name, getattr(told, name))
    reply = requests.last_handled(unit.session, told.id, HandlingAct.REPLY)
    if reply is not None and row.replied_at is not None:
        put_back(row, reply.record())
    taken.write(unit, by, row.id, "recover", was, row.state)
    way_out.revised(unit, row, choices.channels(row.shares))
    item = queries.locked(unit.session, row.item_id)
    if ItemAct.ASSIGN in ITEMS.possible(item.state):
        follow(unit, by, item, ItemAct.ASSIGN)


def recover_call(unit: Unit, told: Recovered) -> Outcome:
    """The call stands as it was last told; who was called, and where to, is as the backup has it, or missing."""
    row = unit.session.get(CallRow, told.id, with_for_update=True)
    if told.is_gone:
        return gone(unit, row, told)
    if told.record is None:
        return narrowed(unit, row, told)
    outcome, was = (Outcome.UPDATED, row.state) if row else (Outcome.ANEW, None)
    row = row or CallRow(
        id=told.id, committee_id=unit.committee, revision=0, changed_at=told.said_at, shares=[], place=""
    )  # fmt: skip
    write(row, told, is_new=outcome is Outcome.ANEW)
    stand(unit, row, told)
    if was is not row.state:
        taken.write(unit, restorer(unit.committee), row.id, "recover", was, row.state)
    return outcome


def _gone_from(unit: Unit, row: ItemRow | AssignmentRow | None, told: Recovered, list_id: str | None) -> Outcome:
    """The row is gone, and whoever has its list knows what that comes to without it."""
    outcome = gone(unit, row, told)
    if list_id is not None:
        _recounted(unit, list_id)
    return outcome


def _recounted(unit: Unit, list_id: str) -> None:
    """Whoever has the list knows what it comes to now; a list whose head did not come back is nobody's."""
    try:
        lists.count(unit, restorer(unit.committee), list_id)
    except Refusal as refusal:
        if refusal.code is not Code.NOT_FOUND:
            raise


def _free(unit: Unit, row: ItemRow, told: Recovered) -> None:
    """The number that others know is the item's; what was given it after the backup, told to nobody, has the next."""
    number, list_id = told.record.number, told.record.list_id
    if number is None:
        return
    same = select(ItemRow).where(ItemRow.list_id == list_id, ItemRow.number == number, ItemRow.id != row.id)
    for other in unit.session.scalars(same):
        other.number = max(queries.next_number(unit.session, list_id), number + 1)
    unit.session.flush()
