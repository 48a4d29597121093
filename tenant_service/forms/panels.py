"""What the first page shows of forms: what waits for somebody."""

from sync.contract.shapes.forms import FormState
from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.forms import queries
from tenant_service.forms.models import FormRow
from tenant_service.identity.policy import UseCase
from tenant_service.signing import queries as signing
from tenant_service.signing.rules import Approval
from tenant_service.web.site import Todo, Visit, Waits


def starts(visit: Visit) -> list[Link]:
    return [Link("/forms/new", say("拟制表单"))] if visit.may(UseCase.EDIT_FORMS) else []


def todos(visit: Visit) -> list[Todo]:
    found = [Todo(say("表单待我填写"), asking, "/forms?mine=asked", Waits.TO_DO)] if (asking := _asking(visit)) else []
    if not visit.actor.sees_work:
        return found
    session, waiting = visit.unit.session, signing.by_approval(visit.unit.session, FormRow)
    return [
        *found,
        Todo(
            say("表单待审签"), waiting.get(Approval.IN_REVIEW, 0), "/forms?approval=IN_REVIEW",
            visit.waits(Waits.TO_REVIEW, UseCase.SIGN_OFF_FORMS),
        ),
        Todo(
            say("表单已退回"), waiting.get(Approval.RETURNED, 0), "/forms?approval=RETURNED",
            visit.waits(Waits.TO_DO, UseCase.EDIT_FORMS),
        ),
        Todo(
            say("表单待开放"), queries.count(session, FormState.REVIEWED), "/forms?state=REVIEWED",
            visit.waits(Waits.TO_DO, UseCase.EDIT_FORMS),
        ),
    ]  # fmt: skip


def _asking(visit: Visit) -> int:
    """Forms that invited the visitor and were not answered."""
    actor = visit.actor
    if not actor.is_inside or actor.person is None:
        return 0
    return queries.count_asking(visit.unit.session, actor.person, visit.site.today())
