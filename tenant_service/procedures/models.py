"""Tables of this room; private. What leaves is what `record()` lists, one by one."""

import datetime as dt

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sync.contract.ids import Id
from sync.contract.shapes.procedures import Need, ProcedureRecord, ProcedureState, ProcedureUse
from tenant_service.storage.columns import Ascii, CopyColumns, Listing, OwnColumns, Row
from tenant_service.storage.searched import Searched


class ProcedureColumns(Searched):
    """A version as its record tells it, ours or another committee's. Its steps are lists with one entry for each."""

    SEARCHED_AS = "procedure"
    SEARCHED = ("name", "note")
    id: Mapped[str]
    committee_id: Mapped[str]
    code: Mapped[str] = mapped_column(Ascii)
    version: Mapped[int]
    name: Mapped[str]
    use: Mapped[ProcedureUse]
    state: Mapped[ProcedureState]
    step_codes: Mapped[list[str]]
    step_names: Mapped[list[str]]
    step_stages: Mapped[list[str]]
    step_workdays: Mapped[list[int]] = mapped_column(Listing(list[int]))
    step_needs: Mapped[list[list[Need]]] = mapped_column(Listing(list[list[Need]]))
    step_papers: Mapped[list[list[str]]] = mapped_column(Listing(list[list[str]]))
    step_roles: Mapped[list[list[str]]] = mapped_column(Listing(list[list[str]]))
    note: Mapped[str | None]
    origin_id: Mapped[str | None] = mapped_column(Ascii)
    since: Mapped[dt.date | None]
    until: Mapped[dt.date | None]
    revision: Mapped[int]
    changed_at: Mapped[dt.datetime]

    def record(self) -> ProcedureRecord:
        return ProcedureRecord(
            id=Id(self.id), committee_id=Id(self.committee_id), code=self.code, version=self.version, name=self.name,
            use=self.use, state=self.state, step_codes=self.step_codes, step_names=self.step_names,
            step_stages=self.step_stages, step_workdays=self.step_workdays, step_needs=self.step_needs,
            step_papers=self.step_papers, step_roles=self.step_roles, note=self.note,
            origin_id=Id(self.origin_id) if self.origin_id else None, since=self.since, until=self.until,
            revision=self.revision, changed_at=self.changed_at,
        )  # fmt: skip


class ProcedureRow(ProcedureColumns, OwnColumns, Row):
    """A version of this committee; `signed_by` put it in force."""

    __tablename__ = "procedure"
    drafted_by: Mapped[str] = mapped_column(Ascii)  # accounts never leave this committee
    signed_by: Mapped[str | None] = mapped_column(Ascii)
    signed_at: Mapped[dt.datetime | None]
    __table_args__ = (
        UniqueConstraint("code", "version", name="uq_procedure_code"),
        Index("procedure_by_change", "changed_at", "committee_id", "id"),
        Index("procedure_by_code", "code", "committee_id", "id"),
        Index("procedure_by_use", "use", "state"),
    )


class SeenProcedureRow(ProcedureColumns, CopyColumns, Row):
    """A version that another committee shared with us."""

    __tablename__ = "seen_procedure"
    __table_args__ = (
        Index("seen_procedure_by_change", "changed_at", "committee_id", "id"),
        Index("seen_procedure_by_code", "code", "committee_id", "id"),
    )
