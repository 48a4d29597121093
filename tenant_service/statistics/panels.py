"""What the first page shows of totals from before the platform: what waits for somebody."""

from sync.edge.shell.words import say
from tenant_service.identity.policy import UseCase
from tenant_service.signing import queries as signing
from tenant_service.signing.rules import Approval
from tenant_service.statistics.models import OpeningRow
from tenant_service.web.site import Todo, Visit, Waits

_AT = "/figures/openings?approval="


def todos(visit: Visit) -> list[Todo]:
    if not visit.actor.sees_work:
        return []
    waiting = signing.by_approval(visit.unit.session, OpeningRow)
    return [
        Todo(
            say("期初数待签发"), waiting.get(Approval.IN_REVIEW, 0), f"{_AT}IN_REVIEW",
            visit.waits(Waits.TO_REVIEW, UseCase.SIGN_OFF_OPENINGS),
        ),
        Todo(
            say("期初数已退回"), waiting.get(Approval.RETURNED, 0), f"{_AT}RETURNED",
            visit.waits(Waits.TO_DO, UseCase.EDIT_OPENINGS),
        ),
    ]  # fmt: skip
