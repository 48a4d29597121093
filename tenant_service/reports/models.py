"""Tables of this room; private. What leaves is what `record()` lists, one by one."""

import datetime as dt

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sync.contract.ids import Id
from sync.contract.shapes.recognitions import (
    RecognitionKind,
    RecognitionLevel,
    RecognitionRecord,
    RecognitionState,
)
from sync.contract.shapes.reports import ReportKind, ReportOutcome, ReportRecord, ReportState
from tenant_service.reports.rules import Standing
from tenant_service.signing.columns import SignedColumns
from tenant_service.storage.columns import Ascii, CopyColumns, OwnColumns, Row
from tenant_service.storage.personal import Personal, personal
from tenant_service.storage.searched import Searched


class ReportColumns(Searched):
    """A report as its record tells it, ours or another committee's."""

    SEARCHED_AS = "report"
    SEARCHED = ("title",)
    id: Mapped[str]
    committee_id: Mapped[str]
    kind: Mapped[ReportKind]
    title: Mapped[str]
    state: Mapped[ReportState]
    year: Mapped[int]
    signed_on: Mapped[dt.date | None]
    issue: Mapped[int | None]
    number: Mapped[str | None]
    suggestions: Mapped[int | None]
    sent_on: Mapped[dt.date | None]
    sent_to: Mapped[str | None] = mapped_column(Ascii)
    authors: Mapped[list[str] | None] = personal(Personal.NAME)
    text: Mapped[str | None]
    advice: Mapped[list[str] | None]
    adopted_as: Mapped[str | None]
    outcome_because: Mapped[str | None]
    revision: Mapped[int]
    changed_at: Mapped[dt.datetime]

    def record(self) -> ReportRecord:
        return ReportRecord(
            id=Id(self.id), committee_id=Id(self.committee_id), kind=self.kind, title=self.title, state=self.state,
            year=self.year, signed_on=self.signed_on, issue=self.issue, number=self.number,
            suggestions=self.suggestions, sent_on=self.sent_on, sent_to=Id(self.sent_to) if self.sent_to else None,
            authors=self.authors, text=self.text, advice=self.advice, adopted_as=self.adopted_as,
            outcome_because=self.outcome_because, revision=self.revision, changed_at=self.changed_at,
        )  # fmt: skip


class ReportRow(ReportColumns, OwnColumns, SignedColumns, Row):
    """A report of this committee."""

    __tablename__ = "report"
    __table_args__ = (
        Index("report_by_year", "year", "committee_id", "id"),
        Index("report_by_change", "changed_at", "committee_id", "id"),
        Index("report_by_state", "state", "changed_at"),
        Index("report_by_day", "signed_on", "kind"),
        Index("report_by_issue", "year", "issue", unique=True),
    )

    def standing(self) -> Standing:
        return Standing(self.approval, self.state)


class SeenReportRow(ReportColumns, CopyColumns, Row):
    """A report that another committee shared with us, or sent up to us."""

    __tablename__ = "seen_report"
    __table_args__ = (
        Index("seen_report_by_year", "year", "committee_id", "id"),
        Index("seen_report_by_change", "changed_at", "committee_id", "id"),
        Index("seen_report_by_receiver", "sent_to", "changed_at"),
    )


class ReportAuthorRow(Row):
    """Who wrote a report, in order; `person_id`: of our people, else a unit or somebody who is not on the roster."""

    __tablename__ = "report_author"
    report_id: Mapped[str] = mapped_column(ForeignKey("report.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[str | None] = personal(Personal.WHO, Ascii, index=True)
    name: Mapped[str] = personal(Personal.NAME)


class ReportIntakeRow(Row):
    """来稿: what another committee sent up to us, as we took it in, and what we made of it. It never leaves: what we
    made of it is told by our requests.

    `number`: where it was adopted. `because`: why it was not.
    """

    __tablename__ = "report_intake"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    report_id: Mapped[str] = mapped_column(Ascii, unique=True)
    from_id: Mapped[str] = mapped_column(Ascii)
    kind: Mapped[ReportKind]
    title: Mapped[str]
    state: Mapped[ReportOutcome]
    received_on: Mapped[dt.date]
    decided_on: Mapped[dt.date | None]
    number: Mapped[str | None]
    because: Mapped[str | None]
    changed_at: Mapped[dt.datetime]
    __table_args__ = (Index("report_intake_by_state", "state", "changed_at"),)


class RecognitionColumns(Searched):
    """A recognition as its record tells it, ours or another committee's."""

    SEARCHED_AS = "recognition"
    SEARCHED = ("title",)
    id: Mapped[str]
    committee_id: Mapped[str]
    kind: Mapped[RecognitionKind]
    level: Mapped[RecognitionLevel]
    state: Mapped[RecognitionState]
    day: Mapped[dt.date]
    title: Mapped[str]
    subject_id: Mapped[str | None] = mapped_column(Ascii, index=True)
    favourable: Mapped[bool | None]
    document: Mapped[str | None]
    side: Mapped[str | None]
    revision: Mapped[int]
    changed_at: Mapped[dt.datetime]

    def record(self) -> RecognitionRecord:
        return RecognitionRecord(
            id=Id(self.id), committee_id=Id(self.committee_id), kind=self.kind, level=self.level, state=self.state,
            day=self.day, title=self.title, subject_id=Id(self.subject_id) if self.subject_id else None,
            favourable=self.favourable, document=self.document, side=self.side, revision=self.revision,
            changed_at=self.changed_at,
        )  # fmt: skip


class RecognitionRow(RecognitionColumns, OwnColumns, Row):
    """A recognition that this committee wrote down."""

    __tablename__ = "recognition"
    drafted_by: Mapped[str] = mapped_column(Ascii)  # accounts never leave this committee
    __table_args__ = (
        Index("recognition_by_day", "day", "committee_id", "id"),
        Index("recognition_by_change", "changed_at", "committee_id", "id"),
        Index("recognition_by_state", "state", "day"),
    )


class SeenRecognitionRow(RecognitionColumns, CopyColumns, Row):
    """A recognition that another committee shared with us."""

    __tablename__ = "seen_recognition"
    __table_args__ = (
        Index("seen_recognition_by_day", "day", "committee_id", "id"),
        Index("seen_recognition_by_change", "changed_at", "committee_id", "id"),
    )
