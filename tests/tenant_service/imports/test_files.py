"""What clerks keep in spreadsheets comes in as it was previewed, says row by row why not, and can be taken back."""

import datetime as dt
import re
from io import BytesIO
from typing import Any

import pytest
import python_calamine

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.members import UnitKind
from sync.contract.shapes.venues import VenueKind, VenueState
from tenant_service.activities import service as activities
from tenant_service.activities.models import ActivityRow
from tenant_service.identity.actor import Actor
from tenant_service.importing import Sheet, clock
from tenant_service.imports import queries, reading, service
from tenant_service.imports.models import ImportRow
from tenant_service.imports.rules import Line
from tenant_service.members.models import UnitRow
from tenant_service.rooms import SHEETS
from tenant_service.spreadsheets import grids
from tenant_service.spreadsheets.cells import Unreadable
from tenant_service.spreadsheets.rules import ImportState, Outcome
from tenant_service.storage.unit_of_work import Units
from tenant_service.venues import service as venues
from tenant_service.venues.models import VenueRow
from tests.tenant_service import places
from tests.tenant_service.browsing import Browser
from tests.tenant_service.members.office import act, idle, look, new_unit, refused
from tests.tenant_service.roster import files
from tests.tenant_service.told import told

SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
OF = {each.code: each for each in SHEETS}
V = Outcome
OF_KIND = VenueKind.READING_ROOM
VENUES = [
    ["罗星街道阵地一览表", "", "", "", ""],
    ["名称", "类别", "地址", "所属镇街", "联系人"],
    ["惠通村 议事堂", "议事堂", "惠通村礼堂", "罗星街道", "周某"],
    ["惠民书屋", "书屋", "惠民路 1 号", "", "吴某"],
    ["城东驿站", "驿站", "城东", "城东街道", ""],
    ["惠民书屋", "书屋", "惠民路 1 号", "", ""],
    ["无名堂", "会所", "某处", "", ""],
    ["绝密基地", "驿站", "【机密】", "", ""],
    ["", "驿站", "某处", "", ""],
]
SESSIONS = [
    ["活动名称", "类别", "日期", "地点", "开始时间", "群众人数", "委员人数", "领导到场", "建议"],
    ["加装电梯协商", "微协商", "2026-03-12", "惠通村", "19:30", 25, 6, "是", "先行试点\n分摊方案"],
    ["路灯协商", "微协商", 46000, "惠通村", "", "", "", "否", ""],
    ["明年的会", "微协商", "2099-01-01", "惠通村", "", "", "", "", ""],
    ["停车协商", "微协商", "2026-03-13", "惠通村", "25:00", "", "", "", ""],
    ["停车协商", "微协商", "2026-03-13", "惠通村", "", "30余", "", "", ""],
]


def previewed(units: Units, clerk: Actor, sheet: str, rows: Any) -> ImportRow:
    read = reading.read(OF[sheet], grids.read(files.xlsx(rows)))
    return act(units, lambda at: service.preview(at, clerk, OF[sheet], "台账.xlsx", read))


def lines(units: Units, row: ImportRow) -> dict[int, Line]:
    return {each.number: each for each in look(units, lambda s: queries.lines(queries.FILES.ours(s, row.id)))}


def applied(units: Units, clerk: Actor, row: ImportRow) -> ImportRow:
    return act(units, lambda at: service.apply(at, clerk, OF[row.sheet], row.id))


def undone(units: Units, clerk: Actor, row: ImportRow) -> ImportRow:
    return act(units, lambda at: service.undo(at, clerk, OF[row.sheet], row.id, idle))


def all_of(units: Units, model: Any) -> dict[str, Any]:
    called = {VenueRow: "name", ActivityRow: "title", UnitRow: "name"}[model]
    return {getattr(row, called): row for row in look(units, lambda s: s.query(model).all())}


@SQLITE
@pytest.mark.practice(16)
def test_a_preview_says_of_each_row_what_would_be_done_and_does_nothing(units: Units, clerk: Actor) -> None:
    new_unit(units, clerk, "罗星街道", UnitKind.TOWN)
    before = told(units)
    found = lines(units, previewed(units, clerk, "venues", VENUES))
    assert {number: each.outcome for number, each in found.items()} == {
        3: V.NEW, 4: V.NEW, 5: V.ERROR, 6: V.ERROR, 7: V.ERROR, 8: V.ERROR, 9: V.ERROR,
    }  # fmt: skip
    reasons = [found[at].reason or "" for at in (5, 6, 7, 8, 9)]
    assert "没有名为“城东街道”的镇街" in reasons[0]
    assert reasons[1] == "与第4行重复"
    assert "应为协商民主实践中心" in reasons[2]
    assert "机密" in reasons[3]
    assert reasons[4] == "缺阵地名称"
    assert all_of(units, VenueRow) == {}
    assert told(units) == before
    kept = look(units, lambda s: s.query(ImportRow).one().lines).decode()
    assert "周某" not in kept, "who is the contact was not asked for"


