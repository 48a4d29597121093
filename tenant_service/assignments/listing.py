"""Lists of items and of assignments: what an address filters by, and their lines; the three lists of one head."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sync.contract.instants import day_of
from sync.contract.shapes.handovers import HandoverRecord
from sync.contract.shapes.items import (
    AssignmentOrder,
    AssignmentRecord,
    AssignmentRole,
    AssignmentState,
    ItemKind,
    ItemOrder,
    ItemRecord,
    ItemState,
)
from sync.edge.shell import formats
from sync.edge.shell.plots import Bar
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.assignments import handling_queries as handling
from tenant_service.assignments import queries, rules
from tenant_service.assignments import reminder_queries as reminders
from tenant_service.assignments.models import AssignmentRow, ItemRow, SeenHandoverRow
from tenant_service.assignments.reminder_queries import Urged
from tenant_service.exchange.watching import freshness as shared
from tenant_service.storage.paging import Page
from tenant_service.web.site import Visit
from tenant_service.workdays import queries as workdays

ACTS = {
    "propose": say("拟列"), "redraft": say("修改"), "agree": say("确认"), "forward": say("转送"),
    "assign": say("交办"), "take_back": say("交办已撤回"), "not_adopt": say("不予采纳"), "carry_out": say("认定已落实"),
    "reopen": say("重新办理"), "accept": say("签收"), "ask_to_return": say("申请退办"), "uphold": say("维持交办"),
    "accept_on_paper": say("签收（代录）"), "ask_to_return_on_paper": say("申请退办（代录）"),
    "reply_on_paper": say("回复（代录）"), "reassign": say("改派"),
    "ask_extension": say("申请延期"), "grant_extension": say("同意延期"),
    "refuse_extension": say("不同意延期"), "reschedule": say("调整期限"), "urge": say("催办"),
    "remind": say("系统提醒"), "reply": say("回复"), "send_back": say("退回重办"), "verify": say("核实"),
    "close": say("办结"), "adopt": say("采纳"), "withdraw": say("撤回交办"), "recover": say("找回"),
}  # fmt: skip
"""What people call the steps of an item's and of an assignment's history."""
LOOKS = {
    ItemState.PROPOSED: "warn", ItemState.DONE: "good", ItemState.NOT_ADOPTED: "bad", ItemState.REOPENED: "warn",
    AssignmentState.RETURN_ASKED: "warn", AssignmentState.CLOSED: "good", AssignmentState.WITHDRAWN: "bad",
}  # fmt: skip
"""Classes of the style sheet, by state."""
Given = Mapping[str, Sequence[AssignmentRow | AssignmentRecord]]
"""Item → its parts."""
BOXES: dict[str, tuple[str, handling.Wanted]] = {
    "to_accept": (say("待签收"), handling.Wanted(states=rules.TO_ACCEPT)),
    "in_progress": (say("办理中"), handling.Wanted(states=(AssignmentState.IN_PROGRESS,))),
    "soon": (say("即将到期"), handling.Wanted(states=rules.IN_HANDS)),
    "late": (say("逾期"), handling.Wanted()),
    "urged": (say("已催办"), handling.Wanted(urged=True)),
    "replied": (say("已回复"), handling.Wanted(states=(AssignmentState.REPLIED, AssignmentState.VERIFIED))),
    "over": (say("已办结"), handling.Wanted(states=rules.OVER)),
}
"""收件箱 of a body, box by box; which is `late` or due `soon` is a question of the day: `box`."""
DESKS: dict[str, tuple[str, handling.Wanted]] = {
    "forwarded": (say("待交办"), handling.Wanted(states=(AssignmentState.FORWARDED,))),
    "return_asked": (say("退办申请"), handling.Wanted(states=(AssignmentState.RETURN_ASKED,))),
    "extension_asked": (say("延期申请"), handling.Wanted(extension_asked=True)),
    "reopened": (say("重新办理"), handling.Wanted(reopened=True)),
    "late": (say("逾期"), handling.Wanted()),
}
"""What waits for the 交办单位."""


_TOLD = (AssignmentRole.LEAD, AssignmentRole.SEPARATE)
CHECKS: dict[str, tuple[str, handling.Wanted]] = {
    "to_verify": (say("回复待核实"), handling.Wanted((AssignmentState.REPLIED,), _TOLD)),
    "to_close": (say("回复待办结"), handling.Wanted((AssignmentState.VERIFIED,), _TOLD)),
}
"""What waits for the committee: replies that are told to it, and no opinions for a lead."""
_ALL = BOXES | DESKS | CHECKS


def page(visit: Visit, first: int, after: str | None) -> Page:
    """One page of our items that reach the visitor, or with `?from=others` of those shared with us."""
    of_others = visit.asked("from") == "others" and visit.actor.is_inside
    owners = shared.followed_owners(visit.unit.session) if of_others else None
    kind, state = ItemKind.known(visit.asked("kind")), ItemState.known(visit.asked("state"))
    wanted = queries.Wanted(
        (kind,) if kind else (), (state,) if state else (), None, visit.asked("q")[:80] or None
    )  # fmt: skip
    return queries.listed(visit.unit.session, visit.actor, wanted, ItemOrder.CHANGED_AT_DESC, first, after, owners)


def items(visit: Visit, rows: Sequence[ItemRecord]) -> Table:
    heads = (say("内容"), say("类别"), say("状态"), say("涉及单位"), say("确认时间"))
    entries, ours = visit.directory.entries, visit.actor.committee

    def line(row: ItemRecord) -> Row:
        whose = f"（{entries[row.committee_id].short_name}）" if row.committee_id != ours else ""
        agreed = str(day_of(row.agreed_at)) if row.agreed_at else None
        cells = (row.text + whose, visit.say(row.kind.label), visit.say(row.state.label), row.body, agreed)
        return Row(cells, f"/items/{row.id}")

    return Table(visit.say(say("清单条目")), _columns(visit, heads), tuple(map(line, rows)), say("暂无清单条目"))


# ── assignments ──


def wanted(visit: Visit) -> handling.Wanted:
    """The box that the address names, or what it filters by; a code that no list has filters nothing."""
    code, body = visit.asked("box"), visit.asked("body") or None
    if code in _ALL:
        return replace(box(visit, code), body_id=body)
    state, role = AssignmentState.known(visit.asked("state")), AssignmentRole.known(visit.asked("role"))
    return handling.Wanted((state,) if state else (), (role,) if role else (), body_id=body)


def box(visit: Visit, code: str) -> handling.Wanted:
    """What lies in it today. 临期提醒: from so many workdays before the due day on, by the committee's calendar."""
    today = visit.site.today()
    if code == "late":
        return handling.Wanted(late_on=today)
    if code == "soon":
        ahead = workdays.calendar(visit.unit.session).after(today, visit.site.services.periods.remind_workdays)
        return handling.Wanted(states=rules.IN_HANDS, due_from=today, due_to=ahead.day)
    return _ALL[code][1]


