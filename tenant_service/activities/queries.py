"""Every read of this room."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, func, literal, select, type_coerce
from sqlalchemy.orm import Session

from sync.contract.ids import owner_of
from sync.contract.shapes.activities import ActivityKind, ActivityOrder, ActivityRecord, ActivityState
from tenant_service.activities.models import ActivityRow, SeenActivityRow
from tenant_service.activities.rules import COUNTED_STATES
from tenant_service.exchange.sharing.at_home import AtHome, to_person
from tenant_service.exchange.sharing.shared_repository import SharedRepository
from tenant_service.identity.actor import Actor
from tenant_service.notifications import queries as told
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
    parent_id: str | None = None
    is_whole: bool = False
    """Meetings as wholes, and no parts of them."""


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
        (model.parent_id, wanted.parent_id),
    ):  # fmt: skip
        if value:
            found.append(column == value)
    found += [model.parent_id.is_(None)] if wanted.is_whole else []
    if wanted.hosted_by:
        found.append(as_text(model.host_ids).contains(f'"{wanted.hosted_by}"', autoescape=True))
    if wanted.text:
        found.append(
            model.title.contains(wanted.text, autoescape=True) | model.place.contains(wanted.text, autoescape=True)
        )
    return found


_HOME = AtHome(
    insiders=[ActivityRow.approval == Approval.SIGNED, ActivityRow.state != ActivityState.DRAFT],
    ways=(to_person(lambda person: ActivityRow.initiated_by == person),),
)
"""Our people see what has left the draft; whoever started a meeting sees it before."""
ACTIVITIES: SharedRepository[ActivityRow, SeenActivityRow, ActivityRecord, Wanted] = SharedRepository(
    ActivityRow, SeenActivityRow, _matching, _HOME
)
listed, reaching, one, at_work = ACTIVITIES.listed, ACTIVITIES.reaching, ACTIVITIES.one, ACTIVITIES.at_work
ours, locked, known, newest_change = ACTIVITIES.ours, ACTIVITIES.locked, ACTIVITIES.known, ACTIVITIES.newest_change


def parts(session: Session, id: str) -> list[ActivityRow]:
    """Parts of a meeting of ours, in the order in which they begin."""
    wanted = select(ActivityRow).where(ActivityRow.parent_id == id)
    return list(session.scalars(wanted.order_by(ActivityRow.starts_at, ActivityRow.id)))


def parts_shown(session: Session, actor: Actor, id: str) -> list[ActivityRecord]:
    """The same as somebody is shown them, of a meeting of ours or of another committee's."""
    owners = None if owner_of(id) == actor.committee else [owner_of(id)]
    order = ActivityOrder.STARTS_AT_ASC
    return listed(session, actor, Wanted(parent_id=id), order, MOST_PARTS, None, owners).rows


MOST_PARTS = 100


def latest(session: Session, root: str) -> ActivityRow | None:
    """The last of those that are held again and again."""
    wanted = select(ActivityRow).where(ActivityRow.root_id == root)
    return session.scalars(wanted.order_by(ActivityRow.starts_at.desc()).limit(1)).first()


def opens_papers(session: Session, actor: Actor, id: str) -> bool:
    """Whether what is attached is for whoever is on the list, of the activity or of the meeting that it is a part of,
    and the actor is.
    """
    row = session.get(ActivityRow, id)
    if row is None or not row.papers_open or not actor.is_home or actor.person is None:
        return False
    return any(told.belongs(session, each, actor.person) for each in (row.id, row.parent_id) if each)


def known_title(session: Session, id: str) -> str | None:
    """Of an activity of ours, or of another committee's that was shared with us."""
    row = session.get(ActivityRow, id) or session.get(SeenActivityRow, id)
    return row.title if row else None


@dataclass(frozen=True)
class TakenPart:
    """An activity as the ledger of who was there needs it, ours or another committee's that was shared with us."""

    title: str
    kind: ActivityKind
    starts_at: dt.datetime
    is_cancelled: bool


def taken_part(session: Session, id: str) -> TakenPart | None:
    """None: it is not known here."""
    row = session.get(ActivityRow, id) or session.get(SeenActivityRow, id)
    return TakenPart(row.title, row.kind, row.starts_at, row.state is ActivityState.CANCELLED) if row else None


def meeting_of(session: Session, id: str) -> str | None:
    """The meeting that an activity is a part of, or that it is itself where it has parts; None: neither."""
    return session.scalar(select(whole_of(literal(id))))


