"""What the buttons of the reports' pages do: the form is read, and the service decides."""

from tenant_service.reports import intake_service as intake
from tenant_service.reports import sending_service as sending
from tenant_service.reports import service
from tenant_service.reports.drafts import FIELDS, draft_of
from tenant_service.web.buttons import Buttons
from tenant_service.web.site import Go, Visit

BUTTONS = Buttons("/reports")


def write(visit: Visit) -> Go:
    """撰写. Pressed twice, there is one report."""
    draft = draft_of(visit.form)
    told = {name: visit.form.all(name) for name in FIELDS}
    made = visit.once("page.reports.write", told, lambda unit: service.write(unit, visit.actor, draft))
    return Go(f"/reports/{made.id}")


def redraft(visit: Visit) -> Go:
    service.redraft(visit.unit, visit.actor, visit.id, draft_of(visit.form))
    return BUTTONS.back(visit)


def edit(visit: Visit) -> Go:
    service.edit(visit.unit, visit.actor, visit.id, draft_of(visit.form))
    return BUTTONS.back(visit)


discard = BUTTONS.discard(service.discard)
hand_in = BUTTONS.act(service.hand_in)
give_back = BUTTONS.act_because(service.give_back)
take_on = BUTTONS.act(service.take_on)
decline = BUTTONS.act_because(service.decline)


def merge(visit: Visit) -> Go:
    service.merge(visit.unit, visit.actor, visit.id, visit.form.get("intoId"))
    return Go(f"/reports/{visit.form.get('intoId')}")


submit = BUTTONS.act(service.submit)
send_back = BUTTONS.act_because(service.send_back)
sign_off = BUTTONS.sign_off_by(service.sign_off, lambda services: services.bulletin)
send = BUTTONS.act(sending.send)
take_back = BUTTONS.act_because(sending.take_back)
archive = BUTTONS.act(service.archive)
share = BUTTONS.share(service.share)


# ── what was sent up to us ──


def receive(visit: Visit) -> Go:
    intake.receive(visit.unit, visit.actor, visit.site.services.handlers, visit.id)
    return BUTTONS.back(visit)


def work_in(visit: Visit) -> Go:
    intake.work_in(visit.unit, visit.actor, visit.site.services.handlers, visit.id)
    return BUTTONS.back(visit)


def adopt(visit: Visit) -> Go:
    told, unclassified = visit.form.get("bulletin"), visit.form.tells("unclassified")
    intake.adopt(visit.unit, visit.actor, visit.site.services.handlers, visit.id, told, unclassified=unclassified)
    return BUTTONS.back(visit)


def turn_down(visit: Visit) -> Go:
    reason = visit.form.get("reason")
    intake.turn_down(visit.unit, visit.actor, visit.site.services.handlers, visit.id, reason)
    return BUTTONS.back(visit)