def assignments_page(visit: Visit, first: int, after: str | None) -> Page:
    order = AssignmentOrder.DUE_ON_ASC
    return handling.listed(visit.unit.session, visit.actor, wanted(visit), order, first, after)


def assignments(visit: Visit, rows: Sequence[AssignmentRecord]) -> Table:
    heads = (
        say("事项"), say("承办单位"), say("办理方式"), say("交办日期"), say("办理期限"), say("状态"), say("逾期"),
        say("催办"),
    )  # fmt: skip  # fmt: skip
    session, ids, today = visit.unit.session, [row.id for row in rows], visit.site.today()
    its, on_paper = handling.items_of(session, ids), handling.on_paper(session, ids)
    was_urged = reminders.urged(session, ids) if visit.actor.sees_work or visit.actor.is_contact else {}

    def line(row: AssignmentRecord) -> Row:
        cells = (
            its[row.id].text if row.id in its else row.item_id, row.body, visit.say(row.role.label),
            _text(row.assigned_on), due(visit, row), standing(visit, row, is_on_paper=row.id in on_paper),
            late(visit, row, today), urged(visit, was_urged.get(row.id)),
        )  # fmt: skip
        return Row(cells, f"/assignments/{row.id}", "late" if late(visit, row, today) else "")

    return Table(visit.say(say("交办")), _columns(visit, heads), tuple(map(line, rows)), say("暂无交办事项"))


def standing(visit: Visit, row: AssignmentRecord | AssignmentRow, *, is_on_paper: bool) -> str:
    """Its state, and whether the office entered what the body did last."""
    return visit.say(row.state.label) + (f" · {visit.say(say('代录'))}" if is_on_paper else "")


def due(visit: Visit, row: AssignmentRecord | AssignmentRow | HandoverRecord | SeenHandoverRow) -> str | None:
    """The last day; with the first one where it was extended, and a note where holidays are not published yet."""
    if row.due_on is None:
        return None
    was = f"（{visit.say(say('原定'))} {row.was_due_on}）" if row.was_due_on else ""
    return f"{row.due_on}{visit.say(say('（估算）')) if row.due_is_estimate else ''}{was}"


