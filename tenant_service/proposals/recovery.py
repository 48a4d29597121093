"""找回: proposals of ours that a restored backup had forgotten, as those last knew them whom they were shared with."""

from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring.recovering import BY, Recovered, gone, narrowed, restorer, stand, write
from tenant_service.history import taken
from tenant_service.proposals import queries, rules
from tenant_service.proposals.entries import Named, forget_signers, name_signers
from tenant_service.proposals.models import ProposalRow
from tenant_service.signing.rules import Approval
from tenant_service.storage.unit_of_work import Unit


def recover(unit: Unit, told: Recovered) -> Outcome:
    """The proposal stands as it was last told, filed: what was told had been. Of its proposers those are known as our
    people whom the backup knows; others by name. Its number is never given again.
    """
    row = unit.session.get(ProposalRow, told.id, with_for_update=True)
    if told.is_gone:
        if row is not None:
            forget_signers(unit, row.id)
        return gone(unit, row, told)
    if told.record is None:
        return narrowed(unit, row, told)
    outcome = Outcome.UPDATED if row else Outcome.ANEW
    was = row.state if row else None
    known = {each.name: each.person_id for each in queries.signers(unit.session, told.id)}
    row = row or ProposalRow(
        id=told.id, committee_id=unit.committee, revision=0, drafted_by=BY, signed_by=None, signed_at=None,
        returned_because=None, changed_at=told.said_at, shares=[], stages=[], is_open=False, wants_meeting=False,
    )  # fmt: skip
    write(row, told, is_new=outcome is Outcome.ANEW)
    row.approval, row.returned_because = Approval.SIGNED, None
    row.seq = row.seq or _seq(unit, row)
    unit.session.add(row)
    unit.session.flush()
    names = row.names
    if names is not None:
        name_signers(unit, row, [Named(each, known.get(each)) for each in names], None, signed=True)
    if was is not row.state:
        taken.write(unit, restorer(unit.committee), row.id, "recover", was, row.state)
    stand(unit, row, told)
    return outcome


def _seq(unit: Unit, row: ProposalRow) -> int | None:
    """The number within its year, out of how it is printed; None: it cannot be told, or another one has it."""
    seq = rules.seq_of(row.number, row.year)
    return seq if seq and not queries.has_number(unit.session, row.year, seq, besides=row.id) else None
