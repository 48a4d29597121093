"""What the buttons of the forms' pages do: the form is read, and the service decides."""

from tenant_service.forms import answer_service, queries, service
from tenant_service.forms.drafts import FIELDS, draft_of, given
from tenant_service.web import sharing
from tenant_service.web.site import Go, Visit


def draft(visit: Visit) -> Go:
    """拟稿. Pressed twice, there is one draft."""
    told, shares = draft_of(visit.form), sharing.chosen_in(visit.form.all(sharing.FIELD))
    said = {name: visit.form.all(name) for name in (*FIELDS, sharing.FIELD)}
    made = visit.once(
        "page.forms.draft", said, lambda unit: service.draft(unit, visit.actor, visit.directory, told, shares)
    )
    return Go(f"/forms/{made.id}")


def redraft(visit: Visit) -> Go:
    shares = sharing.chosen_in(visit.form.all(sharing.FIELD))
    service.redraft(visit.unit, visit.actor, visit.directory, visit.id, draft_of(visit.form), shares)
    return _to(visit)


def discard(visit: Visit) -> Go:
    service.discard(visit.unit, visit.actor, visit.id)
    return Go("/forms")


def submit(visit: Visit) -> Go:
    service.submit(visit.unit, visit.actor, visit.id)
    return _to(visit)


def send_back(visit: Visit) -> Go:
    service.send_back(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return _to(visit)


def sign_off(visit: Visit) -> Go:
    service.sign_off(visit.unit, visit.actor, visit.id, unclassified=visit.form.tells("unclassified"))
    return _to(visit)


def open_it(visit: Visit) -> Go:
    service.open_form(visit.unit, visit.actor, visit.id)
    return _to(visit)


def close(visit: Visit) -> Go:
    service.close(visit.unit, visit.actor, visit.id)
    return _to(visit)


def withdraw(visit: Visit) -> Go:
    service.withdraw(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return _to(visit)


def share(visit: Visit) -> Go:
    shares = sharing.chosen_in(visit.form.all(sharing.FIELD))
    service.share(visit.unit, visit.actor, visit.directory, visit.id, shares)
    return _to(visit)


def answer(visit: Visit) -> Go:
    """作答, by somebody who has an account."""
    row = queries.ours(visit.unit.session, visit.id)
    answer_service.answer(visit.unit, visit.actor, visit.id, given(visit.form, row.questions()))
    return _to(visit)


def _to(visit: Visit) -> Go:
    return Go(f"/forms/{visit.id}")
