"""What people do with activities. One function, one use case, one transaction."""

import datetime as dt
import secrets

from sqlalchemy.orm import Session

from sync.contract.channels import Share
from sync.contract.errors import Code, Refusal
from sync.contract.instants import day_of
from sync.contract.shapes.activities import ActivityRecord, ActivityState
from sync.contract.trust.directory import Directory
from tenant_service import wording
from tenant_service.activities import queries, rules, telling
from tenant_service.activities.descriptions import (
    Completed,
    Draft,
    Report,
    describe,
    enter_completed,
    enter_report,
)
from tenant_service.activities.models import ActivityRow, SeenActivityRow
from tenant_service.activities.rules import Act, Times
from tenant_service.exchange import way_out
from tenant_service.exchange.copies import Seen
from tenant_service.exchange.restoring import recovered
from tenant_service.exchange.sharing import choices
from tenant_service.exchange.sharing import copies_shown as seen
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.signing import acts as signing
from tenant_service.signing import reviews
from tenant_service.signing.rules import AtOnce, shared_with_more
from tenant_service.storage.unit_of_work import Unit
from tenant_service.venues import queries as venues

__all__ = ["Completed", "Draft", "Report"]


def draft(unit: Unit, actor: Actor, directory: Directory, told: Draft, shares: list[Share]) -> ActivityRecord:
    """拟稿: the activity is written down; nobody outside sees it.

    Raises:
        Refusal: FORBIDDEN, BAD_VALUE, BAD_TIME, CLASSIFIED, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM; NOT_FOUND, its venue.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = blank(unit, actor, choices.check(shares, directory, unit.committee))
    describe(unit, directory, row, told)
    unit.session.add(row)
    return changed(unit, actor, row, "activity.draft")


def blank(unit: Unit, by: Actor, shares: list[str]) -> ActivityRow:
    """A new draft of somebody's, of which nothing is described yet; `shares` as they are stored."""
    return ActivityRow(
        id=unit.new_id("activity"), committee_id=unit.committee, state=ActivityState.DRAFT, revision=0,
        **signing.drafted(by),
        shares=shares, desk_secret=secrets.token_hex(16), ordinal=None,
        ordinal_year=None, checked_in=None, leader_present=None, members_present=None, headcount=None,
        suggestions=None, report=None, backfilled=False,
        change_note=None, is_by_member=False, initiated_by=None, papers_open=False, root_id=None,
    )  # fmt: skip


def redraft(
    unit: Unit, actor: Actor, directory: Directory, id: str, told: Draft, shares: list[Share]
) -> ActivityRecord:
    """The draft is as described now. What is signed is not rewritten: it is changed with a note, or cancelled.

    Raises:
        Refusal: NOT_FOUND; OUT_OF_TURN, also for what was backfilled (`redraft_backfill`); and what `draft` refuses.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = stepped(unit, id, Act.REDRAFT)
    row.drafted_by = actor.sub
    row.shares = choices.check(shares, directory, unit.committee)
    describe(unit, directory, row, told)
    return changed(unit, actor, row, "activity.redraft")


def discard(unit: Unit, actor: Actor, id: str) -> ActivityRecord:
    """拟稿作废: what was never signed, so never told to anybody, is not there any more; returns what it was.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN; OUT_OF_TURN, it is signed, or it was held and waits for sign-off.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = stepped(unit, id, Act.DISCARD)
    return way_out.discarded(unit, actor, row, "activity.discard")


