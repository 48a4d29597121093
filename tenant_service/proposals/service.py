"""What proposers do with their proposals, and with whom the filed ones are shared. One function, one use case."""

from sync.contract.channels import Share
from sync.contract.errors import Code, Refusal
from sync.contract.shapes.proposals import ProposalRecord, ProposalState
from sync.contract.trust.directory import Directory
from tenant_service import wording
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices, copies_shown
from tenant_service.files import queries as files
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.on_behalf import service as on_behalf
from tenant_service.on_behalf.rules import Entered
from tenant_service.proposals import queries, rules
from tenant_service.proposals.descriptions import (
    Draft,
    Source,
    complete,
    describe,
    forget_sources,
    matured,
    name_sources,
)
from tenant_service.proposals.entries import changed, forget_signers, name_signers, named, own, settle, stepped
from tenant_service.proposals.models import ProposalRow, SeenProposalRow
from tenant_service.proposals.rules import Act
from tenant_service.signing import acts as signing
from tenant_service.signing.rules import shared_with_more
from tenant_service.storage.unit_of_work import Unit

__all__ = ["Draft", "Source"]


def write(unit: Unit, actor: Actor, told: Draft) -> ProposalRecord:
    """拟稿: for its proposers and the office alone. A member is the first proposer; the office writes for others.

    Raises:
        Refusal: FORBIDDEN, and what `describe`, `named` and `name_sources` refuse.
    """
    actor.require(UseCase.WRITE_PROPOSALS)
    row = ProposalRow(
        id=unit.new_id("proposal"), committee_id=unit.committee, state=ProposalState.DRAFTING, revision=0,
        changed_at=unit.now, **signing.drafted(actor), shares=[], is_key=False, stages=[], number=None, filed_on=None,
    )  # fmt: skip
    describe(unit, row, told)
    found = named(unit, actor, row, told.signers)
    unit.session.add(row)
    unit.session.flush()
    name_signers(unit, row, found, told.head)
    name_sources(unit, actor, row, told.sources)
    taken.write(unit, actor, row.id, "write", None, row.state)
    if actor.may(UseCase.EDIT_PROPOSALS):
        on_behalf.entered(unit, actor, Entered.PROPOSAL, row.id, [found[0].person_id], row.title)
    return changed(unit, actor, row, "proposal.write")


def redraft(unit: Unit, actor: Actor, id: str, told: Draft) -> ProposalRecord:
    """The draft is as described now; where 案由 or 建议 are others than were signed, co-signers confirm anew.

    Raises:
        Refusal: NOT_FOUND, also of another's; OUT_OF_TURN; and what `write` refuses.
    """
    row = own(unit, actor, id, Act.REDRAFT)
    describe(unit, row, told)
    name_signers(unit, row, named(unit, actor, row, told.signers), told.head)
    name_sources(unit, actor, row, told.sources)
    row.drafted_by = actor.sub
    return changed(unit, actor, row, "proposal.redraft")


def discard(unit: Unit, actor: Actor, id: str) -> ProposalRecord:
    """作废: a draft that was never handed in is not there any more; returns what it was.

    Raises:
        Refusal: NOT_FOUND, also of another's; FORBIDDEN, OUT_OF_TURN.
    """
    row = own(unit, actor, id, Act.DISCARD)
    forget_sources(unit, id)
    forget_signers(unit, id)
    return way_out.discarded(unit, actor, row, "proposal.discard")


def hand_in(unit: Unit, actor: Actor, id: str) -> ProposalRecord:
    """提交: the office has it for 初审. Who was asked to co-sign and said nothing is no co-signer.

    Raises:
        Refusal: NOT_FOUND, also of another's; FORBIDDEN, OUT_OF_TURN; BAD_VALUE, no suggestion, no second signer, no
            head; NEEDS_SOURCE; NEEDS_SEAL, a collective one without the paper that its head signed.
    """
    row = own(unit, actor, id, Act.HAND_IN)
    complete(row, queries.sources(unit.session, id))
    settle(unit, row)
    if row.kind in rules.COLLECTIVE and not files.of(unit.session, id):
        raise Refusal(Code.NEEDS_SEAL)
    matured(unit, actor, row)
    row.returned_because, row.sign_until = None, None
    return changed(unit, actor, row, "proposal.hand_in")


def withdraw(unit: Unit, actor: Actor, id: str, why: str) -> ProposalRecord:
    """撤回: its proposers take it back before it is filed.

    Raises:
        Refusal: NOT_FOUND, also of another's; FORBIDDEN, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    row = own(unit, actor, id, Act.WITHDRAW, wording.reason(why))
    row.sign_until = None
    return changed(unit, actor, row, "proposal.withdraw")


def archive(unit: Unit, actor: Actor, id: str) -> ProposalRecord:
    """归档: nothing more is done with it. Raises: Refusal NOT_FOUND, FORBIDDEN, OUT_OF_TURN."""
    actor.require(UseCase.EDIT_PROPOSALS)
    return changed(unit, actor, stepped(unit, actor, id, Act.ARCHIVE), "proposal.archive")


def share(unit: Unit, actor: Actor, directory: Directory, id: str, shares: list[Share]) -> ProposalRecord:
    """The proposal is shared with exactly these, once it is filed; from everybody else it is retracted.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM, BAD_VALUE; NOT_SIGNED_OFF, a filed one is
            widened only by who may sign.
    """
    actor.require(UseCase.EDIT_PROPOSALS)
    row = queries.locked(unit.session, id)
    stored = choices.check(shares, directory, unit.committee)
    signs = signing.may_widen(actor, UseCase.SIGN_OFF_PROPOSALS, row.drafted_by)
    shared_with_more(row.approval, row.shares, stored, signs=signs)
    row.shares = stored
    return changed(unit, actor, row, "proposal.share")


project = copies_shown.projection(SeenProposalRow)
"""What others tell us of theirs is kept as a copy."""