def parts_known(session: Session, meeting: str) -> Sequence[str]:
    """Ids of all parts of a meeting that are known here, ours or another committee's, as they begin."""
    return [
        id for model in (ActivityRow, SeenActivityRow)
        for id in session.scalars(select(model.id).where(model.parent_id == meeting).order_by(model.starts_at))
    ]  # fmt: skip


def whole_of(id: Any) -> ColumnElement[Any]:
    """The same for a column that names activities: the meeting that each belongs to, null where there is none."""
    found: list[Any] = []
    for model in (ActivityRow, SeenActivityRow):
        found.append(select(model.parent_id).where(model.id == id).correlate_except(model).scalar_subquery())
        of_itself = select(func.min(model.parent_id)).where(model.parent_id == id)
        found.append(of_itself.correlate_except(model).scalar_subquery())
    return func.coalesce(*found)


def cancelled() -> Any:
    """Ids of activities that were cancelled, ours and others' that are known here."""
    ours = select(ActivityRow.id).where(ActivityRow.state == ActivityState.CANCELLED)
    return ours.union_all(select(SeenActivityRow.id).where(SeenActivityRow.state == ActivityState.CANCELLED))


@dataclass(frozen=True)
class ListHead:
    """An activity of ours as the list of items that hangs on it needs it.

    Attributes:
        takes: Whether anything may be added to its list now.
        shares: Whom it is shared with, which its list is proposed to be as well.
    """

    title: str
    state: ActivityState
    takes: bool
    shares: tuple[str, ...]


def list_head(session: Session, id: str) -> ListHead:
    """Of an activity of ours. Raises: Refusal NOT_FOUND."""
    row = ours(session, id)
    held = (ActivityState.PUBLISHED, ActivityState.HELD, ActivityState.CLOSED)
    takes = row.approval is Approval.SIGNED and row.state in held
    return ListHead(row.title, row.state, takes, tuple(row.shares))


@dataclass(frozen=True)
class Hosted:
    """An activity of ours as the list of who takes part needs it. Changing it changes nothing.

    Attributes:
        place: Where, in words.
        shares: Whom it is shared with, as stored.
        desk_secret: What the six digits at the check-in desk are made from.
        checked_in: Members present by the list; None while nobody was.
        parent_id: Meeting of which it is a part.
    """

    id: str
    committee_id: str
    title: str
    state: ActivityState
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    place: str
    sign_up_until: dt.datetime | None
    capacity: int | None
    shares: tuple[str, ...]
    desk_secret: str
    checked_in: int | None
    parent_id: str | None


def hosted(session: Session, id: str) -> Hosted:
    """Raises: Refusal NOT_FOUND."""
    return _hosted(ours(session, id))


def hosted_locked(session: Session, id: str) -> Hosted:
    """The same, and nobody changes the activity or its list until the act is over. Raises: Refusal NOT_FOUND."""
    return _hosted(locked(session, id))


def _hosted(row: ActivityRow) -> Hosted:
    return Hosted(
        row.id, row.committee_id, row.title, row.state, row.starts_at, row.ends_at, row.place,
        row.sign_up_until, row.capacity, tuple(row.shares), row.desk_secret, row.checked_in,
        row.parent_id,
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
    open_ = ActivityRow.state.in_([ActivityState.PUBLISHED, ActivityState.HELD]), ActivityRow.parent_id.is_(None)
    return session.scalar(select(func.count()).where(*open_, ActivityRow.starts_at < moment)) or 0


def as_text(column: Any) -> Any:
    """A list's column as the JSON text that it is stored as."""
    return type_coerce(column, Text)


def over_before(day: dt.date) -> Any:
    """Ids of our activities that are closed or cancelled and were counted on a day before this one, as a statement."""
    over = ActivityRow.state.in_([ActivityState.CLOSED, ActivityState.CANCELLED])
    return select(ActivityRow.id).where(ActivityRow.held_on < day, over)


def kinds_held(session: Session, ids: Sequence[str]) -> set[ActivityKind]:
    """Which kinds those of these activities of ours are that were held."""
    held = ActivityRow.id.in_(ids), ActivityRow.state.in_(COUNTED_STATES)
    return set(session.scalars(select(ActivityRow.kind).where(*held)))


def plenaries(session: Session) -> list[tuple[str, str]]:
    """Id and title of our plenaries that were not cancelled, the newest ten: 届次 of what is handed in to one."""
    wanted = select(ActivityRow.id, ActivityRow.title).where(
        ActivityRow.kind == ActivityKind.PLENARY, ActivityRow.parent_id.is_(None),
        ActivityRow.state != ActivityState.CANCELLED,
    )  # fmt: skip
    return [(id, title) for id, title in session.execute(wanted.order_by(ActivityRow.starts_at.desc()).limit(10))]
