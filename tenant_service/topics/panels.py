"""What the first page shows of the topics: what waits for somebody."""

from sync.contract.shapes.topics import TopicState
from sync.edge.shell.words import say
from tenant_service.identity.policy import UseCase
from tenant_service.topics import listing, queries
from tenant_service.web.site import Panel, Todo, Visit

_MOST = 8
"""News of one panel."""


def todos(visit: Visit) -> list[Todo]:
    if not visit.actor.sees_work:
        return _mine(visit)
    session, counts = visit.unit.session, queries.by_state(visit.unit.session)
    handles, today = visit.may(UseCase.HANDLE_TOPICS), visit.site.today()
    overdue = queries.overdue(session, today)
    return [
        Todo(say("议题待受理"), counts.get(TopicState.RAISED, 0), "/topics?state=RAISED", is_due=handles),
        Todo(say("受理告知逾期"), overdue.to_accept, "/topics?state=RAISED&sort=RAISED_AT_ASC", is_due=True),
        Todo(
            say("答复待签发"), counts.get(TopicState.RESOLVED, 0), "/topics?state=RESOLVED",
            is_due=visit.may(UseCase.SIGN_OFF_TOPICS),
        ),
        Todo(say("议题重新办理"), counts.get(TopicState.REOPENED, 0), "/topics?state=REOPENED", is_due=handles),
        Todo(say("议题步骤逾期"), overdue.steps, "/topics?state=IN_PROCEDURE", is_due=True),
        Todo(say("跟踪到期"), overdue.tracked, "/topics?tracked=1", is_due=True),
        *_mine(visit),
    ]  # fmt: skip


def _mine(visit: Visit) -> list[Todo]:
    """What a member looks after."""
    if not (visit.actor.is_home and visit.actor.person):
        return []
    count = queries.looked_after(visit.unit.session, visit.actor)
    return [Todo(say("我负责的议题"), count, "/topics?mine=1")] if count else []


def panels(visit: Visit) -> list[Panel]:
    """What became of topics that the visitor follows."""
    found = queries.news(visit.unit.session, visit.actor, _MOST) if visit.actor.is_home else []
    return [Panel("topics_panel.html", {"topics": found, "looks": listing.LOOKS})] if found else []
