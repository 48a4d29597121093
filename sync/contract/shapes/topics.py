"""议题 (topic): one matter, from the words of whoever raised it to the answer that was given.

What the reporter wrote and who it was never leave the committee: a topic has the office's own title and summary.
"""

import datetime as dt

from sync.contract.bounds import Bound
from sync.contract.ids import Id
from sync.contract.kinds import Kind
from sync.contract.visibility import Visible, record, visible


class TopicSource(Kind):
    """议题来源: the six of 四三三, and enterprises."""

    PARTY_GOVERNMENT = "PARTY_GOVERNMENT", "党政点题"
    COMMITTEES = "COMMITTEES", "两委找题"
    MEMBER = "MEMBER", "委员荐题"
    PUBLIC = "PUBLIC", "群众出题"
    OPEN_CALL = "OPEN_CALL", "公开征题"
    ONLINE = "ONLINE", "网络筛题"
    ENTERPRISE = "ENTERPRISE", "企业呼声"


class TopicChannel(Kind):
    """提交途径: by which door it came in."""

    QR = "QR", "扫码直报"
    WEB = "WEB", "网上提交"
    MEMBER = "MEMBER", "委员端"
    DESK = "DESK", "窗口登记"
    PARTNER = "PARTNER", "其他政协转送"


class TopicCategory(Kind):
    """议题类别: closed; a committee may rename the label, never the code."""

    COMMUNITY = "COMMUNITY", "社区治理"
    HOUSING = "HOUSING", "住房与老旧小区"
    TRANSPORT = "TRANSPORT", "交通出行"
    ENVIRONMENT = "ENVIRONMENT", "生态环境"
    EDUCATION = "EDUCATION", "教育"
    HEALTH = "HEALTH", "医疗卫生"
    ELDERLY = "ELDERLY", "养老助残"
    EMPLOYMENT = "EMPLOYMENT", "就业与社会保障"
    BUSINESS = "BUSINESS", "营商环境"
    INDUSTRY = "INDUSTRY", "产业发展"
    AGRICULTURE = "AGRICULTURE", "农业农村"
    CULTURE = "CULTURE", "文化旅游"
    CITY = "CITY", "城市建设管理"
    SAFETY = "SAFETY", "公共安全"
    LAW = "LAW", "法治建设"
    OTHER = "OTHER", "其他"


class TopicState(Kind):
    """议题状态: docs/decisions/0029 has the table of what leads where."""

    RAISED = "RAISED", "已提交"
    ACCEPTED = "ACCEPTED", "已受理"
    RETURNED = "RETURNED", "不予受理"
    FORWARDED = "FORWARDED", "已转交"
    MERGED = "MERGED", "已并案"
    SPLIT = "SPLIT", "已拆分"
    STORED = "STORED", "已入库"
    SELECTED = "SELECTED", "已选定"
    IN_PROCEDURE = "IN_PROCEDURE", "办理中"
    RESOLVED = "RESOLVED", "待答复"
    CLOSED = "CLOSED", "已答复"
    REOPENED = "REOPENED", "重新办理"
    ARCHIVED = "ARCHIVED", "已归档"
    OFFLINE = "OFFLINE", "线下办理"
    OFFLINE_DONE = "OFFLINE_DONE", "线下办结"


class ReturnReason(Kind):
    """不予受理理由: coded, so that one can see what people come with in vain."""

    NOT_OURS = "NOT_OURS", "不属于政协协商范围"
    PETITION = "PETITION", "属信访事项"
    LAWSUIT = "LAWSUIT", "属涉法涉诉事项"
    ACCUSATION = "ACCUSATION", "属对个人的举报控告"
    HOTLINE = "HOTLINE", "应由12345等热线办理"
    UNCLEAR = "UNCLEAR", "内容不明确，无法办理"
    SETTLED = "SETTLED", "已有明确答复"
    CLASSIFIED = "CLASSIFIED", "涉及不宜公开的内容"


