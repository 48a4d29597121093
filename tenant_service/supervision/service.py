"""What the office does with campaigns. One function, one use case, one transaction."""

import datetime as dt

from sync.contract.channels import Share
from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import day_of
from sync.contract.shapes.supervision import CampaignRecord, CampaignState
from sync.contract.trust.directory import Directory
from tenant_service import wording
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices, copies_shown
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.notifications import service as notifications
from tenant_service.notifications.rules import NotificationKind
from tenant_service.signing import acts as signing
from tenant_service.signing import reviews
from tenant_service.signing.rules import AtOnce, shared_with_more
from tenant_service.storage.unit_of_work import Unit
from tenant_service.supervision import queries, rules
from tenant_service.supervision.descriptions import Draft, describe, list_subjects
from tenant_service.supervision.entries import changed, channels_of, enter, stepped
from tenant_service.supervision.models import CampaignRow, SeenCampaignRow
from tenant_service.supervision.rules import STATES, Act, Counts

__all__ = ["Draft"]


def plan(unit: Unit, actor: Actor, directory: Directory, told: Draft, shares: list[Share]) -> CampaignRecord:
    """筹备: the campaign is written down; nobody outside sees it before its plan is signed.

    Raises:
        Refusal: FORBIDDEN, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM, and what `describe` refuses.
    """
    actor.require(UseCase.EDIT_SUPERVISION)
    row = CampaignRow(
        id=unit.new_id("campaign"), committee_id=unit.committee, state=CampaignState.PLANNED, revision=0,
        changed_at=unit.now, **signing.drafted(actor), shares=choices.check(shares, directory, unit.committee),
        begun_on=None, closed_on=None, procedure_id=None, step=None, report=None, cancelled_because=None,
        drafted_report=None, open_appraisals=0,
    )  # fmt: skip
    enter(row, Counts())
    describe(unit, row, told)
    unit.session.add(row)
    unit.session.flush()
    list_subjects(unit, row, told.body_ids)
    taken.write(unit, actor, row.id, "plan", None, row.state)
    return changed(unit, actor, row, "campaign.plan")


def redraft(
    unit: Unit, actor: Actor, directory: Directory, id: str, told: Draft, shares: list[Share]
) -> CampaignRecord:
    """The plan is as described now. What is signed is not rewritten.

    Raises:
        Refusal: NOT_FOUND, OUT_OF_TURN, and what `plan` refuses.
    """
    actor.require(UseCase.EDIT_SUPERVISION)
    row = stepped(unit, actor, id, Act.REDRAFT)
    row.drafted_by = actor.sub
    row.shares = choices.check(shares, directory, unit.committee)
    describe(unit, row, told)
    list_subjects(unit, row, told.body_ids)
    return changed(unit, actor, row, "campaign.redraft")


def discard(unit: Unit, actor: Actor, id: str) -> CampaignRecord:
    """作废: a plan that was never signed, so never told to anybody, is not there any more; returns what it was.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN.
    """
    actor.require(UseCase.EDIT_SUPERVISION)
    row = stepped(unit, actor, id, Act.DISCARD)
    row.measures, row.works = [], []
    list_subjects(unit, row, ())
    return way_out.discarded(unit, actor, row, "campaign.discard")


def submit(unit: Unit, actor: Actor, id: str) -> CampaignRecord:
    """送审: the plan waits for whoever signs. Raises: Refusal NOT_FOUND, FORBIDDEN, OUT_OF_TURN."""
    actor.require(UseCase.EDIT_SUPERVISION)
    row = stepped(unit, actor, id, Act.SUBMIT)
    notifications.tell_signers(unit, UseCase.SIGN_OFF_SUPERVISION, id, f"监督方案待审签：{row.title}", by=actor)
    return changed(unit, actor, row, "campaign.submit")


def send_back(unit: Unit, actor: Actor, id: str, why: str) -> CampaignRecord:
    """退回: the office has the plan again, with the reason.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON.
    """
    actor.require(UseCase.SIGN_OFF_SUPERVISION)
    row = stepped(unit, actor, id, Act.SEND_BACK, wording.reason(why))
    signing.sent_back(row, why)
    title, to = f"监督方案已退回：{row.title}", [row.drafted_by]
    notifications.tell(unit, to, NotificationKind.SENT_BACK, id, title, row.returned_because or "", by=actor)
    return changed(unit, actor, row, "campaign.send_back")


def sign_off(unit: Unit, actor: Actor, id: str, *, unclassified: bool) -> CampaignRecord:
    """签发: the plan stands, and leaves to whom it is shared with. The signer confirms 已经保密审查，不涉密.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN; SECRECY_UNCONFIRMED, OWN_DRAFT.
    """
    actor.require(UseCase.SIGN_OFF_SUPERVISION)
    row = stepped(unit, actor, id, Act.SIGN_OFF)
    signing.signed(unit, row, actor, UseCase.SIGN_OFF_SUPERVISION, unclassified=unclassified)
    return changed(unit, actor, row, "campaign.sign_off")


