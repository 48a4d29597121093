"""Programmes in GraphQL: what can be asked, and what can be done."""

import datetime as dt

import strawberry

from sync.contract.asking.cursors import Cursor
from sync.contract.ids import Id
from sync.contract.shapes.programmes import ProgrammeOrder
from sync.contract.visibility import Visible
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import plain
from tenant_service.graph.lists import Connection
from tenant_service.graph.mutations import DescribedMutations, perform
from tenant_service.graph.types import Merge, shown
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.programmes import progress_service, queries, service
from tenant_service.programmes.graphql_types import Programme, ProgrammeEntryInput, ProgrammeFilter, ProgrammeInput
from tenant_service.storage.unit_of_work import Unit

PUBLIC, TENANT = Visible.PUBLIC, Visible.TENANT


@strawberry.type
class ProgrammesQuery:
    @shown(PUBLIC, "Programmes, one page.", directives=[Merge(by="orderBy")])
    def programmes(
        self, info: Info, where: ProgrammeFilter | None = strawberry.UNSET, first: int = 20,
        order_by: ProgrammeOrder = ProgrammeOrder.YEAR_DESC, after: Cursor | None = strawberry.UNSET,
    ) -> Connection[Programme]:  # fmt: skip
        context, wanted = info.context, where.wanted() if where else queries.Wanted()
        found = queries.listed(
            context.unit.session, context.actor, wanted, order_by, first, after or None, context.owners
        )
        return Connection(page=found)

    @shown(PUBLIC, "One programme.")
    def programme(self, info: Info, id: Id) -> Programme | None:
        return queries.one(info.context.unit.session, info.context.actor, id)  # type: ignore[return-value]


PROGRAMMES = DescribedMutations(Programme, "programme", ProgrammeInput)


@strawberry.type
class ProgrammesMutation:
    plan_programme = PROGRAMMES.new("筹备: write a programme's plan down.", service.plan)
    redraft_programme = PROGRAMMES.anew("Describe a plan anew that is not signed.", service.redraft)
    discard_programme = PROGRAMMES.act(
        "作废: a plan that was never signed is not there any more; as it was.", service.discard
    )
    submit_programme = PROGRAMMES.act("送审.", service.submit)
    send_back_programme = PROGRAMMES.act_because("退回, with the reason.", service.send_back)
    sign_off_programme = PROGRAMMES.sign_off(
        "签发专项方案; `unclassified` confirms 已经保密审查，不涉密.", service.sign_off
    )

    @shown(TENANT, "启动, on a day that is not to come; today if none is named.")
    def begin_programme(self, info: Info, key: Id, id: Id, day: dt.date | None = None) -> Programme:
        told = plain(id=id, day=day)
        return perform(info, key, told, lambda unit, who: service.begin(unit, who, id, day))  # type: ignore[return-value]

    @shown(TENANT, "任务完成, on a day that is not to come; again: it is open again.")
    def tick_programme_task(
        self, info: Info, key: Id, id: Id, number: int, day: dt.date | None = None
    ) -> Programme:  # fmt: skip
        return perform(  # type: ignore[return-value]
            info, key, plain(id=id, number=number, day=day),
            lambda unit, who: progress_service.tick(unit, who, id, number, day),
        )  # fmt: skip

    @shown(TENANT, "纳入: a record of ours belongs to the programme; whether it did not before.")
    def attach_to_programme(self, info: Info, key: Id, id: Id, part_id: Id) -> bool:
        told = plain(id=id, part_id=part_id)
        return perform(
            info, key, told,
            lambda unit, who: progress_service.attach(unit, who, id, part_id), kept_as=bool,
        )  # fmt: skip

    @shown(TENANT, "移出: it does not belong to it any more.")
    def detach_from_programme(self, info: Info, key: Id, id: Id, part_id: Id) -> bool:
        def detach(unit: Unit, who: Actor) -> bool:
            progress_service.detach(unit, who, id, part_id)
            return True

        return perform(info, key, plain(id=id, part_id=part_id), detach, kept_as=bool)

    @shown(TENANT, "登记: something was done for a target; a member enters their own. The id of the entry.")
    def enter_programme_entry(self, info: Info, key: Id, id: Id, deed: ProgrammeEntryInput) -> Id:
        told = plain(id=id, deed=deed)
        entered = perform(
            info, key, told,
            lambda unit, who: progress_service.enter(unit, who, id, deed.deed()), kept_as=str,
        )  # fmt: skip
        return Id(entered)

    @shown(TENANT, "删除登记; the id of its programme.")
    def strike_deed(self, info: Info, key: Id, id: Id) -> Id:
        told = plain(id=id)
        struck = perform(info, key, told, lambda unit, who: progress_service.strike(unit, who, id), kept_as=str)
        return Id(struck)

    @shown(TENANT, "Write the report; it is told when the programme is closed.")
    def write_programme_report(self, info: Info, key: Id, id: Id, text: str) -> Programme:
        told = plain(id=id, text=text)
        return perform(info, key, told, lambda unit, who: service.write_report(unit, who, id, text))  # type: ignore[return-value]

    close_programme = PROGRAMMES.sign_off_by(
        "办结, by whoever signs; `unclassified` confirms 已经保密审查，不涉密.", service.close,
        UseCase.SIGN_OFF_PROGRAMMES, lambda services: services.counting,
    )  # fmt: skip
    cancel_programme = PROGRAMMES.act_because("取消, with the reason.", service.cancel)
    share_programme = PROGRAMMES.share("Share a programme with exactly these.", service.share)
