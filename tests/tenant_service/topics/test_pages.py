"""The office writes a report down, screens it and answers it on its pages; a member recommends and follows."""

import re
from collections.abc import Callable

import pytest

from sync.contract.shapes.items import Satisfaction
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import codes, queries, rating_service, routing_service
from tenant_service.topics import handling_service as handling
from tenant_service.topics import screening_service as screening
from tenant_service.topics.descriptions import Described
from tests.tenant_service import places
from tests.tenant_service.browsing import Browser
from tests.tenant_service.topics.office import LIFTS, OPEN, WORDS, Office

# A page does not know which database is below it; the room's other tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

REPORT = {"source": "PUBLIC", "title": "小区停车难", "words": "晚上没有车位", "name": "张三", "phone": "13800001111"}


@pytest.fixture
def leader(anybody: Callable[..., Browser]) -> Browser:
    return anybody(Role.SECRETARY)


def test_a_report_is_written_down_accepted_and_answered(
    clerk_browser: Browser, leader: Browser, visitor: Browser
) -> None:  # fmt: skip
    assert "暂无议题" in clerk_browser.go("/topics").text
    at = clerk_browser.go("/topics/new").send("/topics/new", **REPORT).path
    assert ("晚上没有车位" in clerk_browser.text, "138****1111" in clerk_browser.text) == (True, True)
    assert "13800001111" not in clerk_browser.text
    assert "2026-04-09" in clerk_browser.text
    assert "议题待受理" in clerk_browser.go("/").text
    page = clerk_browser.go(f"{at}/accept").send(f"{at}/accept", title="", summary="")
    assert (page.status, page.error_of("title")) == (400, "必填")
    page = clerk_browser.go(f"{at}/accept").send(f"{at}/accept", title="惠民小区停车难")
    assert (page.status, page.error_of("category")) == (400, "必选")
    clerk_browser.send(f"{at}/accept", title="惠民小区停车难", category="TRANSPORT")
    assert visitor.go(at).status == 404
    clerk_browser.go(at).send(f"{at}/handle")
    assert clerk_browser.send(f"{at}/resolve", answer="【机密】").status == 400
    clerk_browser.go(at).send(f"{at}/resolve", answer="新增五十个车位。")
    assert f'action="{at}/answer"' not in clerk_browser.text
    leader.go(f"{at}/share").send(f"{at}/share", shares="OPEN")
    assert "新增五十个车位。" not in visitor.go(at).text
    page = leader.go(at).send(f"{at}/answer")
    assert (page.status, "已经保密审查，不涉密" in (page.error_of("unclassified") or "")) == (400, True)
    leader.go(at).send(f"{at}/answer", unclassified="yes")
    shown = visitor.go(at).text
    assert ("新增五十个车位。" in shown, "晚上没有车位" in shown, "张三" in shown) == (True, False, False)
    assert "惠民小区停车难" in visitor.go("/topics").text


def test_each_step_is_taken_on_the_page_and_the_chart_says_where_it_stands(
    clerk_browser: Browser, office: Office
) -> None:  # fmt: skip
    procedure, id = office.procedure(), office.accepted()
    at = f"/topics/{id}"
    clerk_browser.go(at).send(f"{at}/store", category="HOUSING")
    clerk_browser.send(f"{at}/select", decidedBy="主席会议", decidedOn="2026-04-01", year="2026")
    clerk_browser.send(f"{at}/begin", procedureId=procedure)
    assert "四三三协商工作法" in clerk_browser.text
    assert clerk_browser.text.count("（当前步骤）") == 1
    clerk_browser.send(f"{at}/advance")
    held = clerk_browser.text
    assert f'action="{at}/advance"' not in held, "what would be refused is not offered"
    assert '还缺：已有方案；请在“<a href="#do-prove">登记依据</a>”中登记' in held
    assert '<details id="do-prove" open>' in held
    refused = clerk_browser.post(f"{at}/advance", csrf=clerk_browser.csrf())
    assert (refused.status, "还缺：已有方案" in refused.text) == (409, True)
    wrong = clerk_browser.go(at).send(f"{at}/prove", need="PLAN", day="2026-05-01", note="方案")
    assert (wrong.status, wrong.error_of("day")) == (400, "尚未到这一天")
    clerk_browser.go(at).send(f"{at}/prove", need="PLAN", day="2026-04-01", note="协商方案一号")
    assert ("协商方案一号" in clerk_browser.text, f'action="{at}/advance"' in clerk_browser.text) == (True, True)
    clerk_browser.send(f"{at}/track", trackedUntil="2027-12-31")
    assert "2027-12-31" in clerk_browser.text


def test_similar_ones_are_shown_merged_split_and_undone(clerk_browser: Browser, office: Office) -> None:
    kept, id = office.accepted(), office.raised()
    at = f"/topics/{id}"
    assert "相似议题" in clerk_browser.go(at).text
    wrong = clerk_browser.send(f"{at}/merge", intoId=kept, reason="")
    assert (wrong.status, wrong.error_of("reason")) == (400, "请填写理由")
    clerk_browser.go(at).send(f"{at}/merge", intoId=kept, reason="同一件事")
    assert f'href="/topics/{kept}"' in clerk_browser.text
    assert "并案进来" in clerk_browser.go(f"/topics/{kept}").text
    clerk_browser.go(at).send(f"{at}/undo", reason="不是一件事")
    clerk_browser.send(f"{at}/split", parts="甲小区\n乙小区")
    assert clerk_browser.text.count("拆分出") == 2
    raised = f"/topics/{office.raised()}"
    clerk_browser.go(raised).send(f"{raised}/turn-down", code="PETITION", reason="请到信访局")
    assert "请到信访局" in clerk_browser.text
    other = f"/topics/{office.raised()}"
    clerk_browser.go(other).send(f"{other}/forward", to="12345热线", reason="热线办理")
    assert "12345热线" in clerk_browser.text


