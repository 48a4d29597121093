"""The gateway's answer to the cockpit's question, as the engine writes it; three districts of a city."""

import datetime as dt
from typing import Any

from sync.contract.shapes.values import INDICATORS, IndicatorCode

NOW = dt.datetime(2026, 12, 3, 2, 0, tzinfo=dt.UTC)
NAMES = {"330102": "上城", "330110": "余杭", "330127": "淳安"}
COUNTS = {"330102": 40, "330110": 12, "330127": 7}


def source(id: str, state: str = "FRESH", as_of: dt.datetime | None = NOW) -> dict[str, Any]:
    error = None if as_of else {"code": "AWAY", "message": "no answer", "zh": "未应答"}
    return {
        "committee": {"id": id, "name": f"{NAMES[id]}区政协", "shortName": NAMES[id]}, "state": state, "rows": 1,
        "asOf": as_of.isoformat() if as_of else None, "latencyMs": 12, "error": error,
    }  # fmt: skip


def answer(*sources: dict[str, Any]) -> dict[str, Any]:
    """Every indicator of a committee is the same number; one without a moment has none."""
    counted = {each["committee"]["id"]: COUNTS[each["committee"]["id"]] if each["asOf"] else None for each in sources}
    total = sum(value or 0 for value in counted.values())
    fresh, missing = sum(each["state"] == "FRESH" for each in sources), sum(not each["asOf"] for each in sources)
    coverage = {"total": len(sources), "fresh": fresh, "stale": len(sources) - fresh - missing, "missing": missing}
    rows = [
        {
            "committee": each["committee"],
            "values": [
                {"code": code.value, "value": counted[each["committee"]["id"]], "imported": 0} for code in IndicatorCode
            ],
        }
        for each in sources
    ]
    totals: list[dict[str, Any]] = [
        {"code": code.value, "value": total, "distinct": total - 1 if code is IndicatorCode.ACTIVITIES_HELD else None,
         "whyNotDistinct": None, "imported": 0, "leftOut": [], "unit": INDICATORS[code].unit, "coverage": coverage}
        for code in IndicatorCode
    ]  # fmt: skip
    whole = {"total": 3, "missing": 0}
    return {
        "now": {"rows": rows, "total": totals, "fanout": {"complete": not missing, "sources": list(sources)}},
        "before": {"total": [{"code": code.value, "value": 50} for code in IndicatorCode]},
        "months": {
            "rows": [
                {"month": "2026-11", "values": [{"value": 9, "coverage": whole}]},
                {"month": "2026-12", "values": [{"value": 0, "coverage": {"total": 3, "missing": 3}}]},
                {"month": "2025-12", "values": [{"value": 4, "coverage": whole}]},
            ]
        },
        "kinds": {
            "rows": [{"kind": "HALL_SESSION", "values": [{"value": 5}]}, {"kind": "NEWER", "values": [{"value": 8}]}]
        },
        "mechanisms": {
            "rows": [
                {"mechanism": {"id": "330421.mechanism.d", "name": "三地联动"}, "values": [{"value": 3}]},
                {"mechanism": {"id": "330100.mechanism.c", "name": None}, "values": [{"value": 4}]},
                {"mechanism": None, "values": [{"value": 52}]},
            ]
        },
    }
