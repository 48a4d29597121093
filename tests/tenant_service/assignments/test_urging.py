"""催办: who has something is urged once a day at most, and reminded by the service before it is due and after."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select

from sync.contract.errors import Code
from tenant_service.assignments import handing_over_service as over
from tenant_service.assignments import handling_queries
from tenant_service.assignments import handling_service as handling
from tenant_service.assignments import reminder_queries as reminders
from tenant_service.assignments import reminder_service as service
from tenant_service.assignments.models import ReminderRow
from tenant_service.assignments.reminder_queries import Urged
from tenant_service.assignments.rules import Part
from tenant_service.identity.models import AuditRow
from tenant_service.identity.policy import Role
from tests.tenant_service import places
from tests.tenant_service.assignments.office import LEAD, TERMS, Office, contact_of
from tests.tenant_service.browsing import Browser
from tests.tenant_service.places import Clock

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
APRIL, DUE = dt.date(2026, 4, 1), dt.date(2026, 4, 10)  # a Wednesday, and a Friday


def urged(office: Office, id: str) -> Urged | None:
    with office.units.read() as unit:
        return reminders.urged(unit.session, [id]).get(id)


def said(office: Office, id: str) -> list[tuple[str, dt.date]]:
    with office.units.read() as unit:
        rows = unit.session.scalars(select(ReminderRow).where(ReminderRow.assignment_id == id))
        return sorted((row.kind.value, row.day) for row in rows)


@pytest.fixture
def owed(office: Office) -> list[str]:
    """What the bureau and the roads' office have, until the same day."""
    campaign = office.campaign()
    bodies = office.bureau, office.roads
    return [office.in_progress(office.agreed(campaign), Part(body, LEAD, DUE))[0] for body in bodies]


def test_each_is_urged_once_a_day_counted_and_in_its_history(office: Office, owed: list[str], clock: Clock) -> None:
    mine, other = owed
    office.do(lambda unit: service.urge(unit, office.clerk, [mine], "请尽快办理〔事项〕，〔期限〕到期〔逾期〕。"))
    [*_, step] = office.history(mine)
    assert (step.act, step.was, step.now) == ("urge", "IN_PROGRESS", "IN_PROGRESS")
    assert step.because == "请尽快办理在惠通村主干道加装路灯，2026-04-10到期。"
    office.refused(Code.URGED_TODAY, lambda unit: service.urge(unit, office.clerk, [mine]), mine)
    assert (urged(office, mine), urged(office, other)) == (Urged(1, APRIL), None)
    made = office.do(lambda unit: service.urge(unit, office.coordinator, owed))
    assert [each.id for each in made] == [other], "what was urged today is left out"
    clock.on(days=12)
    office.do(lambda unit: service.urge(unit, office.clerk, owed))
    assert urged(office, mine) == Urged(2, APRIL + dt.timedelta(days=12))
    assert "已逾期3天" in (office.history(mine)[-1].because or "")
    with office.units.read() as unit:
        acts = unit.session.scalars(select(AuditRow.subject).where(AuditRow.act == "assignment.urge")).all()
    assert sorted(acts) == sorted([mine, other, mine, other])


def test_who_may_not_urge_or_what_is_owed_by_nobody_is_refused_whole(office: Office, owed: list[str]) -> None:
    mine, other = owed
    for actor, code in (
        (office.contact, Code.FORBIDDEN), (places.staff(places.JIASHAN, Role.MEMBER), Code.FORBIDDEN),
        (contact_of(office.bureau, Role.COORDINATOR), Code.NOT_FOUND),
    ):  # fmt: skip
        office.refused(code, lambda unit, who=actor: service.urge(unit, who, owed), mine, other)  # type: ignore[misc]
    office.refused(Code.BAD_VALUE, lambda unit: service.urge(unit, office.clerk, []), mine)
    office.refused(Code.CLASSIFIED, lambda unit: service.urge(unit, office.clerk, [mine], "【机密】速办"), mine)
    office.replied(other)
    office.refused(Code.OUT_OF_TURN, lambda unit: service.urge(unit, office.clerk, owed), mine, other)


def test_the_service_reminds_once_before_each_last_day_and_once_after(
    office: Office, owed: list[str], clock: Clock
) -> None:
    def remind() -> int:
        return office.do(lambda unit: service.remind(unit, TERMS))

    mine, other = owed
    clock.on(days=6)  # Tuesday: three workdays before it is due
    assert remind() == 2
    assert remind() == 0
    office.replied(other)
    clock.on(days=3)
    assert remind() == 0, "on the day itself"
    clock.on(days=1)
    assert remind() == 1
    assert [each[0] for each in office.steps(mine)][-2:] == ["remind", "remind"]
    clock.on(days=30)
    assert remind() == 0
    assert said(office, mine) == [("AHEAD", DUE), ("OVERDUE", DUE)]
    assert said(office, other) == [("AHEAD", DUE)]


def test_the_office_sees_whom_it_urges_and_the_body_sees_that_first(
    office: Office, owed: list[str], clock: Clock, anybody: Callable[..., Browser]
) -> None:
    clerk, contact = anybody(Role.CLERK), anybody(Role.DEPARTMENT, body=office.bureau)
    mine, other = owed
    assert "没有逾期或即将到期的交办" in clerk.go("/assignments/urge").text
    clock.on(days=12)
    assert clerk.go("/assignments/urge?box=late").text.count('name="id"') == 2
    assert clerk.text.count("没有账号，请打印送达") == 1, "the roads' office has nobody"
    assert clerk.go(f"/assignments/urge?body={office.bureau}").text.count('name="id"') == 1
    urge = "/assignments/urge?box=late"
    page = clerk.go(urge).send(urge, id=[mine], words="请速办〔事项〕")
    assert page.path == "/assignments"
    assert page.text.count("已催办1次，最近4月13日") == 1
    assert "今天已催办" in clerk.go(urge).text
    assert clerk.send(urge, id=[mine], words="再催").status == 409
    assert f'action="/assignments/{mine}/urge"' not in clerk.go(f"/assignments/{mine}").text
    assert 'id="urged"' in contact.go("/assignments").text
    assert "请速办在惠通村主干道加装路灯" in contact.go(f"/assignments/{mine}").text
    assert contact.go("/").tile("已催办") == 1
    office.replied(mine)
    assert 'id="urged"' not in contact.go("/assignments").text
    clerk.go(f"/assignments/{other}").send(f"/assignments/{other}/urge", words="请办理")
    assert "请办理" in clerk.text
    assert contact.go("/assignments/urge").status == 403


def test_who_has_it_next_is_not_the_one_that_was_urged_and_may_be_urged_on_the_same_day(
    office: Office, clock: Clock
) -> None:
    [mine] = office.assigned(office.agreed(office.campaign()))

    def urge(words: str) -> None:
        office.do(lambda unit: service.urge(unit, office.clerk, [mine], words))

    urge("住建局请速办")
    clock.on(seconds=60)
    office.do(lambda unit: handling.ask_to_return(unit, office.contact, TERMS, mine, "不属职责"))
    office.do(lambda unit: over.reassign(unit, office.coordinator, TERMS, mine, office.roads))
    with office.units.read() as unit:
        wanted = handling_queries.Wanted(urged=True)
        assert handling_queries.count(unit.session, office.other, wanted) == 0
    assert urged(office, mine) is None
    clock.on(seconds=60)
    urge("交通局请速办")
    assert urged(office, mine) == Urged(1, APRIL)
    assert [each.because for each in office.history(mine) if each.act == "urge"] == ["住建局请速办", "交通局请速办"]
