"""表单 (forms): quizzes, surveys, registrations and open calls, as they were signed; their answers stay at home.

What a quiz takes for right never leaves either.
"""

import datetime as dt

from sync.contract.bounds import Bound
from sync.contract.ids import Id
from sync.contract.kinds import Kind
from sync.contract.visibility import Visible, record, visible

MOST_QUESTIONS, MOST_OPTIONS = 60, 30


class FormKind(Kind):
    """表单类别: closed."""

    QUIZ = "QUIZ", "小测试"
    SURVEY = "SURVEY", "问卷"
    REGISTRATION = "REGISTRATION", "报名"
    OPEN_CALL = "OPEN_CALL", "征集"
    MOCK_PROPOSAL = "MOCK_PROPOSAL", "模拟提案"


class FormState(Kind):
    """表单状态: draft → reviewed → open → closed, or withdrawn."""

    DRAFT = "DRAFT", "拟稿"
    REVIEWED = "REVIEWED", "已签发，待开放"
    OPEN = "OPEN", "开放填写"
    CLOSED = "CLOSED", "已截止"
    WITHDRAWN = "WITHDRAWN", "已撤下"


class FormAudience(Kind):
    """填写范围: who may answer."""

    PUBLIC = "PUBLIC", "公众（扫码，不用账号）"
    MEMBERS = "MEMBERS", "本会委员"
    INVITED = "INVITED", "受邀委员"


class QuestionKind(Kind):
    """题型: closed."""

    SINGLE = "SINGLE", "单选"
    MULTI = "MULTI", "多选"
    TEXT = "TEXT", "文字"
    NUMBER = "NUMBER", "数字"


@record
class FormRecord:
    """表单: what is asked of whom until when. The lists of its questions stand in their order, one entry a question."""

    id: Id = visible(Visible.PUBLIC, "Global id.")
    committee_id: Id = visible(Visible.PUBLIC, "Committee that asks.")
    kind: FormKind = visible(Visible.PUBLIC, "What kind of form.")
    title: str = visible(Visible.PUBLIC, "题名, 1–120 characters.")
    text: str | None = visible(Visible.PUBLIC, "说明, up to 4000 characters.")
    state: FormState = visible(Visible.PUBLIC, "Where it stands.")
    audience: FormAudience = visible(Visible.PUBLIC, "Who may answer.")
    question_texts: list[str] = visible(
        Visible.PUBLIC, "题目, in order.", bound=Bound(longest=500, items=MOST_QUESTIONS)
    )
    question_kinds: list[QuestionKind] = visible(Visible.PUBLIC, "题型 of each.", bound=Bound(items=MOST_QUESTIONS))
    question_options: list[list[str]] = visible(
        Visible.PUBLIC, "选项 of each; of texts and numbers none.", bound=Bound(longest=200, items=MOST_QUESTIONS)
    )
    question_needed: list[bool] = visible(
        Visible.PUBLIC, "Whether each has to be answered.", bound=Bound(items=MOST_QUESTIONS)
    )
    pass_mark: int | None = visible(Visible.PUBLIC, "合格线 of a quiz, in percent.", bound=Bound(least=1, most=100))
    opened_on: dt.date | None = visible(Visible.PUBLIC, "First day.")
    closes_on: dt.date | None = visible(Visible.PUBLIC, "Last day on which it is answered; null: until it is closed.")
    answers: int | None = visible(Visible.FEDERATION, "How many answered; null before it is closed.")
    passed: int | None = visible(Visible.FEDERATION, "Of a quiz, how many of them passed; null before it is closed.")
    withdrawn_because: str | None = visible(Visible.PUBLIC, "Why it was taken down.")
    revision: int = visible(Visible.PUBLIC, "Grows with every change.")
    changed_at: dt.datetime = visible(Visible.PUBLIC, "Last change.")


class FormOrder(Kind):
    """表单排序: total orders every committee can serve."""

    CHANGED_AT_DESC = "CHANGED_AT_DESC", "最近变更"
    OPENED_ON_DESC = "OPENED_ON_DESC", "开放日期由近到远"
