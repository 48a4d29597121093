"""What the buttons of the programmes' pages do: the form is read, and the service decides."""

from sync.contract.shapes.programmes import Joining, ProgrammeRecord
from tenant_service.programmes import joining_service, progress_service, queries, service
from tenant_service.programmes.drafts import FIELDS, ROWS, draft_of
from tenant_service.programmes.progress_service import Deed
from tenant_service.storage.unit_of_work import Unit
from tenant_service.web.buttons import Buttons
from tenant_service.web.site import Go, Visit

BUTTONS = Buttons("/programmes")
plan = BUTTONS.new("page.programmes.plan", service.plan, draft_of, (*FIELDS, *ROWS))
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


close = BUTTONS.sign_off_by(service.close, lambda services: services.counting)
cancel = BUTTONS.act_because(service.cancel)
share = BUTTONS.share(service.share)


def join(visit: Visit) -> Go:
    """参加答复, to another committee's programme."""
    items = tuple(int(each) for each in visit.form.all("items") if each.isdecimal())
    joining_service.join(
        visit.unit, visit.actor, visit.site.services.handlers, visit.id, visit.form.needed_kind("joining", Joining),
        visit.form.text("reason"), items,
    )  # fmt: skip
    return BUTTONS.back(visit)


def tick(visit: Visit) -> Go:
    progress_service.tick(visit.unit, visit.actor, visit.id, visit.form.needed_number("number"), visit.form.day("day"))
    return BUTTONS.back(visit)


def attach(visit: Visit) -> Go:
    """纳入, from the page of the record that is taken in, and back there."""
    part = visit.form.get("part")
    progress_service.attach(visit.unit, visit.actor, visit.form.get("programmeId"), part)
    at = visit.named(part.split(".")[1], part)
    return Go(at.href if at else "/programmes")


def detach(visit: Visit) -> Go:
    progress_service.detach(visit.unit, visit.actor, visit.id, visit.form.get("part"))
    return BUTTONS.back(visit)


def enter(visit: Visit) -> Go:
    """登记. Pressed twice, it is entered once."""
    form = visit.form
    person = form.text("personId") if visit.actor.sees_work else visit.actor.person
    deed = Deed(
        form.needed_number("targetNo"), form.needed_day("day"), form.text("subject"), person, form.number("people") or 1
    )
    told = {"id": visit.id} | {name: str(value) for name, value in vars(deed).items()}

    def entered(unit: Unit) -> ProgrammeRecord:
        progress_service.enter(unit, visit.actor, visit.id, deed)
        return queries.ours(unit.session, visit.id).record()

    visit.once("page.programmes.enter", told, entered)
    return Go(f"/programmes/{visit.id}/entries")


def strike(visit: Visit) -> Go:
    progress_service.strike(visit.unit, visit.actor, visit.form.get("entry"))
    return Go(f"/programmes/{visit.id}/entries")