def test_a_member_recommends_and_sees_his_own(member_browser: Browser, office: Office) -> None:
    office.raised()
    form = member_browser.go("/topics/recommend")
    at = form.send("/topics/recommend", title="村道路灯", words="两个村没有路灯").path
    assert ("已提交" in member_browser.text, "受理" in member_browser.go(at).text.partition("<h2>办理</h2>")[2]) == (
        True, False
    )  # fmt: skip
    listed = member_browser.go("/topics").text
    assert ("村道路灯" in listed, "老旧小区加装电梯" in listed) == (True, False)
    assert member_browser.go("/topics/new").status == 403
    assert member_browser.post(f"{at}/handle", csrf=form.csrf()).status == 403


def test_the_list_is_filtered_sorted_and_a_file_as_well(clerk_browser: Browser, office: Office) -> None:
    office.accepted(report=WORDS)
    office.handled(OPEN)
    told = clerk_browser.go("/topics.csv?state=IN_PROCEDURE").text
    assert told.splitlines()[0].lstrip("\ufeff").startswith("题名,议题来源,类别,镇街,状态,提交日期")
    assert (told.count("老旧小区加装电梯"), "办理中" in told) == (1, True)
    assert clerk_browser.go("/topics.xlsx").status == 200
    assert "共 0 件" in clerk_browser.go("/topics?year=2020&source=OPEN_CALL&tracked=1").text
    assert clerk_browser.go("/topics?sort=RAISED_AT_ASC").text.count("老旧小区加装电梯") == 2


def test_every_state_says_whose_turn_it_is_since_when_and_until_when(
    clerk_browser: Browser, member_browser: Browser, office: Office, clock: places.Clock
) -> None:
    id, clerk, secretary = office.raised(), office.clerk, office.secretary
    bureau, at = office.body("住建局"), f"/topics/{id}"

    def turn(browser: Browser = clerk_browser) -> str:
        found = re.search('<p class="(?:turn|refusal)">(.*?)</p>', browser.go(at).text)
        return found[1] if found else ""

    def after(act: Callable[[Unit], object]) -> str:
        office.do(act)
        return turn()

    assert turn() == "待本会工作人员审看，告知是否受理，自 2026-04-01，应于 2026-04-09 前"
    clock.on(days=10)
    assert turn().endswith("<b>已逾期 2 天</b>")
    assert after(lambda unit: screening.accept(unit, clerk, id, LIFTS)).startswith("待本会工作人员决定入库")
    assert after(lambda unit: routing_service.entrust(unit, clerk, id, bureau)).startswith(
        "待本会工作人员决定入库、直接办理、并案或拆分（责任单位（人）：住建局）"
    )
    assert "住建局" not in turn(member_browser)
    assert after(lambda unit: handling.handle(unit, clerk, id)) == "待住建局办理并拟写答复，自 2026-04-11"
    assert after(lambda unit: handling.resolve(unit, clerk, id, "装好了。")) == "待签发人签发答复，自 2026-04-11"
    assert "装好了。" in clerk_browser.text, "who drafted the answer reads it while it waits to be signed"
    done = after(lambda unit: handling.answer(unit, secretary, id, unclassified=True))
    assert done == "待反映人评价，没有解决的可提出一次，自 2026-04-11，应于 2026-04-26 前"
    clock.on(days=16)
    assert turn() == "待本会工作人员归档，自 2026-04-11"
    assert after(lambda unit: handling.archive(unit, clerk, id)) == "已归档，无待办"
    other = office.accepted()
    at = f"/topics/{other}"
    office.do(lambda unit: screening.split(unit, clerk, other, [LIFTS, Described("路灯", None, LIFTS.category)]))
    assert turn() == "随所拆各件办理：共 2 件，已答复 0 件"


def test_the_office_reads_what_reporters_say_of_the_answer_and_who_did_what_and_others_do_not(
    clerk_browser: Browser, member_browser: Browser, visitor: Browser, office: Office
) -> None:
    id = office.answered(OPEN)
    office.do(lambda unit: coded(unit, id))
    office.do(lambda unit: rating_service.rate(unit, "AAAA", id, Satisfaction.DISSATISFIED, "太久了"))
    shown = clerk_browser.go(f"/topics/{id}").text
    assert ("评价现行答复的 1 件" in shown, "太久了" in shown, "未同意告知办理单位" in shown) == (True, True, True)
    office.do(lambda unit: rating_service.unsettled(unit, "AAAA", id, "二单元没装", 15, for_department=True))
    shown = clerk_browser.go(f"/topics/{id}").text
    assert ("二单元没装" in shown, "反映人提出仍未解决 · 反映人" in shown) == (True, True)
    office.do(lambda unit: handling.resolve(unit, places.staff(places.JIASHAN, Role.CLERK), id, "好"))
    assert "评价 1 件：满意或基本满意 0，不满意 1" in clerk_browser.go("/topics").text
    lines = clerk_browser.go("/topics.csv").text.splitlines()
    assert lines[0].endswith("满意,不满意")
    assert (lines[1].endswith("0,1"), "一件反映计一次" in lines[-1]) == (True, True)
    for browser in (member_browser, visitor):
        other = browser.go(f"/topics/{id}").text
        assert [said for said in ("太久了", "二单元没装", "办理经过") if said in other] == []


def coded(unit: Unit, id: str) -> None:
    """Whoever reported it has a code."""
    (told,) = queries.reports(unit.session, id)
    told.code_digest = codes.digest("AAAA")
