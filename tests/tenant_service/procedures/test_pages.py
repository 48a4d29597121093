"""A clerk adopts a template, edits its steps without scripts, a leader puts it in force; two versions are compared."""

import re
from collections.abc import Callable

import pytest

from sync.contract.shapes.procedures import Need
from sync.edge.shell import words
from tenant_service.identity.policy import Role
from tenant_service.procedures import queries
from tenant_service.procedures.models import ProcedureRow
from tenant_service.procedures.shipped import TEMPLATES
from tenant_service.web.site import Site
from tests.tenant_service.browsing import Browser

# A page does not know which database is below it; the room's own tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

NEW = {"name": "议事规程", "code": "hall", "use": "TOPIC", "steps": "选题\n调研\n协商"}


@pytest.fixture
def leader(anybody: Callable[..., Browser]) -> Browser:
    return anybody(Role.SECRETARY, name="李二")


def names(site: Site, code: str = "hall") -> list[str]:
    with site.units.read() as unit:
        rows: list[ProcedureRow] = queries.of_code(unit.session, code)
        return rows[0].step_names if rows else []


def filled(page: Browser) -> dict[str, object]:
    """What a browser would send of the form as it stands."""
    found = dict(re.findall(r'<input (?!type="checkbox")[^>]*name="(step[^"]+|name)"[^>]* value="([^"]*)"', page.text))
    ticked = re.findall(r'<input type="checkbox" name="([^"]+)" value="([^"]+)" checked', page.text)
    told: dict[str, object] = {**found, "use": "TOPIC"}
    for name, value in ticked:
        told[name] = [*list(told.get(name, [])), value]  # type: ignore[call-overload]
    return told


def drafted(browser: Browser) -> str:
    return browser.go("/procedures/new").send("/procedures/new", **NEW).path.removesuffix("/redraft")


def test_a_template_is_adopted_by_one_click_and_put_in_force_by_a_leader(
    clerk_browser: Browser, leader: Browser, visitor: Browser
) -> None:
    page = clerk_browser.go("/procedures/templates")
    assert "未列出各步内容" in page.text
    at = page.send("/procedures/templates/433").path
    assert "议题选定" in clerk_browser.text
    assert "不调研不协商" in clerk_browser.text
    assert f'action="{at}/enact"' not in clerk_browser.text
    page = leader.go(at).send(f"{at}/enact", unclassified="yes")
    assert "施行" in page.text
    assert "四三三协商工作法" in leader.go("/procedures?state=IN_FORCE").text
    assert visitor.go(at).status == 404, "it is shared with nobody"


def test_the_chart_is_a_drawing_with_its_steps_in_words(clerk_browser: Browser) -> None:
    page = clerk_browser.go("/procedures/templates").send("/procedures/templates/433")
    [drawing] = re.findall(r'<svg class="chart route".*?</svg>', page.text, re.DOTALL)
    assert "1 议题选定 → 2 制订方案" in drawing
    assert drawing.count("<circle") == 6
    assert [stage for stage in ("盼（前端）", "商（中端）", "办（末端）") if stage in drawing] == [
        "盼（前端）", "商（中端）", "办（末端）",
    ]  # fmt: skip
    assert "style=" not in drawing


def test_a_drawing_marks_the_present_step_and_ticks_what_is_there(site: Site) -> None:
    draw = '{% from "procedure_steps.svg.jinja" import step_chart %}{{ step_chart("s", steps, "research", met) }}'
    template = site.pages._environments[words.DEFAULT].from_string(draw)
    made = template.render(steps=TEMPLATES["433"].steps, met={Need.DECISION})
    assert "组织调研（当前步骤）" in made
    assert "☐ 已开展调研（不调研不协商）" in made
    assert "☑ 已审定选题（审定机构、日期）" in made, "a step that was left had what it needs"


def test_steps_are_added_moved_and_taken_out_without_scripts(clerk_browser: Browser, site: Site) -> None:
    at = drafted(clerk_browser)
    form = f"{at}/redraft"

    def press(button: str, **changed: object) -> None:
        clerk_browser.go(form)
        clerk_browser.send(form, **filled(clerk_browser) | changed | {"do": button})

    press("up-2")
    assert names(site) == ["选题", "协商", "调研"]
    press("add", **{"stepName-0": "议题选定"})
    assert names(site) == ["议题选定", "协商", "调研", "第4步"], "what was written is kept by any button"
    press("down-0")
    press("remove-3")
    assert names(site) == ["协商", "议题选定", "调研"]
    for nonsense in ("remove-99", "up-0", "down-2", "remove-x", "dance-1"):
        press(nonsense)
    assert names(site) == ["协商", "议题选定", "调研"]


