"""What people do with activities. One function, one use case, one transaction."""

import datetime as dt
import secrets
from dataclasses import dataclass

from sync.contract.activities import ActivityFormat, ActivityKind, ActivityRecord, ActivityState
from sync.contract.channels import Share
from sync.contract.directory import Directory
from sync.contract.errors import Code, Refusal
from sync.contract.ids import checked
from tenant_service import wording
from tenant_service.activities import queries, rules
from tenant_service.activities.models import ActivityRow, SeenActivityRow
from tenant_service.activities.rules import Approval
from tenant_service.exchange import choices, seen
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.storage.unit_of_work import Unit

MOST_PEOPLE = 1_000_000
MOST_SUGGESTIONS = 500


@dataclass(frozen=True)
class Draft:
    """An activity as a clerk describes it. Moments are aware; `host_ids` are the other hosts."""

    title: str
    kind: ActivityKind
    starts_at: dt.datetime
    place: str
    organizer: str = ""
    format: ActivityFormat = ActivityFormat.ONSITE
    ends_at: dt.datetime | None = None
    venue_id: str | None = None
    host_ids: tuple[str, ...] = ()
    mechanism_id: str | None = None
    series: str | None = None
    issue_no: int | None = None
    capacity: int | None = None
    sign_up_until: dt.datetime | None = None
    contact_name: str | None = None
    contact_phone: str | None = None


@dataclass(frozen=True)
class Report:
    """办结情况: what came of an activity. `members_present` counts only where nobody was checked in by name."""

    headcount: int
    leader_present: bool
    suggestions: tuple[str, ...] = ()
    text: str = ""
    members_present: int | None = None


def draft(unit: Unit, actor: Actor, directory: Directory, told: Draft, shares: list[Share]) -> ActivityRecord:
    """拟稿: the activity is written down; nobody outside sees it.

    Raises:
        Refusal: FORBIDDEN, BAD_VALUE, BAD_TIME, CLASSIFIED, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = ActivityRow(
        id=unit.new_id("activity"), committee_id=unit.committee, state=ActivityState.DRAFT, revision=0,
        approval=Approval.DRAFTING, drafted_by=actor.sub, signed_by=None, signed_at=None, returned_because=None,
        shares=choices.check(shares, directory, unit.committee), desk_secret=secrets.token_hex(16), ordinal=None,
        leader_present=None, members_present=None, headcount=None, suggestions=None, report=None, backfilled=False,
        change_note=None,
    )  # fmt: skip
    _describe(unit, directory, row, told)
    unit.session.add(row)
    return _changed(unit, actor, row, "activity.draft")


def redraft(
    unit: Unit, actor: Actor, directory: Directory, id: str, told: Draft, shares: list[Share]
) -> ActivityRecord:
    """The draft is as described now. What is signed is not rewritten: it is changed with a note, or cancelled.

    Raises:
        Refusal: NOT_FOUND, OUT_OF_TURN, and what `draft` refuses.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = queries.own(unit.session, id)
    if row.approval not in (Approval.DRAFTING, Approval.RETURNED):
        raise Refusal(Code.OUT_OF_TURN, now=row.approval.label)
    row.shares = choices.check(shares, directory, unit.committee)
    _describe(unit, directory, row, told)
    return _changed(unit, actor, row, "activity.redraft")


