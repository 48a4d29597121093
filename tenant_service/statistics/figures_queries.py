"""What the committee counts itself, of any days: rows and totals from before the platform, each told apart."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sync.contract.errors import Code, Refusal
from sync.contract.instants import day_of
from sync.contract.shapes.values import IndicatorCode
from tenant_service.counting.figures import Counting
from tenant_service.statistics import opening_queries as openings
from tenant_service.statistics import queries
from tenant_service.statistics.opening_rules import Days, Part
from tenant_service.storage.unit_of_work import Unit

MOST_DAYS = 366 * 12


@dataclass(frozen=True)
class OwnFigure:
    """One indicator of these days.

    Attributes:
        value: What there is on the last day that has come, or what happened in all of them, `imported` with it.
        imported: 汇总导入: what of it is totals from before the platform; no row stands behind that.
        left_out: Totals that only some of the days are about; `value` has nothing of them.
        by_kind: Code → what of `value` is of that kind; what no paper tells by kind under an empty code.
    """

    code: IndicatorCode
    value: int
    imported: int = 0
    left_out: tuple[Part, ...] = ()
    by_kind: dict[str, int] = field(default_factory=dict)


def figures(
    unit: Unit, counting: Counting, wanted: Iterable[IndicatorCode], since: dt.date, until: dt.date
) -> list[OwnFigure]:
    """Raises: Refusal BAD_TIME, the last day lies before the first, or there are too many."""
    if not since <= until or (until - since).days > MOST_DAYS:
        raise Refusal(Code.BAD_TIME, why=f"{since} – {until}")
    days = Days(since, until)
    return [
        _stock(unit, counting, code, days) if code in counting.stocks else _flow(unit, counting, code, days)
        for code in dict.fromkeys(wanted)
    ]


def _flow(unit: Unit, counting: Counting, code: IndicatorCode, days: Days) -> OwnFigure:
    by_kind = Counter[str]()
    for each in openings.own_rows(unit, counting, code, *days):
        by_kind[each.kind] += each.number
    totals = [each for each in openings.parts(unit, counting, code, *days) if each.number]
    inside = [each for each in totals if days.holds(each.total.days)]
    for part in inside:
        by_kind[part.total.kind] += part.number
    left_out = tuple(each for each in totals if each not in inside)
    return OwnFigure(code, by_kind.total(), sum(each.number for each in inside), left_out, dict(+by_kind))


def _stock(unit: Unit, counting: Counting, code: IndicatorCode, days: Days) -> OwnFigure:
    day = min(days.until, day_of(unit.now))
    found = queries.counted(unit, counting, [code], day, day)
    by_kind = {kind: numbers[day.day - 1] for each in found for kind, numbers in each.days.items()}
    return OwnFigure(code, sum(by_kind.values()), by_kind={kind: number for kind, number in by_kind.items() if number})
