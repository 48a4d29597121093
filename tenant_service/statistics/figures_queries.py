"""What the committee counts itself, of any days: rows and totals from before the platform, each told apart."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sync.contract.counted_kinds import NOT_BY_KIND
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
    counted: tuple[Part, ...] = ()
    """The totals in `imported`."""


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


@dataclass(frozen=True)
class OwnShare:
    """占比: `numerator` of `denominator`, both of the same days; `imported` of each told apart.

    `is_known`: of a total that is not told by kind nobody knows how much is of one kind.
    """

    numerator: int
    denominator: int
    imported: tuple[int, int] = (0, 0)
    is_known: bool = True


def share(
    unit: Unit, counting: Counting, of: IndicatorCode, kind: str | None, over: IndicatorCode, days: Days
) -> OwnShare:
    """What one indicator, or one kind or theme of it, is of another, or of all of it. Raises: Refusal BAD_TIME."""
    found = {each.code: each for each in figures(unit, counting, (of, over), *days)}
    part, whole = found[of], found[over]
    if kind is None:
        return OwnShare(part.value, whole.value, (part.imported, whole.imported))
    unsorted = whole.by_kind.get(NOT_BY_KIND, 0) + part.by_kind.get(NOT_BY_KIND, 0)
    of_kind = sum(each.number for each in part.counted if each.total.kind == kind)
    told = OwnShare(part.by_kind.get(kind, 0), whole.value, (of_kind, whole.imported))
    return replace(told, is_known=not unsorted)


def _flow(unit: Unit, counting: Counting, code: IndicatorCode, days: Days) -> OwnFigure:
    by_kind = Counter[str]()
    for each in openings.own_rows(unit, counting, code, *days):
        by_kind[each.kind] += each.number
    totals = [each for each in openings.parts(unit, counting, code, *days) if each.number]
    inside = [each for each in totals if days.holds(each.total.days)]
    for part in inside:
        by_kind[part.total.kind] += part.number
    left_out = tuple(each for each in totals if each not in inside)
    return OwnFigure(
        code, by_kind.total(), sum(each.number for each in inside), left_out, dict(+by_kind), tuple(inside)
    )


def _stock(unit: Unit, counting: Counting, code: IndicatorCode, days: Days) -> OwnFigure:
    day = min(days.until, day_of(unit.now))
    found = queries.counted(unit, counting, [code], day, day)
    by_kind = {kind: numbers[day.day - 1] for each in found for kind, numbers in each.days.items()}
    return OwnFigure(code, sum(by_kind.values()), by_kind={kind: number for kind, number in by_kind.items() if number})
