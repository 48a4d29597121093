"""What the first page shows of supervision: what waits for somebody."""

from sync.contract.shapes.supervision import CampaignState
from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.identity.policy import UseCase
from tenant_service.signing import queries as signing
from tenant_service.signing.rules import Approval
from tenant_service.supervision import queries
from tenant_service.supervision.models import CampaignRow
from tenant_service.web.site import Todo, Visit, Waits


def starts(visit: Visit) -> list[Link]:
    return [Link("/supervision/new", say("筹备监督"))] if visit.may(UseCase.EDIT_SUPERVISION) else []


def todos(visit: Visit) -> list[Todo]:
    if not visit.actor.sees_work:
        return []
    session, waiting = visit.unit.session, signing.by_approval(visit.unit.session, CampaignRow)
    running = queries.count(session, CampaignState.RUNNING)
    return [
        Todo(
            say("监督方案待审签"), waiting.get(Approval.IN_REVIEW, 0), "/supervision?approval=IN_REVIEW",
            visit.waits(Waits.TO_REVIEW, UseCase.SIGN_OFF_SUPERVISION),
        ),
        Todo(
            say("监督方案已退回"), waiting.get(Approval.RETURNED, 0), "/supervision?approval=RETURNED",
            visit.waits(Waits.TO_DO, UseCase.EDIT_SUPERVISION),
        ),
        Todo(say("监督进行中"), running, "/supervision?state=RUNNING"),
    ]  # fmt: skip
