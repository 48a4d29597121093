"""The three lists, one item's chain, the desk of the 交办单位 and the inbox of a body, as their people see them."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from sync.contract.channels import Scope, Share
from tenant_service.identity.policy import Role
from tests.tenant_service.assignments.office import Office
from tests.tenant_service.browsing import Browser
from tests.tenant_service.files import samples
from tests.tenant_service.places import Clock
from tests.tenant_service.supervision.office import WORKS

# A page does not know which database is below it; the room's other tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
OPEN = Share(Scope.OPEN)
REPLY = {"reply": "已加装12盏", "replyClass": "SOLVED", "contactName": "周科长", "contactPhone": "13800001234"}


def test_the_office_calls_whoever_replied_by_a_number_that_is_shown_for_a_reason(
    office: Office, anybody: Callable[..., Browser]
) -> None:
    clerk, chair = anybody(Role.CLERK), anybody(Role.CHAIR)
    [id] = office.in_progress(office.agreed(office.campaign()))
    office.replied(id)
    at = f"/personal/contact/{id}"
    page = clerk.go(f"/assignments/{id}")
    assert "周科长" in page.text
    assert "138****1234" in page.text
    assert f'href="{at}"' in page.text
    assert f'href="{at}"' not in chair.go(f"/assignments/{id}").text
    assert chair.go(at).status == 403
    assert clerk.go(at).send(at, purpose="NOTICE", reason="").status == 400
    page = clerk.go(at).send(at, purpose="NOTICE", reason="核对回复内容")
    assert page.status == 200
    assert "住建局</a>" in page.text, "whose contact it is"
    assert "13800001234" in page.text


def test_the_clerk_enters_a_paper_where_the_body_has_no_account_and_is_told_to_whom_to_turn_where_it_has(
    office: Office, anybody: Callable[..., Browser]
) -> None:
    clerk = anybody(Role.CLERK, name="王五")
    [id] = office.assigned(office.agreed(office.campaign()))
    at = f"/assignments/{id}"
    assert "凭其来文代录" in clerk.go(at).text
    assert clerk.send(f"{at}/accept", paperOn="").error_of("paperOn") == "必填"
    clerk.go(at).send(f"{at}/accept", paperOn="2026-04-01")
    page = clerk.send(f"{at}/reply", **REPLY, paperOn="2026-04-01", paperNumber="")
    assert "须填写文号" in page.error_of("paperNumber")
    page = clerk.send(f"{at}/reply", **REPLY, paperOn="2026-04-01", paperNumber="建函12号")
    assert re.search("回复（代录） · 王五<br>.*住建局2026-04-01来文（建函12号）", page.text)
    assert '<span class="tag">代录</span>' in page.text
    assert "已回复 · 代录" in clerk.go("/assignments").text
    assert "已回复 · 代录" in clerk.go(f"/items/of/{office.item(office.row(id).item_id).list_id}").text
    [other] = office.assigned(office.agreed(office.campaign()))
    contact = anybody(Role.DEPARTMENT, name="周科长", body=office.bureau)
    theirs = f"/assignments/{other}"
    assert "由承办单位的周科长在其账号中办理" in clerk.go(theirs).text
    assert f'action="{theirs}/accept"' not in clerk.text
    assert "来文日期" not in contact.go(theirs).text
    assert "Replied, on paper" in clerk.go(f"{at}?lang=en").text


def test_a_body_that_has_something_in_hands_stays_and_its_page_names_it(
    office: Office, anybody: Callable[..., Browser]
) -> None:
    clerk = anybody(Role.CLERK)
    [id] = office.assigned(office.agreed(office.campaign()))
    for body in (office.bureau, office.desk):
        at = f"/bodies/{body}"
        assert "尚有 1 件在办" in clerk.go(at).text
        page = clerk.send(f"{at}/close", last="2026-04-01", reason="机构改革")
        assert page.status == 409
        assert "在惠通村主干道加装路灯" in page.error_of("last")
    assert (
        f'href="/assignments?body={office.bureau}&amp;box=to_accept"><b>1</b>'
        in clerk.go(f"/bodies/{office.bureau}").text
    )
    assert clerk.go(f"/assignments?body={office.bureau}").text.count(f'href="/assignments/{id}"') == 1
    assert f'href="/assignments/{id}"' not in clerk.go(f"/assignments?body={office.roads}&box=to_accept").text


def test_a_list_is_made_handed_over_replied_to_and_printed(office: Office, anybody: Callable[..., Browser]) -> None:
    clerk, leader = anybody(Role.CLERK), anybody(Role.SECRETARY)
    desk, contact = anybody(Role.COORDINATOR, body=office.desk), anybody(Role.DEPARTMENT, body=office.bureau)
    campaign = office.campaign()
    at = f"/items/of/{campaign}"
    assert "清单尚无条目" in clerk.go(f"/supervision/{campaign}").text
    assert "尚无已确认的条目" in clerk.go(at).text
    page = clerk.send(f"{at}/propose", kind="SUGGESTION", texts=" ")
    assert (page.status, page.error_of("texts")) == (400, "必填")
    page = clerk.go(at).send(f"{at}/propose", kind="SUGGESTION", texts="加装路灯\n修补路面", shares="PARENT")
    assert page.text.count("加装路灯") == 1
    assert f'action="{at}/agree"' not in page.text, "a clerk does not agree"
    leader.go(at).send(f"{at}/agree", unclassified="yes")
    assert "已确认 2 条，已交办 0 条，已落实 0 条" in leader.text
    item = _first(leader.text, "/items/")
    page = clerk.go(item).send(f"{item}/forward", officeId="")
    assert page.status == 400
    clerk.go(item).send(f"{item}/forward", officeId=office.desk)

    assert "待交办 1" in desk.go("/assignments").text
    one = _first(desk.text, "/assignments/")
    page = desk.go(one).send(f"{one}/assign", lead=office.bureau, dueOn="2026-03-01")
    assert "办理期限须晚于今天" in page.error_of("dueOn")
    page = desk.go(one).send(f"{one}/assign", lead=office.bureau, assist=office.bureau)
    assert "主办单位" in page.error_of("lead")
    desk.go(one).send(f"{one}/assign", lead=office.bureau, dueOn="2026-05-08", instructions="请于五月初办结")
    assert "请于五月初办结" in desk.text

    assert contact.go("/").tile("待签收") == 1
    contact.go(one).send(f"{one}/accept")
    page = contact.send(f"{one}/ask-extension", dueOn="2026-05-08", reason="采购")
    assert "须晚于现定期限" in page.error_of("dueOn")
    contact.go(one).send(f"{one}/ask-extension", dueOn="2026-05-20", reason="采购")
    desk.go(one).send(f"{one}/grant-extension")
    assert "2026-05-20（原定 2026-05-08）" in desk.text
    page = contact.go(one).send(f"{one}/reply", **REPLY | {"reply": ""})
    assert (page.status, page.error_of("reply")) == (400, "必填")
    assert "周科长" in page.text, "what was written stays"
    contact.go(one).send(f"{one}/reply", **REPLY)

    assert "已加装12盏" not in anybody(Role.MEMBER).go(one).text
    clerk.go(one).send(f"{one}/verify", found="现场属实")
    assert "138****1234" in clerk.text
    leader.go(one).send(f"{one}/close", satisfaction="SATISFIED", unclassified="yes")
    assert "已加装12盏" in anybody(Role.MEMBER, name="李二").go(one).text
    page = clerk.go(at)
    assert "已确认 2 条，已交办 1 条，已落实 1 条" in page.text
    for which, said in (("suggestions", "修补路面"), ("responsibilities", "县府办督查室"), ("results", "已加装12盏")):
        assert said in page.text
        told = clerk.client.get(f"{at}/{which}.csv")
        assert said in told.content.decode("utf-8-sig"), which
        assert clerk.client.get(f"{at}/{which}.xlsx").status_code == 200
    assert clerk.go(f"{at}/others.csv").status == 404


def test_a_campaigns_findings_are_counted_body_by_body(office: Office, anybody: Callable[..., Browser]) -> None:
    clerk, campaign = anybody(Role.CLERK), office.campaign()
    at = f"/items/of/{campaign}"
    office.assigned(office.agreed(campaign))
    clerk.go(at).send(f"{at}/propose", kind="FINDING", texts="井盖破损\n路灯不亮", bodyId=office.roads)
    anybody(Role.SECRETARY).go(at).send(f"{at}/agree", unclassified="yes")
    assert '<table class="bars">' in clerk.go(at).text.partition('id="bodies"')[2]
    assert "住建局,0,1,1,0,0,0" in clerk.client.get(f"{at}/bodies.csv").content.decode("utf-8-sig"), "whoever leads it"
    assert "交通局,2,0,0,0,0,0" in clerk.client.get(f"{at}/bodies.csv").content.decode("utf-8-sig")


def test_what_is_late_says_so_everywhere(office: Office, anybody: Callable[..., Browser], clock: Clock) -> None:
    [one] = office.in_progress(office.agreed(office.campaign()))
    clock.on(days=45)  # 16 May: the due date, two days ahead, is a Monday
    warned = anybody(Role.DEPARTMENT, name="周一", body=office.bureau)
    assert "即将到期 1" in warned.go("/assignments").text
    assert one in warned.go("/assignments?box=soon").text
    clock.on(days=15)
    assert "即将到期 0" in warned.go("/assignments").text
    contact, clerk = anybody(Role.DEPARTMENT, body=office.bureau), anybody(Role.CLERK)
    for browser in (contact, clerk):
        assert "逾期13天" in browser.go("/assignments?box=late").text
        assert "逾期13天" in browser.go(f"/assignments/{one}").text
    contact.send(f"/assignments/{one}/reply", **REPLY)
    office.closed(one)
    assert "逾期13天" in clerk.go(f"/assignments/{one}").text


def test_a_leader_says_that_our_side_adopts_it(office: Office, anybody: Callable[..., Browser]) -> None:
    at = f"/items/{office.agreed(office.campaign())}"
    assert f'action="{at}/adopt"' not in anybody(Role.CLERK).go(at).text
    leader = anybody(Role.SECRETARY).go(at)
    leader.send(f"{at}/adopt")
    assert (leader.path, "采纳方" in leader.text) == (at, True)
    assert f'action="{at}/adopt"' not in leader.text


def test_evidence_is_attached_by_who_handles_it_and_seen_by_who_works_on_it(
    office: Office, anybody: Callable[..., Browser]
) -> None:
    [one] = office.in_progress(office.agreed(office.campaign()))
    contact, other = (
        anybody(Role.DEPARTMENT, body=office.bureau),
        anybody(Role.DEPARTMENT, name="钱五", body=office.roads),
    )
    contact.go(f"/assignments/{one}")
    csrf, at = contact.csrf(), f"/files/of/{one}"
    sent = contact.client.post(at, data={"csrf": csrf}, files={"file": ("照片.jpg", samples.picture(), "image/jpeg")})
    assert sent.status_code == 200
    assert office.row(one).files == 1
    [file] = set(_all(sent.text, "/files/"))
    for browser, status in ((contact, 200), (anybody(Role.CLERK), 200), (other, 404), (anybody(Role.MEMBER), 404)):
        assert browser.go(file).status == status
    assert other.go(at).status == 404
    assert anybody(Role.CLERK, name="李二").go(f"/assignments/{one}").text.count('enctype="multipart/form-data"') == 0


def test_a_supervisor_adds_what_he_found_at_his_body_alone(office: Office, anybody: Callable[..., Browser]) -> None:
    zhang = office.supervision.supervisor("张三", office.bureau)
    campaign = office.supervision.running(replace(WORKS, body_ids=(office.bureau,)))
    browser = anybody(Role.SUPERVISOR, name="张三", person=zhang.person)
    at = f"/items/of/{campaign}"
    assert "交通局" not in browser.go(at).text
    page = browser.send(f"{at}/propose", texts="台账不全", bodyId=office.roads)
    assert page.status == 403
    browser.go(at).send(f"{at}/propose", texts="台账不全", bodyId=office.bureau)
    assert (office.supervision.row(campaign).unsettled, browser.text.count("台账不全")) == (1, 1)
    closed = office.supervision.running(WORKS)
    assert browser.go(f"/items/of/{closed}").status == 404


def _first(text: str, at: str) -> str:
    return _all(text, at)[0]


def _all(text: str, at: str) -> list[str]:
    return re.findall(rf'href="({at}\d{{6}}\.[a-z]+\.[0-9a-f]{{32}})"', text)


def test_whoever_has_not_signed_in_reads_of_an_open_list_what_is_told_to_everybody(
    office: Office, visitor: Browser, clerk_browser: Browser
) -> None:
    campaign = office.supervision.running(WORKS, OPEN)
    item = office.agreed(campaign, OPEN)
    [given] = office.in_progress(item)
    office.replied(given)
    office.closed(given)
    for page in (f"/items/{item}", f"/items/of/{campaign}", f"/items/of/{campaign}/results.csv"):
        read = clerk_browser.client.get(page).content.decode("utf-8-sig")
        assert "已加装路灯12盏" in read, page
        shown = visitor.client.get(page)
        assert shown.status_code == 200
        assert "住建局" in (text := shown.content.decode("utf-8-sig")), page
        assert "已加装路灯12盏" not in text, page
        assert "县府办督查室" not in text, page


def test_the_menu_has_what_the_visitor_can_open(anybody: Callable[..., Browser], visitor: Browser) -> None:
    inner = ("/assignments", "/calls", "/procedures")
    for browser, there in ((visitor, False), (anybody(Role.CLERK), True), (anybody(Role.MEMBER), True)):
        page = browser.go("/").text
        assert 'href="/items"' in page
        assert [f'href="{each}"' in page for each in inner] == [there] * 3


def test_an_item_is_forwarded_to_who_can_assign_it(office: Office, anybody: Callable[..., Browser]) -> None:
    """Whoever has nobody to assign it could not even see it."""
    item = office.agreed(office.campaign())
    clerk = anybody(Role.CLERK)
    assert "尚无单位开通交办账号" in clerk.go(f"/items/{item}").text
    anybody(Role.COORDINATOR, body=office.desk)
    page = clerk.go(f"/items/{item}").text
    assert "县府办督查室</option>" in page
    assert "住建局</option>" not in page
