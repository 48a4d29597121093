"""What the first page shows of the topics: what waits for somebody."""

from sync.contract.shapes.topics import TopicState
from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.identity.policy import UseCase
from tenant_service.topics import listing, queries
from tenant_service.web.site import Panel, Todo, Visit, Waits

_MOST = 8
"""News of one panel."""


def todos(visit: Visit) -> list[Todo]:
    if not visit.actor.sees_work:
        return _mine(visit)
    session, counts = visit.unit.session, queries.by_state(visit.unit.session)
    handles, today = visit.waits(Waits.TO_DO, UseCase.HANDLE_TOPICS), visit.site.today()
    signs = visit.waits(Waits.TO_REVIEW, UseCase.SIGN_OFF_TOPICS)
    return [
        Todo(say("议题待受理"), counts.get(TopicState.RAISED, 0), "/topics?state=RAISED", handles),
        Todo(say("议题重新办理"), counts.get(TopicState.REOPENED, 0), "/topics?state=REOPENED", handles),
        Todo(say("答复待签发"), counts.get(TopicState.RESOLVED, 0), "/topics?state=RESOLVED", signs),
        *(
            Todo(label, queries.late(session, behind, today), f"/topics?late={behind.value}", Waits.LATE)
            for behind, label in listing.LATE.items()
        ),
        *_mine(visit),
    ]  # fmt: skip


def starts(visit: Visit) -> list[Link]:
    if visit.may(UseCase.HANDLE_TOPICS):
        return [Link("/topics/new", say("登记反映"))]
    return [Link("/topics/recommend", say("我要荐题"))] if visit.may(UseCase.RECOMMEND_TOPICS) else []


def _mine(visit: Visit) -> list[Todo]:
    """What a member receives first and looks after."""
    if not (visit.actor.is_home and visit.actor.person):
        return []
    session, late = visit.unit.session, queries.Late.ACCEPTING
    found = [
        Todo(say("首接反映待受理"), queries.to_receive(session, visit.actor), "/topics?receive=1", Waits.TO_DO),
        Todo(
            say("首接反映逾期"), queries.to_receive(session, visit.actor, visit.site.today()),
            f"/topics?receive=1&late={late.value}", Waits.LATE,
        ),
        Todo(say("我负责的议题"), queries.looked_after(session, visit.actor), "/topics?mine=open", Waits.TO_DO),
    ]  # fmt: skip
    return [each for each in found if each.count]


def panels(visit: Visit) -> list[Panel]:
    """What became of topics that the visitor follows. Whoever works on them or runs the machine is told when nobody
    outside can know where the desk is.
    """
    shown = []
    if (visit.may(UseCase.HANDLE_TOPICS) or visit.may(UseCase.SEE_SYNC)) and not visit.site.services.desk.is_set:
        shown.append(Panel("desk_unset_panel.html", {}))
    found = queries.news(visit.unit.session, visit.actor, _MOST) if visit.actor.is_home else []
    if found:
        shown.append(Panel("topics_panel.html", {"topics": found, "looks": listing.LOOKS}))
    return shown
