"""Proposals as GraphQL shows them, and what is told of them."""

import datetime as dt

import strawberry

from sync.contract.ids import Id
from sync.contract.shapes.items import ReplyClass, Satisfaction
from sync.contract.shapes.posts import PostOrigin
from sync.contract.shapes.proposals import (
    NotFiledReason,
    ProposalOrder,
    ProposalRecord,
    ProposalState,
    ProposerKind,
)
from sync.contract.shapes.topics import TopicCategory
from sync.contract.visibility import Visible, visible
from tenant_service.graph.context import Info
from tenant_service.graph.history import StepTaken, steps_of
from tenant_service.graph.inputs import given
from tenant_service.graph.lists import Node
from tenant_service.graph.types import contract_enum, record_type, shown
from tenant_service.proposals import queries, rating_queries
from tenant_service.proposals.descriptions import Draft, Source
from tenant_service.proposals.models import ProposalRatingRow, ProposalRow, ProposalSignerRow, ProposalSourceRow
from tenant_service.proposals.past_service import Past
from tenant_service.proposals.project_queries import ProjectTold
from tenant_service.proposals.project_service import Project
from tenant_service.proposals.rating_queries import StageTold
from tenant_service.proposals.rating_service import Rating
from tenant_service.proposals.rules import SignerState
from tenant_service.signing.rules import Approval

TENANT = Visible.TENANT
for each in (
    ProposerKind, ProposalState, ProposalOrder, NotFiledReason, SignerState, TopicCategory, PostOrigin, ReplyClass,
    Satisfaction,
):  # fmt: skip
    contract_enum(each)


@strawberry.type(description="提案者: the first proposer, or somebody who was asked to co-sign.")
class ProposalSigner:
    seq: int = visible(TENANT, "1: 第一提案人; then in order.")
    person_id: Id | None = visible(TENANT, "Of the committee's own people.", personal=True)
    name: str = visible(TENANT, "Name, of a person, a unit, a party or an organisation.", personal=True)
    head: str | None = visible(TENANT, "负责人 who signs for a collective proposer.", personal=True)
    state: SignerState = visible(TENANT, "What they said.")
    answered_at: dt.datetime | None = visible(TENANT, "When.")
    is_entered: bool = visible(TENANT, "代录: the office entered it from paper.")

    @classmethod
    def of(cls, row: ProposalSignerRow) -> "ProposalSigner":
        person = Id(row.person_id) if row.person_id else None
        return cls(
            seq=row.seq, person_id=person, name=row.name, head=row.head, state=row.state, answered_at=row.answered_at,
            is_entered=row.entered_by is not None,
        )  # fmt: skip


@strawberry.type(description="来源: from where a proposal has what it asks for.")
class ProposalSource:
    origin: PostOrigin = visible(TENANT, "Whose thought it was.")
    sector: str | None = visible(TENANT, "Of people of which 界别.")
    record_id: Id | None = visible(TENANT, "The record that it grew out of.")
    told: str | None = visible(TENANT, "In words.", personal=True)
    voices: int = visible(TENANT, "How many people said so.")

    @classmethod
    def of(cls, row: ProposalSourceRow) -> "ProposalSource":
        record = Id(row.record_id) if row.record_id else None
        return cls(origin=row.origin, sector=row.sector, record_id=record, told=row.told, voices=row.voices)


@strawberry.type(description="测评: what one proposer says of how a proposal is handled, at one stage of one round.")
class ProposalRating:
    signer_seq: int = visible(TENANT, "Which of its signers; 1: the first proposer, whose word counts.")
    round: int = visible(TENANT, "办理轮次.")
    stage: int = visible(TENANT, "阶段; the last one is 《征询意见表》.")
    attitude: Satisfaction = visible(TENANT, "办理态度.")
    result: Satisfaction = visible(TENANT, "办理结果.")
    because: str | None = visible(TENANT, "Why.", personal=True)
    is_entered: bool = visible(TENANT, "代录: the office entered it from paper.")

    @classmethod
    def of(cls, row: ProposalRatingRow) -> "ProposalRating":
        return cls(
            signer_seq=row.signer_seq, round=row.round, stage=row.stage, attitude=row.attitude, result=row.result,
            because=row.because, is_entered=row.entered_by is not None,
        )  # fmt: skip


