"""By the pages alone: a scheme is copied, edited and enacted, a year computed and published, objected to and final."""

import dataclasses
import re
from collections.abc import Callable

import pytest

from sync.contract.shapes.members import UnitKind
from tenant_service.identity.policy import Role
from tenant_service.performance.rules import Deed
from tenant_service.performance.scheme_rules import HUNDRED
from tests.tenant_service.browsing import Browser
from tests.tenant_service.performance.assessing import RULES, YEAR, Assessing

# A page does not know which database is below it; the room's other tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def secretary_browser(anybody: Callable[..., Browser]) -> Browser:
    return anybody(Role.SECRETARY, name="secretary")


def test_a_scheme_is_copied_edited_and_enacted(
    clerk_browser: Browser, secretary_browser: Browser, member_browser: Browser
) -> None:
    page = clerk_browser.go("/performance/schemes")
    assert "还没有履职方案" in page.text
    form = page.send("/performance/schemes/adopt", template="reading", year=YEAR).path
    assert form.endswith("/redraft")
    at = form.removesuffix("/redraft")
    told = dict(re.findall(r'<(?:input|textarea)[^>]* name="([^"]+)"[^>]* value="([^"]*)"', clerk_browser.text))
    told = {name: value for name, value in told.items() if name not in ("csrf", "key")}
    assert told["each-ONLINE_READING"] == "1"
    wrong = clerk_browser.send(form, **told | {"each-ONLINE_READING": "一分"})
    assert (wrong.status, "一分" in wrong.text) == (400, True)
    clerk_browser.go(form).send(form, **told | {"each-ONLINE_READING": "1.5", "name": "书香年度考核"})
    assert (clerk_browser.path, "1.5" in clerk_browser.text) == (at, True)
    assert f"{at}/enact" not in clerk_browser.text
    assert "书香年度考核" not in member_browser.go("/performance/schemes").text
    secretary_browser.go(at).send(f"{at}/enact", unclassified="yes")
    assert "施行" in secretary_browser.text
    assert "书香年度考核" in member_browser.go("/performance/schemes").text
    assert member_browser.go(f"{at}/redraft").status == 403
    again = clerk_browser.go(at).send(f"{at}/renew", year=YEAR).path.removesuffix("/redraft")
    clerk_browser.go(again).send(f"{again}/discard")
    assert clerk_browser.path == "/performance/schemes"
    closed = secretary_browser.go(at).send(f"{at}/close", reason="")
    assert closed.status == 400
    secretary_browser.go(at).send(f"{at}/close", reason="文件废止")
    assert "文件废止" in secretary_browser.text


