"""What the buttons of the campaigns' pages do: the form is read, and the service decides."""

from tenant_service.supervision import service
from tenant_service.supervision.drafts import FIELDS, draft_of
from tenant_service.web.buttons import Buttons
from tenant_service.web.site import Go, Visit

BUTTONS = Buttons("/supervision")
plan = BUTTONS.new("page.supervision.plan", service.plan, draft_of, FIELDS)
redraft = BUTTONS.anew(service.redraft, draft_of)
discard = BUTTONS.discard(service.discard)
submit = BUTTONS.act(service.submit)
send_back = BUTTONS.act_because(service.send_back)
sign_off = BUTTONS.sign_off(service.sign_off)


def begin(visit: Visit) -> Go:
    service.begin(visit.unit, visit.actor, visit.id, visit.form.day("day"))
    return BUTTONS.back(visit)


def write_report(visit: Visit) -> Go:
    service.write_report(visit.unit, visit.actor, visit.id, visit.form.get("report"))
    return BUTTONS.back(visit)


close = BUTTONS.sign_off(service.close)
cancel = BUTTONS.act_because(service.cancel)
share = BUTTONS.share(service.share)
