"""An appraisal goes from the ballots to the final result; too few show nothing; what is refused leaves no trace."""

import datetime as dt
from collections.abc import Callable

import pytest

from sync.contract.channels import Scope, Share
from sync.contract.errors import Code, Refusal
from sync.contract.shapes.supervision import AppraisalOrder
from tenant_service.appraisals import figures_queries, queries, service
from tenant_service.appraisals.rules import Result
from tenant_service.appraisals.service import Draft
from tenant_service.history import taken
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Unit, Units
from tenant_service.supervision import service as supervision
from tests.tenant_service import places
from tests.tenant_service.appraisals.urn import LEAST, YES, Urn
from tests.tenant_service.supervision.office import PARENT, WORKS
from tests.tenant_service.told import told


@pytest.fixture
def urn(units: Units) -> Urn:
    return Urn.at(units)


def refused(urn: Urn, code: Code, act: Callable[[Unit], object], id: str | None = None) -> None:
    """The act is refused so, and nothing changed, nothing was told and no step was written."""

    def standing() -> object:
        with urn.office.units.read() as unit:
            return (urn.row(id).record(), taken.of(unit.session, id)) if id else listed(urn, urn.office.clerk)

    before, heard = standing(), told(urn.office.units)
    with pytest.raises(Refusal) as refusal:
        urn.office.do(act)
    assert refusal.value.code is code
    assert (standing(), told(urn.office.units)) == (before, heard)


def listed(urn: Urn, actor: Actor) -> set[str]:
    with urn.office.units.read() as unit:
        page = queries.listed(unit.session, actor, queries.Wanted(), AppraisalOrder.CHANGED_AT_DESC, 50, None)
        found = {row.id for row in page.rows}
        assert all(queries.one(unit.session, actor, id) for id in found)
        return found


def of_it(urn: Urn, id: str) -> list[dict[str, object]]:
    return [event.data for event in told(urn.office.units) if event.record == id]


def test_a_result_is_told_when_it_is_published_and_not_before(urn: Urn) -> None:
    id = urn.counted(PARENT)
    assert of_it(urn, id) == []
    urn.office.do(lambda unit: service.publish(unit, urn.office.secretary, id, unclassified=True))
    [data] = of_it(urn, id)
    assert [data[name] for name in ("asked", "ballots", "is_enough")] == [6, 6, True]
    assert [data[name] for name in ("satisfied", "basically", "dissatisfied", "unknown")] == [5, 0, 1, 0]
    with urn.office.units.read() as unit:
        assert queries.results(unit.session, urn.row(id)) == [
            Result("总体评价", 5, 0, 1, 0), Result("服务效能", 5, 0, 1, 0),
        ]  # fmt: skip
        assert queries.remarks(unit.session, urn.row(id)) == [f"意见{at}" for at in range(6)]


def test_too_few_ballots_say_only_that_they_are_too_few(urn: Urn) -> None:
    id = urn.published(PARENT, number=LEAST - 1)
    row = urn.row(id)
    assert (row.is_enough, row.asked, row.ballots, row.satisfied) == (False, 6, None, None)
    with urn.office.units.read() as unit:
        assert queries.results(unit.session, row) == []
        assert queries.remarks(unit.session, row) == []
    [data] = of_it(urn, id)
    assert (data["is_enough"], data["ballots"], data["satisfied"]) == (False, None, None)


def test_nothing_is_shown_of_ballots_before_they_are_counted(urn: Urn) -> None:
    id = urn.given()
    with urn.office.units.read() as unit:
        assert queries.results(unit.session, urn.row(id)) == []
        assert queries.turnout(unit.session, id) == (6, 6)
    assert urn.row(id).ballots is None


def test_an_objection_is_told_with_its_answer(urn: Urn) -> None:
    id = urn.published(PARENT)
    urn.office.do(lambda unit: service.object_to(unit, urn.office.clerk, id, "样本有误"))
    assert [(data["state"], data["objection"]) for data in of_it(urn, id)][-1] == ("OBJECTED", None)
    urn.office.do(lambda unit: service.answer(unit, urn.office.secretary, id, "经核无误", unclassified=True))
    last = of_it(urn, id)[-1]
    assert [last[name] for name in ("state", "objection", "answer", "satisfied")] == [
        "PUBLISHED",
        "样本有误",
        "经核无误",
        5,
    ]
    urn.office.do(lambda unit: service.finalize(unit, urn.office.secretary, id))
    with urn.office.units.read() as unit:
        assert [step.act for step in taken.of(unit.session, id)] == [
            "begin", "count", "publish", "object_to", "answer", "finalize",
        ]  # fmt: skip


def test_a_cancelled_appraisal_says_no_figure_and_counts_for_nothing(urn: Urn) -> None:
    id = urn.published(PARENT)
    span = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    with urn.office.units.read() as unit:
        assert [each.number for each in figures_queries.appraised(unit.session, *span)] == [1]
    urn.office.do(lambda unit: service.object_to(unit, urn.office.clerk, id, "程序有误"))
    urn.office.do(lambda unit: service.cancel(unit, urn.office.clerk, id, "重新评议"))
    last = of_it(urn, id)[-1]
    assert [last[name] for name in ("state", "ballots", "satisfied")] == ["CANCELLED", None, None]
    with urn.office.units.read() as unit:
        assert figures_queries.appraised(unit.session, *span) == []
    assert urn.begun() != id, "the body may be appraised anew"


