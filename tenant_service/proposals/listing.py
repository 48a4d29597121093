"""The list of proposals: what its address filters by, and its lines."""

from collections.abc import Sequence

from sync.contract.shapes.proposals import ProposalOrder, ProposalRecord, ProposalState, ProposerKind
from sync.contract.shapes.topics import TopicCategory
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.exchange.restoring import recovered
from tenant_service.exchange.watching import freshness as shared
from tenant_service.proposals import queries
from tenant_service.proposals.rules import SignerState
from tenant_service.signing.rules import Approval
from tenant_service.storage.paging import Page
from tenant_service.web.site import Visit

ACTS = {
    "write": say("拟稿"), "redraft": say("修改"), "call_signers": say("发起联名"), "recall": say("收回修改"),
    "sign": say("附议"), "decline": say("不附议"), "hand_in": say("提交"), "withdraw": say("撤回"),
    "give_back": say("退回"), "review_first": say("初审通过"), "review_second": say("复审通过"),
    "merge": say("并案"), "take_in": say("并入他案"), "convert": say("转社情民意"), "not_file": say("不予立案"),
    "send_back": say("退回复审"), "sign_off": say("签发立案"), "hand_over": say("交办"),
    "take_back": say("撤回交办"), "reply": say("答复"), "take_up": say("重新办理"), "rate": say("测评"),
    "begin_second": say("启动二轮办理"), "group": say("归并项目"), "part_with": say("移出项目"),
    "mark_key": say("重点提案"), "archive": say("归档"), "recover": say("找回"),
    "backfill": say("补录"), "sign_past": say("签发补录"), "return_past": say("退回补录"),
    "take_back_past": say("撤销补录"),
}  # fmt: skip
"""What people call the steps of a proposal's history."""
PROJECT_ACTS = {"plan": say("新建项目"), "change": say("修改项目"), "end": say("项目办结")}
"""The same of a project."""
LOOKS = {
    ProposalState.RETURNED: "bad", ProposalState.NOT_FILED: "bad", ProposalState.FILED: "good",
    ProposalState.SUBMITTED: "warn", ProposalState.RATED: "good", ProposalState.SECOND_ROUND: "warn",
    SignerState.SIGNED: "good", SignerState.DECLINED: "bad", SignerState.INVITED: "warn",
    SignerState.TO_CONFIRM: "warn",
}  # fmt: skip
"""Classes of the style sheet, by state."""


def page(visit: Visit, first: int, after: str | None) -> Page:
    """One page of our proposals that reach the visitor, or with `?from=others` of those shared with us."""
    of_others = visit.asked("from") == "others" and visit.actor.is_inside
    owners = shared.followed_owners(visit.unit.session) if of_others else None
    return queries.listed(
        visit.unit.session, visit.actor, wanted(visit), ProposalOrder.YEAR_DESC, first, after, owners
    )  # fmt: skip


def wanted(visit: Visit) -> queries.Wanted:
    """What the address filters by; what it says that no list has filters nothing."""
    kind, state = ProposerKind.known(visit.asked("kind")), ProposalState.known(visit.asked("state"))
    approval = Approval.known(visit.asked("approval")) if visit.actor.sees_work else None
    category, year = TopicCategory.known(visit.asked("category")), visit.asked("year")
    person = visit.actor.person if visit.actor.is_inside else None
    return queries.Wanted(
        kinds=(kind,) if kind else (), states=(state,) if state else (), approvals=(approval,) if approval else (),
        categories=(category,) if category else (), text=visit.asked("q")[:80] or None,
        year=int(year) if year.isdecimal() and len(year) == len("2026") else None,
        is_key=True if visit.asked("key") else None,
        signer=person if visit.asked("mine") else None, written_by=person if visit.asked("drafts") else None,
    )  # fmt: skip


def table(visit: Visit, rows: Sequence[ProposalRecord]) -> Table:
    columns = (
        Column(visit.say(say("案号"))), Column(visit.say(say("案由"))), Column(visit.say(say("提案者"))),
        Column(visit.say(say("提案类型"))), Column(visit.say(say("类别"))), Column(visit.say(say("届次"))),
        Column(visit.say(say("立案日期"))), Column(visit.say(say("承办单位"))), Column(visit.say(say("答复类别"))),
        Column(visit.say(say("办理结果评价"))), Column(visit.say(say("状态"))),
    )  # fmt: skip
    entries, ours = visit.directory.entries, visit.actor.committee
    again = recovered.unchecked_among(visit.unit.session, [row.id for row in rows]) if visit.actor.sees_work else ()

    def line(row: ProposalRecord) -> Row:
        whose = f"（{entries[row.committee_id].short_name}）" if row.committee_id != ours else ""
        state = visit.say(row.state.label) + (f" · {visit.say(say('找回'))}" if row.id in again else "")
        return Row(
            (
                row.number, row.title + whose, "、".join(row.names or ()), visit.say(row.kind.label),
                visit.say(row.category.label), row.session, _day(row.filed_on), "、".join(row.handled_by or ()),
                visit.say(row.reply_class.label) if row.reply_class else None,
                visit.say(row.satisfaction.label) if row.satisfaction else None, state,
            ),
            f"/proposals/{row.id}",
        )  # fmt: skip

    return Table(visit.say(say("提案")), columns, tuple(map(line, rows)), say("暂无提案"))


def _day(day: object) -> str | None:
    return str(day) if day else None
