"""What the buttons of the appraisals' pages do: the form is read, and the service decides."""

from sync.contract.shapes.supervision import BallotOpinion
from tenant_service.appraisals import queries, service
from tenant_service.appraisals.service import Ballot, Draft
from tenant_service.web import sharing
from tenant_service.web.site import Go, Visit

FIELDS = ("campaign", "bodyId", "questions", "unitId")


def begin(visit: Visit) -> Go:
    """Pressed twice, it is opened once."""
    form, least = visit.form, visit.site.services.least_ballots
    draft = Draft(form.get("campaign"), form.get("bodyId"), form.lines("questions"), form.text("unitId"))
    shares = sharing.chosen_in(form.all(sharing.FIELD))
    told = {name: form.all(name) for name in (*FIELDS, sharing.FIELD)}
    made = visit.once(
        "page.appraisals.begin", told,
        lambda unit: service.begin(unit, visit.actor, visit.directory, draft, shares, least),
    )  # fmt: skip
    return Go(f"/appraisals/{made.id}")


def give_ballot(visit: Visit) -> Go:
    """What it says is kept nowhere but in the urn: not under the form's key either."""
    questions = queries.ours(visit.unit.session, visit.id).questions
    answers = [visit.form.kind(f"answer{at}", BallotOpinion) for at in range(len(questions))]
    service.give_ballot(visit.unit, visit.actor, visit.id, Ballot(answers, visit.form.text("remark")))
    return _to(visit)


def count(visit: Visit) -> Go:
    service.count(visit.unit, visit.actor, visit.id)
    return _to(visit)


def publish(visit: Visit) -> Go:
    service.publish(visit.unit, visit.actor, visit.id, unclassified=visit.form.tells("unclassified"))
    return _to(visit)


def object_to(visit: Visit) -> Go:
    service.object_to(visit.unit, visit.actor, visit.id, visit.form.get("objection"))
    return _to(visit)


def answer(visit: Visit) -> Go:
    told = visit.form.tells("unclassified")
    service.answer(visit.unit, visit.actor, visit.id, visit.form.get("answer"), unclassified=told)
    return _to(visit)


def finalize(visit: Visit) -> Go:
    service.finalize(visit.unit, visit.actor, visit.id)
    return _to(visit)


def cancel(visit: Visit) -> Go:
    service.cancel(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return _to(visit)


def share(visit: Visit) -> Go:
    shares = sharing.chosen_in(visit.form.all(sharing.FIELD))
    service.share(visit.unit, visit.actor, visit.directory, visit.id, shares)
    return _to(visit)


def _to(visit: Visit) -> Go:
    return Go(f"/appraisals/{visit.id}")