def late(
    visit: Visit, row: AssignmentRecord | AssignmentRow | HandoverRecord | SeenHandoverRow, today: dt.date
) -> str | None:
    """逾期N天: of the reply for good; before it, as of today."""
    days = row.days_late or 0
    if row.state in rules.IN_HANDS and row.due_on is not None:
        days = max(days, (today - row.due_on).days)
    return visit.say(say("逾期%(n)s天")) % {"n": days} if days else None


def urged(visit: Visit, told: Urged | None) -> str | None:
    """已催办N次, and when last."""
    if told is None:
        return None
    last = formats.day(told.last, visit.site.today(), visit.here.language)
    return visit.say(say("已催办%(n)s次，最近%(last)s")) % {"n": told.times, "last": last}


# ── the three lists of one head ──


def suggestions(visit: Visit, rows: Sequence[ItemRow | ItemRecord]) -> Table:
    """《协商建议清单》; of a campaign 《问题清单》 as well."""
    heads = (say("序号"), say("内容"), say("类别"), say("涉及单位"), say("状态"), say("说明"))
    lines = tuple(
        Row(
            (_number(row), row.text, visit.say(row.kind.label), row.body, visit.say(row.state.label), row.reason),
            f"/items/{row.id}",
        )
        for row in rows
    )
    return Table(visit.say(say("协商建议清单")), _columns(visit, heads), lines, say("清单尚无条目"))


def responsibilities(visit: Visit, rows: Sequence[ItemRow | ItemRecord], given: Given) -> Table:
    """《责任落实清单》: each part of each item a line."""
    heads = (
        say("序号"), say("内容"), say("交办单位"), say("承办单位"), say("办理方式"), say("交办日期"), say("办理期限"),
        say("状态"),
    )  # fmt: skip
    lines = tuple(
        Row((_number(row), row.text, each.office, each.body, visit.say(each.role.label), _text(each.assigned_on),
             due(visit, each), visit.say(each.state.label)), f"/assignments/{each.id}")
        for row in rows for each in given.get(row.id, ())
    )  # fmt: skip
    return Table(visit.say(say("责任落实清单")), _columns(visit, heads), lines, say("尚未转送交办"))


def results(visit: Visit, rows: Sequence[ItemRow | ItemRecord], given: Given) -> Table:
    """《结果反馈清单》: what was replied, for whoever may read it before it was closed as well."""
    heads = (
        say("序号"), say("内容"), say("承办单位"), say("办理结果"), say("答复类别"), say("回复日期"), say("逾期"),
        say("满意度"), say("状态"),
    )  # fmt: skip
    today = visit.site.today()
    lines = []
    for row in rows:
        for each in given.get(row.id, ()):
            if each.replied_at is None:
                continue
            text, kind = each.reply, each.reply_class
            if isinstance(each, AssignmentRow) and visit.actor.sees_work:
                text, kind = text or each.drafted_reply, kind or each.drafted_class
            rated = visit.say(each.satisfaction.label) if each.satisfaction else None
            is_on_paper = isinstance(each, AssignmentRow) and each.paper_on is not None
            state = standing(visit, each, is_on_paper=is_on_paper)
            lines.append(Row(
                (_number(row), row.text, each.body, text, visit.say(kind.label) if kind else None,
                 str(day_of(each.replied_at)), late(visit, each, today), rated, state),
                f"/assignments/{each.id}",
            ))  # fmt: skip
    return Table(visit.say(say("结果反馈清单")), _columns(visit, heads), tuple(lines), say("尚无反馈"))


def by_body(visit: Visit, list_id: str) -> Table:
    """Of a campaign, what was found at each body, and how far it is."""
    heads = (say("单位"), say("问题"), say("整改意见"), say("已交办"), say("已整改"), say("已复查"), say("不予交办"))
    first, *figures = (visit.say(head) for head in heads)
    lines = tuple(
        Row((name, of.findings, of.suggestions, of.handed_over, of.fixed, of.done, of.not_adopted))
        for name, of in queries.by_body(visit.unit.session, visit.actor, list_id)
    )
    columns = (Column(first), *(Column(head, is_figure=True) for head in figures))
    return Table(visit.say(say("各单位整改情况")), columns, lines, say("条目尚未注明涉及单位"))


def bars_by_body(table: Table) -> list[Bar]:
    """The same lines: how much was found at each, and darker in it what was checked."""
    return [
        Bar(str(name), int(found or 0) + int(advised or 0), part=int(done or 0))
        for name, found, advised, _, _, done, _ in (row.cells for row in table.rows)
    ]  # fmt: skip


def _columns(visit: Visit, heads: Sequence[str]) -> tuple[Column, ...]:
    return tuple(Column(visit.say(head)) for head in heads)


def _number(row: ItemRow | ItemRecord) -> str:
    return str(row.number) if row.number else "—"


def _text(day: dt.date | None) -> str | None:
    return str(day) if day else None
