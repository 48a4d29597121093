"""What the buttons of the pages do: the form is read, and the services decide."""

from sync.contract.shapes.items import Satisfaction
from tenant_service.assignments import adoption_service as adoption
from tenant_service.assignments import handing_over_service as over
from tenant_service.assignments import handling_service as handling
from tenant_service.assignments import proposal_service as proposing
from tenant_service.assignments import reminder_service as reminding
from tenant_service.assignments import service
from tenant_service.assignments.drafts import FIELDS, draft_of, drafts_of, paper_of, parts_of, reply_of
from tenant_service.storage.unit_of_work import Unit
from tenant_service.web import sharing
from tenant_service.web.site import Go, Visit

# ── items ──


def propose(visit: Visit) -> Go:
    """拟列, one item a line. Pressed twice, each is there once."""
    drafts, shares = drafts_of(visit.form), sharing.chosen_in(visit.form.all(sharing.FIELD))
    told = {name: visit.form.all(name) for name in (*FIELDS, sharing.FIELD)} | {"id": visit.id}

    def act(unit: Unit) -> object:
        made = [service.propose(unit, visit.actor, visit.directory, visit.id, each, shares) for each in drafts]
        return made[-1]

    visit.once("page.items.propose", told, act)
    return Go(f"/items/of/{visit.id}")


def agree_all(visit: Visit) -> Go:
    service.agree_all(visit.unit, visit.actor, visit.id, unclassified=visit.form.tells("unclassified"))
    return Go(f"/items/of/{visit.id}")


def redraft(visit: Visit) -> Go:
    shares = sharing.chosen_in(visit.form.all(sharing.FIELD))
    service.redraft(visit.unit, visit.actor, visit.directory, visit.id, draft_of(visit.form), shares)
    return _item(visit)


def discard(visit: Visit) -> Go:
    was = service.discard(visit.unit, visit.actor, visit.id)
    return Go(f"/items/of/{was.list_id}")


def agree(visit: Visit) -> Go:
    service.agree(visit.unit, visit.actor, visit.id, unclassified=visit.form.tells("unclassified"))
    return _item(visit)


def not_adopt(visit: Visit) -> Go:
    service.not_adopt(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return _item(visit)


def carry_out(visit: Visit) -> Go:
    service.carry_out(visit.unit, visit.actor, visit.id)
    return _item(visit)


def reopen_item(visit: Visit) -> Go:
    service.reopen(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return _item(visit)


def adopt(visit: Visit) -> Go:
    adoption.adopt(visit.unit, visit.actor, visit.site.services.handlers, visit.id)
    return _item(visit)


def share(visit: Visit) -> Go:
    shares = sharing.chosen_in(visit.form.all(sharing.FIELD))
    service.share(visit.unit, visit.actor, visit.directory, visit.id, shares)
    return _item(visit)


def forward(visit: Visit) -> Go:
    over.forward(visit.unit, visit.actor, visit.id, visit.form.get("officeId"))
    return _item(visit)


def hand_over_proposal(visit: Visit) -> Go:
    proposing.hand_over(visit.unit, visit.actor, visit.id, visit.form.get("officeId"))
    return Go(f"/proposals/{visit.id}")


def begin_second(visit: Visit) -> Go:
    proposing.begin_second(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return Go(f"/proposals/{visit.id}")


# ── the 交办单位 ──


def assign(visit: Visit) -> Go:
    told = parts_of(visit.form), visit.form.text("instructions")
    over.assign(visit.unit, visit.actor, visit.site.services.periods, visit.id, *told)
    return _assignment(visit)


def uphold(visit: Visit) -> Go:
    over.uphold(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return _assignment(visit)


def reassign(visit: Visit) -> Go:
    told = visit.form.get("bodyId"), visit.form.day("dueOn")
    over.reassign(visit.unit, visit.actor, visit.site.services.periods, visit.id, *told)
    return _assignment(visit)


def grant_extension(visit: Visit) -> Go:
    over.grant_extension(visit.unit, visit.actor, visit.id)
    return _assignment(visit)


def refuse_extension(visit: Visit) -> Go:
    over.refuse_extension(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return _assignment(visit)


def reschedule(visit: Visit) -> Go:
    told = visit.form.needed_day("dueOn"), visit.form.get("reason"), visit.form.get("document")
    over.reschedule(visit.unit, visit.actor, visit.id, *told)
    return _assignment(visit)


def urge(visit: Visit) -> Go:
    reminding.urge(visit.unit, visit.actor, [visit.id], visit.form.text("words"))
    return _assignment(visit)


def reopen(visit: Visit) -> Go:
    told = visit.form.day("dueOn"), visit.form.text("reason")
    over.reopen(visit.unit, visit.actor, visit.site.services.periods, visit.id, *told)
    return _assignment(visit)


def withdraw(visit: Visit) -> Go:
    over.withdraw(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return _assignment(visit)


# ── the body, and the committee ──


def accept(visit: Visit) -> Go:
    handling.accept(visit.unit, visit.actor, visit.id, paper_of(visit.form))
    return _assignment(visit)


def ask_to_return(visit: Visit) -> Go:
    told = visit.form.get("reason"), visit.form.text("suggested"), paper_of(visit.form)
    handling.ask_to_return(visit.unit, visit.actor, visit.site.services.periods, visit.id, *told)
    return _assignment(visit)


def ask_extension(visit: Visit) -> Go:
    handling.ask_extension(
        visit.unit, visit.actor, visit.id, visit.form.needed_day("dueOn"), visit.form.get("reason")
    )  # fmt: skip
    return _assignment(visit)


def reply(visit: Visit) -> Go:
    form, without = visit.form, visit.form.tells("withoutOpinions")
    handling.reply(
        visit.unit, visit.actor, visit.id, reply_of(form), without_opinions=without, paper=paper_of(form)
    )  # fmt: skip
    return _assignment(visit)


def send_back(visit: Visit) -> Go:
    handling.send_back(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return _assignment(visit)


def verify(visit: Visit) -> Go:
    handling.verify(visit.unit, visit.actor, visit.id, visit.form.text("found"))
    return _assignment(visit)


def close(visit: Visit) -> Go:
    rated = visit.form.needed_kind("satisfaction", Satisfaction)
    handling.close(visit.unit, visit.actor, visit.id, rated, unclassified=visit.form.tells("unclassified"))
    return _assignment(visit)


def _item(visit: Visit) -> Go:
    return Go(f"/items/{visit.id}")


def _assignment(visit: Visit) -> Go:
    return Go(f"/assignments/{visit.id}")
