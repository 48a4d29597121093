"""Tables of this room; private. What leaves is what `record()` lists, one by one."""

import datetime as dt

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sync.contract.ids import Id
from sync.contract.shapes.items import ReplyClass, Satisfaction
from sync.contract.shapes.posts import PostOrigin
from sync.contract.shapes.proposals import NotFiledReason, ProposalRecord, ProposalState, ProposerKind
from sync.contract.shapes.topics import TopicCategory
from tenant_service.proposals.rules import SignerState, Standing
from tenant_service.signing.columns import SignedColumns
from tenant_service.storage.columns import Ascii, CopyColumns, OwnColumns, Row
from tenant_service.storage.personal import Personal, personal
from tenant_service.storage.searched import Searched


class ProposalColumns(Searched):
    """A proposal as its record tells it, ours or another committee's."""

    SEARCHED_AS = "proposal"
    SEARCHED = ("title",)
    id: Mapped[str]
    committee_id: Mapped[str]
    kind: Mapped[ProposerKind]
    title: Mapped[str]
    state: Mapped[ProposalState]
    category: Mapped[TopicCategory]
    year: Mapped[int]
    number: Mapped[str | None]
    filed_on: Mapped[dt.date | None]
    is_key: Mapped[bool]
    session: Mapped[str | None]
    proposers: Mapped[int | None]
    suggestions: Mapped[int | None]
    project: Mapped[str | None]
    handled_by: Mapped[list[str] | None]
    round: Mapped[int | None]
    replied_on: Mapped[dt.date | None]
    first_class: Mapped[ReplyClass | None]
    reply_class: Mapped[ReplyClass | None]
    satisfaction: Mapped[Satisfaction | None]
    attitude: Mapped[Satisfaction | None]
    names: Mapped[list[str] | None] = personal(Personal.NAME)
    situation: Mapped[str | None]
    analysis: Mapped[str | None]
    advice: Mapped[list[str] | None]
    revision: Mapped[int]
    changed_at: Mapped[dt.datetime]

    def record(self) -> ProposalRecord:
        return ProposalRecord(
            id=Id(self.id), committee_id=Id(self.committee_id), kind=self.kind, title=self.title, state=self.state,
            category=self.category, year=self.year, number=self.number, filed_on=self.filed_on, is_key=self.is_key,
            session=self.session, proposers=self.proposers, suggestions=self.suggestions, project=self.project,
            handled_by=self.handled_by, round=self.round, replied_on=self.replied_on, first_class=self.first_class,
            reply_class=self.reply_class, satisfaction=self.satisfaction, attitude=self.attitude, names=self.names,
            situation=self.situation, analysis=self.analysis, advice=self.advice, revision=self.revision,
            changed_at=self.changed_at,
        )  # fmt: skip


class ProposalRow(ProposalColumns, OwnColumns, SignedColumns, Row):
    """A proposal that was handed in to this committee, or is being drafted for it."""

    __tablename__ = "proposal"
    seq: Mapped[int | None]
    """案号 within its year, without a gap."""
    meeting_id: Mapped[str | None] = mapped_column(Ascii, index=True)
    """The plenary (大会) that it is handed in to; null: 平时提案."""
    bodies_wanted: Mapped[list[str] | None]
    """建议承办单位, by name."""
    is_open: Mapped[bool]
    """是否同意公开全文; its proposers say so."""
    wants_meeting: Mapped[bool]
    """是否要求面商."""
    sign_until: Mapped[dt.date | None]
    """Last day to co-sign."""
    signed_title: Mapped[str | None]
    """案由 as its co-signers signed it; with `signed_advice` what a change is compared with."""
    signed_advice: Mapped[list[str] | None]
    not_filed_for: Mapped[NotFiledReason | None]
    not_filed_because: Mapped[str | None]
    lead_leader: Mapped[str | None] = personal(Personal.NAME)
    """领办领导 of a key proposal, by name; of our people or not."""
    supervising_leader: Mapped[str | None] = personal(Personal.NAME)
    """督办领导."""
    project_id: Mapped[str | None] = mapped_column(Ascii, index=True)
    stages: Mapped[list[str]]
    """Stages of evaluation of a round, by the committee's scheme on the day of filing."""
    rate_workdays: Mapped[int | None]
    """Workdays after an answer within which proposers are asked, as on the day of filing."""
    again_at: Mapped[dt.datetime | None]
    """When the second round began."""
    rate_until: Mapped[dt.date | None]
    """Until when proposers are asked; who said nothing by then is 未反馈."""
    __table_args__ = (
        Index("proposal_by_year", "year", "committee_id", "id"),
        Index("proposal_by_change", "changed_at", "committee_id", "id"),
        Index("proposal_by_state", "state", "changed_at"),
        Index("proposal_by_day", "filed_on", "category"),
        Index("proposal_by_number", "year", "seq", unique=True),
    )

    def standing(self) -> Standing:
        return Standing(self.approval, self.state)


