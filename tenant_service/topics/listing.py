"""The list of topics: what its address filters by, its tiles and its lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from sync.contract.instants import day_of
from sync.contract.shapes.topics import TopicCategory, TopicOrder, TopicRecord, TopicSource, TopicState
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.exchange.restoring import recovered
from tenant_service.exchange.watching import freshness as shared
from tenant_service.storage.paging import Page
from tenant_service.topics import queries
from tenant_service.web.site import Visit

ACTS = {
    "raise": say("提交反映"), "accept": say("受理"), "turn_down": say("不予受理"), "forward": say("转交"),
    "hand_on": say("移交首接"),
    "merge": say("并案"), "split": say("拆分"), "undo": say("撤销处理"), "store": say("入库"), "select": say("选题"),
    "put_back": say("退回题库"), "begin": say("启动"), "handle": say("直接办理"), "advance": say("进入下一步"),
    "resolve": say("办结，送审答复"), "send_back": say("退回办理"), "answer": say("签发答复"),
    "reopen": say("重新办理"), "unsettled": say("反映人提出仍未解决"), "archive": say("归档"), "recover": say("找回"),
    "place_offline": say("登记线下办理"), "finish_offline": say("线下办结"), "resume_offline": say("撤销办结"),
}  # fmt: skip
"""What people call the steps of a topic's history."""
LOOKS = {
    TopicState.RAISED: "warn", TopicState.REOPENED: "warn", TopicState.RESOLVED: "warn", TopicState.RETURNED: "bad",
    TopicState.IN_PROCEDURE: "good", TopicState.CLOSED: "good",
}  # fmt: skip
"""Classes of the style sheet, by state."""
TILES = (
    (say("待受理"), (TopicState.RAISED,), True), (say("已受理"), (TopicState.ACCEPTED,), False),
    (say("题库"), (TopicState.STORED,), False), (say("已选定"), (TopicState.SELECTED,), False),
    (say("办理中"), (TopicState.IN_PROCEDURE, TopicState.REOPENED), False),
    (say("答复待签发"), (TopicState.RESOLVED,), True), (say("已答复"), (TopicState.CLOSED,), False),
    (say("线下办理"), (TopicState.OFFLINE,), False),
)  # fmt: skip
LATE = {
    queries.Late.ACCEPTING: say("受理告知逾期"), queries.Late.STEP: say("议题步骤逾期"),
    queries.Late.TRACKING: say("跟踪到期"),
}  # fmt: skip
_YEAR_DIGITS = 4


@dataclass(frozen=True)
class Tile:
    """How many topics stand at a stage, and where they are; `is_due`: somebody has to do something about them."""

    label: str
    count: int
    href: str
    is_due: bool


def tiles(visit: Visit) -> list[Tile]:
    """For the office."""
    counts = queries.by_state(visit.unit.session)
    return [
        Tile(label, sum(counts.get(state, 0) for state in states),
             "/topics?" + "&".join(f"state={state.value}" for state in states), is_due)
        for label, states, is_due in TILES
    ]  # fmt: skip


def page(visit: Visit, first: int, after: str | None) -> Page:
    """One page of our topics that reach the visitor, or with `?from=others` of those shared with us."""
    of_others = visit.asked("from") == "others" and visit.actor.is_inside
    owners = shared.followed_owners(visit.unit.session) if of_others else None
    return queries.listed(visit.unit.session, visit.actor, wanted(visit), order(visit), first, after, owners)


def order(visit: Visit) -> TopicOrder:
    return TopicOrder.known(visit.asked("sort")) or TopicOrder.RAISED_AT_DESC


def wanted(visit: Visit) -> queries.Wanted:
    """What the address filters by; what it says that no list has filters nothing."""
    states = [found for each in visit.request.query_params.getlist("state") if (found := TopicState.known(each))]
    source, category = TopicSource.known(visit.asked("source")), TopicCategory.known(visit.asked("category"))
    year, late, mine = visit.asked("year"), queries.Late.known(visit.asked("late")), visit.asked("mine")
    if mine == "open":
        states = [each for each in TopicState if each not in queries.NOTHING_TO_DO]
    return queries.Wanted(
        states=tuple(states), sources=(source,) if source else (), categories=(category,) if category else (),
        area_id=visit.asked("area") or None, year=int(year) if _is_year(year) else None,
        text=visit.asked("q")[:80] or None, is_tracked=True if visit.asked("tracked") else None,
        receiver_id=visit.actor.person if visit.asked("receive") and visit.actor.is_home else None,
        in_charge_id=visit.actor.person if mine and visit.actor.is_home else None,
        late=(late, visit.site.today()) if late else None,
    )  # fmt: skip


def _is_year(told: str) -> bool:
    return told.isdecimal() and len(told) == _YEAR_DIGITS


def table(visit: Visit, rows: Sequence[TopicRecord]) -> Table:
    columns = (
        Column(visit.say(say("题名"))), Column(visit.say(say("议题来源"))), Column(visit.say(say("类别"))),
        Column(visit.say(say("镇街"))), Column(visit.say(say("状态"))),
        Column(visit.say(say("提交日期")), sort=TopicOrder.RAISED_AT_DESC.value),
        Column(visit.say(say("反映")), is_figure=True), Column(visit.say(say("建议")), is_figure=True),
        Column(visit.say(say("已落实")), is_figure=True), Column(visit.say(say("满意")), is_figure=True),
        Column(visit.say(say("不满意")), is_figure=True),
    )  # fmt: skip
    entries, ours = visit.directory.entries, visit.actor.committee
    again = recovered.unchecked_among(visit.unit.session, [row.id for row in rows]) if visit.actor.sees_work else ()

    def line(row: TopicRecord) -> Row:
        whose = f"（{entries[row.committee_id].short_name}）" if row.committee_id != ours else ""
        state = visit.say(row.state.label) + (f" · {visit.say(say('找回'))}" if row.id in again else "")
        cells = (
            row.title + whose, visit.say(row.source.label), visit.say(row.category.label) if row.category else None,
            row.area, state, day_in_shanghai(row), row.reporters, row.items_agreed, row.items_done, *_thought(row),
        )  # fmt: skip
        return Row(cells, f"/topics/{row.id}")

    note = visit.say(_SATISFIED)
    return Table(visit.say(say("议题")), columns, tuple(map(line, rows)), say("暂无议题"), notes=(note,))


_SATISFIED = say("满意（含基本满意）、不满意：反映人对现行答复的评价，一件反映计一次；没有评价的不计，没有答复的为空。")


def _thought(row: TopicRecord) -> tuple[int | None, int | None]:
    """What reporters think of the answer that stands; where there is none, nothing."""
    return (row.satisfied, row.dissatisfied) if row.closed_at or row.satisfied or row.dissatisfied else (None, None)


def day_in_shanghai(row: TopicRecord) -> str:
    return day_of(row.raised_at).isoformat()
