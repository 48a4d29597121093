"""The ledger as other rooms write it: what a record says that somebody did, within that record's own act.

So nothing is credited of an act that was rolled back. Lines are never changed: what no longer holds is taken back by a
line that names it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from sync.contract.ids import Id, owner_of
from tenant_service.performance import queries
from tenant_service.performance.models import LedgerRow
from tenant_service.performance.rules import Deed, LedgerSource

LONGEST_TITLE = 120


class Writing(Protocol):
    """Where a line is written: within an act of ours, or where a record of another committee is taken in."""

    session: Session
    committee: str
    now: dt.datetime

    def new_id(self, kind: str) -> Id: ...


@dataclass(frozen=True)
class Credit:
    """One thing that a record says somebody did.

    Attributes:
        day: On which it was done, Asia/Shanghai.
        title: What it is called, for people; what is too long is cut.
        role: As what, as the record says.
    """

    deed: Deed
    day: dt.date
    title: str
    role: str | None = None


def append(writing: Writing, person: str, subject: str, version: int, credit: Credit) -> bool:
    """The person is credited with this for the record, beside whatever stands; False: that deed is there already, or
    the person is none of ours.
    """
    lines = queries.of_record(writing.session, person, subject)
    if owner_of(person) != writing.committee or any(each.deed is credit.deed for each in _standing(lines)):
        return False
    _write(writing, person, subject, version, credit, len(lines) + 1)
    writing.session.flush()
    return True


def settle(writing: Writing, person: str, subject: str, version: int, credits: Sequence[Credit] = ()) -> int:
    """The ledger says for this record of this person exactly this from now: what no longer holds is taken back by a
    counter-line, what is new is written. Done twice, nothing is written the second time.
    People of other committees are left to their home. How many lines were written.
    """
    if owner_of(person) != writing.committee:
        return 0
    lines = queries.of_record(writing.session, person, subject)
    standing, at = _standing(lines), len(lines)
    wanted = {_key(each): each for each in credits}
    gone = [each for each in standing if _key_of(each) not in wanted]
    new = [each for key, each in wanted.items() if key not in set(map(_key_of, standing))]
    for row in gone:
        at += 1
        counter(writing, row, version, at)
    for credit in new:
        at += 1
        _write(writing, person, subject, version, credit, at)
    writing.session.flush()
    return len(gone) + len(new)


def counter(
    writing: Writing, row: LedgerRow, version: int, seq: int, note: str | None = None, by: str | None = None
) -> LedgerRow:
    """A line that takes another one back (冲销), in the year of that one."""
    made = LedgerRow(
        id=writing.new_id("ledger_line"), person_id=row.person_id, subject=row.subject, version=version, seq=seq,
        deed=row.deed, day=row.day, role=row.role, title=row.title, source=row.source,
        is_late=is_closed(writing.session, row.day), counters_id=row.id, note=note, written_at=writing.now,
        written_by=by,
    )  # fmt: skip
    writing.session.add(made)
    return made


def is_closed(session: Session, day: dt.date) -> bool:
    """Whether that day's year is closed."""
    return queries.closed(session, day.year) is not None


def _write(writing: Writing, person: str, subject: str, version: int, credit: Credit, seq: int) -> None:
    row = LedgerRow(
        id=writing.new_id("ledger_line"), person_id=person, subject=subject, version=version, seq=seq,
        deed=credit.deed, day=credit.day, role=credit.role, title=credit.title[:LONGEST_TITLE],
        source=LedgerSource.HERE if owner_of(subject) == writing.committee else LedgerSource.ABROAD,
        is_late=is_closed(writing.session, credit.day), counters_id=None, note=None, written_at=writing.now,
        written_by=None,
    )  # fmt: skip
    writing.session.add(row)


def _standing(lines: Sequence[LedgerRow]) -> list[LedgerRow]:
    gone = {each.counters_id for each in lines if each.counters_id}
    return [each for each in lines if each.counters_id is None and each.id not in gone]


def _key(credit: Credit) -> tuple[Deed, dt.date, str | None]:
    return credit.deed, credit.day, credit.role


def _key_of(row: LedgerRow) -> tuple[Deed, dt.date, str | None]:
    return row.deed, row.day, row.role