def begin(unit: Unit, actor: Actor, id: str, day: dt.date | None = None) -> CampaignRecord:
    """启动: the campaign runs from that day on; from today, if none is named.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN; NOT_SIGNED_OFF, its plan is not signed; BAD_TIME, that day is to
            come.
    """
    actor.require(UseCase.EDIT_SUPERVISION)
    row = stepped(unit, actor, id, Act.BEGIN)
    row.begun_on = _not_ahead(unit, day)
    return changed(unit, actor, row, "campaign.begin")


def write_report(unit: Unit, actor: Actor, id: str, text: str) -> CampaignRecord:
    """The report is written; it is told to nobody before the campaign is closed.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.EDIT_SUPERVISION)
    row = stepped(unit, actor, id, Act.WRITE_REPORT)
    row.drafted_report, row.drafted_by = wording.text("report", text, 20_000), actor.sub
    return changed(unit, actor, row, "campaign.write_report")


def close(unit: Unit, actor: Actor, id: str, *, unclassified: bool) -> CampaignRecord:
    """办结: whoever signs has seen the report, which is told from now on with the figures.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REPORT, UNSETTLED_FINDINGS, UNSETTLED_APPRAISALS;
            SECRECY_UNCONFIRMED, OWN_DRAFT.
    """
    actor.require(UseCase.SIGN_OFF_SUPERVISION)
    row = stepped(unit, actor, id, Act.CLOSE)
    rules.settled(row.drafted_report, row.counts(), row.open_appraisals)
    signing.signed(unit, row, actor, UseCase.SIGN_OFF_SUPERVISION, unclassified=unclassified)
    row.report, row.closed_on = row.drafted_report, day_of(unit.now)
    return changed(unit, actor, row, "campaign.close")


def cancel(unit: Unit, actor: Actor, id: str, why: str) -> CampaignRecord:
    """取消: it is not carried out, or not to its end; everybody it was shared with is told so at once, with the reason;
    it is reviewed after.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON; NOT_SIGNED_OFF, a plan that nobody signed is
            discarded instead; UNSETTLED_FINDINGS, somebody still has to put something right, or the office to say why
            not; UNSETTLED_APPRAISALS, ballots are being given in it.
    """
    actor.require(UseCase.EDIT_SUPERVISION)
    row = stepped(unit, actor, id, Act.CANCEL, wording.reason(why))
    rules.nothing_open(row.counts(), row.open_appraisals)
    row.cancelled_because = wording.reason(why)
    reviews.left_at_once(unit, actor, id, AtOnce.CAMPAIGN_CANCEL)
    return changed(unit, actor, row, "campaign.cancel")


def share(unit: Unit, actor: Actor, directory: Directory, id: str, shares: list[Share]) -> CampaignRecord:
    """The campaign is shared with exactly these, once it is signed; from everybody else it is retracted.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM, BAD_VALUE; NOT_SIGNED_OFF, a signed record
            is widened only by who may sign.
    """
    actor.require(UseCase.EDIT_SUPERVISION)
    row = queries.locked(unit.session, id)
    stored = choices.check(shares, directory, unit.committee)
    shared_with_more(
        row.approval, row.shares, stored, signs=signing.may_widen(actor, UseCase.SIGN_OFF_SUPERVISION, row.drafted_by)
    )
    row.shares = stored
    return changed(unit, actor, row, "campaign.share")


# ── what the room above builds on ──


def running(unit: Unit, id: str) -> CampaignRow:
    """A campaign of ours that runs, locked: something is hung on it. Raises: Refusal NOT_FOUND, OUT_OF_TURN."""
    row = queries.locked(unit.session, id)
    STATES.after(Act.FIND, row.state)
    return row


def count_appraisals(unit: Unit, id: str, still_open: int) -> None:
    """As many appraisals in it are neither final nor cancelled. Called by their room, in its transaction."""
    queries.locked(unit.session, id).open_appraisals = still_open


def count_items(unit: Unit, id: str, counts: Counts) -> None:
    """The list of a campaign comes to this; told where what others see of it changed. Called by the room of the items,
    in its transaction.
    """
    row = queries.locked(unit.session, id)
    if enter(row, counts):
        way_out.revised(unit, row, channels_of(row))


def _not_ahead(unit: Unit, day: dt.date | None) -> dt.date:
    today = day_of(unit.now)
    if day is not None and day > today:
        raise Refusal(Code.BAD_TIME, why=Said("尚未到这一天", "that day is to come"))
    return day or today


project = copies_shown.projection(SeenCampaignRow)
"""What others tell us of theirs is kept as a copy."""
