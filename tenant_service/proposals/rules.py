"""What may happen to a proposal. Pure: no clock, no database, no network."""

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from sync.contract.errors import Code, Refusal, Said
from sync.contract.kinds import Kind
from sync.contract.shapes.items import ReplyClass
from sync.contract.shapes.proposals import ProposalState, ProposerKind
from tenant_service.signing import rules as signing
from tenant_service.signing.rules import Approval
from tenant_service.steps import Steps, leading, staying

_DRAFTING, _CO_SIGNING, _RETURNED = ProposalState.DRAFTING, ProposalState.CO_SIGNING, ProposalState.RETURNED
_SUBMITTED, _FIRST, _SECOND = ProposalState.SUBMITTED, ProposalState.FIRST_REVIEWED, ProposalState.SECOND_REVIEWED
_FILED, _HANDED_OVER, _REPLIED = ProposalState.FILED, ProposalState.HANDED_OVER, ProposalState.REPLIED
_RATED, _SECOND_ROUND = ProposalState.RATED, ProposalState.SECOND_ROUND


class Act(StrEnum):
    """What may be done with a proposal that is there, as the services' functions are named."""

    REDRAFT = "redraft"
    DISCARD = "discard"
    CALL_SIGNERS = "call_signers"
    RECALL = "recall"
    HAND_IN = "hand_in"
    WITHDRAW = "withdraw"
    GIVE_BACK = "give_back"
    REVIEW_FIRST = "review_first"
    REVIEW_SECOND = "review_second"
    MERGE = "merge"
    CONVERT = "convert"
    NOT_FILE = "not_file"
    SEND_BACK = "send_back"
    SIGN_OFF = "sign_off"
    HAND_OVER = "hand_over"
    TAKE_BACK = "take_back"
    REPLY = "reply"
    TAKE_UP = "take_up"
    RATE = "rate"
    BEGIN_SECOND = "begin_second"
    ARCHIVE = "archive"


STATES = Steps(
    {
        Act.REDRAFT: staying(_DRAFTING, _RETURNED),
        Act.DISCARD: staying(_DRAFTING),
        Act.CALL_SIGNERS: leading(_CO_SIGNING, _DRAFTING, _RETURNED),
        Act.RECALL: leading(_DRAFTING, _CO_SIGNING),
        Act.HAND_IN: leading(_SUBMITTED, _DRAFTING, _CO_SIGNING, _RETURNED),
        Act.WITHDRAW: leading(ProposalState.WITHDRAWN, _CO_SIGNING, _SUBMITTED, _RETURNED, _FIRST, _SECOND),
        Act.GIVE_BACK: leading(_RETURNED, _SUBMITTED, _FIRST),
        Act.REVIEW_FIRST: leading(_FIRST, _SUBMITTED),
        Act.REVIEW_SECOND: leading(_SECOND, _FIRST),
        Act.MERGE: leading(ProposalState.MERGED, _SUBMITTED, _FIRST),
        Act.CONVERT: leading(ProposalState.CONVERTED, _SUBMITTED, _FIRST),
        Act.NOT_FILE: leading(ProposalState.NOT_FILED, _FIRST, _SECOND),
        Act.SEND_BACK: leading(_FIRST, _SECOND),
        Act.SIGN_OFF: leading(_FILED, _SECOND),
        Act.HAND_OVER: leading(_HANDED_OVER, _FILED),
        Act.TAKE_BACK: leading(_FILED, _HANDED_OVER),
        Act.REPLY: leading(_REPLIED, _HANDED_OVER, _SECOND_ROUND),
        Act.TAKE_UP: leading(_HANDED_OVER, _REPLIED, _RATED),
        Act.RATE: leading(_RATED, _REPLIED, _RATED),
        Act.BEGIN_SECOND: leading(_SECOND_ROUND, _RATED),
        Act.ARCHIVE: leading(
            ProposalState.ARCHIVED, ProposalState.NOT_FILED, ProposalState.MERGED, ProposalState.CONVERTED,
            ProposalState.WITHDRAWN, _REPLIED, _RATED,
        ),
    }
)  # fmt: skip
"""拟稿 → 联名 → 提交 → 初审 → 复审 → 立案 → 交办 → 答复 → 测评 → 归档 (practice rules 11 and 12)."""
SIGNED_AS = {
    Act.REDRAFT: signing.Act.REDRAFT, Act.REVIEW_SECOND: signing.Act.SUBMIT, Act.SEND_BACK: signing.Act.SEND_BACK,
    Act.SIGN_OFF: signing.Act.SIGN_OFF,
}  # fmt: skip
"""复审 hands it to whoever signs (立案签发)."""
OF_THE_PROPOSERS = frozenset({
    Act.REDRAFT, Act.DISCARD, Act.CALL_SIGNERS, Act.RECALL, Act.HAND_IN, Act.WITHDRAW,
})  # fmt: skip
"""What the first proposer does with their own, as the office may for them."""
OF_THE_SIGNER = frozenset({Act.NOT_FILE, Act.SEND_BACK, Act.SIGN_OFF})
OF_THE_CHAIN = frozenset({Act.HAND_OVER, Act.TAKE_BACK, Act.REPLY, Act.TAKE_UP})
"""What follows from its list: nobody does it to the proposal itself."""
REVISABLE = frozenset({_DRAFTING, _CO_SIGNING, _RETURNED})
"""States in which its proposers have it in hand."""
FILED_STATES = frozenset({
    _FILED, _HANDED_OVER, _REPLIED, _RATED, _SECOND_ROUND, ProposalState.ARCHIVED,
})  # fmt: skip
"""States of what was filed; of ARCHIVED only where it has a number."""
COLLECTIVE = frozenset(ProposerKind) - {ProposerKind.INDIVIDUAL, ProposerKind.JOINT}
"""Whose proposals a head (负责人) signs: a party, an organisation, a unit."""
CONFIRMED_ANEW = frozenset({"title", "advice"})
"""案由 and 建议: where these change after a return, co-signers confirm anew."""


