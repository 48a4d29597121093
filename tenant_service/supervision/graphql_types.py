"""Campaigns in GraphQL: types and inputs."""

import datetime as dt

import strawberry

from sync.contract.ids import Id
from sync.contract.shapes.supervision import CampaignKind, CampaignOrder, CampaignRecord, CampaignState
from sync.contract.visibility import Visible, visible
from tenant_service.graph.context import Info
from tenant_service.graph.history import StepTaken, steps_of
from tenant_service.graph.inputs import given
from tenant_service.graph.lists import Node
from tenant_service.graph.types import contract_enum, record_type, shown
from tenant_service.identity.policy import UseCase
from tenant_service.signing.rules import Approval
from tenant_service.supervision import queries, rules
from tenant_service.supervision.descriptions import Draft
from tenant_service.supervision.rules import LineKind

PUBLIC, TENANT = Visible.PUBLIC, Visible.TENANT
for each in (CampaignKind, CampaignState, CampaignOrder, LineKind):
    contract_enum(each)


@strawberry.type(description="监督内容: one measure, or one work, of a campaign's plan.")
class CampaignLine:
    kind: LineKind = visible(TENANT, "Measure or work.")
    number: int = visible(TENANT, "Its number, from 1 within its kind.")
    text: str = visible(TENANT, "What it says.")


@strawberry.type(description="派驻民主监督: one person's posting to one body.")
class Posting:
    body_id: Id = visible(TENANT, "To which body.")
    body: str = visible(TENANT, "That body, by name.")
    person_id: Id = visible(TENANT, "Who is posted.")
    person: str = visible(TENANT, "That person, by name.")
    term: int | None = visible(TENANT, "届次.")
    since: dt.date | None = visible(TENANT, "First day; null: open.")
    until: dt.date | None = visible(TENANT, "Last day; null: open.")


@record_type
class Campaign(CampaignRecord, Node):
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

    @shown(TENANT, "Findings and suggestions that are neither put right and checked nor put down, for the office.")
    def unsettled(self, info: Info) -> int | None:
        row = queries.at_work(info.context.unit.session, info.context.actor, self.id)
        return row.unsettled if row else None

    @shown(PUBLIC, "整改率: share of the findings that were put right and checked, 0–1; null: none, or not told.")
    def rate(self) -> float | None:
        return rules.rate(self.findings, self.findings_done)

    @shown(TENANT, "Whether something may be put on its list now, for the office and for whoever supervises here.")
    def takes_findings(self, info: Info) -> bool | None:
        context = info.context
        if self.committee_id != context.actor.committee or not context.actor.may(UseCase.ADD_FINDINGS):
            return None
        return queries.list_head(context.unit.session, self.id).takes

    @shown(TENANT, "Measures and works of its plan, numbered; of other committees' campaigns null.")
    def lines(self, info: Info) -> list[CampaignLine] | None:
        if self.committee_id != info.context.actor.committee or not info.context.actor.is_inside:
            return None
        found = queries.lines(info.context.unit.session, self.id)
        return [CampaignLine(kind=each.kind, number=each.number, text=each.text) for each in found]


@strawberry.input(description="Which campaigns; everything given must hold.")
class CampaignFilter:
    kinds: list[CampaignKind] | None = strawberry.UNSET
    states: list[CampaignState] | None = strawberry.UNSET
    approvals: list[Approval] | None = strawberry.field(default=strawberry.UNSET, description="Own staff only.")
    year: int | None = strawberry.UNSET
    text: str | None = strawberry.field(default=strawberry.UNSET, description="Words of the title.")

    def wanted(self) -> queries.Wanted:
        return queries.Wanted(**given(self))


@strawberry.input(description="A campaign as the office plans it: at least one measure, work or body.")
class CampaignInput:
    title: str
    kind: CampaignKind
    year: int
    policy: str | None = None
    measures: list[str] = strawberry.field(default_factory=list)
    works: list[str] = strawberry.field(default_factory=list)
    body_ids: list[Id] = strawberry.field(default_factory=list, description="Bodies of the committee's own list.")

    def draft(self) -> Draft:
        return Draft(
            self.title, self.kind, self.year, self.policy, tuple(self.measures), tuple(self.works),
            tuple(self.body_ids),
        )  # fmt: skip
