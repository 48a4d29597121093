"""The list of activities: what its address filters by, and its lines."""

import datetime as dt

from sync.contract.instants import midnight
from sync.contract.shapes.activities import ActivityKind, ActivityOrder, ActivityRecord, ActivityState
from sync.edge.shell import formats
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.activities import queries
from tenant_service.activities.queries import Wanted
from tenant_service.exchange.watching import freshness as shared
from tenant_service.signing.rules import Approval
from tenant_service.storage.paging import Page
from tenant_service.web.site import Visit

LOOKS = {ActivityState.CANCELLED: "bad", ActivityState.PUBLISHED: "good", ActivityState.DRAFT: "warn"}
"""Classes of the style sheet, by state."""


def page(visit: Visit, first: int, after: str | None) -> Page:
    """One page of our activities that reach the visitor, or with `?from=others` of those shared with us."""
    of_others = visit.asked("from") == "others" and visit.actor.is_inside
    owners = shared.followed_owners(visit.unit.session) if of_others else None
    return queries.listed(visit.unit.session, visit.actor, wanted(visit), order(visit), first, after, owners)


def order(visit: Visit) -> ActivityOrder:
    return ActivityOrder.known(visit.asked("sort")) or ActivityOrder.STARTS_AT_DESC


def wanted(visit: Visit) -> Wanted:
    """What the address filters by; a code that no list has filters nothing. Raises: Refusal BAD_VALUE, no day."""
    kind, state = ActivityKind.known(visit.asked("kind")), ActivityState.known(visit.asked("state"))
    approval = Approval.known(visit.asked("approval")) if visit.actor.sees_work else None
    states: tuple[ActivityState, ...] = (state,) if state else ()
    on, since, last = (visit.day(each) for each in ("on", "since", "to"))
    until = _end(last or on)
    if visit.asked("due"):  # 逾期未办结: over, and without a report
        states, until = (ActivityState.PUBLISHED, ActivityState.HELD), visit.unit.now
    return Wanted(
        kinds=(kind,) if kind else (), states=states, approvals=(approval,) if approval else (),
        since=midnight(first) if (first := on or since) else None, until=until,
        venue_id=visit.asked("venue") or None, text=visit.asked("q")[:80] or None,
        is_whole=approval is None and not visit.asked("parts"),
    )  # fmt: skip


def table(visit: Visit, rows: list[ActivityRecord]) -> Table:
    columns = (
        Column(visit.say(say("题名"))), Column(visit.say(say("时间"))), Column(visit.say(say("类别"))),
        Column(visit.say(say("地点"))), Column(visit.say(say("状态"))),
        Column(visit.say(say("委员到场")), is_figure=True), Column(visit.say(say("群众到场")), is_figure=True),
        Column(visit.say(say("建议")), is_figure=True),
    )  # fmt: skip
    language = visit.here.language

    def line(row: ActivityRecord) -> Row:
        when = formats.span(row.starts_at, row.ends_at, visit.unit.now, language)
        suggestions = len(row.suggestions) if row.suggestions is not None else None
        cells = (
            row.title, when, visit.say(row.kind.label), row.place, visit.say(row.state.label), row.members_present,
            row.headcount, suggestions,
        )  # fmt: skip
        return Row(cells, f"/activities/{row.id}")

    return Table(visit.say(say("活动")), columns, tuple(map(line, rows)))


def bounds(of: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The beginning of a day in Asia/Shanghai, and of the next."""
    return midnight(of), midnight(of + dt.timedelta(days=1))


def _end(of: dt.date | None) -> dt.datetime | None:
    return bounds(of)[1] if of else None
