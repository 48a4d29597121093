"""The form of a total from before the platform: its fields, how they are read, and what they are filled with."""

from collections.abc import Iterable

import msgspec

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.values import IndicatorCode
from tenant_service.statistics.models import OpeningRow
from tenant_service.statistics.opening_rules import days_told
from tenant_service.statistics.opening_service import Draft
from tenant_service.statistics.reading import MOST_LINES, Line
from tenant_service.web.forms import Form

FIELDS = ("indicator", "kind", "period", "total", "paper")
CORRECTION = ("total", "paper", "reason")
_Told = tuple[IndicatorCode, str, str, int, str]


def draft_of(form: Form) -> Draft:
    """Raises: Refusal BAD_VALUE, of the field that cannot be read."""
    code = form.needed_kind("indicator", IndicatorCode)
    days = days_told(form.get("period"))
    return Draft(code, days, form.needed_number("total"), form.get("paper"), form.get("kind"))


def filled(row: OpeningRow) -> dict[str, str]:
    """The fields as the entry stands now."""
    return {
        "indicator": row.indicator.value, "kind": row.kind, "period": f"{row.since}至{row.until}",
        "total": str(row.number), "paper": row.source,
    }  # fmt: skip


def written(form: Form, fields: Iterable[str]) -> dict[str, str]:
    """What was just written into these fields; nothing, where the form is new."""
    return {name: form.get(name) for name in fields} if form.values else {}


def packed(lines: Iterable[Line]) -> str:
    """What of a file may be taken, for the button that takes it."""
    told = [(of.indicator, of.kind, str(of.days), of.number, of.source) for each in lines if (of := each.draft)]
    return msgspec.json.encode(told).decode()


def unpacked(form: Form) -> list[Draft]:
    """The same back; whoever changed it says no more than they could enter. Raises: Refusal BAD_REQUEST, BAD_VALUE."""
    try:
        told = msgspec.json.decode(form.get("rows"), type=list[_Told])
    except msgspec.DecodeError:
        raise Refusal(Code.BAD_REQUEST) from None
    if not 0 < len(told) <= MOST_LINES:
        raise Refusal(Code.BAD_REQUEST)
    return [Draft(code, days_told(days), number, source, kind) for code, kind, days, number, source in told]
