"""A body's contact has one inbox, whoever assigned it; the office decides whose assignments its bodies take."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from sync.contract.channels import Scope, Share
from sync.contract.ids import Id
from sync.contract.shapes.handovers import HandlingAct, HandoverRecord
from sync.contract.shapes.items import AssignmentRole, AssignmentState
from sync.contract.trust.directory import Directory
from tenant_service.assignments import inbox_queries, inbox_service
from tenant_service.exchange.copies import Seen
from tenant_service.identity.policy import Role
from tenant_service.members import offer_service
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.assignments.neighbours import Neighbours
from tests.tenant_service.assignments.office import Office
from tests.tenant_service.browsing import Browser

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
HANDOVER = f"{places.JIAXING}.handover.{'1' * 32}"
AT = f"/inbox/{HANDOVER}"


def told(office: Office, **changed: object) -> HandoverRecord:
    """What Jiaxing, the parent, handed over to the bureau."""
    record = HandoverRecord(
        id=Id(HANDOVER), committee_id=Id(places.JIAXING), to_id=Id(places.JIASHAN),
        assignment_id=Id(f"{places.JIAXING}.assignment.{'2' * 32}"), body_id=Id(office.bureau),
        state=AssignmentState.ASSIGNED, role=AssignmentRole.LEAD, title="水环境监督", text="清理河道漂浮物",
        office="市府办督查室", instructions="请附照片", assigned_on=places.SPRING.date(),
        due_on=places.SPRING.date().replace(month=5), was_due_on=None, due_is_estimate=False,
        return_until=places.SPRING.date().replace(day=9), return_days=5, extension_until=None, replied_at=None,
        days_late=None, reason=None, opinions=[], awaited=[], satisfaction=None, files=None, closed_at=None,
        moved_at=None, revision=1, changed_at=places.SPRING,
    )  # fmt: skip
    return replace(record, **changed)  # type: ignore[arg-type]


def comes(units: Units, directory: Directory, record: HandoverRecord) -> None:
    with units.write() as unit:
        seen = Seen(places.JIAXING, record.id, "handover", record, 1, unit.now, frozenset({f"x_{places.JIASHAN}"}))
        inbox_service.projection(lambda: directory)(unit.session, seen)


def test_the_office_offers_a_body_and_its_contact_handles_what_comes_beside_its_own(
    units: Units, directory: Directory, office: Office, clerk_browser: Browser, anybody: Callable[..., Browser]
) -> None:
    at = f"/inbox/bodies/{office.bureau}/share"
    form = clerk_browser.go(at)
    assert "SUBTREE" not in form.text
    assert 'value="OPEN"' not in form.text
    assert "嘉兴市政协" in form.send(at, shares="PARENT").go("/inbox/bodies").text
    comes(units, directory, told(office))
    contact = anybody(Role.DEPARTMENT, body=office.bureau)
    page = contact.go("/assignments?box=to_accept")
    assert "清理河道漂浮物" in page.text
    assert "待签收 1" in page.text
    assert "清理河道漂浮物" in contact.client.get("/inbox.csv").content.decode("utf-8-sig")
    assert f'href="/inbox/bodies/{office.bureau}/share"' in clerk_browser.go(f"/bodies/{office.bureau}").text
    page = contact.go(AT)
    for text in ("来自嘉兴市政协", "水环境监督", "市府办督查室", "请附照片", "2026-05-01", "对方情况截至"):
        assert text in page.text
    page = page.send(f"{AT}/accept")
    assert "已提交，待对方确认" in page.text
    page = page.send(f"{AT}/reply", reply="", replyClass="SOLVED", contactName="周科长", contactPhone="13800001234")
    assert (page.status, page.error_of("reply")) == (400, "必填")
    wrong = page.send(f"{AT}/reply", reply="已装", replyClass="SOLVED", contactName="周科长", contactPhone="abc")
    assert wrong.error_of("contactPhone") == "请填写电话号码"
    fields = {"replyClass": "SOLVED", "contactName": "周科长", "contactPhone": "13800001234", "paperNumber": "嘉水8号"}
    page = page.send(f"{AT}/reply", reply="已清理", **fields)
    assert page.status == 200
    assert "嘉水8号" in page.text
    assert f'action="{AT}/accept"' not in page.text
    with units.read() as unit:
        assert inbox_queries.waiting(unit.session, HANDOVER) == [HandlingAct.ACCEPT, HandlingAct.REPLY]
    comes(units, directory, told(office, urged_on=places.SPRING.date(), urging="请速办", revision=2))
    assert "清理河道漂浮物" in contact.go("/assignments").text.partition('id="urged"')[2]
    assert "催办：请速办" in contact.go(AT).text
    comes(units, directory, told(office, moved_at=places.SPRING, revision=2))
    page = contact.go(AT)
    assert "已改派其他单位" in page.text
    assert "<form" not in page.text.partition("<main")[2]
    other = anybody(Role.DEPARTMENT, name="李二", body=office.roads)
    assert (other.go(AT).status, "清理河道" in other.go("/inbox").text) == (404, False)
    assert "清理河道漂浮物" in clerk_browser.go("/inbox?which=over").text


def test_what_was_not_asked_for_waits_for_the_office_and_says_so_on_its_first_page(
    units: Units, directory: Directory, office: Office, clerk_browser: Browser, anybody: Callable[..., Browser]
) -> None:
    comes(units, directory, told(office))
    contact = anybody(Role.DEPARTMENT, body=office.bureau)
    assert contact.go(AT).status == 404
    assert "其他政协交办待决定" in clerk_browser.go("/").text
    page = clerk_browser.go(AT)
    assert page.send(f"{AT}/turn-away", reason=" ").status == 400
    page = page.send(f"{AT}/let-in")
    assert f'action="{AT}/let-in"' not in page.text
    assert "清理河道漂浮物" in contact.go(AT).text


def test_the_committee_that_assigned_it_sees_whose_body_has_it(neighbours: Neighbours, clerk_browser: Browser) -> None:
    id, _ = neighbours.handed_over()
    page = clerk_browser.go(f"/assignments/{id}")
    assert page.status == 200
    assert "上海市青浦区政协" in page.text
    assert "代录" not in page.text


def test_a_box_shows_what_its_number_counts_and_says_how_much_more_there_is(
    units: Units, directory: Directory, office: Office, clerk_browser: Browser, anybody: Callable[..., Browser]
) -> None:
    office.supervision.do(
        lambda unit: offer_service.offer(unit, office.clerk, directory, office.bureau, [Share(Scope.PARENT)])
    )
    for n in range(21):
        number = f"{n:032d}"
        comes(units, directory, told(office, id=Id(f"{places.JIAXING}.handover.{number}")))
    contact = anybody(Role.DEPARTMENT, body=office.bureau)
    page = contact.go("/assignments?box=to_accept")
    assert "待签收 21" in page.text
    assert page.text.count('href="/inbox/') == 20
    assert "查看全部 21 项" in page.text
    assert "共 21 项" in contact.go("/inbox?box=to_accept").text
    assert "共 0 项" in contact.go("/inbox?box=late").text
    for box in ("to_verify", "forwarded", "late"):
        assert "清理河道" not in clerk_browser.go(f"/assignments?box={box}").text, "its number counts none of these"
    assert "清理河道" in clerk_browser.go("/assignments").text


def test_who_takes_what_is_chosen_behind_its_link_and_there_is_no_page_of_any_other_body(
    office: Office, clerk_browser: Browser
) -> None:
    at = f"/inbox/bodies/{office.bureau}"
    assert f'href="{at}/share"' in clerk_browser.go("/inbox/bodies").text
    page = clerk_browser.go(at)
    assert (page.status, "住建局" in page.text, "交通局" in page.text) == (200, True, False)
    assert clerk_browser.go(f"{at}x").status == 404
    assert clerk_browser.go("/inbox/bodies/whatever").status == 404
