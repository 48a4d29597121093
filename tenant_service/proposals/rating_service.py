"""测评: what proposers say of how their proposal is handled, stage by stage, and a second round where that is bad."""

from dataclasses import dataclass

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.items import Satisfaction
from sync.contract.shapes.proposals import ProposalRecord, ProposalState
from tenant_service import wording
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.proposals import queries, rating_queries, rules, telling
from tenant_service.proposals.entries import changed, stepped
from tenant_service.proposals.models import ProposalRatingRow, ProposalRow, ProposalSignerRow
from tenant_service.proposals.rules import STATES, Act, SignerState
from tenant_service.storage.unit_of_work import Unit


@dataclass(frozen=True)
class Rating:
    """What one proposer says at one stage; `because`: needed where they are dissatisfied with either."""

    stage: int
    attitude: Satisfaction
    result: Satisfaction
    because: str | None = None


def rate(unit: Unit, actor: Actor, id: str, told: Rating, seq: int | None = None) -> ProposalRecord:
    """《征询意见表》, or a stage before it. The first proposer's last stage counts and is told; the others' stand
    beside it. `seq`: by the office for a proposer who said so on paper (代录). Said anew in the same round, it takes
    the place of what was said before.

    Raises:
        Refusal: NOT_FOUND, also of whoever did not sign it; FORBIDDEN; OUT_OF_TURN, that stage is not evaluated now;
            NEEDS_REASON, dissatisfied without a word; BAD_VALUE, CLASSIFIED.
    """
    row = queries.locked(unit.session, id)
    part = _part(unit, actor, row, seq)
    last = rules.last_stage(row.stages)
    if not 1 <= told.stage <= last:
        raise Refusal(Code.BAD_VALUE, field="stage", why=f"1–{last}")
    if not rules.may_rate(row.state, told.stage, row.stages):
        raise Refusal(Code.OUT_OF_TURN, now=row.state)
    is_bad = Satisfaction.DISSATISFIED in (told.attitude, told.result)
    because = wording.reason(told.because or "") if is_bad else wording.optional("because", told.because, 500)
    unit.session.merge(ProposalRatingRow(
        proposal_id=id, signer_seq=part.seq, round=row.round or 1, stage=told.stage, attitude=told.attitude,
        result=told.result, because=because, at=unit.now, entered_by=None if seq is None else actor.sub,
    ))  # fmt: skip
    if part.seq == 1 and told.stage == last:
        row.attitude, row.satisfaction = told.attitude, told.result
        if row.state is ProposalState.REPLIED:
            taken.take(unit, actor, row, STATES, Act.RATE)
    unit.session.flush()
    return changed(unit, actor, row, "proposal.rate")


def begin_second(unit: Unit, actor: Actor, id: str, why: str) -> ProposalRecord:
    """二轮办理: where a proposer was dissatisfied, whoever signs has it handled once more; the first round stays as it
    was said. Called by the room of the items, which takes its item up again.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON; NOBODY_DISSATISFIED.
    """
    actor.require(UseCase.SIGN_OFF_PROPOSALS)
    row = stepped(unit, actor, id, Act.BEGIN_SECOND, wording.reason(why))
    said = rating_queries.of(unit.session, id)
    bad = [Satisfaction.DISSATISFIED in (each.attitude, each.result) for each in said if each.round == row.round]
    if not rules.second_round(row.round or 1, bad):
        raise Refusal(Code.NOBODY_DISSATISFIED)
    row.round, row.again_at, row.rate_until = 2, unit.now, None
    row.attitude = row.satisfaction = None
    telling.proposers(unit, actor, row, "提案启动二轮办理", why)
    return changed(unit, actor, row, "proposal.begin_second")


def _part(unit: Unit, actor: Actor, row: ProposalRow, seq: int | None) -> ProposalSignerRow:
    if seq is not None:
        actor.require(UseCase.EDIT_PROPOSALS)
        found = next((each for each in queries.signers(unit.session, row.id) if each.seq == seq), None)
    else:
        actor.require(UseCase.WRITE_PROPOSALS)
        found = queries.part_of(unit.session, actor, row.id)
    if found is None or found.state is not SignerState.SIGNED:
        raise Refusal(Code.NOT_FOUND)
    return found
