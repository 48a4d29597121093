"""转送与交办: what the office and the 交办单位 do with assignments. A committee forwards; it orders nobody."""

import datetime as dt
from collections.abc import Sequence

from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import day_of
from sync.contract.shapes.items import AssignmentRecord, AssignmentRole, AssignmentState, ItemState
from tenant_service import wording
from tenant_service.assignments import handling_queries as handling
from tenant_service.assignments import handover_service as handovers
from tenant_service.assignments import queries, rules, telling
from tenant_service.assignments.descriptions import handler, open_body
from tenant_service.assignments.entries import acted, follow, follow_lead, locked_item_of, still_open, take, taken_up
from tenant_service.assignments.models import AssignmentRow, ItemRow, TermRow
from tenant_service.assignments.rules import ITEMS, Act, ItemAct, Part
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.settings import Periods
from tenant_service.signing import reviews
from tenant_service.signing.rules import AtOnce
from tenant_service.storage.unit_of_work import Unit
from tenant_service.workdays import queries as workdays


def forward(unit: Unit, actor: Actor, item_id: str, office_id: str) -> AssignmentRecord:
    """转送: the 交办单位 has the item, and decides who is to handle it.

    Raises:
        Refusal: NOT_FOUND, BAD_ID, FORBIDDEN; OUT_OF_TURN, it is not agreed, or done, or that body is closed;
            STILL_IN_HANDS, somebody has it already.
    """
    actor.require(UseCase.EDIT_ITEMS)
    item = queries.locked(unit.session, item_id)
    taken.take(unit, actor, item, ITEMS, ItemAct.FORWARD)
    if still := still_open(unit, item.id):
        raise Refusal(Code.STILL_IN_HANDS, count=still)
    row = _new(unit, item, office_id, open_body(unit, office_id))
    taken.write(unit, actor, row.id, "forward", None, row.state)
    telling.forwarded(unit, actor, row)
    return acted(unit, actor, row, "assignment.forward")


def assign(
    unit: Unit, actor: Actor, periods: Periods, id: str, parts: Sequence[Part], instructions: str | None = None
) -> list[AssignmentRecord]:
    """交办: one body leads, any others assist it; or two and more answer each for itself. Each has its own due date.

    Raises:
        Refusal: NOT_FOUND, also what was forwarded to another office, BAD_ID, FORBIDDEN, OUT_OF_TURN, BAD_TIME,
            BAD_VALUE, CLASSIFIED, PARTS_UNCLEAR.
    """
    actor.require(UseCase.HAND_OVER)
    item = locked_item_of(unit, id)
    row = handling.of_office(unit.session, actor, id)
    first, *others = rules.in_parts(parts)
    for body in sorted(part.body_id for part in parts):
        handler(unit, body)
    row.instructions = wording.optional("instructions", instructions, 1_000)
    take(unit, actor, row, Act.ASSIGN)
    _give(unit, periods, row, first)
    made = [acted(unit, actor, row, "assignment.assign")]
    telling.assigned(unit, actor, row)
    for part in others:
        beside = _new(unit, item, row.office_id, row.office)
        beside.instructions, beside.state = row.instructions, AssignmentState.ASSIGNED
        _give(unit, periods, beside, part)
        taken.write(unit, actor, beside.id, Act.ASSIGN.value, None, beside.state)
        made.append(acted(unit, actor, beside, "assignment.assign"))
        telling.assigned(unit, actor, beside)
    follow(unit, actor, item, ItemAct.ASSIGN)
    return made


def uphold(unit: Unit, actor: Actor, id: str, why: str) -> AssignmentRecord:
    """维持: it is that body's to handle after all, and its clock went on meanwhile.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON.
    """
    actor.require(UseCase.HAND_OVER)
    row = handling.of_office(unit.session, actor, id)
    take(unit, actor, row, Act.UPHOLD, wording.reason(why))
    return acted(unit, actor, row, "assignment.uphold")


