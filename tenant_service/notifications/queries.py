"""Every read of this room: one's own inbox and choices, and for the office what was sent."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.notifications.models import AudienceRow, ChoiceRow, ContactRow, DeliveryRow, NotificationRow
from tenant_service.notifications.rules import DeliveryState, NotificationKind, Way, ways


@dataclass(frozen=True)
class Wanted:
    """Which of one's notifications; everything given must hold."""

    kind: NotificationKind | None = None
    is_unread: bool = False
    text: str | None = None


@dataclass(frozen=True)
class SentWanted:
    """Which of what left the house; everything given must hold."""

    states: Sequence[DeliveryState] = ()
    way: Way | None = None
    kind: NotificationKind | None = None
    subject: str | None = None


class Sent(NamedTuple):
    """One way of one notification."""

    delivery: DeliveryRow
    notification: NotificationRow


# ── one's own ──


def is_theirs(actor: Actor) -> ColumnElement[bool]:
    """Whose account it is, as a person and as an account; nobody's besides."""
    if not actor.is_home:
        return false()
    return NotificationRow.recipient.in_([each for each in (actor.person, actor.sub) if each])


def inbox(
    session: Session, actor: Actor, wanted: Wanted, first: int, after: str | None
) -> tuple[list[NotificationRow], str | None]:
    """One page of one's own, newest first, and behind which id the next one begins."""
    where = [*_matching(actor, wanted), *([NotificationRow.id < after] if after else [])]
    found = session.scalars(
        select(NotificationRow).where(*where).order_by(NotificationRow.id.desc()).limit(first + 1)
    ).all()
    return list(found[:first]), found[first - 1].id if len(found) > first else None


def count(session: Session, actor: Actor, wanted: Wanted) -> int:
    """How many there are of them, on all pages."""
    return session.scalar(select(func.count()).select_from(NotificationRow).where(*_matching(actor, wanted))) or 0


def unread(session: Session, actor: Actor) -> int:
    """How many of one's own nobody has opened yet."""
    return count(session, actor, Wanted(is_unread=True))


def own(session: Session, actor: Actor, id: str) -> NotificationRow:
    """One of one's own, locked. Raises: Refusal NOT_FOUND, also of anybody else's."""
    wanted = select(NotificationRow).where(NotificationRow.id == id, is_theirs(actor)).with_for_update()
    if (row := session.scalars(wanted).one_or_none()) is None:
        raise Refusal(Code.NOT_FOUND)
    return row


def unread_rows(session: Session, actor: Actor) -> Sequence[NotificationRow]:
    """All of one's own that nobody has opened yet, locked."""
    wanted = select(NotificationRow).where(is_theirs(actor), NotificationRow.read_at.is_(None))
    return session.scalars(wanted.order_by(NotificationRow.id).with_for_update()).all()


