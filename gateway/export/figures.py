"""A table of figures as a file: the lines that statistics has, each figure with what it covers."""

from typing import Any

from gateway.export.asking import SOURCES
from gateway.export.walk import Standing, turn_of
from sync.contract.activities import ActivityKind
from sync.contract.levels import Level
from sync.contract.members import UnitKind
from sync.contract.values import INDICATORS, IndicatorCode
from sync.contract.venues import VenueKind
from sync.edge.shell.sheets import Cell

_VALUES = "values { code value distinct unit text }"
SELECTION = f"""rows {{ committee {{ name }} level month kind {_VALUES} }}
    total {{ code value distinct unit text }} {SOURCES}"""
_HEADS = ["政协 (committee)", "层级 (level)", "月份 (month)", "类别 (kind)"]


def sheet(told: dict[str, Any]) -> tuple[list[str], list[list[Cell]]]:
    """The heads and the lines; the last line is over all."""
    heads = list(_HEADS)
    for each in told["total"]:
        about = INDICATORS[IndicatorCode[each["code"]]]
        heads += [
            f"{about.code.label}（{about.unit}） ({about.code.value})", f"{about.code.label}，联办只计一次",
            f"{about.code.label}，计入范围",
        ]  # fmt: skip
    rows = [
        [
            (each["committee"] or {}).get("name"), Level[each["level"]].label if each["level"] else None,
            each["month"], _kind(each["kind"]), *_cells(each["values"]),
        ]
        for each in told["rows"]
    ]  # fmt: skip
    return heads, [*rows, ["合计", None, None, None, *_cells(told["total"])]]


def standings(told: dict[str, Any]) -> list[Standing]:
    return [Standing(each["committee"]["name"], [(1, *turn_of(each))]) for each in told["fanout"]["sources"]]


def _kind(code: str | None) -> str | None:
    """Its label; a code that this release does not know stays as it is."""
    kinds = (ActivityKind, VenueKind, UnitKind)
    return code and next((found.label for each in kinds if (found := each.known(code))), code)


def _cells(values: list[dict[str, Any]]) -> list[Cell]:
    return [cell for each in values for cell in (each["value"], each["distinct"], each["text"])]
