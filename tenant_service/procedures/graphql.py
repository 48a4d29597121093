"""Procedures in GraphQL."""

from typing import Any

import strawberry

from sync.contract.asking.cursors import Cursor
from sync.contract.ids import Id
from sync.contract.shapes.procedures import Need, ProcedureOrder, ProcedureRecord, ProcedureState, ProcedureUse
from sync.contract.visibility import Visible, visible
from tenant_service.graph.context import Info
from tenant_service.graph.history import StepTaken, steps_of
from tenant_service.graph.inputs import ShareInput, given, plain, shares_of
from tenant_service.graph.lists import Connection, Node
from tenant_service.graph.mutations import Mutations
from tenant_service.graph.types import Home, Merge, contract_enum, record_type, shown
from tenant_service.procedures import queries, rules, service, shipped
from tenant_service.procedures.descriptions import Draft

PUBLIC, TENANT = Visible.PUBLIC, Visible.TENANT
for each in (Need, ProcedureUse, ProcedureState, ProcedureOrder):
    contract_enum(each)


@strawberry.type(description="步骤: one step of a version, with all that is said of it.")
class ProcedureStep:
    code: str = visible(PUBLIC, "Code, the same in all versions.")
    name: str = visible(PUBLIC, "名称.")
    stage: str = visible(PUBLIC, "阶段; empty: none.")
    workdays: int = visible(PUBLIC, "Workdays that it may take; 0: no term.")
    needs: list[Need] = visible(PUBLIC, "What must be there before it is left.")
    papers: list[str] = visible(PUBLIC, "所需材料.")
    roles: list[str] = visible(PUBLIC, "Roles that leave it; none: whoever handles such matters.")


@record_type
class Procedure(ProcedureRecord, Node):
    @shown(TENANT, "办理经过, the oldest step first, for the office.")
    def history(self, info: Info) -> list[StepTaken] | None:
        return steps_of(info, self.id)

    @shown(PUBLIC, "Its steps, in order.")
    def steps(self) -> list[ProcedureStep]:
        return [_step(step) for step in queries.steps_of(self)]


@strawberry.type(description="规程模板: a procedure that comes with the product, to be adopted as a draft.")
class ProcedureTemplate:
    code: str = visible(PUBLIC, "Code that the adopted procedure has.")
    name: str = visible(PUBLIC, "名称.")
    use: ProcedureUse = visible(PUBLIC, "What is handled by it.")
    note: str = visible(PUBLIC, "说明, and what its source does not say.")
    steps: list[ProcedureStep] = visible(PUBLIC, "Its steps, in order.")


def _step(step: rules.Step) -> ProcedureStep:
    return ProcedureStep(
        code=step.code, name=step.name, stage=step.stage, workdays=step.workdays, needs=list(step.needs),
        papers=list(step.papers), roles=list(step.roles),
    )  # fmt: skip


@strawberry.input(description="Which procedures; everything given must hold.")
class ProcedureFilter:
    uses: list[ProcedureUse] | None = strawberry.UNSET
    states: list[ProcedureState] | None = strawberry.UNSET
    code: str | None = strawberry.field(default=strawberry.UNSET, description="All versions of one procedure.")
    text: str | None = strawberry.field(default=strawberry.UNSET, description="Part of its name.")

    def wanted(self) -> queries.Wanted:
        return queries.Wanted(**given(self))


@strawberry.input(description="One step as somebody describes it; without a code it is given one.")
class ProcedureStepInput:
    name: str
    code: str = ""
    stage: str = ""
    workdays: int = 0
    needs: list[Need] = strawberry.field(default_factory=list)
    papers: list[str] = strawberry.field(default_factory=list)
    roles: list[str] = strawberry.field(default_factory=list)

    def step(self) -> rules.Step:
        return rules.Step(
            self.code, self.name, self.workdays, tuple(self.needs), tuple(self.papers), tuple(self.roles), self.stage
        )