def submit(unit: Unit, actor: Actor, id: str) -> ActivityRecord:
    """送审: the draft waits for whoever signs.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = queries.own(unit.session, id)
    row.approval = rules.approve(row.approval, Approval.IN_REVIEW)
    return _changed(unit, actor, row, "activity.submit")


def send_back(unit: Unit, actor: Actor, id: str, reason: str) -> ActivityRecord:
    """退回: the drafter has it again, with the reason.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON.
    """
    actor.require(UseCase.SIGN_OFF_ACTIVITY)
    row = queries.own(unit.session, id)
    row.approval = rules.approve(row.approval, Approval.RETURNED)
    row.returned_because = _reason(reason)
    return _changed(unit, actor, row, "activity.send_back")


def sign_off(unit: Unit, actor: Actor, id: str, *, unclassified: bool) -> ActivityRecord:
    """签发: the activity is published and leaves to whom it is shared with. The signer confirms 已经保密审查，不涉密.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN; NOT_SIGNED_OFF, the confirmation is missing.
    """
    actor.require(UseCase.SIGN_OFF_ACTIVITY)
    row = queries.own(unit.session, id)
    if not unclassified:
        raise Refusal(Code.NOT_SIGNED_OFF)
    row.approval = rules.approve(row.approval, Approval.SIGNED)
    row.signed_by, row.signed_at, row.returned_because = actor.sub, unit.now, None
    if row.state is ActivityState.DRAFT:
        row.state = rules.step(row.state, ActivityState.PUBLISHED)
    return _changed(unit, actor, row, "activity.sign_off")


def change(
    unit: Unit, actor: Actor, id: str, note: str, *, starts_at: dt.datetime | None = None,
    ends_at: dt.datetime | None = None, place: str | None = None,
) -> ActivityRecord:  # fmt: skip
    """The published activity has a new time or place, with the reason; it goes out at once and is reviewed after.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON, BAD_TIME, CLASSIFIED.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = _open(unit, id)
    row.change_note = _reason(note)
    if starts_at is not None:
        length = row.ends_at - row.starts_at if row.ends_at else None
        row.ends_at = ends_at or (starts_at + length if length else None)
        row.starts_at, row.held_on = starts_at, rules.day_of(starts_at)
        row.sign_up_until = min(row.sign_up_until, starts_at) if row.sign_up_until else None
    elif ends_at is not None:
        row.ends_at = ends_at
    if place is not None:
        row.place = wording.text("place", place, 200)
    rules.times(row.starts_at, row.ends_at, row.sign_up_until)
    return _changed(unit, actor, row, "activity.change")


def cancel(unit: Unit, actor: Actor, id: str, reason: str) -> ActivityRecord:
    """取消: the activity will not be held, and everybody it was shared with is told so, with the reason.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = _open(unit, id)
    row.state, row.change_note = rules.step(row.state, ActivityState.CANCELLED), _reason(reason)
    return _changed(unit, actor, row, "activity.cancel")


def share(unit: Unit, actor: Actor, directory: Directory, id: str, shares: list[Share]) -> ActivityRecord:
    """The activity is shared with exactly these, once it is signed; from everybody else it is retracted.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM, BAD_VALUE; NOT_SIGNED_OFF, a signed record
            is widened only by who may sign.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = queries.own(unit.session, id)
    stored = choices.check(shares, directory, unit.committee)
    if (
        row.approval is Approval.SIGNED
        and not set(stored) <= set(row.shares)
        and not actor.may(UseCase.SIGN_OFF_ACTIVITY)
    ):
        raise Refusal(Code.NOT_SIGNED_OFF)
    row.shares = stored
    return _changed(unit, actor, row, "activity.share")


def hold(unit: Unit, actor: Actor, id: str) -> ActivityRecord:
    """The activity has taken place; its report may follow later.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN; BAD_TIME, it has not begun.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = queries.own(unit.session, id)
    row.state = rules.step(row.state, ActivityState.HELD)
    if row.starts_at > unit.now:
        raise Refusal(Code.BAD_TIME, why="尚未开始 / it has not begun")
    return _changed(unit, actor, row, "activity.hold")


def close(unit: Unit, actor: Actor, id: str, report: Report) -> ActivityRecord:
    """办结: the activity has its report, and its ordinal for good.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, BAD_TIME, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = _open(unit, id)
    if row.starts_at > unit.now:
        raise Refusal(Code.BAD_TIME, why="尚未开始 / it has not begun")
    _report(unit, row, report)
    return _changed(unit, actor, row, "activity.close")


def backfill(
    unit: Unit, actor: Actor, directory: Directory, told: Draft, report: Report, reason: str, shares: list[Share]
) -> ActivityRecord:
    """补录: a session entered after it was held stands closed on the day it was held, marked, and waits for sign-off.

    Raises:
        Refusal: NEEDS_REASON, BAD_TIME, and what `draft` and `close` refuse.
    """
    made = draft(unit, actor, directory, told, shares)
    row = queries.own(unit.session, made.id)
    if row.starts_at > unit.now:
        raise Refusal(Code.BAD_TIME, why="尚未开始，不能补录 / it has not begun")
    row.backfilled, row.change_note, row.approval = True, _reason(reason), Approval.IN_REVIEW
    _report(unit, row, report)
    return _changed(unit, actor, row, "activity.backfill")


