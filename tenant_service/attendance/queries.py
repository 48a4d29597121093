"""Every read of this room."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.ids import owner_of
from sync.contract.shapes.participations import ParticipationRecord, ParticipationState
from tenant_service.attendance.models import ParticipationColumns, ParticipationRow, SeenParticipationRow, UsedCodeRow
from tenant_service.attendance.rules import TAKES_A_PLACE
from tenant_service.identity.actor import Actor
from tenant_service.storage.repository import Repository

PARTICIPATIONS = Repository(ParticipationRow)
locked = PARTICIPATIONS.locked


def of_activity(session: Session, actor: Actor, activity: str) -> list[ParticipationRow]:
    """名单: who takes part in our activity; our staff see all, a member the own row, nobody else any."""
    wanted = select(ParticipationRow).where(ParticipationRow.activity_id == activity)
    if not actor.sees_work:
        if not (actor.is_home and actor.person):
            return []
        wanted = wanted.where(ParticipationRow.person_id == actor.person)
    return list(session.scalars(wanted.order_by(ParticipationRow.queued_at, ParticipationRow.id)))


def mine(session: Session, actor: Actor, activity: str) -> ParticipationRecord | None:
    """The actor's own participation, as the host last told it, here or in another committee."""
    if not (actor.is_home and actor.person):
        return None
    model: Any = ParticipationRow if owner_of(activity) == actor.committee else SeenParticipationRow
    found = session.scalars(
        select(model).where(model.activity_id == activity, model.person_id == actor.person)
    ).one_or_none()
    told: ParticipationRecord | None = found.record() if found else None
    return told


def one(session: Session, actor: Actor, id: str) -> ParticipationRecord | None:
    """A participation here, for the office and for whose it is; one abroad, for our member whose it is."""
    row = row_of(session, actor, id)
    if row is not None:
        return row.record()
    abroad = session.get(SeenParticipationRow, id) if actor.is_home and actor.person else None
    return abroad.record() if abroad is not None and abroad.person_id == actor.person else None


def row_of(session: Session, actor: Actor, id: str) -> ParticipationRow | None:
    """Our row, for the office and for the member that it is about."""
    row = session.get(ParticipationRow, id)
    if row is None or not (actor.sees_work or (actor.is_home and actor.person and row.person_id == actor.person)):
        return None
    return row


def row_for(session: Session, activity: str, participant: str) -> ParticipationRow | None:
    wanted = select(ParticipationRow).where(
        ParticipationRow.activity_id == activity, ParticipationRow.participant == participant
    )
    return session.scalars(wanted.with_for_update()).one_or_none()


def rows_for(session: Session, activity: str) -> dict[str, ParticipationRow]:
    """Everybody on the list of our activity, by person or body."""
    wanted = select(ParticipationRow).where(ParticipationRow.activity_id == activity)
    return {row.participant: row for row in session.scalars(wanted.with_for_update())}


def activity_of(session: Session, id: str) -> str:
    """Raises: Refusal NOT_FOUND."""
    found = session.scalar(select(ParticipationRow.activity_id).where(ParticipationRow.id == id))
    if found is None:
        raise Refusal(Code.NOT_FOUND)
    return found


def counts(session: Session, activities: Sequence[str]) -> dict[tuple[str, ParticipationState], int]:
    """(activity, state) → how many persons; bodies are not persons."""
    grouped = (
        select(ParticipationRow.activity_id, ParticipationRow.state, func.count())
        .where(ParticipationRow.activity_id.in_(activities), ParticipationRow.person_id.is_not(None))
        .group_by(ParticipationRow.activity_id, ParticipationRow.state)
    )
    return {(activity, state): number for activity, state, number in session.execute(grouped)}


def taken(session: Session, activity: str) -> int:
    """Places taken."""
    found = counts(session, [activity])
    return sum(number for (_, state), number in found.items() if state in TAKES_A_PLACE)


def present(session: Session, activity: str) -> int:
    return counts(session, [activity]).get((activity, ParticipationState.PRESENT), 0)


def present_at_any(session: Session, activities: Sequence[str]) -> set[str]:
    """People who were present at one of these at least, each once."""
    wanted = select(ParticipationRow.person_id).where(
        ParticipationRow.activity_id.in_(activities), ParticipationRow.state == ParticipationState.PRESENT
    )
    return {each for each in session.scalars(wanted) if each}


def stands_at(session: Session, person: str, activities: Sequence[str]) -> list[ParticipationColumns]:
    """Where somebody of ours stands at these, which are ours or another host's, in that order."""
    found: dict[str, ParticipationColumns] = {}
    for model in (ParticipationRow, SeenParticipationRow):
        wanted: Any = select(model).where(model.activity_id.in_(activities), model.person_id == person)
        found |= {row.activity_id: row for row in session.scalars(wanted)}
    return [found[id] for id in activities if id in found]


def seat_of(session: Session, activity: str, person: str) -> str:
    """分组与座位 of one of our people at an activity of ours, as one text; empty: none is said."""
    wanted = select(ParticipationRow.group_name, ParticipationRow.seat).where(
        ParticipationRow.activity_id == activity, ParticipationRow.person_id == person
    )
    found = session.execute(wanted).one_or_none()
    return " ".join(each for each in (found or ()) if each)


def next_waiting(session: Session, activity: str) -> ParticipationRow | None:
    """Who has waited longest."""
    wanted = select(ParticipationRow).where(
        ParticipationRow.activity_id == activity, ParticipationRow.state == ParticipationState.WAITLISTED
    )
    ordered = wanted.order_by(ParticipationRow.queued_at, ParticipationRow.id).limit(1)
    return session.scalars(ordered.with_for_update()).one_or_none()


def is_used(session: Session, jti: str, activity: str) -> bool:
    return session.get(UsedCodeRow, (jti, activity)) is not None


def unanswered(session: Session, activity: str) -> list[ParticipationRow]:
    """吹哨报到: bodies that were called and have not answered."""
    wanted = select(ParticipationRow).where(
        ParticipationRow.activity_id == activity, ParticipationRow.must_answer.is_(True),
        ParticipationRow.state == ParticipationState.INVITED,
    )  # fmt: skip
    return list(session.scalars(wanted.order_by(ParticipationRow.queued_at)))


def any_of(session: Session, persons: Sequence[str]) -> bool:
    """Whether one of these people is on the list of any activity of ours."""
    wanted = select(ParticipationRow.id).where(ParticipationRow.person_id.in_(persons)).limit(1)
    return session.scalar(wanted) is not None
