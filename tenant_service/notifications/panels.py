"""What the first page shows of notifications, and the frame of every page: how many wait to be opened."""

from sync.edge.shell.words import say
from tenant_service.identity.policy import UseCase
from tenant_service.notifications import queries
from tenant_service.notifications.listing import AT, SENT
from tenant_service.notifications.queries import SentWanted
from tenant_service.notifications.rules import DeliveryState
from tenant_service.web.site import Todo, Visit, Waits


def unread(visit: Visit) -> int | None:
    """How many of the visitor's own nobody has opened; None: there is no inbox for who has not signed in."""
    if not visit.actor.is_home or visit.actor.must_change:
        return None
    return queries.unread(visit.unit.session, visit.actor)


def todos(visit: Visit) -> list[Todo]:
    """未读通知 for everybody; 通知未送达 for the office, which calls those people."""
    if not visit.actor.is_home:
        return []
    found = [Todo(say("未读通知"), unread(visit) or 0, f"{AT}?unread=1", Waits.TO_DO)]
    if visit.may(UseCase.SEE_NOTICES):
        failed = queries.count_sent(visit.unit.session, SentWanted((DeliveryState.FAILED,)))
        found.append(Todo(say("通知未送达"), failed, f"{SENT}?state=FAILED", Waits.TO_DO))
    return found