def count_present(unit: Unit, id: str, present: int) -> None:
    """出席 by the attendance list: as many members were present. Called by the attendance room, in its transaction."""
    row = queries.own(unit.session, id)
    if row.members_present != present:
        row.members_present = present
        _told(unit, row)


def _open(unit: Unit, id: str) -> ActivityRow:
    """Our published or held activity, to be changed.

    Raises:
        Refusal: NOT_FOUND, OUT_OF_TURN.
    """
    row = queries.own(unit.session, id)
    if row.state not in rules.OPEN_STATES:
        raise Refusal(Code.OUT_OF_TURN, now=row.state.label)
    return row


def _describe(unit: Unit, directory: Directory, row: ActivityRow, told: Draft) -> None:
    rules.times(told.starts_at, told.ends_at, told.sign_up_until)
    row.title = wording.text("title", told.title, 120)
    row.kind, row.format = told.kind, told.format
    row.starts_at, row.ends_at, row.sign_up_until = told.starts_at, told.ends_at, told.sign_up_until
    row.held_on = rules.day_of(told.starts_at)
    row.place = wording.text("place", told.place, 200)
    row.organizer = wording.text("organizer", told.organizer, 80, needed=False)
    row.series = wording.optional("series", told.series, 60)
    row.contact_name = wording.optional("contactName", told.contact_name, 40)
    row.contact_phone = wording.optional("contactPhone", told.contact_phone, 40)
    row.venue_id = checked(told.venue_id) if told.venue_id else None
    for field, number, most in (("issueNo", told.issue_no, 10_000), ("capacity", told.capacity, MOST_PEOPLE)):
        if number is not None and not 0 < number <= most:
            raise Refusal(Code.BAD_VALUE, field=field, why=f"1–{most}")
    row.issue_no, row.capacity = told.issue_no, told.capacity
    others = [directory.get(each).id for each in told.host_ids if each != unit.committee]
    row.host_ids = [unit.committee, *dict.fromkeys(others)]
    if told.mechanism_id and unit.committee not in _party(directory, told.mechanism_id):
        raise Refusal(Code.UNKNOWN_MECHANISM)
    row.mechanism_id = told.mechanism_id


def _party(directory: Directory, mechanism: str) -> list[str]:
    found = directory.mechanisms.get(mechanism)
    return found.members if found else []


def _report(unit: Unit, row: ActivityRow, report: Report) -> None:
    row.state = rules.step(row.state, ActivityState.CLOSED)
    for field, number in (("headcount", report.headcount), ("membersPresent", report.members_present or 0)):
        if not 0 <= number <= MOST_PEOPLE:
            raise Refusal(Code.BAD_VALUE, field=field, why=f"0–{MOST_PEOPLE}")
    if len(report.suggestions) > MOST_SUGGESTIONS:
        raise Refusal(Code.BAD_VALUE, field="suggestions", why=f"≤ {MOST_SUGGESTIONS}")
    row.headcount, row.leader_present = report.headcount, report.leader_present
    row.suggestions = [wording.text("suggestions", each, 500) for each in report.suggestions]
    row.suggestion_count = len(row.suggestions)
    row.report = wording.text("report", report.text, 20_000, needed=False)
    if row.members_present is None:  # nobody was checked in by name
        row.members_present = report.members_present or 0
    unit.session.flush()
    row.ordinal = queries.next_ordinal(unit.session, row) if row.venue_id else None


def _reason(text: str) -> str:
    if not text.strip():
        raise Refusal(Code.NEEDS_REASON)
    return wording.text("reason", text, 500)


def _changed(unit: Unit, actor: Actor, row: ActivityRow, act: str) -> ActivityRecord:
    """The one way out: a new revision, told to whom it is shared with if it may leave, and noted."""
    _told(unit, row)
    audit.note(unit, actor, act, row.id)
    return row.record()


def _told(unit: Unit, row: ActivityRow) -> None:
    row.revision += 1
    row.changed_at = unit.now
    unit.session.flush()
    channels = choices.channels(row.shares) if rules.may_be_told(row.approval, row.state) else set()
    unit.publish(row.record(), row.revision, channels)


project = seen.projection(SeenActivityRow)
"""What others tell us of theirs is kept as a copy."""
