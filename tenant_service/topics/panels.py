"""What the first page shows of the topics: what waits for somebody."""

from sync.contract.shapes.topics import TopicState
from sync.edge.shell.words import say
from tenant_service.identity.policy import UseCase
from tenant_service.topics import queries
from tenant_service.web.site import Todo, Visit


def todos(visit: Visit) -> list[Todo]:
    if not visit.actor.sees_work:
        return []
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
    ]  # fmt: skip
