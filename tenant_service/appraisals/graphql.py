"""Appraisals in GraphQL: what can be asked, and what can be done."""

from collections.abc import Callable
from typing import Any, TypeVar

import strawberry

from sync.contract.asking.cursors import Cursor
from sync.contract.ids import Id
from sync.contract.shapes.supervision import AppraisalOrder, AppraisalRecord
from sync.contract.visibility import Visible
from tenant_service.appraisals import queries, service
from tenant_service.appraisals.graphql_types import Appraisal, AppraisalFilter, AppraisalInput, BallotInput
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import ShareInput, plain, shares_of
from tenant_service.graph.lists import Connection
from tenant_service.graph.types import Merge, shown
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.storage.unit_of_work import Unit

PUBLIC, TENANT = Visible.PUBLIC, Visible.TENANT
T = TypeVar("T")


@strawberry.type
class AppraisalQuery:
    @shown(PUBLIC, "Democratic appraisals, one page.", directives=[Merge(by="orderBy")])
    def appraisals(
        self, info: Info, where: AppraisalFilter | None = strawberry.UNSET, first: int = 20,
        order_by: AppraisalOrder = AppraisalOrder.CHANGED_AT_DESC, after: Cursor | None = strawberry.UNSET,
    ) -> Connection[Appraisal]:  # fmt: skip
        context, wanted = info.context, where.wanted() if where else queries.Wanted()
        found = queries.listed(
            context.unit.session, context.actor, wanted, order_by, first, after or None, context.owners
        )
        return Connection(page=found)

    @shown(PUBLIC, "One appraisal.")
    def appraisal(self, info: Info, id: Id) -> Appraisal | None:
        return queries.one(info.context.unit.session, info.context.actor, id)  # type: ignore[return-value]


@strawberry.type
class AppraisalMutation:
    @shown(TENANT, "评议开始: those who are on the list now may give a ballot each.")
    def begin_appraisal(self, info: Info, key: Id, appraisal: AppraisalInput, shares: list[ShareInput]) -> Appraisal:
        context = info.context

        def begin(unit: Unit, who: Actor) -> AppraisalRecord:
            who.require(UseCase.EDIT_SUPERVISION)  # before anything of the service is looked at
            least = context.services.least_ballots
            return service.begin(unit, who, context.directory, appraisal.draft(), shares_of(shares), least)

        told = plain(appraisal=appraisal, shares=shares)
        return _act(info, "beginAppraisal", key, told, begin)  # type: ignore[return-value]

    @shown(TENANT, "填评议票, once; nobody is told what it says. What it says is not kept under the key either.")
    def give_ballot(self, info: Info, key: Id, id: Id, ballot: BallotInput) -> Appraisal:
        return _act(  # type: ignore[return-value]
            info, "giveBallot", key, plain(id=id), lambda unit, who: service.give_ballot(unit, who, id, ballot.ballot())
        )

    @shown(TENANT, "计票: no more ballots are given.")
    def count_appraisal(self, info: Info, key: Id, id: Id) -> Appraisal:
        return _act(  # type: ignore[return-value]
            info, "countAppraisal", key, plain(id=id), lambda unit, who: service.count(unit, who, id)
        )

    @shown(TENANT, "公布; `unclassified` confirms 已经保密审查，不涉密.")
    def publish_appraisal(self, info: Info, key: Id, id: Id, unclassified: bool) -> Appraisal:  # noqa: FBT001
        return _act(  # type: ignore[return-value]
            info, "publishAppraisal", key, plain(id=id, unclassified=unclassified),
            lambda unit, who: service.publish(unit, who, id, unclassified=unclassified),
        )  # fmt: skip

    @shown(TENANT, "异议 of the body, entered by the office.")
    def object_to_appraisal(self, info: Info, key: Id, id: Id, objection: str) -> Appraisal:
        return _act(  # type: ignore[return-value]
            info, "objectToAppraisal", key, plain(id=id, objection=objection),
            lambda unit, who: service.object_to(unit, who, id, objection),
        )  # fmt: skip

    @shown(TENANT, "Answer an objection: the result stands; `unclassified` confirms 已经保密审查，不涉密.")
    def answer_objection(self, info: Info, key: Id, id: Id, answer: str, unclassified: bool) -> Appraisal:  # noqa: FBT001
        return _act(  # type: ignore[return-value]
            info, "answerObjection", key, plain(id=id, answer=answer, unclassified=unclassified),
            lambda unit, who: service.answer(unit, who, id, answer, unclassified=unclassified),
        )  # fmt: skip

    @shown(TENANT, "确定: the result is final.")
    def finalize_appraisal(self, info: Info, key: Id, id: Id) -> Appraisal:
        return _act(  # type: ignore[return-value]
            info, "finalizeAppraisal", key, plain(id=id), lambda unit, who: service.finalize(unit, who, id)
        )

    @shown(TENANT, "取消, with the reason.")
    def cancel_appraisal(self, info: Info, key: Id, id: Id, reason: str) -> Appraisal:
        return _act(  # type: ignore[return-value]
            info, "cancelAppraisal", key, plain(id=id, reason=reason),
            lambda unit, who: service.cancel(unit, who, id, reason),
        )  # fmt: skip

    @shown(TENANT, "Share a result with exactly these.")
    def share_appraisal(self, info: Info, key: Id, id: Id, shares: list[ShareInput]) -> Appraisal:
        context = info.context
        return _act(  # type: ignore[return-value]
            info, "shareAppraisal", key, plain(id=id, shares=shares),
            lambda unit, who: service.share(unit, who, context.directory, id, shares_of(shares)),
        )  # fmt: skip


def _act(info: Info, name: str, key: Id, told: dict[str, Any], act: Callable[[Unit, Actor], T]) -> T:
    """The appraisal after what its caller does; asked twice under one key, it is done once."""
    context = info.context
    return context.perform(name, key, told, lambda unit: act(unit, context.actor))