def _matching(actor: Actor, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [is_theirs(actor)]
    if wanted.kind:
        found.append(NotificationRow.kind == wanted.kind)
    if wanted.is_unread:
        found.append(NotificationRow.read_at.is_(None))
    if wanted.text:
        found.append(
            NotificationRow.title.contains(wanted.text, autoescape=True)
            | NotificationRow.text.contains(wanted.text, autoescape=True)
        )
    return found


# ── choices ──


def choices(session: Session, recipient: str) -> dict[NotificationKind, tuple[Way, ...]]:
    """Kind → the ways outside the inbox by which it comes to somebody, chosen or usual."""
    rows = session.scalars(select(ChoiceRow).where(ChoiceRow.recipient == recipient))
    chosen = {row.kind: [way for code in row.ways if (way := Way.known(code))] for row in rows}
    return {kind: ways(kind, chosen.get(kind)) for kind in NotificationKind}


def chosen(session: Session, recipients: Collection[str], kind: NotificationKind) -> dict[str, tuple[Way, ...]]:
    """Recipient → the ways outside the inbox by which this kind comes to them."""
    wanted = select(ChoiceRow).where(ChoiceRow.recipient.in_(recipients), ChoiceRow.kind == kind)
    told = {row.recipient: [way for code in row.ways if (way := Way.known(code))] for row in session.scalars(wanted)}
    return {each: ways(kind, told.get(each)) for each in recipients}


def contact(session: Session, recipient: str) -> ContactRow | None:
    """Where somebody is reached, as they said."""
    return session.get(ContactRow, recipient)


def contacts(session: Session, recipients: Collection[str]) -> dict[str, ContactRow]:
    """The same of several; without those who said nothing."""
    wanted = select(ContactRow).where(ContactRow.recipient.in_(recipients))
    return {row.recipient: row for row in session.scalars(wanted)}


# ── for other rooms: who has seen what ──


def audience(session: Session, subject: str) -> list[str]:
    """Who is told what becomes of a record, as they were named."""
    return list(session.scalars(select(AudienceRow.recipient).where(AudienceRow.subject == subject)))


def belongs(session: Session, subject: str, whom: str) -> bool:
    """Whether this person or body is told what becomes of a record."""
    return session.get(AudienceRow, (subject, whom)) is not None


class Seen(NamedTuple):
    """When somebody was told of something last, when they opened it, and what became of its ways outside."""

    told_at: dt.datetime
    read_at: dt.datetime | None
    ways: tuple[tuple[Way, DeliveryState], ...] = ()


def seen(session: Session, subject: str, kinds: Collection[NotificationKind]) -> dict[str, Seen]:
    """已读/未读: recipient → what they know of the newest such notification about a record."""
    wanted = select(NotificationRow).where(NotificationRow.subject == subject, NotificationRow.kind.in_(kinds))
    newest = {row.recipient: row for row in session.scalars(wanted.order_by(NotificationRow.id)) if row.recipient}
    gone: dict[str, list[tuple[Way, DeliveryState]]] = {}
    ids = [row.id for row in newest.values()]
    for id, way, state in session.execute(
        select(DeliveryRow.notification_id, DeliveryRow.way, DeliveryRow.state)
        .where(DeliveryRow.notification_id.in_(ids)).order_by(DeliveryRow.way)
    ):  # fmt: skip
        gone.setdefault(id, []).append((way, state))
    return {who: Seen(row.at, row.read_at, tuple(gone.get(row.id, ()))) for who, row in newest.items()}


def last_told(session: Session, subject: str, kind: NotificationKind) -> dt.datetime | None:
    """When anybody was told of this last."""
    wanted = select(func.max(NotificationRow.at)).where(NotificationRow.subject == subject)
    found: dt.datetime | None = session.scalar(wanted.where(NotificationRow.kind == kind))
    return found


# ── for the office: what left the house ──


def sent(
    session: Session, actor: Actor, wanted: SentWanted, first: int, after: str | None
) -> tuple[list[Sent], str | None]:
    """One page, newest first, and behind which id the next one begins. Raises: Refusal NOT_SIGNED_IN, FORBIDDEN."""
    actor.require(UseCase.SEE_NOTICES)
    where = [*_holding(wanted), *([DeliveryRow.id < after] if after else [])]
    joined = select(DeliveryRow, NotificationRow).join(
        NotificationRow, NotificationRow.id == DeliveryRow.notification_id
    )
    found = [
        Sent(*row) for row in session.execute(joined.where(*where).order_by(DeliveryRow.id.desc()).limit(first + 1))
    ]
    return found[:first], found[first - 1].delivery.id if len(found) > first else None


def count_sent(session: Session, wanted: SentWanted) -> int:
    """How many there are of them, on all pages."""
    of = select(func.count()).select_from(DeliveryRow)
    return session.scalar(
        of.join(NotificationRow, NotificationRow.id == DeliveryRow.notification_id).where(*_holding(wanted))
    ) or 0  # fmt: skip


def delivery(session: Session, id: str) -> DeliveryRow:
    """One way of one notification, locked. Raises: Refusal NOT_FOUND."""
    if (row := session.get(DeliveryRow, id, with_for_update=True)) is None:
        raise Refusal(Code.NOT_FOUND)
    return row


def due(session: Session, now: dt.datetime, most: int) -> list[Sent]:
    """What is to be tried now, the oldest first, locked."""
    wanted = select(DeliveryRow, NotificationRow).join(
        NotificationRow, NotificationRow.id == DeliveryRow.notification_id
    ).where(DeliveryRow.state == DeliveryState.WAITING, DeliveryRow.due_at <= now)  # fmt: skip
    ordered = wanted.order_by(DeliveryRow.due_at, DeliveryRow.id).limit(most)
    return [Sent(*row) for row in session.execute(ordered.with_for_update(of=DeliveryRow))]


def _holding(wanted: SentWanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.states:
        found.append(DeliveryRow.state.in_(wanted.states))
    if wanted.way:
        found.append(DeliveryRow.way == wanted.way)
    if wanted.kind:
        found.append(NotificationRow.kind == wanted.kind)
    if wanted.subject:
        found.append(NotificationRow.subject == wanted.subject)
    return found


# ── retention ──


def count_before(session: Session, moment: dt.datetime) -> int:
    """How many are older than that."""
    return session.scalar(select(func.count()).select_from(NotificationRow).where(NotificationRow.at < moment)) or 0


def some_before(session: Session, moment: dt.datetime, most: int) -> Sequence[NotificationRow]:
    """So many of those that are older than that, the oldest first."""
    wanted = select(NotificationRow).where(NotificationRow.at < moment)
    return session.scalars(wanted.order_by(NotificationRow.at).limit(most)).all()
