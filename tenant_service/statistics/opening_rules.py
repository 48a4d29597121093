"""期初数: which totals from before the platform may be entered, and what of them is counted. Pure.

Practice rule 6: totals from before the platform import as 期初数, always marked 汇总导入.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sync.contract.counted_kinds import COUNTED_KINDS, NOT_BY_KIND
from sync.contract.errors import Code, Refusal, Said
from sync.contract.kinds import Kind
from sync.contract.shapes.values import INDICATORS, MOST_IMPORTS, IndicatorCode
from tenant_service.counting.rules import Tally
from tenant_service.signing.rules import Approval
from tenant_service.statistics import rules

FIRST_DAY = dt.date(1949, 1, 1)
MOST_MONTHS = 120
"""Of one total: no question is about more, so a longer one would never be counted."""
LARGEST = 10_000_000
OF_PERSONS = frozenset({"人", "名", "位"})
"""Units of people who are each counted once."""
_YEAR = re.compile(r"([0-9]{4})年?(?:度|全年)?")
_MONTH = re.compile(r"([0-9]{4})[年./-]([0-9]{1,2})月?")
_DAY = re.compile(r"([0-9]{4})[年./-]([0-9]{1,2})[月./-]([0-9]{1,2})日?")
_BETWEEN = re.compile(r"\s*(?:至|到|~|～|—+|/|\s-\s)\s*")


class OpeningEnd(Kind):
    """期初数的终结: where a total stands behind its signing."""

    WITHDRAWN = "WITHDRAWN", "已撤回"


class Days(NamedTuple):
    """From one day to another, both inclusive (Asia/Shanghai)."""

    since: dt.date
    until: dt.date

    def holds(self, other: "Days") -> bool:
        return self.since <= other.since and other.until <= self.until

    def meets(self, other: "Days") -> bool:
        return self.since <= other.until and other.since <= self.until

    def in_months(self) -> "Days":
        """The whole months that it touches."""
        return Days(self.since.replace(day=1), rules.last_day(rules.month_of(self.until)))

    def __str__(self) -> str:
        return f"{self.since}/{self.until}"


class Total(NamedTuple):
    """What an indicator came to before the platform, of one kind or told by none."""

    indicator: IndicatorCode
    kind: str
    days: Days
    number: int

    def counts_again(self, other: "Total") -> bool:
        """Whether both would count the same: the same days of a kind, or of all kinds."""
        is_one_kind = self.kind == other.kind or NOT_BY_KIND in (self.kind, other.kind)
        return self.indicator is other.indicator and is_one_kind and self.days.meets(other.days)


@dataclass(frozen=True)
class Part:
    """What a total adds to the figures: `number` of it is told by no row of ours, `rows` are."""

    total: Total
    number: int
    rows: int


def days_told(told: str) -> Days:
    """What a paper calls a period: 2020年, 2020年3月, 2018-01-01至2020-06-30, 2019年至2020年.

    Raises:
        Refusal: BAD_VALUE.
    """
    parts = _BETWEEN.split(told.strip())
    if 1 <= len(parts) <= 2:  # noqa: PLR2004 — from one to another
        begins, ends = _span(parts[0]), _span(parts[-1])
        if begins and ends:
            return Days(begins.since, ends.until)
    why = Said("写作 2020年、2020年3月 或 2018-01-01至2020-06-30", "2020, 2020-03 or 2018-01-01/2020-06-30")
    raise Refusal(Code.BAD_VALUE, field="period", why=why)


def _span(told: str) -> Days | None:
    plain = "".join(told.split())
    try:
        if found := _DAY.fullmatch(plain):
            day = dt.date(int(found[1]), int(found[2]), int(found[3]))
            return Days(day, day)
        if found := _MONTH.fullmatch(plain):
            first = dt.date(int(found[1]), int(found[2]), 1)
            return Days(first, rules.last_day(rules.month_of(first)))
        if found := _YEAR.fullmatch(plain):
            return Days(dt.date(int(found[1]), 1, 1), dt.date(int(found[1]), 12, 31))
    except ValueError:
        pass
    return None


def checked(total: Total, before: dt.date) -> Total:
    """The same, found to be a total that may be entered. `before`: the first day that our own rows count.

    Raises:
        Refusal: OPENING_NOT_TAKEN, such an indicator has no totals; BAD_VALUE, its number or kind; OPENING_TOO_LATE.
    """
    if INDICATORS[total.indicator].is_stock:
        why = Said(
            "存量按名录逐日统计，请登记到名录并填写当时的日期",
            "what there is on a day is counted from the list: enter it there with its days",
        )
        raise Refusal(Code.OPENING_NOT_TAKEN, what=Said(total.indicator.label, total.indicator.value), why=why)
    kinds = COUNTED_KINDS.get(total.indicator)
    if total.kind != NOT_BY_KIND and (kinds is None or kinds.known(total.kind) is None):
        raise Refusal(Code.BAD_VALUE, field="kind", why=Said("请从列表选择", "choose from the list"))
    number(total.number)
    since, until = total.days
    if since < FIRST_DAY or until < since:
        raise Refusal(Code.BAD_VALUE, field="period", why=Said("起止日期不正确", "its first or last day is wrong"))
    if len(list(rules.months(since, until))) > MOST_MONTHS:
        why = Said(
            f"一条最长{MOST_MONTHS // 12}年，请分开录入", f"at most {MOST_MONTHS // 12} years; enter it in parts"
        )
        raise Refusal(Code.BAD_VALUE, field="period", why=why)
    if until >= before:
        raise Refusal(Code.OPENING_TOO_LATE, day=before.isoformat())
    return total


def apart(total: Total, others: Sequence[Total]) -> None:
    """`others`: of the same indicator, all that touch its months.

    Raises:
        Refusal: OPENING_OVERLAPS, another total counts the same already; BAD_VALUE, a month would have too many.
    """
    for other in others:
        if total.counts_again(other):
            raise Refusal(Code.OPENING_OVERLAPS, days=f"{other.days.since}–{other.days.until}", number=other.number)
    periods = {total.days, *(each.days for each in others)}
    for month in rules.months(*total.days):
        of_month = Days(rules.first_day(month), rules.last_day(month))
        if sum(each.meets(of_month) for each in periods) > MOST_IMPORTS:
            why = Said(f"一个月内最多涉及{MOST_IMPORTS}个期间", f"at most {MOST_IMPORTS} periods touch one month")
            raise Refusal(Code.BAD_VALUE, field="period", why=why)


def never_distinct(unit: str) -> None:
    """Raises: Refusal OPENING_NOT_TAKEN, people who are each counted once are no total."""
    if unit in OF_PERSONS:
        why = Said(
            "同一人跨期、跨单位会重复，汇总数无法去重；可导入“人次”",
            "one person may be in several totals, and no total says so; times may be entered",
        )
        raise Refusal(Code.OPENING_NOT_TAKEN, what=Said("人数", "persons"), why=why)


def part_of(total: Total, rows: Iterable[Tally]) -> Part:
    """A total is of its whole days: what our rows tell of these is among it, and is not counted again."""
    inside = sum(
        each.number for each in rows
        if total.days.since <= each.day <= total.days.until and total.kind in (NOT_BY_KIND, each.kind)
    )  # fmt: skip
    return Part(total, max(total.number - inside, 0), inside)


def by_month(parts: Iterable[Part]) -> dict[str, dict[str, dict[str, int]]]:
    """Month → days → kind → number, in every month that the days touch, so that whoever asks about a part of them is
    told that there is a total.
    """
    found: dict[str, dict[str, dict[str, int]]] = {}
    for each in parts:
        if each.number:
            for month in rules.months(*each.total.days):
                found.setdefault(month, {}).setdefault(str(each.total.days), {})[each.total.kind] = each.number
    return found


def may_be_put_right(approval: Approval, *, is_withdrawn: bool, is_correction: bool) -> None:
    """Raises: Refusal OUT_OF_TURN, it counts nothing that could be put right; or it puts another right itself."""
    not_withdrawn(is_withdrawn=is_withdrawn)
    if approval is not Approval.SIGNED:
        raise Refusal(Code.OUT_OF_TURN, now=approval)
    if is_correction:
        raise Refusal(Code.OUT_OF_TURN, now=_CORRECTION)


def not_withdrawn(*, is_withdrawn: bool) -> None:
    """Raises: Refusal OUT_OF_TURN."""
    if is_withdrawn:
        raise Refusal(Code.OUT_OF_TURN, now=OpeningEnd.WITHDRAWN)


def is_no_correction(*, is_correction: bool) -> None:
    """Raises: Refusal OUT_OF_TURN, a correction is discarded and made anew."""
    if is_correction:
        raise Refusal(Code.OUT_OF_TURN, now=_CORRECTION)


def number(told: int, least: int = 1) -> int:
    """Raises: Refusal BAD_VALUE."""
    if not least <= told <= LARGEST:
        raise Refusal(Code.BAD_VALUE, field="total", why=f"{least}–{LARGEST}")
    return told


def start(day: dt.date, today: dt.date, last: dt.date | None) -> None:
    """Raises: Refusal BAD_VALUE, that day is to come, or long past; START_TOO_EARLY, a total reaches to it."""
    if not FIRST_DAY < day <= today:
        raise Refusal(Code.BAD_VALUE, field="day", why=Said("请填写今天或以前的日期", "today, or a day before"))
    if last is not None and last >= day:
        raise Refusal(Code.START_TOO_EARLY, day=last.isoformat())


_CORRECTION = Said("更正", "a correction")
