"""How a programme comes to stand where it stands, and who is told of a change."""

from sync.contract.shapes.programmes import ProgrammeRecord
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.programmes import queries, rules
from tenant_service.programmes.models import ProgrammeRow
from tenant_service.programmes.rules import STATES, Act
from tenant_service.storage.unit_of_work import Unit


def stepped(unit: Unit, actor: Actor, id: str, act: Act, because: str | None = None) -> ProgrammeRow:
    """Our programme, locked, where this act leads it; its history says so.

    Raises:
        Refusal: NOT_FOUND, OUT_OF_TURN, NOT_SIGNED_OFF.
    """
    row = queries.locked(unit.session, id)
    row.approval = rules.approval_after(act, row.standing())
    taken.take(unit, actor, row, STATES, act, because)
    return row


def changed(unit: Unit, actor: Actor, row: ProgrammeRow, act: str) -> ProgrammeRecord:
    """A new revision, told to whom it is shared with if it may leave, and noted."""
    return way_out.changed(unit, actor, row, act, channels_of(row))


def channels_of(row: ProgrammeRow) -> set[str]:
    return choices.channels(row.shares) if rules.may_be_told(row.approval) else set()
