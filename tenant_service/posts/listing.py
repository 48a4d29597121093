"""The list of posts: what its address filters by, and its lines; comments that wait, and who read a post."""

from collections.abc import Sequence

from sync.contract.shapes.posts import PostKind, PostOrder, PostRecord, PostState
from sync.edge.shell import formats
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.exchange.restoring import recovered
from tenant_service.exchange.watching import freshness as shared
from tenant_service.posts import queries
from tenant_service.posts.models import PostCommentRow, PostReadingRow
from tenant_service.signing.rules import Approval
from tenant_service.storage.paging import Page
from tenant_service.web.site import Visit

ACTS = {
    "draft": say("拟稿"), "redraft": say("修改"), "submit": say("送审"), "send_back": say("退回"),
    "sign_off": say("签发"), "publish": say("发布"), "convert": say("转化为提案"), "withdraw": say("撤下"),
    "comment": say("留言"), "show_comment": say("显示留言"), "hide_comment": say("隐藏留言"),
    "take_back_comment": say("撤回留言"), "read": say("已读"), "follow": say("关注"), "unfollow": say("取消关注"),
    "recover": say("找回"),
}  # fmt: skip
"""What people call the steps of a post's history, and its acts."""
LOOKS = {PostState.PUBLISHED: "good", PostState.WITHDRAWN: "bad", PostState.REVIEWED: "warn", PostState.DRAFT: "warn"}
"""Classes of the style sheet, by state."""


def page(visit: Visit, first: int, after: str | None) -> Page:
    """One page of our posts that reach the visitor, or with `?from=others` of those shared with us."""
    of_others = visit.asked("from") == "others" and visit.actor.is_inside
    owners = shared.followed_owners(visit.unit.session) if of_others else None
    return queries.listed(
        visit.unit.session, visit.actor, wanted(visit), PostOrder.CHANGED_AT_DESC, first, after, owners
    )  # fmt: skip


def wanted(visit: Visit) -> queries.Wanted:
    """What the address filters by; what it says that no list has filters nothing."""
    kind, state = PostKind.known(visit.asked("kind")), PostState.known(visit.asked("state"))
    mine = visit.asked("mine") if visit.actor.is_inside else ""
    approval = Approval.known(visit.asked("approval")) if visit.actor.sees_work or mine == "drafted" else None
    return queries.Wanted(
        (kind,) if kind else (), (state,) if state else (), (approval,) if approval else (),
        visit.asked("q")[:80] or None, visit.actor.sub if mine == "followed" else None,
        visit.actor.sub if mine == "drafted" else None,
    )  # fmt: skip


def table(visit: Visit, rows: Sequence[PostRecord]) -> Table:
    columns = (
        Column(visit.say(say("题名"))), Column(visit.say(say("发布类别"))), Column(visit.say(say("状态"))),
        Column(visit.say(say("出自"))), Column(visit.say(say("作者"))), Column(visit.say(say("文号、书号或期号"))),
        Column(visit.say(say("发布日期"))), Column(visit.say(say("留言数")), is_figure=True),
    )  # fmt: skip
    entries, ours = visit.directory.entries, visit.actor.committee
    again = recovered.unchecked_among(visit.unit.session, [row.id for row in rows]) if visit.actor.sees_work else ()

    def line(row: PostRecord) -> Row:
        whose = f"（{entries[row.committee_id].short_name}）" if row.committee_id != ours else ""
        state = visit.say(row.state.label) + (f" · {visit.say(say('找回'))}" if row.id in again else "")
        origin = visit.say(row.origin.label) + (f"（{row.sector}）" if row.sector else "")
        day = str(row.published_on) if row.published_on else None
        cells = (row.title + whose, visit.say(row.kind.label), state, origin, row.author, row.number, day, row.comments)
        return Row(cells, f"/posts/{row.id}")

    return Table(visit.say(say("发布")), columns, tuple(map(line, rows)), say("暂无发布，可从“拟写发布”开始"))


def held(visit: Visit, rows: Sequence[tuple[PostCommentRow, str]]) -> Table:
    """Comments that wait to be looked at, each with the way to its post, where it is shown or hidden."""
    heads = (say("留言"), say("留言人"), say("发布题名"), say("留言时间"))
    lines = tuple(
        Row(
            (row.text, row.author, title, formats.moment(row.at, visit.unit.now, visit.here.language)),
            f"/posts/{row.post_id}#{row.id}",
        )
        for row, title in rows
    )  # fmt: skip
    columns = tuple(Column(visit.say(head)) for head in heads)
    return Table(visit.say(say("留言待审看")), columns, lines, say("没有待审看的留言"))


def readers(visit: Visit, rows: Sequence[PostReadingRow]) -> Table:
    """Who said that they read a post, and when."""
    lines = tuple(Row((row.name, formats.moment(row.at, visit.unit.now, visit.here.language))) for row in rows)
    columns = (Column(visit.say(say("姓名"))), Column(visit.say(say("已读时间"))))
    return Table(visit.say(say("已读")), columns, lines, say("尚无人标记已读"))
