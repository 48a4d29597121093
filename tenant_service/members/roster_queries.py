"""Reads of the roster's import and export."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.members import MembershipKind, MembershipState, UnitKind
from tenant_service.members import queries
from tenant_service.members.models import BatchRow, LineRow, MembershipRow, PersonRow, UnitRow
from tenant_service.members.roster import UNIT_COLUMNS, About, Local, Seat
from tenant_service.members.roster_rules import Held, Known
from tenant_service.members.rules import BatchState, Verdict

_NAMED = (*UNIT_COLUMNS.values(), UnitKind.SECTOR)


Place = tuple[str, str]
"""Where a page of the export ended: sort key and id."""


@dataclass(frozen=True)
class Tally:
    """How many rows of a file came to which verdict, and how many the act at hand has still to do."""

    verdicts: dict[Verdict, int]
    open: int

    @property
    def total(self) -> int:
        return sum(self.verdicts.values())


def local_words(session: Session) -> Local:
    """The committee's own names of sectors, and its open units that rosters name."""
    rows = session.execute(
        select(UnitRow.kind, UnitRow.name, UnitRow.id, UnitRow.sector).where(
            UnitRow.kind.in_(_NAMED), UnitRow.until.is_(None)
        )
    ).all()
    return Local(
        sectors={name: sector for kind, name, _, sector in rows if kind is UnitKind.SECTOR and sector},
        units={(kind, name): id for kind, name, id, _ in rows},
    )


def batch(session: Session, id: str) -> BatchRow:
    """Raises: Refusal NOT_FOUND."""
    row = session.get(BatchRow, id)
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return row


def forgotten(session: Session, before: dt.datetime) -> list[str]:
    """Previews from before this moment that nobody applied."""
    never = BatchRow.state.in_((BatchState.PREVIEWING, BatchState.PREVIEWED))
    return list(session.scalars(select(BatchRow.id).where(never, BatchRow.at < before)))


def batches(session: Session, most: int = 20) -> list[BatchRow]:
    """The latest files, newest first."""
    return list(session.scalars(select(BatchRow).order_by(BatchRow.at.desc(), BatchRow.id.desc()).limit(most)))


def tally(session: Session, id: str) -> Tally:
    counted = select(LineRow.verdict, LineRow.is_open, func.count()).where(LineRow.batch_id == id)
    verdicts, undone = dict.fromkeys(Verdict, 0), 0
    for verdict, is_open, count in session.execute(counted.group_by(LineRow.verdict, LineRow.is_open)):
        verdicts[verdict] += count
        undone += count if is_open else 0
    return Tally(verdicts, undone)


def lines(session: Session, id: str, after: int, most: int, verdict: Verdict | None = None) -> list[LineRow]:
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
        LineRow.batch_id == id, LineRow.person_id.in_(persons), LineRow.verdict != Verdict.ERROR
    )
    return {person: number for person, number in session.execute(wanted) if person}


def is_stale(session: Session, id: str) -> bool:
    """Whether somebody whom the preview means, or says is new, is not what he was then."""
    here = LineRow.batch_id == id
    changed = select(LineRow.number).join(PersonRow, PersonRow.id == LineRow.person_id)
    moved = or_(PersonRow.revision != LineRow.revision, PersonRow.left_on.is_not(None))
    gone = select(LineRow.number).outerjoin(PersonRow, PersonRow.id == LineRow.person_id)
    numbered = select(LineRow.number).join(PersonRow, PersonRow.roster_no == LineRow.roster_no)
    named = select(LineRow.number).join(PersonRow, PersonRow.name == LineRow.name)
    questions = (
        changed.where(here, LineRow.verdict != Verdict.ERROR, moved),
        gone.where(here, LineRow.person_id.is_not(None), PersonRow.id.is_(None)),
        numbered.where(here, LineRow.verdict != Verdict.ERROR, _somebody_else()),
        named.where(here, LineRow.verdict == Verdict.NEW, _same_as_line()),
    )
    return any(session.scalar(each.limit(1)) is not None for each in questions)


def taken(session: Session, lines: Sequence[LineRow]) -> set[int]:
    """Which of these rows' numbers, or names and birth months of new people, have become somebody else's."""
    if not lines:
        return set()
    here = and_(LineRow.batch_id == lines[0].batch_id, LineRow.number.in_([each.number for each in lines]))
    numbered = select(LineRow.number).join(PersonRow, PersonRow.roster_no == LineRow.roster_no)
    named = select(LineRow.number).join(PersonRow, PersonRow.name == LineRow.name)
    questions = (
        numbered.where(here, _somebody_else()), named.where(here, LineRow.verdict == Verdict.NEW, _same_as_line())
    )  # fmt: skip
    return {number for each in questions for number in session.scalars(each)}


