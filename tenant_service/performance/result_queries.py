"""年度履职结果: points as they are now, and as they were frozen; one's own, and for the office everybody's."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.instants import day_of
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.performance import queries
from tenant_service.performance import scheme_rules as rules
from tenant_service.performance.models import LedgerRow, MemberResultRow, ObjectionRow, ResultRow, SchemeRow
from tenant_service.performance.result_rules import ObjectionState, ResultState
from tenant_service.performance.rules import Deed
from tenant_service.performance.scheme_rules import Assessment, Grade, Line, SchemeRules, UnitStanding
from tenant_service.services import People

# ── as it is now ──


def assessed(
    session: Session, scheme: SchemeRules, year: int, persons: Collection[str], elapsed: int = rules.HUNDRED
) -> dict[str, Assessment]:  # fmt: skip
    """Person → what the scheme makes of that person's ledger now; `elapsed`: as `elapsed_of` has it, for whoever looks
    while the year goes on.
    """
    lines: dict[str, list[Line]] = {person: [] for person in persons}
    wanted = select(LedgerRow.person_id, LedgerRow.id, LedgerRow.deed, LedgerRow.role, LedgerRow.subject).where(
        queries.in_year(year), queries.standing()
    )
    if len(lines) == 1:
        wanted = wanted.where(LedgerRow.person_id == next(iter(lines)))
    for person, id, deed, role, subject in session.execute(wanted.order_by(LedgerRow.day, LedgerRow.id)):
        if person in lines:
            lines[person].append(Line(id, deed, role, subject))
    return {person: rules.assess(scheme, found, elapsed) for person, found in lines.items()}


def elapsed_of(year: int, today: dt.date) -> int:
    """How many hundredths of a year are over; all of them only when it is."""
    if year != today.year:
        return rules.HUNDRED if year < today.year else 0
    return (today.timetuple().tm_yday - 1) * rules.HUNDRED // dt.date(year, 12, 31).timetuple().tm_yday


def last_day(year: int, now: dt.datetime) -> dt.date:
    """The day on which somebody must have a seat to be assessed: the year's last, or today."""
    return min(dt.date(year, 12, 31), day_of(now))


# ── as it was frozen ──


def listed(session: Session, actor: Actor) -> Sequence[ResultRow]:
    """The newest year first; what is not published to the office and whoever signs alone."""
    if not actor.is_inside:
        return []
    wanted = select(ResultRow).order_by(ResultRow.year.desc())
    if not _is_office(actor):
        wanted = wanted.where(ResultRow.state != ResultState.COMPUTED)
    return session.scalars(wanted).all()


def waiting(session: Session, actor: Actor, what: str, today: dt.date) -> Sequence[ResultRow]:
    """Of these the ones that wait to be published (`publish`), to be made final (`final`), or for the member to look
    through the own result (`mine`); of anything else all.
    """
    rows = listed(session, actor)
    published = [row for row in rows if row.state is ResultState.PUBLISHED and row.until is not None]
    if what == "publish":
        return [row for row in rows if row.state is ResultState.COMPUTED]
    if what == "final":
        return [row for row in published if row.until is not None and row.until < today]
    if what == "mine":
        return [
            row for row in published if row.until is not None and today <= row.until
            and session.get(MemberResultRow, (row.id, actor.person or "")) is not None
        ]  # fmt: skip
    return rows


def one(session: Session, actor: Actor, id: str) -> ResultRow:
    """Raises: Refusal NOT_FOUND, also where it is not published to the actor."""
    row = session.get(ResultRow, id) if actor.is_inside else None
    if row is None or (row.state is ResultState.COMPUTED and not _is_office(actor)):
        raise Refusal(Code.NOT_FOUND)
    return row


def members(session: Session, actor: Actor, id: str) -> Sequence[MemberResultRow]:
    """Everybody in it, the most points first: for the office; to a member the own row, to others none."""
    one(session, actor, id)
    wanted = select(MemberResultRow).where(MemberResultRow.result_id == id)
    if not _is_office(actor):
        wanted = wanted.where(MemberResultRow.person_id == (actor.person or ""))
    return session.scalars(wanted.order_by(MemberResultRow.points.desc(), MemberResultRow.person_id)).all()


def of_person(session: Session, actor: Actor, id: str, person: str) -> MemberResultRow:
    """One's own row; for the office anybody's. Raises: Refusal NOT_FOUND."""
    one(session, actor, id)
    row = session.get(MemberResultRow, (id, person)) if _is_office(actor) or person == actor.person else None
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return row