def submit(unit: Unit, actor: Actor, id: str) -> ActivityRecord:
    """送审: the draft waits for whoever signs.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = stepped(unit, id, Act.SUBMIT)
    telling.submitted(unit, actor, row)
    return changed(unit, actor, row, "activity.submit")


def send_back(unit: Unit, actor: Actor, id: str, why: str) -> ActivityRecord:
    """退回: the drafter has it again, with the reason.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON.
    """
    actor.require(UseCase.SIGN_OFF_ACTIVITY)
    row = stepped(unit, id, Act.SEND_BACK)
    signing.sent_back(row, why)
    telling.sent_back(unit, actor, row)
    return changed(unit, actor, row, "activity.send_back")


def sign_off(unit: Unit, actor: Actor, id: str, *, unclassified: bool) -> ActivityRecord:
    """签发: the activity is published and leaves to whom it is shared with. The signer confirms 已经保密审查，不涉密.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN; SECRECY_UNCONFIRMED, OWN_DRAFT.
    """
    actor.require(UseCase.SIGN_OFF_ACTIVITY)
    row = queries.locked(unit.session, id)
    signing.signed(unit, row, actor, UseCase.SIGN_OFF_ACTIVITY, unclassified=unclassified)
    _step(unit, row, Act.SIGN_OFF)
    if row.state is ActivityState.CLOSED:  # a session that was backfilled; it is not rewritten from now on
        _number(unit, row)
    telling.signed(unit, actor, row)
    return changed(unit, actor, row, "activity.sign_off")


def change(
    unit: Unit, actor: Actor, id: str, note: str, *, starts_at: dt.datetime | None = None,
    ends_at: dt.datetime | None = None, place: str | None = None,
) -> ActivityRecord:  # fmt: skip
    """The published activity has a new time or place, with the reason; it goes out at once and is reviewed after, and
    everybody on its list is told.

    What was held began when it began: only its place and its end are put right.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON, BAD_TIME, CLASSIFIED.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = stepped(unit, id, Act.CHANGE)
    row.change_note = wording.reason(note)
    was = Times(row.starts_at, row.ends_at, row.sign_up_until)
    row.starts_at, row.ends_at, row.sign_up_until = rules.moved(was, row.state, starts_at, ends_at)
    row.held_on = day_of(row.starts_at)
    if place is not None:
        row.place = wording.text("place", place, 200)
    reviews.left_at_once(unit, actor, id, AtOnce.ACTIVITY_CHANGE, row.change_note)
    telling.moved(unit, actor, row)
    return changed(unit, actor, row, "activity.change")


def cancel(unit: Unit, actor: Actor, id: str, why: str) -> ActivityRecord:
    """取消: the activity will not be held, and everybody it was shared with is told so at once, with the reason; it is
    reviewed after.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = stepped(unit, id, Act.CANCEL)
    row.change_note = wording.reason(why)
    reviews.left_at_once(unit, actor, id, AtOnce.ACTIVITY_CANCEL, row.change_note)
    telling.cancelled(unit, actor, row)
    for part in queries.parts(unit.session, id):
        if part.state in rules.OPEN_STATES:
            _step(unit, part, Act.CANCEL)
            part.change_note = row.change_note
            changed(unit, actor, part, "activity.cancel")
    return changed(unit, actor, row, "activity.cancel")


def share(unit: Unit, actor: Actor, directory: Directory, id: str, shares: list[Share]) -> ActivityRecord:
    """The activity is shared with exactly these, once it is signed; from everybody else it is retracted.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM, BAD_VALUE; NOT_SIGNED_OFF, a signed record
            is widened only by who may sign.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = queries.locked(unit.session, id)
    stored = choices.check(shares, directory, unit.committee)
    signs = signing.may_widen(actor, UseCase.SIGN_OFF_ACTIVITY, row.drafted_by)
    shared_with_more(row.approval, row.shares, stored, signs=signs)
    row.shares = stored
    return changed(unit, actor, row, "activity.share")


def hold(unit: Unit, actor: Actor, id: str) -> ActivityRecord:
    """The activity has taken place; its report may follow later.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN; BAD_TIME, it has not begun.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = stepped(unit, id, Act.HOLD)
    row.members_present = row.checked_in
    return changed(unit, actor, row, "activity.hold")


def enter_closing(unit: Unit, actor: Actor, id: str, report: Report) -> ActivityRecord:
    """The half of 办结 that is the activity's: it has its report, and its ordinal for good. The whole is the attendance
    room's `close`, which settles its list as well. Whoever it is shared with is told at once, and it is reviewed after.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, BAD_TIME, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = stepped(unit, id, Act.CLOSE)
    told_before = row.members_present or 0
    enter_report(row, report)
    if recovered.is_incomplete(unit.session, id):  # the list lacks people
        row.members_present = max(row.members_present or 0, report.members_present or 0, told_before)
    _number(unit, row)
    if row.shares:
        reviews.left_at_once(unit, actor, id, AtOnce.ACTIVITY_CLOSE)
    return changed(unit, actor, row, "activity.close")


