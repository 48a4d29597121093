"""Pages of the activities: the list, one activity with what may be done to it now, and its forms."""

import datetime as dt
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from sync.contract.ids import owner_of
from sync.contract.shapes.activities import (
    ActivityFormat,
    ActivityKind,
    ActivityOrder,
    ActivityPart,
    ActivityRecord,
    ActivityState,
)
from sync.contract.shapes.venues import VenueOrder, VenueState
from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.activities import acts, listing, queries, rules, starting_service
from tenant_service.activities.drafts import (
    CHANGE_FIELDS,
    COMPLETED_FIELDS,
    FIELDS,
    REPORT_FIELDS,
    filled,
    hosts_of,
    reported,
    written,
)
from tenant_service.activities.models import ActivityRow
from tenant_service.activities.panels import panels, starts, todos
from tenant_service.exchange.restoring import recovered
from tenant_service.identity.policy import UseCase
from tenant_service.members import contacts
from tenant_service.signing import acts as signing
from tenant_service.signing.rules import Approval
from tenant_service.venues import queries as venues
from tenant_service.web import sharing
from tenant_service.web.exporting import whole
from tenant_service.web.forms import wall_clock
from tenant_service.web.site import RoomPages, Site, View, Visit

SHOWN = 20
_ONE = "/activities/{id}"


def routes(site: Site) -> list[Route]:
    def get(path: str, show: object) -> Route:
        return Route(path, site.shows(show), methods=["GET"])  # type: ignore[arg-type]

    def post(path: str, act: object, again: object = None) -> Route:
        return Route(path, site.acts(act, again), methods=["POST"])  # type: ignore[arg-type]

    return [
        get("/activities", listed),
        get("/activities.{suffix:str}", exported),
        get("/activities/new", form),
        post("/activities/new", acts.draft, form),
        get("/activities/backfill", backfill_form),
        post("/activities/backfill", acts.backfill, backfill_form),
        get("/activities/start", start_form),
        post("/activities/start", acts.start, start_form),
        get(_ONE, one),
        post(f"{_ONE}/repeat", acts.repeat, one),
        post(f"{_ONE}/papers", acts.open_papers, one),
        post(f"{_ONE}/discard", acts.discard, one),
        get(f"{_ONE}/redraft", form),
        post(f"{_ONE}/redraft", acts.redraft, form),
        get(f"{_ONE}/redraft-backfill", backfill_form),
        post(f"{_ONE}/redraft-backfill", acts.redraft_backfill, backfill_form),
        post(f"{_ONE}/submit", acts.submit, one),
        post(f"{_ONE}/send-back", acts.send_back, one),
        post(f"{_ONE}/sign-off", acts.sign_off, one),
        get(f"{_ONE}/change", change_form),
        post(f"{_ONE}/change", acts.change, change_form),
        get(f"{_ONE}/cancel", cancel_form),
        post(f"{_ONE}/cancel", acts.cancel, cancel_form),
        get(f"{_ONE}/share", share_form),
        post(f"{_ONE}/share", acts.share, share_form),
        post(f"{_ONE}/hold", acts.hold, one),
        get(f"{_ONE}/complete", complete_form),
        post(f"{_ONE}/complete", acts.complete, complete_form),
    ]


# ── reading ──


