"""审查: what the office and whoever signs make of a proposal that was handed in. One function, one use case."""

from sqlalchemy.exc import IntegrityError

from sync.contract.errors import Code, Refusal
from sync.contract.instants import day_of
from sync.contract.shapes.proposals import NotFiledReason, ProposalRecord
from sync.contract.shapes.reports import ReportKind
from tenant_service import wording
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.proposals import crediting, past_service, queries, rules, telling
from tenant_service.proposals.entries import changed, join, stepped
from tenant_service.proposals.models import ProposalRow
from tenant_service.proposals.rules import Act
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.reports import service as reports
from tenant_service.settings import Filing
from tenant_service.signing import acts as signing
from tenant_service.storage.unit_of_work import Unit


def give_back(unit: Unit, actor: Actor, id: str, why: str) -> ProposalRecord:
    """退回: its proposers have it again, and read why.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.EDIT_PROPOSALS)
    row = stepped(unit, actor, id, Act.GIVE_BACK, wording.reason(why))
    signing.sent_back(row, why)
    row.signed_title, row.signed_advice = row.title, list(row.advice or ())
    telling.proposers(unit, actor, row, "提案已退回", why)
    return changed(unit, actor, row, "proposal.give_back")


def review_first(unit: Unit, actor: Actor, id: str) -> ProposalRecord:
    """初审通过. Raises: Refusal NOT_FOUND, FORBIDDEN, OUT_OF_TURN."""
    actor.require(UseCase.EDIT_PROPOSALS)
    return changed(unit, actor, stepped(unit, actor, id, Act.REVIEW_FIRST), "proposal.review_first")


def review_second(unit: Unit, actor: Actor, id: str) -> ProposalRecord:
    """复审通过: it waits for whoever signs that it is filed. Raises: Refusal NOT_FOUND, FORBIDDEN, OUT_OF_TURN."""
    actor.require(UseCase.EDIT_PROPOSALS)
    row = stepped(unit, actor, id, Act.REVIEW_SECOND)
    row.returned_because, row.drafted_by = None, actor.sub
    telling.to_sign(unit, actor, row)
    return changed(unit, actor, row, "proposal.review_second")


def merge(unit: Unit, actor: Actor, id: str, into: str) -> ProposalRecord:
    """并案: it goes on as a part of another one that is under review, which its signers co-sign.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, also of the other one; LINK_CYCLE, it is the same; BAD_VALUE, they
            are too many.
    """
    actor.require(UseCase.EDIT_PROPOSALS)
    row = stepped(unit, actor, id, Act.MERGE)
    links.lay(unit, actor, id, Relation.MERGED_INTO, into)
    whole = queries.locked(unit.session, into)
    rules.STATES.after(Act.MERGE, whole.state)
    join(unit, whole, row)
    telling.proposers(unit, actor, row, "提案已并案", f"并入：{whole.title}")
    changed(unit, actor, whole, "proposal.take_in")
    return changed(unit, actor, row, "proposal.merge")


def convert(unit: Unit, actor: Actor, id: str) -> ProposalRecord:
    """转社情民意: it goes on as opinion information of the same authors, as a draft of theirs.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, and what a report is refused for.
    """
    actor.require(UseCase.EDIT_PROPOSALS)
    row = stepped(unit, actor, id, Act.CONVERT)
    text = "\n\n".join(each for each in (row.situation, row.analysis) if each)
    by = [each.person_id or each.name for each in queries.signed(unit.session, id)]
    draft = reports.Draft(row.title, ReportKind.OPINION_INFO, text, tuple(_short(row)), tuple(by), id)
    made = reports.write(unit, actor, draft)
    links.lay(unit, actor, id, Relation.CONVERTED_TO, made.id)
    telling.proposers(unit, actor, row, "提案已转为社情民意信息")
    return changed(unit, actor, row, "proposal.convert")


def not_file(unit: Unit, actor: Actor, id: str, reason: NotFiledReason, why: str) -> ProposalRecord:
    """不予立案, by a coded reason and in words; its proposers read both.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.SIGN_OFF_PROPOSALS)
    row = stepped(unit, actor, id, Act.NOT_FILE, wording.reason(why))
    row.not_filed_for, row.not_filed_because = reason, wording.reason(why)
    telling.proposers(unit, actor, row, "提案不予立案", f"{reason.label}：{why}")
    return changed(unit, actor, row, "proposal.not_file")


def send_back(unit: Unit, actor: Actor, id: str, why: str) -> ProposalRecord:
    """退回复审: the office has it again, with the reason; so it has one of years before (补录).

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.SIGN_OFF_PROPOSALS)
    if (past := _past(unit, id)) is not None:
        return past_service.send_back(unit, actor, past, why)
    row = stepped(unit, actor, id, Act.SEND_BACK, wording.reason(why))
    signing.sent_back(row, why)
    telling.sent_back(unit, actor, row)
    return changed(unit, actor, row, "proposal.send_back")


def sign_off(unit: Unit, actor: Actor, filing: Filing, id: str, *, unclassified: bool) -> ProposalRecord:
    """立案: it has its number within the year, without a gap, and those who signed it their credit. One of years before
    (补录) keeps number and day.

    `filing`: how the committee numbers, and by which stages it evaluates.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN; SECRECY_UNCONFIRMED, OWN_DRAFT; TRY_AGAIN, another one was filed at
            the same moment.
    """
    actor.require(UseCase.SIGN_OFF_PROPOSALS)
    if (past := _past(unit, id)) is not None:
        return past_service.sign(unit, actor, past, unclassified=unclassified)
    row = stepped(unit, actor, id, Act.SIGN_OFF)
    signing.signed(unit, row, actor, UseCase.SIGN_OFF_PROPOSALS, unclassified=unclassified)
    row.filed_on = day_of(unit.now)
    row.year, row.round, row.stages = row.filed_on.year, 1, list(filing.stages)
    row.rate_workdays = filing.rate_workdays
    row.seq = queries.last_number(unit.session, row.year) + 1
    row.number = rules.printed(filing.number, row.year, row.seq)
    _alone(unit)
    crediting.credited(unit, row)
    telling.proposers(unit, actor, row, "提案已立案", row.number)
    return changed(unit, actor, row, "proposal.sign_off")


def _past(unit: Unit, id: str) -> ProposalRow | None:
    """The proposal, where it is one of years before that waits for its signature."""
    row = queries.locked(unit.session, id)
    return row if rules.is_past(row.standing(), row.filed_on) else None


def _alone(unit: Unit) -> None:
    """No other proposal has this number. Raises: Refusal TRY_AGAIN, one was filed at the same moment."""
    try:
        unit.session.flush()
    except IntegrityError as error:
        raise Refusal(Code.TRY_AGAIN) from error


def _short(row: ProposalRow) -> list[str]:
    """Its suggestions as a report takes them."""
    return [each[:500] for each in row.advice or ()]
