"""What people do with appraisals. One function, one use case, one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert

from sync.contract.channels import Share
from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import day_of
from sync.contract.shapes.supervision import AppraisalRecord, AppraisalState, BallotOpinion, CampaignKind
from sync.contract.trust.directory import Directory
from tenant_service import wording
from tenant_service.appraisals import ballots, queries, rules
from tenant_service.appraisals.models import AppraisalRow, AppraiserRow, SeenAppraisalRow
from tenant_service.appraisals.rules import STATES, Act
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices, copies_shown
from tenant_service.history import taken
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import queries as members
from tenant_service.signing import acts as signing
from tenant_service.signing import reviews
from tenant_service.signing.rules import AtOnce
from tenant_service.storage.unit_of_work import Unit
from tenant_service.supervision import queries as campaigns
from tenant_service.supervision import service as supervision

_FIGURES = ("satisfied", "basically", "dissatisfied", "unknown")
_NOT_YET = ("asked", "ballots", "is_enough", "published_on", "objection", "answer", "objected")


@dataclass(frozen=True)
class Draft:
    """An appraisal as the office opens it.

    Attributes:
        body_id: One of the bodies that the campaign supervises.
        questions: The first is about the body as a whole.
        unit_id: Whose people are asked for a ballot, with those below it; None: everybody who has a seat today.
    """

    campaign_id: str
    body_id: str
    questions: tuple[str, ...] = rules.FORM
    unit_id: str | None = None


@dataclass(frozen=True)
class Ballot:
    """An opinion to each question, in their order, and what somebody wants to say besides."""

    answers: Sequence[BallotOpinion | None]
    remark: str | None = None


def begin(
    unit: Unit, actor: Actor, directory: Directory, told: Draft, shares: list[Share], least: int
) -> AppraisalRecord:  # fmt: skip
    """评议开始: those who are on the list now may give a ballot each. `least`: ballots below which nothing is shown.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, CLASSIFIED, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM; OUT_OF_TURN, the campaign does
            not run; BAD_VALUE, it is of another kind, the body is none of its, or nobody is on the list; ALREADY_DONE,
            the body is appraised in it already.
    """
    actor.require(UseCase.EDIT_SUPERVISION)
    campaign = supervision.running(unit, told.campaign_id)
    body = campaigns.bodies(unit.session, campaign.id).get(told.body_id)
    if campaign.kind is not CampaignKind.APPRAISAL or body is None:
        why = Said("须为民主评议所列的被监督单位", "a body of a campaign of democratic appraisal")
        raise Refusal(Code.BAD_VALUE, field="bodyId", why=why)
    if queries.of_body(unit.session, campaign.id, told.body_id):
        raise Refusal(Code.ALREADY_DONE)
    asked = _asked(unit, told.unit_id)
    row = AppraisalRow(
        id=unit.new_id("appraisal"), committee_id=unit.committee, campaign_id=campaign.id, body=body,
        body_id=told.body_id, year=campaign.year, state=AppraisalState.OPEN, questions=_questions(told.questions),
        least=least, shares=choices.check(shares, directory, unit.committee), revision=0, changed_at=unit.now,
        **dict.fromkeys((*_FIGURES, *_NOT_YET)),
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    unit.session.execute(
        insert(AppraiserRow), [{"appraisal_id": row.id, "person_id": each, "has_given": False} for each in asked]
    )
    taken.write(unit, actor, row.id, "begin", None, row.state)
    return _changed(unit, actor, row, "appraisal.begin")


def give_ballot(unit: Unit, actor: Actor, id: str, ballot: Ballot) -> AppraisalRecord:
    """The ballot lies among the others, and beside its giver's name stands that one was given: once, and for good.

    Raises:
        Refusal: FORBIDDEN, also to who is not on the list; NOT_FOUND, OUT_OF_TURN, BAD_VALUE, CLASSIFIED; ALREADY_DONE.
    """
    actor.require(UseCase.GIVE_BALLOT)
    row = queries.locked(unit.session, id)
    tick = queries.tick(unit.session, id, actor.person)
    if tick is None:
        raise Refusal(Code.FORBIDDEN)
    STATES.after(Act.GIVE_BALLOT, row.state)
    if tick.has_given:
        raise Refusal(Code.ALREADY_DONE)
    answers = rules.answered(row.questions, ballot.answers)
    remark = wording.optional("remark", ballot.remark, 500)
    tick.has_given = True
    ballots.put_in(unit.session, id, answers, remark)
    audit.note(unit, actor, "appraisal.give_ballot", id)
    return row.record()


def count(unit: Unit, actor: Actor, id: str) -> AppraisalRecord:
    """计票: no more ballots are given. Where they are too few, it is known that they are, and nothing else of them.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN.
    """
    actor.require(UseCase.EDIT_SUPERVISION)
    row = _stepped(unit, actor, id, Act.COUNT)
    row.asked, given = queries.turnout(unit.session, id)
    row.is_enough = given >= row.least
    row.ballots = given if row.is_enough else None
    return _changed(unit, actor, row, "appraisal.count")


def publish(unit: Unit, actor: Actor, id: str, *, unclassified: bool) -> AppraisalRecord:
    """公布: the result leaves to whom it is shared with. Whoever signs confirms 已经保密审查，不涉密.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN; SECRECY_UNCONFIRMED.
    """
    row = _signed(unit, actor, id, Act.PUBLISH, unclassified=unclassified)
    found = queries.results(unit.session, row)
    if found:
        _, row.satisfied, row.basically, row.dissatisfied, row.unknown = found[0]
    row.published_on = day_of(unit.now)
    return _changed(unit, actor, row, "appraisal.publish")


def object_to(unit: Unit, actor: Actor, id: str, words: str) -> AppraisalRecord:
    """异议 of the body, entered by the office; that there is one is told at once and reviewed after, what it says with
    the answer.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.EDIT_SUPERVISION)
    said = wording.reason(words)
    row = _stepped(unit, actor, id, Act.OBJECT, said)
    row.objected, row.objection, row.answer = said, None, None
    reviews.left_at_once(unit, actor, id, AtOnce.APPRAISAL_OBJECT)
    return _changed(unit, actor, row, "appraisal.object_to")


