"""报送成果 (report): what a committee works out and hands up: 社情民意信息, research, speeches, recommendations.

A report is its committee's alone until it is signed. The higher committee that it is sent to (报送) is told all of it,
sealed; what becomes of it there is that committee's own record, which it tells back by a request about the report.
"""

import datetime as dt

from sync.contract.bounds import Bound
from sync.contract.ids import Id
from sync.contract.kinds import Kind
from sync.contract.visibility import Visible, record, visible

MOST_ADVICE, MOST_AUTHORS = 200, 50
"""Suggestions, and authors, of one report."""


class ReportKind(Kind):
    """成果类别: closed."""

    OPINION_INFO = "OPINION_INFO", "社情民意信息"
    RESEARCH = "RESEARCH", "调研报告"
    SPECIAL = "SPECIAL", "专题报告"
    SPEECH = "SPEECH", "大会发言"
    RECOMMENDATION = "RECOMMENDATION", "建议案"
    ADVICE = "ADVICE", "协商建议"


class ReportState(Kind):
    """成果状态: drafting → handed in → editing → signed → sent → received → adopted / not adopted → archived."""

    DRAFTING = "DRAFTING", "撰写"
    HANDED_IN = "HANDED_IN", "待初审"
    EDITING = "EDITING", "采编"
    DECLINED = "DECLINED", "不予采编"
    MERGED = "MERGED", "已合编"
    SIGNED = "SIGNED", "已签发"
    SENT = "SENT", "已报送"
    RECEIVED = "RECEIVED", "上级已收"
    COMPILED = "COMPILED", "上级采编"
    ADOPTED = "ADOPTED", "上级采用"
    NOT_ADOPTED = "NOT_ADOPTED", "上级未采用"
    ARCHIVED = "ARCHIVED", "已归档"


class ReportOutcome(Kind):
    """来稿办理: what the higher committee made of what was sent to it."""

    RECEIVED = "RECEIVED", "已收"
    COMPILED = "COMPILED", "采编中"
    ADOPTED = "ADOPTED", "已采用"
    NOT_ADOPTED = "NOT_ADOPTED", "未采用"


@record
class ReportRecord:
    """报送成果: what it says, whose it is, and how far it came."""

    id: Id = visible(Visible.PUBLIC, "Global id.")
    committee_id: Id = visible(Visible.PUBLIC, "Committee whose report it is.")
    kind: ReportKind = visible(Visible.PUBLIC, "What kind of report.")
    title: str = visible(Visible.PUBLIC, "题名, 1–120 characters.")
    state: ReportState = visible(Visible.PUBLIC, "Where it stands.")
    year: int = visible(
        Visible.PUBLIC, "年度 of its signature; before, of its draft.", bound=Bound(least=1949, most=2999)
    )
    signed_on: dt.date | None = visible(Visible.PUBLIC, "Day on which it was signed.")
    issue: int | None = visible(
        Visible.FEDERATION, "期号 within its year, of 社情民意信息.", bound=Bound(least=1, most=100_000)
    )
    number: str | None = visible(Visible.FEDERATION, "The same as it is printed, such as 《社情民意》第12期.")
    suggestions: int | None = visible(
        Visible.FEDERATION, "How many suggestions it makes.", bound=Bound(least=0, most=MOST_ADVICE)
    )
    sent_on: dt.date | None = visible(Visible.FEDERATION, "Day on which it was sent up.")
    sent_to: Id | None = visible(Visible.MECHANISM, "To which higher committee.")
    authors: list[str] | None = visible(
        Visible.MECHANISM, "Who wrote it, by name; several share the credit.", personal=True,
        bound=Bound(longest=60, items=MOST_AUTHORS),
    )  # fmt: skip
    text: str | None = visible(Visible.MECHANISM, "正文.")
    advice: list[str] | None = visible(
        Visible.MECHANISM, "建议, one by one, in order.", bound=Bound(longest=500, items=MOST_ADVICE)
    )
    adopted_as: str | None = visible(Visible.MECHANISM, "Where the higher committee adopted it.")
    outcome_because: str | None = visible(Visible.MECHANISM, "Why the higher committee did not.")
    revision: int = visible(Visible.PUBLIC, "Grows with every change.")
    changed_at: dt.datetime = visible(Visible.PUBLIC, "Last change.")


class ReportOrder(Kind):
    """成果排序: total orders every committee can serve."""

    YEAR_DESC = "YEAR_DESC", "年度由近到远"
    CHANGED_AT_DESC = "CHANGED_AT_DESC", "最近变更"