def test_a_member_reads_the_own_result_with_why_and_objects_and_the_office_answers(
    assessing: Assessing, clerk_browser: Browser, secretary_browser: Browser, anybody: Callable[..., Browser]
) -> None:
    one, other = assessing.seat("郑四", "王五")
    member, stranger = (anybody(Role.MEMBER, name=f"m{at}", person=who) for at, who in enumerate((one, other)))
    assert "没有施行中的履职方案" in member.go("/performance/points").text
    assert "还没有年度结果" in member.go("/performance/results").text
    assessing.scheme(dataclasses.replace(RULES, warn_below=10 * HUNDRED))
    [line] = assessing.did(one, Deed.SERVICE)
    assert "<strong>7</strong>" in member.go("/performance/points").text
    assert "低于预警线" in clerk_browser.go("/performance/points?warned=1").text
    assert "郑四" not in clerk_browser.text.split("<tbody>")[1]
    clerk_browser.go("/performance/points").send("/performance/points/warn", year=YEAR)
    assert clerk_browser.send("/performance/points/warn", year=YEAR).status == 409
    assert "履职预警" in stranger.go("/notifications").text
    assert "履职预警" not in member.go("/notifications").text
    at = clerk_browser.go("/performance/results").send("/performance/results/compute", year=YEAR).path
    assert f"{at}/publish" not in clerk_browser.text
    assert member.go(at).status == 404
    assert secretary_browser.go("/").tile("年度履职结果待公示") == 1
    secretary_browser.go(at).send(f"{at}/publish", until="2026-04-10", unclassified="yes")
    assert member.go("/").tile("本人年度履职结果公示中") == 1
    assert f"{at}/of/{one}" in member.go(at).text
    page = member.go(f"{at}/of/{one}")
    assert "服务群众" in page.text
    assert "合计（含基础分）" in page.text
    assert stranger.go(f"{at}/of/{one}").status == 404
    empty = member.go(f"{at}/of/{one}").send(f"{at}/of/{one}/object", line=line, text="")
    assert (empty.status, bool(empty.error_of("text"))) == (400, True)
    objection = member.go(f"{at}/of/{one}").send(f"{at}/of/{one}/object", line=line, text="服务不止一次").path
    assert stranger.go(objection).status == 404
    assert clerk_browser.go("/").tile("履职结果异议待答复") == 1
    early = clerk_browser.go(objection).send(f"{objection}/answer", do="uphold", answer="已补记")
    assert (early.status, "请先在台账中登记或冲销" in early.error_of("answer")) == (400, True)
    assessing.did(one, Deed.SERVICE)
    clerk_browser.go(objection).send(f"{objection}/answer", do="uphold", answer="已补记一次")
    assert "7 分 → 12 分" in member.go(objection).text
    assert "公示时 7 分" in member.go(f"{at}/of/{one}").text
    second = member.send(f"{at}/of/{one}/object", line="", text="漏记").path
    member.go(second).send(f"{second}/take-back")
    assert "已撤回" in member.text
    assessing.office.clock.on(days=20)
    assert "提交异议" not in member.go(f"{at}/of/{one}").text
    secretary_browser.go(at).send(f"{at}/finalize")
    assert "定稿" in secretary_browser.text
    assert "郑四" in clerk_browser.go(f"{at}/members.csv").text
    assert clerk_browser.go(f"{at}/members.xlsx").status == 200
    assert member.go(f"{at}/members.csv").status == 403


def test_units_are_listed_from_their_sample_on_and_exported(
    assessing: Assessing, clerk_browser: Browser, member_browser: Browser
) -> None:
    large, small = assessing.unit("文史委"), assessing.unit("提案委", UnitKind.SPECIAL_COMMITTEE)
    assessing.seat("甲一", "乙二", "丙三", unit=large)
    assessing.seat("丁四", "戊五", unit=small)
    assessing.scheme()
    result = assessing.published()
    for browser in (clerk_browser, member_browser):
        page = browser.go(f"/performance/results/{result}/units?kind=SPECIAL_COMMITTEE").text
        assert "文史委" in page
        assert "提案委" not in page
        assert "另有 1 个单位不足 3 人" in page
        assert "提案委" not in browser.go(f"/performance/results/{result}/units.csv").text


def test_the_record_of_a_year_is_printed_and_exported_for_one_and_for_all(
    assessing: Assessing, clerk_browser: Browser, anybody: Callable[..., Browser]
) -> None:
    one, _ = assessing.seat("郑四", "王五")
    assessing.did(one, Deed.SERVICE, Deed.AWARD)
    member = anybody(Role.MEMBER, name="zhengsi", person=one)
    assert "服务群众" in member.go("/performance/portfolio").text
    assessing.scheme(dataclasses.replace(RULES, shows_place=False))
    assert "<strong>7</strong>" in clerk_browser.go(f"/performance/portfolio?person={one}").text
    assert "方案未设分值" in member.go("/performance/portfolio.csv").text
    assert member.go("/performance/portfolio.xlsx").status == 200
    every = clerk_browser.go("/performance/portfolios.csv").text
    assert re.search(r"郑四,1,1,7,", every), every
    assert "王五" in every
    assert clerk_browser.go("/performance/portfolios.xlsx").status == 200
    assert member.go("/performance/portfolios.xlsx").status == 403
    assert "积分" in clerk_browser.go(f"/people/{one}").text
    assert "没有异议" in member.go("/performance/objections").text
