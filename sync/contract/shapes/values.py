"""指标 (indicator) and 数值 (value): figures that two committees count alike.

Indicators count all own rows, shared or not. A committee publishes, per indicator and month, what it counted; another's
figure for a committee that is away comes from its last values, never from recounting shared rows.
"""

import datetime as dt
from dataclasses import dataclass

from sync.contract.bounds import Bound
from sync.contract.ids import Id
from sync.contract.kinds import Kind
from sync.contract.visibility import Visible, record, visible

MOST_JOINT = 1_000
"""Ids of joint rows in one value; beyond it the distinct figure is unknown, and says so."""
MOST_IMPORTS = 60
"""Totals from before the platform whose days touch one month."""
MOST_KINDS, MOST_MECHANISMS, MOST_DAYS = 50, 100, 31
"""Of one value; an indicator has no more kinds of rows, and a committee takes part in no more mechanisms."""
_MONTH = r"(19|2[0-9])[0-9]{2}-(0[1-9]|1[0-2])"
_JOINT = r"[0-9]{6}(r[2-9])?\.activity\.[0-9a-f]{32}"


class IndicatorCode(Kind):
    """指标: closed; the formula behind a code never changes."""

    ACTIVITIES_HELD = "ACTIVITIES_HELD", "举办活动"
    LEADER_ATTENDED = "LEADER_ATTENDED", "党政领导到场"
    MEMBER_TIMES = "MEMBER_TIMES", "委员参与"
    PUBLIC_TIMES = "PUBLIC_TIMES", "群众参与"
    SUGGESTIONS = "SUGGESTIONS", "协商建议"
    VENUES_OPEN = "VENUES_OPEN", "阵地"
    AREAS = "AREAS", "镇街"
    AREAS_COVERED = "AREAS_COVERED", "三类阵地全覆盖镇街"
    CAMPAIGNS = "CAMPAIGNS", "民主监督"
    FINDINGS = "FINDINGS", "监督发现问题"
    FINDINGS_PUT_RIGHT = "FINDINGS_PUT_RIGHT", "监督问题整改到位"
    BODIES_APPRAISED = "BODIES_APPRAISED", "民主评议单位"
    TOPICS_RAISED = "TOPICS_RAISED", "提交议题"
    TOPICS_ACCEPTED = "TOPICS_ACCEPTED", "受理议题"
    TOPICS_ANSWERED = "TOPICS_ANSWERED", "答复议题"
    TOPICS_PLANNED = "TOPICS_PLANNED", "计划议题"
    ITEMS_AGREED = "ITEMS_AGREED", "清单条目"
    ITEMS_DONE = "ITEMS_DONE", "清单条目落实"
    REPLIES = "REPLIES", "交办回复"
    REPLIES_ON_TIME = "REPLIES_ON_TIME", "按期回复"
    ASSIGNMENTS_LATE = "ASSIGNMENTS_LATE", "交办逾期未回复"
    FORM_ANSWERS = "FORM_ANSWERS", "表单作答"
    FORM_PASSES = "FORM_PASSES", "小测试合格"
    POSTS_PUBLISHED = "POSTS_PUBLISHED", "发布内容"
    THREADS_CONVERTED = "THREADS_CONVERTED", "发布转化提案"
    REPORTS = "REPORTS", "成果"
    REPORT_ADVICE = "REPORT_ADVICE", "成果中的建议"
    ADVICE_ADOPTED = "ADVICE_ADOPTED", "建议采纳"
    INSTRUCTIONS = "INSTRUCTIONS", "领导批示"
    INSTRUCTIONS_FAVOURABLE = "INSTRUCTIONS_FAVOURABLE", "肯定性批示"
    MODEL_CASES = "MODEL_CASES", "典型案例"
    BOOKINGS_RECEIVED = "BOOKINGS_RECEIVED", "接待批次"
    VISITORS_RECEIVED = "VISITORS_RECEIVED", "接待人次"
    PROPOSALS_FILED = "PROPOSALS_FILED", "立案提案"
    PROPOSALS_SOURCED = "PROPOSALS_SOURCED", "有来源的提案"
    PROPOSALS_FROM_SECTORS = "PROPOSALS_FROM_SECTORS", "来自界别群众的提案"


