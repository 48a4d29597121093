"""How a form comes to stand where it stands, and who is told of a change."""

from sync.contract.shapes.forms import FormRecord
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices
from tenant_service.forms import queries, rules
from tenant_service.forms.models import FormRow
from tenant_service.forms.rules import STATES, Act
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Unit


def stepped(unit: Unit, actor: Actor, id: str, act: Act, because: str | None = None) -> FormRow:
    """Our form, locked, where this act leads it; its history says so. Raises: Refusal NOT_FOUND, OUT_OF_TURN."""
    row = queries.locked(unit.session, id)
    row.approval = rules.approval_after(act, row.standing())
    taken.take(unit, actor, row, STATES, act, because)
    return row


def changed(unit: Unit, actor: Actor, row: FormRow, act: str) -> FormRecord:
    """A new revision, told to whom it is shared with once it was opened, and noted."""
    channels = choices.channels(row.shares) if row.opened_on is not None else set()
    return way_out.changed(unit, actor, row, act, channels)
