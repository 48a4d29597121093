"""What the targets of our programmes have come to, counted from rows each time it is asked."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.contract.instants import day_of
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.programmes import ProgrammeState, TargetMeasure
from sync.contract.shapes.values import IndicatorCode
from tenant_service.activities import figures_queries as activities
from tenant_service.counting.figures import Counting
from tenant_service.members import queries as members
from tenant_service.programmes import lists, rules
from tenant_service.programmes.models import ProgrammeEntryRow, ProgrammeRow
from tenant_service.programmes.rules import Target
from tenant_service.statistics import opening_queries as figures
from tenant_service.storage.unit_of_work import Unit
from tenant_service.supervision import figures_queries as supervision
from tenant_service.topics import figures_queries as topics


def progress(unit: Unit, counting: Counting, row: ProgrammeRow) -> list[Target]:
    """The targets of a programme of ours with what they have come to now; of one that is over, as it was closed."""
    if row.state is not ProgrammeState.RUNNING:
        return rules.targets_of(row.record())
    parts = lists.parts_of(unit.session, row.id)
    targets = rules.targets_of(row.record())
    return rules.targets_of(row.record(), [_counted(unit, counting, row, each, parts) for each in targets])


def _counted(
    unit: Unit, counting: Counting, row: ProgrammeRow, target: Target, parts: dict[str, list[str]]
) -> int:  # fmt: skip
    session, measure = unit.session, target.measure
    if measure in rules.BY_ENTRIES:
        return _entered(session, row.id, target)
    if measure is TargetMeasure.INDICATOR:
        return _indicator(unit, counting, row, IndicatorCode[target.detail])
    if measure is TargetMeasure.TOPICS:
        return topics.taken_up_among(session, parts.get("topic", ()))
    if measure is TargetMeasure.CAMPAIGNS:
        return supervision.begun_among(session, parts.get("campaign", ()))
    kind = ActivityKind[target.detail] if target.detail else None
    came = activities.came_to(session, parts.get("activity", ()), kind)
    return {
        TargetMeasure.ACTIVITIES: came.held, TargetMeasure.MEMBER_TIMES: came.members,
        TargetMeasure.PEOPLE_TIMES: came.members + came.public,
    }[measure]  # fmt: skip


def _entered(session: Session, programme: str, target: Target) -> int:
    of = (ProgrammeEntryRow.programme_id == programme, ProgrammeEntryRow.target == target.number)
    if target.measure is TargetMeasure.EACH_MEMBER:
        each = select(ProgrammeEntryRow.person_id).where(*of, ProgrammeEntryRow.person_id.is_not(None))
        done = each.group_by(ProgrammeEntryRow.person_id).having(func.count() >= target.goal).subquery()
        return session.scalar(select(func.count()).select_from(done)) or 0
    counted = {
        TargetMeasure.ENTRIES: func.count(),
        TargetMeasure.ENTRY_SUBJECTS: func.count(ProgrammeEntryRow.subject.distinct()),
        TargetMeasure.ENTRY_PEOPLE: func.coalesce(func.sum(ProgrammeEntryRow.people), 0),
    }[target.measure]
    return session.scalar(select(counted).select_from(ProgrammeEntryRow).where(*of)) or 0


def _indicator(unit: Unit, counting: Counting, row: ProgrammeRow, code: IndicatorCode) -> int:
    """What the indicator counts from all of our rows, from the first day of the programme until today."""
    if row.begun_on is None:
        return 0
    if code in counting.flows:
        return sum(each.number for each in figures.own_rows(unit, counting, code, row.begun_on, day_of(unit.now)))
    return 0


# ── each member's own ──


@dataclass(frozen=True)
class Deeds:
    """五个一: what one member has of the targets that each member has.

    Attributes:
        counts: Entries of each of these targets, in order.
        done: Targets that are reached, of as many as there are.
    """

    person_id: str
    counts: Sequence[int]
    done: int


def of_each_member(session: Session, row: ProgrammeRow, day: dt.date, *, only: str | None = None) -> list[Deeds]:
    """Everybody who has a seat on that day or something entered, with x of N; `only`: that one person."""
    targets = [each for each in rules.targets_of(row.record()) if each.measure is TargetMeasure.EACH_MEMBER]
    if not targets:
        return []
    of = ProgrammeEntryRow
    where = [of.programme_id == row.id, of.person_id.is_not(None), *([of.person_id == only] if only else [])]
    counted = session.execute(
        select(of.person_id, of.target, func.count()).where(*where).group_by(of.person_id, of.target)
    )
    by_person: dict[str, dict[int, int]] = {}
    for person, target, many in counted:
        by_person.setdefault(str(person), {})[target] = many
    everybody = {only} if only else members.seat_holders(session, day) | by_person.keys()
    found = []
    for person in sorted(everybody):
        counts = [by_person.get(person, {}).get(each.number, 0) for each in targets]
        done = sum(many >= each.goal for many, each in zip(counts, targets, strict=True))
        found.append(Deeds(person, counts, done))
    return found
