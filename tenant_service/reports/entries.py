"""How a report comes to stand where it stands, and who is told of a change."""

from sync.contract.shapes.reports import ReportRecord
from tenant_service.exchange import way_out
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.reports import queries, rules
from tenant_service.reports.models import ReportRow
from tenant_service.reports.rules import STATES, Act
from tenant_service.storage.unit_of_work import Unit


def stepped(unit: Unit, actor: Actor, id: str, act: Act, because: str | None = None) -> ReportRow:
    """Our report, locked, where this act leads it; its history says so. Raises: Refusal NOT_FOUND, OUT_OF_TURN."""
    row = queries.locked(unit.session, id)
    row.approval = rules.approval_after(act, row.standing())
    taken.take(unit, actor, row, STATES, act, because)
    return row


def changed(unit: Unit, actor: Actor, row: ReportRow, act: str) -> ReportRecord:
    """A new revision, told to whom it is shared with or sent to if it may leave, and noted."""
    return way_out.changed(unit, actor, row, act, queries.channels_of(row))