def close_parts(unit: Unit, actor: Actor, id: str) -> list[str]:
    """Parts of a meeting that is closed are closed with it, without reports of their own; which they are.

    Raises:
        Refusal: BAD_TIME, one has not begun.
    """
    closed = [part for part in queries.parts(unit.session, id) if part.state in rules.OPEN_STATES]
    for part in closed:
        _step(unit, part, Act.CLOSE)
        part.members_present = part.checked_in or 0
        changed(unit, actor, part, "activity.close")
    return [part.id for part in closed]


def open_papers(unit: Unit, actor: Actor, id: str, *, are_open: bool) -> ActivityRecord:
    """会议材料: whoever is on the list opens what is attached, or does no more; of a meeting also those of its parts.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN; ALREADY_DONE.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = queries.locked(unit.session, id)
    if row.papers_open is are_open:
        raise Refusal(Code.ALREADY_DONE)
    row.papers_open = are_open
    return changed(unit, actor, row, "activity.open_papers")


def complete(unit: Unit, actor: Actor, id: str, told: Completed) -> ActivityRecord:
    """补填: an activity that came back after a restore has again what had been told to nobody.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, BAD_VALUE, CLASSIFIED; OUT_OF_TURN, it did not come back.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = queries.locked(unit.session, id)
    if not recovered.is_incomplete(unit.session, id):
        raise Refusal(Code.OUT_OF_TURN, now=row.state)
    enter_completed(row, told)
    return changed(unit, actor, row, "activity.complete")


def count_present(unit: Unit, id: str, present: int) -> None:
    """出席 by the attendance list: as many members were present. Called by the attendance room, in its transaction.

    While people come in it is known here alone; others are told with the next change, or when the activity was held.
    """
    row = queries.locked(unit.session, id)
    before, row.checked_in = row.checked_in or 0, present
    if recovered.is_incomplete(unit.session, id):  # the list lacks people: it takes off whom it loses, no more
        present = max(present, (row.members_present or 0) - max(before - present, 0))
    if row.state in rules.COUNTED_STATES and row.members_present != present:
        row.members_present = present
        tell(unit, row)
    else:
        unit.changed(id, row.revision)


def stepped(unit: Unit, id: str, act: Act) -> ActivityRow:
    """Our activity, locked, where this act leads it.

    Raises:
        Refusal: NOT_FOUND, OUT_OF_TURN, BAD_TIME.
    """
    row = queries.locked(unit.session, id)
    _step(unit, row, act)
    return row


def _step(unit: Unit, row: ActivityRow, act: Act) -> None:
    row.approval, row.state, _ = rules.after(act, row.standing(), unit.now)


def _number(unit: Unit, row: ActivityRow) -> None:
    """第N次: the session at a venue has its ordinal for good. One venue's sessions get theirs one after the other."""
    if row.venue_id is None or row.parent_id is not None:
        return
    venues.lock(unit.session, row.venue_id)
    unit.session.flush()
    row.ordinal, row.ordinal_year = queries.next_ordinal(unit.session, row), row.held_on.year


def changed(unit: Unit, actor: Actor, row: ActivityRow, act: str) -> ActivityRecord:
    """A new revision, told to whom it is shared with if it may leave, and noted."""
    return way_out.changed(unit, actor, row, act, _channels(row))


def tell(unit: Unit, row: ActivityRow) -> None:
    """A new revision, told to whom it is shared with if it may leave."""
    way_out.revised(unit, row, _channels(row))


def _channels(row: ActivityRow) -> set[str]:
    return choices.channels(row.shares) if rules.may_be_told(row.approval, row.state) else set()


_keep = seen.projection(SeenActivityRow)


def project(session: Session, told: Seen) -> None:
    """What others tell us of theirs is kept as a copy; those of ours who take part hear that it moved, or is off."""
    before = telling.as_known(session, told.id)
    _keep(session, told)
    telling.heard(session, before, told)
