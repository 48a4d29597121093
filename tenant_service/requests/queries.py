"""Every read of this room."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from sync.contract.kinds import Kind
from sync.contract.shapes.items import ReplyClass
from sync.contract.shapes.requests import RequestKind, RequestRecord, RequestState
from tenant_service.identity.actor import Actor
from tenant_service.requests.models import IncomingRow, RequestRow
from tenant_service.storage.paging import Page, page
from tenant_service.storage.repository import Repository

NEWEST = "ASKED_AT_DESC"
"""Order of pages: the newest first."""
UNANSWERED = (RequestState.QUEUED, RequestState.DELIVERED)
About = tuple[str, str, RequestKind]
"""The record, the person and what is asked."""


@dataclass(frozen=True)
class Wanted:
    """Which requests; everything given must hold."""

    states: Sequence[RequestState] = ()
    kinds: Sequence[RequestKind] = ()
    subject_id: str | None = None


REQUESTS = Repository(RequestRow)
ours = REQUESTS.ours


def sent(session: Session, actor: Actor, wanted: Wanted, order: str, first: int, after: str | None) -> Page:
    """One page of what we asked of others: staff see all, a member what concerns that member."""
    return page(session, RequestRow, order, first, after, [*_reaching(actor), *_matching(RequestRow, wanted)])


def received(session: Session, actor: Actor, wanted: Wanted, order: str, first: int, after: str | None) -> Page:
    """One page of what others asked of us; staff only."""
    where = [] if actor.sees_work else [false()]
    return page(session, IncomingRow, order, first, after, [*where, *_matching(IncomingRow, wanted)])


def one(session: Session, actor: Actor, id: str) -> RequestRecord | None:
    """A request that the actor's list would show, sent or received; None to everybody else."""
    sent = session.scalars(select(RequestRow).where(RequestRow.id == id, *_reaching(actor))).one_or_none()
    if sent is not None:
        return sent.record()
    received = session.get(IncomingRow, id) if actor.sees_work else None
    return received.record() if received is not None else None


def row_of(session: Session, id: str) -> RequestRow | IncomingRow | None:
    """The request with what was said to it, ours or another's."""
    return session.get(RequestRow, id) or session.get(IncomingRow, id)


@dataclass(frozen=True)
class Outcome:
    """Where a request stands, and why it was refused, if it was."""

    kind: RequestKind
    state: RequestState
    code: str | None
    reason_zh: str | None
    reason_en: str | None


def last_about(session: Session, subject: str, person: str | None) -> Outcome | None:
    """What became of the last request of ours for a person about a record, whatever was asked."""
    wanted = select(
        RequestRow.kind, RequestRow.state, RequestRow.code, RequestRow.reason_zh, RequestRow.reason_en
    ).where(RequestRow.subject_id == subject, RequestRow.person_id == person)
    found = session.execute(wanted.order_by(RequestRow.id.desc()).limit(1)).one_or_none()
    return Outcome(*found) if found else None


@dataclass(frozen=True)
class Handled:
    """What our side did about another's record, when, and what became of it; of a contact the name alone."""

    id: str
    state: RequestState
    asked_at: dt.datetime
    detail: str | None
    text: str | None
    until: dt.date | None
    suggested: str | None
    reply_class: ReplyClass | None
    document_no: str | None
    contact_name: str | None
    files: int | None
    code: str | None
    reason_zh: str | None
    reason_en: str | None
    answered_at: dt.datetime | None


def about(session: Session, subject: str, kind: RequestKind) -> list[Handled]:
    """Everything that our side asked so about a record, oldest first. Who may be shown it is for the caller to know."""
    columns = [getattr(RequestRow, each.name) for each in fields(Handled)]
    wanted = select(*columns).where(RequestRow.subject_id == subject, RequestRow.kind == kind)
    return [Handled(*row) for row in session.execute(wanted.order_by(RequestRow.asked_at, RequestRow.id))]


def last_handled(session: Session, subject: str, act: Kind) -> IncomingRow | None:
    """What a home last did so about a record that we handed over, of what was not refused."""
    wanted = select(IncomingRow).where(
        IncomingRow.subject_id == subject, IncomingRow.kind == RequestKind.HANDLE, IncomingRow.detail == act.value,
        IncomingRow.state != RequestState.REFUSED,
    )  # fmt: skip
    return session.scalars(wanted.order_by(IncomingRow.asked_at.desc()).limit(1)).one_or_none()


