"""单位名录 from a file: what was previewed is what is done, and the whole of it can be undone."""

import re
from io import BytesIO

import pytest
import python_calamine

from sync.contract.errors import Code
from sync.contract.shapes.members import BodyKind
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.importing import InHands
from tenant_service.imports import queries, reading
from tenant_service.imports import service as imports
from tenant_service.imports.models import ImportRow
from tenant_service.imports.rules import Line
from tenant_service.members import body_queries, body_service
from tenant_service.members.body_service import BodyDraft
from tenant_service.members.sheets import BODIES
from tenant_service.spreadsheets import grids
from tenant_service.spreadsheets.rules import ImportState, Outcome
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.browsing import Browser
from tests.tenant_service.members.office import act, idle, look, refused
from tests.tenant_service.roster import files

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
ROWS = [
    ["嘉善县承办单位名录", "", ""],
    ["单位 名称", "类别", "是否交办单位"],
    ["县水务局", "局", ""],
    ["县府办 督查室", "党政机关", "是"],
    ["惠通村", "村", "否"],
    ["县教育局", "", ""],
    ["县水务局", "局", ""],
    ["县商会", "会所", ""],
    ["", "局", ""],
    ["县文旅局", "", ""],
]
V = Outcome


def previewed(units: Units, clerk: Actor) -> ImportRow:
    sheet = reading.read(BODIES, grids.read(files.xlsx(ROWS)))
    return act(units, lambda at: imports.preview(at, clerk, BODIES, "单位.xlsx", sheet))


def lines(units: Units, id: str) -> dict[int, Line]:
    return {each.number: each for each in look(units, lambda s: queries.lines(queries.FILES.ours(s, id)))}


def standing(units: Units) -> dict[str, tuple[BodyKind, bool]]:
    return {row.name: (row.kind, row.coordinates) for row in look(units, body_queries.standing)}


@pytest.fixture
def before(units: Units, clerk: Actor) -> dict[str, tuple[BodyKind, bool]]:
    """Of what the file names, these are on the list: one otherwise, one as the file says."""
    contact = {"contact_name": "周科长", "contact_phone": "0573-84222222"}
    for draft in (
        BodyDraft("县府办督查室", BodyKind.DEPARTMENT, **contact),  # type: ignore[arg-type]
        BodyDraft("县文旅局", BodyKind.DEPARTMENT),
    ):
        act(units, lambda at, draft=draft: body_service.add_body(at, clerk, draft))  # type: ignore[misc]
    return standing(units)


def test_a_file_is_previewed_row_by_row_and_nothing_is_done(
    units: Units, clerk: Actor, before: dict[str, tuple[BodyKind, bool]]
) -> None:
    found = lines(units, previewed(units, clerk).id)
    assert {number: each.outcome for number, each in found.items()} == {
        3: V.NEW, 4: V.UPDATED, 5: V.NEW, 6: V.ERROR, 7: V.ERROR, 8: V.ERROR, 9: V.ERROR, 10: V.UNCHANGED,
    }  # fmt: skip
    assert ["新单位须填单位类别" in (found[6].reason or ""), found[7].reason] == [True, "与第3行重复"]
    assert "应为承办部门、党委政府" in (found[8].reason or "")
    assert "单位名称" in (found[9].reason or "")
    assert standing(units) == before


def test_what_was_previewed_is_done_and_taken_back_but_for_what_changed_or_is_in_hands(
    units: Units, clerk: Actor, before: dict[str, tuple[BodyKind, bool]]
) -> None:
    id = previewed(units, clerk).id
    act(units, lambda at: imports.apply(at, clerk, BODIES, id))
    assert standing(units) == before | {
        "县水务局": (BodyKind.DEPARTMENT, False), "惠通村": (BodyKind.VILLAGE_COMMITTEE, False),
        "县府办督查室": (BodyKind.PARTY_GOVERNMENT, True),
    }  # fmt: skip
    [desk] = [row for row in look(units, body_queries.standing) if row.coordinates]
    assert desk.contact_name == "周科长", "what the file does not say stays"
    refused(units, Code.OUT_OF_TURN, lambda at: imports.apply(at, clerk, BODIES, id))
    [water] = [row for row in look(units, body_queries.standing) if row.name == "县水务局"]
    in_hands: InHands = lambda _session, body: ["加装路灯"] if body == water.id else []  # noqa: E731
    act(units, lambda at: imports.undo(at, clerk, BODIES, id, in_hands))
    assert standing(units) == before | {"县水务局": (BodyKind.DEPARTMENT, False)}
    assert "加装路灯" in (lines(units, id)[3].reason or "")
    assert look(units, lambda s: queries.FILES.ours(s, id)).state is ImportState.UNDONE
    refused(units, Code.OUT_OF_TURN, lambda at: imports.undo(at, clerk, BODIES, id, idle))


