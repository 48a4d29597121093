"""What brings a programme forward: tasks that are done, records that belong to it, deeds that are entered under it.

None of it types in a total: what a target has come to is counted (`progress_queries`), and told by the machine when it
is another than was told last.
"""

import datetime as dt
from dataclasses import dataclass

from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import day_of
from sync.contract.shapes.programmes import ProgrammeRecord, TargetMeasure
from tenant_service import wording
from tenant_service.counting.figures import Counting
from tenant_service.exchange import way_out
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import queries as members
from tenant_service.programmes import lists, progress_queries, queries, rules
from tenant_service.programmes.entries import changed, channels_of, stepped
from tenant_service.programmes.models import ProgrammeEntryRow, ProgrammeRow
from tenant_service.programmes.rules import Act, Target
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.storage.unit_of_work import Unit

MOST_PEOPLE = 100_000
"""Who came to one thing that is entered."""


def tick(unit: Unit, actor: Actor, id: str, number: int, day: dt.date | None = None) -> ProgrammeRecord:
    """完成: a task was done on that day, today if none is named; ticked again, it is open again.

    Raises:
        Refusal: NOT_FOUND, there is no such task; FORBIDDEN, OUT_OF_TURN, NOT_SIGNED_OFF; BAD_TIME, that day is to
            come.
    """
    actor.require(UseCase.EDIT_PROGRAMMES)
    row = stepped(unit, actor, id, Act.TICK, str(number))
    done = list(row.task_done or ())
    if not 1 <= number <= len(done):
        raise Refusal(Code.NOT_FOUND)
    done[number - 1] = "" if done[number - 1] else _until_today(unit, day).isoformat()
    row.task_done = done
    return changed(unit, actor, row, "programme.tick")


def attach(unit: Unit, actor: Actor, id: str, part: str) -> bool:
    """纳入: a record of ours belongs to the programme, whose targets count it; whether it did not before.

    Raises:
        Refusal: FORBIDDEN, OUT_OF_TURN, NOT_SIGNED_OFF; BAD_ID; NOT_FOUND, also what cannot belong to a programme;
            TOO_MANY_LINKS.
    """
    row = _at_work(unit, actor, id, Act.ATTACH)
    is_new = links.lay(unit, actor, lists.part(unit.session, part), Relation.PART_OF, row.id)
    if is_new:
        audit.note(unit, actor, "programme.attach", row.id)
    return is_new


def detach(unit: Unit, actor: Actor, id: str, part: str) -> None:
    """移出: the record does not belong to the programme any more.

    Raises:
        Refusal: FORBIDDEN, OUT_OF_TURN; NOT_FOUND, also where it did not belong to it.
    """
    row = _at_work(unit, actor, id, Act.DETACH)
    if not links.take_away(unit, part, Relation.PART_OF, row.id):
        raise Refusal(Code.NOT_FOUND)
    audit.note(unit, actor, "programme.detach", row.id)


@dataclass(frozen=True)
class Deed:
    """One thing that was done for a target; `people`: who came, besides whoever enters it."""

    target_no: int
    day: dt.date
    subject: str | None = None
    person_id: str | None = None
    people: int = 1


def enter(unit: Unit, actor: Actor, id: str, told: Deed) -> str:
    """登记: something was done; its id. A member enters their own, the office anybody's.

    Raises:
        Refusal: FORBIDDEN, OUT_OF_TURN, NOT_SIGNED_OFF; NOT_FOUND, also no such target or person; BAD_TIME, BAD_VALUE,
            CLASSIFIED.
    """
    _needs_own(actor, told.person_id)
    row = queries.locked(unit.session, id)
    rules.approval_after(Act.ENTER, row.standing())
    target = _target(row, told.target_no)
    entry = ProgrammeEntryRow(
        id=unit.new_id("programme_entry"), programme_id=row.id, target=target.number,
        person_id=_person(unit, target, told.person_id), subject=_subject(target, told.subject),
        day=_until_today(unit, told.day), people=_people(told.people), sub=actor.sub, added_at=unit.now,
    )  # fmt: skip
    unit.session.add(entry)
    unit.session.flush()
    audit.note(unit, actor, "programme.enter", row.id)
    return entry.id


