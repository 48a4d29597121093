"""Appraisals in GraphQL: what can be asked, and what can be done."""

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
from tenant_service.graph.mutations import Mutations, perform
from tenant_service.graph.types import Merge, shown
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.storage.unit_of_work import Unit

PUBLIC, TENANT = Visible.PUBLIC, Visible.TENANT


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


APPRAISALS = Mutations(Appraisal)


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
        return perform(info, key, told, begin)  # type: ignore[return-value]

    @shown(TENANT, "填评议票, once; nobody is told what it says. What it says is not kept under the key either.")
    def give_ballot(self, info: Info, key: Id, id: Id, ballot: BallotInput) -> Appraisal:
        return perform(  # type: ignore[return-value]
            info, key, plain(id=id), lambda unit, who: service.give_ballot(unit, who, id, ballot.ballot())
        )

    count_appraisal = APPRAISALS.act("计票: no more ballots are given.", service.count)
    publish_appraisal = APPRAISALS.sign_off("公布; `unclassified` confirms 已经保密审查，不涉密.", service.publish)

    @shown(TENANT, "异议 of the body, entered by the office.")
    def object_to_appraisal(self, info: Info, key: Id, id: Id, objection: str) -> Appraisal:
        return perform(  # type: ignore[return-value]
            info, key, plain(id=id, objection=objection),
            lambda unit, who: service.object_to(unit, who, id, objection),
        )  # fmt: skip

    @shown(TENANT, "Answer an objection: the result stands; `unclassified` confirms 已经保密审查，不涉密.")
    def answer_objection(self, info: Info, key: Id, id: Id, answer: str, unclassified: bool) -> Appraisal:  # noqa: FBT001
        return perform(  # type: ignore[return-value]
            info, key, plain(id=id, answer=answer, unclassified=unclassified),
            lambda unit, who: service.answer(unit, who, id, answer, unclassified=unclassified),
        )  # fmt: skip

    finalize_appraisal = APPRAISALS.act("确定: the result is final.", service.finalize)
    cancel_appraisal = APPRAISALS.act_because("取消, with the reason.", service.cancel)
    share_appraisal = APPRAISALS.share("Share a result with exactly these.", service.share)
