"""联名: who proposes it, who is asked to co-sign until when, and what they say."""

import datetime as dt

from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import day_of
from sync.contract.shapes.proposals import ProposalRecord, ProposalState
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.on_behalf import service as on_behalf
from tenant_service.on_behalf.rules import Entered
from tenant_service.proposals import queries, telling
from tenant_service.proposals.entries import changed, own, recounted
from tenant_service.proposals.models import ProposalRow, ProposalSignerRow
from tenant_service.proposals.rules import OPEN_SIGNERS, SIGNERS, Act, SignerAct
from tenant_service.storage.unit_of_work import Unit

LONGEST_CALL = 180
"""Days ahead."""


# ── what its proposers do ──


def call_signers(unit: Unit, actor: Actor, id: str, until: dt.date) -> ProposalRecord:
    """发起联名: whoever is named is asked to co-sign until that day.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN; BAD_TIME, the day is over or too far; BAD_VALUE, nobody is asked.
    """
    row = own(unit, actor, id, Act.CALL_SIGNERS)
    today = day_of(unit.now)
    if not today <= until <= today + dt.timedelta(days=LONGEST_CALL):
        raise Refusal(Code.BAD_TIME, why=Said(f"今天起{LONGEST_CALL}天内", f"from today, {LONGEST_CALL} days at most"))
    asked = [each for each in queries.signers(unit.session, id) if each.state in OPEN_SIGNERS]
    if not asked:
        raise Refusal(Code.BAD_VALUE, field="signers", why=Said("没有待附议的人", "nobody is asked to co-sign"))
    row.sign_until, row.signed_title, row.signed_advice = until, row.title, list(row.advice or ())
    for each in asked:
        each.invited_at = unit.now
    telling.asked(unit, actor, row, [each.person_id for each in asked if each.person_id])
    return changed(unit, actor, row, "proposal.call_signers")


def recall(unit: Unit, actor: Actor, id: str) -> ProposalRecord:
    """收回修改: nobody co-signs until it is called again. Raises: Refusal NOT_FOUND, FORBIDDEN, OUT_OF_TURN."""
    row = own(unit, actor, id, Act.RECALL)
    row.sign_until = None
    return changed(unit, actor, row, "proposal.recall")


# ── what those who are asked do ──


def sign(unit: Unit, actor: Actor, id: str, seq: int | None = None) -> ProposalRecord:
    """附议: it is their proposal as well. `seq`: by the office for somebody who signed on paper (代录).

    Raises:
        Refusal: NOT_FOUND, also of whoever was not asked; FORBIDDEN, OUT_OF_TURN; SIGNING_OVER, the day is over.
    """
    return _answer(unit, actor, id, seq, SignerAct.SIGN)


def decline(unit: Unit, actor: Actor, id: str, seq: int | None = None) -> ProposalRecord:
    """不附议, also of whoever signed before, until it is handed in. Raises: Refusal, as `sign`."""
    return _answer(unit, actor, id, seq, SignerAct.DECLINE)


# ── parts ──


def _answer(unit: Unit, actor: Actor, id: str, seq: int | None, act: SignerAct) -> ProposalRecord:
    row = queries.locked(unit.session, id)
    part = _part(unit, actor, row, seq)
    if row.state is not ProposalState.CO_SIGNING:
        raise Refusal(Code.OUT_OF_TURN, now=row.state)
    if row.sign_until and day_of(unit.now) > row.sign_until:
        raise Refusal(Code.SIGNING_OVER, until=str(row.sign_until))
    part.state = SIGNERS.after(act, part.state)
    part.answered_at, part.entered_by = unit.now, None if seq is None else actor.sub
    unit.session.flush()
    recounted(unit, row)
    telling.answered(unit, actor, row, part.name, part.state)
    if seq is not None:
        on_behalf.entered(unit, actor, Entered.CO_SIGN, id, [part.person_id], row.title)
    return changed(unit, actor, row, f"proposal.{act}")


def _part(unit: Unit, actor: Actor, row: ProposalRow, seq: int | None) -> ProposalSignerRow:
    if seq is not None:
        actor.require(UseCase.EDIT_PROPOSALS)
        found = next((each for each in queries.signers(unit.session, row.id) if each.seq == seq), None)
    else:
        actor.require(UseCase.WRITE_PROPOSALS)
        found = queries.part_of(unit.session, actor, row.id)
    if found is None or found.seq == 1:
        raise Refusal(Code.NOT_FOUND)
    return found
