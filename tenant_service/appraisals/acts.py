"""What the buttons of the appraisals' pages do: the form is read, and the service decides."""

from sync.contract.shapes.supervision import BallotOpinion
from tenant_service.appraisals import queries, service
from tenant_service.appraisals.service import Ballot, Draft
from tenant_service.web import sharing
from tenant_service.web.buttons import Buttons
from tenant_service.web.site import Go, Visit

FIELDS = ("campaign", "bodyId", "questions", "unitId")

BUTTONS = Buttons("/appraisals")


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
    return BUTTONS.back(visit)


count = BUTTONS.act(service.count)
publish = BUTTONS.sign_off(service.publish)


def object_to(visit: Visit) -> Go:
    service.object_to(visit.unit, visit.actor, visit.id, visit.form.get("objection"))
    return BUTTONS.back(visit)


def answer(visit: Visit) -> Go:
    told = visit.form.tells("unclassified")
    service.answer(visit.unit, visit.actor, visit.id, visit.form.get("answer"), unclassified=told)
    return BUTTONS.back(visit)


finalize = BUTTONS.act(service.finalize)
cancel = BUTTONS.act_because(service.cancel)
share = BUTTONS.share(service.share)