@strawberry.type(description="专题项目: proposals with like contents that are handled together.")
class ProposalProject:
    id: Id = visible(TENANT, "Its id.")
    year: int = visible(TENANT, "年度.")
    title: str = visible(TENANT, "Its name.")
    leader: str | None = visible(TENANT, "领办领导.", personal=True)
    proposals: int = visible(TENANT, "How many are handled in it.")
    replied: int = visible(TENANT, "How many of them were answered.")

    @classmethod
    def of(cls, told: ProjectTold) -> "ProposalProject":
        row = told.row
        return cls(
            id=Id(row.id), year=row.year, title=row.title, leader=row.leader, proposals=told.proposals,
            replied=told.replied,
        )  # fmt: skip


@strawberry.type(description="What first proposers of a year's proposals said at one stage of one round.")
class ProposalStage:
    round: int = visible(TENANT, "办理轮次.")
    stage: int = visible(TENANT, "阶段.")
    name: str = visible(TENANT, "What the stage is called.")
    told: int = visible(TENANT, "How many said something.")
    pleased: int = visible(TENANT, "How many of them were 满意 or 基本满意 with the result.")
    dissatisfied: int = visible(TENANT, "How many were 不满意.")
    silent: int = visible(TENANT, "未反馈.")

    @classmethod
    def of(cls, told: StageTold) -> "ProposalStage":
        return cls(
            round=told.round, stage=told.stage, name=told.name, told=told.told, pleased=told.pleased,
            dissatisfied=told.told - told.pleased, silent=told.silent,
        )  # fmt: skip


@record_type
class Proposal(ProposalRecord, Node):
    @shown(TENANT, "办理经过, the oldest step first, for the office.")
    def history(self, info: Info) -> list[StepTaken] | None:
        return steps_of(info, self.id)

    @shown(TENANT, "审签: where it stands before it may leave; for the office and its proposers.")
    def approval(self, info: Info) -> Approval | None:
        row = _at_work(info, self.id)
        return row.approval if row else None

    @shown(TENANT, "Why it was returned; for the office and its proposers.")
    def returned_because(self, info: Info) -> str | None:
        row = _at_work(info, self.id)
        return row.returned_because if row else None

    @shown(TENANT, "不予立案原因; for the office and its proposers.")
    def not_filed_for(self, info: Info) -> NotFiledReason | None:
        row = _at_work(info, self.id)
        return row.not_filed_for if row else None

    @shown(TENANT, "The same in words.")
    def not_filed_because(self, info: Info) -> str | None:
        row = _at_work(info, self.id)
        return row.not_filed_because if row else None

    @shown(TENANT, "联名截止日期; for the office and its proposers.")
    def sign_until(self, info: Info) -> dt.date | None:
        row = _at_work(info, self.id)
        return row.sign_until if row else None

    @shown(TENANT, "Who proposes it and who was asked to; for the office and its proposers.")
    def signers(self, info: Info) -> list[ProposalSigner] | None:
        if _at_work(info, self.id) is None:
            return None
        return [ProposalSigner.of(each) for each in queries.signers(info.context.unit.session, self.id)]

    @shown(TENANT, "From where they have it; for the office and its proposers.")
    def sources(self, info: Info) -> list[ProposalSource] | None:
        if _at_work(info, self.id) is None:
            return None
        return [ProposalSource.of(each) for each in queries.sources(info.context.unit.session, self.id)]

    @shown(TENANT, "测评, in the order of rounds and stages; for the office and its proposers.")
    def ratings(self, info: Info) -> list[ProposalRating] | None:
        if _at_work(info, self.id) is None:
            return None
        return [ProposalRating.of(each) for each in rating_queries.of(info.context.unit.session, self.id)]

    @shown(TENANT, "Stages of each round, by name; for the office and its proposers.")
    def stages(self, info: Info) -> list[str] | None:
        row = _at_work(info, self.id)
        return row.stages if row else None


def _at_work(info: Info, id: str) -> ProposalRow | None:
    return queries.at_work(info.context.unit.session, info.context.actor, id)


@strawberry.input(description="Which proposals; everything given must hold.")
class ProposalFilter:
    kinds: list[ProposerKind] | None = strawberry.UNSET
    states: list[ProposalState] | None = strawberry.UNSET
    approvals: list[Approval] | None = strawberry.field(default=strawberry.UNSET, description="Own staff only.")
    categories: list[TopicCategory] | None = strawberry.UNSET
    year: int | None = strawberry.UNSET
    text: str | None = strawberry.field(default=strawberry.UNSET, description="Words of the title.")
    is_key: bool | None = strawberry.UNSET
    signer: Id | None = strawberry.field(default=strawberry.UNSET, description="One of the committee's own people.")

    def wanted(self) -> queries.Wanted:
        return queries.Wanted(**given(self))