class Standing(NamedTuple):
    """Where a proposal stands: what decides about the next act."""

    approval: Approval
    state: ProposalState


def approval_after(act: Act, at: Standing) -> Approval:
    """Where the act leads in 审签; where it leads the proposal is for `STATES` to say. Raises: Refusal OUT_OF_TURN."""
    STATES.after(act, at.state)
    if act in SIGNED_AS:
        return signing.SIGNING.after(SIGNED_AS[act], at.approval)
    return Approval.RETURNED if at.approval is Approval.IN_REVIEW else at.approval


def possible(at: Standing) -> frozenset[Act]:
    """All that fits where the proposal stands, whoever may do it here."""
    return frozenset(act for act in STATES.possible(at.state) if act not in OF_THE_CHAIN and _fits(act, at))


def _fits(act: Act, at: Standing) -> bool:
    try:
        approval_after(act, at)
    except Refusal:
        return False
    return True


def is_past(at: Standing, filed_on: dt.date | None) -> bool:
    """Whether it was entered after it was over (补录), and nobody signed it yet."""
    return at.state is ProposalState.ARCHIVED and filed_on is not None and at.approval is not Approval.SIGNED


def is_filed(state: ProposalState, filed_on: dt.date | None) -> bool:
    """Whether it was filed, and is not over: what leaders lead, and projects group."""
    return filed_on is not None and state is not ProposalState.ARCHIVED


def may_be_told(approval: Approval) -> bool:
    """Whether the record may leave this committee at all: once it is filed."""
    return approval is Approval.SIGNED


# ── co-signers ──


class SignerState(Kind):
    """附议状态: of whoever is invited to sign; the first proposer is SIGNED from the beginning."""

    INVITED = "INVITED", "待附议"
    SIGNED = "SIGNED", "已附议"
    DECLINED = "DECLINED", "不附议"
    TO_CONFIRM = "TO_CONFIRM", "待重新确认"
    LAPSED = "LAPSED", "逾期未附议"


class SignerAct(StrEnum):
    """What becomes of an invitation."""

    SIGN = "sign"
    DECLINE = "decline"
    ASK_ANEW = "ask_anew"
    LAPSE = "lapse"


SIGNERS = Steps(
    {
        SignerAct.SIGN: leading(SignerState.SIGNED, SignerState.INVITED, SignerState.TO_CONFIRM),
        SignerAct.DECLINE: leading(
            SignerState.DECLINED, SignerState.INVITED, SignerState.TO_CONFIRM, SignerState.SIGNED
        ),
        SignerAct.ASK_ANEW: leading(SignerState.TO_CONFIRM, SignerState.SIGNED),
        SignerAct.LAPSE: leading(SignerState.LAPSED, SignerState.INVITED, SignerState.TO_CONFIRM),
    }
)
"""Who says nothing until the day, or until it is handed in, is no co-signer."""
OPEN_SIGNERS = (SignerState.INVITED, SignerState.TO_CONFIRM)
"""Of whom nobody knows yet what they say."""


def needs_signing_anew(before: tuple[str, Sequence[str]], after: tuple[str, Sequence[str]]) -> bool:
    """Whether co-signers confirm again: 案由 or 建议 is another one than they signed."""
    return (before[0], list(before[1])) != (after[0], list(after[1]))


