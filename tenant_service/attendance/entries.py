"""Rows of the list: who may stand on it, how somebody comes to stand on it, and who is told."""

from collections.abc import Iterable
from dataclasses import dataclass

from sync.contract.channels import partner
from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import checked, kind_of, owner_of
from sync.contract.shapes.activities import ActivityState
from sync.contract.shapes.participations import ParticipationRecord, ParticipationRole, ParticipationState
from sync.contract.shapes.requests import RequestKind
from tenant_service import wording
from tenant_service.activities import queries as activities
from tenant_service.activities import service as activity_service
from tenant_service.activities.queries import Hosted
from tenant_service.activities.rules import OPEN_STATES
from tenant_service.attendance import crediting, queries, rules, telling
from tenant_service.attendance.models import ParticipationRow
from tenant_service.exchange import way_out
from tenant_service.identity.actor import Actor
from tenant_service.members import queries as members
from tenant_service.requests import service as requests
from tenant_service.storage.unit_of_work import Unit

_State = ParticipationState
UNNAMED = "姓名待补"
"""Stands where a name should, of who came back after a restore: names never travel with the record."""


@dataclass(frozen=True)
class Invited:
    """Who is invited: a person by pseudonym or a body by id, and the name that the desk shows."""

    id: str
    name: str
    role: ParticipationRole = ParticipationRole.ATTENDEE
    must_answer: bool = False


def open_activity(unit: Unit, id: str) -> Hosted:
    """Our published or held activity, locked. Raises: Refusal NOT_FOUND, OUT_OF_TURN."""
    row = activities.hosted_locked(unit.session, id)
    if row.state not in OPEN_STATES:
        raise Refusal(Code.OUT_OF_TURN, now=row.state)
    return row


def entry(unit: Unit, id: str) -> tuple[Hosted, ParticipationRow]:
    """The participation and its activity, both locked, in the order in which everybody locks them.

    Raises:
        Refusal: NOT_FOUND.
    """
    activity = activities.hosted_locked(unit.session, queries.activity_of(unit.session, id))
    return activity, queries.locked(unit.session, id)


def known_guests(unit: Unit, guests: Iterable[Invited]) -> None:
    """Each of them is somebody: a person or body of ours, or a person of a committee that we exchange with.

    Raises:
        Refusal: BAD_ID; BAD_VALUE, neither a person nor a body; NOT_FOUND, none of ours; UNKNOWN_COMMITTEE; NO_CHANNEL,
            nobody could tell that person's home.
    """
    ours: list[str] = []
    for guest in guests:
        kind, owner = kind_of(checked(guest.id)), owner_of(guest.id)
        if kind not in ("person", "body"):
            raise Refusal(Code.BAD_VALUE, field="id", why=Said("须为人员或单位", "a person or a body"))
        if kind == "body":
            if members.body(unit.session, guest.id) is None:
                raise Refusal(Code.NOT_FOUND)
        elif owner == unit.committee:
            ours.append(guest.id)
        elif owner not in unit.directory.committees:
            raise Refusal(Code.UNKNOWN_COMMITTEE, id=owner)
        elif partner(owner) not in unit.directory.channels_of(unit.committee):
            raise Refusal(Code.NO_CHANNEL, id=owner)
    if ours and len(members.persons_named(unit.session, ours)) < len(set(ours)):
        raise Refusal(Code.NOT_FOUND)


def new(unit: Unit, activity: Hosted, guest: Invited, state: _State, by: str) -> ParticipationRow:
    """Somebody who was not on the list stands on it; `by`: the account, or the home that asked."""
    person = guest.id if kind_of(guest.id) == "person" else None
    row = ParticipationRow(
        id=unit.new_id("participation"), committee_id=unit.committee, activity_id=activity.id, person_id=person,
        home_id=owner_of(person) if person else None, participant=guest.id, name=wording.text("name", guest.name, 60),
        role=guest.role if person else ParticipationRole.DEPARTMENT, state=state, checked_in_at=None,
        checked_out_at=None, reason=None, revision=0, must_answer=guest.must_answer, leave=None, recorded_by=by,
        changed_at=unit.now, queued_at=unit.now,
    )  # fmt: skip
    unit.session.add(row)
    return row