def place(session: Session, scheme: SchemeRow, row: MemberResultRow) -> tuple[int, int] | None:
    """第几名、共几人; None among too few, or where the scheme tells nobody."""
    if not scheme.rules.shows_place:
        return None
    every = session.scalars(select(MemberResultRow.points).where(MemberResultRow.result_id == row.result_id)).all()
    found = rules.place_of(every, row.points, scheme.rules.sample)
    return None if found is None else (found, len(every))


def standings(
    session: Session, people: People, result: ResultRow, kind: str, deeds: Collection[Deed]
) -> tuple[list[UnitStanding], int]:  # fmt: skip
    """Units of a kind among each other, by the points of their members, and how often these did such deeds; how many
    units are too small to be listed.
    """
    scheme = session.get_one(SchemeRow, result.scheme_id)
    rows = session.scalars(select(MemberResultRow).where(MemberResultRow.result_id == result.id)).all()
    points: Mapping[str, tuple[int, Grade]] = {row.person_id: (row.points, row.grade) for row in rows}
    did = queries.by_person(session, result.year)
    counts = {person: sum(each[deed] for deed in deeds) for person, each in did.items()}
    groups = people.groups(session, kind, last_day(result.year, result.computed_at))
    return rules.standings(groups, points, counts, scheme.rules.sample)


def frozen_lines(session: Session, row: MemberResultRow) -> Sequence[LedgerRow]:
    """The lines that were looked at, the newest day first, also those that were taken back since."""
    ids = [each.line for each in row.scored]
    wanted = select(LedgerRow).where(LedgerRow.id.in_(ids), LedgerRow.person_id == row.person_id)
    return session.scalars(wanted.order_by(LedgerRow.day.desc(), LedgerRow.id.desc())).all()


def came_after(session: Session, result: ResultRow, row: MemberResultRow) -> int:
    """How many lines of that year stand now that were not looked at, or were and stand no more."""
    now = session.scalars(select(LedgerRow.id).where(
        LedgerRow.person_id == row.person_id, queries.in_year(result.year), queries.standing()
    )).all()  # fmt: skip
    return len({each.line for each in row.scored} ^ set(now))


# ── objections ──


def objections(
    session: Session, actor: Actor, result: str | None = None, state: ObjectionState | None = None
) -> Sequence[ObjectionRow]:  # fmt: skip
    """One's own, for the office everybody's; the newest first."""
    if not actor.is_inside:
        return []
    wanted = select(ObjectionRow).order_by(ObjectionRow.at.desc(), ObjectionRow.id.desc())
    if not _is_office(actor):
        wanted = wanted.where(ObjectionRow.person_id == (actor.person or ""))
    wanted = wanted.where(ObjectionRow.result_id == result) if result else wanted
    wanted = wanted.where(ObjectionRow.state == state) if state else wanted
    return session.scalars(wanted.limit(MOST_OBJECTIONS)).all()


MOST_OBJECTIONS = 500


def objection(session: Session, actor: Actor, id: str) -> ObjectionRow:
    """Raises: Refusal NOT_FOUND, also of anybody else's."""
    row = session.get(ObjectionRow, id) if actor.is_inside else None
    if row is None or not (_is_office(actor) or row.person_id == actor.person):
        raise Refusal(Code.NOT_FOUND)
    return row


def open_objections(session: Session, result: str | None = None) -> int:
    """How many wait for an answer, of one result or of all."""
    held = [ObjectionRow.state == ObjectionState.OPEN, *([ObjectionRow.result_id == result] if result else [])]
    return session.scalar(select(func.count()).select_from(ObjectionRow).where(*held)) or 0


# ── for this room's services ──


def of_year(session: Session, year: int) -> ResultRow | None:
    return session.scalars(select(ResultRow).where(ResultRow.year == year).with_for_update()).one_or_none()


def locked(session: Session, id: str) -> ResultRow:
    """Raises: Refusal NOT_FOUND."""
    row = session.scalars(select(ResultRow).where(ResultRow.id == id).with_for_update()).one_or_none()
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return row


def locked_objection(session: Session, id: str) -> ObjectionRow:
    """Raises: Refusal NOT_FOUND."""
    row = session.scalars(select(ObjectionRow).where(ObjectionRow.id == id).with_for_update()).one_or_none()
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return row


def _is_office(actor: Actor) -> bool:
    return actor.is_home and (actor.may(UseCase.KEEP_LEDGER) or actor.may(UseCase.SIGN_OFF_PERFORMANCE))
