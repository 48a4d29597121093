"""What the buttons of the programmes' pages do: the form is read, and the service decides."""

from sync.contract.shapes.programmes import Joining, ProgrammeRecord
from tenant_service.programmes import joining_service, progress_service, queries, service
from tenant_service.programmes.drafts import FIELDS, ROWS, draft_of
from tenant_service.programmes.progress_service import Deed
from tenant_service.storage.unit_of_work import Unit
from tenant_service.web import sharing
from tenant_service.web.site import Go, Visit


def plan(visit: Visit) -> Go:
    """筹备. Pressed twice, there is one plan."""
    draft, shares = draft_of(visit.form), sharing.chosen_in(visit.form.all(sharing.FIELD))
    told = {name: visit.form.all(name) for name in (*FIELDS, *ROWS, sharing.FIELD)}
    made = visit.once(
        "page.programmes.plan", told, lambda unit: service.plan(unit, visit.actor, visit.directory, draft, shares)
    )
    return Go(f"/programmes/{made.id}")


def redraft(visit: Visit) -> Go:
    shares = sharing.chosen_in(visit.form.all(sharing.FIELD))
    service.redraft(visit.unit, visit.actor, visit.directory, visit.id, draft_of(visit.form), shares)
    return _to(visit)


def discard(visit: Visit) -> Go:
    service.discard(visit.unit, visit.actor, visit.id)
    return Go("/programmes")


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
    counting = visit.site.services.counting
    service.close(visit.unit, visit.actor, counting, visit.id, unclassified=visit.form.tells("unclassified"))
    return _to(visit)


def cancel(visit: Visit) -> Go:
    service.cancel(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return _to(visit)


def share(visit: Visit) -> Go:
    shares = sharing.chosen_in(visit.form.all(sharing.FIELD))
    service.share(visit.unit, visit.actor, visit.directory, visit.id, shares)
    return _to(visit)


def join(visit: Visit) -> Go:
    """参加答复, to another committee's programme."""
    items = tuple(int(each) for each in visit.form.all("items") if each.isdecimal())
    joining_service.join(
        visit.unit, visit.actor, visit.site.services.handlers, visit.id, visit.form.needed_kind("joining", Joining),
        visit.form.text("reason"), items,
    )  # fmt: skip
    return _to(visit)


def tick(visit: Visit) -> Go:
    progress_service.tick(visit.unit, visit.actor, visit.id, visit.form.needed_number("number"), visit.form.day("day"))
    return _to(visit)


def attach(visit: Visit) -> Go:
    """纳入, from the page of the record that is taken in, and back there."""
    part = visit.form.get("part")
    progress_service.attach(visit.unit, visit.actor, visit.form.get("programmeId"), part)
    at = visit.named(part.split(".")[1], part)
    return Go(at.href if at else "/programmes")


def detach(visit: Visit) -> Go:
    progress_service.detach(visit.unit, visit.actor, visit.id, visit.form.get("part"))
    return _to(visit)


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


def _to(visit: Visit) -> Go:
    return Go(f"/programmes/{visit.id}")
