"""The list of campaigns: what its address filters by, and its lines; and the list of postings."""

from collections.abc import Sequence

from sync.contract.shapes.supervision import CampaignKind, CampaignOrder, CampaignRecord, CampaignState
from sync.edge.shell.plots import Bar
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.exchange.restoring import recovered
from tenant_service.exchange.watching import freshness as shared
from tenant_service.members.posting_queries import Posted
from tenant_service.signing.rules import Approval
from tenant_service.storage.paging import Page
from tenant_service.supervision import queries, rules
from tenant_service.web.site import Visit

ACTS = {
    "plan": say("筹备"), "redraft": say("修改方案"), "submit": say("送审"), "send_back": say("退回"),
    "sign_off": say("签发方案"), "begin": say("启动"), "write_report": say("撰写报告"), "close": say("办结"),
    "cancel": say("取消监督"), "recover": say("找回"),
}  # fmt: skip
"""What people call the steps of a campaign's history."""
LOOKS = {CampaignState.CANCELLED: "bad", CampaignState.RUNNING: "good", CampaignState.PLANNED: "warn"}
"""Classes of the style sheet, by state."""


def page(visit: Visit, first: int, after: str | None) -> Page:
    """One page of our campaigns that reach the visitor, or with `?from=others` of those shared with us."""
    of_others = visit.asked("from") == "others" and visit.actor.is_inside
    owners = shared.followed_owners(visit.unit.session) if of_others else None
    return queries.listed(
        visit.unit.session, visit.actor, wanted(visit), CampaignOrder.YEAR_DESC, first, after, owners
    )  # fmt: skip


def wanted(visit: Visit) -> queries.Wanted:
    """What the address filters by; what it says that no list has filters nothing."""
    kind, state = CampaignKind.known(visit.asked("kind")), CampaignState.known(visit.asked("state"))
    approval = Approval.known(visit.asked("approval")) if visit.actor.sees_work else None
    year = visit.asked("year")
    return queries.Wanted(
        (kind,) if kind else (), (state,) if state else (), (approval,) if approval else (),
        int(year) if year.isdecimal() and len(year) == len("2026") else None, visit.asked("q")[:80] or None,
    )  # fmt: skip


def table(visit: Visit, rows: Sequence[CampaignRecord]) -> Table:
    columns = (
        Column(visit.say(say("题名"))), Column(visit.say(say("年度")), is_figure=True),
        Column(visit.say(say("监督类别"))), Column(visit.say(say("状态"))),
        *(Column(visit.say(head), is_figure=True) for head in (
            say("单位"), say("问题"), say("整改意见"), say("已交办"), say("已整改"), say("已复查"), say("不予交办"),
            say("整改率"))),
    )  # fmt: skip
    entries, ours = visit.directory.entries, visit.actor.committee
    again = recovered.unchecked_among(visit.unit.session, [row.id for row in rows]) if visit.actor.sees_work else ()

    def line(row: CampaignRecord) -> Row:
        whose = f"（{entries[row.committee_id].short_name}）" if row.committee_id != ours else ""
        state = visit.say(row.state.label) + (f" · {visit.say(say('找回'))}" if row.id in again else "")
        cells = (
            row.title + whose, str(row.year), visit.say(row.kind.label), state,
            len(row.bodies) if row.bodies is not None else None, row.findings, row.suggestions, row.handed_over,
            row.fixed, row.done, row.set_aside, share(rules.rate(row.findings, row.findings_done)),
        )  # fmt: skip
        return Row(cells, f"/supervision/{row.id}")

    return Table(visit.say(say("民主监督")), columns, tuple(map(line, rows)), say("暂无监督活动"))


def share(rate: float | None) -> str | None:
    return None if rate is None else f"{100 * rate:.1f}%"


def progress(visit: Visit, row: CampaignRecord) -> list[Bar]:
    """From what was found to what was checked, each as a bar and as its share of the whole list."""
    whole = (row.findings or 0) + (row.suggestions or 0)
    stages = (
        (say("已发现"), whole), (say("已交办"), row.handed_over or 0), (say("已整改"), row.fixed or 0),
        (say("已复查"), row.done or 0), (say("不予交办"), row.set_aside or 0),
    )  # fmt: skip
    return [
        Bar(visit.say(label), number, note=share(number / whole) or "" if whole else "") for label, number in stages
    ]


def postings(visit: Visit, found: Sequence[Posted]) -> Table:
    """Who is posted where, body by body."""
    heads = (say("单位"), say("民主监督员"), say("届次"), say("起"), say("止"))
    rows = tuple(
        Row((each.body, each.person, str(each.term) if each.term else None, _day(each.since), _day(each.until)))
        for each in found
    )
    return Table(
        visit.say(say("派驻民主监督员")), tuple(Column(visit.say(head)) for head in heads), rows,
        say("暂无派驻，请在“派驻”中登记"),
    )  # fmt: skip


def _day(day: object) -> str | None:
    return str(day) if day else None
