"""办理: what becomes of a proposal by what is done with its item; called by the room of the items, in its act."""

from sync.contract.instants import day_of
from sync.contract.shapes.proposals import ProposalState
from tenant_service.exchange import way_out
from tenant_service.history import taken
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.proposals import queries, rules, telling
from tenant_service.proposals.models import ProposalRow
from tenant_service.proposals.rules import STATES, Act, Handled
from tenant_service.storage.unit_of_work import Unit
from tenant_service.workdays import queries as workdays

_RATE_WORKDAYS = 15
"""Where it was filed by a release that did not keep it."""


def follow(unit: Unit, actor: Actor, id: str, told: Handled) -> None:
    """The proposal stands where its list leads it; its proposers know of the answer. The act on the list is noted.

    Raises:
        Refusal: NOT_FOUND.
    """
    row = queries.locked(unit.session, id)
    before = row.record()
    row.handled_by = list(told.bodies) or None
    is_replied = told.closed_at is not None and (row.again_at is None or told.closed_at > row.again_at)
    while act := rules.follows(row.state, is_handed=told.is_handed, is_replied=is_replied):
        taken.take(unit, actor, row, STATES, act)
        if act is Act.REPLY:
            _replied(unit, actor, row, told)
        audit.note(unit, actor, f"proposal.{act}", id)
    if row.state in (ProposalState.REPLIED, ProposalState.RATED):
        given = rules.class_of(told.classes)
        row.reply_class = rules.class_now(given, told.commitments, told.kept)
    if row.record() != before:
        way_out.revised(unit, row, queries.channels_of(row))


def _replied(unit: Unit, actor: Actor, row: ProposalRow, told: Handled) -> None:
    row.replied_on = day_of(told.closed_at or unit.now)
    row.first_class = row.first_class or rules.class_of(told.classes)
    days = row.rate_workdays or _RATE_WORKDAYS
    row.rate_until = workdays.calendar(unit.session).after(row.replied_on, days).day
    telling.proposers(unit, actor, row, "提案已答复，请评价", f"截止 {row.rate_until}")
