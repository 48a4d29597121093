"""Everything that the committee holds of one person, gathered from all rooms."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.ids import checked, kind_of
from sync.contract.instants import day_of
from sync.contract.records import RECORDS
from sync.contract.trust.directory import Directory
from tenant_service import rooms
from tenant_service.exchange.watching import left
from tenant_service.exchange.watching.left import Departure
from tenant_service.identity import disclosures
from tenant_service.identity import personal as identity
from tenant_service.identity.actor import Actor
from tenant_service.identity.audit_log import listing as audit_listing
from tenant_service.identity.disclosures import Purpose
from tenant_service.identity.policy import UseCase
from tenant_service.members import personal as members
from tenant_service.members import queries as member_queries
from tenant_service.personal_data.rules import MaskedField
from tenant_service.room import Without
from tenant_service.storage import search
from tenant_service.storage.personal import ERASED, Held, Holder, Whom

HOLDERS: tuple[Holder, ...] = (*rooms.HOLDERS, identity)
"""Every room that holds something of people, in the order in which it is told; and their accounts."""
TABLES = {table.name: table for holder in HOLDERS for table in holder.TABLES}
_TRAVELS = {
    kind.name for kind in rooms.KINDS.values()
    if not isinstance(kind.recover, Without) and any(each.metadata["personal"] for each in fields(RECORDS[kind.name]))
}  # fmt: skip
"""Tables whose rows are told to other committees, as records of the same ids that say something of people."""
MASKED = {name: tuple(MaskedField[field.upper()] for field in masked.fields) for name, masked in rooms.MASKED.items()}
"""Kind of record → what of it is masked."""
MOST_MENTIONS = 50
_OF_THE_ROSTER = "members.export"
_WITH_CONTACTS = {name for name, masked in rooms.MASKED.items() if masked.has_contact}
_SHOWN_BY_ROW = _WITH_CONTACTS | {name for name, table in TABLES.items() if table.shows_phones}
"""Tables of which it stands in the register, by the key of a row, who was shown the phone in it."""


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
    """Every row, and who was shown the phones of records whose contact the person is."""
    rows = gathered(session, whom)
    return [*rows, *identity.shown_of(session, contacts_in(rows))]


def gathered(session: Session, whom: Whom) -> list[Held]:
    """What the rooms tell."""
    return [each for holder in HOLDERS for each in holder.about(session, whom)]


def contacts_in(rows: Iterable[Held]) -> list[str]:
    """Records among these whose contact the person is, and what the person reported."""
    return [each.key for each in rows if each.table in _SHOWN_BY_ROW]


def standing(session: Session, id: str, field: MaskedField) -> str | None:
    """What stands in a masked field. Raises: Refusal NOT_FOUND, no such record of ours."""
    found: str | None = getattr(rooms.MASKED[kind_of(id)].row(session, id), field.value)
    return found


def contact_of(session: Session, id: str) -> tuple[str | None, str | None]:
    """Name and phone of the contact that stands on a record. Raises: Refusal BAD_ID, NOT_FOUND."""
    if kind_of(checked(id)) not in _WITH_CONTACTS:
        raise Refusal(Code.NOT_FOUND)
    row = rooms.MASKED[kind_of(id)].row(session, id)
    return row.contact_name, row.contact_phone


def departures(session: Session, actor: Actor, directory: Directory, rows: Iterable[Held]) -> list[Departure]:
    """What of these rows has left the committee."""
    ids = [each.key for each in rows if each.table in _TRAVELS]
    return left.departures(session, actor.committee, directory, ids)


@dataclass(frozen=True)
class Disclosed:
    """That something of a person was shown or taken out; `who` did is called so today, `rows` says of how many."""

    at: dt.datetime
    sub: str
    who: str
    act: str
    field: str | None
    purpose: Purpose | None
    reason: str | None
    rows: int


def disclosed(session: Session, actor: Actor, whom: Whom, rows: Iterable[Held]) -> list[Disclosed]:
    """Who was shown or took out what of the person, oldest first: alone, as a record's contact, or in a roster that was
    taken out on a day on which the person had a seat.
    """
    subjects = [whom.id, *contacts_in(rows)]
    found = [each for subject in subjects for each in disclosures.about(session, subject)]
    found += [
        each for each in disclosures.about(session, actor.committee)
        if each.act == _OF_THE_ROSTER and member_queries.seated(session, [whom.id], day_of(each.at))
    ]  # fmt: skip
    names = audit_listing.names_of(session, {each.sub for each in found})
    return [
        Disclosed(
            each.at, each.sub, names.get(each.sub, each.sub), each.act, each.field,
            Purpose.known(each.purpose or ""), each.reason, each.rows,
        )
        for each in sorted(found, key=lambda each: (each.at, each.id))
    ]  # fmt: skip


def of_record(session: Session, actor: Actor, directory: Directory, id: str) -> list[Departure]:
    """What of one record of ours has left. Raises: Refusal NOT_SIGNED_IN, FORBIDDEN, BAD_ID."""
    actor.require(UseCase.HANDLE_PERSONAL)
    return left.departures(session, actor.committee, directory, [checked(id)])


def mentions(session: Session, whom: Whom) -> Sequence[str]:
    """Ids of records whose free text, contact or file has the person's name: for people to look through, because only
    they know whether it is this person, and whether it has to go.
    """
    if whom.name == ERASED:
        return []
    matching = (search.matching(session, kind, whom.name).limit(MOST_MENTIONS) for kind in rooms.REACHING)
    found = [id for each in matching for id in session.scalars(each)]
    known = {each.key for each in gathered(session, whom)}
    named = (table.named(session, whom.name) for table in TABLES.values() if table.named)
    found += [id for each in named for id in each if id not in known]
    return list(dict.fromkeys(found))[:MOST_MENTIONS]
