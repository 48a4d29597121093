"""A campaign is planned, signed, carried out and closed with a report; what is refused leaves no trace."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.members import MembershipEnding
from sync.contract.shapes.supervision import CampaignKind, CampaignOrder, CampaignState
from tenant_service.history import taken
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.policy import Role
from tenant_service.members import body_service, membership_service
from tenant_service.storage.unit_of_work import Unit, Units
from tenant_service.supervision import queries, service
from tenant_service.supervision.rules import LineKind
from tests.tenant_service import places
from tests.tenant_service.members.office import idle
from tests.tenant_service.supervision.office import MEASURES, PARENT, WORKS, Office, appraisal
from tests.tenant_service.told import told


@pytest.fixture
def office(units: Units) -> Office:
    return Office.at(units)


def steps(office: Office, id: str) -> list[tuple[str, str | None, str]]:
    with office.units.read() as unit:
        return [(each.act, each.was, each.now) for each in taken.of(unit.session, id)]


def refused(office: Office, code: Code, act: Callable[[Unit], object], id: str | None = None) -> None:
    """The act is refused so, and nothing changed, nothing was told and no step was written."""
    before = (office.row(id).record(), office.row(id).approval, steps(office, id)) if id else None
    heard = told(office.units)
    with pytest.raises(Refusal) as refusal:
        office.do(act)
    assert refusal.value.code is code
    assert told(office.units) == heard
    if id:
        assert (office.row(id).record(), office.row(id).approval, steps(office, id)) == before


def test_a_campaign_is_told_when_its_plan_is_signed_and_its_report_when_it_is_closed(office: Office) -> None:
    id = office.planned(MEASURES, PARENT).id
    office.do(lambda unit: service.submit(unit, office.clerk, id))
    assert told(office.units) == []
    office.do(lambda unit: service.sign_off(unit, office.secretary, id, unclassified=True))
    office.do(lambda unit: service.begin(unit, office.clerk, id, dt.date(2026, 3, 2)))
    office.do(lambda unit: service.write_report(unit, office.clerk, id, "十五条措施落实较好。"))
    assert {event.data["report"] for event in told(office.units)} == {None}
    office.do(lambda unit: service.close(unit, office.secretary, id, unclassified=True))
    [*_, last] = told(office.units)
    assert (last.channel, last.data["state"], last.data["report"]) == ("c", "CLOSED", "十五条措施落实较好。")
    assert (len(last.data["measures"]), last.data["begun_on"], last.data["closed_on"]) == (
        15,
        "2026-03-02",
        "2026-04-01",
    )
    assert steps(office, id) == [
        ("plan", None, "PLANNED"), ("submit", "PLANNED", "PLANNED"), ("sign_off", "PLANNED", "PLANNED"),
        ("begin", "PLANNED", "RUNNING"), ("write_report", "RUNNING", "RUNNING"), ("close", "RUNNING", "CLOSED"),
    ]  # fmt: skip


@pytest.mark.seed(86)
def test_measures_and_works_are_numbered_and_bodies_stand_by_name(office: Office) -> None:
    draft = replace(appraisal(office), measures=("一", "二"), works=("三",))
    id = office.planned(draft).id
    with office.units.read() as unit:
        lines = [(line.kind, line.number, line.text) for line in queries.lines(unit.session, id)]
        bodies = queries.bodies(unit.session, id)
    assert lines == [(LineKind.MEASURE, 1, "一"), (LineKind.MEASURE, 2, "二"), (LineKind.WORK, 1, "三")]
    assert set(bodies) == set(draft.body_ids)
    assert office.row(id).bodies == sorted(bodies.values())


def test_a_plan_that_was_sent_back_is_described_anew(office: Office) -> None:
    id = office.planned(WORKS).id
    office.do(lambda unit: service.submit(unit, office.clerk, id))
    office.do(lambda unit: service.send_back(unit, office.secretary, id, "补充单位"))
    assert office.row(id).returned_because == "补充单位"
    office.do(lambda unit: service.redraft(unit, office.clerk, office.directory, id, MEASURES, []))
    assert office.row(id).title == MEASURES.title
    with office.units.read() as unit:
        assert {line.kind for line in queries.lines(unit.session, id)} == {LineKind.MEASURE}


def test_what_was_never_signed_is_discarded_whole(office: Office) -> None:
    id = office.planned(appraisal(office)).id
    office.do(lambda unit: service.discard(unit, office.clerk, id))
    with office.units.read() as unit:
        assert queries.one(unit.session, office.clerk, id) is None
        assert queries.bodies(unit.session, id) == {}


def test_a_cancelled_campaign_says_why(office: Office) -> None:
    id = office.running(WORKS, PARENT)
    office.do(lambda unit: service.cancel(unit, office.clerk, id, "并入县委督查"))
    [*_, last] = told(office.units)
    assert (last.data["state"], last.data["cancelled_because"]) == ("CANCELLED", "并入县委督查")


def test_who_may_not_is_refused(office: Office, member: Actor) -> None:
    refused(office, Code.FORBIDDEN, lambda unit: service.plan(unit, member, office.directory, WORKS, []))
    id = office.planned(WORKS, PARENT).id
    refused(office, Code.FORBIDDEN, lambda unit: service.submit(unit, member, id), id)
    office.do(lambda unit: service.submit(unit, office.clerk, id))
    refused(office, Code.FORBIDDEN, lambda unit: service.sign_off(unit, office.clerk, id, unclassified=True), id)
    refused(office, Code.NOT_SIGNED_IN, lambda unit: service.begin(unit, nobody(places.JIASHAN), id), id)


def test_a_plan_that_says_nothing_or_too_much_is_refused(office: Office) -> None:
    for draft, code in (
        (replace(WORKS, works=()), Code.BAD_VALUE), (replace(WORKS, title=""), Code.BAD_VALUE),
        (replace(WORKS, year=26), Code.BAD_VALUE), (replace(WORKS, works=("【机密】事项",)), Code.CLASSIFIED),
        (replace(WORKS, works=("事",) * 201), Code.BAD_VALUE), (replace(WORKS, body_ids=("x",)), Code.BAD_ID),
        (replace(WORKS, body_ids=(f"{places.JIASHAN}.body.0192f0c1d2e34567890abcdef0000009",)), Code.NOT_FOUND),
    ):  # fmt: skip
        refused(
            office, code,
            lambda unit, d=draft: service.plan(unit, office.clerk, office.directory, d, [PARENT]),  # type: ignore[misc]
        )  # fmt: skip
    closed = office.bodies("已撤销单位")[0]
    last = dt.date(2026, 3, 1)
    office.do(lambda unit: body_service.close_body(unit, office.clerk, closed, last, "机构改革", idle))
    draft = replace(WORKS, body_ids=(closed,))
    refused(office, Code.OUT_OF_TURN, lambda unit: service.plan(unit, office.clerk, office.directory, draft, []))
    with office.units.read() as unit:
        assert queries.listed(unit.session, office.clerk, queries.Wanted(), CampaignOrder.YEAR_DESC, 9, None).rows == []


def test_nothing_is_done_out_of_turn(office: Office) -> None:
    clerk, secretary = office.clerk, office.secretary
    id = office.planned(WORKS, PARENT).id
    refused(office, Code.NOT_SIGNED_OFF, lambda unit: service.begin(unit, clerk, id), id)
    refused(office, Code.NOT_SIGNED_OFF, lambda unit: service.cancel(unit, clerk, id, "不办"), id)
    office.do(lambda unit: service.submit(unit, clerk, id))
    refused(office, Code.NEEDS_REASON, lambda unit: service.send_back(unit, secretary, id, " "), id)
    refused(
        office, Code.SECRECY_UNCONFIRMED, lambda unit: service.sign_off(unit, secretary, id, unclassified=False), id
    )
    office.do(lambda unit: service.sign_off(unit, secretary, id, unclassified=True))
    refused(office, Code.OUT_OF_TURN, lambda unit: service.redraft(unit, clerk, office.directory, id, WORKS, []), id)
    refused(office, Code.OUT_OF_TURN, lambda unit: service.discard(unit, clerk, id), id)
    refused(office, Code.BAD_TIME, lambda unit: service.begin(unit, clerk, id, dt.date(2026, 4, 2)), id)
    refused(office, Code.OUT_OF_TURN, lambda unit: service.close(unit, secretary, id, unclassified=True), id)
    office.do(lambda unit: service.begin(unit, clerk, id))
    refused(office, Code.NEEDS_REPORT, lambda unit: service.close(unit, secretary, id, unclassified=True), id)
    refused(office, Code.NEEDS_REASON, lambda unit: service.cancel(unit, clerk, id, ""), id)
    office.do(lambda unit: service.write_report(unit, clerk, id, "报告"))
    refused(office, Code.SECRECY_UNCONFIRMED, lambda unit: service.close(unit, secretary, id, unclassified=False), id)
    office.do(lambda unit: service.count_appraisals(unit, id, 1))
    refused(office, Code.UNSETTLED_APPRAISALS, lambda unit: service.close(unit, secretary, id, unclassified=True), id)
    refused(office, Code.UNSETTLED_APPRAISALS, lambda unit: service.cancel(unit, clerk, id, "不办"), id)
    office.do(lambda unit: service.count_appraisals(unit, id, 0))
    office.do(lambda unit: service.close(unit, secretary, id, unclassified=True))
    refused(office, Code.OUT_OF_TURN, lambda unit: service.cancel(unit, clerk, id, "不办"), id)


def test_what_is_signed_is_widened_only_by_who_signs(office: Office) -> None:
    id = office.signed(WORKS)
    refused(
        office, Code.NOT_SIGNED_OFF, lambda unit: service.share(unit, office.clerk, office.directory, id, [PARENT]), id
    )
    office.do(lambda unit: service.share(unit, office.secretary, office.directory, id, [PARENT]))
    assert [event.channel for event in told(office.units)] == ["c"]
    office.do(lambda unit: service.share(unit, office.clerk, office.directory, id, []))
    assert told(office.units)[-1].op == "retract"


# ── who sees what ──


def seen(office: Office, actor: Actor) -> set[str]:
    with office.units.read() as unit:
        page = queries.listed(unit.session, actor, queries.Wanted(), CampaignOrder.CHANGED_AT_DESC, 50, None)
        found = {row.id for row in page.rows}
        assert found == {id for id in (*found, *every(office)) if queries.one(unit.session, actor, id)}
        return found


def every(office: Office) -> list[str]:
    with office.units.read() as unit:
        page = queries.listed(unit.session, office.clerk, queries.Wanted(), CampaignOrder.CHANGED_AT_DESC, 50, None)
        return [row.id for row in page.rows]


def test_a_supervisor_sees_what_was_signed_of_the_bodies_that_he_is_posted_to(office: Office) -> None:
    draft = appraisal(office)
    first, other = draft.body_ids[0], draft.body_ids[1]
    one = office.signed(replace(draft, kind=CampaignKind.POSTED, body_ids=(first,)))
    office.signed(replace(draft, kind=CampaignKind.POSTED, body_ids=(other,)))
    office.planned(replace(draft, kind=CampaignKind.POSTED, body_ids=(first,)))
    zhang = office.supervisor("张三", first)
    assert seen(office, zhang) == {one}
    assert seen(office, office.supervisor("李四")) == set()
    assert seen(office, places.staff(places.JIASHAN, Role.SUPERVISOR)) == set()


def test_a_posting_that_ended_opens_nothing_any_more(office: Office) -> None:
    draft = appraisal(office)
    office.signed(draft)
    zhang = office.supervisor("张三")
    posting = office.post(zhang.person or "", draft.body_ids[0])
    assert len(seen(office, zhang)) == 1
    office.do(
        lambda unit: membership_service.end(unit, office.clerk, posting, MembershipEnding.MOVED, dt.date(2026, 3, 31))
    )
    assert seen(office, zhang) == set()


def test_members_see_what_was_signed_and_others_what_was_shared_with_them(office: Office, member: Actor) -> None:
    planned, signed = office.planned(WORKS, PARENT).id, office.signed(MEASURES, PARENT)
    assert seen(office, office.clerk) == {planned, signed}
    assert seen(office, member) == {signed}
    assert seen(office, places.stranger(places.JIASHAN, places.JIAXING, Role.CLERK)) == {signed}
    for nothing in (
        nobody(places.JIASHAN), places.staff(places.JIASHAN, Role.DEPARTMENT),
        places.staff(places.JIASHAN, Role.SYSTEM_ADMIN),
        places.stranger(places.JIASHAN, places.QINGPU, Role.SECRETARY),
    ):  # fmt: skip
        assert seen(office, nothing) == set()


def test_the_report_is_of_the_office_until_the_campaign_is_closed(office: Office, member: Actor) -> None:
    id = office.running(WORKS)
    office.do(lambda unit: service.write_report(unit, office.clerk, id, "报告"))
    with office.units.read() as unit:
        found = queries.one(unit.session, member, id)
        assert found is not None
        assert found.report is None
        assert queries.at_work(unit.session, member, id) is None
    assert office.row(id).state is CampaignState.RUNNING