def is_used(session: Session, id: str) -> bool:
    """Whether somebody whom this import wrote was changed since."""
    wrote = select(LineRow.number).outerjoin(PersonRow, PersonRow.id == LineRow.person_id)
    changed = or_(PersonRow.id.is_(None), PersonRow.revision != LineRow.revision)
    found = wrote.where(LineRow.batch_id == id, LineRow.before.is_not(None), changed)
    return session.scalar(found.limit(1)) is not None


def new_persons(session: Session, id: str) -> list[str]:
    """Whom this import put on the list."""
    wanted = select(LineRow.person_id).where(
        LineRow.batch_id == id, LineRow.verdict == Verdict.NEW, LineRow.before.is_not(None)
    )
    return [each for each in session.scalars(wanted) if each]


def candidates(session: Session, abouts: Sequence[About], day: dt.date) -> list[Known]:
    """Everybody whom one of these could mean: with the same roster number, or of the same name and not left."""
    numbers = [each.roster_no for each in abouts if each.roster_no]
    names = [each.name for each in abouts]
    present = PersonRow.name.in_(names) & PersonRow.left_on.is_(None)
    rows = session.scalars(select(PersonRow).where(or_(PersonRow.roster_no.in_(numbers), present))).all()
    return _known(session, rows, day)


def persons(session: Session, ids: Sequence[str | None]) -> list[PersonRow]:
    wanted = [each for each in ids if each]
    return list(session.scalars(select(PersonRow).where(PersonRow.id.in_(wanted)))) if wanted else []


def _known(session: Session, rows: Sequence[PersonRow], day: dt.date) -> list[Known]:
    """With what they hold, or will hold from a day that is still to come."""
    held: dict[str, list[MembershipRow]] = {row.id: [] for row in rows}
    wanted = select(MembershipRow).where(
        MembershipRow.person_id.in_(held), MembershipRow.kind == MembershipKind.MEMBER,
        MembershipRow.state == MembershipState.ACTIVE, or_(MembershipRow.until.is_(None), MembershipRow.until >= day),
    )  # fmt: skip
    for each in session.scalars(wanted.order_by(MembershipRow.term.asc().nulls_first(), MembershipRow.id)):
        held[each.person_id or ""].append(each)
    return [_as_known(row, held[row.id]) for row in rows]


def _as_known(row: PersonRow, held: Sequence[MembershipRow]) -> Known:
    return Known(
        id=row.id, revision=row.revision, about=about_of(row), has_left=row.left_on is not None,
        seats=[Held(id=each.id, seat=seat_of(each)) for each in held if each.unit_id is None],
        units=frozenset(each.unit_id for each in held if each.unit_id),
    )  # fmt: skip


def about_of(row: PersonRow) -> About:
    return About(
        name=row.name, roster_no=row.roster_no, gender=row.gender.value if row.gender else None,
        birth_month=row.birth_month, work_phone=row.work_phone, employer=row.employer, tags=list(row.tags) or None,
    )  # fmt: skip


def seat_of(row: MembershipRow) -> Seat:
    since = row.since.isoformat() if row.since else None
    return Seat(title=row.title, term=row.term, sector=row.sector, party=row.party, since=since)


def exported(session: Session, day: dt.date, most: int, after: Place | None) -> tuple[list[Known], Place | None]:
    """Members of `day` behind `after`, in the roster's order; and where to go on, if there are more."""
    seated = select(MembershipRow.person_id).where(*queries.seats(), *queries.in_force_on(day))
    wanted = select(PersonRow).where(PersonRow.id.in_(seated)).order_by(PersonRow.sort_key, PersonRow.id)
    if after is not None:
        behind = or_(PersonRow.sort_key > after[0], and_(PersonRow.sort_key == after[0], PersonRow.id > after[1]))
        wanted = wanted.where(behind)
    rows = session.scalars(wanted.limit(most)).all()
    place = (rows[-1].sort_key, rows[-1].id) if len(rows) == most else None
    return _known(session, rows, day), place


def _somebody_else() -> ColumnElement[bool]:
    return or_(LineRow.person_id.is_(None), LineRow.person_id != PersonRow.id)


def _same_as_line() -> ColumnElement[bool]:
    """Of the same birth month, known or unknown, and not told apart by two numbers."""
    apart = and_(
        PersonRow.roster_no.is_not(None), LineRow.roster_no.is_not(None), PersonRow.roster_no != LineRow.roster_no,
        PersonRow.birth_month.is_(None),
    )  # fmt: skip
    same = PersonRow.birth_month.is_not_distinct_from(LineRow.birth_month)
    return and_(PersonRow.left_on.is_(None), same, ~apart)