def reassign(
    unit: Unit, actor: Actor, periods: Periods, id: str, body_id: str, due_on: dt.date | None = None
) -> AssignmentRecord:
    """改派: another body handles it, with a clock of its own; the clocks of those beside it go on.

    Raises:
        Refusal: NOT_FOUND, BAD_ID, FORBIDDEN, OUT_OF_TURN, BAD_TIME; PARTS_UNCLEAR, that body has a part already.
    """
    actor.require(UseCase.HAND_OVER)
    locked_item_of(unit, id)
    row = handling.of_office(unit.session, actor, id)
    was = row.body or ""
    has_part = [each.body_id for each in _of_same(unit, row) if each.state not in rules.OVER]
    if body_id in (row.body_id, *has_part):  # to the same body is 维持, whose clock goes on
        raise Refusal(Code.PARTS_UNCLEAR)
    take(unit, actor, row, Act.REASSIGN, f"{was} → {handler(unit, body_id)}")
    telling.taken_away(unit, actor, row, f"改派：{handler(unit, body_id)}")
    _replaced(unit, row, day_of(unit.now))
    row.days_late = None  # how late the one before it was stays in the figures, and is not the next one's
    _give(unit, periods, row, Part(body_id, row.role, due_on))
    telling.assigned(unit, actor, row)
    return acted(unit, actor, row, "assignment.reassign")


def grant_extension(unit: Unit, actor: Actor, id: str) -> AssignmentRecord:
    """同意延期: it is due on the day that was asked for; the first date stays beside it.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN; BAD_TIME, that day is over meanwhile.
    """
    row = _asked_for_more(unit, actor, id, Act.GRANT_EXTENSION)
    asked, row.extension_until = row.extension_until or day_of(unit.now), None
    until = rules.due_date(asked, day_of(unit.now))
    row.was_due_on, row.due_on, row.due_is_estimate = row.was_due_on or row.due_on, until, False
    return acted(unit, actor, row, "assignment.grant_extension")


def refuse_extension(unit: Unit, actor: Actor, id: str, why: str) -> AssignmentRecord:
    """不同意延期: it stays due when it was.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON.
    """
    row = _asked_for_more(unit, actor, id, Act.REFUSE_EXTENSION, wording.reason(why))
    row.extension_until = None
    return acted(unit, actor, row, "assignment.refuse_extension")


def reschedule(unit: Unit, actor: Actor, id: str, due_on: dt.date, why: str, document: str) -> AssignmentRecord:
    """调整期限: the 交办单位 sets another last day by a paper of its own, late already or not. How late it was so far
    stays for good, and the first date beside the new one.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED; BAD_TIME, that day is over, too
            far ahead, or the one it is due on.
    """
    actor.require(UseCase.HAND_OVER)
    row = handling.of_office(unit.session, actor, id)
    reason, paper = wording.reason(why), wording.text("document", document, 120)
    was, today = row.due_on or day_of(unit.now), day_of(unit.now)
    take(unit, actor, row, Act.RESCHEDULE, f"{was} → {due_on}：{reason}（{paper}）")
    if due_on == was:
        raise Refusal(Code.BAD_TIME, field="dueOn", why=Said("与现定期限相同", "it is due then already"))
    until = rules.due_date(due_on, today)
    _replaced(unit, row, today, reason, paper)
    row.days_late = rules.slipped(row.days_late, was, today)
    row.was_due_on, row.due_on, row.due_is_estimate = row.was_due_on or was, until, False
    row.extension_until = None
    return acted(unit, actor, row, "assignment.reschedule")


def reopen(
    unit: Unit, actor: Actor, periods: Periods, id: str, due_on: dt.date | None = None, why: str | None = None
) -> AssignmentRecord:
    """重新办理: the body that replied has it once more, with a new due date; how late it was before stays.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, BAD_TIME; OUT_OF_TURN, the committee has not taken the item up again, or nobody
            leads it to whom this body would tell its opinion; NEEDS_REASON, another part was taken up for the item's.
    """
    actor.require(UseCase.HAND_OVER)
    item = locked_item_of(unit, id)
    row = handling.of_office(unit.session, actor, id)
    found = taken_up(unit, item)
    if not rules.is_taken_up(found, row.role):
        raise Refusal(Code.OUT_OF_TURN, now=item.state)
    because = item.reason if rules.says_why(found) and not why else wording.reason(why or "")
    take(unit, actor, row, Act.REOPEN, because)
    _replaced(unit, row, day_of(row.replied_at or unit.now))
    _clock(unit, periods, row, due_on)
    row.closed_at = row.satisfaction = row.verification = None
    row.sent_back_because = because
    made = acted(unit, actor, row, "assignment.reopen")
    follow(unit, actor, item, ItemAct.ASSIGN)
    return made


