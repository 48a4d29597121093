"""Tables of this room; private."""

import datetime as dt

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from sync.contract.ids import Id
from sync.contract.shapes.items import ReplyClass
from sync.contract.shapes.requests import AnswerRecord, RequestKind, RequestRecord, RequestState
from tenant_service.storage.columns import Ascii, Row
from tenant_service.storage.personal import Personal, personal


class RequestColumns:
    """A request as its record tells it."""

    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    committee_id: Mapped[str] = mapped_column(Ascii)
    to_id: Mapped[str] = mapped_column(Ascii)
    kind: Mapped[RequestKind]
    subject_id: Mapped[str] = mapped_column(Ascii)
    person_id: Mapped[str | None] = personal(Personal.WHO, Ascii)
    person_name: Mapped[str | None] = personal(Personal.NAME)
    text: Mapped[str | None] = personal(Personal.TEXT)
    detail: Mapped[str | None] = personal(Personal.TEXT)
    asked_at: Mapped[dt.datetime]
    until: Mapped[dt.date | None]
    suggested: Mapped[str | None]
    reply_class: Mapped[ReplyClass | None]
    document_no: Mapped[str | None]
    contact_name: Mapped[str | None] = personal(Personal.NAME)
    contact_phone: Mapped[str | None] = personal(Personal.PHONE)
    without_opinions: Mapped[bool | None]
    files: Mapped[int | None]

    def record(self) -> RequestRecord:
        return RequestRecord(
            id=Id(self.id), committee_id=Id(self.committee_id), to_id=Id(self.to_id), kind=self.kind,
            subject_id=Id(self.subject_id), person_id=Id(self.person_id) if self.person_id else None,
            person_name=self.person_name, text=self.text, detail=self.detail, asked_at=self.asked_at,
            until=self.until, suggested=self.suggested, reply_class=self.reply_class, document_no=self.document_no,
            contact_name=self.contact_name, contact_phone=self.contact_phone, without_opinions=self.without_opinions,
            files=self.files,
        )  # fmt: skip


class RequestRow(RequestColumns, Row):
    """What we asked of a committee, and what it said."""

    __tablename__ = "request"
    asked_by: Mapped[str] = mapped_column(Ascii)  # account; never leaves this committee
    state: Mapped[RequestState]
    code: Mapped[str | None] = mapped_column(Ascii)
    reason_zh: Mapped[str | None]
    reason_en: Mapped[str | None]
    result_id: Mapped[str | None] = mapped_column(Ascii)
    answered_at: Mapped[dt.datetime | None]
    __table_args__ = (
        Index("request_by_time", "asked_at", "committee_id", "id"),
        Index("request_by_subject", "subject_id", "person_id", "kind"),
    )


class IncomingRow(RequestColumns, Row):
    """What another committee asked of us; waits here until it is answered.

    `arrived_at`: when we were told, which is the order of answering. `tries`: how often answering it broke; it is tried
    again at `try_after`.
    """

    __tablename__ = "incoming_request"
    answer_id: Mapped[str | None] = mapped_column(Ascii)
    state: Mapped[RequestState]
    code: Mapped[str | None] = mapped_column(Ascii)
    reason_zh: Mapped[str | None]
    reason_en: Mapped[str | None]
    result_id: Mapped[str | None] = mapped_column(Ascii)
    answered_at: Mapped[dt.datetime | None]
    arrived_at: Mapped[dt.datetime]
    tries: Mapped[int]
    try_after: Mapped[dt.datetime | None]
    __table_args__ = (
        Index("incoming_request_waiting", "state", "arrived_at", "asked_at", "id"),
        Index("incoming_request_by_time", "asked_at", "committee_id", "id"),
    )

    def answer(self, answered_at: dt.datetime) -> AnswerRecord:
        return AnswerRecord(
            id=Id(self.answer_id or ""), committee_id=Id(self.to_id), request_id=Id(self.id), state=self.state,
            code=self.code, reason_zh=self.reason_zh, reason_en=self.reason_en,
            result_id=Id(self.result_id) if self.result_id else None, answered_at=answered_at,
        )  # fmt: skip


class EarlyAnswerRow(Row):
    """What we had answered to a request that is not here: a restored backup had forgotten both, and this came first."""

    __tablename__ = "early_answer"
    request_id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    id: Mapped[str] = mapped_column(Ascii)
    committee_id: Mapped[str] = mapped_column(Ascii)
    state: Mapped[RequestState]
    code: Mapped[str | None] = mapped_column(Ascii)
    reason_zh: Mapped[str | None]
    reason_en: Mapped[str | None]
    result_id: Mapped[str | None] = mapped_column(Ascii)
    answered_at: Mapped[dt.datetime]

    @classmethod
    def of(cls, record: AnswerRecord) -> "EarlyAnswerRow":
        return cls(**vars(record))