def strike(unit: Unit, actor: Actor, id: str) -> str:
    """删除登记: what was entered by mistake does not count any more; the id of its programme.

    Raises:
        Refusal: NOT_FOUND; FORBIDDEN, it is somebody else's; OUT_OF_TURN, the programme is over.
    """
    if not actor.may(UseCase.EDIT_PROGRAMMES):
        actor.require(UseCase.ENTER_DEEDS)
    entry = unit.session.get(ProgrammeEntryRow, id, with_for_update=True)
    if entry is None:
        raise Refusal(Code.NOT_FOUND)
    _needs_own(actor, entry.person_id)
    row = queries.locked(unit.session, entry.programme_id)
    rules.approval_after(Act.STRIKE, row.standing())
    unit.session.delete(entry)
    audit.note(unit, actor, "programme.strike", row.id)
    return row.id


# ── what the machine tells ──


def count(unit: Unit, counting: Counting, row: ProgrammeRow) -> bool:
    """The row says what its targets have come to now; whether that is another figure."""
    counts = [each.counted or 0 for each in progress_queries.progress(unit, counting, row)]
    if counts == row.target_counts and row.counted_at is not None:
        return False
    row.target_counts, row.counted_at = counts, unit.now
    return True


def tell_progress(unit: Unit, counting: Counting) -> int:
    """Whoever reads one of our programmes that run is told what it has come to, where that changed; how many did."""
    told = 0
    for each in queries.running(unit.session):
        row = queries.locked(unit.session, each.id)
        if count(unit, counting, row):
            way_out.revised(unit, row, channels_of(row))
            told += 1
    return told


# ── parts ──


def _at_work(unit: Unit, actor: Actor, id: str, act: Act) -> ProgrammeRow:
    actor.require(UseCase.EDIT_PROGRAMMES)
    row = queries.locked(unit.session, id)
    rules.approval_after(act, row.standing())
    return row


def _needs_own(actor: Actor, person: str | None) -> None:
    """Nothing, where the office enters it, or a member what is their own. Raises: Refusal NOT_SIGNED_IN, FORBIDDEN."""
    if actor.may(UseCase.EDIT_PROGRAMMES):
        return
    actor.require(UseCase.ENTER_DEEDS)
    if actor.person is None or person != actor.person:
        raise Refusal(Code.FORBIDDEN)


def _target(row: ProgrammeRow, number: int) -> Target:
    for each in rules.targets_of(row.record()):
        if each.number == number and each.measure in rules.BY_ENTRIES:
            return each
    raise Refusal(Code.NOT_FOUND)


def _person(unit: Unit, target: Target, told: str | None) -> str | None:
    if told is None:
        if target.measure is TargetMeasure.EACH_MEMBER:
            raise Refusal(Code.BAD_VALUE, field="personId", why=Said("请选择委员", "say which member"))
        return None
    if members.person(unit.session, told) is None:
        raise Refusal(Code.NOT_FOUND)
    return told


def _subject(target: Target, told: str | None) -> str | None:
    if target.measure is TargetMeasure.ENTRY_SUBJECTS:
        return wording.text("subject", told, 120)
    return wording.optional("subject", told, 120)


def _people(told: int) -> int:
    if not 1 <= told <= MOST_PEOPLE:
        raise Refusal(Code.BAD_VALUE, field="people", why=f"1–{MOST_PEOPLE}")
    return told


def _until_today(unit: Unit, day: dt.date | None) -> dt.date:
    today = day_of(unit.now)
    if day is not None and day > today:
        raise Refusal(Code.BAD_TIME, why=Said("尚未到这一天", "that day is to come"))
    return day or today
