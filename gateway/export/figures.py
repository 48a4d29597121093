"""A table of figures as a file: the lines that statistics has, each figure with what it covers."""

from collections.abc import Sequence
from typing import Any

from gateway.export.asking import SOURCES
from gateway.export.walk import Course, turn_of
from gateway.federation.figures.coverage import UNDER_NONE, UNKNOWN_KIND
from sync.contract.counted_kinds import COUNTED_KINDS
from sync.contract.levels import Level
from sync.contract.shapes.values import INDICATORS, IndicatorCode
from sync.edge.shell.sheets import Cell

_VALUES = "values { code value distinct imported unit text }"
SELECTION = f"""rows {{ committee {{ name }} level mechanism {{ id name }} month kind {_VALUES} }}
    total {{ code value distinct imported unit text }} {SOURCES}"""
_HEADS = {
    "COMMITTEE": "政协 (committee)", "LEVEL": "层级 (level)", "MECHANISM": "联动机制 (mechanism)",
    "MONTH": "月份 (month)", "KIND": "类别 (kind)",
}  # fmt: skip
"""What a line is about, in the order of lines."""


def sheet(told: dict[str, Any], by: Sequence[str]) -> tuple[list[str], list[list[Cell]]]:
    """The heads and the lines, told apart `by` some dimensions; the last line is over all."""
    columns = [each for each in _HEADS if each in by]
    heads = [_HEADS[each] for each in columns] or ["范围"]
    for each in told["total"]:
        about = INDICATORS[IndicatorCode[each["code"]]]
        heads += [
            f"{about.code.label}（{about.unit}） ({about.code.value})", f"{about.code.label}，联办只计一次",
            f"{about.code.label}，其中汇总导入", f"{about.code.label}，计入范围",
        ]  # fmt: skip
    rows = [[*(_about(each, column) for column in columns), *_cells(each["values"])] for each in told["rows"]]
    total: list[Cell] = ["合计", *[None] * (len(columns) - 1), *_cells(told["total"])]
    return heads, [*(rows if columns else ()), total]


def _about(row: dict[str, Any], column: str) -> Cell:
    match column:
        case "COMMITTEE":
            return (row["committee"] or {}).get("name")
        case "LEVEL":
            return Level[row["level"]].label if row["level"] else None
        case "MECHANISM":
            under = row["mechanism"]
            return str(under["name"] or under["id"]) if under else UNDER_NONE
        case "MONTH":
            return str(row["month"])
        case _:
            return _kind(row["kind"])


def courses(told: dict[str, Any]) -> list[Course]:
    return [Course(each["committee"]["name"], [(1, *turn_of(each))]) for each in told["fanout"]["sources"]]


def _kind(code: str | None) -> str:
    """Its label; a code that this release does not know stays as it is. What has none was imported without one."""
    kinds = dict.fromkeys(COUNTED_KINDS.values())
    return next((found.label for each in kinds if (found := each.known(code))), code) if code else UNKNOWN_KIND


def _cells(values: list[dict[str, Any]]) -> list[Cell]:
    return [cell for each in values for cell in (each["value"], each["distinct"], each["imported"], each["text"])]
