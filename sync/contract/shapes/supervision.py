"""民主监督 (supervision): campaigns over policies and works, and the appraisal of bodies.

The problems that a campaign finds are items (`shapes.items`) on its list.
"""

import datetime as dt

from sync.contract.bounds import Bound
from sync.contract.ids import Id
from sync.contract.kinds import Kind
from sync.contract.visibility import Visible, record, visible

MOST_LINES = 200
"""Measures, works or bodies of one campaign."""


class CampaignKind(Kind):
    """监督类别: closed."""

    POLICY = "POLICY", "政策措施落实监督"
    COLLECTIVE = "COLLECTIVE", "专项集体民主监督"
    APPRAISAL = "APPRAISAL", "民主评议"
    POSTED = "POSTED", "派驻监督"
    MICRO = "MICRO", "微监督"


class CampaignState(Kind):
    """监督状态: planned → running → closed, or cancelled."""

    PLANNED = "PLANNED", "筹备"
    RUNNING = "RUNNING", "进行中"
    CLOSED = "CLOSED", "已办结"
    CANCELLED = "CANCELLED", "已取消"


@record
class CampaignRecord:
    """监督活动: what is supervised, by what, and what was found."""

    id: Id = visible(Visible.PUBLIC, "Global id.")
    committee_id: Id = visible(Visible.PUBLIC, "Committee that supervises.")
    kind: CampaignKind = visible(Visible.PUBLIC, "What kind of supervision.")
    title: str = visible(Visible.PUBLIC, "题名, 1–120 characters.")
    state: CampaignState = visible(Visible.PUBLIC, "Where it stands.")
    year: int = visible(Visible.PUBLIC, "年度.", bound=Bound(least=1949, most=2999))
    begun_on: dt.date | None = visible(Visible.PUBLIC, "First day.")
    closed_on: dt.date | None = visible(Visible.PUBLIC, "Last day.")
    policy: str | None = visible(Visible.FEDERATION, "Policy or programme that is supervised, by name.")
    measures: list[str] | None = visible(
        Visible.FEDERATION, "措施 of that policy, in order.", bound=Bound(longest=200, items=MOST_LINES)
    )
    works: list[str] | None = visible(
        Visible.FEDERATION, "重点工作 that are supervised, in order.", bound=Bound(longest=200, items=MOST_LINES)
    )
    bodies: list[str] | None = visible(
        Visible.FEDERATION, "Bodies that are supervised, by name.", bound=Bound(longest=120, items=MOST_LINES)
    )
    procedure_id: Id | None = visible(Visible.FEDERATION, "规程 by which it runs, in the version it began with.")
    step: str | None = visible(Visible.FEDERATION, "Code of the step at which it stands, within that version.")
    findings: int | None = visible(Visible.FEDERATION, "问题 that were found and confirmed.")
    suggestions: int | None = visible(Visible.FEDERATION, "整改意见 that were given and confirmed.")
    handed_over: int | None = visible(Visible.FEDERATION, "Of both, those that were handed over.")
    fixed: int | None = visible(
        Visible.FEDERATION,
        "Of both, those that whoever has them says are put right; what was checked is among them.",
        default=None,
    )
    done: int | None = visible(Visible.FEDERATION, "Of both, those that were put right and checked (复查).")
    findings_done: int | None = visible(
        Visible.FEDERATION, "Of the findings alone, those that were put right and checked.", default=None
    )
    set_aside: int | None = visible(Visible.FEDERATION, "Of both, those that are put down, for a reason.")
    report: str | None = visible(Visible.MECHANISM, "Closing report; null before it was closed.")
    cancelled_because: str | None = visible(Visible.MECHANISM, "Why it was cancelled.")
    revision: int = visible(Visible.PUBLIC, "Grows with every change.")
    changed_at: dt.datetime = visible(Visible.PUBLIC, "Last change.")


class CampaignOrder(Kind):
    """监督排序: total orders every committee can serve."""

    YEAR_DESC = "YEAR_DESC", "年度由近到远"
    CHANGED_AT_DESC = "CHANGED_AT_DESC", "最近变更"


class AppraisalState(Kind):
    """评议状态: open → counted → published ⇄ objected → final."""

    OPEN = "OPEN", "评议中"
    COUNTED = "COUNTED", "已计票"
    PUBLISHED = "PUBLISHED", "已公布"
    OBJECTED = "OBJECTED", "有异议"
    FINAL = "FINAL", "已定"
    CANCELLED = "CANCELLED", "已取消"


class BallotOpinion(Kind):
    """评价: what a ballot says to one question."""

    SATISFIED = "SATISFIED", "满意"
    BASICALLY = "BASICALLY", "基本满意"
    DISSATISFIED = "DISSATISFIED", "不满意"
    UNKNOWN = "UNKNOWN", "不了解"


@record
class AppraisalRecord:
    """民主评议结果: of one body in one campaign. Ballots are secret: nobody is told who gave which.

    Figures are those of the first question, the one about the body as a whole.
    """

    id: Id = visible(Visible.PUBLIC, "Global id.")
    committee_id: Id = visible(Visible.PUBLIC, "Committee that appraised.")
    campaign_id: Id = visible(Visible.PUBLIC, "In which campaign.")
    body: str = visible(Visible.PUBLIC, "Body that was appraised, by name.")
    year: int = visible(Visible.PUBLIC, "年度.", bound=Bound(least=1949, most=2999))
    state: AppraisalState = visible(Visible.PUBLIC, "Where it stands.")
    asked: int | None = visible(Visible.FEDERATION, "Who might give a ballot; null before it was counted.")
    ballots: int | None = visible(Visible.FEDERATION, "Ballots that were given; null before it was counted.")
    is_enough: bool | None = visible(
        Visible.FEDERATION, "Whether as many were given as are asked at least; null before it was counted."
    )
    satisfied: int | None = visible(Visible.FEDERATION, "Of these 满意; null where they are too few.")
    basically: int | None = visible(Visible.FEDERATION, "基本满意.")
    dissatisfied: int | None = visible(Visible.FEDERATION, "不满意.")
    unknown: int | None = visible(Visible.FEDERATION, "不了解.")
    published_on: dt.date | None = visible(Visible.PUBLIC, "Day on which it was published.")
    objection: str | None = visible(Visible.MECHANISM, "What the body objects.")
    answer: str | None = visible(Visible.MECHANISM, "What was said to the objection.")
    revision: int = visible(Visible.PUBLIC, "Grows with every change.")
    changed_at: dt.datetime = visible(Visible.PUBLIC, "Last change.")


class AppraisalOrder(Kind):
    """评议排序: total orders every committee can serve."""

    CHANGED_AT_DESC = "CHANGED_AT_DESC", "最近变更"
