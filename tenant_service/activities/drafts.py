"""The forms of an activity: its fields, what they say, and what they are filled with."""

from sync.contract.shapes.activities import ActivityFormat, ActivityKind, ActivityPart
from tenant_service.activities.models import ActivityRow
from tenant_service.activities.service import Draft, Report
from tenant_service.web.forms import Form, wall_clock

FIELDS = (
    "title", "kind", "format", "startsAt", "endsAt", "place", "venueId", "organizer", "hostIds", "mechanismId",
    "series", "issueNo", "capacity", "signUpUntil", "contactName", "contactPhone",
    "parentId", "part", "recurrence",
)  # fmt: skip
REPORT_FIELDS = ("headcount", "membersPresent", "leaderPresent", "suggestions", "report")
CHANGE_FIELDS = ("note", "startsAt", "endsAt", "place")
COMPLETED_FIELDS = ("contactName", "contactPhone", "suggestions", "report")


def draft_of(form: Form) -> Draft:
    """Raises: Refusal BAD_VALUE, of the field that cannot be read."""
    return Draft(
        title=form.get("title"), kind=form.needed_kind("kind", ActivityKind),
        starts_at=form.needed_moment("startsAt"), place=form.get("place"), organizer=form.get("organizer"),
        format=form.kind("format", ActivityFormat) or ActivityFormat.ONSITE, ends_at=form.moment("endsAt"),
        venue_id=form.text("venueId"), host_ids=form.all("hostIds"), mechanism_id=form.text("mechanismId"),
        series=form.text("series"), issue_no=form.number("issueNo"), capacity=form.number("capacity"),
        sign_up_until=form.moment("signUpUntil"), contact_name=form.text("contactName"),
        contact_phone=form.text("contactPhone"), parent_id=form.text("parentId"), part=form.kind("part", ActivityPart),
        recurrence=form.text("recurrence"),
    )  # fmt: skip


def report_of(form: Form) -> Report:
    """Raises: Refusal BAD_VALUE, of the field that cannot be read."""
    return Report(
        headcount=form.needed_number("headcount"), leader_present=form.tells("leaderPresent"),
        suggestions=form.lines("suggestions"), text=form.get("report"), members_present=form.number("membersPresent"),
    )  # fmt: skip


def filled(row: ActivityRow, phone: str | None) -> dict[str, str]:
    """The fields of the form as the activity stands now, the contact's phone as it is shown to whoever fills it in;
    hosts are ticked by `hosts_of`.
    """
    return {
        "title": row.title, "kind": row.kind.value, "format": row.format.value, "startsAt": wall_clock(row.starts_at),
        "endsAt": wall_clock(row.ends_at), "place": row.place, "venueId": row.venue_id or "",
        "organizer": row.organizer, "mechanismId": row.mechanism_id or "", "series": row.series or "",
        "issueNo": str(row.issue_no or ""), "capacity": str(row.capacity or ""),
        "signUpUntil": wall_clock(row.sign_up_until), "contactName": row.contact_name or "",
        "contactPhone": phone or "", "parentId": row.parent_id or "", "part": row.part.value if row.part else "",
        "recurrence": row.recurrence or "",
    }  # fmt: skip


def reported(row: ActivityRow) -> dict[str, str]:
    """The report, and why it was backfilled, as they stand now."""
    return {
        "headcount": str(row.headcount or 0), "membersPresent": str(row.members_present or 0),
        "leaderPresent": "yes" if row.leader_present else "", "suggestions": "\n".join(row.suggestions or ()),
        "report": row.report or "", "reason": row.change_note or "",
    }  # fmt: skip


def hosts_of(row: ActivityRow) -> tuple[str, ...]:
    """The other hosts."""
    return tuple(each for each in row.host_ids if each != row.committee_id)


def written(form: Form, fields: tuple[str, ...]) -> dict[str, str]:
    """What was just written, to be shown again."""
    return {name: form.get(name) for name in fields if form.tells(name)}
