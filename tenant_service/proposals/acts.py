"""What the buttons of the proposals' pages do: the form is read, and the service decides."""

from sync.contract.shapes.items import Satisfaction
from sync.contract.shapes.proposals import NotFiledReason
from tenant_service.graph import idempotency
from tenant_service.proposals import past_service as past
from tenant_service.proposals import project_service as projects
from tenant_service.proposals import rating_service, service
from tenant_service.proposals import review_service as review
from tenant_service.proposals import signer_service as signers
from tenant_service.proposals.drafts import draft_of
from tenant_service.proposals.project_service import Project
from tenant_service.proposals.rating_service import Rating
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


def take_back(visit: Visit) -> Go:
    past.take_back(visit.unit, visit.actor, visit.id)
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


def rate(visit: Visit) -> Go:
    form = visit.form
    told = Rating(
        form.needed_number("stage"), form.needed_kind("attitude", Satisfaction),
        form.needed_kind("result", Satisfaction), form.text("reason"),
    )  # fmt: skip
    rating_service.rate(visit.unit, visit.actor, visit.id, told, form.number("seq"))
    return _to(visit)


def mark_key(visit: Visit) -> Go:
    leads, supervises = visit.form.text("leadLeader"), visit.form.text("supervisingLeader")
    projects.mark_key(visit.unit, visit.actor, visit.id, is_key=bool(leads), leads=leads, supervises=supervises)
    return _to(visit)


def plan_project(visit: Visit) -> Go:
    told = Project(visit.form.get("title"), visit.form.text("leader"), visit.form.text("bodyId"))
    year = visit.form.number("year")
    planned = {name: visit.form.all(name) for name in ("title", "leader", "bodyId", "year")}
    id = idempotency.once(
        visit.unit, visit.actor, "page.proposals.plan", visit.key, planned,
        lambda unit: str(projects.plan(unit, visit.actor, told, year).id), kept_as=str,
    )  # fmt: skip
    return Go(f"/proposals/projects/{id}")


def change_project(visit: Visit) -> Go:
    told = Project(visit.form.get("title"), visit.form.text("leader"), visit.form.text("bodyId"))
    projects.change(visit.unit, visit.actor, visit.id, told)
    return _to_project(visit)


def group(visit: Visit) -> Go:
    projects.group(visit.unit, visit.actor, visit.id, visit.form.all("proposal"))
    return _to_project(visit)


def part_with(visit: Visit) -> Go:
    projects.part_with(visit.unit, visit.actor, visit.form.get("proposal"))
    return _to_project(visit)


def end_project(visit: Visit) -> Go:
    projects.end(visit.unit, visit.actor, visit.id)
    return _to_project(visit)


def archive(visit: Visit) -> Go:
    service.archive(visit.unit, visit.actor, visit.id)
    return _to(visit)


def share(visit: Visit) -> Go:
    shares = sharing.chosen_in(visit.form.all(sharing.FIELD))
    service.share(visit.unit, visit.actor, visit.directory, visit.id, shares)
    return _to(visit)


def _to(visit: Visit) -> Go:
    return Go(f"/proposals/{visit.id}")


def _to_project(visit: Visit) -> Go:
    return Go(f"/proposals/projects/{visit.id}")
