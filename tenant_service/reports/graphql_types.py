"""Reports as GraphQL shows them, and what is told of them."""

import datetime as dt

import strawberry

from sync.contract.ids import Id
from sync.contract.shapes.reports import ReportKind, ReportOrder, ReportOutcome, ReportRecord, ReportState
from sync.contract.visibility import Visible, visible
from tenant_service.graph.context import Info
from tenant_service.graph.history import StepTaken, steps_of
from tenant_service.graph.inputs import given
from tenant_service.graph.lists import Node
from tenant_service.graph.types import contract_enum, record_type, shown
from tenant_service.reports import intake_queries as intakes
from tenant_service.reports import queries
from tenant_service.reports.descriptions import Draft
from tenant_service.reports.intake_queries import Incoming
from tenant_service.signing.rules import Approval

TENANT = Visible.TENANT
for each in (ReportKind, ReportState, ReportOrder, ReportOutcome):
    contract_enum(each)


@strawberry.type(description="来稿: a report that another committee sent up to this one, and what was made of it here.")
class IncomingReport:
    report_id: Id = visible(TENANT, "The report, which `report(id:)` finds.")
    from_id: Id = visible(TENANT, "Committee that sent it.")
    kind: ReportKind = visible(TENANT, "What kind of report.")
    title: str = visible(TENANT, "题名.")
    state: ReportOutcome | None = visible(TENANT, "What was made of it; null: it waits to be received.")
    received_on: dt.date | None = visible(TENANT, "Day on which it was received.")
    decided_on: dt.date | None = visible(TENANT, "Day on which it was adopted or not.")
    number: str | None = visible(TENANT, "Where it was adopted.")
    because: str | None = visible(TENANT, "Why it was not.")

    @classmethod
    def of(cls, told: Incoming) -> "IncomingReport":
        return cls(**vars(told))


@record_type
class Report(ReportRecord, Node):
    @shown(TENANT, "办理经过, the oldest step first, for the office.")
    def history(self, info: Info) -> list[StepTaken] | None:
        return steps_of(info, self.id)

    @shown(TENANT, "审签: where it stands before it may leave; for the office and its authors.")
    def approval(self, info: Info) -> Approval | None:
        row = queries.at_work(info.context.unit.session, info.context.actor, self.id)
        return row.approval if row else None

    @shown(TENANT, "Why it was returned or not taken on; for the office and its authors.")
    def returned_because(self, info: Info) -> str | None:
        row = queries.at_work(info.context.unit.session, info.context.actor, self.id)
        return row.returned_because if row else None

    @shown(TENANT, "Of a report that was sent to this committee: what was made of it here, for the office.")
    def intake(self, info: Info) -> IncomingReport | None:
        context = info.context
        row = intakes.of_report(context.unit.session, self.id) if context.actor.sees_work else None
        return IncomingReport.of(intakes.shown(row)) if row else None


@strawberry.input(description="Which reports; everything given must hold.")
class ReportFilter:
    kinds: list[ReportKind] | None = strawberry.UNSET
    states: list[ReportState] | None = strawberry.UNSET
    approvals: list[Approval] | None = strawberry.field(default=strawberry.UNSET, description="Own staff only.")
    year: int | None = strawberry.UNSET
    text: str | None = strawberry.field(default=strawberry.UNSET, description="Words of the title.")
    author: Id | None = strawberry.field(default=strawberry.UNSET, description="One of the committee's own people.")

    def wanted(self) -> queries.Wanted:
        return queries.Wanted(**given(self))


@strawberry.input(description="A report as it is written.")
class WrittenReportInput:
    title: str
    kind: ReportKind
    text: str
    advice: list[str] = strawberry.field(default_factory=list, description="Its suggestions, one by one.")
    authors: list[str] = strawberry.field(
        default_factory=list,
        description="Members by name, roster number or id; others by name. A member who writes is among them.",
    )
    source_id: Id | None = strawberry.field(
        default=None, description="What it grew out of: a topic, an activity or another record of ours."
    )

    def draft(self) -> Draft:
        return Draft(self.title, self.kind, self.text, tuple(self.advice), tuple(self.authors), self.source_id)