@strawberry.input(description="A version as somebody describes it.")
class ProcedureInput:
    name: str
    use: ProcedureUse
    steps: list[ProcedureStepInput]
    note: str | None = None

    def draft(self) -> Draft:
        return Draft(self.name, self.use, tuple(step.step() for step in self.steps), self.note)


@strawberry.type
class ProcedureQuery:
    @shown(PUBLIC, "Versions of procedures, one page.", directives=[Merge(by="orderBy")])
    def procedures(
        self, info: Info, where: ProcedureFilter | None = strawberry.UNSET, first: int = 20,
        order_by: ProcedureOrder = ProcedureOrder.CHANGED_AT_DESC, after: Cursor | None = strawberry.UNSET,
    ) -> Connection[Procedure]:  # fmt: skip
        context, wanted = info.context, where.wanted() if where else queries.Wanted()
        found = queries.listed(
            context.unit.session, context.actor, wanted, order_by, first, after or None, context.owners
        )
        return Connection(page=found)

    @shown(PUBLIC, "One version.")
    def procedure(self, info: Info, id: Id) -> Procedure | None:
        return queries.one(info.context.unit.session, info.context.actor, id)  # type: ignore[return-value]

    @shown(TENANT, "Templates that come with this release.", directives=[Home()])
    def procedure_templates(self, info: Info) -> list[ProcedureTemplate]:
        return (
            []
            if not info.context.actor.is_inside
            else [
                ProcedureTemplate(
                    code=code,
                    name=told.name,
                    use=told.use,
                    note=told.note or "",
                    steps=[_step(each) for each in told.steps],
                )
                for code, told in shipped.TEMPLATES.items()
            ]
        )


@strawberry.type
class ProceduresOfCommittee:
    @shown(PUBLIC, "Its procedures, the latest change first.")
    def procedures(
        self: Any, info: Info, where: ProcedureFilter | None = strawberry.UNSET, first: int = 20
    ) -> list[Procedure]:
        context, order = info.context, ProcedureOrder.CHANGED_AT_DESC
        wanted = where.wanted() if where else queries.Wanted()
        owners = context.owners_of(self.id)
        return queries.listed(context.unit.session, context.actor, wanted, order, first, None, owners).rows


PROCEDURES = Mutations(Procedure)


@strawberry.type
class ProcedureMutation:
    @shown(TENANT, "Draft a procedure, or the next version of one.")
    def draft_procedure(
        self, info: Info, key: Id, code: str, procedure: ProcedureInput, shares: list[ShareInput]
    ) -> Procedure:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "draftProcedure", key, plain(code=code, procedure=procedure, shares=shares),
            lambda unit: service.draft(
                unit, context.actor, context.directory, code, procedure.draft(), shares_of(shares)
            ),
        )  # fmt: skip

    @shown(TENANT, "Describe a draft anew.")
    def redraft_procedure(self, info: Info, key: Id, id: Id, procedure: ProcedureInput) -> Procedure:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "redraftProcedure", key, plain(id=id, procedure=procedure),
            lambda unit: service.redraft(unit, context.actor, context.directory, id, procedure.draft()),
        )  # fmt: skip

    renew_procedure = PROCEDURES.act("Draft the next version of a procedure as this one says.", service.renew)
    adopt_procedure = PROCEDURES.act("Draft one as another committee's shared version says.", service.adopt)

    @shown(TENANT, "Draft one as a template of this release says.")
    def adopt_procedure_template(self, info: Info, key: Id, code: str) -> Procedure:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "adoptProcedureTemplate", key, plain(code=code),
            lambda unit: service.adopt_shipped(unit, context.actor, code),
        )  # fmt: skip

    discard_procedure = PROCEDURES.act("Take a draft away; returns what it was.", service.discard)
    enact_procedure = PROCEDURES.sign_off(
        "Put a draft in force; the version before is retired. `unclassified`: 已经保密审查，不涉密.", service.enact
    )
    retire_procedure = PROCEDURES.act_because("Retire a version; what is under way keeps it.", service.retire)
    share_procedure = PROCEDURES.share("Share a version with exactly these.", service.share)
