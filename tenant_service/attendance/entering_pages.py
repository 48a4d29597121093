"""代录 at the list of an activity: the office signs a member up who has no phone, and enters what was answered."""

from starlette.routing import Route

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.requests import RequestKind
from tenant_service.attendance import asking_service, inviting_service, service
from tenant_service.requests.service import Asked
from tenant_service.web.site import Again, Go, Site, Visit

_AT = "/activities/{id}/attendance"


def routes(site: Site, desk: Again) -> list[Route]:
    return [
        Route(f"{_AT}/sign-up", site.acts(sign_up, desk), methods=["POST"]),
        Route(f"{_AT}/answer", site.acts(answer, desk), methods=["POST"]),
    ]


def sign_up(visit: Visit) -> Go:
    """代报名, by name or roster number."""
    person = inviting_service.one_named(visit.unit, visit.form.get("who"))
    asked = Asked(RequestKind.SIGN_UP, visit.id, person_id=person)
    asking_service.ask(visit.unit, visit.actor, visit.site.services.handlers, asked)
    return _desk(visit)


def answer(visit: Visit) -> Go:
    """代录答复: whoever was invited comes or does not, by the one button or the other."""
    comes = visit.form.get("comes")
    if comes not in ("yes", "no"):
        raise Refusal(Code.BAD_VALUE, field="comes", why=Said("须为“参加”或“不参加”", "yes or no"))
    id, reason = visit.form.get("participation"), visit.form.text("reason")
    service.answer_invitation(visit.unit, visit.actor, id, comes=comes == "yes", reason=reason)
    return _desk(visit)


def _desk(visit: Visit) -> Go:
    return Go(f"/activities/{visit.id}/attendance")