@record
class TopicRecord:
    """议题: a matter that people raised, and what becomes of it."""

    id: Id = visible(Visible.PUBLIC, "Global id.")
    committee_id: Id = visible(Visible.PUBLIC, "Committee that handles it.")
    title: str = visible(Visible.PUBLIC, "题名 in the office's words, 1–120 characters.")
    state: TopicState = visible(Visible.PUBLIC, "Where it stands.")
    source: TopicSource = visible(Visible.PUBLIC, "Whose idea it was.")
    category: TopicCategory | None = visible(Visible.PUBLIC, "类别; null before it was screened.")
    area: str | None = visible(Visible.PUBLIC, "Town or street that it is about, by name.")
    raised_at: dt.datetime = visible(Visible.PUBLIC, "When it was raised.")
    year: int | None = visible(
        Visible.PUBLIC, "年度协商计划 of which year it is in; null: of none.", bound=Bound(least=1949, most=2999)
    )
    theme: str | None = visible(Visible.PUBLIC, "专题 of the plan under which it is counted.")
    answer: str | None = visible(Visible.PUBLIC, "公开答复, as it was signed; null before.")
    closed_at: dt.datetime | None = visible(Visible.PUBLIC, "When the answer was signed; of the last one.")
    channel: TopicChannel | None = visible(Visible.FEDERATION, "By which door it came in.")
    venue_id: Id | None = visible(Visible.FEDERATION, "Venue whose code was scanned, or where it was heard.")
    area_id: Id | None = visible(Visible.FEDERATION, "Unit of that town.")
    procedure_id: Id | None = visible(Visible.FEDERATION, "规程 by which it is handled, in the version it began with.")
    step: str | None = visible(Visible.FEDERATION, "Code of the step at which it stands, within that version.")
    reporters: int | None = visible(Visible.FEDERATION, "反映 that came to it, merged ones as well.")
    items_agreed: int | None = visible(Visible.FEDERATION, "建议 on its list.")
    items_done: int | None = visible(Visible.FEDERATION, "Those of them that were carried out.")
    satisfied: int | None = visible(Visible.FEDERATION, "Reporters who said 满意 or 基本满意 of the answer.")
    dissatisfied: int | None = visible(Visible.FEDERATION, "Reporters who said 不满意.")
    reopened: int | None = visible(Visible.FEDERATION, "How often it was taken up again after an answer.")
    accepted_at: dt.datetime | None = visible(Visible.FEDERATION, "When it was accepted.")
    decided_by: str | None = visible(Visible.FEDERATION, "选题审定: who decided that it is taken up.")
    decided_on: dt.date | None = visible(Visible.FEDERATION, "Day of that decision.")
    tracked_until: dt.date | None = visible(Visible.FEDERATION, "跟踪至: looked after until this day, over years.")
    merged_into_id: Id | None = visible(Visible.FEDERATION, "并入.")
    split_from_id: Id | None = visible(Visible.FEDERATION, "拆分自.")
    follows_up_id: Id | None = visible(Visible.FEDERATION, "续办: the topic that it takes up again.")
    generalises_ids: list[Id] | None = visible(Visible.FEDERATION, "由一件事到一类事: topics that it grew out of.")
    summary: str | None = visible(Visible.MECHANISM, "情况 in the office's words.")
    return_reason: ReturnReason | None = visible(Visible.MECHANISM, "不予受理理由.")
    forwarded_to: str | None = visible(Visible.MECHANISM, "转交: to whom.")
    photos: int | None = visible(Visible.MECHANISM, "How many photos are kept at home.")
    revision: int = visible(Visible.PUBLIC, "Grows with every change.")
    changed_at: dt.datetime = visible(Visible.PUBLIC, "Last change.")


class TopicOrder(Kind):
    """议题排序: total orders every committee can serve."""

    RAISED_AT_DESC = "RAISED_AT_DESC", "提交时间由近到远"
    RAISED_AT_ASC = "RAISED_AT_ASC", "提交时间由远到近"
    CHANGED_AT_DESC = "CHANGED_AT_DESC", "最近变更"
