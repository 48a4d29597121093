"""The list of appraisals: what its address filters by, and its lines; and what came of one, as a table and as bars."""

from collections.abc import Sequence

from sync.contract.shapes.supervision import AppraisalOrder, AppraisalRecord, AppraisalState, BallotOpinion
from sync.edge.shell.plots import Bar
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.appraisals import queries
from tenant_service.appraisals.rules import Result
from tenant_service.exchange.watching import freshness as shared
from tenant_service.storage.paging import Page
from tenant_service.web.site import Visit

LOOKS = {
    AppraisalState.OPEN: "good", AppraisalState.COUNTED: "warn", AppraisalState.OBJECTED: "warn",
    AppraisalState.CANCELLED: "bad",
}  # fmt: skip
"""Classes of the style sheet, by state."""


def page(visit: Visit, first: int, after: str | None) -> Page:
    """One page of our appraisals that reach the visitor, or with `?from=others` of those shared with us."""
    of_others = visit.asked("from") == "others" and visit.actor.is_inside
    owners = shared.followed_owners(visit.unit.session) if of_others else None
    return queries.listed(
        visit.unit.session, visit.actor, wanted(visit), AppraisalOrder.CHANGED_AT_DESC, first, after, owners
    )  # fmt: skip


def wanted(visit: Visit) -> queries.Wanted:
    """What the address filters by; what it says that no list has filters nothing."""
    state, year = AppraisalState.known(visit.asked("state")), visit.asked("year")
    return queries.Wanted(
        (state,) if state else (), visit.asked("campaign") or None,
        int(year) if year.isdecimal() and len(year) == len("2026") else None, visit.asked("q")[:80] or None,
        visit.actor.person if visit.asked("mine") else None,
    )  # fmt: skip


def table(visit: Visit, rows: Sequence[AppraisalRecord]) -> Table:
    opinions = [Column(visit.say(each.label), is_figure=True) for each in BallotOpinion]
    columns = (
        Column(visit.say(say("单位"))), Column(visit.say(say("年度")), is_figure=True), Column(visit.say(say("状态"))),
        Column(visit.say(say("参评人数")), is_figure=True), Column(visit.say(say("收回票数")), is_figure=True),
        *opinions,
    )  # fmt: skip
    entries, ours, few = visit.directory.entries, visit.actor.committee, visit.say(say("票数不足"))

    def line(row: AppraisalRecord) -> Row:
        whose = f"（{entries[row.committee_id].short_name}）" if row.committee_id != ours else ""
        state = visit.say(row.state.label) + (f" · {few}" if row.is_enough is False else "")
        cells = (
            row.body + whose, str(row.year), state, row.asked, row.ballots, row.satisfied, row.basically,
            row.dissatisfied, row.unknown,
        )  # fmt: skip
        return Row(cells, f"/appraisals/{row.id}")

    return Table(visit.say(say("民主评议")), columns, tuple(map(line, rows)), say("暂无民主评议"))


def results(visit: Visit, found: Sequence[Result]) -> Table:
    """What the ballots say, question by question."""
    heads = [
        Column(visit.say(say("评议内容"))),
        *(Column(visit.say(each.label), is_figure=True) for each in BallotOpinion),
    ]
    return Table(visit.say(say("评议结果")), tuple(heads), tuple(Row(tuple(each)) for each in found))


def bars(visit: Visit, result: Result, most: int) -> list[Bar]:
    """The opinions to one question, each as a bar and as its share of the ballots."""
    numbers = dict(zip(BallotOpinion, result[1:], strict=True))
    return [
        Bar(visit.say(opinion.label), number, note=f"{100 * number / most:.1f}%" if most else "")
        for opinion, number in numbers.items()
    ]


def bars_by_body(rows: Sequence[AppraisalRecord]) -> list[Bar]:
    """Of each body whose result is told, who was satisfied on the whole, and as a share of its ballots."""
    return [
        Bar(row.body, row.satisfied, href=f"/appraisals/{row.id}", note=f"{100 * row.satisfied / row.ballots:.1f}%")
        for row in rows if row.satisfied is not None and row.ballots
    ]  # fmt: skip