def listed(visit: Visit) -> View:
    found = listing.page(visit, SHOWN, visit.asked("after") or None)
    return View("activities.html", {
        "activities": found.rows, "total": found.count(), "owners": _names(visit, found.rows), "looks": listing.LOOKS,
        "more": found.more,
        "may_draft": visit.may(UseCase.DRAFT_ACTIVITY), "is_home": visit.actor.is_inside,
        "sees_work": visit.actor.sees_work, "kinds": list(ActivityKind), "states": list(ActivityState),
        "approvals": list(Approval), "orders": list(ActivityOrder),
        "found_again": recovered.unchecked_among(visit.unit.session, [row.id for row in found.rows])
        if visit.actor.sees_work else (),
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The list as it is filtered, as a file."""
    rows = whole(lambda first, after: listing.page(visit, first, after))
    return listing.table(visit, rows).file("activities", visit.request.path_params["suffix"])


def one(visit: Visit) -> View:
    """One activity; for our office with its 审签, whom it is shared with and what may be done now."""
    session, actor = visit.unit.session, visit.actor
    told = queries.one(session, actor, visit.id)
    if told is None:
        raise Refusal(Code.NOT_FOUND)
    row = queries.at_work(session, actor, visit.id)
    mechanism = visit.directory.mechanisms.get(told.mechanism_id or "")
    return View("activity.html", {
        "it": told, "row": row, "may": _may(visit, row), "looks": listing.LOOKS,
        "fields": ("reason", "unclassified", "until"), **_meeting(visit, told, row),
        "hosts": [_name(visit, each) for each in told.host_ids], "mechanism": mechanism.name if mechanism else None,
        "owner": _name(visit, owner_of(told.id)) if owner_of(told.id) != actor.committee else None,
        "venue": venues.one(session, actor, told.venue_id) if told.venue_id else None,
        "sharing": sharing.sharing(visit.directory, actor.committee, row.shares) if row else None,
        "panels": visit.beside("activity", told.id), "phone": _phone(visit, row) if row else None,
        "may_reveal": visit.may(UseCase.REVEAL_CONTACTS),
    })  # fmt: skip


def _meeting(visit: Visit, told: ActivityRecord, row: ActivityRow | None) -> dict[str, object]:
    """The meeting that it is a part of, or its own parts with their half-days, and when it is held again."""
    session, actor = visit.unit.session, visit.actor
    parent = queries.one(session, actor, told.parent_id) if told.parent_id else None
    parts = [] if told.parent_id else queries.parts_shown(session, actor, told.id)
    takes = row is not None and told.parent_id is None and visit.may(UseCase.DRAFT_ACTIVITY)
    is_open = told.state not in (ActivityState.CLOSED, ActivityState.CANCELLED)
    return {
        "parent": parent, "parts": [(each, rules.half_day(each.starts_at)) for each in parts],
        "takes_parts": takes and is_open, "recurs": _said(visit, told.recurrence),
    }  # fmt: skip


def _said(visit: Visit, rule: str | None) -> str | None:
    """An RRULE as people say it."""
    return next((text for code, text in _recurrences(visit) if code == rule), rule) if rule else None


def _recurrences(visit: Visit) -> list[tuple[str, str]]:
    """What recurs is chosen from: each day of a month, each of a week."""
    months = [(f"FREQ=MONTHLY;BYMONTHDAY={n}", visit.say(say("每月%(n)s日")) % {"n": n}) for n in range(1, 32)]
    names = (
        say("每周一"), say("每周二"), say("每周三"), say("每周四"), say("每周五"), say("每周六"), say("每周日"),
    )  # fmt: skip
    monday = dt.date(2026, 1, 5)
    weeks = [(rules.weekly(monday + dt.timedelta(days=n)), visit.say(name)) for n, name in enumerate(names)]
    return [*months, *weeks]


def _may(visit: Visit, row: ActivityRow | None) -> frozenset[str]:
    """What the visitor may do now; the service decides anew when it is done."""
    if row is None:
        return frozenset()
    found: set[str] = set()
    possible = rules.possible(row.standing(), visit.unit.now)
    if visit.may(UseCase.DRAFT_ACTIVITY):
        found |= {"share", *(possible - rules.OF_THE_SIGNER)}
        found |= {"complete"} if recovered.is_incomplete(visit.unit.session, row.id) else set()
    if visit.may(UseCase.SIGN_OFF_ACTIVITY):
        found |= possible & rules.OF_THE_SIGNER
    if not signing.may_sign(visit.actor, UseCase.SIGN_OFF_ACTIVITY, row.drafted_by):
        found -= {rules.Act.SIGN_OFF}
    return frozenset(found)


# ── forms ──


def form(visit: Visit) -> View:
    """The form of a new draft, or of one that is described anew."""
    visit.actor.require(UseCase.DRAFT_ACTIVITY)
    id = visit.request.path_params.get("id")
    row = queries.ours(visit.unit.session, id) if id else None
    return View("activity_form.html", {"row": row, "is_backfill": False, "fields": FIELDS, **_form(visit, row)})


def start_form(visit: Visit) -> View:
    """发起云会议: the member's own form, shorter than the office's."""
    visit.actor.require(UseCase.START_MEETING)
    online = [each for each in ActivityFormat if each is not ActivityFormat.ONSITE]
    return View("activity_start.html", {
        "values": written(visit.form, FIELDS), "fields": FIELDS, "kinds": list(starting_service.STARTED),
        "formats": online, "key": visit.key,
    })  # fmt: skip


def backfill_form(visit: Visit) -> View:
    """补录: the same form with the report and the reason; of a new session, or of one that was sent back."""
    visit.actor.require(UseCase.DRAFT_ACTIVITY)
    fields = (*FIELDS, *REPORT_FIELDS, "reason")
    id = visit.request.path_params.get("id")
    row = queries.ours(visit.unit.session, id) if id else None
    values = written(visit.form, fields) or (filled(row, _phone(visit, row)) | reported(row) if row else {})
    told = _form(visit, row) | {"values": values}
    return View("activity_form.html", {"row": row, "is_backfill": True, "fields": fields, **told})


def change_form(visit: Visit) -> View:
    row = _at_work(visit)
    values = written(visit.form, CHANGE_FIELDS) or {
        "startsAt": wall_clock(row.starts_at), "endsAt": wall_clock(row.ends_at), "place": row.place
    }  # fmt: skip
    may_move = row.state is ActivityState.PUBLISHED
    return View("activity_change.html", {"row": row, "values": values, "fields": CHANGE_FIELDS, "may_move": may_move})


def cancel_form(visit: Visit) -> View:
    fields = ("reason",)
    return View(
        "activity_cancel.html", {"row": _at_work(visit), "values": written(visit.form, fields), "fields": fields}
    )


def complete_form(visit: Visit) -> View:
    """补填: what was never told of an activity that came back after a restore."""
    row = _at_work(visit)
    values = written(visit.form, COMPLETED_FIELDS) or {
        "contactName": row.contact_name or "", "contactPhone": _phone(visit, row) or ""
    }  # fmt: skip
    return View("activity_complete.html", {
        "row": row, "values": values, "fields": COMPLETED_FIELDS,
        "lacks_report": rules.lacks_report(row.state, row.suggestions),
    })  # fmt: skip


def share_form(visit: Visit) -> View:
    row = _at_work(visit)
    return sharing.form(visit, f"/activities/{row.id}", row.title, row.shares)


def _phone(visit: Visit, row: ActivityRow) -> str | None:
    """The contact's, as it is shown to the visitor."""
    return contacts.phone(visit.unit, visit.actor, row.contact_phone)


def _at_work(visit: Visit) -> ActivityRow:
    """Raises: Refusal FORBIDDEN, NOT_FOUND."""
    visit.actor.require(UseCase.DRAFT_ACTIVITY)
    return queries.ours(visit.unit.session, visit.id)


def _form(visit: Visit, row: ActivityRow | None) -> dict[str, object]:
    """What the form shows: as just written, else as the draft stands, else empty."""
    values = written(visit.form, FIELDS) or (filled(row, _phone(visit, row)) if row else {})
    of = values.get("parentId") or visit.asked("parent")
    parent = queries.ours(visit.unit.session, of) if of else None
    if parent is not None and not values:
        values = {"parentId": parent.id, "kind": parent.kind.value, "place": parent.place, "title": parent.title}
    hosts = visit.form.all("hostIds") or (hosts_of(row) if row else ())
    chosen = visit.form.all(sharing.FIELD) or (row.shares if row else ())
    partners = [(each, _name(visit, each)) for each in visit.directory.neighbours(visit.actor.committee)]
    mechanisms = [
        (id, each.name) for id, each in visit.directory.mechanisms.items() if visit.actor.committee in each.members
    ]
    wanted = venues.Wanted(states=(VenueState.OPEN,))
    rooms = venues.listed(visit.unit.session, visit.actor, wanted, VenueOrder.SORT_KEY_ASC, 200, None).rows
    return {
        "values": values, "hosts": hosts, "partners": partners, "mechanisms": mechanisms,
        "venues": [(each.id, each.name) for each in rooms], "kinds": list(ActivityKind),
        "formats": list(ActivityFormat), "key": visit.key,
        "sharing": sharing.sharing(visit.directory, visit.actor.committee, chosen),
        "parent": parent, "parts": list(ActivityPart), "recurrences": _recurrences(visit),
    }  # fmt: skip


def _name(visit: Visit, committee: str) -> str:
    listed = visit.directory.entries.get(committee)
    return (listed.short_name or listed.name) if listed else committee


def _names(visit: Visit, rows: list[ActivityRecord]) -> dict[str, str]:
    """Owners of the rows that are not ours, by name."""
    return {row.id: _name(visit, row.committee_id) for row in rows if row.committee_id != visit.actor.committee}


def named(visit: Visit, kind: str, id: str) -> Link | None:
    row = queries.one(visit.unit.session, visit.actor, id) if kind == "activity" else None
    return Link(f"/activities/{id}", row.title) if row else None


PAGES = RoomPages(
    routes,
    Path(__file__).parent / "templates",
    (Link("/activities", say("活动")),),
    todos,
    panels,
    starts,
    named=named,
    beside_fields={Code.BAD_TIME: ("startsAt",)},
)
