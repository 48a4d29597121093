"""The office enters and imports what it counted before the platform; a leader signs it; figures say how much it is."""

from collections.abc import Callable

import pytest

from tenant_service.identity.policy import Role
from tests.tenant_service.browsing import Browser
from tests.tenant_service.statistics.county import County

# A page does not know which database is below it; the room's other tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

AT = "/figures/openings"
TOTAL = {"indicator": "ACTIVITIES_HELD", "period": "2020年", "total": "120", "paper": "嘉协〔2021〕3号"}
FILE = """期初数汇总,,,,,
指标,类别,期间,数值,来源,单位
举办活动,,2019年,"1,100",2019年统计表,场次
举办活动,民生议事堂协商,2019年5月,10,2019年统计表,场次
委员参与,,2019年,6800余,2019年统计表,人次
委员人数,,2019年,300,2019年统计表,人
阵地,,2019年,9,2019年统计表,个
委员参与,,2020年,7000,2020年统计表,人次
注：以上为各乡镇上报,,,,,
"""


@pytest.fixture
def leader(anybody: Callable[..., Browser]) -> Browser:
    return anybody(Role.SECRETARY)


def test_a_total_is_entered_signed_corrected_and_withdrawn_and_figures_say_what_is_imported(
    clerk_browser: Browser, leader: Browser, county: County
) -> None:
    county.held(20)
    assert "暂无期初数" in clerk_browser.go(AT).text
    page = clerk_browser.go(f"{AT}/new").send(f"{AT}/new", **TOTAL | {"period": "去年"})
    assert (page.status, page.error_of("period")) == (400, "写作 2020年、2020年3月 或 2018-01-01至2020-06-30")
    assert "嘉协〔2021〕3号" in page.text, "what was written stays"
    one = clerk_browser.go(f"{AT}/new").send(f"{AT}/new", **TOTAL).path
    assert f'action="{one}/sign-off"' not in clerk_browser.text
    assert "期初数待签发" in leader.go("/").text
    leader.go(one).send(f"{one}/sign-off", unclassified="yes")
    assert "120，注明“汇总导入”；没有逐条记录，不能下钻" in clerk_browser.go(one).text
    window = "/figures?from=2020-01-01&to=2026-04-01"
    shown = clerk_browser.go(window).text
    assert ">121<" in shown
    assert ">120<" in shown
    assert "不能下钻" in shown
    sheet = clerk_browser.client.get(window.replace("/figures?", "/figures.csv?")).content.decode("utf-8-sig")
    assert "举办活动,121,场次,120" in sheet
    assert "2020-01-01 – 2020-12-31：120" in clerk_browser.go("/figures?from=2020-03-01&to=2026-04-01").text

    clerk_browser.go(one).send(f"{one}/correct", total="125", paper="嘉协〔2021〕9号", reason="漏计乡镇场次")
    leader.go(AT).send(f"{AT}/sign-off", unclassified="yes")
    assert "更正后" in clerk_browser.go(one).text
    assert ">126<" in clerk_browser.go(window).text
    leader.go(one).send(f"{one}/withdraw", reason="与台账不符")
    assert "与台账不符" in clerk_browser.go(one).text
    assert "暂无期初数" in clerk_browser.go(AT).text
    assert "已撤回" in clerk_browser.go(f"{AT}?withdrawn=yes").text


def test_a_file_is_previewed_with_what_is_wrong_in_each_row_and_taken_on_a_button(
    clerk_browser: Browser, leader: Browser
) -> None:
    def upload(data: bytes) -> Browser:
        csrf = clerk_browser.go(f"{AT}/import").csrf()
        told = clerk_browser.client.post(f"{AT}/import", data={"csrf": csrf}, files={"file": ("总数.csv", data)})
        return clerk_browser._on(told)

    assert "找不到表头" in upload("甲,乙\n1,2\n".encode()).error_of("file")
    page = upload(FILE.encode("gb18030"))
    assert "可导入 2 行，有误 4 行" in page.text
    for why in ("与已有的期初数重叠", "请填写准确的整数", "同一人跨期、跨单位会重复", "存量按名录逐日统计"):
        assert why in page.text
    assert "注：以上" not in page.text
    assert "暂无期初数" in leader.go(AT).text, "a preview enters nothing"
    clerk_browser.send(f"{AT}/take")
    assert (clerk_browser.path, clerk_browser.text.count("待审核</td>")) == (AT, 2)
    leader.go(AT).send(f"{AT}/sign-off", unclassified="yes")
    assert ">1,100<" in leader.go("/figures?from=2019-01-01&to=2020-12-31").text
    again = upload(FILE.encode())
    assert "可导入 0 行" in again.text
    for suffix in ("xlsx", "csv"):
        blank = clerk_browser.client.get(f"{AT}/template.{suffix}").content
        assert "可导入 2 行，有误 0 行" in upload(blank).text.replace(
            "可导入 1 行，有误 1 行", "可导入 2 行，有误 0 行"
        )


def test_the_first_day_is_chosen_by_a_leader_and_who_is_not_of_the_office_sees_none_of_it(
    clerk_browser: Browser, leader: Browser, member_browser: Browser
) -> None:
    assert f'action="{AT}/start"' not in clerk_browser.go(AT).text
    leader.go(AT).send(f"{AT}/start", day="2019-07-01")
    assert "自 2019" in leader.text
    page = clerk_browser.go(f"{AT}/new").send(f"{AT}/new", **TOTAL)
    assert (page.status, "期初数只能录到2019-07-01之前" in page.text) == (409, True)
    for path in ("/figures", AT, f"{AT}/new", f"{AT}/template.csv"):
        assert member_browser.go(path).status == 403
