"""What a campaign found is counted, decides whether it may end, and may be said by whom it concerns."""

import datetime as dt
from dataclasses import replace

import pytest

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.members import MembershipEnding
from sync.contract.shapes.supervision import CampaignKind, CampaignState
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.policy import Role
from tenant_service.members import membership_service
from tenant_service.storage.unit_of_work import Units
from tenant_service.supervision import figures_queries, queries, rules, service
from tenant_service.supervision.rules import Counts
from tests.tenant_service import places
from tests.tenant_service.supervision.office import PARENT, WORKS, Office, appraisal
from tests.tenant_service.told import told

TODAY = dt.date(2026, 4, 1)
FOUND = Counts(
    findings=23, suggestions=23, handed_over=40, done=20, set_aside=2, unsettled=24, fixed=30, findings_done=11
)
"""23 problems and as many suggestions (seed fact 85), halfway."""
SETTLED = FOUND._replace(done=44, findings_done=22, fixed=44, handed_over=44, unsettled=0)


@pytest.fixture
def office(units: Units) -> Office:
    return Office.at(units)


def test_what_was_found_is_told_once_and_only_what_others_see(office: Office) -> None:
    id = office.running(WORKS, PARENT)
    before = len(told(office.units))
    office.do(lambda unit: service.count_items(unit, id, FOUND))
    [last] = told(office.units)[before:]
    names = ("findings", "suggestions", "handed_over", "fixed", "done", "findings_done", "set_aside")
    assert [last.data[name] for name in names] == [23, 23, 40, 30, 20, 11, 2]
    assert "unsettled" not in last.data
    assert office.row(id).counts() == FOUND
    office.do(lambda unit: service.count_items(unit, id, FOUND))
    office.do(lambda unit: service.count_items(unit, id, FOUND._replace(unsettled=25)))
    assert len(told(office.units)) == before + 1
    assert office.row(id).unsettled == 25


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_it_ends_when_everything_was_put_right_and_checked_or_put_down(office: Office) -> None:
    id = office.running(WORKS, PARENT)
    office.do(lambda unit: service.write_report(unit, office.clerk, id, "报告"))
    office.do(lambda unit: service.count_items(unit, id, FOUND))
    stood, heard = office.row(id).record(), told(office.units)
    for act in (
        lambda unit: service.close(unit, office.secretary, id, unclassified=True),
        lambda unit: service.cancel(unit, office.clerk, id, "不办"),
    ):
        with pytest.raises(Refusal) as refusal:
            office.do(act)
        assert refusal.value.code is Code.UNSETTLED_FINDINGS
        assert "24" in refusal.value.zh
        assert "24" in refusal.value.en
    assert (office.row(id).record(), told(office.units)) == (stood, heard)
    office.do(lambda unit: service.count_items(unit, id, SETTLED))
    office.do(lambda unit: service.close(unit, office.secretary, id, unclassified=True))
    assert office.row(id).state is CampaignState.CLOSED


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_list_takes_findings_while_its_campaign_runs(office: Office) -> None:
    def takes(id: str) -> bool:
        with office.units.read() as unit:
            return queries.list_head(unit.session, id).takes

    signed, running = office.signed(WORKS), office.running(WORKS, PARENT)
    assert [takes(office.planned(WORKS).id), takes(signed), takes(running)] == [False, False, True]
    with office.units.read() as unit:
        head = queries.list_head(unit.session, running)
        assert (head.title, head.state, head.shares) == (WORKS.title, CampaignState.RUNNING, ("PARENT",))
    office.do(lambda unit: service.cancel(unit, office.clerk, running, "并入督查"))
    assert not takes(running)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_posted_supervisor_finds_at_the_bodies_that_are_supervised_and_no_others(
    office: Office, member: Actor
) -> None:
    draft = appraisal(office)
    first, second, third, last = draft.body_ids
    id = office.running(replace(draft, kind=CampaignKind.POSTED, body_ids=(first, second)))
    zhang = office.supervisor("张三", first, third)

    def may(actor: Actor, body: str | None, day: dt.date = TODAY) -> bool:
        with office.units.read() as unit:
            return queries.may_find(unit.session, actor, id, body, day)

    assert [may(zhang, body) for body in (first, second, third, last, None)] == [True, False, False, False, False]
    assert [may(office.clerk, body) for body in (first, last, None)] == [True, True, True]
    for other in (
        member, nobody(places.JIASHAN), places.staff(places.JIASHAN, Role.DEPARTMENT),
        places.staff(places.JIASHAN, Role.SUPERVISOR), office.supervisor("李四"),
    ):  # fmt: skip
        assert not may(other, first)
    wang = office.supervisor("王五")
    posting = office.post(wang.person or "", first)
    office.do(
        lambda unit: membership_service.end(unit, office.clerk, posting, MembershipEnding.MOVED, dt.date(2026, 3, 31))
    )
    assert not may(wang, first)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_supervisor_finds_nothing_in_a_plan_that_is_not_signed(office: Office) -> None:
    draft = appraisal(office)
    id, zhang = office.planned(draft).id, office.supervisor("张三", draft.body_ids[0])
    with office.units.read() as unit:
        assert not queries.may_find(unit.session, zhang, id, draft.body_ids[0], TODAY)


def test_figures_are_of_the_campaigns_that_began_and_were_not_cancelled(office: Office) -> None:
    begun, gone = office.running(WORKS), office.running(WORKS)
    office.signed(WORKS)
    office.do(lambda unit: service.count_items(unit, begun, SETTLED))
    office.do(lambda unit: service.count_items(unit, gone, SETTLED))
    office.do(lambda unit: service.cancel(unit, office.clerk, gone, "并入督查"))
    with office.units.read() as unit:
        for count, number in (
            (figures_queries.begun, 1), (figures_queries.found, 23), (figures_queries.put_right, 22),
        ):  # fmt: skip
            [told_] = count(unit.session, TODAY, TODAY)
            assert (told_.day, told_.kind, told_.number) == (TODAY, "COLLECTIVE", number)
            assert count(unit.session, TODAY + dt.timedelta(1), TODAY + dt.timedelta(9)) == []


def test_the_rate_is_of_findings_alone_and_of_none_there_is_none() -> None:
    assert rules.rate(23, 22) == pytest.approx(22 / 23)
    assert [rules.rate(0, 0), rules.rate(None, None), rules.rate(23, None)] == [None, None, None]