@SQLITE
def test_what_was_previewed_is_done_and_all_of_it_is_taken_back(units: Units, clerk: Actor) -> None:
    town = new_unit(units, clerk, "罗星街道", UnitKind.TOWN)
    row = previewed(units, clerk, "venues", VENUES)
    applied(units, clerk, row)
    assert all_of(units, VenueRow)["惠通村 议事堂"].area_id == town.id
    refused(units, Code.OUT_OF_TURN, lambda at: service.apply(at, clerk, OF["venues"], row.id))
    again = previewed(units, clerk, "venues", [*VENUES[1:3], ["惠民书屋", "书屋", "惠民路 2 号", "罗星街道", ""]])
    assert [each.outcome for each in lines(units, again).values()] == [V.UNCHANGED, V.UPDATED]
    applied(units, clerk, again)
    assert all_of(units, VenueRow)["惠民书屋"].address == "惠民路 2 号"
    undone(units, clerk, again)
    assert all_of(units, VenueRow)["惠民书屋"].address == "惠民路 1 号"
    undone(units, clerk, row)
    hall, books = (all_of(units, VenueRow)[each] for each in ("惠通村 议事堂", "惠民书屋"))
    assert hall.state is VenueState.CLOSED
    assert books.state is VenueState.PLANNED, "it was changed since, if only back and forth"
    assert lines(units, row)[4].reason == "处理期间被他人修改，未处理"
    assert look(units, lambda s: queries.FILES.ours(s, row.id)).state is ImportState.UNDONE


@SQLITE
def test_what_the_file_does_not_say_of_a_venue_stays(units: Units, clerk: Actor) -> None:
    draft = venues.Draft(
        "惠民书屋", OF_KIND, "惠民路 1 号", brand="书香", spaces=(venues.Space("阅览室", 30),), contact_name="吴某",
        contact_phone="0573-84222222",
    )  # fmt: skip
    act(units, lambda at: venues.add(at, clerk, places.directory(), draft, []))
    rows = [["名称", "类别", "地址"], ["惠民书屋", "书屋", "惠民路 9 号"]]
    applied(units, clerk, previewed(units, clerk, "venues", rows))
    kept = all_of(units, VenueRow)["惠民书屋"]
    assert (kept.address, kept.brand, kept.seats, kept.contact_phone) == ("惠民路 9 号", "书香", 30, "0573-84222222")


@SQLITE
def test_what_somebody_changed_after_the_preview_is_left_alone(units: Units, clerk: Actor) -> None:
    rows = [["名称", "类别", "地址"], ["惠民书屋", "书屋", "惠民路 1 号"]]
    row = previewed(units, clerk, "venues", rows)
    act(units, lambda at: venues.add(at, clerk, places.directory(), venues.Draft("惠民书屋", OF_KIND, "别处"), []))
    applied(units, clerk, row)
    assert all_of(units, VenueRow)["惠民书屋"].address == "别处"
    assert lines(units, row)[2].outcome is V.ERROR


@SQLITE
@pytest.mark.practice(5)
def test_sessions_of_a_ledger_are_backfilled_and_count_on_their_day_once(
    units: Units, clerk: Actor, secretary: Actor
) -> None:
    row = previewed(units, clerk, "activities", SESSIONS)
    found = lines(units, row)
    assert {at: each.outcome for at, each in found.items()} == {2: V.NEW, 3: V.NEW, 4: V.ERROR, 5: V.ERROR, 6: V.ERROR}
    assert "尚未开始" in (found[4].reason or "")
    assert "不是时间" in (found[5].reason or "")
    assert "准确数字" in (found[6].reason or "")
    applied(units, clerk, row)
    held = all_of(units, ActivityRow)
    lift, lamp = held["加装电梯协商"], held["路灯协商"]
    assert (lift.headcount, lift.members_present, lift.leader_present, lift.backfilled) == (25, 6, True, True)
    assert lift.suggestions == ["先行试点", "分摊方案"]
    assert lift.starts_at == dt.datetime(2026, 3, 12, 11, 30, tzinfo=dt.UTC)
    assert (lamp.starts_at.date(), lamp.leader_present) == (dt.date(2025, 12, 9), False)
    again = previewed(units, clerk, "activities", SESSIONS)
    assert [each.outcome for each in lines(units, again).values()][:2] == [V.UNCHANGED, V.UNCHANGED]
    act(units, lambda at: activities.sign_off(at, secretary, lift.id, unclassified=True))
    undone(units, clerk, row)
    assert set(all_of(units, ActivityRow)) == {"加装电梯协商"}, "what is signed stays"
    assert lines(units, row)[2].reason


