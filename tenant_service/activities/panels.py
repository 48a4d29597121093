"""What the first page shows of the activities: what waits for somebody, what is on today, and what comes next."""

from sync.contract.shapes.activities import ActivityOrder, ActivityState
from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.activities import listing, queries
from tenant_service.activities.models import ActivityRow
from tenant_service.identity.policy import UseCase
from tenant_service.signing import queries as signing
from tenant_service.signing.rules import Approval
from tenant_service.web.site import Panel, Todo, Visit, Waits


def todos(visit: Visit) -> list[Todo]:
    if not visit.actor.sees_work:
        return []
    by_approval = signing.by_approval(visit.unit.session, ActivityRow)
    steps = [
        Todo(label, by_approval.get(step, 0), f"/activities?approval={step.value}", waits)
        for step, label, waits in (
            (Approval.IN_REVIEW, say("活动待审签"), visit.waits(Waits.TO_REVIEW, UseCase.SIGN_OFF_ACTIVITY)),
            (Approval.RETURNED, say("活动已退回"), visit.waits(Waits.TO_DO, UseCase.DRAFT_ACTIVITY)),
            (Approval.DRAFTING, say("活动拟稿中"), None),
        )
    ]
    late = queries.unclosed_before(visit.unit.session, visit.unit.now)
    return [*steps, Todo(say("活动逾期未办结"), late, "/activities?due=1", Waits.LATE)]


def starts(visit: Visit) -> list[Link]:
    if visit.may(UseCase.DRAFT_ACTIVITY):
        return [Link("/activities/new", say("新拟活动"))]
    is_member = visit.actor.is_inside and visit.actor.person
    found = [Link("/activities?state=PUBLISHED", say("报名活动"))] if is_member else []
    return [*found, *([Link("/activities/start", say("发起云会议"))] if visit.may(UseCase.START_MEETING) else [])]


def panels(visit: Visit) -> list[Panel]:
    """What is on today, and what comes next; nothing of it is an administrator's work."""
    if visit.actor.only_administers:
        return []
    session, today = visit.unit.session, visit.site.today()
    coming = queries.Wanted(states=(ActivityState.PUBLISHED,), since=visit.unit.now)
    soon = queries.listed(session, visit.actor, coming, ActivityOrder.STARTS_AT_ASC, 6, None).rows
    seen = {"title": say("即将举行"), "activities": soon, "all": "/activities", "looks": listing.LOOKS}
    if not visit.actor.is_inside:
        return [Panel("activities_panel.html", seen | {"title": say("公开活动")})]
    start, end = listing.bounds(today)
    on = queries.Wanted(since=start, until=end)
    now = queries.listed(session, visit.actor, on, ActivityOrder.STARTS_AT_ASC, 20, None).rows
    held = {"title": say("今日活动"), "activities": now, "all": f"/activities?on={today}", "looks": listing.LOOKS}
    return [Panel("activities_panel.html", held), Panel("activities_panel.html", seen)]