def last_received(session: Session, subject: str, person: str, kind: RequestKind | None = None) -> IncomingRow | None:
    """What a home last asked of us for this person about a record of ours."""
    wanted = select(IncomingRow).where(IncomingRow.subject_id == subject, IncomingRow.person_id == person)
    if kind is not None:
        wanted = wanted.where(IncomingRow.kind == kind)
    return session.scalars(wanted.order_by(IncomingRow.id.desc()).limit(1)).one_or_none()


def name_told(session: Session, subject: str, person: str) -> str | None:
    """The name under which a home last asked for this person."""
    found = last_received(session, subject, person)
    return found.person_name if found else None


def subject_of(session: Session, id: str) -> str | None:
    """The record of ours that another committee's request is about; None: there is no such request."""
    row = session.get(IncomingRow, id)
    return row.subject_id if row else None


def is_accepted(session: Session, id: str) -> bool:
    """Whether we did what another committee asked so."""
    row = session.get(IncomingRow, id)
    return row is not None and row.state is RequestState.ACCEPTED


@dataclass(frozen=True)
class Stands:
    """Where a request stands: its state, why, and since when."""

    state: RequestState
    reason_zh: str | None
    reason_en: str | None
    answered_at: dt.datetime | None


def stands(session: Session, id: str) -> Stands:
    """Where a known request stands, ours or another's."""
    row = row_of(session, id)
    if row is None:
        raise LookupError(id)
    return Stands(row.state, row.reason_zh, row.reason_en, row.answered_at)


def waiting(session: Session, now: dt.datetime) -> IncomingRow | None:
    """Of other committees' requests that have no answer yet the one that came in first, locked for answering; what
    broke lately rests meanwhile, and with it what was asked later about the same record for the same person: a reply
    must not be answered before the acceptance that it follows.
    """
    rested = or_(IncomingRow.try_after.is_(None), IncomingRow.try_after <= now)
    wanted = select(IncomingRow).where(IncomingRow.state == RequestState.QUEUED, rested, ~_asked_before())
    first = wanted.order_by(IncomingRow.arrived_at, IncomingRow.asked_at, IncomingRow.id).limit(1)
    return session.scalars(first.with_for_update(skip_locked=True)).one_or_none()


def _asked_before() -> ColumnElement[bool]:
    """Whether something that the same committee asked earlier about the same has no answer yet."""
    other = aliased(IncomingRow)
    same_person = or_(
        other.person_id == IncomingRow.person_id, other.person_id.is_(None) & IncomingRow.person_id.is_(None)
    )
    earlier = or_(
        other.asked_at < IncomingRow.asked_at, (other.asked_at == IncomingRow.asked_at) & (other.id < IncomingRow.id)
    )
    return exists().where(
        other.state == RequestState.QUEUED, other.committee_id == IncomingRow.committee_id,
        other.subject_id == IncomingRow.subject_id, same_person, earlier,
    )  # fmt: skip


def undecided(session: Session, of: str | About) -> list[RequestRow | IncomingRow]:
    """What waits for somebody's decision here: by its id, or by what is asked about whom."""
    found: list[RequestRow | IncomingRow] = []
    models: tuple[Any, ...] = (RequestRow, IncomingRow)
    for model in models:
        if isinstance(of, str):
            which = [model.id == of]
        else:
            which = [model.subject_id == of[0], model.person_id == of[1], model.kind == of[2]]
        found += session.scalars(select(model).where(model.state == RequestState.DELIVERED, *which).order_by(model.id))
    return found


def unanswered(session: Session) -> int:
    """How many requests of others have no decision yet."""
    open_ = IncomingRow.state.in_(UNANSWERED)
    return session.scalar(select(func.count()).select_from(IncomingRow).where(open_)) or 0


def _reaching(actor: Actor) -> list[ColumnElement[bool]]:
    if actor.sees_work:
        return []
    return [RequestRow.person_id == actor.person] if actor.is_home and actor.person else [false()]


def _matching(model: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.states:
        found.append(model.state.in_(wanted.states))
    if wanted.kinds:
        found.append(model.kind.in_(wanted.kinds))
    if wanted.subject_id:
        found.append(model.subject_id == wanted.subject_id)
    return found
