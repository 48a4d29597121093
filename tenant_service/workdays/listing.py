"""The calendar as its page and its files show it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.web.site import Visit
from tenant_service.workdays.queries import Year
from tenant_service.workdays.rules import Day, DayKind, DayState

WEEKDAYS = (say("周一"), say("周二"), say("周三"), say("周四"), say("周五"), say("周六"), say("周日"))
STATES: Mapping[str, str] = {
    DayState.AS_PUBLISHED: say("按公布"), DayState.WORKED: say("上班"), DayState.FREE: say("休息"),
}  # fmt: skip
ACTS: Mapping[str, str] = {
    "workday.put_right": say("调整"), "workday.let_go": say("取消调整"), "workday.undo": say("撤销"),
}  # fmt: skip
KINDS: Mapping[DayKind, str] = {
    DayKind.WORKDAY: say("工作日"), DayKind.WEEKEND: say("周末"), DayKind.HOLIDAY: say("法定节假日"),
    DayKind.MAKE_UP: say("调休上班"), DayKind.OWN_WORKED: say("本会上班"), DayKind.OWN_FREE: say("本会休息"),
}  # fmt: skip
MARKS: Mapping[DayKind, str] = {
    DayKind.HOLIDAY: say("休"), DayKind.MAKE_UP: say("班"), DayKind.OWN_WORKED: say("调班"),
    DayKind.OWN_FREE: say("调休"),
}  # fmt: skip
"""What stands beside a day's number: no colour says anything alone."""


HOLIDAYS = (
    say("元旦"), say("春节"), say("清明"), say("劳动节"), say("端午"), say("国庆节"), say("中秋"),
    say("中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日"),
)  # fmt: skip
"""Every public holiday that was ever published, so that each is said in the reader's language."""


@dataclass(frozen=True)
class Month:
    """One month as a grid: weeks from Monday to Sunday; None: a day of another month."""

    number: int
    weeks: tuple[tuple[Day | None, ...], ...]
    workdays: int


def months(year: Year) -> list[Month]:
    found = []
    for number in range(1, 13):
        days = [each for each in year.days if each.day.month == number]
        cells: list[Day | None] = [*[None] * days[0].day.weekday(), *days]
        cells += [None] * (-len(cells) % 7)
        weeks = tuple(tuple(cells[at : at + 7]) for at in range(0, len(cells), 7))
        found.append(Month(number, weeks, sum(each.works for each in days)))
    return found


def table(visit: Visit, year: Year) -> Table:
    """Every day of the year, a line each."""
    heads = (say("日期"), say("星期"), say("上班"), say("依据"), say("节日"), say("调整理由"))
    rows = tuple(Row(_cells(visit, each)) for each in year.days)
    return Table(visit.say(say("工作日历")), tuple(Column(visit.say(head)) for head in heads), rows)


def _cells(visit: Visit, of: Day) -> tuple[str | None, ...]:
    works = visit.say(STATES[DayState.WORKED] if of.works else STATES[DayState.FREE])
    return (
        of.day.isoformat(),
        visit.say(WEEKDAYS[of.day.weekday()]),
        works,
        visit.say(KINDS[of.kind]),
        of.holiday,
        of.note,
    )
