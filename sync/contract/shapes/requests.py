"""请求 (request): how one committee affects another's records: by a record of its own, answered by the owner's.

The home writes a `RequestRecord` in the partner channel to the owner; the owner answers with an `AnswerRecord` in the
partner channel back. Nobody ever writes in another's database, and it works through a cut line.
"""

import datetime as dt

from sync.contract.bounds import Bound
from sync.contract.ids import Id
from sync.contract.kinds import Kind
from sync.contract.shapes.items import ReplyClass
from sync.contract.visibility import Visible, record, visible

_NAME = Bound(longest=200)


class RequestKind(Kind):
    """请求类别: closed."""

    SIGN_UP = "SIGN_UP", "报名"
    WITHDRAW = "WITHDRAW", "取消报名"
    LEAVE = "LEAVE", "请假"
    FORWARD = "FORWARD", "转送"
    PROPOSE_CHANGE = "PROPOSE_CHANGE", "修改意见"
    ENDORSE = "ENDORSE", "签署"
    ADOPT = "ADOPT", "采纳"
    ACKNOWLEDGE = "ACKNOWLEDGE", "回执"
    HANDLE = "HANDLE", "办理交办"
    REPORT_OUTCOME = "REPORT_OUTCOME", "来稿办理"


class RequestState(Kind):
    """请求状态: queued → delivered → accepted / refused."""

    QUEUED = "QUEUED", "待送达"
    DELIVERED = "DELIVERED", "已送达"
    ACCEPTED = "ACCEPTED", "已同意"
    REFUSED = "REFUSED", "已退回"


@record
class RequestRecord:
    """请求: what a committee asks of another about one of its records."""

    id: Id = visible(Visible.FEDERATION, "Global id.")
    committee_id: Id = visible(Visible.FEDERATION, "Who asks.")
    to_id: Id = visible(Visible.FEDERATION, "Who owns the record and answers.")
    kind: RequestKind = visible(Visible.FEDERATION, "What is asked.")
    subject_id: Id = visible(Visible.FEDERATION, "The record that it is about.")
    person_id: Id | None = visible(Visible.MECHANISM, "For whom it is asked, by pseudonym.", personal=True)
    person_name: str | None = visible(
        Visible.MECHANISM, "Name shown to the host; signing up is consent.", personal=True
    )
    text: str | None = visible(Visible.MECHANISM, "What is proposed, or why.", personal=True)
    detail: str | None = visible(
        Visible.MECHANISM, "A code that the kind knows, such as the kind of leave.", personal=True
    )
    asked_at: dt.datetime = visible(Visible.FEDERATION, "When it was asked.")
    # ── of HANDLE, besides: `detail` is the act (`handovers.HandlingAct`), `text` the reason or the reply ──
    until: dt.date | None = visible(Visible.MECHANISM, "Of an extension: the day that is asked for.", default=None)
    suggested: str | None = visible(
        Visible.MECHANISM, "Of what is asked to be returned: the body suggested instead.", default=None, bound=_NAME
    )
    reply_class: ReplyClass | None = visible(Visible.MECHANISM, "Of a reply: what came of it.", default=None)
    document_no: str | None = visible(Visible.MECHANISM, "Of a reply: 文号.", default=None, bound=_NAME)
    contact_name: str | None = visible(
        Visible.MECHANISM, "Of a reply: whom to call about it.", default=None, personal=True, bound=_NAME
    )
    contact_phone: str | None = visible(
        Visible.MECHANISM, "Of a reply: at which number.", default=None, personal=True, bound=_NAME
    )
    without_opinions: bool | None = visible(
        Visible.MECHANISM, "Of a lead's reply: opinions that are missing are not waited for.", default=None
    )
    files: int | None = visible(
        Visible.MECHANISM, "Of a reply: files of evidence, which stay at home.", default=None, bound=Bound(0, 10_000)
    )


@record
class AnswerRecord:
    """答复: what the owner said to a request."""

    id: Id = visible(Visible.FEDERATION, "Global id.")
    committee_id: Id = visible(Visible.FEDERATION, "Who answers.")
    request_id: Id = visible(Visible.FEDERATION, "The request answered.")
    state: RequestState = visible(Visible.FEDERATION, "DELIVERED, ACCEPTED or REFUSED.")
    code: str | None = visible(Visible.MECHANISM, "Code of the refusal.")
    reason_zh: str | None = visible(Visible.MECHANISM, "Why it was refused, in Chinese.")
    reason_en: str | None = visible(Visible.MECHANISM, "Why it was refused, in English.")
    result_id: Id | None = visible(Visible.MECHANISM, "The owner's record that came of it.")
    answered_at: dt.datetime = visible(Visible.FEDERATION, "When.")