@SQLITE
def test_units_come_in_below_what_is_there(units: Units, clerk: Actor) -> None:
    new_unit(units, clerk, "罗星街道", UnitKind.TOWN)
    rows = [
        ["名称", "类别", "所属镇街"],
        ["惠通村", "村", "罗星街道"],
        ["城东社区", "社区", "城东街道"],
        ["罗星街道", "街道", ""],
    ]
    row = previewed(units, clerk, "units", rows)
    assert [each.outcome for each in lines(units, row).values()] == [V.NEW, V.ERROR, V.UNCHANGED]
    applied(units, clerk, row)
    village, town = (all_of(units, UnitRow)[each] for each in ("惠通村", "罗星街道"))
    assert village.parent_id == town.id
    undone(units, clerk, row)
    assert all_of(units, UnitRow)["惠通村"].until is not None
    assert all_of(units, UnitRow)["罗星街道"].until is None


@SQLITE
@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.code)
def test_who_may_not_do_it_by_hand_may_not_by_a_file_either(units: Units, member: Actor, sheet: Sheet) -> None:
    read = reading.Told([], [])
    refused(units, Code.FORBIDDEN, lambda at: service.preview(at, member, sheet, "x", read))


@SQLITE
@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.code)
def test_a_template_comes_in_as_it_is(units: Units, clerk: Actor, sheet: Sheet) -> None:
    """Its example is a row that is taken, where what it names is there."""
    heads = [each.head for each in sheet.columns]
    read = reading.read(sheet, grids.read(files.xlsx([heads, [each.example for each in sheet.columns]])))
    [line] = read.lines
    assert line.reason is None
    assert {each.field for each in sheet.columns if each.example} == line.fields.keys()
    assert all(sum(head in other.heads.split() for other in sheet.columns) == 1 for head in heads)
    act(units, lambda at: service.preview(at, clerk, sheet, "模板.xlsx", read))


def test_a_sheet_without_the_heads_says_which_are_needed() -> None:
    with pytest.raises(Refusal) as refusal:
        reading.read(OF["venues"], grids.read(files.csv([["甲", "乙"], ["1", "2"]])))
    assert refusal.value.code is Code.IMPORT_NO_HEADER
    assert "阵地名称、阵地类别、地址" in refusal.value.zh


def test_a_time_is_read_however_it_is_written() -> None:
    assert [clock(each) for each in ("9:05", "09：30", 0.8125, "19:30:00", "")] == [
        "09:05",
        "09:30",
        "19:30",
        "19:30",
        "",
    ]
    with pytest.raises(Unreadable):
        clock("24:00")


@SQLITE
def test_a_list_goes_in_by_the_pages_and_its_bad_rows_come_back(clerk_browser: Browser) -> None:
    browser = clerk_browser
    assert 'href="/imports/venues"' in browser.go("/imports").text
    assert "还没有导入过" in browser.go("/imports/venues").text

    def sent(data: bytes) -> Browser:
        told = {"csrf": browser.go("/imports/venues").csrf()}
        return browser._on(browser.client.post("/imports/venues", data=told, files={"file": ("阵地.csv", data)}))

    assert "阵地名称、阵地类别、地址" in sent(files.csv([["甲", "乙"], ["1", "2"]])).error_of("file")
    page = sent(files.csv(VENUES, "gb18030"))
    at = page.path
    assert re.findall(r"<b>(\d+)</b>(\w+)", page.text) == [("1", "新增"), ("0", "更新"), ("0", "无变化"), ("6", "错误")]
    bad = grids.read(browser.client.get(f"{at}/refused.xlsx").content)[0].rows
    assert (bad[0], len(bad)) == (["名称", "类别", "地址", "所属镇街", "原因"], 7)
    assert "已导入" in browser.go(at).send(f"{at}/apply").text
    assert "惠民书屋" in browser.go("/venues").text
    browser.go(at).send(f"{at}/undo")
    assert "已撤销" in browser.go(at).text
    assert browser.go("/imports/activities/" + at.rpartition("/")[2]).status == 404
    assert "Bring in" in browser.go("/imports/venues?lang=en").text
    [sheet] = python_calamine.load_workbook(
        BytesIO(browser.client.get("/imports/venues/template.xlsx").content)
    ).sheet_names
    assert "模板" in sheet


@SQLITE
def test_old_files_are_forgotten(units: Units, clerk: Actor) -> None:
    previewed(units, clerk, "venues", VENUES)
    later = look(units, lambda s: s.query(ImportRow).one().at) + dt.timedelta(days=1)
    assert look(units, lambda s: queries.count_before(s, later)) == 1
    assert act(units, lambda at: service.forget(at, later)) == 1
    assert look(units, lambda s: queries.count_before(s, later)) == 0
