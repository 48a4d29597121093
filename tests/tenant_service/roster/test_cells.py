"""What cells of a roster say."""

import datetime as dt
from typing import Any

import pytest

from sync.contract.shapes.sectors import Party, Sector
from tenant_service.members import names, surnames
from tenant_service.members.rules import Gender
from tenant_service.roster import reading, sectors
from tenant_service.spreadsheets import cells
from tenant_service.spreadsheets.cells import MonthStyle, Unreadable

PLAIN = MonthStyle()


@pytest.mark.parametrize(
    ("cell", "month"),
    [
        ("1968.05", "1968-05"), (1968.05, "1968-05"), ("1968年5月", "1968-05"), ("1968年05月12日", "1968-05"),
        ("1968-5", "1968-05"), ("1968/05/12", "1968-05"), ("1968.5.12", "1968-05"), ("１９６８．０５", "1968-05"),
        (" 1968 年 5 月 ", "1968-05"), (196805, "1968-05"), ("19680512", "1968-05"), (24990, "1968-06"),
        (24990.0, "1968-06"), ("24990", "1968-06"), (dt.date(1968, 5, 12), "1968-05"), ("1968.12", "1968-12"),
        (1968.12, "1968-12"), ("", None), ("—", None), ("无", None),
    ],
)  # fmt: skip
def test_a_month_is_read_however_it_is_written(cell: Any, month: str | None) -> None:
    assert cells.month(cell, PLAIN) == month


@pytest.mark.parametrize("cell", ["1968", 1968, "1968.13", "1968.00", "五月", "68.5", "1868.05", "9" * 5000, True, 3.7])
def test_what_is_no_month_is_not_taken_for_one(cell: Any) -> None:
    with pytest.raises(Unreadable):
        cells.month(cell, PLAIN)


@pytest.mark.parametrize(
    ("column", "month"),
    [
        (["1968.1", "1970.05"], "1968-10"),
        ([1968.1, 1970.05, 1971.12], "1968-10"),
        (["1968.1", "1970.5", "1971.10"], "1968-01"),
        (["1968.1", "1970.5"], None),
        (["1968.1", "1970.5", "1971.05"], None),
        ([1968.1], None),
    ],
)
def test_january_and_october_are_told_apart_by_their_column_or_not_at_all(column: list[Any], month: str | None) -> None:
    how = cells.style(column)
    if month:
        assert cells.month(column[0], how) == month
    else:
        with pytest.raises(Unreadable, match="分不清"):
            cells.month(column[0], how)


@pytest.mark.parametrize(
    ("cell", "day"),
    [("2022-01-15", dt.date(2022, 1, 15)), ("2022年1月", dt.date(2022, 1, 1)), (44576, dt.date(2022, 1, 15)),
     (dt.date(2022, 1, 15), dt.date(2022, 1, 15)), ("", None)],
)  # fmt: skip
def test_a_day_is_read(cell: Any, day: dt.date | None) -> None:
    assert cells.day(cell) == day


@pytest.mark.parametrize("cell", ["2022-02-30", "去年", "2022", "9" * 5000])
def test_what_is_no_day_is_not_taken_for_one(cell: Any) -> None:
    with pytest.raises(Unreadable):
        cells.day(cell)


@pytest.mark.practice(16)
def test_terms_genders_phones_and_tags_are_read() -> None:
    terms = {"十五届": 15, "第十届": 10, "二十届": 20, "二十一": 21, "9": 9, "第９届": 9}
    assert {each: cells.term(each) for each in terms} == terms
    assert [reading._gender(each) for each in ("男", "女性", "")] == [Gender.MALE, Gender.FEMALE, None]
    assert cells.phone(13800000000.0) == "13800000000"
    assert cells.phone("（0573）8400000 转 12") == "(0573)8400000 转 12"
    assert cells.tags("法律、科技；文史 书法") == ["法律", "科技", "文史", "书法"]