def test_needs_papers_terms_and_roles_are_kept_and_shown(clerk_browser: Browser, site: Site) -> None:
    at = drafted(clerk_browser)
    clerk_browser.go(f"{at}/redraft")
    told = filled(clerk_browser) | {
        "stepNeeds-1": ["RESEARCH", "PAPER"], "stepPapers-1": "调研报告\n问卷", "stepWorkdays-1": "10",
        "stepRoles-1": ["secretary"], "stepStage-1": "商",
    }  # fmt: skip
    page = clerk_browser.send(f"{at}/redraft", **told)
    for shown in ("10个工作日", "调研报告；问卷", "已开展调研（不调研不协商）；已上传所需材料", "秘书长"):
        assert shown in page.text
    with site.units.read() as unit:
        assert queries.of_code(unit.session, "hall")[0].step_roles == [[], ["secretary"], []]
    again = filled(clerk_browser.go(f"{at}/redraft"))
    assert (again["stepNeeds-1"], again["stepWorkdays-1"]) == (["RESEARCH", "PAPER"], "10")


def test_what_is_wrong_is_said_beside_its_field_and_what_was_written_stays(clerk_browser: Browser, site: Site) -> None:
    at = drafted(clerk_browser)
    clerk_browser.go(f"{at}/redraft")
    told = filled(clerk_browser)
    page = clerk_browser.send(f"{at}/redraft", **told | {"stepName-1": "", "stepStage-0": "前端", "do": "add"})
    assert (page.status, page.error_of("stepName-1")) == (400, "必填")
    assert 'value="前端"' in page.text
    page = clerk_browser.go(f"{at}/redraft").send(f"{at}/redraft", **told | {"stepWorkdays-2": "很快"})
    assert page.error_of("stepWorkdays-2")
    page = clerk_browser.go("/procedures/new").send("/procedures/new", **NEW | {"code": "议事"})
    assert (page.status, "小写字母" in page.error_of("code")) == (400, True)
    assert names(site) == ["选题", "调研", "协商"]


def test_two_versions_are_compared_step_by_step(clerk_browser: Browser, leader: Browser) -> None:
    at = drafted(clerk_browser)
    leader.go(at).send(f"{at}/enact", unclassified="yes")
    form = clerk_browser.go(at).send(f"{at}/renew").path
    clerk_browser.send(form, **filled(clerk_browser) | {"stepName-1": "组织调研", "do": "remove-2"})
    later = form.removesuffix("/redraft")
    page = clerk_browser.go(f"{later}/compare?with={at.rpartition('/')[2]}")
    cells = re.sub("<[^>]+>", " ", page.text)
    assert "删去" in cells
    assert "修改" in cells
    assert "组织调研" in cells
    assert clerk_browser.go(f"{later}/compare?with=nothing").status == 404


def test_an_empty_list_says_so_and_lists_are_files(clerk_browser: Browser) -> None:
    assert "暂无规程，可从模板采用" in clerk_browser.go("/procedures").text
    drafted(clerk_browser)
    assert "议事规程" in clerk_browser.go("/procedures.csv").text
    assert clerk_browser.go("/procedures.xlsx").status == 200
    assert "议事规程" not in clerk_browser.go("/procedures?use=PROPOSAL").text


def test_a_member_reads_and_edits_nothing(member_browser: Browser, clerk_browser: Browser, leader: Browser) -> None:
    at = drafted(clerk_browser)
    assert member_browser.go(at).status == 404
    leader.go(at).send(f"{at}/enact", unclassified="yes")
    page = member_browser.go(at)
    assert page.status == 200
    assert "<form" not in page.text.partition("<main")[2].partition("</main")[0]
    closed = ("/procedures/new", f"{at}/redraft", "/procedures/templates")
    assert [member_browser.go(path).status for path in closed] == [403, 403, 403]