def test_a_campaign_is_not_closed_while_an_appraisal_is_open(urn: Urn) -> None:
    id = urn.published()
    urn.office.do(lambda unit: supervision.write_report(unit, urn.office.clerk, urn.campaign, "报告"))

    def close(unit: Unit) -> object:
        return supervision.close(unit, urn.office.secretary, urn.campaign, unclassified=True)

    refused(urn, Code.UNSETTLED_APPRAISALS, close, id)
    urn.office.do(lambda unit: service.finalize(unit, urn.office.secretary, id))
    urn.office.do(close)


def test_xupu_appraises_four_bodies(urn: Urn) -> None:
    for body in range(4):
        id = urn.begun(body=body)
        for voter in urn.voters:
            urn.give(id, voter, YES, YES)
        urn.office.do(lambda unit, id=id: service.count(unit, urn.office.clerk, id))  # type: ignore[misc]
        urn.office.do(lambda unit, id=id: service.publish(unit, urn.office.secretary, id, unclassified=True))  # type: ignore[misc]
    with urn.office.units.read() as unit:
        year = figures_queries.appraised(unit.session, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert sum(each.number for each in year) == 4


def test_what_cannot_be_begun_is_refused(urn: Urn) -> None:
    clerk, directory = urn.office.clerk, urn.office.directory
    works = urn.office.running(WORKS)
    good = Draft(urn.campaign, urn.bodies[0])
    for actor, draft, code in (
        (urn.voters[0], good, Code.FORBIDDEN), (nobody(places.JIASHAN), good, Code.NOT_SIGNED_IN),
        (clerk, Draft(works, urn.bodies[0]), Code.BAD_VALUE), (clerk, Draft(urn.campaign, "x"), Code.BAD_VALUE),
        (clerk, Draft(urn.campaign, urn.bodies[0], ()), Code.BAD_VALUE),
        (clerk, Draft(urn.campaign, urn.bodies[0], ("【秘密】",)), Code.CLASSIFIED),
        (clerk, Draft("330421.campaign.00000000000000000000000000000000", urn.bodies[0]), Code.NOT_FOUND),
        (clerk, Draft(urn.campaign, urn.bodies[0], unit_id="330421.unit.00000000000000000000000000000000"),
         Code.BAD_VALUE),
    ):  # fmt: skip
        refused(
            urn, code,
            lambda unit, a=actor, d=draft: service.begin(unit, a, directory, d, [PARENT], LEAST),  # type: ignore[misc]
        )  # fmt: skip
    urn.begun()
    refused(urn, Code.ALREADY_DONE, lambda unit: service.begin(unit, clerk, directory, good, [], LEAST))


def test_nothing_is_done_out_of_turn(urn: Urn) -> None:
    clerk, secretary, voter = urn.office.clerk, urn.office.secretary, urn.voters[0]
    id = urn.begun(PARENT)
    refused(urn, Code.OUT_OF_TURN, lambda unit: service.publish(unit, secretary, id, unclassified=True), id)
    refused(urn, Code.FORBIDDEN, lambda unit: service.count(unit, voter, id), id)
    for each in urn.voters:
        urn.give(id, each, YES, YES)
    urn.office.do(lambda unit: service.count(unit, clerk, id))
    late = service.Ballot((YES, YES))
    refused(urn, Code.OUT_OF_TURN, lambda unit: service.give_ballot(unit, voter, id, late), id)
    refused(urn, Code.OUT_OF_TURN, lambda unit: service.count(unit, clerk, id), id)
    refused(urn, Code.FORBIDDEN, lambda unit: service.publish(unit, clerk, id, unclassified=True), id)
    refused(urn, Code.SECRECY_UNCONFIRMED, lambda unit: service.publish(unit, secretary, id, unclassified=False), id)
    urn.office.do(lambda unit: service.publish(unit, secretary, id, unclassified=True))
    refused(urn, Code.OUT_OF_TURN, lambda unit: service.cancel(unit, clerk, id, "x"), id)
    refused(urn, Code.NEEDS_REASON, lambda unit: service.object_to(unit, clerk, id, " "), id)
    refused(urn, Code.OUT_OF_TURN, lambda unit: service.answer(unit, secretary, id, "x", unclassified=True), id)
    widened = [PARENT, Share(Scope.OPEN)]
    refused(urn, Code.NOT_SIGNED_OFF, lambda unit: service.share(unit, clerk, urn.office.directory, id, widened), id)
    urn.office.do(lambda unit: service.finalize(unit, secretary, id))
    refused(urn, Code.OUT_OF_TURN, lambda unit: service.object_to(unit, clerk, id, "x"), id)


def test_who_sees_what(urn: Urn, member: Actor) -> None:
    open_one = urn.begun(body=1)
    published = urn.published(PARENT)
    assert listed(urn, urn.office.clerk) == listed(urn, urn.voters[0]) == {open_one, published}
    assert listed(urn, member) == {published}
    assert listed(urn, places.stranger(places.JIASHAN, places.JIAXING, Role.CLERK)) == {published}
    for other in (
        nobody(places.JIASHAN), places.staff(places.JIASHAN, Role.SUPERVISOR),
        places.staff(places.JIASHAN, Role.SYSTEM_ADMIN), places.staff(places.JIASHAN, Role.DEPARTMENT),
        places.stranger(places.JIASHAN, places.QINGPU, Role.SECRETARY),
    ):  # fmt: skip
        assert listed(urn, other) == set()
