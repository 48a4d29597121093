"""Programmes in GraphQL: types and inputs."""

import datetime as dt

import strawberry

from sync.contract.ids import Id
from sync.contract.instants import day_of
from sync.contract.shapes.programmes import (
    ProgrammeKind,
    ProgrammeOrder,
    ProgrammeRecord,
    ProgrammeState,
    TargetMeasure,
)
from sync.contract.visibility import Visible, visible
from tenant_service.graph.context import Info
from tenant_service.graph.history import StepTaken, steps_of
from tenant_service.graph.inputs import given
from tenant_service.graph.lists import Node
from tenant_service.graph.types import contract_enum, record_type, shown
from tenant_service.programmes import lists, progress_queries, queries, rules
from tenant_service.programmes.descriptions import Draft, TargetDraft, TaskDraft
from tenant_service.programmes.progress_service import Deed
from tenant_service.signing.rules import Approval

PUBLIC, FEDERATION, TENANT = Visible.PUBLIC, Visible.FEDERATION, Visible.TENANT
for each in (ProgrammeKind, ProgrammeState, ProgrammeOrder, TargetMeasure):
    contract_enum(each)


@strawberry.type(description="指标: one target, and what it has come to.")
class ProgrammeTarget:
    number: int = visible(FEDERATION, "Its number, from 1.")
    name: str = visible(FEDERATION, "指标.")
    unit: str = visible(FEDERATION, "计量单位.")
    goal: int = visible(FEDERATION, "目标值; of what each member has to do, for each.")
    measure: TargetMeasure = visible(FEDERATION, "From which rows it is counted.")
    detail: str = visible(FEDERATION, "Which of them: a kind of activity, an indicator; empty: all.")
    counted: int | None = visible(
        FEDERATION, "What it has come to; of what each member has to do, how many members have done it."
    )


@strawberry.type(description="委员完成情况: what one member has of the targets that each member has.")
class MemberDeeds:
    person_id: Id = visible(TENANT, "Which member.")
    counts: list[int] = visible(TENANT, "Entries of each of these targets, in order.")
    done: int = visible(TENANT, "Targets that are reached.")


@record_type
class Programme(ProgrammeRecord, Node):
    @shown(TENANT, "办理经过, the oldest step first, for the office.")
    def history(self, info: Info) -> list[StepTaken] | None:
        return steps_of(info, self.id)

    @shown(TENANT, "审签: where it stands before it may leave; null in other committees.")
    def approval(self, info: Info) -> Approval | None:
        row = queries.at_work(info.context.unit.session, info.context.actor, self.id)
        return row.approval if row else None

    @shown(TENANT, "Why its plan was sent back.")
    def returned_because(self, info: Info) -> str | None:
        row = queries.at_work(info.context.unit.session, info.context.actor, self.id)
        return row.returned_because if row else None

    @shown(TENANT, "Its report while it is written, for the office.")
    def drafted_report(self, info: Info) -> str | None:
        row = queries.at_work(info.context.unit.session, info.context.actor, self.id)
        return row.drafted_report if row else None

    @shown(FEDERATION, "指标完成情况: ours as they are counted now, others' as they were told last.")
    def progress(self, info: Info) -> list[ProgrammeTarget]:
        context, found = info.context, rules.targets_of(self)
        if self.committee_id == context.actor.committee and context.actor.is_inside:
            row = queries.ours(context.unit.session, self.id)
            found = progress_queries.progress(context.unit, context.services.counting, row)
        return [ProgrammeTarget(**each._asdict()) for each in found]

    @shown(TENANT, "Ids of our records that belong to it, for the office.")
    def parts(self, info: Info) -> list[Id] | None:
        if queries.at_work(info.context.unit.session, info.context.actor, self.id) is None:
            return None
        found = lists.parts_of(info.context.unit.session, self.id)
        return [Id(each) for ids in found.values() for each in ids]

    @shown(TENANT, "委员完成情况, for the office.")
    def member_deeds(self, info: Info) -> list[MemberDeeds] | None:
        context = info.context
        row = queries.at_work(context.unit.session, context.actor, self.id)
        if row is None:
            return None
        found = progress_queries.of_each_member(context.unit.session, row, day_of(context.unit.now))
        return [MemberDeeds(person_id=Id(each.person_id), counts=list(each.counts), done=each.done) for each in found]


@strawberry.input(description="Which programmes; everything given must hold.")
class ProgrammeFilter:
    kinds: list[ProgrammeKind] | None = strawberry.UNSET
    states: list[ProgrammeState] | None = strawberry.UNSET
    approvals: list[Approval] | None = strawberry.field(default=strawberry.UNSET, description="Own staff only.")
    year: int | None = strawberry.UNSET
    parent_id: Id | None = strawberry.field(default=strawberry.UNSET, description="Parts of this programme.")
    text: str | None = strawberry.field(default=strawberry.UNSET, description="Words of the title.")

    def wanted(self) -> queries.Wanted:
        return queries.Wanted(**given(self))


@strawberry.input(description="任务.")
class TaskInput:
    text: str
    unit: str = ""
    due: dt.date | None = None


@strawberry.input(description="指标: counted from rows as `measure` says, of the kind that `detail` names.")
class TargetInput:
    name: str
    unit: str
    goal: int
    measure: TargetMeasure
    detail: str = ""


@strawberry.input(description="A programme as the office plans it: at least one task or target.")
class ProgrammeInput:
    title: str
    kind: ProgrammeKind
    year: int
    until: dt.date | None = None
    purpose: str | None = None
    parent_id: Id | None = None
    tasks: list[TaskInput] = strawberry.field(default_factory=list)
    targets: list[TargetInput] = strawberry.field(default_factory=list)

    def draft(self) -> Draft:
        return Draft(
            self.title, self.kind, self.year, self.until, self.purpose, self.parent_id,
            [TaskDraft(**vars(each)) for each in self.tasks], [TargetDraft(**vars(each)) for each in self.targets],
        )  # fmt: skip


@strawberry.input(description="登记: one thing that was done for a target.")
class ProgrammeEntryInput:
    target_no: int
    day: dt.date
    subject: str | None = None
    person_id: Id | None = None
    people: int = 1

    def deed(self) -> Deed:
        return Deed(**vars(self))
