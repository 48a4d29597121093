"""Topics in GraphQL: types and inputs."""

import datetime as dt

import strawberry

from sync.contract.ids import Id
from sync.contract.instants import day_of
from sync.contract.shapes.items import Satisfaction
from sync.contract.shapes.procedures import Need
from sync.contract.shapes.topics import (
    ReturnReason,
    TopicCategory,
    TopicChannel,
    TopicOrder,
    TopicRecord,
    TopicSource,
    TopicState,
)
from sync.contract.visibility import Visible, visible
from tenant_service.graph.context import Info
from tenant_service.graph.history import StepTaken, steps_of
from tenant_service.graph.inputs import given
from tenant_service.graph.lists import Node
from tenant_service.graph.types import contract_enum, record_type, shown
from tenant_service.identity import masks
from tenant_service.procedures import queries as procedures
from tenant_service.relations.kinds import Relation
from tenant_service.signing.rules import Approval
from tenant_service.topics import queries, rating_queries, rules, turn_queries
from tenant_service.topics.descriptions import Described, Plan, Report
from tenant_service.topics.models import TopicRow
from tenant_service.topics.rules import PublicStep

PUBLIC, TENANT = Visible.PUBLIC, Visible.TENANT
for each in (TopicSource, TopicChannel, TopicCategory, TopicState, ReturnReason, TopicOrder, PublicStep, Relation):
    contract_enum(each)


@strawberry.type(description="反映: what somebody reported, for the office; the phone is masked.")
class TopicReport:
    id: Id = visible(TENANT, "Id.")
    at: dt.datetime = visible(TENANT, "When.")
    channel: TopicChannel = visible(TENANT, "By which door.")
    words: str = visible(TENANT, "What was said, in the reporter's words.")
    place: str | None = visible(TENANT, "Where, in the reporter's words.")
    name: str | None = visible(TENANT, "Who, as they gave it; null: anonymous.")
    phone: str | None = visible(TENANT, "How they are called back, masked.")


@strawberry.type(description="评价: what a reporter said of the answer to one topic, for the office.")
class TopicRating:
    report_id: Id = visible(TENANT, "Which report.")
    topic_id: Id = visible(TENANT, "Which topic: of one that was split, the part.")
    rating: Satisfaction | None = visible(TENANT, "The last word; null: only 仍未解决 was said.")
    remark: str | None = visible(TENANT, "In the reporter's words.")
    rated_at: dt.datetime | None = visible(TENANT, "When.")
    counts: bool = visible(TENANT, "It is of the answer that stands.")
    unsettled_at: dt.datetime | None = visible(TENANT, "When 仍未解决 was said.")
    unsettled_words: str | None = visible(TENANT, "What was not settled, in the reporter's words.")
    for_department: bool = visible(TENANT, "Who handles it may read this.")


@strawberry.type(description="轮到谁: who is to do what about a topic now, for the office.")
class TopicTurn:
    who: str = visible(TENANT, "Somebody's part, or a name.")
    what: str = visible(TENANT, "What they are to do.")
    step: str | None = visible(TENANT, "Step that it is about, by name.")
    since: dt.date = visible(TENANT, "Since when.")
    until: dt.date | None = visible(TENANT, "Last day of the term; null: none runs.")
    late_days: int = visible(TENANT, "Days by which it is overdue; 0: it is not.")


@strawberry.type(description="依据: what the office said is there, of a need that no record shows.")
class TopicProof:
    need: Need = visible(TENANT, "Which need.")
    day: dt.date = visible(TENANT, "Since when.")
    note: str = visible(TENANT, "By what.")


@strawberry.type(description="分派规则: who looks after topics of a category and an area; null stands for any.")
class TopicRoute:
    id: Id = visible(TENANT, "Id.")
    category: TopicCategory | None = visible(TENANT, "Category.")
    area_id: Id | None = visible(TENANT, "Area.")
    target_id: Id = visible(TENANT, "Unit, body or person of ours.")
    target: str | None = visible(TENANT, "By name.")


