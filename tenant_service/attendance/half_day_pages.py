"""Presence at a meeting by half-days: on its page, and as a file with a line for each person."""

import datetime as dt
from collections.abc import Callable

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.shapes.participations import ParticipationState
from sync.edge.shell import formats
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.activities import queries as activities
from tenant_service.activities import rules as meetings
from tenant_service.attendance import queries
from tenant_service.attendance import seating_service as service
from tenant_service.identity.policy import UseCase
from tenant_service.web.site import Go, Panel, Site, View, Visit

_AT = "/activities/{id}"


def routes(site: Site, desk: Callable[[Visit], View]) -> list[Route]:
    """`desk`: the list, on which a refusal is shown."""
    return [
        Route(f"{_AT}/half-days.{{suffix:str}}", site.shows(exported), methods=["GET"]),
        Route(f"{_AT}/seats", site.acts(seat, desk), methods=["POST"]),
    ]


def seat(visit: Visit) -> Go:
    service.seat(visit.unit, visit.actor, visit.id, visit.form.lines("lines"))
    return Go(f"/activities/{visit.id}/attendance")


def panel(visit: Visit, id: str) -> list[Panel]:
    """How many were present, absent and on leave at each part; nothing where there are none."""
    parts = activities.parts(visit.unit.session, id)
    counted = queries.counts(visit.unit.session, [part.id for part in parts])
    told = [
        (part, meetings.half_day(part.starts_at),
         [(state, counted[part.id, state]) for state in ParticipationState if (part.id, state) in counted])
        for part in parts
    ]  # fmt: skip
    return [Panel("attendance_parts.html", {"id": id, "parts": told})] if told else []


def of_one(visit: Visit, id: str, person: str) -> list[tuple[str, dt.datetime, str, ParticipationState]]:
    """Where somebody stood at each part of a meeting, of ours or another host's: its title, begin and half-day."""
    session = visit.unit.session
    stood = queries.stands_at(session, person, activities.parts_known(session, id))
    known = ((activities.taken_part(session, row.activity_id), row.state) for row in stood)
    return [
        (part.title, part.starts_at, meetings.half_day(part.starts_at).label, state) for part, state in known if part
    ]


def exported(visit: Visit) -> Response:
    """出席表: a line for each person, a column for each part. Raises: Refusal FORBIDDEN, NOT_FOUND."""
    visit.actor.require(UseCase.CHECK_IN_OTHERS)
    session = visit.unit.session
    meeting, parts = activities.hosted(session, visit.id), activities.parts(session, visit.id)
    lists = [
        {row.participant: row for row in queries.of_activity(session, visit.actor, id)}
        for id in (meeting.id, *(part.id for part in parts))
    ]
    people = {who: row for rows in reversed(lists) for who, row in rows.items() if row.person_id}
    language = visit.here.language
    heads = [
        f"{formats.day(part.starts_at, visit.site.today(), language)} "
        f"{visit.say(meetings.half_day(part.starts_at).label)} {part.title}"
        for part in parts
    ]  # fmt: skip
    columns = (say("姓名"), say("组"), say("座位"), say("全程"))
    rows = tuple(
        Row((row.name, row.group_name, row.seat, *(
            visit.say(rows[who].state.label) if who in rows else None for rows in lists
        )))
        for who, row in sorted(people.items(), key=lambda each: each[1].name)
    )  # fmt: skip
    made = Table(meeting.title, tuple(Column(each) for each in (*map(visit.say, columns), *heads)), rows)
    return made.file("half-days", visit.request.path_params["suffix"])
