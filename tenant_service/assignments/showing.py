"""What may be done with one assignment by whoever looks, and why not what could only be refused."""

import datetime as dt

from sync.contract.shapes.items import AssignmentRole
from sync.edge.shell.words import say
from tenant_service.assignments import handling_queries as handling
from tenant_service.assignments import handling_service, queries, rules
from tenant_service.assignments import reminder_queries as reminders
from tenant_service.assignments.entries import taken_up
from tenant_service.assignments.models import AssignmentRow
from tenant_service.assignments.rules import STATES, Act
from tenant_service.identity.policy import UseCase
from tenant_service.signing import acts as signing
from tenant_service.web.site import Visit


def why_not(visit: Visit, row: AssignmentRow | None) -> list[str]:
    """What stands in the place of a form that could only be refused: why not, and what may be done instead."""
    if row is None:
        return []
    today, found = visit.site.today(), []
    is_its, possible = row.body_id == visit.actor.body, STATES.possible(row.state)
    if is_its and visit.may(UseCase.HANDLE_ASSIGNMENTS):
        if Act.ASK_EXTENSION in possible and rules.is_late(today, row.due_on):
            found.append(visit.say(say("已逾期，不能再申请延期；确需调整期限的，请与交办单位联系，由其调整。")))
        elif Act.ASK_EXTENSION in possible and row.extension_until:
            found.append(visit.say(say("已申请延期，待交办单位审批。")))
        if Act.ASK_TO_RETURN in possible and today > return_until(visit, row):
            said = visit.say(say("退办申请的期限（%(day)s）已过，请签收办理；如需更多时间可申请延期。"))
            found.append(said % {"day": return_until(visit, row)})
    if visit.may(UseCase.HAND_OVER) and row.extension_until and row.extension_until <= today:
        found.append(visit.say(say("申请延至的日期已过，不能同意延期；可调整期限，或不同意延期。")))
    return found


def return_until(visit: Visit, row: AssignmentRow) -> dt.date:
    return handling_service.last_day_to_return(visit.unit, visit.site.services.periods, row)


def may(visit: Visit, row: AssignmentRow | None) -> frozenset[str]:
    """What the visitor may do now; the services decide anew when it is done."""
    if row is None:
        return frozenset()
    possible = set(STATES.possible(row.state))
    if row.extension_until is None:
        possible -= {Act.GRANT_EXTENSION, Act.REFUSE_EXTENSION}
    else:
        possible -= {Act.ASK_EXTENSION}
    possible -= _over(visit, row)
    if row.role is AssignmentRole.ASSIST:
        possible -= {Act.SEND_BACK, Act.VERIFY, Act.CLOSE}
    found, body = set[Act](), visit.actor.body
    if visit.may(UseCase.EDIT_ITEMS):
        found |= possible & rules.OF_THE_OFFICE
    if signing.may_sign(visit.actor, UseCase.SIGN_OFF_ITEMS, row.paper_by or ""):
        found |= possible & {Act.CLOSE}
    if visit.may(UseCase.HAND_OVER) and body and body == row.office_id:
        found |= possible & (rules.OF_THE_COORDINATOR | {Act.URGE})
        if not rules.is_taken_up(taken(visit, row), row.role):
            found -= {Act.REOPEN}
    if visit.may(UseCase.HANDLE_ASSIGNMENTS) and body and body == row.body_id:
        found |= possible & rules.OF_THE_BODY
    elif visit.may(UseCase.EDIT_ITEMS) and handling.answers_on_paper(visit.unit.session, row):
        found |= possible & rules.ON_PAPER
    return frozenset(found)


def _over(visit: Visit, row: AssignmentRow) -> set[Act]:
    """What the state permits and the day does not any more."""
    today, found = visit.site.today(), set[Act]()
    if rules.is_late(today, row.due_on):
        found.add(Act.ASK_EXTENSION)
    if row.extension_until and row.extension_until <= today:
        found.add(Act.GRANT_EXTENSION)
    if row.body_id == visit.actor.body and today > return_until(visit, row):
        found.add(Act.ASK_TO_RETURN)  # on paper the day of the paper counts
    if reminders.urged_on(visit.unit.session, [row.id], today):
        found.add(Act.URGE)
    return found


def taken(visit: Visit, row: AssignmentRow) -> rules.Taken:
    return taken_up(visit.unit, queries.ours(visit.unit.session, row.item_id))
