"""What the buttons of the activities' pages do: the form is read, and the service decides."""

from collections.abc import Callable

from sync.contract.shapes.activities import ActivityRecord
from tenant_service.activities import backfill_service, service, starting_service
from tenant_service.activities.drafts import FIELDS, REPORT_FIELDS, draft_of, report_of
from tenant_service.storage.unit_of_work import Unit
from tenant_service.web import sharing
from tenant_service.web.buttons import Buttons
from tenant_service.web.site import Go, Visit

BUTTONS = Buttons("/activities")


def draft(visit: Visit) -> Go:
    """拟稿; with the button 保存并送审 it waits for whoever signs. Pressed twice, there is one draft."""
    told, shares = draft_of(visit.form), sharing.chosen_in(visit.form.all(sharing.FIELD))

    def act(unit: Unit) -> ActivityRecord:
        made = service.draft(unit, visit.actor, visit.directory, told, shares)
        return service.submit(unit, visit.actor, made.id) if visit.form.tells("submit") else made

    return _once(visit, "page.activities.draft", (*FIELDS, sharing.FIELD, "submit"), act)


def start(visit: Visit) -> Go:
    """发起云会议; pressed twice, there is one."""
    told = draft_of(visit.form)
    return _once(
        visit, "page.activities.start", FIELDS,
        lambda unit: starting_service.start(unit, visit.actor, visit.directory, told),
    )  # fmt: skip


def repeat(visit: Visit) -> Go:
    made = starting_service.repeat(visit.unit, visit.actor, visit.directory, visit.id, visit.form.needed_day("until"))
    return Go(f"/activities/{made[0].id}")


def open_papers(visit: Visit) -> Go:
    service.open_papers(visit.unit, visit.actor, visit.id, are_open=visit.form.tells("open"))
    return BUTTONS.back(visit)


def backfill(visit: Visit) -> Go:
    told, report = draft_of(visit.form), report_of(visit.form)
    shares = sharing.chosen_in(visit.form.all(sharing.FIELD))

    def act(unit: Unit) -> ActivityRecord:
        reason = visit.form.get("reason")
        return backfill_service.backfill(unit, visit.actor, visit.directory, told, report, reason, shares)

    return _once(visit, "page.activities.backfill", (*FIELDS, *REPORT_FIELDS, sharing.FIELD, "reason"), act)


def redraft(visit: Visit) -> Go:
    told, shares = draft_of(visit.form), sharing.chosen_in(visit.form.all(sharing.FIELD))
    service.redraft(visit.unit, visit.actor, visit.directory, visit.id, told, shares)
    if visit.form.tells("submit"):
        service.submit(visit.unit, visit.actor, visit.id)
    return BUTTONS.back(visit)


def redraft_backfill(visit: Visit) -> Go:
    told, shares = draft_of(visit.form), sharing.chosen_in(visit.form.all(sharing.FIELD))
    report, reason = report_of(visit.form), visit.form.get("reason")
    backfill_service.redraft_backfill(visit.unit, visit.actor, visit.directory, visit.id, told, report, reason, shares)
    service.submit(visit.unit, visit.actor, visit.id)
    return BUTTONS.back(visit)


discard = BUTTONS.discard(service.discard)
submit = BUTTONS.act(service.submit)
send_back = BUTTONS.act_because(service.send_back)
sign_off = BUTTONS.sign_off(service.sign_off)


def change(visit: Visit) -> Go:
    service.change(
        visit.unit, visit.actor, visit.id, visit.form.get("note"), starts_at=visit.form.moment("startsAt"),
        ends_at=visit.form.moment("endsAt"), place=visit.form.text("place"),
    )  # fmt: skip
    return BUTTONS.back(visit)


cancel = BUTTONS.act_because(service.cancel)
share = BUTTONS.share(service.share)


def complete(visit: Visit) -> Go:
    told = service.Completed(
        visit.form.text("contactName"), visit.form.text("contactPhone"), visit.form.lines("suggestions"),
        visit.form.get("report"),
    )  # fmt: skip
    service.complete(visit.unit, visit.actor, visit.id, told)
    return BUTTONS.back(visit)


hold = BUTTONS.act(service.hold)


def _once(visit: Visit, name: str, fields: tuple[str, ...], act: Callable[[Unit], ActivityRecord]) -> Go:
    """The act is done once, however often its button is pressed."""
    told = {each: visit.form.all(each) for each in fields}
    return Go(f"/activities/{visit.once(name, told, act).id}")
