"""首接: who looks first at what was reported at a venue (practice rule 7)."""

import datetime as dt

from sqlalchemy.orm import Session

from tenant_service.identity import accounts
from tenant_service.identity.policy import ALLOWED, Role, UseCase
from tenant_service.members import queries as members
from tenant_service.topics.models import TopicRow
from tenant_service.venues import queries as venues


def first(session: Session, row: TopicRow, today: dt.date) -> str | None:
    """The venue, where a member who answers for it has a seat and an account; else the liaison of its town; None: the
    desk.
    """
    if row.venue_id is None:
        return None
    keepers = members.seated(session, venues.keepers(session, row.venue_id), today)
    if accounts.open_of(session, keepers, ALLOWED[UseCase.RECEIVE_TOPICS]):
        return row.venue_id
    liaisons = accounts.open_of(session, members.in_unit(session, row.area_id, today), {Role.STREET})
    return min(liaisons, default=None)


def called(session: Session, receiver: str) -> str:
    """Whoever receives it, by name: of a venue all who answer for it."""
    persons = venues.keepers(session, receiver) or [receiver]
    return "、".join(sorted(members.persons_named(session, persons).values()))


def choices(session: Session, today: dt.date) -> list[tuple[str, str]]:
    """Id and name of members to whom a report may be handed on: they have a seat and an account."""
    seated = members.seat_holders(session, today)
    held = accounts.open_of(session, seated, ALLOWED[UseCase.RECEIVE_TOPICS])
    return sorted(members.persons_named(session, held).items(), key=lambda each: (each[1], each[0]))
