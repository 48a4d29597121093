"""Results as tables: everybody in one, one member's year line by line, units among each other, objections."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.performance import result_queries as queries
from tenant_service.performance import scheme_queries as schemes
from tenant_service.performance.listing import AT, names_of
from tenant_service.performance.models import LedgerRow, MemberResultRow, SchemeRow
from tenant_service.performance.queries import by_person
from tenant_service.performance.rules import by_heading
from tenant_service.performance.scheme_rules import (
    HUNDRED,
    Assessment,
    Cut,
    Grade,
    Scored,
    Shortfall,
    UnitStanding,
    shown,
)
from tenant_service.web.site import Visit


@dataclass(frozen=True)
class Standing:
    """One member's year as a page shows it: as it was frozen, or as it is now.

    `grade`: None while the year goes on.
    """

    points: int
    grade: Grade | None
    is_warned: bool
    is_capped: bool
    scored: Sequence[Scored]
    short: Sequence[Shortfall]
    first_points: int | None = None
    first_grade: Grade | None = None


def frozen(row: MemberResultRow) -> Standing:
    return Standing(
        row.points, row.grade, row.is_warned, row.is_capped, row.scored, row.short, row.first_points, row.first_grade
    )


def live(told: Assessment, elapsed: int) -> Standing:
    grade = told.grade if elapsed >= HUNDRED else None
    return Standing(told.points, grade, told.is_warned, told.is_capped, told.scored, told.short)


def explained(visit: Visit, lines: Sequence[LedgerRow], of: Standing) -> Table:
    """Each line and what it brought, the newest day first, then what was missed."""
    scored = {each.line: each for each in of.scored}
    rows = [
        Row((
            row.title, str(row.day), visit.say(row.deed.label), shown(scored[row.id].points),
            _why(visit, scored[row.id].cut),
        ), f"{AT}/{row.id}")
        for row in lines if row.id in scored
    ]  # fmt: skip
    rows += [
        Row((
            visit.say(say("未达要求") if each.points else say("年内还需完成")), None, visit.say(each.deed.label),
            shown(-each.points), f"{each.did}/{each.least}",
        )) for each in of.short
    ]  # fmt: skip
    heads = (say("内容"), say("日期"), say("事项"), say("得分"), say("说明"))
    columns = tuple(Column(visit.say(head), is_figure=head == "得分") for head in heads)
    total = (visit.say(say("合计（含基础分）")), None, None, shown(of.points), _grade(visit, of.grade))
    return Table(visit.say(say("积分明细")), columns, tuple(rows), say("这一年没有计分的履职记录"), total)


def everybody(visit: Visit, found: Mapping[str, Standing], at: str) -> Table:
    """The most points first; `at`: where a member's own year is, with `{}` for the pseudonym."""
    names = names_of(visit, found)
    heads = (say("委员"), say("得分"), say("等次"), say("原公示得分"), say("预警"))
    columns = tuple(Column(visit.say(head), is_figure=head in ("得分", "原公示得分")) for head in heads)
    ordered = sorted(found.items(), key=lambda each: (-each[1].points, names.get(each[0], each[0])))
    rows = tuple(
        Row((
            names.get(person, person), shown(of.points), _grade(visit, of.grade),
            None if of.first_points is None else shown(of.first_points),
            visit.say(say("低于预警线")) if of.is_warned else None,
        ), at.format(person))
        for person, of in ordered
    )  # fmt: skip
    return Table(visit.say(say("履职积分")), columns, rows, say("没有在任委员"))


def units(visit: Visit, found: Iterable[UnitStanding], small: int, sample: int) -> Table:
    heads = (say("单位"), say("委员人数"), say("平均得分"), say("优秀人数"), say("所选事项次数"), say("参与人数"))
    columns = tuple(Column(visit.say(head), is_figure=bool(at)) for at, head in enumerate(heads))
    rows = tuple(
        Row((each.name, each.members, shown(each.mean), each.excellent, each.deeds, each.doing)) for each in found
    )
    left = visit.say(say("另有 %(n)s 个单位不足 %(sample)s 人，不单列。")) % {"n": small, "sample": sample}
    empty = say("没有人数达到下限的单位")
    return Table(visit.say(say("单位比较")), columns, rows, empty, notes=(left,) if small else ())


def portfolios(visit: Visit, year: int) -> Table:
    """履职档案 of everybody who has a seat: how often under each heading, and what it came to."""
    session, people = visit.unit.session, visit.site.services.people
    scheme = schemes.in_force(session, year)
    seated = people.seated(session, queries.last_day(year, visit.unit.now))
    names, deeds = names_of(visit, seated), by_person(session, year)
    elapsed = queries.elapsed_of(year, visit.site.today())
    points = {} if scheme is None else queries.assessed(session, scheme.rules, year, seated, elapsed)
    headings = list(dict.fromkeys(each for told in deeds.values() for each, _ in by_heading(told)))
    columns = (say("委员"), *(each.label for each in headings), say("得分"), say("等次"))

    def line(person: str) -> Row:
        told = dict(by_heading(deeds.get(person, {})))
        at = points.get(person)
        return Row((
            names[person], *(told.get(each, 0) for each in headings), shown(at.points) if at else None,
            _grade(visit, live(at, elapsed).grade) if at else None,
        ), f"{AT}/portfolio?person={person}&year={year}")  # fmt: skip

    rows = tuple(line(person) for person in sorted(names, key=lambda each: names[each]))
    return Table(f"{year} {visit.say(say('履职档案'))}", tuple(Column(visit.say(each)) for each in columns), rows)


def scheme_of(visit: Visit, id: str) -> SchemeRow:
    return visit.unit.session.get_one(SchemeRow, id)


def _grade(visit: Visit, grade: Grade | None) -> str | None:
    return visit.say(grade.label) if grade else None


def _why(visit: Visit, cut: Cut | None) -> str | None:
    return visit.say(cut.label) if cut else None