@dataclass(frozen=True)
class Indicator:
    """What an indicator counts, how, and by which date."""

    code: IndicatorCode
    unit: str
    is_stock: bool
    """A stock is what there is on a day (venues); a flow is what happened in a window (sessions)."""
    formula_zh: str
    formula_en: str


INDICATORS = {
    made.code: made
    for made in (
        Indicator(IndicatorCode.ACTIVITIES_HELD, "场次", False,
                  "状态为已举行或已办结、且已签发的活动，按开始日期（北京时间）计；未签发、退回、取消的不计",
                  "activities held or closed and signed for, by the day they began (Asia/Shanghai); what is unsigned, "
                  "sent back or cancelled never counts"),
        Indicator(IndicatorCode.LEADER_ATTENDED, "场次", False,
                  "其中有当地党政领导到场的活动", "those of them that a local Party or government leader attended"),
        Indicator(IndicatorCode.MEMBER_TIMES, "人次", False,
                  "已举行活动中出席的委员人次", "members present, counted once per activity"),
        Indicator(IndicatorCode.PUBLIC_TIMES, "人次", False,
                  "已举行活动中群众到场人数之和", "public headcount of the activities held"),
        Indicator(IndicatorCode.SUGGESTIONS, "条", False,
                  "已办结活动报告中的建议条数", "suggestions in the closing reports"),
        Indicator(IndicatorCode.VENUES_OPEN, "个", True,
                  "统计日已启用且未撤销的阵地", "venues opened and not closed on the day"),
        Indicator(IndicatorCode.AREAS, "个", True,
                  "统计日本会名录中的镇街", "towns and streets in the committee's own list on the day"),
        Indicator(IndicatorCode.AREAS_COVERED, "个", True,
                  "统计日民生议事堂、委员工作室、社情民意联系点俱全的镇街",
                  "towns that have a hall, a studio and a contact point on the day"),
        Indicator(IndicatorCode.CAMPAIGNS, "项", False,
                  "已启动的民主监督活动，按启动日期计；已取消的不计",
                  "campaigns of supervision that began, by that day; what was cancelled never counts"),
        Indicator(IndicatorCode.FINDINGS, "个", False,
                  "已启动的民主监督活动清单上的问题，含说明理由不予交办的，按监督启动日期计；已取消的监督不计",
                  "problems on the lists of campaigns that began, those put down for a reason too, by the day the "
                  "campaign began; of cancelled campaigns none"),
        Indicator(IndicatorCode.FINDINGS_PUT_RIGHT, "个", False,
                  "其中已整改并经复查的问题，与“监督发现问题”同按监督启动日期计；两者之比为整改率",
                  "those of them that were put right and checked, by the same day; of all FINDINGS they are the rate "
                  "put right"),
        Indicator(IndicatorCode.BODIES_APPRAISED, "家", False,
                  "民主评议结果已公布的单位，按公布日期计；已取消的不计",
                  "bodies whose appraisal was published, by that day; what was cancelled never counts"),
        Indicator(IndicatorCode.TOPICS_RAISED, "件", False,
                  "本会收到的议题反映，按提交日期（北京时间）、来源计，不予受理和并案的也计；拆分出的不另计",
                  "topics that were raised here, by that day (Asia/Shanghai) and source, returned and merged ones too; "
                  "what a split made is not counted again"),
        Indicator(IndicatorCode.TOPICS_ACCEPTED, "件", False,
                  "其中已受理的议题，按受理日期计；拆分出的不另计",
                  "those of them that were accepted, by that day; what a split made is not counted again"),
        Indicator(IndicatorCode.TOPICS_ANSWERED, "件", False,
                  "已签发公开答复的议题，按最近一次答复的日期计；重新办理、尚未再次答复的不计；拆分的按各部分分别计，故可多于受理数",
                  "topics whose public answer was signed, by the day of the last one; one that was taken up again is "
                  "not counted before it is answered anew; each part of what was split counts by itself, so there may "
                  "be more of them than were accepted"),
        Indicator(IndicatorCode.TOPICS_PLANNED, "件", False,
                  "列入年度协商计划的议题，计在计划年度的1月1日，按专题分；退回题库、并案和拆分的不计",
                  "topics in the plan of a year, on the first of January of that year, by theme; what was put back, "
                  "merged or split is not counted"),
        Indicator(IndicatorCode.ITEMS_AGREED, "条", False,
                  "清单上已确认、有序号的建议、问题和承诺，按确认日期计；确认后未采纳的不计",
                  "suggestions, problems and commitments that were agreed and have a number, by that day; what was not "
                  "adopted after that never counts"),
        Indicator(IndicatorCode.ITEMS_DONE, "条", False,
                  "其中已落实的，按落实日期计；重新办理、尚未再次落实的不计",
                  "those of them that were carried out, by that day; what was taken up again is not counted before it "
                  "is done anew"),
        Indicator(IndicatorCode.REPLIES, "件", False,
                  "承办单位对交办事项的回复，按最近一次回复的日期计；已撤回的交办不计",
                  "assignments that were replied to, by the day of the last reply; what was withdrawn never counts"),
        Indicator(IndicatorCode.REPLIES_ON_TIME, "件", False,
                  "其中从未逾期的；与“交办回复”之比为按期回复率",
                  "those of them that were never late; of all REPLIES they are the rate on time"),
        Indicator(IndicatorCode.ASSIGNMENTS_LATE, "件", True,
                  "统计日期限已过、仍未回复的交办；已撤回的不计",
                  "assignments whose due date was over on the day and that had not been replied to; what was withdrawn "
                  "never counts"),
        Indicator(IndicatorCode.FORM_ANSWERS, "份", False,
                  "表单的作答，按首次提交的日期、表单类别计；一人一份，修改不重复计",
                  "answers to forms, by the day they were first given and the kind of form; one of each, however often "
                  "it was changed"),
        Indicator(IndicatorCode.FORM_PASSES, "份", False,
                  "其中小测试合格的；与“表单作答”中的小测试之比为合格率",
                  "those of them that passed a quiz; of all answers to quizzes they are the pass rate"),
        Indicator(IndicatorCode.POSTS_PUBLISHED, "篇", False,
                  "已发布的内容，按发布日期计；已撤下的不计",
                  "posts, by the day they were published; what was taken down never counts"),
        Indicator(IndicatorCode.THREADS_CONVERTED, "篇", False,
                  "其中转化为提案的，按转化日期计，每篇计一次",
                  "those of them that became a proposal, by the day they first did; each counts once"),
        Indicator(IndicatorCode.REPORTS, "篇", False,
                  "已签发的社情民意信息、调研报告、专题报告、大会发言、建议案和协商建议，按签发日期计，每篇一次；合编的只计合编后的一篇",
                  "signed reports by the day of their signature, each once; pieces that were merged are one"),
        Indicator(IndicatorCode.REPORT_ADVICE, "条", False,
                  "这些成果中逐条列出的建议，按签发日期计", "the suggestions that these reports make, by the same day"),
        Indicator(IndicatorCode.ADVICE_ADOPTED, "条", False,
                  "已确认采纳落实的建议或成果，按首次采纳日期、层级计；双方或多方采纳的只计一次",
                  "what was adopted, by the day and level of its first adoption; by several sides, it counts once"),
        Indicator(IndicatorCode.INSTRUCTIONS, "次", False,
                  "已确认的领导批示，按批示日期、领导层级计；同一成果同一层级同一天只计一次",
                  "confirmed instructions by day and level; of one record one for each level and day"),
        Indicator(IndicatorCode.INSTRUCTIONS_FAVOURABLE, "次", False,
                  "其中的肯定性批示", "those of them that were favourable"),
        Indicator(IndicatorCode.MODEL_CASES, "个", False,
                  "已确认入选的典型案例，按入选日期、级别计", "confirmed model cases by day and level"),
        Indicator(IndicatorCode.BOOKINGS_RECEIVED, "批次", False,
                  "已到场或已完成的预约，按预约日期、类别计；取消和未到场的不计；考察团一次来访为一批",
                  "bookings that were checked in, by their day and kind; what was cancelled and who did not come never "
                  "counts"),
        Indicator(IndicatorCode.VISITORS_RECEIVED, "人次", False,
                  "其中到场人数之和，以前台核点的为准，未核点的按预约人数计",
                  "people who came with them, as the desk counted them, else as they were booked"),
        Indicator(IndicatorCode.PROPOSALS_FILED, "件", False,
                  "已立案的提案，按立案日期、提案者类别计；退回、不予立案、并入他案、转社情民意和撤回的不计",
                  "proposals that were filed, by that day and whose they are; what was returned, not filed, merged, "
                  "converted or withdrawn never counts"),
        Indicator(IndicatorCode.PROPOSALS_SOURCED, "件", False,
                  "其中写明来源的；与“立案提案”之比为来源覆盖率",
                  "those of them that say from where they are; of all PROPOSALS_FILED they are the rate"),
        Indicator(IndicatorCode.PROPOSALS_FROM_SECTORS, "件", False,
                  "其中来源有界别群众的", "those of them that have people of a sector among their sources"),
    )
}  # fmt: skip