def answer(unit: Unit, actor: Actor, id: str, words: str, *, unclassified: bool) -> AppraisalRecord:
    """The result stands, and the objection and the answer to it are told with it.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED; SECRECY_UNCONFIRMED.
    """
    said = wording.reason(words)
    row = _signed(unit, actor, id, Act.ANSWER, said, unclassified=unclassified)
    row.objection, row.answer, row.objected = row.objected, said, None
    return _changed(unit, actor, row, "appraisal.answer")


def finalize(unit: Unit, actor: Actor, id: str) -> AppraisalRecord:
    """确定: the result is final. Raises: Refusal NOT_FOUND, FORBIDDEN, OUT_OF_TURN."""
    actor.require(UseCase.SIGN_OFF_SUPERVISION)
    row = _stepped(unit, actor, id, Act.FINALIZE)
    return _changed(unit, actor, row, "appraisal.finalize")


def cancel(unit: Unit, actor: Actor, id: str, why: str) -> AppraisalRecord:
    """取消: nothing comes of it; what was published of it says no figure any more, which is reviewed after.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON.
    """
    actor.require(UseCase.EDIT_SUPERVISION)
    row = _stepped(unit, actor, id, Act.CANCEL, wording.reason(why))
    for name in (*_FIGURES, "ballots"):
        setattr(row, name, None)
    if row.published_on:
        reviews.left_at_once(unit, actor, id, AtOnce.APPRAISAL_CANCEL)
    return _changed(unit, actor, row, "appraisal.cancel")


def share(unit: Unit, actor: Actor, directory: Directory, id: str, shares: list[Share]) -> AppraisalRecord:
    """The result is shared with exactly these, once it is published; from everybody else it is retracted.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM, BAD_VALUE; NOT_SIGNED_OFF, what is
            published is widened only by who may sign.
    """
    actor.require(UseCase.EDIT_SUPERVISION)
    row = queries.locked(unit.session, id)
    stored = choices.check(shares, directory, unit.committee)
    if row.published_on and not set(stored) <= set(row.shares) and not actor.may(UseCase.SIGN_OFF_SUPERVISION):
        raise Refusal(Code.NOT_SIGNED_OFF)
    row.shares = stored
    return _changed(unit, actor, row, "appraisal.share")


def _asked(unit: Unit, unit_id: str | None) -> list[str]:
    """Whoever may give a ballot. Raises: Refusal BAD_VALUE, nobody has a seat there."""
    today = day_of(unit.now)
    seated = members.seat_holders(unit.session, today)
    found = seated & members.persons_in(unit.session, unit_id, today) if unit_id else seated
    if not found:
        why = Said("名单上没有在任委员", "nobody of them has a seat there today")
        raise Refusal(Code.BAD_VALUE, field="unitId", why=why)
    return sorted(found)


def _questions(told: Sequence[str]) -> list[str]:
    if not 0 < len(told) <= rules.MOST_QUESTIONS:
        raise Refusal(Code.BAD_VALUE, field="questions", why=f"1–{rules.MOST_QUESTIONS}")
    return [wording.text("questions", each, 60) for each in told]


def _settle(unit: Unit, row: AppraisalRow) -> None:
    """The campaign knows how many are left."""
    unit.session.flush()
    supervision.count_appraisals(unit, row.campaign_id, queries.unsettled(unit.session, row.campaign_id))


def _signed(
    unit: Unit, actor: Actor, id: str, act: Act, because: str | None = None, *, unclassified: bool
) -> AppraisalRow:  # fmt: skip
    """Our appraisal where the act leads it, by whoever signs. Raises: Refusal FORBIDDEN, SECRECY_UNCONFIRMED …"""
    actor.require(UseCase.SIGN_OFF_SUPERVISION)
    signing.sign(unit, actor, id, UseCase.SIGN_OFF_SUPERVISION, "", unclassified=unclassified)
    return _stepped(unit, actor, id, act, because)


def _stepped(unit: Unit, actor: Actor, id: str, act: Act, because: str | None = None) -> AppraisalRow:
    row = queries.locked(unit.session, id)
    taken.take(unit, actor, row, STATES, act, because)
    return row


def _changed(unit: Unit, actor: Actor, row: AppraisalRow, act: str) -> AppraisalRecord:
    """A new revision, told to whom it is shared with once it was published, and noted."""
    _settle(unit, row)
    return way_out.changed(unit, actor, row, act, choices.channels(row.shares) if row.published_on else set())


project = copies_shown.projection(SeenAppraisalRow)
"""What others tell us of theirs is kept as a copy."""
