"""A citizen without an account or scripts scans a code, reports something, follows it, and rates the answer."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from tenant_service.identity.models import AuditRow, PersonalReadRow
from tenant_service.personal_data import queries as personal_data
from tenant_service.services import Desk
from tenant_service.settings import Periods
from tenant_service.topics import codes, personal, routing_service
from tenant_service.topics import screening_service as screening
from tenant_service.topics.models import TopicReporterRow, TopicRow
from tenant_service.web.site import Site
from tests.tenant_service import places
from tests.tenant_service.browsing import Browser
from tests.tenant_service.topics.office import OPEN, Office
from tests.tenant_service.topics.test_reporting import answered, door, handled

# A page does not know which database is below it; the room's other tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

WORDS = "三幢的老人下不了楼"
REPORT = {"words": WORDS, "place": "三幢", "name": "欧阳大爷", "phone": "13800005678", "consent": "yes"}


@pytest.fixture
def citizen(anybody: Callable[..., Browser]) -> Browser:
    return anybody()


def code_in(page: Browser) -> str:
    found = re.search(r'<code id="code" class="code">([^<]+)</code>', page.text)
    assert found, page.text
    return found[1]


def reported(browser: Browser, at: str = "/report", **others: str) -> str:
    page = browser.go(at).send(at, **REPORT | others)
    assert page.status == 200, page.text
    return code_in(page)


def topics(office: Office) -> list[str]:
    with office.units.read() as unit:
        return list(unit.session.scalars(select(TopicRow.id).order_by(TopicRow.id)))


@pytest.mark.practice(8)
def test_a_citizen_scans_reports_follows_rates_and_says_that_it_is_not_settled(
    citizen: Browser, office: Office, anybody: Callable[..., Browser]
) -> None:  # fmt: skip
    at = f"/q/{door(office)}"
    assert f'href="{at}/report"' in citizen.go(at).text
    form = citizen.go(f"{at}/report")
    for said in ("惠民议事厅", "110", "12345", "信访", "涉密信息不得录入", "个人信息告知"):
        assert said in form.text
    refused = form.send(f"{at}/report", words=WORDS, phone="没有")
    assert (refused.status, refused.error_of("consent"), WORDS in refused.text) == (400, "请先阅读并同意", True)
    assert refused.send(f"{at}/report", **REPORT | {"phone": "没有"}).error_of("phone") == "请填写电话号码"
    short = refused.send(f"{at}/report", **REPORT | {"phone": "138"})
    assert short.error_of("phone") == "号码不完整，应为11位手机号或区号加座机号"
    assert "涉密信息不得录入，请线下办理" in citizen.send(f"{at}/report", **REPORT | {"words": "【机密】选址"}).text
    assert topics(office) == []
    code = code_in(citizen.send(f"{at}/report", **REPORT))
    assert re.fullmatch("[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", code)
    (id,) = topics(office)
    other = anybody().go("/track").send("/track", code=code.lower().replace("-", " "))
    assert ('<li aria-current="step">已提交' in other.text, WORDS in other.text) == (True, False)
    office.do(lambda unit: screening.forward(unit, office.clerk, id, "12345热线", "属日常咨询"))
    assert "已转交：12345热线<br>转交理由：属日常咨询" in other.go("/track").send("/track", code=code).text
    office.do(lambda unit: screening.undo(unit, office.clerk, id, "属本会"))
    handled(office, id)
    answered(office, id, "电梯年底装好。")
    shown = citizen.go("/track").send("/track", code=code)
    assert ('<p id="answer-1" class="told">电梯年底装好。</p>' in shown.text, shown.path) == (True, "/track")
    assert "请于4月16日前评价；仍未解决的，可提出一次" in shown.text
    assert citizen.send("/track/rate", remark="快").error_of("rating") == "必选"
    assert "您的评价：基本满意（还行）" in citizen.send("/track/rate", rating="BASICALLY", remark="还行").text
    assert citizen.send("/track/unsettled", unsettledWords=" ").error_of("unsettledWords").startswith("请写明哪些")
    assert "您已于" in citizen.send("/track/unsettled", unsettledWords="二单元没装").text
    assert ("正在重新办理" in citizen.text, 'action="/track/unsettled"' in citizen.text) == (True, False)
    steps = re.findall(r"<li[^>]*>(.*?)</li>", citizen.text.partition('<ol class="steps">')[2].partition("</ol>")[0])
    assert [re.sub(" <.*", "", each) for each in steps] == ["已提交", "已受理", "已答复", "重新办理中"]
    assert ("4月1日" in steps[2], "（未到）" in citizen.text) == (True, False)
    twice = citizen.post("/track/unsettled", csrf=other_csrf(citizen), code=code, topic=id)
    assert (twice.status, "已提出过一次" in twice.text) == (409, True)


def other_csrf(browser: Browser) -> str:
    return browser.go("/track").csrf()


def test_a_form_that_is_sent_twice_is_one_report_and_an_edited_one_another(citizen: Browser, office: Office) -> None:
    form = citizen.go("/report")
    text = form.text
    first = code_in(form.send("/report", **REPORT))
    citizen.text = text
    assert code_in(citizen.send("/report", **REPORT)) == first
    assert len(topics(office)) == 1
    citizen.text = text
    assert code_in(citizen.send("/report", **REPORT | {"words": "四幢也是"})) != first
    assert len(topics(office)) == 2
    with office.units.read() as unit:
        rows = unit.session.scalars(select(TopicReporterRow)).all()
    assert codes.digest(first) in {row.code_digest for row in rows}
    assert not [row for row in rows if first.replace("-", "") in repr(vars(row))]


def test_a_guessed_code_gets_the_constant_answer_and_is_rate_limited(
    citizen: Browser, anybody: Callable[..., Browser]
) -> None:
    right, guesser = reported(citizen), anybody()
    said = set()
    for guess in ("ABCD-EFGH-JKLM", "", "0OI1", "x" * 5_000, right[:-1], "惠民", "' OR 1=1 --", f"{right}2"):
        answer = guesser.go("/track").send("/track", code=guess)
        said.add((answer.status, re.sub(r'name="csrf" value="[^"]*"', "", answer.text)))
    assert [(status, "没有查到" in text) for status, text in said] == [(404, True)]
    form = guesser.go("/track")
    answers = [form.send("/track", code="ABCD-EFGH-JKLM").status for _ in range(3)]
    assert answers == [404, 404, 429]
    limited = [(form.send("/track", code=code).status, form.text) for code in (right, "ABCDEFGHJKLM")]
    assert limited[0] == limited[1]
    assert limited[0][0] == 429
    for act in ("rate", "unsettled"):
        for csrf in (guesser.go("/track").csrf(), "of another device"):
            tried = [told_of(guesser, act, code, csrf) for code in (right, "ABCDEFGHJKLM")]
            assert tried[0] == tried[1]
            assert tried[0][0] in (403, 429)
    assert "已提交" in anybody().go("/track").send("/track", code=right).text


def told_of(browser: Browser, act: str, code: str, csrf: str) -> tuple[int, str]:
    """What is answered to who would act by a code."""
    answer = browser.post(f"/track/{act}", csrf=csrf, code=code, rating="SATISFIED", topic="x")
    return answer.status, answer.text


@pytest.mark.practice(8)
def test_a_device_sends_so_many_an_hour_and_a_form_belongs_to_its_device(
    citizen: Browser, office: Office, anybody: Callable[..., Browser]
) -> None:
    for n in range(6):
        reported(citizen, words=f"第{n}件")
    refused = citizen.go("/report").send("/report", **REPORT)
    assert (refused.status, "操作过于频繁" in refused.text, WORDS in refused.text) == (429, True, True)
    assert len(topics(office)) == 6
    other = anybody()
    stolen = other.post("/report", **REPORT | {"csrf": citizen.csrf(), "key": "k"})
    assert (stolen.status, "填写的内容已保留" in stolen.text, WORDS in stolen.text) == (403, True, True)
    assert code_in(stolen.send("/report", **REPORT))
    forged = anybody()
    forged.client.cookies.set("liandong-330421-device", f"{'0' * 32}.{'0' * 24}")
    assert forged.go("/report").post("/report", **REPORT | {"csrf": "0" * 24}).status == 403
    assert len(topics(office)) == 7


def test_who_is_refused_takes_nothing_of_the_neighbours_share(office: Office, anybody: Callable[..., Browser]) -> None:
    at = f"/q/{door(office)}/report"
    guesser = anybody()
    form = guesser.go("/track")
    assert [form.send("/track", code="ABCDEFGHJKLM").status for _ in range(65)].count(429) == 55
    assert anybody().go("/track").send("/track", code="ABCDEFGHJKLM").status == 404
    for n in range(15):
        reported(anybody(), at, words=f"第{n}件")
    assert anybody().go(at).send(at, **REPORT).status == 429, "one network fills no venue"
    assert anybody().go("/report").send("/report", **REPORT).status == 200
    elsewhere = anybody()
    elsewhere.client._transport.client = ("9.9.9.9", 1)  # type: ignore[attr-defined]
    assert elsewhere.go(at).send(at, **REPORT).status == 200


def test_the_desk_calls_finds_a_lost_code_and_prints_the_poster(
    citizen: Browser, clerk_browser: Browser, member_browser: Browser, office: Office
) -> None:
    code = reported(citizen)
    (id,) = topics(office)
    assert "没有待告知的" in clerk_browser.go("/topics/desk").text
    handled(office, id)
    assert "待电话告知" in clerk_browser.go("/").text
    desk = clerk_browser.go("/topics/desk")
    assert ("138****5678" in desk.text, "13800005678" in desk.text, WORDS in desk.text) == (True, False, False)
    found = re.search(r'href="(/topics/reports/[^"]+)"', desk.text)
    assert found
    form = clerk_browser.go(found[1])
    assert ("13800005678" in form.text, '<option value="NOTICE" selected>' in form.text) == (False, True)
    assert "13800005678" in form.send(found[1].partition("?")[0], purpose="NOTICE", reason="告知已受理").text
    assert "13800005678" not in clerk_browser.go("/topics/desk").send("/topics/desk/tell").text
    assert "没有待告知的" in desk.text
    assert "没有留这个电话的反映" in desk.send("/topics/desk/find", phone="13800005679").text
    left = desk.send("/topics/desk/find", phone="138 0000 5678")
    with office.units.read() as unit:
        noted = unit.session.scalars(select(AuditRow.act)).all()
        counted = unit.session.scalars(select(PersonalReadRow.rows)).all()
    assert (noted.count("topic.look_for"), counted) == (2, [3]), "each number that was tried, and the one shown"
    new = code_in(left.send("/topics/desk/code"))
    assert citizen.go("/track").send("/track", code=code).status == 404
    assert "已受理" in citizen.go("/track").send("/track", code=new).text
    assert member_browser.go("/topics/desk").status == 403
    token = door(office)
    venue = re.search(r'href="/venues/(\d[^"]+)"', clerk_browser.go("/venues").text)
    assert venue
    assert "打印扫码直报海报" in clerk_browser.go(f"/venues/{venue[1]}").text
    poster = clerk_browser.go(f"/topics/poster?venue={venue[1]}")
    assert (f"/q/{token}/report" in poster.text, "<svg" in poster.text) == (True, True)
    assert citizen.go("/topics/poster").path == "/sign-in"


def test_answers_that_are_shared_with_everybody_are_listed_and_no_others(
    citizen: Browser, clerk_browser: Browser, office: Office
) -> None:
    assert "暂无公开的答复" in citizen.go("/answers").text
    office.answered(OPEN, answer="新增五十个车位。")
    office.answered(answer="只告知本人。")
    office.handled(OPEN)
    for browser in (citizen, clerk_browser):
        shown = browser.go("/answers").text
        assert ("新增五十个车位。" in shown, "只告知本人。" in shown, "共 1 件" in shown) == (True, False, True)
    assert "我要反映" in citizen.go("/").text
    assert "Report something" in citizen.go("/report?lang=en").text


def test_the_committees_own_terms_count(
    citizen: Browser, clerk_browser: Browser, site: Site, office: Office, clock: places.Clock
) -> None:
    own = replace(site.services, periods=Periods(notice_workdays=3, unsettled_days=30))
    object.__setattr__(site, "services", own)
    code = reported(citizen)
    assert "3 个工作日内告知是否受理" in citizen.text
    (id,) = topics(office)
    assert office.row(id).accept_by == dt.date(2026, 4, 7)  # 清明 lies between
    handled(office, id)
    answered(office, id, "电梯年底装好。")
    assert "5月1日 截止" in citizen.go("/track").send("/track", code=code).text
    clock.on(days=16)
    early = clerk_browser.go(f"/topics/{id}").send(f"/topics/{id}/archive")
    assert (early.status, "2026-05-02起方可归档" in early.text) == (409, True)
    shown = citizen.go("/track").send("/track", code=code)
    assert "正在重新办理" in shown.send("/track/unsettled", unsettledWords="未装").text


def test_a_wrong_address_says_in_both_languages_what_to_do_and_the_same_of_every_guess(
    citizen: Browser, clerk_browser: Browser, site: Site, office: Office
) -> None:
    unset = citizen.go("/track").text
    assert ("到受理窗口" in unset, "办公室凭电话找回" in unset) == (False, True)
    assert "受理窗口的地址、电话、时间尚未设置" in clerk_browser.go("/").text
    own = replace(site.services, desk=Desk("人民大道1号", "0573-84120000", "工作日 9:00–17:00"))
    object.__setattr__(site, "services", own)
    said = set()
    for at in ("/q/ABCDEFGHJK", "/q/1/report", f"/q/{door(office)}x", "/q/x/y", "/nothing"):
        page = citizen.go(at)
        said.add((page.status, re.sub(f"{re.escape(at)}", "", page.text)))
    [(status, shown)] = said
    assert (status, "没有这个页面" in shown, "There is no such page" in shown) == (404, True, True)
    assert ('href="/track"' in shown, "人民大道1号" in shown) == (True, True)
    reported(citizen)
    assert "0573-84120000" in citizen.text, "the receipt says where to come"
    assert ("0573-84120000" in citizen.go("/track").text, "到受理窗口凭电话找回" in citizen.text) == (True, True)
    assert "尚未设置" not in clerk_browser.go("/").text
    inside = clerk_browser.go("/nothing")
    assert (inside.status, "There is no" in inside.text, "门口的二维码" in inside.text) == (404, False, False)


def test_the_desks_list_and_the_routes_are_files_as_well_without_phones(
    citizen: Browser, clerk_browser: Browser, member_browser: Browser, office: Office
) -> None:
    reported(citizen)
    (id,) = topics(office)
    handled(office, id)
    told = clerk_browser.go("/topics/desk.csv").text
    assert (told.splitlines()[1].split(",")[1:4], "13800005678" in told) == (
        ["已受理", "欧阳大爷", "138****5678"],
        False,
    )
    bureau = office.body("住建局")
    office.do(lambda unit: routing_service.add_route(unit, office.clerk, None, None, bureau))
    assert "不限镇街,不限类别,住建局" in clerk_browser.go("/topics/routes.csv").text
    assert clerk_browser.go("/topics/desk.xlsx").status == 200
    assert [member_browser.go(f"/topics/{name}.csv").status for name in ("desk", "routes")] == [403, 403]


def test_a_report_under_a_members_name_is_no_part_of_what_is_held_of_the_member(
    citizen: Browser, office: Office, member_browser: Browser
) -> None:
    own = member_browser.go("/personal/mine")
    member = own.path.rpartition("/")[2]
    with office.units.read() as unit:
        whom = personal_data.one(unit.session, member)
    reported(citizen, name=whom.name, phone="13911112222", words="请保密")
    for path in ("/personal/mine", f"/personal/{member}?whole=1", f"/personal/{member}/data.json"):
        shown = member_browser.go(path)
        assert (shown.status, [word for word in ("请保密", "13911112222") if word in shown.text]) == (200, [])
    (id,) = topics(office)
    with office.units.write() as unit:
        assert personal.erase(unit, whom) == 0
        assert id in personal_data.mentions(unit.session, whom), "the office looks whether it is theirs"
        (told,) = unit.session.scalars(select(TopicReporterRow))
        assert (told.words, told.phone) == ("请保密", "13911112222")
        assert personal.erase(unit, replace(whom, name="别人", phone="139-1111 2222")) == 1
