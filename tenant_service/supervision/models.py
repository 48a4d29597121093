"""Tables of this room; private. What leaves is what `record()` lists, one by one."""

import datetime as dt

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sync.contract.ids import Id
from sync.contract.shapes.supervision import CampaignKind, CampaignRecord, CampaignState
from tenant_service.signing.columns import SignedColumns
from tenant_service.storage.columns import Ascii, CopyColumns, OwnColumns, Row
from tenant_service.storage.searched import Searched
from tenant_service.supervision.rules import Counts, LineKind, Standing


class CampaignColumns(Searched):
    """A campaign as its record tells it, ours or another committee's."""

    SEARCHED_AS = "campaign"
    SEARCHED = ("title",)
    id: Mapped[str]
    committee_id: Mapped[str]
    kind: Mapped[CampaignKind]
    title: Mapped[str]
    state: Mapped[CampaignState]
    year: Mapped[int]
    begun_on: Mapped[dt.date | None]
    closed_on: Mapped[dt.date | None]
    policy: Mapped[str | None]
    measures: Mapped[list[str] | None]
    works: Mapped[list[str] | None]
    bodies: Mapped[list[str] | None]
    procedure_id: Mapped[str | None] = mapped_column(Ascii)
    step: Mapped[str | None] = mapped_column(Ascii)
    findings: Mapped[int | None]
    suggestions: Mapped[int | None]
    handed_over: Mapped[int | None]
    fixed: Mapped[int | None]
    done: Mapped[int | None]
    findings_done: Mapped[int | None]
    set_aside: Mapped[int | None]
    report: Mapped[str | None]
    cancelled_because: Mapped[str | None]
    revision: Mapped[int]
    changed_at: Mapped[dt.datetime]

    def record(self) -> CampaignRecord:
        return CampaignRecord(
            id=Id(self.id), committee_id=Id(self.committee_id), kind=self.kind, title=self.title, state=self.state,
            year=self.year, begun_on=self.begun_on, closed_on=self.closed_on, policy=self.policy,
            measures=self.measures, works=self.works, bodies=self.bodies,
            procedure_id=Id(self.procedure_id) if self.procedure_id else None, step=self.step,
            findings=self.findings, suggestions=self.suggestions, handed_over=self.handed_over, fixed=self.fixed,
            done=self.done, findings_done=self.findings_done, set_aside=self.set_aside, report=self.report,
            cancelled_because=self.cancelled_because, revision=self.revision, changed_at=self.changed_at,
        )  # fmt: skip


class CampaignRow(CampaignColumns, OwnColumns, SignedColumns, Row):
    """A campaign of this committee."""

    __tablename__ = "campaign"
    drafted_report: Mapped[str | None]
    """The report while it is written; it is told when the campaign is closed."""
    unsettled: Mapped[int]
    """Findings and suggestions, proposed ones too, that are neither put right and checked nor set aside."""
    open_appraisals: Mapped[int]
    """Appraisals in it that are neither final nor cancelled; the room of these counts them."""
    __table_args__ = (
        Index("campaign_by_year", "year", "committee_id", "id"),
        Index("campaign_by_change", "changed_at", "committee_id", "id"),
        Index("campaign_by_day", "begun_on", "kind"),
        Index("campaign_by_approval", "approval", "changed_at"),
    )

    def standing(self) -> Standing:
        return Standing(self.approval, self.state)

    def counts(self) -> Counts:
        return Counts(
            self.findings or 0, self.suggestions or 0, self.handed_over or 0, self.done or 0, self.set_aside or 0,
            self.unsettled, self.fixed or 0, self.findings_done or 0,
        )  # fmt: skip


class SeenCampaignRow(CampaignColumns, CopyColumns, Row):
    """A campaign that another committee shared with us."""

    __tablename__ = "seen_campaign"
    __table_args__ = (
        Index("seen_campaign_by_year", "year", "committee_id", "id"),
        Index("seen_campaign_by_change", "changed_at", "committee_id", "id"),
    )


class CampaignLineRow(Row):
    """One measure, or one work, of a campaign's plan; numbered from 1 within its kind."""

    __tablename__ = "campaign_line"
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    kind: Mapped[LineKind] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]


class CampaignBodyRow(Row):
    """One body that a campaign supervises; of the list of `members`."""

    __tablename__ = "campaign_body"
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    body_id: Mapped[str] = mapped_column(Ascii, primary_key=True, index=True)
    name: Mapped[str]