@strawberry.type(description="待办条件: one thing that the present step needs, and whether it is there.")
class TopicNeed:
    need: Need = visible(TENANT, "What.")
    is_met: bool = visible(TENANT, "Whether it is there.")


@record_type
class Topic(TopicRecord, Node):
    @shown(TENANT, "办理经过, the oldest step first, for the office.")
    def history(self, info: Info) -> list[StepTaken] | None:
        return steps_of(info, self.id)

    @shown(PUBLIC, "公开进度: what whoever raised it sees of it.")
    def public_step(self) -> PublicStep:
        return rules.public_step(self.state)

    @shown(PUBLIC, "办结用时: days from the report to the answer that stands; null: none stands.")
    def days_to_answer(self) -> int | None:
        return rules.days_to_answer(self.state, self.raised_at, self.closed_at)

    @shown(TENANT, "审签 of the public answer; null in other committees.")
    def approval(self, info: Info) -> Approval | None:
        row = _row(info, self.id)
        return row.approval if row else None

    @shown(TENANT, "The public answer before it is signed, for the office.")
    def drafted_answer(self, info: Info) -> str | None:
        row = _row(info, self.id)
        return row.drafted_answer if row else None

    @shown(TENANT, "Why the answer was sent back.")
    def returned_because(self, info: Info) -> str | None:
        row = _row(info, self.id)
        return row.returned_because if row else None

    @shown(TENANT, "办理情况, for the office.")
    def work_note(self, info: Info) -> str | None:
        row = _row(info, self.id)
        return row.work_note if row else None

    @shown(TENANT, "首接: person of ours, or venue whose members receive it first; null: the desk.")
    def receiver_id(self, info: Info) -> Id | None:
        row = _row(info, self.id)
        return Id(row.receiver_id) if row and row.receiver_id else None

    @shown(TENANT, "责任单位（人）: unit, body or person of ours that looks after it, for the office.")
    def in_charge_id(self, info: Info) -> Id | None:
        row = _row(info, self.id)
        return Id(row.in_charge_id) if row and row.in_charge_id else None

    @shown(TENANT, "关注: whether the account that asks is told what becomes of it.")
    def is_followed(self, info: Info) -> bool | None:
        context = info.context
        return queries.is_followed(context.unit.session, context.actor, self.id) if context.actor.is_home else None

    @shown(TENANT, "受理告知期限: until when whoever raised it is to hear whether it is accepted, for the office.")
    def accept_by(self, info: Info) -> dt.date | None:
        row = _row(info, self.id)
        return row.accept_by if row else None

    @shown(TENANT, "Last day of the present step, for the office; null: no term.")
    def step_due_on(self, info: Info) -> dt.date | None:
        row = _row(info, self.id)
        return row.step_due_on if row else None

    @shown(TENANT, "反映: what came to it, merged ones as well, for the office.")
    def reports(self, info: Info) -> list[TopicReport] | None:
        if _row(info, self.id) is None:
            return None
        return [
            TopicReport(
                id=Id(one.id), at=one.at, channel=one.channel, words=one.words, place=one.place, name=one.name,
                phone=masks.phone(one.phone) if one.phone else None,
            )
            for one in queries.reports(info.context.unit.session, self.id)
        ]  # fmt: skip

    @shown(TENANT, "评价 and 仍未解决 of its answers, of all parts where it was split, for the office.")
    def ratings(self, info: Info) -> list[TopicRating] | None:
        row, session = _row(info, self.id), info.context.unit.session
        if row is None:
            return None
        return [
            TopicRating(
                report_id=Id(one.reporter.id), topic_id=Id(one.rating.topic_id), rating=one.rating.rating,
                remark=one.rating.remark, rated_at=one.rating.rated_at, counts=one.counts,
                unsettled_at=one.rating.unsettled_at, unsettled_words=one.rating.unsettled_words,
                for_department=one.rating.for_department,
            )
            for one in rating_queries.of_topic(session, row)
        ]  # fmt: skip

    @shown(TENANT, "轮到谁, for the office; null: nothing is to be done.")
    def turn(self, info: Info) -> TopicTurn | None:
        row, context = _row(info, self.id), info.context
        if row is None:
            return None
        days = context.services.periods.unsettled_days
        found = turn_queries.of_topic(context.unit.session, row, day_of(context.unit.now), days)
        if found.turn is None:
            return None
        at = found.turn
        return TopicTurn(
            who=at.who, what=at.what, step=at.of or None, since=at.since, until=at.until, late_days=found.late
        )  # fmt: skip

    @shown(TENANT, "依据 that the office gave by hand.")
    def proofs(self, info: Info) -> list[TopicProof] | None:
        if _row(info, self.id) is None:
            return None
        found = queries.proofs(info.context.unit.session, self.id)
        return [TopicProof(need=one.need, day=one.day, note=one.note) for one in found]

    @shown(TENANT, "What the present step needs before it is left, for the office.")
    def needs(self, info: Info) -> list[TopicNeed] | None:
        row, session = _row(info, self.id), info.context.unit.session
        if row is None or row.procedure_id is None or row.step is None:
            return None
        step = procedures.version(session, row.procedure_id).step(row.step)
        met = rules.met(queries.shown(session, row))
        return [TopicNeed(need=one, is_met=one in met) for one in step.needs if one is not Need.PAPER]

    @shown(TENANT, "相似议题: topics of ours that say nearly the same, for the office.")
    def similar_ids(self, info: Info) -> list[Id] | None:
        row = _row(info, self.id)
        if row is None:
            return None
        return [Id(one.id) for one in queries.similar(info.context.unit.session, row)]


