"""What this room holds of a person. Where somebody was present stays counted, under the pseudonym."""

import datetime as dt

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from sync.edge.shell.words import say
from tenant_service.activities import queries as activities
from tenant_service.attendance.models import IssuedCodeRow, ParticipationRow, SeenParticipationRow
from tenant_service.exchange.copies import Seen
from tenant_service.requests import personal as requests
from tenant_service.storage.personal import ERASED, Held, HeldTable, Tables, Whom, held
from tenant_service.storage.unit_of_work import Unit

_AT_ONCE = 200
"""Rows of one slice."""
TABLES: Tables = (
    HeldTable("participation", say("本会活动"), for_office=True),
    HeldTable("seen_participation", say("外地活动"), for_office=True),
    HeldTable("issued_code", say("出示过的履职码"), for_office=True),
)


def about(session: Session, whom: Whom) -> list[Held]:
    here = or_(ParticipationRow.person_id == whom.id, ParticipationRow.participant == whom.id)
    return [
        *held(session, ParticipationRow, here),
        *held(session, SeenParticipationRow, SeenParticipationRow.person_id == whom.id),
        *held(session, IssuedCodeRow, IssuedCodeRow.person_id == whom.id),
    ]


def erase(unit: Unit, whom: Whom) -> int:
    here = or_(ParticipationRow.person_id == whom.id, ParticipationRow.participant == whom.id)
    own = unit.session.scalars(select(ParticipationRow).where(here)).all()
    for row in own:
        row.name, row.reason, row.group_name, row.seat = ERASED, None, None, None
        row.revision, row.changed_at = row.revision + 1, unit.now
    abroad = unit.session.scalars(select(SeenParticipationRow).where(SeenParticipationRow.person_id == whom.id)).all()
    for copy in abroad:
        copy.reason = None
    unit.session.execute(delete(IssuedCodeRow).where(IssuedCodeRow.person_id == whom.id))
    return len(own) + len(abroad)


def forget_guest(session: Session, activity: str, person: str) -> None:
    """The home of a guest of ours has erased what it had asked for that person: the name goes from our list."""
    here = (ParticipationRow.activity_id == activity) & (ParticipationRow.person_id == person)
    session.execute(update(ParticipationRow).where(here).values(
        name=ERASED, reason=None, group_name=None, seat=None
    ))  # fmt: skip


def follow_request(session: Session, told: Seen) -> None:
    """What was asked for a guest of ours was erased at the guest's home: the name goes from our list as well."""
    if told.record is None and (of := requests.about_whom(session, told.id)):
        forget_guest(session, *of)


def guests_before(day: dt.date) -> list[ColumnElement[bool]]:
    """Names of other committees' people at activities that were over before this day."""
    return [
        ParticipationRow.activity_id.in_(activities.over_before(day)), ParticipationRow.home_id.is_not(None),
        ParticipationRow.home_id != ParticipationRow.committee_id, ParticipationRow.name != ERASED,
    ]  # fmt: skip


def count_guests(session: Session, day: dt.date) -> int:
    return session.scalar(select(func.count()).select_from(ParticipationRow).where(*guests_before(day))) or 0


def forget_guests(unit: Unit, day: dt.date) -> int:
    """The oldest of them are gone, some hundred at once; how many. Signing up was consent until then (practice 17)."""
    rows = unit.session.scalars(select(ParticipationRow).where(*guests_before(day)).limit(_AT_ONCE)).all()
    for row in rows:
        row.name, row.group_name, row.seat = ERASED, None, None
    return len(rows)


def count_codes(session: Session, moment: dt.datetime) -> int:
    """Check-in codes that were over before that moment."""
    return session.scalar(select(func.count()).select_from(IssuedCodeRow).where(IssuedCodeRow.until < moment)) or 0


def forget_codes(unit: Unit, moment: dt.datetime) -> int:
    """That they were shown is forgotten, of the oldest first, some hundred at once; how many."""
    over = select(IssuedCodeRow).where(IssuedCodeRow.until < moment).order_by(IssuedCodeRow.until).limit(_AT_ONCE)
    rows = unit.session.scalars(over).all()
    for row in rows:
        unit.session.delete(row)
    return len(rows)
