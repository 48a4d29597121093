"""补录: proposals of years before, which were filed and handled on paper. One function, one use case.

One stands archived with what came of it and waits for its signature; until then it is the office's and its proposers'.
"""

import datetime as dt
from dataclasses import dataclass

from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import day_of
from sync.contract.shapes.items import ReplyClass, Satisfaction
from sync.contract.shapes.proposals import ProposalRecord, ProposalState
from tenant_service import wording
from tenant_service.exchange import way_out
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.proposals import crediting, queries, rules, telling
from tenant_service.proposals.descriptions import Draft, describe, forget_sources, name_sources
from tenant_service.proposals.entries import changed, forget_signers, name_signers, named
from tenant_service.proposals.models import ProposalRow
from tenant_service.signing import acts as signing
from tenant_service.signing.rules import SIGNING, Act
from tenant_service.storage.unit_of_work import Unit

_MOST_BODIES = 30


@dataclass(frozen=True)
class Past:
    """What came of one that is over.

    Attributes:
        number: 案号 as it was printed; a bare number is the one within its year.
        session: 届次, in words.
        handled_by: 主办单位 first.
        first_class: 答复类别 of the first answer, where it was another one than stands now.
    """

    number: str
    filed_on: dt.date
    session: str | None = None
    handled_by: tuple[str, ...] = ()
    replied_on: dt.date | None = None
    reply_class: ReplyClass | None = None
    first_class: ReplyClass | None = None
    attitude: Satisfaction | None = None
    satisfaction: Satisfaction | None = None


def backfill(unit: Unit, actor: Actor, told: Draft, past: Past) -> ProposalRecord:
    """补录: it stands archived under the number that it had, and whoever signs is asked. Of its text may be there what
    is known.

    Raises:
        Refusal: FORBIDDEN; BAD_VALUE, it was filed after today, or answered before it was filed, its number says
            none or is another one's, a joint one names one alone; and what `service.write` refuses.
    """
    actor.require(UseCase.EDIT_PROPOSALS)
    row = ProposalRow(
        id=unit.new_id("proposal"), committee_id=unit.committee, state=ProposalState.ARCHIVED, revision=0,
        changed_at=unit.now, **signing.drafted(actor), shares=[], is_key=False, stages=[],
    )  # fmt: skip
    row.approval = SIGNING.after(Act.SUBMIT, row.approval)
    describe(unit, row, told, is_past=True)
    _happened(unit, row, past)
    found = named(unit, actor, row, told.signers)
    rules.check_proposers(row.kind, len(found), heads=1)
    unit.session.add(row)
    unit.session.flush()
    name_signers(unit, row, found, told.head, signed=True)
    name_sources(unit, actor, row, told.sources)
    taken.write(unit, actor, row.id, "backfill", None, row.state)
    telling.to_sign(unit, actor, row)
    return changed(unit, actor, row, "proposal.backfill")


def sign(unit: Unit, actor: Actor, row: ProposalRow, *, unclassified: bool) -> ProposalRecord:
    """签发补录: it counts on the day on which it was filed, and its signers have their credit; `row` is locked.

    Raises:
        Refusal: FORBIDDEN, OUT_OF_TURN, SECRECY_UNCONFIRMED, OWN_DRAFT.
    """
    _stepped(unit, actor, row, Act.SIGN_OFF, "sign_past")
    signing.signed(unit, row, actor, UseCase.SIGN_OFF_PROPOSALS, unclassified=unclassified)
    crediting.credited(unit, row)
    return changed(unit, actor, row, "proposal.sign_past")


def send_back(unit: Unit, actor: Actor, row: ProposalRow, why: str) -> ProposalRecord:
    """退回补录: whoever entered it reads why, and takes it back; `row` is locked.

    Raises:
        Refusal: OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    _stepped(unit, actor, row, Act.SEND_BACK, "return_past", wording.reason(why))
    signing.sent_back(row, why)
    telling.sent_back(unit, actor, row)
    return changed(unit, actor, row, "proposal.return_past")


def take_back(unit: Unit, actor: Actor, id: str) -> ProposalRecord:
    """撤销补录: what nobody signed is not there any more; returns what it was.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN; OUT_OF_TURN, it is signed, or was not entered so.
    """
    actor.require(UseCase.EDIT_PROPOSALS)
    row = queries.locked(unit.session, id)
    if not rules.is_past(row.standing(), row.filed_on):
        raise Refusal(Code.OUT_OF_TURN, now=row.state)
    forget_sources(unit, id)
    forget_signers(unit, id)
    return way_out.discarded(unit, actor, row, "proposal.take_back_past")


def _stepped(unit: Unit, actor: Actor, row: ProposalRow, act: Act, called: str, because: str | None = None) -> None:
    row.approval = SIGNING.after(act, row.approval)
    taken.write(unit, actor, row.id, called, row.state, row.state, because)


def _happened(unit: Unit, row: ProposalRow, past: Past) -> None:
    if past.filed_on > day_of(unit.now):
        raise Refusal(Code.BAD_VALUE, field="filedOn", why=Said("晚于今天", "it is after today"))
    if past.replied_on and not past.filed_on <= past.replied_on <= day_of(unit.now):
        why = Said("须在立案之后、今天之前", "after it was filed, and not after today")
        raise Refusal(Code.BAD_VALUE, field="repliedOn", why=why)
    if len(past.handled_by) > _MOST_BODIES:
        raise Refusal(Code.BAD_VALUE, field="handledBy", why=f"≤ {_MOST_BODIES}")
    row.filed_on, row.year, row.round, row.replied_on = past.filed_on, past.filed_on.year, 1, past.replied_on
    row.session = wording.optional("session", past.session, 60)
    row.number, row.seq = _number(unit, row, past.number)
    row.handled_by = [wording.text("handledBy", each, 120) for each in past.handled_by] or None
    row.reply_class, row.first_class = past.reply_class, past.first_class or past.reply_class
    row.attitude, row.satisfaction = past.attitude, past.satisfaction


def _number(unit: Unit, row: ProposalRow, told: str) -> tuple[str, int]:
    """How it is printed, and which one of its year that is."""
    number = wording.text("number", told, 40)
    seq = rules.seq_of(number, row.year)
    if not seq:
        raise Refusal(Code.BAD_VALUE, field="number", why=Said("没有序号", "it has no number"))
    if queries.has_number(unit.session, row.year, seq, besides=row.id):
        why = Said(f"{row.year}年{seq}号已有提案", f"there is a number {seq} of {row.year}")
        raise Refusal(Code.BAD_VALUE, field="number", why=why)
    return (f"第{seq}号" if number.isdecimal() else number), seq