def check_proposers(kind: ProposerKind, signed: int, heads: int) -> None:
    """Raises: Refusal BAD_VALUE, 联名 without a second signer or a collective one without a head."""
    if kind is ProposerKind.JOINT and signed <= 1:
        why = Said("联名提案至少两人署名", "a joint proposal has two signers at least")
        raise Refusal(Code.BAD_VALUE, field="signers", why=why)
    if kind in COLLECTIVE and not heads:
        raise Refusal(Code.BAD_VALUE, field="head", why=Said("须有负责人签署", "its head signs it"))


def printed(pattern: str, year: int, number: int) -> str:
    """案号 as it stands on the paper: `{n}` is the number within its year, `{year}` the year."""
    return pattern.replace("{year}", str(year)).replace("{n}", str(number))


_LAST_NUMBER = re.compile(r"\d+(?=\D*$)")


def seq_of(number: str | None, year: int) -> int | None:
    """The number within its year, out of how it is printed; None: it says none."""
    found = _LAST_NUMBER.findall((number or "").replace(str(year), "", 1))
    return int(found[0]) or None if found else None


# ── what follows from its list ──


@dataclass(frozen=True)
class Handled:
    """Where a proposal's list stands.

    Attributes:
        bodies: Who handles it, by name: 主办 first, then 会办, or 分办.
        is_handed: Whether the 交办单位 has assigned it to anybody.
        classes: What the bodies that answer to the committee said, where all of them did and were signed for.
        closed_at: When the last of these was.
        commitments, kept: 承诺事项 on its list that were agreed, and those of them that are done.
    """

    bodies: tuple[str, ...] = ()
    is_handed: bool = False
    classes: tuple[ReplyClass, ...] = ()
    closed_at: dt.datetime | None = None
    commitments: int = 0
    kept: int = 0


def follows(state: ProposalState, *, is_handed: bool, is_replied: bool) -> Act | None:
    """What becomes of the proposal by where the assignments of its item stand; None: nothing."""
    if state is _FILED and is_handed:
        return Act.HAND_OVER
    if state is _HANDED_OVER and not is_handed:
        return Act.TAKE_BACK
    if state in (_HANDED_OVER, _SECOND_ROUND) and is_replied:
        return Act.REPLY
    return Act.TAKE_UP if state in (_REPLIED, _RATED) and is_handed and not is_replied else None


_WORSE = (ReplyClass.SOLVED, ReplyClass.PLANNED, ReplyClass.DEFERRED, ReplyClass.REFERENCE)


def class_of(classes: Sequence[ReplyClass]) -> ReplyClass | None:
    """答复类别 of the whole, where several bodies answered each for itself: the least that one of them did."""
    return max(classes, key=_WORSE.index, default=None)


def class_now(first: ReplyClass | None, commitments: int, kept: int) -> ReplyClass | None:
    """B转A: what was planned is solved when all that was committed to is done; the first class stays beside it."""
    is_kept = first is ReplyClass.PLANNED and commitments and kept == commitments
    return ReplyClass.SOLVED if is_kept else first


# ── what proposers say of the answer ──


def last_stage(stages: Sequence[str]) -> int:
    """The stage that is the 《征询意见表》: the last of the committee's scheme, 1 where it has no other."""
    return max(len(stages), 1)


def may_rate(state: ProposalState, stage: int, stages: Sequence[str]) -> bool:
    """Whether a stage is evaluated now: the last one after the answer, the ones before it from the hand-over on."""
    if not 1 <= stage <= last_stage(stages):
        return False
    if stage == last_stage(stages):
        return state in (_REPLIED, _RATED)
    return state in (_HANDED_OVER, _SECOND_ROUND, _REPLIED, _RATED)


def second_round(round: int, dissatisfied: Collection[bool]) -> bool:
    """Whether a second round may begin: after the first, where a proposer was 不满意 with attitude or result."""
    return round == 1 and any(dissatisfied)


# ── alike ──

ALIKE = 0.35
"""Share of the pairs of characters that two subjects have in common, from which on they are shown as alike."""
_COMMON = ("关于", "的建议", "的提案", "加强", "进一步", "推进", "工作", "我市", "我县", "我区")
"""Words that say nothing of what a subject is about."""


def pairs(title: str) -> frozenset[str]:
    """Pairs of neighbouring characters of a subject, without what all subjects have."""
    for each in _COMMON:
        title = title.replace(each, " ")
    found = (title[at : at + 2] for at in range(len(title) - 1))
    return frozenset(each for each in found if each.isalnum())


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """0–1: how much of the shorter one is in the other."""
    least = min(len(one), len(other))
    return len(one & other) / least if least else 0.0
