"""Everything that the committee holds of one person, gathered from all rooms."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from sync.contract.directory import Directory
from sync.contract.errors import Code, Refusal
from sync.contract.ids import checked
from tenant_service.activities import personal as activities
from tenant_service.attendance import personal as attendance
from tenant_service.exchange import left
from tenant_service.exchange.left import Departure
from tenant_service.identity import personal as identity
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import personal as members
from tenant_service.requests import personal as requests
from tenant_service.roster import personal as roster
from tenant_service.storage import search
from tenant_service.storage.personal import ERASED, Held, Holder, Whom
from tenant_service.venues import personal as venues

HOLDERS: tuple[Holder, ...] = (members, roster, attendance, requests, venues, activities, identity)
"""Every room that holds something of people, in the order in which it is told."""
_TRAVELS = ("request", "participation")
"""Tables whose rows are told to other committees, as records of the same ids."""
_TEXTS = ("activity", "venue", "unit")
"""Kinds of records in whose free text somebody may be named."""
MOST_MENTIONS = 50


def subject(session: Session, actor: Actor, id: str) -> Whom:
    """One of our people, for that person and for who handles people's data here.

    Raises:
        Refusal: NOT_SIGNED_IN, BAD_ID, FORBIDDEN; NOT_FOUND, nobody of that id.
    """
    if not (actor.is_home and actor.person == checked(id) and not actor.must_change):
        actor.require(UseCase.HANDLE_PERSONAL)
    return one(session, id)


def one(session: Session, id: str) -> Whom:
    """One of our people, whoever asks. Raises: Refusal NOT_FOUND."""
    found = members.whom(session, id)
    if found is None:
        raise Refusal(Code.NOT_FOUND)
    return found


def held(session: Session, whom: Whom) -> list[Held]:
    return [each for holder in HOLDERS for each in holder.about(session, whom)]


def departures(session: Session, actor: Actor, directory: Directory, rows: Iterable[Held]) -> list[Departure]:
    """What of these rows has left the committee."""
    ids = [each.key for each in rows if each.table in _TRAVELS]
    return left.departures(session, actor.committee, directory, ids)


def of_record(session: Session, actor: Actor, directory: Directory, id: str) -> list[Departure]:
    """What of one record of ours has left. Raises: Refusal NOT_SIGNED_IN, FORBIDDEN, BAD_ID."""
    actor.require(UseCase.HANDLE_PERSONAL)
    return left.departures(session, actor.committee, directory, [checked(id)])


def mentions(session: Session, whom: Whom) -> Sequence[str]:
    """Ids of records whose free text has the person's name: for people to look through, because only they know whether
    it is this person, and whether it has to go.
    """
    if whom.name == ERASED:
        return []
    found = [id for kind in _TEXTS for id in session.scalars(search.matching(session, kind, whom.name).limit(50))]
    return found[:MOST_MENTIONS]
