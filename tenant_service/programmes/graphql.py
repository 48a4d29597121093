"""Programmes in GraphQL: what can be asked, and what can be done."""

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

import strawberry

from sync.contract.asking.cursors import Cursor
from sync.contract.ids import Id
from sync.contract.shapes.programmes import ProgrammeOrder
from sync.contract.visibility import Visible
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import ShareInput, plain, shares_of
from tenant_service.graph.lists import Connection
from tenant_service.graph.types import Merge, shown
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.programmes import progress_service, queries, service
from tenant_service.programmes.graphql_types import Programme, ProgrammeEntryInput, ProgrammeFilter, ProgrammeInput
from tenant_service.storage.unit_of_work import Unit

PUBLIC, TENANT = Visible.PUBLIC, Visible.TENANT
T = TypeVar("T")


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


@strawberry.type
class ProgrammesMutation:
    @shown(TENANT, "筹备: write a programme's plan down.")
    def plan_programme(self, info: Info, key: Id, programme: ProgrammeInput, shares: list[ShareInput]) -> Programme:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "planProgramme", key, plain(programme=programme, shares=shares),
            lambda unit: service.plan(unit, context.actor, context.directory, programme.draft(), shares_of(shares)),
        )  # fmt: skip

    @shown(TENANT, "Describe a plan anew that is not signed.")
    def redraft_programme(
        self, info: Info, key: Id, id: Id, programme: ProgrammeInput, shares: list[ShareInput]
    ) -> Programme:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "redraftProgramme", key, plain(id=id, programme=programme, shares=shares),
            lambda unit: service.redraft(
                unit, context.actor, context.directory, id, programme.draft(), shares_of(shares)
            ),
        )  # fmt: skip

    @shown(TENANT, "作废: a plan that was never signed is not there any more; as it was.")
    def discard_programme(self, info: Info, key: Id, id: Id) -> Programme:
        return _act(info, "discardProgramme", key, plain(id=id), lambda unit, who: service.discard(unit, who, id))  # type: ignore[return-value]

    @shown(TENANT, "送审.")
    def submit_programme(self, info: Info, key: Id, id: Id) -> Programme:
        return _act(info, "submitProgramme", key, plain(id=id), lambda unit, who: service.submit(unit, who, id))  # type: ignore[return-value]

    @shown(TENANT, "退回, with the reason.")
    def send_back_programme(self, info: Info, key: Id, id: Id, reason: str) -> Programme:
        told = plain(id=id, reason=reason)
        return _act(info, "sendBackProgramme", key, told, lambda unit, who: service.send_back(unit, who, id, reason))  # type: ignore[return-value]

    @shown(TENANT, "签发专项方案; `unclassified` confirms 已经保密审查，不涉密.")
    def sign_off_programme(self, info: Info, key: Id, id: Id, unclassified: bool) -> Programme:  # noqa: FBT001
        return _act(  # type: ignore[return-value]
            info, "signOffProgramme", key, plain(id=id, unclassified=unclassified),
            lambda unit, who: service.sign_off(unit, who, id, unclassified=unclassified),
        )  # fmt: skip

    @shown(TENANT, "启动, on a day that is not to come; today if none is named.")
    def begin_programme(self, info: Info, key: Id, id: Id, day: dt.date | None = None) -> Programme:
        told = plain(id=id, day=day)
        return _act(info, "beginProgramme", key, told, lambda unit, who: service.begin(unit, who, id, day))  # type: ignore[return-value]

    @shown(TENANT, "任务完成, on a day that is not to come; again: it is open again.")
    def tick_programme_task(
        self, info: Info, key: Id, id: Id, number: int, day: dt.date | None = None
    ) -> Programme:  # fmt: skip
        return _act(  # type: ignore[return-value]
            info, "tickProgrammeTask", key, plain(id=id, number=number, day=day),
            lambda unit, who: progress_service.tick(unit, who, id, number, day),
        )  # fmt: skip

    @shown(TENANT, "纳入: a record of ours belongs to the programme; whether it did not before.")
    def attach_to_programme(self, info: Info, key: Id, id: Id, part_id: Id) -> bool:
        told = plain(id=id, part_id=part_id)
        return _act(
            info, "attachToProgramme", key, told,
            lambda unit, who: progress_service.attach(unit, who, id, part_id), kept_as=bool,
        )  # fmt: skip

    @shown(TENANT, "移出: it does not belong to it any more.")
    def detach_from_programme(self, info: Info, key: Id, id: Id, part_id: Id) -> bool:
        def detach(unit: Unit, who: Actor) -> bool:
            progress_service.detach(unit, who, id, part_id)
            return True

        return _act(info, "detachFromProgramme", key, plain(id=id, part_id=part_id), detach, kept_as=bool)

    @shown(TENANT, "登记: something was done for a target; a member enters their own. The id of the entry.")
    def enter_programme_entry(self, info: Info, key: Id, id: Id, deed: ProgrammeEntryInput) -> Id:
        told = plain(id=id, deed=deed)
        entered = _act(
            info, "enterProgrammeEntry", key, told,
            lambda unit, who: progress_service.enter(unit, who, id, deed.deed()), kept_as=str,
        )  # fmt: skip
        return Id(entered)

    @shown(TENANT, "删除登记; the id of its programme.")
    def strike_deed(self, info: Info, key: Id, id: Id) -> Id:
        told = plain(id=id)
        struck = _act(
            info, "strikeDeed", key, told, lambda unit, who: progress_service.strike(unit, who, id), kept_as=str
        )
        return Id(struck)

    @shown(TENANT, "Write the report; it is told when the programme is closed.")
    def write_programme_report(self, info: Info, key: Id, id: Id, text: str) -> Programme:
        told = plain(id=id, text=text)
        return _act(
            info, "writeProgrammeReport", key, told, lambda unit, who: service.write_report(unit, who, id, text)
        )  # type: ignore[return-value]

    @shown(TENANT, "办结, by whoever signs; `unclassified` confirms 已经保密审查，不涉密.")
    def close_programme(self, info: Info, key: Id, id: Id, unclassified: bool) -> Programme:  # noqa: FBT001
        context = info.context
        context.actor.require(UseCase.SIGN_OFF_PROGRAMMES)
        return _act(  # type: ignore[return-value]
            info, "closeProgramme", key, plain(id=id, unclassified=unclassified),
            lambda unit, who: service.close(unit, who, context.services.counting, id, unclassified=unclassified),
        )  # fmt: skip

    @shown(TENANT, "取消, with the reason.")
    def cancel_programme(self, info: Info, key: Id, id: Id, reason: str) -> Programme:
        told = plain(id=id, reason=reason)
        return _act(info, "cancelProgramme", key, told, lambda unit, who: service.cancel(unit, who, id, reason))  # type: ignore[return-value]

    @shown(TENANT, "Share a programme with exactly these.")
    def share_programme(self, info: Info, key: Id, id: Id, shares: list[ShareInput]) -> Programme:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "shareProgramme", key, plain(id=id, shares=shares),
            lambda unit: service.share(unit, context.actor, context.directory, id, shares_of(shares)),
        )  # fmt: skip


def _act(
    info: Info, name: str, key: Id, told: dict[str, Any], act: Callable[[Unit, Actor], T],
    kept_as: type[T] | None = None,
) -> T:  # fmt: skip
    """What its caller does; asked twice under one key, it is done once."""
    context = info.context
    return context.perform(name, key, told, lambda unit: act(unit, context.actor), kept_as)
