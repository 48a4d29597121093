"""From a file's sheets to one entry per person: nobody is dropped, nobody is guessed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.members import UnitKind
from sync.contract.shapes.sectors import Party, Sector
from tenant_service.members.plans import About, Held, Known, Seat
from tenant_service.roster import reading
from tenant_service.roster.matching import finding
from tenant_service.roster.reading import Entry, Local, Roster
from tenant_service.spreadsheets import grids
from tenant_service.spreadsheets.grids import Grid
from tenant_service.spreadsheets.rules import Outcome
from tests.tenant_service.roster.files import Cells, xlsx

HEADS = ["姓名", "性别", "出生年月", "界别", "职务"]


def read(*rows: Any, local: Local | None = None) -> Roster:
    return reading.read([Grid([list(row) for row in rows])], local or Local())


def only(found: Roster) -> Entry:
    [entry] = found.entries
    return entry


# ── heads ──


def test_heads_are_found_below_titles_and_with_other_names() -> None:
    found = read(
        ["嘉善县政协第十届委员名册", "", "", ""],
        ["（2026年3月）", "", "", ""],
        ["序号", "姓 名", "所在 界别（必填）", "政治\n面貌"],
        [1, "张　三", "经济界", "中共党员"],
    )
    entry = only(found)
    assert (entry.number, entry.about.name, entry.seat) == (4, "张三", Seat(sector=Sector.ECONOMY, party=Party.CPC))
    assert found.heads == ["序号", "姓 名", "所在 界别（必填）", "政治\n面貌"]


def test_heads_merged_over_two_rows_are_read_from_both() -> None:
    rows: Cells = [
        ["", "", "", "", ""], ["姓名", "性别", "", "", ""], ["", "", "办公电话", "手机", ""],
        ["张三", "男", "8400000", "13800000000", ""],
    ]  # fmt: skip
    merged = [(0, 0, 0, 4, "委员名册"), (1, 0, 2, 0, "姓名"), (1, 1, 2, 1, "性别"), (1, 2, 1, 3, "联系方式")]
    found = reading.read(grids.read(xlsx(rows, merged=merged)), Local())
    entry = only(found)
    assert (entry.about.name, entry.about.gender, entry.about.work_phone) == ("张三", "MALE", "8400000")


def test_of_two_columns_for_one_thing_the_better_head_counts() -> None:
    entry = only(
        read(["姓名", "手机", "办公电话", "单位", "工作单位及职务"], ["张三", "138", "8400000", "甲", "甲公司经理"])
    )
    assert (entry.about.work_phone, entry.about.employer) == ("8400000", "甲公司经理")


def test_the_roster_may_be_in_a_later_sheet() -> None:
    found = reading.read([Grid([["填表说明"]]), Grid([["姓名"], ["张三"]])], Local())
    assert only(found).about.name == "张三"


@pytest.mark.parametrize("rows", [[], [[]], [["名单"], ["张三"]], [*([["x"]] * 31), ["姓名"]]])
def test_without_a_column_of_names_there_is_no_roster(rows: list[list[str]]) -> None:
    with pytest.raises(Refusal, match=Code.ROSTER_NO_HEADER):
        read(*rows)


def test_a_roster_has_its_bound_of_rows() -> None:
    with pytest.raises(Refusal, match=Code.ROSTER_UNREADABLE):
        read(["姓名"], *([["张三"]] * (grids.MOST_ROWS + 1)))


# ── rows ──


def test_a_row_says_everything_that_its_columns_tell() -> None:
    local = Local({}, {(UnitKind.SPECIAL_COMMITTEE, "提案委"): "u1", (UnitKind.SECTOR, "经济界"): "u2"})
    entry = only(read(
        [*HEADS, "届次", "党派", "工作单位及职务", "联系电话", "编号", "标签", "专委会",
         "任职时间"],
        ["张三", "女", "1968.05", "经济界", "常委", "十届", "民盟", "某公司 经理", 8400000.0, "017", "法律、科技",
         "提案委", "2022年1月"],
        local=local,
    ))  # fmt: skip
    assert entry.problem is None
    assert entry.about == About(
        name="张三", gender="FEMALE", birth_month="1968-05", employer="某公司 经理", work_phone="8400000",
        roster_no="017", tags=["法律", "科技"],
    )  # fmt: skip
    assert entry.seat == Seat(
        title="常委", term=10, sector=Sector.ECONOMY, party=Party.CDL, since="2022-01-01"
    )  # fmt: skip
    assert entry.units == ["u1", "u2"]


def test_local_names_of_sectors_map_to_the_shared_codes() -> None:
    local = Local({"善商界": Sector.INDUSTRY_COMMERCE}, {})
    assert only(read(["姓名", "界别"], ["张三", "善商界"], local=local)).seat.sector is Sector.INDUSTRY_COMMERCE


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["", "男", "", "", ""], "缺姓名"),
        (["一、中共（12人）", "", "", "", ""], "不像姓名"),
        (["合计", "", "138", "", ""], "不像姓名"),
        (["张三", "先生", "", "", ""], "性别"),
        (["张三", "", "1968", "", ""], "缺月份"),
        (["张三", "", "去年", "", ""], "不是年月"),
        (["张三", "", "", "火星界", ""], "火星界"),
        (["张三", "", "", "", "委" * 41], "最多40字"),
        (["张三", "", "", "", "【机密】"], "机密"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why_and_keeps_its_cells(row: list[str], why: str) -> None:
    entry = only(read(HEADS, row))
    assert why in (entry.problem or "")
    assert entry.cells == row


def test_heads_repeated_on_a_later_page_are_no_person() -> None:
    found = read(HEADS, ["张三", "男", "", "", ""], HEADS, ["李四", "男", "", "", ""])
    assert [bool(each.problem) for each in found.entries] == [False, True, False]


def test_a_unit_that_is_not_there_is_not_invented() -> None:
    assert "请先建立" in (only(read(["姓名", "专委会"], ["张三", "提案委"])).problem or "")


def test_who_stands_there_twice_is_taken_once() -> None:
    found = read(
        ["姓名", "出生年月", "编号"], ["张三", "1968.05", ""], ["张　三", "1968年5月", "7"], ["李四", "", "1"],
        ["李四", "", "2"], ["王五", "", "1"], ["赵六", "", ""], ["赵六", "", "3"], ["张三", "1970.01", ""],
    )  # fmt: skip
    assert [(each.number, each.problem) for each in found.entries if each.problem] == [
        (3, "与第2行同名同出生年月"), (6, "编号与第4行重复"), (8, "与第7行同名同出生年月"),
    ]  # fmt: skip


cells = st.one_of(
    st.sampled_from(["", " ", "张三", "李四", "张　三", "1968.05", "1968.1", "男", "经济界", "无", "合计", "十届"]),
    st.text(max_size=8), st.floats(allow_nan=True), st.integers(), st.dates(),
)  # fmt: skip


@given(st.lists(st.lists(cells, max_size=6), max_size=12))
def test_every_row_with_anything_in_it_becomes_one_entry(rows: list[list[Any]]) -> None:
    found = read(["姓名", "编号", "出生年月", "界别", "届次", "标签"], *rows)
    filled = [
        number for number, row in enumerate(rows, 2) if any(not (isinstance(c, str) and not c.strip()) for c in row)
    ]
    assert [entry.number for entry in found.entries] == filled
    assert all(entry.problem or entry.about.name for entry in found.entries)


# ── whom an entry means ──


def known(id: str = "p1", **about: Any) -> Known:
    seat = Held(id="m1", seat=Seat(title="委员", term=10))
    return Known(id=id, revision=3, about=About(**({"name": "张三"} | about)), seats=[seat])


def verdict(about: About, *people: Known, seat: Seat | None = None) -> Outcome:
    return finding(Entry(2, [], about, seat or Seat()), people).verdict


def test_a_person_is_known_by_number_or_by_name_and_birth_month() -> None:
    zhang = known(roster_no="7", birth_month="1968-05")
    assert verdict(About(name="张三", roster_no="7"), zhang) is Outcome.UNCHANGED
    assert verdict(About(name="张三", birth_month="1968-05"), zhang) is Outcome.UNCHANGED
    assert verdict(About(name="张山", roster_no="7", birth_month="1968-05"), zhang) is Outcome.UPDATED, "a new name"
    assert verdict(About(name="张三", birth_month="1970-01"), zhang) is Outcome.NEW
    assert verdict(About(name="张三"), known()) is Outcome.UNCHANGED, "nothing more is known of either"


@pytest.mark.parametrize(
    ("about", "people"),
    [
        (About(name="李四", roster_no="7"), [known(roster_no="7")]),
        (About(name="李四", roster_no="7", birth_month="1970-01"), [known(roster_no="7", birth_month="1968-05")]),
        (About(name="张三", roster_no="8", birth_month="1968-05"), [known(roster_no="7", birth_month="1968-05")]),
        (About(name="张三"), [known(birth_month="1968-05")]),
        (About(name="张三", birth_month="1968-05"), [known()]),
        (About(name="张三"), [known(), known("p2")]),
    ],
    ids=range(6),
)
def test_what_could_be_two_people_is_an_error_and_no_guess(about: About, people: list[Known]) -> None:
    found = finding(Entry(2, [], about), people)
    assert (found.verdict, found.known) == (Outcome.ERROR, None)
    assert found.reason


def test_the_number_of_somebody_who_left_is_not_given_away() -> None:
    gone = Known(id="p1", revision=1, about=About(name="张三", roster_no="7"), has_left=True)
    assert verdict(About(name="张三", roster_no="7"), gone) is Outcome.ERROR


def test_namesakes_with_numbers_of_their_own_are_two_people() -> None:
    assert verdict(About(name="张三", roster_no="8"), known(roster_no="7")) is Outcome.NEW


def test_what_a_roster_leaves_empty_stays() -> None:
    zhang = known(work_phone="8400000", tags=["法律"], birth_month="1968-05")
    found = finding(Entry(2, [], About(name="张三", birth_month="1968-05", employer="某校")), [zhang])
    assert (found.verdict, found.plan.about, found.plan.has_seat) == (Outcome.UPDATED, {"employer": "某校"}, False)


def test_a_seat_is_changed_or_new_by_its_term() -> None:
    same, new = Seat(title="常委", term=10), Seat(title="常委", term=11)
    plans = [finding(Entry(2, [], About(name="张三"), each), [known()]).plan for each in (same, new)]
    assert (plans[0].seat_id, plans[0].seat) == ("m1", {"title": "常委"})
    assert (plans[1].seat_id, plans[1].has_seat, plans[1].seat) == (None, True, {"title": "常委", "term": 11})
    assert verdict(About(name="张三"), known(), seat=Seat(title="委员")) is Outcome.UNCHANGED
