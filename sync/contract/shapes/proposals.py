"""提案 (proposal): what members, parties, units ask of the government, from its draft to what they say of the answer.

It is its proposers' and the office's alone until it is filed (立案); what was not filed is never told to anybody.
"""

import datetime as dt

from sync.contract.bounds import Bound
from sync.contract.ids import Id
from sync.contract.kinds import Kind
from sync.contract.shapes.items import ReplyClass, Satisfaction
from sync.contract.shapes.topics import TopicCategory
from sync.contract.visibility import Visible, record, visible

MOST_ADVICE, MOST_PROPOSERS, MOST_STAGES = 50, 200, 8
"""Suggestions and proposers of one proposal; stages of evaluation in one round."""


class ProposerKind(Kind):
    """提案者类别: closed."""

    INDIVIDUAL = "INDIVIDUAL", "个人提案"
    JOINT = "JOINT", "委员联名提案"
    PARTY = "PARTY", "党派提案"
    ORGANISATION = "ORGANISATION", "团体提案"
    SPECIAL_COMMITTEE = "SPECIAL_COMMITTEE", "专委会提案"
    SECTOR = "SECTOR", "界别提案"
    GROUP = "GROUP", "小组提案"


class ProposalState(Kind):
    """提案状态: docs/states.md has the table of what leads where."""

    DRAFTING = "DRAFTING", "拟稿"
    CO_SIGNING = "CO_SIGNING", "联名中"
    SUBMITTED = "SUBMITTED", "已提交"
    RETURNED = "RETURNED", "已退回"
    FIRST_REVIEWED = "FIRST_REVIEWED", "已初审"
    SECOND_REVIEWED = "SECOND_REVIEWED", "已复审"
    FILED = "FILED", "已立案"
    NOT_FILED = "NOT_FILED", "不予立案"
    MERGED = "MERGED", "已并案"
    CONVERTED = "CONVERTED", "已转社情民意"
    WITHDRAWN = "WITHDRAWN", "已撤回"
    HANDED_OVER = "HANDED_OVER", "已交办"
    REPLIED = "REPLIED", "已答复"
    RATED = "RATED", "已测评"
    SECOND_ROUND = "SECOND_ROUND", "二轮办理"
    ARCHIVED = "ARCHIVED", "已归档"


class NotFiledReason(Kind):
    """不予立案原因: closed, and none is given in words alone."""

    STATE_SECRET = "STATE_SECRET", "涉及国家秘密"
    JUDICIAL = "JUDICIAL", "进入司法、仲裁、复议等程序"
    PARTY_INTERNAL = "PARTY_INTERNAL", "属于党派、团体内部事务"
    PERSONAL = "PERSONAL", "为本人或亲属解决个人问题"
    RECOMMENDS_WORKS = "RECOMMENDS_WORKS", "宣传、推介具体作品或产品"
    ACADEMIC = "ACADEMIC", "属于学术研讨"
    ELSEWHERE = "ELSEWHERE", "不属于本级职权"
    EMPTY = "EMPTY", "内容空泛、没有具体建议"
    ALREADY_DONE = "ALREADY_DONE", "已经办理或正在办理"


@record
class ProposalRecord:
    """提案: what it asks for, whose it is, and what came of it."""

    id: Id = visible(Visible.PUBLIC, "Global id.")
    committee_id: Id = visible(Visible.PUBLIC, "Committee to which it was handed in.")
    kind: ProposerKind = visible(Visible.PUBLIC, "Whose proposal it is.")
    title: str = visible(Visible.PUBLIC, "案由, 1–120 characters.")
    state: ProposalState = visible(Visible.PUBLIC, "Where it stands.")
    category: TopicCategory = visible(Visible.PUBLIC, "类别.")
    year: int = visible(Visible.PUBLIC, "年度 of its filing; before, of its draft.", bound=Bound(least=1949, most=2999))
    number: str | None = visible(Visible.PUBLIC, "案号 as it is printed, such as 第12号; null before it is filed.")
    filed_on: dt.date | None = visible(Visible.PUBLIC, "立案日期.")
    is_key: bool = visible(Visible.PUBLIC, "重点提案.")
    session: str | None = visible(Visible.FEDERATION, "届次, such as 十五届三次会议; null: 平时提案.")
    proposers: int | None = visible(
        Visible.FEDERATION, "How many signed it, the first one with them.", bound=Bound(least=1, most=MOST_PROPOSERS)
    )
    suggestions: int | None = visible(
        Visible.FEDERATION, "How many suggestions it makes.", bound=Bound(least=0, most=MOST_ADVICE)
    )
    project: str | None = visible(Visible.FEDERATION, "专题项目 it is handled in, by name.")
    handled_by: list[str] | None = visible(
        Visible.FEDERATION, "主办单位 first, then 会办 or 分办, by name.", bound=Bound(longest=120, items=30)
    )
    round: int | None = visible(Visible.FEDERATION, "办理轮次: 1 or 2.", bound=Bound(least=1, most=2))
    replied_on: dt.date | None = visible(Visible.FEDERATION, "Day of the last answer.")
    first_class: ReplyClass | None = visible(Visible.FEDERATION, "答复类别 that was given first.")
    reply_class: ReplyClass | None = visible(Visible.FEDERATION, "答复类别 now: B转A stands beside the first.")
    satisfaction: Satisfaction | None = visible(
        Visible.FEDERATION, "What the first proposer says of the result in this round; null: 未反馈."
    )
    attitude: Satisfaction | None = visible(Visible.FEDERATION, "The same of how it was handled (办理态度).")
    names: list[str] | None = visible(
        Visible.MECHANISM, "提案者, by name, 第一提案人 first.", personal=True,
        bound=Bound(longest=80, items=MOST_PROPOSERS),
    )  # fmt: skip
    situation: str | None = visible(Visible.MECHANISM, "情况与问题.")
    analysis: str | None = visible(Visible.MECHANISM, "分析.")
    advice: list[str] | None = visible(
        Visible.MECHANISM, "建议, one by one, in order.", bound=Bound(longest=1_000, items=MOST_ADVICE)
    )
    revision: int = visible(Visible.PUBLIC, "Grows with every change.")
    changed_at: dt.datetime = visible(Visible.PUBLIC, "Last change.")


class ProposalOrder(Kind):
    """提案排序: total orders every committee can serve."""

    YEAR_DESC = "YEAR_DESC", "年度由近到远"
    CHANGED_AT_DESC = "CHANGED_AT_DESC", "最近变更"
