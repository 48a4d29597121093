"""What the buttons of the forms' pages do: the form is read, and the service decides."""

from tenant_service.forms import answer_service, queries, service
from tenant_service.forms.drafts import FIELDS, draft_of, given
from tenant_service.web.buttons import Buttons
from tenant_service.web.site import Go, Visit

BUTTONS = Buttons("/forms")
draft = BUTTONS.new("page.forms.draft", service.draft, draft_of, FIELDS)
redraft = BUTTONS.anew(service.redraft, draft_of)
discard = BUTTONS.discard(service.discard)
submit = BUTTONS.act(service.submit)
send_back = BUTTONS.act_because(service.send_back)
sign_off = BUTTONS.sign_off(service.sign_off)
open_it = BUTTONS.act(service.open_form)
close = BUTTONS.act(service.close)
withdraw = BUTTONS.act_because(service.withdraw)
share = BUTTONS.share(service.share)


def answer(visit: Visit) -> Go:
    """作答, by somebody who has an account."""
    row = queries.ours(visit.unit.session, visit.id)
    answer_service.answer(visit.unit, visit.actor, visit.id, given(visit.form, row.questions()))
    return BUTTONS.back(visit)
