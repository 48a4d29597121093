"""What the buttons of the proposals' pages do: the form is read, and the service decides."""

from sync.contract.shapes.proposals import NotFiledReason
from tenant_service.proposals import review_service as review
from tenant_service.proposals import service
from tenant_service.proposals import signer_service as signers
from tenant_service.proposals.drafts import draft_of
from tenant_service.web import sharing
from tenant_service.web.site import Go, Visit


def write(visit: Visit) -> Go:
    """拟稿. Pressed twice, there is one proposal."""
    draft = draft_of(visit.form)
    told = {name: visit.form.all(name) for name in sorted(visit.form.values) if name != "csrf"}
    made = visit.once("page.proposals.write", told, lambda unit: service.write(unit, visit.actor, draft))
    return Go(f"/proposals/{made.id}")


def redraft(visit: Visit) -> Go:
    service.redraft(visit.unit, visit.actor, visit.id, draft_of(visit.form))
    return _to(visit)


def discard(visit: Visit) -> Go:
    service.discard(visit.unit, visit.actor, visit.id)
    return Go("/proposals")


def call_signers(visit: Visit) -> Go:
    signers.call_signers(visit.unit, visit.actor, visit.id, visit.form.needed_day("until"))
    return _to(visit)


def recall(visit: Visit) -> Go:
    signers.recall(visit.unit, visit.actor, visit.id)
    return _to(visit)


def sign(visit: Visit) -> Go:
    signers.sign(visit.unit, visit.actor, visit.id, visit.form.number("seq"))
    return _to(visit)


def decline(visit: Visit) -> Go:
    signers.decline(visit.unit, visit.actor, visit.id, visit.form.number("seq"))
    return _to(visit)


def hand_in(visit: Visit) -> Go:
    service.hand_in(visit.unit, visit.actor, visit.id)
    return _to(visit)


def withdraw(visit: Visit) -> Go:
    service.withdraw(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return _to(visit)


def give_back(visit: Visit) -> Go:
    review.give_back(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return _to(visit)


def review_first(visit: Visit) -> Go:
    review.review_first(visit.unit, visit.actor, visit.id)
    return _to(visit)


def review_second(visit: Visit) -> Go:
    review.review_second(visit.unit, visit.actor, visit.id)
    return _to(visit)


def merge(visit: Visit) -> Go:
    review.merge(visit.unit, visit.actor, visit.id, visit.form.get("intoId"))
    return Go(f"/proposals/{visit.form.get('intoId')}")


def convert(visit: Visit) -> Go:
    review.convert(visit.unit, visit.actor, visit.id)
    return _to(visit)


def not_file(visit: Visit) -> Go:
    because = visit.form.needed_kind("because", NotFiledReason)
    review.not_file(visit.unit, visit.actor, visit.id, because, visit.form.get("reason"))
    return _to(visit)


def send_back(visit: Visit) -> Go:
    review.send_back(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return _to(visit)


def sign_off(visit: Visit) -> Go:
    filing, unclassified = visit.site.services.filing, visit.form.tells("unclassified")
    review.sign_off(visit.unit, visit.actor, filing, visit.id, unclassified=unclassified)
    return _to(visit)


def archive(visit: Visit) -> Go:
    service.archive(visit.unit, visit.actor, visit.id)
    return _to(visit)


def share(visit: Visit) -> Go:
    shares = sharing.chosen_in(visit.form.all(sharing.FIELD))
    service.share(visit.unit, visit.actor, visit.directory, visit.id, shares)
    return _to(visit)


def _to(visit: Visit) -> Go:
    return Go(f"/proposals/{visit.id}")
