"""专项计划 (programme): work that a committee plans for a time, with tasks and with targets in figures.

Who takes part in another committee's programme has a programme of its own that names it (`parent_id`). What targets
have come to is counted by its owner from rows that belong to the programme; nobody types it in.
"""

import datetime as dt

from sync.contract.bounds import Bound
from sync.contract.ids import Id
from sync.contract.kinds import Kind
from sync.contract.visibility import Visible, record, visible

MOST_TARGETS = 20
MOST_TASKS = 60
MOST_GOAL = 100_000_000
_DAY = r"([0-9]{4}-[0-9]{2}-[0-9]{2})?"


class ProgrammeKind(Kind):
    """专项类别: closed."""

    SPECIAL = "SPECIAL", "专项行动"
    YEAR_PLAN = "YEAR_PLAN", "年度计划"
    TOPIC_PLAN = "TOPIC_PLAN", "年度协商计划"
    TASK_LIST = "TASK_LIST", "任务清单"
    REQUIREMENTS = "REQUIREMENTS", "要求清单"
    PAIRING = "PAIRING", "结对帮扶"
    PERSONAL = "PERSONAL", "委员履职任务"


class ProgrammeState(Kind):
    """专项状态: planned → running → closed, or cancelled."""

    PLANNED = "PLANNED", "筹备"
    RUNNING = "RUNNING", "进行中"
    CLOSED = "CLOSED", "已办结"
    CANCELLED = "CANCELLED", "已取消"


class Joining(Kind):
    """参加意向: what a committee says to a programme that another one shared with it; until then nothing is said."""

    FULLY = "FULLY", "确认参加"
    PARTLY = "PARTLY", "部分参加"
    NOT_NOW = "NOT_NOW", "暂不参加"


class TargetMeasure(Kind):
    """计数方式: from which rows a target is counted; closed, because programs count."""

    ACTIVITIES = "ACTIVITIES", "活动场次"
    MEMBER_TIMES = "MEMBER_TIMES", "委员参与人次"
    PEOPLE_TIMES = "PEOPLE_TIMES", "委员和群众参与人次"
    TOPICS = "TOPICS", "议题数"
    CAMPAIGNS = "CAMPAIGNS", "监督活动数"
    ENTRIES = "ENTRIES", "登记条数"
    ENTRY_SUBJECTS = "ENTRY_SUBJECTS", "登记对象数（不重复）"
    ENTRY_PEOPLE = "ENTRY_PEOPLE", "登记人次"
    EACH_MEMBER = "EACH_MEMBER", "每名委员登记条数"
    INDICATOR = "INDICATOR", "统计指标"


@record
class ProgrammeRecord:
    """专项计划: what is to be done until when, and how far it has come. Lists of tasks have one entry a task, lists of
    targets one a target.
    """

    id: Id = visible(Visible.PUBLIC, "Global id.")
    committee_id: Id = visible(Visible.PUBLIC, "Committee whose programme it is.")
    kind: ProgrammeKind = visible(Visible.PUBLIC, "What kind of programme.")
    title: str = visible(Visible.PUBLIC, "题名, 1–120 characters.")
    state: ProgrammeState = visible(Visible.PUBLIC, "Where it stands.")
    year: int = visible(Visible.PUBLIC, "年度.", bound=Bound(least=1949, most=2999))
    begun_on: dt.date | None = visible(Visible.PUBLIC, "First day.")
    until: dt.date | None = visible(Visible.PUBLIC, "Day by which it is to be done.")
    closed_on: dt.date | None = visible(Visible.PUBLIC, "Day on which it was closed.")
    purpose: str | None = visible(Visible.FEDERATION, "目标要求, at most 2000 characters.")
    parent_id: Id | None = visible(Visible.FEDERATION, "Programme, often another committee's, that it is a part of.")
    tasks: list[str] | None = visible(
        Visible.FEDERATION, "任务 or 要求, in order.", bound=Bound(longest=300, items=MOST_TASKS)
    )
    task_units: list[str] | None = visible(
        Visible.FEDERATION, "责任单位 of each; empty: none is named.", bound=Bound(longest=120, items=MOST_TASKS)
    )
    task_dues: list[str] | None = visible(
        Visible.FEDERATION, "完成期限 of each, as YYYY-MM-DD; empty: none.", bound=Bound(form=_DAY, items=MOST_TASKS)
    )
    task_done: list[str] | None = visible(
        Visible.FEDERATION, "Day on which each was done; empty: not yet.", bound=Bound(form=_DAY, items=MOST_TASKS)
    )
    targets: list[str] | None = visible(
        Visible.FEDERATION, "指标, by name.", bound=Bound(longest=60, items=MOST_TARGETS)
    )
    target_units: list[str] | None = visible(
        Visible.FEDERATION, "计量单位 of each.", bound=Bound(longest=10, items=MOST_TARGETS)
    )
    target_goals: list[int] | None = visible(
        Visible.FEDERATION, "目标值 of each.", bound=Bound(least=1, most=MOST_GOAL, items=MOST_TARGETS)
    )
    target_measures: list[TargetMeasure] | None = visible(
        Visible.FEDERATION, "From which rows each is counted.", bound=Bound(items=MOST_TARGETS)
    )
    target_details: list[str] | None = visible(
        Visible.FEDERATION, "Which of them: a kind of activity, an indicator; empty: all.",
        bound=Bound(longest=40, items=MOST_TARGETS),
    )  # fmt: skip
    target_counts: list[int] | None = visible(
        Visible.FEDERATION, "What each has come to, as its owner counted it last.",
        bound=Bound(least=0, items=MOST_TARGETS),
    )  # fmt: skip
    counted_at: dt.datetime | None = visible(Visible.FEDERATION, "When that was.")
    report: str | None = visible(Visible.MECHANISM, "总结; null before it was closed.")
    cancelled_because: str | None = visible(Visible.MECHANISM, "Why it was cancelled.")
    revision: int = visible(Visible.PUBLIC, "Grows with every change.")
    changed_at: dt.datetime = visible(Visible.PUBLIC, "Last change.")


class ProgrammeOrder(Kind):
    """专项排序: total orders every committee can serve."""

    YEAR_DESC = "YEAR_DESC", "年度由近到远"
    CHANGED_AT_DESC = "CHANGED_AT_DESC", "最近变更"
