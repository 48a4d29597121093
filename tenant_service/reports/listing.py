"""The lists of reports and of what was sent up to us: what their addresses filter by, and their lines."""

from collections.abc import Sequence

from sync.contract.shapes.reports import ReportKind, ReportOrder, ReportOutcome, ReportRecord, ReportState
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.exchange.restoring import recovered
from tenant_service.exchange.watching import freshness as shared
from tenant_service.reports import intake_queries as intakes
from tenant_service.reports import queries
from tenant_service.reports.intake_queries import Incoming, IncomingWanted
from tenant_service.signing.rules import Approval
from tenant_service.storage.paging import Page
from tenant_service.web.site import Visit

ACTS = {
    "write": say("撰写"), "redraft": say("修改"), "hand_in": say("提交初审"), "give_back": say("初审退回"),
    "take_on": say("初审通过"), "decline": say("不予采编"), "merge": say("合编"), "edit": say("采编"),
    "submit": say("送审"), "send_back": say("退回"), "sign_off": say("签发"), "send": say("报送"),
    "take_back": say("撤回报送"), "received": say("上级收稿"), "compiled": say("上级采编"),
    "adopted": say("上级采用"), "not_adopted": say("上级未采用"), "archive": say("归档"), "recover": say("找回"),
}  # fmt: skip
"""What people call the steps of a report's history."""
INTAKE_ACTS = {
    "receive": say("收稿"), "work_in": say("采编"), "adopt": say("采用"), "turn_down": say("不采用"),
}  # fmt: skip
"""The same of what was sent up to us."""
LOOKS = {
    ReportState.DECLINED: "bad", ReportState.NOT_ADOPTED: "bad", ReportState.ADOPTED: "good",
    ReportState.HANDED_IN: "warn", ReportOutcome.NOT_ADOPTED: "bad", ReportOutcome.ADOPTED: "good",
}  # fmt: skip
"""Classes of the style sheet, by state."""
WAITING = "WAITING"
"""待收: in the address of a list, in the place of a state."""


def page(visit: Visit, first: int, after: str | None) -> Page:
    """One page of our reports that reach the visitor, or with `?from=others` of those shared with us."""
    of_others = visit.asked("from") == "others" and visit.actor.is_inside
    owners = shared.followed_owners(visit.unit.session) if of_others else None
    return queries.listed(
        visit.unit.session, visit.actor, wanted(visit), ReportOrder.YEAR_DESC, first, after, owners
    )  # fmt: skip


def wanted(visit: Visit) -> queries.Wanted:
    """What the address filters by; what it says that no list has filters nothing."""
    kind, state = ReportKind.known(visit.asked("kind")), ReportState.known(visit.asked("state"))
    approval = Approval.known(visit.asked("approval")) if visit.actor.sees_work else None
    year = visit.asked("year")
    return queries.Wanted(
        (kind,) if kind else (), (state,) if state else (), (approval,) if approval else (),
        int(year) if year.isdecimal() and len(year) == len("2026") else None, visit.asked("q")[:80] or None,
        visit.actor.person if visit.asked("mine") and visit.actor.is_inside else None,
    )  # fmt: skip


def table(visit: Visit, rows: Sequence[ReportRecord]) -> Table:
    columns = (
        Column(visit.say(say("题名"))), Column(visit.say(say("成果类别"))), Column(visit.say(say("作者"))),
        Column(visit.say(say("年度")), is_figure=True), Column(visit.say(say("刊物期次"))),
        Column(visit.say(say("建议条数")), is_figure=True), Column(visit.say(say("签发日期"))),
        Column(visit.say(say("报送日期"))), Column(visit.say(say("状态"))),
    )  # fmt: skip
    entries, ours = visit.directory.entries, visit.actor.committee
    again = recovered.unchecked_among(visit.unit.session, [row.id for row in rows]) if visit.actor.sees_work else ()

    def line(row: ReportRecord) -> Row:
        whose = f"（{entries[row.committee_id].short_name}）" if row.committee_id != ours else ""
        state = visit.say(row.state.label) + (f" · {visit.say(say('找回'))}" if row.id in again else "")
        return Row(
            (
                row.title + whose, visit.say(row.kind.label), "、".join(row.authors or ()), str(row.year), row.number,
                row.suggestions, _day(row.signed_on), _day(row.sent_on), state,
            ),
            f"/reports/{row.id}",
        )  # fmt: skip

    return Table(visit.say(say("报送成果")), columns, tuple(map(line, rows)), say("暂无成果"))


# ── what was sent up to us ──


def incoming(visit: Visit) -> list[Incoming]:
    """The list as its address filters it."""
    asked = visit.asked("state")
    state = ReportOutcome.known(asked)
    wanted = IncomingWanted((state,) if state else (), asked == WAITING, visit.asked("q")[:80] or None)
    return intakes.incoming(visit.unit.session, visit.unit.committee, wanted)


def incoming_table(visit: Visit, rows: Sequence[Incoming]) -> Table:
    columns = tuple(
        Column(visit.say(head)) for head in (
            say("题名"), say("报送单位"), say("成果类别"), say("状态"), say("收稿日期"), say("决定日期"),
            say("采用情况"),
        )
    )  # fmt: skip
    entries = visit.directory.entries

    def line(row: Incoming) -> Row:
        whose = entries[row.from_id].name if row.from_id in entries else row.from_id
        cells = (
            row.title, whose, visit.say(row.kind.label), standing(visit, row), _day(row.received_on),
            _day(row.decided_on), row.number or row.because,
        )  # fmt: skip
        return Row(cells, f"/reports/{row.report_id}")

    return Table(visit.say(say("下级来稿")), columns, tuple(map(line, rows)), say("暂无来稿"))


def standing(visit: Visit, row: Incoming) -> str:
    return visit.say(row.state.label if row.state else say("待收"))


def _day(day: object) -> str | None:
    return str(day) if day else None
