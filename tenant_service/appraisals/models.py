"""Tables of this room; private. What leaves is what `record()` lists, one by one.

Who may give a ballot, and who has, stands in one table; what the ballots say in another. Nothing leads from one to the
other: see `ballots`.
"""

import datetime as dt

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sync.contract.ids import Id
from sync.contract.shapes.supervision import AppraisalRecord, AppraisalState
from tenant_service.storage.columns import Ascii, CopyColumns, OwnColumns, Row
from tenant_service.storage.personal import Personal, personal
from tenant_service.storage.searched import Searched


class AppraisalColumns(Searched):
    """An appraisal as its record tells it, ours or another committee's."""

    SEARCHED_AS = "appraisal"
    SEARCHED = ("body",)
    id: Mapped[str]
    committee_id: Mapped[str]
    campaign_id: Mapped[str] = mapped_column(Ascii)
    body: Mapped[str]
    year: Mapped[int]
    state: Mapped[AppraisalState]
    asked: Mapped[int | None]
    ballots: Mapped[int | None]
    is_enough: Mapped[bool | None]
    satisfied: Mapped[int | None]
    basically: Mapped[int | None]
    dissatisfied: Mapped[int | None]
    unknown: Mapped[int | None]
    published_on: Mapped[dt.date | None]
    objection: Mapped[str | None]
    answer: Mapped[str | None]
    revision: Mapped[int]
    changed_at: Mapped[dt.datetime]

    def record(self) -> AppraisalRecord:
        return AppraisalRecord(
            id=Id(self.id), committee_id=Id(self.committee_id), campaign_id=Id(self.campaign_id), body=self.body,
            year=self.year, state=self.state, asked=self.asked, ballots=self.ballots, is_enough=self.is_enough,
            satisfied=self.satisfied, basically=self.basically, dissatisfied=self.dissatisfied, unknown=self.unknown,
            published_on=self.published_on, objection=self.objection, answer=self.answer, revision=self.revision,
            changed_at=self.changed_at,
        )  # fmt: skip


class AppraisalRow(AppraisalColumns, OwnColumns, Row):
    """An appraisal of one body in a campaign of ours."""

    __tablename__ = "appraisal"
    body_id: Mapped[str | None] = mapped_column(Ascii)
    questions: Mapped[list[str]]
    least: Mapped[int]
    """Ballots below which nothing of them is shown; as the setting was when it began."""
    objected: Mapped[str | None]
    """What the body objects, until it is answered; then it is told with the answer."""
    __table_args__ = (
        Index("appraisal_by_change", "changed_at", "committee_id", "id"),
        Index("appraisal_by_campaign", "campaign_id", "body_id"),
        Index("appraisal_by_day", "published_on", "state"),
    )


class SeenAppraisalRow(AppraisalColumns, CopyColumns, Row):
    """An appraisal that another committee shared with us."""

    __tablename__ = "seen_appraisal"
    __table_args__ = (Index("seen_appraisal_by_change", "changed_at", "committee_id", "id"),)


class AppraiserRow(Row):
    """Somebody who may give a ballot, and whether that was done: not when, and not what it says."""

    __tablename__ = "appraiser"
    appraisal_id: Mapped[str] = mapped_column(ForeignKey("appraisal.id"), primary_key=True)
    person_id: Mapped[str] = personal(Personal.WHO, Ascii, primary_key=True, index=True)
    has_given: Mapped[bool]


class BallotRow(Row):
    """What one ballot says: an opinion to each question, in their order. Not whose it is, and not when it was given."""

    __tablename__ = "ballot"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    appraisal_id: Mapped[str] = mapped_column(ForeignKey("appraisal.id"), index=True)
    answers: Mapped[list[str]]


class RemarkRow(Row):
    """What was written on one ballot, apart from its opinions."""

    __tablename__ = "ballot_remark"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    appraisal_id: Mapped[str] = mapped_column(ForeignKey("appraisal.id"), index=True)
    words: Mapped[str]
