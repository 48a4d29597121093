"""三张清单 (the three lists) as one chain: an item is assigned, and the assignment is replied to.

《协商建议清单》 is made of items, 《责任落实清单》 of their assignments, 《结果反馈清单》 of the replies. The problems
that supervision finds are items as well.
"""

import datetime as dt

from sync.contract.ids import Id
from sync.contract.kinds import Kind
from sync.contract.visibility import Visible, record, visible


class ItemKind(Kind):
    """清单条目类别: closed."""

    SUGGESTION = "SUGGESTION", "建议"
    FINDING = "FINDING", "问题"
    COMMITMENT = "COMMITMENT", "承诺"
    PROPOSAL = "PROPOSAL", "提案"


class ItemState(Kind):
    """清单条目状态: docs/decisions/0029 has the table of what leads where."""

    PROPOSED = "PROPOSED", "拟列"
    AGREED = "AGREED", "已确认"
    ASSIGNED = "ASSIGNED", "已交办"
    DONE = "DONE", "已落实"
    NOT_ADOPTED = "NOT_ADOPTED", "未采纳"
    REOPENED = "REOPENED", "重新办理"


@record
class ItemRecord:
    """清单条目: a suggestion, a problem that was found, or a commitment."""

    id: Id = visible(Visible.PUBLIC, "Global id.")
    committee_id: Id = visible(Visible.PUBLIC, "Committee on whose list it stands.")
    kind: ItemKind = visible(Visible.PUBLIC, "Suggestion, finding or commitment.")
    state: ItemState = visible(Visible.PUBLIC, "Where it stands.")
    list_id: Id = visible(Visible.PUBLIC, "Topic, activity, campaign or proposal whose list it stands on.")
    number: int | None = visible(Visible.PUBLIC, "序号 on that list, given when it is agreed and never used again.")
    text: str = visible(Visible.PUBLIC, "内容, 1–500 characters.")
    agreed_at: dt.datetime | None = visible(Visible.PUBLIC, "When it was agreed.")
    done_at: dt.datetime | None = visible(Visible.PUBLIC, "When it was carried out.")
    body: str | None = visible(Visible.FEDERATION, "Unit that it is about or meant for, by name.")
    adopted_by: list[Id] | None = visible(Visible.FEDERATION, "采纳方: committees that adopted it, each once.")
    reason: str | None = visible(Visible.MECHANISM, "Why it was not adopted, or is taken up again.")
    revision: int = visible(Visible.PUBLIC, "Grows with every change.")
    changed_at: dt.datetime = visible(Visible.PUBLIC, "Last change.")


class ItemOrder(Kind):
    """清单条目排序: total orders every committee can serve."""

    CHANGED_AT_DESC = "CHANGED_AT_DESC", "最近变更"
    AGREED_AT_DESC = "AGREED_AT_DESC", "确认时间由近到远"


class AssignmentState(Kind):
    """交办状态: docs/decisions/0029 has the table of what leads where."""

    FORWARDED = "FORWARDED", "已转送"
    ASSIGNED = "ASSIGNED", "已交办"
    RETURN_ASKED = "RETURN_ASKED", "申请退办"
    REASSIGNED = "REASSIGNED", "已改派"
    IN_PROGRESS = "IN_PROGRESS", "办理中"
    REPLIED = "REPLIED", "已回复"
    VERIFIED = "VERIFIED", "已核实"
    CLOSED = "CLOSED", "已办结"
    WITHDRAWN = "WITHDRAWN", "已撤回"


class AssignmentRole(Kind):
    """办理方式: in which part a body handles it."""

    LEAD = "LEAD", "主办"
    ASSIST = "ASSIST", "会办"
    SEPARATE = "SEPARATE", "分办"


class ReplyClass(Kind):
    """答复类别: what came of it."""

    SOLVED = "SOLVED", "已解决（A类）"
    PLANNED = "PLANNED", "已列入计划（B类）"
    DEFERRED = "DEFERRED", "因条件限制暂不能解决（C类）"
    REFERENCE = "REFERENCE", "留作参考（D类）"


class Satisfaction(Kind):
    """满意度."""

    SATISFIED = "SATISFIED", "满意"
    BASICALLY = "BASICALLY", "基本满意"
    DISSATISFIED = "DISSATISFIED", "不满意"


