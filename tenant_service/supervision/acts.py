"""What the buttons of the campaigns' pages do: the form is read, and the service decides."""

from tenant_service.supervision import service
from tenant_service.supervision.drafts import FIELDS, draft_of
from tenant_service.web import sharing
from tenant_service.web.site import Go, Visit


def plan(visit: Visit) -> Go:
    """筹备. Pressed twice, there is one plan."""
    draft, shares = draft_of(visit.form), sharing.chosen_in(visit.form.all(sharing.FIELD))
    told = {name: visit.form.all(name) for name in (*FIELDS, sharing.FIELD)}
    made = visit.once(
        "page.supervision.plan", told, lambda unit: service.plan(unit, visit.actor, visit.directory, draft, shares)
    )
    return Go(f"/supervision/{made.id}")


def redraft(visit: Visit) -> Go:
    shares = sharing.chosen_in(visit.form.all(sharing.FIELD))
    service.redraft(visit.unit, visit.actor, visit.directory, visit.id, draft_of(visit.form), shares)
    return _to(visit)


def discard(visit: Visit) -> Go:
    service.discard(visit.unit, visit.actor, visit.id)
    return Go("/supervision")


def submit(visit: Visit) -> Go:
    service.submit(visit.unit, visit.actor, visit.id)
    return _to(visit)


def send_back(visit: Visit) -> Go:
    service.send_back(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return _to(visit)


def sign_off(visit: Visit) -> Go:
    service.sign_off(visit.unit, visit.actor, visit.id, unclassified=visit.form.tells("unclassified"))
    return _to(visit)


def begin(visit: Visit) -> Go:
    service.begin(visit.unit, visit.actor, visit.id, visit.form.day("day"))
    return _to(visit)


def write_report(visit: Visit) -> Go:
    service.write_report(visit.unit, visit.actor, visit.id, visit.form.get("report"))
    return _to(visit)


def close(visit: Visit) -> Go:
    service.close(visit.unit, visit.actor, visit.id, unclassified=visit.form.tells("unclassified"))
    return _to(visit)


def cancel(visit: Visit) -> Go:
    service.cancel(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return _to(visit)


def share(visit: Visit) -> Go:
    shares = sharing.chosen_in(visit.form.all(sharing.FIELD))
    service.share(visit.unit, visit.actor, visit.directory, visit.id, shares)
    return _to(visit)


def _to(visit: Visit) -> Go:
    return Go(f"/supervision/{visit.id}")
