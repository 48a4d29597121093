"""How a campaign comes to stand where it stands, and who is told of a change."""

from sync.contract.shapes.supervision import CampaignRecord
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Unit
from tenant_service.supervision import queries, rules
from tenant_service.supervision.models import CampaignRow
from tenant_service.supervision.rules import STATES, Act, Counts


def stepped(unit: Unit, actor: Actor, id: str, act: Act, because: str | None = None) -> CampaignRow:
    """Our campaign, locked, where this act leads it; its history says so.

    Raises:
        Refusal: NOT_FOUND, OUT_OF_TURN, NOT_SIGNED_OFF.
    """
    row = queries.locked(unit.session, id)
    row.approval = rules.approval_after(act, row.standing())
    taken.take(unit, actor, row, STATES, act, because)
    return row


def changed(unit: Unit, actor: Actor, row: CampaignRow, act: str) -> CampaignRecord:
    """A new revision, told to whom it is shared with if it may leave, and noted."""
    return way_out.changed(unit, actor, row, act, channels_of(row))


def channels_of(row: CampaignRow) -> set[str]:
    return choices.channels(row.shares) if rules.may_be_told(row.approval) else set()


def enter(row: CampaignRow, counts: Counts) -> bool:
    """The row has these figures; whether what is told of it is another now."""
    before = row.counts()
    row.findings, row.suggestions, row.handed_over, row.fixed = (
        counts.findings, counts.suggestions, counts.handed_over, counts.fixed,
    )  # fmt: skip
    row.done, row.findings_done, row.set_aside, row.unsettled = (
        counts.done, counts.findings_done, counts.set_aside, counts.unsettled,
    )  # fmt: skip
    return before._replace(unsettled=0) != counts._replace(unsettled=0)