def name(row: ParticipationRow, guest: Invited) -> None:
    """Who came back after a restore without a name has the one that is said now."""
    if row.name == UNNAMED:
        row.name = wording.text("name", guest.name, 60)


def move_up(unit: Unit, activity: Hosted) -> None:
    """候补递补: while the activity is to come, free places go to those who have waited longest."""
    if activity.state is not ActivityState.PUBLISHED or activity.capacity is None:
        return
    while queries.taken(unit.session, activity.id) < activity.capacity:
        waiting = queries.next_waiting(unit.session, activity.id)
        if waiting is None:
            return
        waiting.state = rules.LIST.after(_State.REGISTERED, waiting.state)
        told(unit, waiting)
        telling.moved_up(unit, activity, waiting)


def settle(unit: Unit, activity: str) -> None:
    """缺席: where a list was kept, whoever had a place or was invited and did not come was absent; whoever was at one
    part of a meeting was at the meeting.
    """
    came = _came(unit, activity)
    if not came:
        return
    for who, row in queries.rows_for(unit.session, activity).items():
        if row.person_id and row.state in (_State.REGISTERED, _State.INVITED):
            row.state = rules.LIST.after(_State.PRESENT if who in came else _State.ABSENT, row.state)
            told(unit, row)


def settle_part(unit: Unit, meeting: str, part: str, by: str) -> None:
    """The same of a part: whoever is on the meeting's list and did not come to it was absent, or on leave."""
    if not queries.present(unit.session, part):
        return
    settle(unit, part)
    known, hosted = queries.rows_for(unit.session, part), activities.hosted(unit.session, part)
    for who, row in queries.rows_for(unit.session, meeting).items():
        if row.person_id and who not in known and row.state in rules.CALLED:
            state = _State.ON_LEAVE if row.state is _State.ON_LEAVE else _State.ABSENT
            told(unit, new(unit, hosted, Invited(who, row.name, row.role), state, by))


def count(unit: Unit, activity: str) -> None:
    """出席 of an activity; of a meeting with parts, everybody once who was at any of them."""
    hosted = activities.hosted(unit.session, activity)
    activity_service.count_present(unit, activity, len(_came(unit, activity)))
    if hosted.parent_id is not None:
        activity_service.count_present(unit, hosted.parent_id, len(_came(unit, hosted.parent_id)))


def _came(unit: Unit, activity: str) -> set[str]:
    parts = [part.id for part in activities.parts(unit.session, activity)]
    return queries.present_at_any(unit.session, [activity, *parts])


def changed(unit: Unit, row: ParticipationRow, actor: Actor, act: str) -> ParticipationRecord:
    """The way out of what somebody here did: told, and noted."""
    made = way_out.changed(unit, actor, row, act, _home(unit, row))
    telling.stands(unit, row)
    crediting.credited(unit, row)
    _answered(unit, row)
    return made


def told(unit: Unit, row: ParticipationRow) -> ParticipationRecord:
    """A new version, told to the member's home and to nobody else."""
    made = way_out.revised(unit, row, _home(unit, row))
    telling.stands(unit, row)
    crediting.credited(unit, row)
    _answered(unit, row)
    return made


def _home(unit: Unit, row: ParticipationRow) -> set[str] | None:
    """The channel to another committee's member's home, while there is one."""
    channel = partner(row.home_id or unit.committee)
    is_abroad = row.home_id not in (None, unit.committee)
    return {channel} if is_abroad and channel in unit.directory.channels_of(unit.committee) else None


def _answered(unit: Unit, row: ParticipationRow) -> None:
    """Whoever asked for leave hears what became of it."""
    if row.leave is not None and row.state is not _State.LEAVE_ASKED:
        about = (row.activity_id, row.participant, RequestKind.LEAVE)
        requests.decide(unit, about, accepted=row.state is _State.ON_LEAVE, reason=row.reason)