@strawberry.input(description="From where a proposal has what it asks for.")
class ProposalSourceInput:
    origin: PostOrigin
    sector: str | None = strawberry.field(default=None, description="Of people of which 界别.")
    record_id: Id | None = strawberry.field(default=None, description="The record of ours that it grew out of.")
    told: str | None = strawberry.field(default=None, description="In words; needed where no record is named.")
    voices: int = strawberry.field(default=1, description="How many people said so.")

    def source(self) -> Source:
        return Source(self.origin, self.sector, self.record_id, self.told, self.voices)


@strawberry.input(description="A proposal as it is written.")
class WrittenProposalInput:
    title: str
    kind: ProposerKind
    category: TopicCategory
    situation: str
    analysis: str = ""
    advice: list[str] = strawberry.field(default_factory=list, description="Its suggestions, one by one.")
    signers: list[str] = strawberry.field(
        default_factory=list,
        description="The first proposer, then who is asked to co-sign: members by name, roster number or id; a unit, "
        "party or organisation by name. A member who writes is the first one.",
    )
    head: str | None = strawberry.field(default=None, description="负责人 of a collective proposer.")
    sources: list[ProposalSourceInput] = strawberry.field(default_factory=list, description="来源.")
    bodies_wanted: list[str] = strawberry.field(default_factory=list, description="建议承办单位, by name.")
    meeting_id: Id | None = strawberry.field(default=None, description="The plenary; null: 平时提案.")
    is_open: bool = strawberry.field(default=False, description="Its proposers agree that members read all of it.")
    wants_meeting: bool = strawberry.field(default=False, description="They ask to be talked to in person (面商).")

    def draft(self) -> Draft:
        found = (each.source() for each in self.sources)
        return Draft(
            self.title, self.kind, self.category, self.situation, self.analysis, tuple(self.advice),
            tuple(self.signers), self.head, tuple(found), tuple(self.bodies_wanted), self.meeting_id, self.is_open,
            self.wants_meeting,
        )  # fmt: skip


@strawberry.input(description="测评: what a proposer says at one stage.")
class RatingInput:
    stage: int = strawberry.field(description="阶段; the last one is 《征询意见表》.")
    attitude: Satisfaction = strawberry.field(description="办理态度.")
    result: Satisfaction = strawberry.field(description="办理结果.")
    because: str | None = strawberry.field(default=None, description="Needed where either is 不满意.")

    def told(self) -> Rating:
        return Rating(self.stage, self.attitude, self.result, self.because)


@strawberry.input(description="专题项目 as somebody plans it.")
class ProposalProjectInput:
    title: str
    leader: str | None = strawberry.field(default=None, description="领办领导, by name.")
    body_id: Id | None = strawberry.field(default=None, description="牵头单位, of our list.")

    def told(self) -> Project:
        return Project(self.title, self.leader, self.body_id)


@strawberry.input(description="One of years before, which was filed and handled on paper.")
class PastProposalInput:
    title: str
    kind: ProposerKind
    category: TopicCategory
    signers: list[str] = strawberry.field(
        description="The first proposer, then who co-signed: members by name, roster number or id; others by name."
    )
    number: str = strawberry.field(description="案号 as it was printed.")
    filed_on: dt.date
    session: str | None = strawberry.field(default=None, description="届次, in words.")
    situation: str = ""
    advice: list[str] = strawberry.field(default_factory=list, description="Its suggestions, one by one.")
    sources: list[ProposalSourceInput] = strawberry.field(default_factory=list, description="来源, where it is known.")
    is_open: bool = strawberry.field(default=False, description="Its proposers agreed that members read all of it.")
    handled_by: list[str] = strawberry.field(default_factory=list, description="主办单位 first.")
    replied_on: dt.date | None = None
    reply_class: ReplyClass | None = None
    first_class: ReplyClass | None = strawberry.field(default=None, description="Where the first answer was another.")
    attitude: Satisfaction | None = None
    satisfaction: Satisfaction | None = None

    def draft(self) -> Draft:
        found = tuple(each.source() for each in self.sources)
        return Draft(
            self.title, self.kind, self.category, self.situation, "", tuple(self.advice), tuple(self.signers),
            sources=found, is_open=self.is_open,
        )  # fmt: skip

    def past(self) -> Past:
        return Past(
            self.number, self.filed_on, self.session, tuple(self.handled_by), self.replied_on, self.reply_class,
            self.first_class, self.attitude, self.satisfaction,
        )  # fmt: skip
