"""From a stranger's table of totals to one entry per row; pure, besides the reading of bytes.

The file is read as rosters are: .xlsx, .xls, CSV in UTF-8 or GB 18030, with titles above the heads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sync.contract.counted_kinds import COUNTED_KINDS, NOT_BY_KIND
from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.values import INDICATORS, IndicatorCode
from tenant_service.spreadsheets import cells, grids, heads
from tenant_service.spreadsheets.cells import Cell
from tenant_service.spreadsheets.grids import Grid
from tenant_service.statistics.opening_rules import days_told, never_distinct
from tenant_service.statistics.opening_service import Draft

HEADS: Mapping[str, str] = {
    "indicator": "指标 指标名称 统计指标 项目", "kind": "类别 活动类别 分类", "period": "期间 时间 年度 年份 统计期间",
    "number": "数值 数量 数字 合计 总数", "source": "来源 文号 统计表 来源文件 依据", "unit": "单位 计量单位",
}  # fmt: skip
"""What a column tells → how tables head it, the best first."""
_OF_A_LINE = ("period", "number", "source")
"""A row that says nothing of these is a remark."""
NEEDED = ("indicator", "period", "number", "source")
MOST_LINES = 200
_RANKS = heads.ranks_of(HEADS)
_ALL_KINDS = frozenset({"", "全部", "合计", "不分类别"})


@dataclass(frozen=True)
class Line:
    """One row with something in it. `number`: as the spreadsheet counts, from 1; `why`: why it is not taken."""

    number: int
    cells: tuple[str, ...]
    draft: Draft | None = None
    why: Refusal | None = None


def read(data: bytes) -> list[Line]:
    """Every row below the heads.

    Raises:
        Refusal: TOO_LARGE; ROSTER_UNREADABLE; BAD_VALUE, no heads are found, nothing stands below them, or too much.
    """
    for grid in grids.read(data):
        at = heads.head_row(grid, _RANKS, NEEDED)
        if at is not None:
            return _below(grid, at)
    said = Said("找不到表头：须有“指标、期间、数值、来源”四列", "no heads: 指标, 期间, 数值 and 来源 are needed")
    raise Refusal(Code.BAD_VALUE, field="file", why=said)


def _below(grid: Grid, at: int) -> list[Line]:
    columns = heads.columns_of(grid.rows[at], _RANKS)
    rows = [
        (number, row) for number, row in enumerate(grid.rows[at + 1 :], at + 2)
        if any(not cells.is_blank(row[columns[each]]) for each in _OF_A_LINE if columns[each] < len(row))
    ]  # fmt: skip
    if not 0 < len(rows) <= MOST_LINES:
        said = Said(f"表头下须有1–{MOST_LINES}行", f"1–{MOST_LINES} rows stand below the heads")
        raise Refusal(Code.BAD_VALUE, field="file", why=said)
    return [_line(number, row, columns) for number, row in rows]


def _line(number: int, row: Sequence[Cell], columns: Mapping[str, int]) -> Line:
    told = {each: cells.said(row[at]) or "" if at < len(row) else "" for each, at in columns.items()}
    shown = tuple(told.get(each, "") for each in HEADS)
    try:
        return Line(number, shown, _draft(told))
    except Refusal as refusal:
        return Line(number, shown, why=refusal)


def _draft(told: Mapping[str, str]) -> Draft:
    """Raises: Refusal BAD_VALUE, OPENING_NOT_TAKEN."""
    unit = told.get("unit", "")
    never_distinct(unit)
    code = _indicator(told["indicator"])
    if unit and unit != INDICATORS[code].unit:
        said = Said(f"“{code.label}”的单位是“{INDICATORS[code].unit}”", f"it is counted in {INDICATORS[code].unit}")
        raise Refusal(Code.BAD_VALUE, field="unit", why=said)
    return Draft(code, days_told(told["period"]), _number(told["number"]), told["source"], _kind(code, told))


def _indicator(told: str) -> IndicatorCode:
    if told.endswith("人数"):
        never_distinct("人")
    found = next((each for each in IndicatorCode if told in (each.label, each.value)), None)
    if found is None:
        said = Said(f"没有名为“{told[:20]}”的指标，名称见模板", f"there is no indicator {told[:20]}; see the template")
        raise Refusal(Code.BAD_VALUE, field="indicator", why=said)
    return found


def _kind(code: IndicatorCode, told: Mapping[str, str]) -> str:
    plain = told.get("kind", "")
    if plain in _ALL_KINDS:
        return NOT_BY_KIND
    kinds = COUNTED_KINDS.get(code)
    found = next((each.value for each in kinds or () if plain in (each.label, each.value)), None)
    if found is None:
        said = Said(f"“{code.label}”没有类别“{plain[:20]}”，名称见模板", f"{code.value} has no kind {plain[:20]}")
        raise Refusal(Code.BAD_VALUE, field="kind", why=said)
    return found


def _number(told: str) -> int:
    plain = told.replace(",", "")
    if not plain.isascii() or not plain.isdecimal() or len(plain) > len("10000000"):
        why = Said("请填写准确的整数，不写“余”“多”", "a whole number, exactly")
        raise Refusal(Code.BAD_VALUE, field="total", why=why)
    return int(plain)
