"""How people come from a roster, and how what it said of them is taken back. The roster's room calls these."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete, select

from sync.contract.instants import day_of
from sync.contract.shapes.members import MembershipEntry, MembershipKind, MembershipState
from sync.contract.shapes.sectors import Party, Sector
from tenant_service.members import names, queries, service
from tenant_service.members.known import about_of, seat_of
from tenant_service.members.models import MembershipRow, PersonRow, PersonTagRow
from tenant_service.members.plans import Before, Plan, told
from tenant_service.members.rules import Gender
from tenant_service.storage import search
from tenant_service.storage.unit_of_work import Unit


class Taken(NamedTuple):
    """Who was taken, the person's revision from then on, and what stood there before."""

    person: str
    revision: int
    before: Before


def revisions(unit: Unit, persons: Iterable[str | None]) -> dict[str, int]:
    """The revision of each of these people who is there."""
    return {row.id: row.revision for row in _rows(unit, persons).values()}


def present(unit: Unit, persons: Iterable[str | None]) -> dict[str, int]:
    """The same of those who have not left."""
    return {row.id: row.revision for row in _rows(unit, persons).values() if row.left_on is None}


def take(unit: Unit, plans: Sequence[tuple[str | None, Plan]]) -> list[Taken]:
    """Each of these people is as the plan says; None: somebody new."""
    rows, written = _rows(unit, (person for person, _ in plans)), list[tuple[PersonRow, Plan, Before]]()
    for person, plan in plans:
        row, before = _take(unit, rows.get(person or ""), plan)
        written.append((row, plan, before))
    unit.session.flush()  # people stand before what they are
    for row, plan, before in written:
        _take_seats(unit, row, plan, before)
    service.refresh_index(unit, [row for row, _, _ in written])
    return [Taken(row.id, row.revision, before) for row, _, before in written]


def restore(unit: Unit, person: str, before: Before) -> bool:
    """The person is as before; False: the roster number that this was is somebody else's by now, and nothing is done.
    Whoever restored people says so with `found_as_now`.
    """
    row, no = unit.session.get_one(PersonRow, person), before.about.get("roster_no")
    holder = queries.by_roster_no(unit.session, no) if no else None
    if holder is not None and holder.id != row.id:
        return False
    _write_about(row, before.about)
    unit.session.execute(delete(MembershipRow).where(MembershipRow.id.in_(before.made)))
    if before.seat:
        seat = dict(before.seat)
        _write_seat(unit, queries.locked_membership(unit.session, seat.pop("id")), seat)
    row.revision, row.changed_at = row.revision + 1, unit.now
    return True


def found_as_now(unit: Unit, persons: Sequence[str]) -> None:
    """These people are found by what they are now."""
    service.refresh_index(unit, list(_rows(unit, persons).values()))


def remove(unit: Unit, persons: Sequence[str]) -> None:
    """These people were never on the list."""
    session = unit.session
    session.flush()
    search.forget_all(session, persons)
    session.execute(delete(PersonTagRow).where(PersonTagRow.person_id.in_(persons)))
    session.execute(delete(MembershipRow).where(MembershipRow.person_id.in_(persons)))
    session.execute(delete(PersonRow).where(PersonRow.id.in_(persons)))


def _rows(unit: Unit, persons: Iterable[str | None]) -> Mapping[str, PersonRow]:
    wanted = [each for each in persons if each]
    found = unit.session.scalars(select(PersonRow).where(PersonRow.id.in_(wanted))) if wanted else ()
    return {row.id: row for row in found}


def _take(unit: Unit, row: PersonRow | None, plan: Plan) -> tuple[PersonRow, Before]:
    """The person is as the plan says; and what stood there before."""
    before = Before()
    if row is None:
        row = PersonRow(id=unit.new_id("person"), committee_id=unit.committee, revision=0, left_on=None, tags=[])
    else:
        have = told(about_of(row))
        before.about = {name: have.get(name) for name in plan.about}
    _write_about(row, plan.about)
    row.revision, row.changed_at = row.revision + 1, unit.now
    unit.session.add(row)
    return row, before


def _take_seats(unit: Unit, row: PersonRow, plan: Plan, before: Before) -> None:
    """The person holds what the plan says; what was held before is noted."""
    for each in plan.units:
        before.made.append(_membership(unit, row, unit_id=each, since=day_of(unit.now)))
    if not plan.has_seat:
        return
    if plan.seat_id is None:
        before.made.append(_membership(unit, row, entry=MembershipEntry.TERM, **_seat(plan.seat)))
        return
    held = queries.locked_membership(unit.session, plan.seat_id)
    have = told(seat_of(held))
    before.seat = {"id": held.id} | {name: have.get(name) for name in plan.seat}
    _write_seat(unit, held, plan.seat)


def _membership(unit: Unit, row: PersonRow, **told: Any) -> str:
    made = MembershipRow(
        id=unit.new_id("membership"), committee_id=unit.committee, revision=1, changed_at=unit.now,
        kind=MembershipKind.MEMBER, state=MembershipState.ACTIVE, person_id=row.id, **told,
    )  # fmt: skip
    unit.session.add(made)
    return made.id


def _write_about(row: PersonRow, about: dict[str, Any]) -> None:
    for name, value in about.items():
        if name == "gender":
            row.gender = Gender.known(value) if value else None
        else:
            setattr(row, name, value if value is not None or name != "tags" else [])
    row.sort_key = names.sort_key(row.name, row.roster_no)


def _seat(told: dict[str, Any]) -> dict[str, Any]:
    read: dict[str, Callable[[Any], Any]] = {
        "sector": Sector.known,
        "party": Party.known,
        "since": dt.date.fromisoformat,
    }
    return {name: read.get(name, lambda same: same)(value) if value else None for name, value in told.items()}


def _write_seat(unit: Unit, held: MembershipRow, told: dict[str, Any]) -> None:
    for name, value in _seat(told).items():
        setattr(held, name, value)
    held.revision, held.changed_at = held.revision + 1, unit.now
