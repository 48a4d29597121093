"""What a programme has come to is counted from rows, told when it changed, and stands when the programme is closed."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.activities import ActivityState
from sync.contract.shapes.programmes import TargetMeasure
from tenant_service.activities.models import ActivityRow
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.programmes import lists, progress_service, queries, service
from tenant_service.programmes.descriptions import Draft, TargetDraft, TaskDraft
from tenant_service.programmes.progress_service import Deed
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.rooms import COUNTING
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service.programmes.office import DAY, FIVE_ONES, NANBU, PARENT, SIX, Office, target
from tests.tenant_service.told import told

SESSIONS = replace(NANBU, targets=(target("协商", "场", 4, TargetMeasure.ACTIVITIES),))


@pytest.fixture
def office(units: Units) -> Office:
    return Office.at(units)


def refused(office: Office, code: Code, act: Callable[[Unit], object]) -> None:
    """It is refused with that code, and nothing was told, entered or attached by it."""
    heard = told(office.units)
    with pytest.raises(Refusal) as refusal:
        office.do(act)
    assert refusal.value.code is code
    assert told(office.units) == heard


def test_a_cancelled_session_does_not_count_though_it_belongs_to_the_programme(office: Office) -> None:
    id, ids = office.running(SESSIONS), office.held(3)
    office.attach(id, *ids)
    office.attach(id, ids[0])
    assert office.progress(id) == {"协商": 3}, "what is attached twice counts once"
    with office.units.write() as unit:
        unit.session.get_one(ActivityRow, ids[2]).state = ActivityState.CANCELLED
    assert office.progress(id) == {"协商": 2}


def test_an_indicator_counts_all_rows_from_the_first_day_on(office: Office) -> None:
    office.held(2, held_on=DAY - dt.timedelta(days=1))
    office.held(3, held_on=DAY)
    by = TargetDraft("场次", "场", 10, TargetMeasure.INDICATOR, "ACTIVITIES_HELD")
    id = office.running(replace(NANBU, targets=(by,)))
    assert office.progress(id) == {"场次": 3}


def test_readers_are_told_what_it_came_to_once_for_each_change(office: Office) -> None:
    id = office.running(NANBU, PARENT)
    assert office.do(lambda unit: progress_service.tell_progress(unit, COUNTING)) == 1, "counted for the first time"
    assert office.do(lambda unit: progress_service.tell_progress(unit, COUNTING)) == 0
    office.enter(id, Deed(1, DAY, "企业"), Deed(6, DAY, people=300))
    before = len(told(office.units))
    assert office.do(lambda unit: progress_service.tell_progress(unit, COUNTING)) == 1
    [last] = told(office.units)[before:]
    assert (last.data["target_counts"], last.channel) == ([1, 0, 0, 0, 0, 300], "c")
    assert office.do(lambda unit: progress_service.tell_progress(unit, COUNTING)) == 0


def test_what_it_came_to_stands_when_it_is_closed(office: Office) -> None:
    id = office.running(SESSIONS, PARENT)
    ids = office.held(4)
    office.attach(id, *ids)
    refused(
        office, Code.NEEDS_REPORT,
        lambda unit: service.close(unit, office.secretary, COUNTING, id, unclassified=True),
    )  # fmt: skip
    office.do(lambda unit: service.write_report(unit, office.clerk, id, "四场协商全部完成。"))
    office.do(lambda unit: service.close(unit, office.secretary, COUNTING, id, unclassified=True))
    with office.units.write() as unit:
        unit.session.get_one(ActivityRow, ids[0]).state = ActivityState.CANCELLED
    assert office.progress(id) == {"协商": 4}
    [*_, last] = told(office.units)
    assert (last.data["state"], last.data["target_counts"], last.data["report"]) == (
        "CLOSED",
        [4],
        "四场协商全部完成。",
    )
    for act in (
        lambda unit: progress_service.attach(unit, office.clerk, id, ids[0]),
        lambda unit: progress_service.detach(unit, office.clerk, id, ids[0]),
        lambda unit: progress_service.enter(unit, office.clerk, id, Deed(1, DAY)),
    ):
        refused(office, Code.OUT_OF_TURN, act)


def test_only_records_of_ours_that_can_belong_to_it_are_taken_in(office: Office) -> None:
    id, [session] = office.running(SESSIONS), office.held(1)
    for part in (id, session.replace("330421", "330400"), "330421.venue.0192f0c1d2e34567890abcdef0000001"):
        refused(office, Code.NOT_FOUND, lambda unit, part=part: progress_service.attach(unit, office.clerk, id, part))  # type: ignore[misc]
    refused(office, Code.BAD_ID, lambda unit: progress_service.attach(unit, office.clerk, id, "x"))
    refused(office, Code.NOT_FOUND, lambda unit: progress_service.detach(unit, office.clerk, id, session))
    with office.units.read() as unit:
        assert lists.parts_of(unit.session, id) == {}


def test_a_programme_may_have_more_parts_than_other_records_have_links(office: Office) -> None:
    id = office.running(SESSIONS)
    with office.units.write() as unit:
        for number in range(links.MOST + 1):
            links.lay(unit, office.clerk, f"330421.activity.{number:032x}", Relation.PART_OF, id)
    assert office.progress(id) == {"协商": 0}, "what is not there any more does not count"


def test_a_plan_takes_nothing_in_before_it_is_signed_and_begins(office: Office) -> None:
    plan, signed, [session] = office.planned(SESSIONS).id, office.signed(SESSIONS), office.held(1)
    for id in (plan, signed):
        refused(office, Code.OUT_OF_TURN, lambda unit, id=id: progress_service.attach(unit, office.clerk, id, session))  # type: ignore[misc]
        refused(office, Code.OUT_OF_TURN, lambda unit, id=id: progress_service.tick(unit, office.clerk, id, 1))  # type: ignore[misc]


# ── deeds ──


def test_a_member_enters_and_strikes_what_is_their_own_and_nobody_elses(office: Office) -> None:
    id, one, other = office.running(FIVE_ONES), office.member("张三丰"), office.member("李四光")
    entry = office.do(lambda unit: progress_service.enter(unit, one, id, Deed(1, DAY, "服务日", one.person)))
    for_other = Deed(1, DAY, person_id=other.person)
    refused(office, Code.FORBIDDEN, lambda unit: progress_service.enter(unit, one, id, for_other))
    refused(office, Code.FORBIDDEN, lambda unit: progress_service.strike(unit, other, entry))
    refused(office, Code.FORBIDDEN, lambda unit: progress_service.attach(unit, one, id, entry))
    assert _entered(office, id) == 1
    assert office.do(lambda unit: progress_service.strike(unit, one, entry)) == id
    assert _entered(office, id) == 0


def test_what_makes_no_sense_is_not_entered(office: Office) -> None:
    id, five = office.running(NANBU), office.running(FIVE_ONES)
    clerk = office.clerk

    def entering(at: str, deed: Deed, who: Actor = clerk) -> Callable[[Unit], object]:
        return lambda unit: progress_service.enter(unit, who, at, deed)

    refused(office, Code.BAD_VALUE, entering(id, Deed(1, DAY)))  # whom it was about is counted
    refused(office, Code.NOT_FOUND, entering(id, Deed(3, DAY)))  # counted from sessions
    refused(office, Code.NOT_FOUND, entering(id, Deed(7, DAY)))
    refused(office, Code.BAD_TIME, entering(id, Deed(4, DAY + dt.timedelta(days=400))))
    refused(office, Code.BAD_VALUE, entering(id, Deed(6, DAY, people=0)))
    refused(office, Code.CLASSIFIED, entering(id, Deed(1, DAY, "【机密】某厂")))
    refused(office, Code.BAD_VALUE, entering(five, Deed(1, DAY)))  # by whom?
    refused(office, Code.NOT_FOUND, entering(five, Deed(1, DAY, person_id="330421.person.0192f0c1")))
    assert (_entered(office, id), _entered(office, five)) == (0, 0)


def _entered(office: Office, id: str) -> int:
    with office.units.read() as unit:
        return len(queries.entries(unit.session, id))


# ── tasks, plans ──


def test_a_task_that_is_ticked_twice_is_open_again_and_history_says_both(office: Office) -> None:
    id = office.running(SIX, PARENT)
    for day in (DAY, None):
        office.do(lambda unit, day=day: progress_service.tick(unit, office.clerk, id, 2, day))  # type: ignore[misc]
    assert [each.data["task_done"][1] for each in told(office.units)[-2:]] == [DAY.isoformat(), ""]
    with office.units.read() as unit:
        assert [each.because for each in taken.of(unit.session, id) if each.act == "tick"] == ["2", "2"]
    refused(office, Code.NOT_FOUND, lambda unit: progress_service.tick(unit, office.clerk, id, 7))
    later = DAY + dt.timedelta(days=400)
    refused(office, Code.BAD_TIME, lambda unit: progress_service.tick(unit, office.clerk, id, 1, later))


@pytest.mark.parametrize(("changed", "code"), [
    ({"targets": (), "tasks": ()}, Code.BAD_VALUE), ({"title": ""}, Code.BAD_VALUE), ({"year": 1}, Code.BAD_VALUE),
    ({"title": "【秘密】行动"}, Code.CLASSIFIED), ({"tasks": [TaskDraft("x")] * 61}, Code.BAD_VALUE),
    ({"targets": [target("甲", "次", 0, TargetMeasure.TOPICS)]}, Code.BAD_VALUE),
    ({"targets": [target("甲", "次", 1, TargetMeasure.TOPICS, "HALL_SESSION")]}, Code.BAD_VALUE),
    ({"targets": [target("甲", "次", 1, TargetMeasure.ACTIVITIES, "X")]}, Code.BAD_VALUE),
    ({"targets": [target("甲", "次", 1, TargetMeasure.INDICATOR)]}, Code.BAD_VALUE),
    ({"parent_id": "x"}, Code.BAD_ID),
])  # fmt: skip
def test_a_plan_that_makes_no_sense_is_refused(office: Office, changed: dict[str, object], code: Code) -> None:
    draft: Draft = replace(NANBU, **changed)  # type: ignore[arg-type]
    refused(office, code, lambda unit: service.plan(unit, office.clerk, office.directory, draft, [PARENT]))


def test_a_programme_is_never_a_part_of_itself(office: Office) -> None:
    above = office.planned(SIX)
    below = office.planned(replace(SIX, parent_id=above.id))
    circle = replace(SIX, parent_id=below.id)
    refused(
        office, Code.LINK_CYCLE,
        lambda unit: service.redraft(unit, office.clerk, office.directory, above.id, circle, []),
    )  # fmt: skip


def test_whoever_may_not_sign_signs_nothing_and_widens_nothing(office: Office) -> None:
    id = office.planned(SIX).id
    office.do(lambda unit: service.submit(unit, office.clerk, id))
    refused(office, Code.FORBIDDEN, lambda unit: service.sign_off(unit, office.clerk, id, unclassified=True))
    refused(
        office, Code.SECRECY_UNCONFIRMED, lambda unit: service.sign_off(unit, office.secretary, id, unclassified=False)
    )
    office.do(lambda unit: service.sign_off(unit, office.secretary, id, unclassified=True))
    refused(office, Code.NOT_SIGNED_OFF, lambda unit: service.share(unit, office.clerk, office.directory, id, [PARENT]))