def test_what_somebody_changed_after_the_preview_is_left_alone(
    units: Units, clerk: Actor, before: dict[str, tuple[BodyKind, bool]]
) -> None:
    del before
    id = previewed(units, clerk).id
    [desk] = [row for row in look(units, body_queries.standing) if row.name == "县府办督查室"]
    changed = BodyDraft("县府办督查室", BodyKind.ENTERPRISE)
    act(units, lambda at: body_service.change_body(at, clerk, desk.id, changed))
    act(units, lambda at: body_service.add_body(at, clerk, BodyDraft("惠通村", BodyKind.SCHOOL)))
    act(units, lambda at: imports.apply(at, clerk, BODIES, id))
    found = standing(units)
    assert (found["县府办督查室"], found["惠通村"]) == ((BodyKind.ENTERPRISE, False), (BodyKind.SCHOOL, False))
    assert [lines(units, id)[at].outcome for at in (3, 4, 5)] == [V.NEW, V.ERROR, V.ERROR]


def test_only_who_keeps_the_list_brings_it_in(units: Units, member: Actor) -> None:
    sheet = reading.read(BODIES, grids.read(files.csv(ROWS, "gb18030")))
    for who in (member, places.staff(places.JIASHAN, Role.SYSTEM_ADMIN)):
        refused(units, Code.FORBIDDEN, lambda at, who=who: imports.preview(at, who, BODIES, "x", sheet))  # type: ignore[misc]


def test_a_file_goes_in_and_its_bad_rows_come_back_by_the_pages(clerk_browser: Browser) -> None:
    browser = clerk_browser
    assert 'href="/imports/bodies"' in browser.go("/bodies").text
    assert "还没有导入过" in browser.go("/imports/bodies").text

    def sent(data: bytes) -> Browser:
        told = {"csrf": browser.go("/imports/bodies").csrf()}
        return browser._on(browser.client.post("/imports/bodies", data=told, files={"file": ("单位.csv", data)}))

    assert "找不到表头" in sent(files.csv([["甲", "乙"], ["1", "2"]])).error_of("file")
    page = sent(files.csv(ROWS, "gb18030"))
    at = page.path
    assert re.findall(r"<b>(\d+)</b>(\w+)", page.text) == [("3", "新增"), ("0", "更新"), ("0", "无变化"), ("5", "错误")]
    [sheet] = python_calamine.load_workbook(BytesIO(browser.client.get(f"{at}/refused.xlsx").content)).sheet_names
    assert sheet == "不能导入的行"
    page = browser.go(at).send(f"{at}/apply")
    assert "已导入" in page.text
    assert "惠通村" in browser.go("/bodies").text
    browser.go(at).send(f"{at}/undo")
    assert "惠通村" not in browser.go("/bodies").text
    assert "Bring in: " in browser.go("/imports/bodies?lang=en").text


def test_a_body_is_known_by_its_name_without_what_nobody_sees(units: Units, clerk: Actor) -> None:
    """A zero-width space from some page, and spaces within a name, make no second body and stop no file."""
    for name in ("水务局", "ABC Water 公司"):
        act(units, lambda at, name=name: body_service.add_body(at, clerk, BodyDraft(name, BodyKind.DEPARTMENT)))  # type: ignore[misc]
    rows = [["单位名称", "类别"], ["水\u200b务局", "局"], ["ABC Water 公司", "局"], ["交通局", "局"]]
    sheet = reading.read(BODIES, grids.read(files.xlsx(rows)))
    made = act(units, lambda at: imports.preview(at, clerk, BODIES, "单位.xlsx", sheet))
    assert [each.outcome for each in lines(units, made.id).values()] == [V.UNCHANGED, V.UNCHANGED, V.NEW]
    act(units, lambda at: imports.apply(at, clerk, BODIES, made.id))
    assert set(standing(units)) == {"水务局", "ABC Water 公司", "交通局"}
