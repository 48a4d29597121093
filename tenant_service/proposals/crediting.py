"""履职台账: the first proposer of a filed proposal is credited with it, co-signers with having co-signed it."""

from sqlalchemy import select

from sync.contract.ids import owner_of
from tenant_service.performance import ledger_service as ledger
from tenant_service.performance import queries as ledger_queries
from tenant_service.performance.ledger_service import Credit
from tenant_service.performance.rules import Deed
from tenant_service.proposals import queries
from tenant_service.proposals.models import ProposalRow, ProposalSignerRow
from tenant_service.proposals.rules import SignerState
from tenant_service.signing.rules import Approval
from tenant_service.storage.unit_of_work import Unit

_AT_ONCE = 200
"""Signers of one slice."""


def credited(unit: Unit, row: ProposalRow) -> None:
    """Whoever of ours signed it is credited on the day on which it was filed."""
    for each in queries.signed(unit.session, row.id):
        _settle(unit, row, each)


def catch_up(unit: Unit) -> int:
    """What was filed before the ledger was kept is credited; how many lines."""
    wanted = select(ProposalRow, ProposalSignerRow).join(
        ProposalSignerRow, ProposalSignerRow.proposal_id == ProposalRow.id
    ).where(
        ProposalRow.filed_on.is_not(None), ProposalRow.approval == Approval.SIGNED,
        ProposalSignerRow.state == SignerState.SIGNED,
        ProposalSignerRow.person_id.startswith(f"{unit.committee}.", autoescape=True),
        ~ledger_queries.has_lines(ProposalRow.id, ProposalSignerRow.person_id),
    )  # fmt: skip
    rows = unit.session.execute(wanted.limit(_AT_ONCE)).all()
    return sum([_settle(unit, row, signer) for row, signer in rows])


def _settle(unit: Unit, row: ProposalRow, signer: ProposalSignerRow) -> int:
    person = signer.person_id
    if person is None or owner_of(person) != unit.committee or row.filed_on is None:
        return 0
    deed = Deed.PROPOSAL if signer.seq == 1 else Deed.CO_SIGNING
    return ledger.settle(unit, person, row.id, row.revision, [Credit(deed, row.filed_on, row.title)])