@record
class ValueRecord:
    """数值: what one committee counted for one indicator in one month (Asia/Shanghai)."""

    id: Id = visible(Visible.FEDERATION, "Global id.")
    committee_id: Id = visible(Visible.FEDERATION, "Who counted.")
    indicator: IndicatorCode = visible(Visible.FEDERATION, "What was counted.")
    month: str = visible(Visible.FEDERATION, "YYYY-MM, Asia/Shanghai.", bound=Bound(form=_MONTH))
    days: dict[str, list[int]] = visible(
        Visible.FEDERATION,
        "Kind → a number per day of the month: counted that day (flow), or there that day (stock).",
        bound=Bound(least=0, items=MOST_DAYS, names=(MOST_KINDS,)),
    )
    joint_ids: list[Id] | None = visible(
        Visible.MECHANISM,
        "Counted rows that have more than one host; null when there are too many to list.",
        bound=Bound(form=_JOINT, items=MOST_JOINT),
    )
    mechanism_days: dict[str, dict[str, list[int]]] | None = visible(
        Visible.FEDERATION,
        "Mechanism → the part of `days` that was done under it; null: not told apart.",
        default=None,
        bound=Bound(least=0, items=MOST_DAYS, names=(MOST_MECHANISMS, MOST_KINDS), part_of="days"),
    )
    mechanism_joint_ids: dict[str, list[Id]] | None = visible(
        Visible.MECHANISM,
        "Mechanism → those of `joint_ids` that were held under it; null as these.",
        default=None,
        bound=Bound(form=_JOINT, items=MOST_JOINT, names=(MOST_MECHANISMS,), part_of="joint_ids"),
    )
    watermark: int = visible(
        Visible.FEDERATION,
        "The newest change that this counts, in milliseconds since 1970 on the bus.",
        bound=Bound(most=2**53 - 1),
    )
    computed_at: dt.datetime = visible(Visible.FEDERATION, "When it was counted.")
    imported: dict[str, dict[str, int]] | None = visible(
        Visible.FEDERATION,
        "期初数 (汇总导入): totals from before the platform, besides `days`. First and last day of each as "
        "YYYY-MM-DD/YYYY-MM-DD → kind, empty where it is not told by kind → what of it no row tells. A total stands in "
        "every month that its days touch; null: there is none.",
        default=None,
        bound=Bound(least=1, names=(MOST_IMPORTS, MOST_KINDS)),
    )