def test_what_terms_genders_and_phones_are_not_is_refused() -> None:
    for read, cell in ((cells.term, "十五"), (cells.term, "9届")):
        assert read(cell)
    for refuse, wrong in ((cells.term, "本届"), (cells.term, "一一届"), (cells.term, "0")):
        with pytest.raises(Unreadable):
            refuse(wrong)
    with pytest.raises(Unreadable):
        reading._gender("先生")
    with pytest.raises(Unreadable):
        cells.phone("打我手机")


def test_all_34_sectors_and_the_parties_are_found_by_their_labels_and_local_names() -> None:
    assert len(Sector) == 34
    assert all(sectors.sector_named(each.label, {}) is each for each in Sector)
    assert all(sectors.party_named(each.label) is each for each in Party)
    written = {
        "经济界": Sector.ECONOMY, "经济 界别": Sector.ECONOMY, "医卫界": Sector.MEDICINE_HEALTH, "青联": Sector.YOUTH,
        "中共（12名）": Sector.CPC, "特邀界": Sector.SPECIALLY_INVITED, "社会福利界": Sector.WELFARE_SOCIAL_SECURITY,
        "科技界": Sector.SCIENCE_TECHNOLOGY, "科协界": Sector.SCIENCE_ASSOCIATION, "工会": Sector.TRADE_UNIONS,
    }  # fmt: skip
    assert {each: sectors.sector_named(each, {}) for each in written} == written
    assert sectors.sector_named("港澳界", {}) is None
    assert sectors.sector_named("善商界", {"善商 界": Sector.INDUSTRY_COMMERCE}) is Sector.INDUSTRY_COMMERCE
    assert [sectors.party_named(each) for each in ("中共党员", "民盟盟员", "九三", "绿党")] == [
        Party.CPC, Party.CDL, Party.JIUSAN, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "name"),
    [("张　三", "张三"), (" 张 三 丰 ", "张三丰"), ("艾力·买买提", "艾力·买买提"), ("艾力•买买提", "艾力·买买提"),
     ("艾力 · 买买提", "艾力·买买提"), ("John  Smith", "John Smith"), ("欧阳\n娜", "欧阳娜")],
)  # fmt: skip
def test_spaces_inside_a_name_go_and_its_dot_stays(written: str, name: str) -> None:
    assert names.written(written) == name
    assert names.is_name(name)


@pytest.mark.parametrize(
    "name", ["", "张", "一、中共（12人）", "合计", "备注", "张3", "张三" * 21, "·张三", "张\ue000"]
)
def test_what_stands_in_a_name_column_and_is_no_name_is_seen(name: str) -> None:
    assert not names.is_name(name)


def test_names_go_by_roster_number_and_then_by_strokes_and_first_stroke() -> None:
    people = [("丁一", None), ("王二", None), ("毛三", None), ("方四", None), ("孔五", None), ("张六", None),
              ("魏七", None), ("靐八", None)]  # fmt: skip
    keys = [names.sort_key(*each) for each in people]
    assert keys == sorted(keys)
    assert all(key.isascii() for key in keys)
    numbered = [names.sort_key("魏七", no) for no in ("2", "10", "2022-9", "2022-10")]
    assert numbered == sorted(numbered)
    assert numbered[-1] < keys[0]


def test_every_surname_stands_in_the_table_once() -> None:
    every = [each for kinds in surnames.BY_STROKES.values() for group in kinds for each in group]
    assert len(every) == len(set(every)) >= 400
    assert all(len(kinds) == len(surnames.KINDS) for kinds in surnames.BY_STROKES.values())
    told = {"丁": (2, 1), "王": (4, 1), "李": (7, 1), "张": (7, 5), "陈": (7, 5), "刘": (6, 4), "赵": (9, 1)}
    assert {each: surnames.place(each) for each in told} == told
    assert surnames.place("") == surnames.UNKNOWN