def _row(info: Info, id: str) -> TopicRow | None:
    return queries.at_work(info.context.unit.session, info.context.actor, id)


@strawberry.type(description="拆分结果: the parts that a topic was split into.")
class TopicParts:
    part_ids: list[Id] = visible(TENANT, "Each of them, in order.")


@strawberry.input(description="Which topics; everything given must hold.")
class TopicFilter:
    states: list[TopicState] | None = strawberry.UNSET
    sources: list[TopicSource] | None = strawberry.UNSET
    categories: list[TopicCategory] | None = strawberry.UNSET
    area_id: Id | None = strawberry.UNSET
    venue_id: Id | None = strawberry.UNSET
    procedure_id: Id | None = strawberry.UNSET
    year: int | None = strawberry.UNSET
    text: str | None = strawberry.field(default=strawberry.UNSET, description="Words of the title or theme.")
    is_tracked: bool | None = strawberry.field(default=strawberry.UNSET, description="Looked after over the years.")

    def wanted(self) -> queries.Wanted:
        return queries.Wanted(**given(self))


@strawberry.input(description="A topic in the office's words; `areaId`: a unit of the committee's own list.")
class TopicInput:
    title: str
    summary: str | None = None
    category: TopicCategory | None = None
    area_id: Id | None = None

    def described(self) -> Described:
        return Described(self.title, self.summary, self.category, self.area_id)


@strawberry.input(description="反映: what somebody reported, in their own words. Classified matter is refused.")
class TopicReportInput:
    words: str
    place: str | None = None
    name: str | None = None
    phone: str | None = None
    shows_name: bool = strawberry.field(default=False, description="The name may be told to departments.")

    def report(self) -> Report:
        return Report(self.words, self.place, self.name, self.phone, self.shows_name)


@strawberry.input(description="选题: who decided that a topic is taken up, when, and under what it is counted.")
class TopicPlanInput:
    decided_by: str
    decided_on: dt.date
    year: int | None = None
    theme: str | None = None

    def plan(self) -> Plan:
        return Plan(self.decided_by, self.decided_on, self.year, self.theme)
