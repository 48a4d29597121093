"""Every read of this room."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from sync.contract.shapes.members import UnitKind
from tenant_service.members import queries as members
from tenant_service.roster.models import BatchRow, LineRow
from tenant_service.roster.reading import UNIT_COLUMNS, Local
from tenant_service.spreadsheets.rules import ImportState, Outcome
from tenant_service.storage.repository import Repository

BATCHES = Repository(BatchRow)
batch = BATCHES.ours
_NAMED = (*UNIT_COLUMNS.values(), UnitKind.SECTOR)
_PEOPLE = members.everybody()


@dataclass(frozen=True)
class Tally:
    """How many rows of a file came to which verdict, and how many the act at hand has still to do."""

    verdicts: dict[Outcome, int]
    open: int

    @property
    def total(self) -> int:
        return sum(self.verdicts.values())


def local_words(session: Session) -> Local:
    """The committee's own names of sectors, and its open units that rosters name."""
    found = members.open_units(session, _NAMED)
    return Local(
        sectors={each.name: each.sector for each in found if each.kind is UnitKind.SECTOR and each.sector},
        units={(each.kind, each.name): each.id for each in found},
    )


def forgotten(session: Session, before: dt.datetime) -> list[str]:
    """Previews from before this moment that nobody applied."""
    never = BatchRow.state.in_((ImportState.PREVIEWING, ImportState.PREVIEWED))
    return list(session.scalars(select(BatchRow.id).where(never, BatchRow.at < before)))


def batches(session: Session, most: int = 20) -> list[BatchRow]:
    """The latest files, newest first."""
    return list(session.scalars(select(BatchRow).order_by(BatchRow.at.desc(), BatchRow.id.desc()).limit(most)))


def tally(session: Session, id: str) -> Tally:
    counted = select(LineRow.verdict, LineRow.is_open, func.count()).where(LineRow.batch_id == id)
    verdicts, undone = dict.fromkeys(Outcome, 0), 0
    for verdict, is_open, count in session.execute(counted.group_by(LineRow.verdict, LineRow.is_open)):
        verdicts[verdict] += count
        undone += count if is_open else 0
    return Tally(verdicts, undone)


def lines(session: Session, id: str, after: int, most: int, verdict: Outcome | None = None) -> list[LineRow]:
    """Rows of the preview behind row `after` of the file, in the file's order."""
    wanted = select(LineRow).where(LineRow.batch_id == id, LineRow.number > after)
    if verdict is not None:
        wanted = wanted.where(LineRow.verdict == verdict)
    return list(session.scalars(wanted.order_by(LineRow.number).limit(most)))


def open_lines(session: Session, id: str, most: int) -> list[LineRow]:
    """The next rows that the act at hand has to do."""
    wanted = select(LineRow).where(LineRow.batch_id == id, LineRow.is_open.is_(True))
    return list(session.scalars(wanted.order_by(LineRow.number).limit(most)))


def matched_already(session: Session, id: str, persons: Sequence[str]) -> dict[str, int]:
    """Which of these people a row of this file means already, and the number of that row."""
    wanted = select(LineRow.person_id, LineRow.number).where(
        LineRow.batch_id == id, LineRow.person_id.in_(persons), LineRow.verdict != Outcome.ERROR
    )
    return {person: number for person, number in session.execute(wanted) if person}


def is_stale(session: Session, id: str) -> bool:
    """Whether somebody whom the preview means, or says is new, is not what he was then."""
    here = LineRow.batch_id == id
    changed = select(LineRow.number).join(_PEOPLE, _PEOPLE.c.id == LineRow.person_id)
    moved = or_(_PEOPLE.c.revision != LineRow.revision, _PEOPLE.c.left_on.is_not(None))
    gone = select(LineRow.number).outerjoin(_PEOPLE, _PEOPLE.c.id == LineRow.person_id)
    numbered = select(LineRow.number).join(_PEOPLE, _PEOPLE.c.roster_no == LineRow.roster_no)
    named = select(LineRow.number).join(_PEOPLE, _PEOPLE.c.name == LineRow.name)
    questions = (
        changed.where(here, LineRow.verdict != Outcome.ERROR, moved),
        gone.where(here, LineRow.person_id.is_not(None), _PEOPLE.c.id.is_(None)),
        numbered.where(here, LineRow.verdict != Outcome.ERROR, _somebody_else()),
        named.where(here, LineRow.verdict == Outcome.NEW, _same_as_line()),
    )
    return any(session.scalar(each.limit(1)) is not None for each in questions)


def taken(session: Session, lines: Sequence[LineRow]) -> set[int]:
    """Which of these rows' numbers, or names and birth months of new people, have become somebody else's."""
    if not lines:
        return set()
    here = and_(LineRow.batch_id == lines[0].batch_id, LineRow.number.in_([each.number for each in lines]))
    numbered = select(LineRow.number).join(_PEOPLE, _PEOPLE.c.roster_no == LineRow.roster_no)
    named = select(LineRow.number).join(_PEOPLE, _PEOPLE.c.name == LineRow.name)
    questions = (
        numbered.where(here, _somebody_else()), named.where(here, LineRow.verdict == Outcome.NEW, _same_as_line())
    )  # fmt: skip
    return {number for each in questions for number in session.scalars(each)}


def is_used(session: Session, id: str) -> bool:
    """Whether somebody whom this import wrote was changed since."""
    wrote = select(LineRow.number).outerjoin(_PEOPLE, _PEOPLE.c.id == LineRow.person_id)
    changed = or_(_PEOPLE.c.id.is_(None), _PEOPLE.c.revision != LineRow.revision)
    found = wrote.where(LineRow.batch_id == id, LineRow.before.is_not(None), changed)
    return session.scalar(found.limit(1)) is not None


def new_persons(session: Session, id: str) -> list[str]:
    """Whom this import put on the list."""
    wanted = select(LineRow.person_id).where(
        LineRow.batch_id == id, LineRow.verdict == Outcome.NEW, LineRow.before.is_not(None)
    )
    return [each for each in session.scalars(wanted) if each]


def _somebody_else() -> ColumnElement[bool]:
    return or_(LineRow.person_id.is_(None), LineRow.person_id != _PEOPLE.c.id)


def _same_as_line() -> ColumnElement[bool]:
    """Of the same birth month, known or unknown, and not told apart by two numbers."""
    apart = and_(
        _PEOPLE.c.roster_no.is_not(None), LineRow.roster_no.is_not(None), _PEOPLE.c.roster_no != LineRow.roster_no,
        _PEOPLE.c.birth_month.is_(None),
    )  # fmt: skip
    same = _PEOPLE.c.birth_month.is_not_distinct_from(LineRow.birth_month)
    return and_(_PEOPLE.c.left_on.is_(None), same, ~apart)