def withdraw(unit: Unit, actor: Actor, id: str, why: str) -> AssignmentRecord:
    """撤回: nobody needs to reply any more, which the bodies read at once; it is reviewed after. With the lead go those
    that assist it, whose opinions nobody needs now.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON.
    """
    actor.require(UseCase.EDIT_ITEMS)
    item, reason = locked_item_of(unit, id), wording.reason(why)
    row = handling.locked(unit.session, id)
    take(unit, actor, row, Act.WITHDRAW, reason)
    row.withdrawn_because = reason
    reviews.left_at_once(unit, actor, id, AtOnce.ASSIGNMENT_WITHDRAW)
    made = acted(unit, actor, row, "assignment.withdraw")
    telling.taken_away(unit, actor, row, reason)
    follow_lead(unit, actor, row, Act.WITHDRAW, reason)
    left = [each for each in handling.of_item(unit.session, item.id) if each.state is not AssignmentState.WITHDRAWN]
    if not left and item.state is ItemState.ASSIGNED:
        follow(unit, actor, item, ItemAct.TAKE_BACK, reason)
    return made


# ── parts ──


def _new(unit: Unit, item: ItemRow, office_id: str | None, office: str | None) -> AssignmentRow:
    """A row of the item's chain, with whoever the item is shared with; forwarded, and assigned to nobody yet."""
    row = AssignmentRow(
        id=unit.new_id("assignment"), committee_id=unit.committee, item_id=item.id, state=AssignmentState.FORWARDED,
        role=AssignmentRole.LEAD, office_id=office_id, office=office, shares=list(item.shares), revision=0,
        changed_at=unit.now,
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    return row


def _give(unit: Unit, periods: Periods, row: AssignmentRow, part: Part) -> None:
    """It is this body's from today on."""
    row.body, row.body_id, row.role = handler(unit, part.body_id), part.body_id, part.role
    row.return_because = row.return_to = row.extension_because = None
    _clock(unit, periods, row, part.due_on)
    until = workdays.calendar(unit.session).after(day_of(unit.now), periods.return_workdays).day
    handovers.hand_over(unit, row, until, periods.return_workdays)


def _clock(unit: Unit, periods: Periods, row: AssignmentRow, told: dt.date | None) -> None:
    """A clock that begins today: until the day that was told, or of as many workdays as is usual."""
    today = day_of(unit.now)
    row.assigned_on, row.was_due_on, row.extension_until = today, None, None
    if told is not None:
        row.due_on, row.due_is_estimate = rules.due_date(told, today), False
    else:
        due = workdays.calendar(unit.session).after(today, periods.reply_workdays)
        row.due_on, row.due_is_estimate = due.day, due.is_estimate


def _replaced(
    unit: Unit, row: AssignmentRow, until: dt.date, because: str | None = None, document: str | None = None
) -> None:
    """Another last day takes the place of this one, which counted until then."""
    if row.due_on is not None:
        unit.session.add(TermRow(
            id=unit.new_id("assignment_term"), assignment_id=row.id, due_on=row.due_on, until=until, because=because,
            document=document,
        ))  # fmt: skip


def _asked_for_more(unit: Unit, actor: Actor, id: str, act: Act, because: str | None = None) -> AssignmentRow:
    actor.require(UseCase.HAND_OVER)
    row = handling.of_office(unit.session, actor, id)
    if row.extension_until is None:
        raise Refusal(Code.OUT_OF_TURN, now=Said("没有待批的延期申请", "NO_EXTENSION_ASKED"))
    take(unit, actor, row, act, because)
    return row


def _of_same(unit: Unit, row: AssignmentRow) -> list[AssignmentRow]:
    return [each for each in handling.of_item(unit.session, row.item_id) if each.id != row.id]
