"""Tables of this room; private. What leaves is what `record()` lists, one by one."""

import datetime as dt

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sync.contract.ids import Id
from sync.contract.shapes.programmes import Joining, ProgrammeKind, ProgrammeRecord, ProgrammeState, TargetMeasure
from tenant_service.programmes.rules import Standing
from tenant_service.signing.columns import SignedColumns
from tenant_service.storage.columns import Ascii, CopyColumns, Listing, OwnColumns, Row
from tenant_service.storage.personal import Personal, personal
from tenant_service.storage.searched import Searched


class ProgrammeColumns(Searched):
    """A programme as its record tells it, ours or another committee's."""

    SEARCHED_AS = "programme"
    SEARCHED = ("title",)
    id: Mapped[str]
    committee_id: Mapped[str]
    kind: Mapped[ProgrammeKind]
    title: Mapped[str]
    state: Mapped[ProgrammeState]
    year: Mapped[int]
    begun_on: Mapped[dt.date | None]
    until: Mapped[dt.date | None]
    closed_on: Mapped[dt.date | None]
    purpose: Mapped[str | None]
    parent_id: Mapped[str | None] = mapped_column(Ascii)
    tasks: Mapped[list[str] | None]
    task_units: Mapped[list[str] | None]
    task_dues: Mapped[list[str] | None]
    task_done: Mapped[list[str] | None]
    targets: Mapped[list[str] | None]
    target_units: Mapped[list[str] | None]
    target_goals: Mapped[list[int] | None] = mapped_column(Listing(list[int]))
    target_measures: Mapped[list[TargetMeasure] | None] = mapped_column(Listing(list[TargetMeasure]))
    target_details: Mapped[list[str] | None]
    target_counts: Mapped[list[int] | None] = mapped_column(Listing(list[int]))
    counted_at: Mapped[dt.datetime | None]
    report: Mapped[str | None]
    cancelled_because: Mapped[str | None]
    revision: Mapped[int]
    changed_at: Mapped[dt.datetime]

    def record(self) -> ProgrammeRecord:
        return ProgrammeRecord(
            id=Id(self.id), committee_id=Id(self.committee_id), kind=self.kind, title=self.title, state=self.state,
            year=self.year, begun_on=self.begun_on, until=self.until, closed_on=self.closed_on, purpose=self.purpose,
            parent_id=Id(self.parent_id) if self.parent_id else None, tasks=self.tasks, task_units=self.task_units,
            task_dues=self.task_dues, task_done=self.task_done, targets=self.targets, target_units=self.target_units,
            target_goals=self.target_goals, target_measures=self.target_measures, target_details=self.target_details,
            target_counts=self.target_counts, counted_at=self.counted_at, report=self.report,
            cancelled_because=self.cancelled_because, revision=self.revision, changed_at=self.changed_at,
        )  # fmt: skip


class ProgrammeRow(ProgrammeColumns, OwnColumns, SignedColumns, Row):
    """A programme of this committee."""

    __tablename__ = "programme"
    drafted_report: Mapped[str | None]
    """The report while it is written; it is told when the programme is closed."""
    __table_args__ = (
        Index("programme_by_year", "year", "committee_id", "id"),
        Index("programme_by_change", "changed_at", "committee_id", "id"),
        Index("programme_by_state", "state", "approval"),
        Index("programme_by_parent", "parent_id"),
    )

    def standing(self) -> Standing:
        return Standing(self.approval, self.state)


class SeenProgrammeRow(ProgrammeColumns, CopyColumns, Row):
    """A programme that another committee shared with us."""

    __tablename__ = "seen_programme"
    __table_args__ = (
        Index("seen_programme_by_year", "year", "committee_id", "id"),
        Index("seen_programme_by_change", "changed_at", "committee_id", "id"),
        Index("seen_programme_by_parent", "parent_id"),
    )


class ProgrammeEntryRow(Row):
    """登记: one thing done for one target of a programme: by whom, of whom or what, and how many people came.

    `subject`: whom or what it was about: an enterprise, a farm, a village, a reader, a family that was helped.
    """

    __tablename__ = "programme_entry"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    programme_id: Mapped[str] = mapped_column(ForeignKey("programme.id"))
    target: Mapped[int]
    person_id: Mapped[str | None] = personal(Personal.WHO, Ascii, index=True)
    subject: Mapped[str | None] = personal(Personal.TEXT)
    day: Mapped[dt.date]
    people: Mapped[int]
    sub: Mapped[str] = mapped_column(Ascii)  # accounts never leave this committee
    added_at: Mapped[dt.datetime]
    __table_args__ = (Index("programme_entry_by_target", "programme_id", "target", "day"),)


class ProgrammeAnswerRow(Row):
    """参加情况: what another committee said last to a programme of ours; who said nothing has no row: 未反馈.

    `items`: of 部分参加, numbers of the tasks that it takes on.
    """

    __tablename__ = "programme_answer"
    programme_id: Mapped[str] = mapped_column(ForeignKey("programme.id"), primary_key=True)
    by_id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    joining: Mapped[Joining]
    because: Mapped[str | None]
    items: Mapped[list[int]] = mapped_column(Listing(list[int]))
    answered_at: Mapped[dt.datetime]
