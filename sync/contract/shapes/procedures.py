"""规程 (procedure): steps by which a matter is handled, with what each needs, as versioned data.

A version that is in force is never changed: a matter under way keeps the version that it began with.
"""

import datetime as dt

from sync.contract.bounds import Bound
from sync.contract.ids import Id
from sync.contract.kinds import Kind
from sync.contract.visibility import Visible, record, visible

MOST_STEPS = 30
"""Of one procedure; a step has no more needs, papers or roles either."""
_CODE = r"[a-z0-9][a-z0-9_-]{0,39}"


class ProcedureUse(Kind):
    """适用: what is handled by it."""

    TOPIC = "TOPIC", "议题协商"
    SUPERVISION = "SUPERVISION", "民主监督"
    PROPOSAL = "PROPOSAL", "提案办理"
    LINKING = "LINKING", "双联（界别联镇街、委员联网格）"


class ProcedureState(Kind):
    """规程状态: draft → in force → retired."""

    DRAFT = "DRAFT", "草案"
    IN_FORCE = "IN_FORCE", "施行"
    RETIRED = "RETIRED", "废止"


class Need(Kind):
    """步骤条件: what must be there before a step is left; closed, because programs look."""

    DECISION = "DECISION", "已审定选题（审定机构、日期）"
    PLAN = "PLAN", "已有方案"
    RESEARCH = "RESEARCH", "已开展调研（不调研不协商）"
    SESSION = "SESSION", "已举行协商"
    DEPARTMENTS_CAME = "DEPARTMENTS_CAME", "部门已应邀报到"
    ITEMS = "ITEMS", "已有《协商建议清单》"
    REPORT = "REPORT", "已报送成果"
    ASSIGNMENTS = "ASSIGNMENTS", "已有《责任落实清单》"
    REPLIES = "REPLIES", "《结果反馈清单》已全部反馈"
    RECHECK = "RECHECK", "已复查核实"
    FINDINGS = "FINDINGS", "已列出问题清单"
    ANSWER = "ANSWER", "已拟公开答复"
    PAPER = "PAPER", "已上传所需材料"


@record
class ProcedureRecord:
    """规程: one version of it. The lists of its steps stand in their order, and each has one entry a step."""

    id: Id = visible(Visible.PUBLIC, "Global id of this version.")
    committee_id: Id = visible(Visible.PUBLIC, "Committee whose version it is.")
    code: str = visible(Visible.PUBLIC, "What all versions of it have in common.", bound=Bound(form=_CODE))
    version: int = visible(Visible.PUBLIC, "1, 2, 3 …", bound=Bound(least=1, most=10_000))
    name: str = visible(Visible.PUBLIC, "名称, 1–60 characters.")
    use: ProcedureUse = visible(Visible.PUBLIC, "What is handled by it.")
    state: ProcedureState = visible(Visible.PUBLIC, "Whether it is in force.")
    step_codes: list[str] = visible(Visible.PUBLIC, "步骤, by code.", bound=Bound(form=_CODE, items=MOST_STEPS))
    step_names: list[str] = visible(Visible.PUBLIC, "名称 of each.", bound=Bound(longest=40, items=MOST_STEPS))
    step_stages: list[str] = visible(
        Visible.PUBLIC, "阶段 that each belongs to; empty: none.", bound=Bound(longest=20, items=MOST_STEPS)
    )
    step_workdays: list[int] = visible(
        Visible.PUBLIC, "Workdays that each may take; 0: no term.", bound=Bound(least=0, most=250, items=MOST_STEPS)
    )
    step_needs: list[list[Need]] = visible(
        Visible.PUBLIC, "What must be there before each is left.", bound=Bound(items=MOST_STEPS)
    )
    step_papers: list[list[str]] = visible(
        Visible.PUBLIC, "所需材料 of each, by name.", bound=Bound(longest=60, items=MOST_STEPS)
    )
    step_roles: list[list[str]] = visible(
        Visible.PUBLIC,
        "Roles that leave each; none named: whoever handles such matters.",
        bound=Bound(longest=40, items=MOST_STEPS),
    )
    note: str | None = visible(Visible.PUBLIC, "说明: of a template, what its source does not say.")
    origin_id: Id | None = visible(Visible.PUBLIC, "Another committee's version that it was adopted from.")
    since: dt.date | None = visible(Visible.PUBLIC, "First day in force.")
    until: dt.date | None = visible(Visible.PUBLIC, "Last day in force.")
    revision: int = visible(Visible.PUBLIC, "Grows with every change.")
    changed_at: dt.datetime = visible(Visible.PUBLIC, "Last change.")


class ProcedureOrder(Kind):
    """规程排序: total orders every committee can serve."""

    CHANGED_AT_DESC = "CHANGED_AT_DESC", "最近变更"
    CODE_ASC = "CODE_ASC", "按代码"
