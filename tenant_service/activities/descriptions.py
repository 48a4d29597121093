"""How an activity is described by a clerk, and what came of it; and how a row takes either."""

import datetime as dt
from dataclasses import dataclass

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import checked, kind_of, owner_of
from sync.contract.instants import day_of
from sync.contract.shapes.activities import ActivityFormat, ActivityKind, ActivityPart, ActivityState
from sync.contract.trust.directory import Directory
from tenant_service import wording
from tenant_service.activities import queries, rules
from tenant_service.activities.models import ActivityRow
from tenant_service.identity import masks
from tenant_service.storage.unit_of_work import Unit
from tenant_service.venues import queries as venues

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
    parent_id: str | None = None
    part: ActivityPart | None = None
    recurrence: str | None = None


@dataclass(frozen=True)
class Report:
    """办结情况: what came of an activity. `members_present` counts only where nobody was checked in by name."""

    headcount: int
    leader_present: bool
    suggestions: tuple[str, ...] = ()
    text: str = ""
    members_present: int | None = None


@dataclass(frozen=True)
class Completed:
    """补填: what a restored backup had forgotten and nobody was ever told. The report: only where it is missing."""

    contact_name: str | None = None
    contact_phone: str | None = None
    suggestions: tuple[str, ...] = ()
    report: str = ""


def describe(unit: Unit, directory: Directory, row: ActivityRow, told: Draft) -> None:
    """The row is as `told`.

    Raises:
        Refusal: BAD_TIME, BAD_VALUE, CLASSIFIED, BAD_ID, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM; NOT_FOUND, there is no
            such venue of ours.
    """
    rules.times(told.starts_at, told.ends_at, told.sign_up_until)
    row.title = wording.text("title", told.title, 120)
    row.kind, row.format = told.kind, told.format
    row.starts_at, row.ends_at, row.sign_up_until = told.starts_at, told.ends_at, told.sign_up_until
    row.held_on = day_of(told.starts_at)
    row.place = wording.text("place", told.place, 200)
    row.organizer = wording.text("organizer", told.organizer, 80, needed=False)
    row.series = wording.optional("series", told.series, 60)
    row.contact_name = wording.optional("contactName", told.contact_name, 40)
    row.contact_phone = wording.optional(
        "contactPhone", masks.unmasked("contactPhone", told.contact_phone, row.contact_phone), 40
    )
    row.venue_id = _venue(unit, told.venue_id) if told.venue_id else None
    for field, number, most in (("issueNo", told.issue_no, 10_000), ("capacity", told.capacity, MOST_PEOPLE)):
        if number is not None and not 0 < number <= most:
            raise Refusal(Code.BAD_VALUE, field=field, why=f"1–{most}")
    row.issue_no, row.capacity = told.issue_no, told.capacity
    others = [directory.get(each).id for each in told.host_ids if each != unit.committee]
    row.host_ids = [unit.committee, *dict.fromkeys(others)]
    if told.mechanism_id and unit.committee not in _party(directory, told.mechanism_id):
        raise Refusal(Code.UNKNOWN_MECHANISM)
    row.mechanism_id = told.mechanism_id
    row.recurrence = rules.recurrence(told.recurrence) if told.recurrence else None
    row.root_id = row.root_id or (row.id if row.recurrence else None)
    row.parent_id, row.part = _parent(unit, row, told), told.part if told.parent_id else None


def _parent(unit: Unit, row: ActivityRow, told: Draft) -> str | None:
    """The meeting of which it is a part: one of ours that is not over and no part itself."""
    if not told.parent_id:
        return None
    parent = queries.ours(unit.session, checked(told.parent_id))
    over = parent.state in (ActivityState.CANCELLED, ActivityState.CLOSED)
    if over or parent.parent_id or parent.id == row.id or queries.parts(unit.session, row.id):
        raise Refusal(Code.BAD_VALUE, field="parentId", why=Said("不能在其下设环节", "it takes no parts"))
    rules.within(told.starts_at, day_of(parent.starts_at), day_of(parent.ends_at or parent.starts_at))
    return parent.id


def enter_report(row: ActivityRow, report: Report) -> None:
    """The row has this report; who was checked in by name counts, whatever the report says.

    Raises:
        Refusal: BAD_VALUE, CLASSIFIED.
    """
    for field, number in (("headcount", report.headcount), ("membersPresent", report.members_present or 0)):
        if not 0 <= number <= MOST_PEOPLE:
            raise Refusal(Code.BAD_VALUE, field=field, why=f"0–{MOST_PEOPLE}")
    row.headcount, row.leader_present = report.headcount, report.leader_present
    _enter_outcome(row, report.suggestions, report.text)
    row.members_present = report.members_present or 0 if row.checked_in is None else row.checked_in


def enter_completed(row: ActivityRow, told: Completed) -> None:
    """Raises: Refusal BAD_VALUE, CLASSIFIED."""
    row.contact_name = wording.optional("contactName", told.contact_name, 40)
    row.contact_phone = wording.optional(
        "contactPhone", masks.unmasked("contactPhone", told.contact_phone, row.contact_phone), 40
    )
    if rules.lacks_report(row.state, row.suggestions):
        _enter_outcome(row, told.suggestions, told.report)


def _enter_outcome(row: ActivityRow, suggestions: tuple[str, ...], text: str) -> None:
    if len(suggestions) > MOST_SUGGESTIONS:
        raise Refusal(Code.BAD_VALUE, field="suggestions", why=f"≤ {MOST_SUGGESTIONS}")
    row.suggestions = [wording.text("suggestions", each, 500) for each in suggestions]
    row.suggestion_count = len(row.suggestions)
    row.report = wording.text("report", text, 20_000, needed=False)


def _venue(unit: Unit, id: str) -> str:
    """A venue of ours that there is, or one of another committee by its id."""
    if kind_of(checked(id)) != "venue":
        raise Refusal(Code.BAD_VALUE, field="venueId", why=Said("不是阵地", "not a venue"))
    if owner_of(id) == unit.committee:
        venues.ours(unit.session, id)
    return id


def _party(directory: Directory, mechanism: str) -> list[str]:
    found = directory.mechanisms.get(mechanism)
    return found.members if found else []