class SeenProposalRow(ProposalColumns, CopyColumns, Row):
    """A proposal that another committee shared with us."""

    __tablename__ = "seen_proposal"
    __table_args__ = (
        Index("seen_proposal_by_year", "year", "committee_id", "id"),
        Index("seen_proposal_by_change", "changed_at", "committee_id", "id"),
    )


class ProposalSignerRow(Row):
    """Whoever proposes it or is asked to co-sign; the first one (`seq` 1) is 第一提案人, or the unit or party whose
    proposal it is.

    Attributes:
        person_id: Of our people; `unit_id`: of our units; neither: a party or organisation, by name alone.
        head: 负责人 who signs for a collective proposer.
    """

    __tablename__ = "proposal_signer"
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[str | None] = personal(Personal.WHO, Ascii, index=True)
    unit_id: Mapped[str | None] = mapped_column(Ascii)
    name: Mapped[str] = personal(Personal.NAME)
    head: Mapped[str | None] = personal(Personal.NAME)
    state: Mapped[SignerState]
    invited_at: Mapped[dt.datetime | None]
    answered_at: Mapped[dt.datetime | None]
    entered_by: Mapped[str | None] = mapped_column(Ascii)
    """代录: account that entered the answer from paper; null: they answered themselves."""


class ProposalSourceRow(Row):
    """来源: from where a proposal has what it asks for; each has one at least before it is handed in.

    `record_id`: the thread, topic, activity, report or form it grew out of; null: `told` says from where. `sector`: of
    which 界别群众; `voices`: how many people said so.
    """

    __tablename__ = "proposal_source"
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    origin: Mapped[PostOrigin]
    sector: Mapped[str | None]
    record_id: Mapped[str | None] = mapped_column(Ascii, index=True)
    told: Mapped[str | None] = personal(Personal.TEXT)
    voices: Mapped[int]


class ProposalRatingRow(Row):
    """《征询意见表》, and the stages before it: what one proposer says in one round at one stage. No other round
    writes over it.
    """

    __tablename__ = "proposal_rating"
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    signer_seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stage: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    attitude: Mapped[Satisfaction]
    result: Mapped[Satisfaction]
    because: Mapped[str | None] = personal(Personal.TEXT)
    at: Mapped[dt.datetime]
    entered_by: Mapped[str | None] = mapped_column(Ascii)
    """代录: account that entered it from the paper; null: the proposer did."""


class ProposalProjectRow(Row):
    """专题项目: proposals of one year with like contents, talked over with their proposers together (集中面商)."""

    __tablename__ = "proposal_project"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    title: Mapped[str]
    leader: Mapped[str | None] = personal(Personal.NAME)
    """领办领导."""
    body_id: Mapped[str | None] = mapped_column(Ascii)
    """牵头单位, of our list."""
    changed_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
