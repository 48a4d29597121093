"""What the buttons of the procedures' pages do: the form is read, and the service decides."""

from tenant_service.procedures import service
from tenant_service.procedures.drafts import FIELDS, begun, draft_of
from tenant_service.web import sharing
from tenant_service.web.buttons import Buttons
from tenant_service.web.site import Go, Visit

BUTTONS = Buttons("/procedures")


def draft(visit: Visit) -> Go:
    """拟订; then its steps are filled in. Pressed twice, there is one draft."""
    told, shares = begun(visit.form), sharing.chosen_in(visit.form.all(sharing.FIELD))
    code = visit.form.get("code")
    made = visit.once(
        "page.procedures.draft", {name: visit.form.all(name) for name in (*FIELDS, sharing.FIELD)},
        lambda unit: service.draft(unit, visit.actor, visit.directory, code, told, shares),
    )  # fmt: skip
    return Go(f"/procedures/{made.id}/redraft")


def redraft(visit: Visit) -> Go:
    """What was written is kept, whichever button was pressed; one that changes the steps leads back to the form."""
    service.redraft(visit.unit, visit.actor, visit.directory, visit.id, draft_of(visit.form))
    return Go(f"/procedures/{visit.id}/redraft#steps") if visit.form.get("do") else BUTTONS.back(visit)


def renew(visit: Visit) -> Go:
    made = visit.once(
        "page.procedures.renew", {"id": visit.id}, lambda unit: service.renew(unit, visit.actor, visit.id)
    )
    return Go(f"/procedures/{made.id}/redraft")


def adopt(visit: Visit) -> Go:
    made = visit.once(
        "page.procedures.adopt", {"id": visit.id}, lambda unit: service.adopt(unit, visit.actor, visit.id)
    )
    return Go(f"/procedures/{made.id}")


def adopt_shipped(visit: Visit) -> Go:
    code = str(visit.request.path_params["code"])
    made = visit.once(
        "page.procedures.adopt_shipped", {"code": code}, lambda unit: service.adopt_shipped(unit, visit.actor, code)
    )
    return Go(f"/procedures/{made.id}")


discard = BUTTONS.discard(service.discard)
enact = BUTTONS.sign_off(service.enact)
retire = BUTTONS.act_because(service.retire)
share = BUTTONS.share(service.share)
