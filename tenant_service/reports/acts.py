"""What the buttons of the reports' pages do: the form is read, and the service decides."""

from tenant_service.reports import intake_service as intake
from tenant_service.reports import sending_service as sending
from tenant_service.reports import service
from tenant_service.reports.drafts import FIELDS, draft_of
from tenant_service.web import sharing
from tenant_service.web.site import Go, Visit


def write(visit: Visit) -> Go:
    """撰写. Pressed twice, there is one report."""
    draft = draft_of(visit.form)
    told = {name: visit.form.all(name) for name in FIELDS}
    made = visit.once("page.reports.write", told, lambda unit: service.write(unit, visit.actor, draft))
    return Go(f"/reports/{made.id}")


def redraft(visit: Visit) -> Go:
    service.redraft(visit.unit, visit.actor, visit.id, draft_of(visit.form))
    return _to(visit)


def edit(visit: Visit) -> Go:
    service.edit(visit.unit, visit.actor, visit.id, draft_of(visit.form))
    return _to(visit)


def discard(visit: Visit) -> Go:
    service.discard(visit.unit, visit.actor, visit.id)
    return Go("/reports")


def hand_in(visit: Visit) -> Go:
    service.hand_in(visit.unit, visit.actor, visit.id)
    return _to(visit)


def give_back(visit: Visit) -> Go:
    service.give_back(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return _to(visit)


def take_on(visit: Visit) -> Go:
    service.take_on(visit.unit, visit.actor, visit.id)
    return _to(visit)


def decline(visit: Visit) -> Go:
    service.decline(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return _to(visit)


def merge(visit: Visit) -> Go:
    service.merge(visit.unit, visit.actor, visit.id, visit.form.get("intoId"))
    return Go(f"/reports/{visit.form.get('intoId')}")


def submit(visit: Visit) -> Go:
    service.submit(visit.unit, visit.actor, visit.id)
    return _to(visit)


def send_back(visit: Visit) -> Go:
    service.send_back(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return _to(visit)


def sign_off(visit: Visit) -> Go:
    bulletin, unclassified = visit.site.services.bulletin, visit.form.tells("unclassified")
    service.sign_off(visit.unit, visit.actor, bulletin, visit.id, unclassified=unclassified)
    return _to(visit)


def send(visit: Visit) -> Go:
    sending.send(visit.unit, visit.actor, visit.id)
    return _to(visit)


def take_back(visit: Visit) -> Go:
    sending.take_back(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return _to(visit)


def archive(visit: Visit) -> Go:
    service.archive(visit.unit, visit.actor, visit.id)
    return _to(visit)


def share(visit: Visit) -> Go:
    shares = sharing.chosen_in(visit.form.all(sharing.FIELD))
    service.share(visit.unit, visit.actor, visit.directory, visit.id, shares)
    return _to(visit)


# ── what was sent up to us ──


def receive(visit: Visit) -> Go:
    intake.receive(visit.unit, visit.actor, visit.site.services.handlers, visit.id)
    return _to(visit)


def work_in(visit: Visit) -> Go:
    intake.work_in(visit.unit, visit.actor, visit.site.services.handlers, visit.id)
    return _to(visit)


def adopt(visit: Visit) -> Go:
    told, unclassified = visit.form.get("bulletin"), visit.form.tells("unclassified")
    intake.adopt(visit.unit, visit.actor, visit.site.services.handlers, visit.id, told, unclassified=unclassified)
    return _to(visit)


def turn_down(visit: Visit) -> Go:
    reason = visit.form.get("reason")
    intake.turn_down(visit.unit, visit.actor, visit.site.services.handlers, visit.id, reason)
    return _to(visit)


def _to(visit: Visit) -> Go:
    return Go(f"/reports/{visit.id}")