@record
class AssignmentRecord:
    """交办: what one body is to do about an item, and what it replied."""

    id: Id = visible(Visible.PUBLIC, "Global id.")
    committee_id: Id = visible(Visible.PUBLIC, "Committee that handed it over.")
    item_id: Id = visible(Visible.PUBLIC, "What it is about.")
    state: AssignmentState = visible(Visible.PUBLIC, "Where it stands.")
    role: AssignmentRole = visible(Visible.PUBLIC, "Lead, assisting or separate.")
    body: str | None = visible(Visible.PUBLIC, "承办单位, by name; null before it was assigned.")
    due_on: dt.date | None = visible(Visible.PUBLIC, "Last day; null before it was assigned.")
    replied_at: dt.datetime | None = visible(Visible.PUBLIC, "When it was replied to; of the last reply.")
    days_late: int | None = visible(
        Visible.PUBLIC, "逾期天数, for good: of the reply, or when its last day was changed."
    )
    reply_class: ReplyClass | None = visible(Visible.PUBLIC, "What came of it.")
    closed_at: dt.datetime | None = visible(Visible.PUBLIC, "When it was closed.")
    body_id: Id | None = visible(Visible.FEDERATION, "承办单位, of the list of the committee that its id names.")
    office: str | None = visible(Visible.FEDERATION, "交办单位, by name.")
    assigned_on: dt.date | None = visible(Visible.FEDERATION, "交办日期.")
    was_due_on: dt.date | None = visible(Visible.FEDERATION, "The first last day; null: it was never changed.")
    due_is_estimate: bool | None = visible(Visible.FEDERATION, "Holidays on the way to it are not published yet.")
    satisfaction: Satisfaction | None = visible(Visible.FEDERATION, "What was said of the result.")
    reply: str | None = visible(Visible.MECHANISM, "办理结果, as it was replied.")
    files: int | None = visible(Visible.MECHANISM, "How many files of evidence are kept at home.")
    revision: int = visible(Visible.PUBLIC, "Grows with every change.")
    changed_at: dt.datetime = visible(Visible.PUBLIC, "Last change.")


class AssignmentOrder(Kind):
    """交办排序: total orders every committee can serve."""

    CHANGED_AT_DESC = "CHANGED_AT_DESC", "最近变更"
    DUE_ON_ASC = "DUE_ON_ASC", "期限由近到远"


class CallState(Kind):
    """吹哨状态: open until it is answered by all or its time is over."""

    OPEN = "OPEN", "待报到"
    ANSWERED = "ANSWERED", "已全部回应"
    OVER = "OVER", "已到期"
    CANCELLED = "CANCELLED", "已取消"


@record
class CallRecord:
    """吹哨报到: a town or street calls departments to a session, and each must answer."""

    id: Id = visible(Visible.PUBLIC, "Global id.")
    committee_id: Id = visible(Visible.PUBLIC, "Committee through which it is called.")
    caller: str = visible(Visible.PUBLIC, "Who calls, by name, 1–60 characters.")
    title: str = visible(Visible.PUBLIC, "事由, 1–120 characters.")
    state: CallState = visible(Visible.PUBLIC, "Whether answers are still awaited.")
    answer_by: dt.datetime = visible(Visible.PUBLIC, "Until when each must have answered.")
    about_id: Id | None = visible(Visible.FEDERATION, "Topic, activity or campaign that it is about.")
    called: int | None = visible(Visible.FEDERATION, "Bodies that were called.")
    coming: int | None = visible(Visible.FEDERATION, "Those of them that come.")
    declined: int | None = visible(Visible.FEDERATION, "Those that gave a reason not to.")
    cancelled_because: str | None = visible(Visible.MECHANISM, "Why it was cancelled.")
    revision: int = visible(Visible.PUBLIC, "Grows with every change.")
    changed_at: dt.datetime = visible(Visible.PUBLIC, "Last change.")


class CallOrder(Kind):
    """吹哨排序: total orders every committee can serve."""

    CHANGED_AT_DESC = "CHANGED_AT_DESC", "最近变更"
    ANSWER_BY_ASC = "ANSWER_BY_ASC", "报到期限由近到远"
