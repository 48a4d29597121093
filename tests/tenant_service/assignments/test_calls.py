"""吹哨报到: departments are called, and each must answer; what is refused leaves no trace."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import MetaData, update

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.items import CallRecord, CallState
from tenant_service.assignments import call_queries as queries
from tenant_service.assignments import call_service as service
from tenant_service.assignments.call_service import Draft
from tenant_service.assignments.models import CallRow
from tenant_service.assignments.rules import Part
from tenant_service.exchange.outcome import Outcome
from tenant_service.history import taken
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Unit, Units
from tenant_service.topics import routing_service
from tests.tenant_service import places
from tests.tenant_service.assignments.office import LEAD, Office
from tests.tenant_service.browsing import Browser
from tests.tenant_service.places import Clock
from tests.tenant_service.restores import Backup, Restore
from tests.tenant_service.supervision.office import PARENT
from tests.tenant_service.told import told
from tests.tenant_service.topics.office import Office as Topics

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
UNTIL = dt.datetime(2026, 4, 3, 9, tzinfo=dt.UTC)
STREET = places.staff(places.JIASHAN, Role.STREET)


def draft(office: Office) -> Draft:
    return Draft("惠民街道", "老旧小区漏水会商", "4月7日上午9时，街道三楼", UNTIL, (office.bureau, office.roads))


def called(office: Office, who: Actor = STREET, **changed: object) -> str:
    asked = replace(draft(office), **changed)  # type: ignore[arg-type]
    return office.do(lambda unit: service.call(unit, who, office.supervision.directory, asked, [])).id


def record(office: Office, id: str) -> CallRecord:
    with office.units.read() as unit:
        return queries.ours(unit.session, id).record()


def refused(office: Office, code: Code, act: Callable[[Unit], object], id: str | None = None) -> None:
    before = (record(office, id), office.steps(id)) if id else None
    heard = told(office.units)
    with pytest.raises(Refusal) as refusal:
        office.do(act)
    assert (refusal.value.code, told(office.units)) == (code, heard)
    assert id is None or (record(office, id), office.steps(id)) == before


def test_a_call_is_over_when_the_last_body_has_answered(office: Office) -> None:
    id = called(office)
    office.do(lambda unit: service.answer(unit, office.contact, id, comes=True))
    assert (record(office, id).state, record(office, id).coming) == (CallState.OPEN, 1)
    refused(office, Code.NEEDS_REASON, lambda unit: service.answer(unit, office.other, id, comes=False), id)
    office.do(lambda unit: service.answer(unit, office.other, id, comes=False, why="当日防汛值守"))
    done = record(office, id)
    assert (done.state, done.called, done.coming, done.declined) == (CallState.ANSWERED, 2, 1, 1)
    refused(office, Code.OUT_OF_TURN, lambda unit: service.answer(unit, office.contact, id, comes=True), id)
    with office.units.read() as unit:
        assert [step.because for step in taken.of(unit.session, id)][1:3] == ["住建局：到场", "交通局：当日防汛值守"]


def test_who_has_not_answered_in_time_stands_as_that(office: Office, clock: Clock) -> None:
    id = called(office)
    refused(office, Code.BAD_TIME, lambda unit: service.end(unit, STREET, id), id)
    office.do(lambda unit: service.answer(unit, office.contact, id, comes=True))
    clock.now = UNTIL
    office.do(lambda unit: service.end(unit, STREET, id))
    assert (record(office, id).state, record(office, id).coming, record(office, id).declined) == (CallState.OVER, 1, 0)
    other = called(office, answer_by=UNTIL + dt.timedelta(days=1))
    refused(office, Code.NEEDS_REASON, lambda unit: service.cancel(unit, STREET, other, ""), other)
    office.do(lambda unit: service.cancel(unit, STREET, other, "会议改期"))
    assert record(office, other).cancelled_because == "会议改期"


def test_a_call_that_cannot_be_made_or_answered_is_refused(office: Office, member: Actor) -> None:
    directory = office.supervision.directory
    now = office.units.clock()
    for changed, code in (
        ({"body_ids": ()}, Code.BAD_VALUE), ({"answer_by": now}, Code.BAD_TIME), ({"title": ""}, Code.BAD_VALUE),
        ({"place": "【机密】"}, Code.CLASSIFIED), ({"about_id": office.desk}, Code.NOT_FOUND),
        ({"body_ids": (f"{places.JIASHAN}.body.{'0' * 32}",)}, Code.NOT_FOUND),
    ):  # fmt: skip
        asked = replace(draft(office), **changed)
        refused(office, code, lambda unit, it=asked: service.call(unit, STREET, directory, it, []))  # type: ignore[misc]
    asked = draft(office)
    refused(office, Code.NOT_SIGNED_OFF, lambda unit: service.call(unit, STREET, directory, asked, [PARENT]))
    for who in (member, office.contact, office.coordinator):
        refused(office, Code.FORBIDDEN, lambda unit, w=who: service.call(unit, w, directory, asked, []))  # type: ignore[misc]
    id = called(office, body_ids=(office.bureau,))
    refused(office, Code.NOT_FOUND, lambda unit: service.answer(unit, office.other, id, comes=True), id)
    refused(office, Code.FORBIDDEN, lambda unit: service.answer(unit, STREET, id, comes=True), id)
    refused(office, Code.NOT_SIGNED_IN, lambda unit: service.cancel(unit, nobody(places.JIASHAN), id, "不办"), id)
    with office.units.read() as unit:
        seen = {
            who.sub: queries.one(unit.session, who, id) is not None for who in (office.contact, office.other, member)
        }
    assert list(seen.values()) == [True, False, False]


def test_a_forgotten_call_comes_back(office: Office, units: Units, tables: MetaData) -> None:
    restore = Restore(units, places.trust(places.JIASHAN), Backup(units, tables))
    directory = office.supervision.directory
    made = office.do(lambda unit: service.call(unit, office.secretary, directory, draft(office), [PARENT]))
    restore.lose()
    assert restore.come_back()[made.id] is Outcome.ANEW
    assert record(office, made.id) == replace(made, revision=made.revision + 1)


def test_who_handles_what_a_call_is_about_is_told_of_it_and_owes_no_answer(
    office: Office, anybody: Callable[..., Browser]
) -> None:
    about = office.campaign()
    office.assigned(office.agreed(about), Part(office.roads, LEAD))
    clerk = anybody(Role.CLERK)
    page = clerk.go(f"/supervision/{about}")
    assert f'href="/calls/new?about={about}"' in page.text
    told_ = {"caller": "惠民街道", "title": "路灯会商", "place": "街道三楼", "answerBy": "2026-04-03T09:00"}
    page = page.go(f"/calls/new?about={about}").send("/calls/new", **told_, bodyIds=office.bureau)
    at = page.path
    assert "交通局" in page.text.partition("责任单位（知悉）")[2].partition("</dd>")[0]
    assert "路灯会商" in clerk.go(f"/supervision/{about}").text
    roads = anybody(Role.DEPARTMENT, body=office.roads)
    assert "供知悉，无需报到" in roads.go(at).text
    assert f'action="{at}/answer"' not in roads.text
    assert "路灯会商" in roads.go("/calls").text
    assert roads.go("/").tile("吹哨待报到") == 0
    refused(office, Code.NOT_FOUND, lambda unit: service.answer(unit, office.other, at[7:], comes=True), at[7:])
    other = office.supervision.bodies("教育局")[0]
    assert anybody(Role.DEPARTMENT, name="吴九", body=other).go(at).status == 404


def test_who_looks_after_a_topic_is_told_of_a_call_about_it(office: Office, units: Units) -> None:
    topic = Topics.at(units).accepted()
    office.do(lambda unit: routing_service.entrust(unit, office.clerk, topic, office.roads))
    id = called(office, about_id=topic, body_ids=(office.bureau,))
    with units.read() as unit:
        assert queries.one(unit.session, office.other, id) is not None
        assert queries.responsible(unit.session, topic) == [(office.roads, "交通局")]


def test_a_town_calls_and_a_department_answers_on_its_page(office: Office, anybody: Callable[..., Browser]) -> None:
    town, contact = anybody(Role.STREET), anybody(Role.DEPARTMENT, body=office.bureau)
    told_ = {"caller": "惠民街道", "title": "漏水会商", "place": "街道三楼", "answerBy": "2026-04-03T09:00"}
    page = town.go("/calls/new").send("/calls/new", **told_)
    assert (page.status, page.error_of("bodyIds")) == (400, "请选择单位")
    at = town.go("/calls/new").send("/calls/new", **told_, bodyIds=office.bureau).path
    assert "漏水会商" in contact.go("/calls").text
    page = contact.go(at).post(f"{at}/answer", csrf=contact.csrf(), comes="no")
    assert page.status == 400
    contact.go(at).send(f"{at}/answer", comes="yes")
    assert "住建局" in town.go(at).text
    assert "已全部回应" in town.text
    assert anybody(Role.DEPARTMENT, name="钱五", body=office.roads).go(at).status == 404
    assert "漏水会商" in town.client.get("/calls.csv").content.decode("utf-8-sig")


def test_a_call_is_read_when_a_restored_backup_knows_its_topic_no_more(
    office: Office, units: Units, anybody: Callable[..., Browser]
) -> None:
    topic = Topics.at(units).accepted()
    id = called(office, about_id=topic, body_ids=(office.bureau,))
    gone = f"{topic[:-1]}{'0' if topic[-1] != '0' else '1'}"
    with units.write() as unit:
        unit.session.execute(update(CallRow).where(CallRow.id == id).values(about_id=gone))
    assert anybody(Role.CLERK).go(f"/calls/{id}").status == 200
