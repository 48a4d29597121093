"""Every read of this room."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, func, select, type_coerce
from sqlalchemy.orm import Session

from sync.contract.instants import day_of, midnight
from sync.contract.shapes.activities import ActivityKind, ActivityRecord, ActivityState
from sync.contract.shapes.values import IndicatorCode
from tenant_service.activities.models import ActivityRow, SeenActivityRow
from tenant_service.activities.rules import COUNTED_STATES, Tally
from tenant_service.exchange.sharing import reach
from tenant_service.exchange.sharing.shared_repository import SharedRepository
from tenant_service.identity.actor import Actor
from tenant_service.signing.rules import Approval


@dataclass(frozen=True)
class Wanted:
    """Which activities; everything given must hold. Days are in Asia/Shanghai, moments aware."""

    kinds: Sequence[ActivityKind] = ()
    states: Sequence[ActivityState] = ()
    approvals: Sequence[Approval] = ()
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    venue_id: str | None = None
    mechanism_id: str | None = None
    hosted_by: str | None = None
    text: str | None = None
    series: str | None = None


def _reaching(actor: Actor) -> list[ColumnElement[bool]]:
    """Members see what has left the draft, staff see all; others what was shared with them."""
    if actor.is_home and not actor.is_staff:
        return [ActivityRow.approval == Approval.SIGNED, ActivityRow.state != ActivityState.DRAFT]
    return reach.visible_to(actor, ActivityRow)


def _matching(model: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.kinds:
        found.append(model.kind.in_(wanted.kinds))
    if wanted.states:
        found.append(model.state.in_(wanted.states))
    if wanted.approvals and model is ActivityRow:
        found.append(model.approval.in_(wanted.approvals))
    if wanted.since:
        found.append(model.starts_at >= wanted.since)
    if wanted.until:
        found.append(model.starts_at < wanted.until)
    for column, value in (
        (model.venue_id, wanted.venue_id), (model.mechanism_id, wanted.mechanism_id), (model.series, wanted.series),
    ):  # fmt: skip
        if value:
            found.append(column == value)
    if wanted.hosted_by:
        found.append(_text(model.host_ids).contains(f'"{wanted.hosted_by}"', autoescape=True))
    if wanted.text:
        found.append(
            model.title.contains(wanted.text, autoescape=True) | model.place.contains(wanted.text, autoescape=True)
        )
    return found


ACTIVITIES: SharedRepository[ActivityRow, SeenActivityRow, ActivityRecord, Wanted] = SharedRepository(
    ActivityRow, SeenActivityRow, _matching, _reaching
)
listed, reaching, one, at_work = ACTIVITIES.listed, ACTIVITIES.reaching, ACTIVITIES.one, ACTIVITIES.at_work
ours, locked, known, newest_change = ACTIVITIES.ours, ACTIVITIES.locked, ACTIVITIES.known, ACTIVITIES.newest_change


@dataclass(frozen=True)
class Hosted:
    """An activity of ours as the list of who takes part needs it. Changing it changes nothing.

    Attributes:
        shares: Whom it is shared with, as stored.
        desk_secret: What the six digits at the check-in desk are made from.
        checked_in: Members present by the list; None while nobody was.
    """

    id: str
    committee_id: str
    title: str
    state: ActivityState
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    sign_up_until: dt.datetime | None
    capacity: int | None
    shares: tuple[str, ...]
    desk_secret: str
    checked_in: int | None


def hosted(session: Session, id: str) -> Hosted:
    """Raises: Refusal NOT_FOUND."""
    return _hosted(ours(session, id))


def hosted_locked(session: Session, id: str) -> Hosted:
    """The same, and nobody changes the activity or its list until the act is over. Raises: Refusal NOT_FOUND."""
    return _hosted(locked(session, id))


def _hosted(row: ActivityRow) -> Hosted:
    return Hosted(
        row.id, row.committee_id, row.title, row.state, row.starts_at, row.ends_at, row.sign_up_until,
        row.capacity, tuple(row.shares), row.desk_secret, row.checked_in,
    )  # fmt: skip


def next_ordinal(session: Session, row: ActivityRow) -> int:
    """第N次: how many of this kind this venue has closed in that year, and one more. The venue is locked meanwhile."""
    same = select(func.max(ActivityRow.ordinal)).where(
        ActivityRow.kind == row.kind, ActivityRow.venue_id == row.venue_id,
        ActivityRow.ordinal_year == row.held_on.year,
    )  # fmt: skip
    return (session.scalar(same) or 0) + 1


def unclosed_before(session: Session, moment: dt.datetime) -> int:
    """How many published activities are over and still have no closing report."""
    open_ = ActivityRow.state.in_([ActivityState.PUBLISHED, ActivityState.HELD])
    return session.scalar(select(func.count()).where(open_, ActivityRow.starts_at < moment)) or 0


_COUNTS: dict[IndicatorCode, Any] = {
    IndicatorCode.ACTIVITIES_HELD: func.count(),
    IndicatorCode.LEADER_ATTENDED: func.count().filter(ActivityRow.leader_present.is_(True)),
    IndicatorCode.MEMBER_TIMES: func.coalesce(func.sum(ActivityRow.members_present), 0),
    IndicatorCode.PUBLIC_TIMES: func.coalesce(func.sum(ActivityRow.headcount), 0),
    IndicatorCode.SUGGESTIONS: func.coalesce(func.sum(ActivityRow.suggestion_count), 0),
}


@dataclass(frozen=True)
class Joint:
    """An activity with several hosts, as an indicator counts it."""

    id: str
    owner: str
    kind: str
    day: dt.date
    mechanism: str | None
    leader_present: bool


def daily(session: Session, code: IndicatorCode, since: dt.date, until: dt.date) -> list[Tally]:
    """What our own activities held from `since` to `until` inclusive come to; shared or not, all count."""
    of = ActivityRow.held_on, ActivityRow.kind, ActivityRow.mechanism_id
    grouped = select(*of, _COUNTS[code]).where(*_counted(), ActivityRow.held_on.between(since, until)).group_by(*of)
    return [Tally(day, kind.value, under, int(number)) for day, kind, under, number in session.execute(grouped)]


def joint(session: Session, committee: str, since: dt.date, until: dt.date) -> list[Joint]:
    """Activities held in that window that we host with others: our own, and those of others that name us
    a host within a mechanism.
    """
    found: list[Joint] = []
    models: tuple[Any, ...] = (ActivityRow, SeenActivityRow)
    for model in models:
        counted = _counted() if model is ActivityRow else _agreed(model)
        wanted = select(model).where(
            *counted, _text(model.host_ids).contains(","),
            _text(model.host_ids).contains(f'"{committee}"'),
            model.starts_at.between(midnight(since), midnight(until + dt.timedelta(days=1))),
        )  # fmt: skip
        for row in session.scalars(wanted):
            day = day_of(row.starts_at)
            if since <= day <= until:
                found.append(
                    Joint(row.id, row.committee_id, row.kind.value, day, row.mechanism_id, bool(row.leader_present))
                )
    return found


def first_day(session: Session) -> dt.date | None:
    """The day of our first counted activity."""
    return session.scalar(select(func.min(ActivityRow.held_on)).where(*_counted()))


def _agreed(model: Any) -> list[ColumnElement[bool]]:
    """Others' activities that name us a host count here where a mechanism stands behind it, of which both are members:
    a neighbour alone does not raise our figure.
    """
    in_a_mechanism = type_coerce(model.channels, Text).contains('"m_', autoescape=True)
    return [model.state.in_(COUNTED_STATES), model.mechanism_id.is_not(None), in_a_mechanism]


def _counted() -> list[ColumnElement[bool]]:
    """What our figures count: held, and signed for; what one person enters moves no figure that others are told."""
    return [ActivityRow.state.in_(COUNTED_STATES), ActivityRow.approval == Approval.SIGNED]


def _text(column: Any) -> Any:
    """A list's column as the JSON text that it is stored as."""
    return type_coerce(column, Text)


def over_before(day: dt.date) -> Any:
    """Ids of our activities that are closed or cancelled and were counted on a day before this one, as a statement."""
    over = ActivityRow.state.in_([ActivityState.CLOSED, ActivityState.CANCELLED])
    return select(ActivityRow.id).where(ActivityRow.held_on < day, over)
