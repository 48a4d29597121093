"""Forms in GraphQL: what can be asked, and what can be done."""

import strawberry

from sync.contract.asking.cursors import Cursor
from sync.contract.ids import Id
from sync.contract.shapes.forms import FormOrder
from sync.contract.visibility import Visible
from tenant_service.forms import answer_service, queries, service
from tenant_service.forms.graphql_types import Form, FormFilter, FormInput
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import plain
from tenant_service.graph.lists import Connection
from tenant_service.graph.mutations import DescribedMutations, perform
from tenant_service.graph.types import Merge, shown

PUBLIC, TENANT = Visible.PUBLIC, Visible.TENANT


@strawberry.type
class FormQuery:
    @shown(PUBLIC, "Forms, one page.", directives=[Merge(by="orderBy")])
    def forms(
        self, info: Info, where: FormFilter | None = strawberry.UNSET, first: int = 20,
        order_by: FormOrder = FormOrder.CHANGED_AT_DESC, after: Cursor | None = strawberry.UNSET,
    ) -> Connection[Form]:  # fmt: skip
        context, wanted = info.context, where.wanted() if where else queries.Wanted()
        found = queries.listed(
            context.unit.session, context.actor, wanted, order_by, first, after or None, context.owners
        )
        return Connection(page=found)

    @shown(PUBLIC, "One form.")
    def form(self, info: Info, id: Id) -> Form | None:
        return queries.one(info.context.unit.session, info.context.actor, id)  # type: ignore[return-value]


FORMS = DescribedMutations(Form, "form", FormInput)


@strawberry.type
class FormMutation:
    draft_form = FORMS.new("拟稿: write a form down.", service.draft)
    redraft_form = FORMS.anew("Describe a draft anew that is not signed.", service.redraft)
    discard_form = FORMS.act("作废: a draft that was never signed is not there any more; as it was.", service.discard)
    submit_form = FORMS.act("送审.", service.submit)
    send_back_form = FORMS.act_because("退回, with the reason.", service.send_back)
    sign_off_form = FORMS.sign_off("签发; `unclassified` confirms 已经保密审查，不涉密.", service.sign_off)
    open_form = FORMS.act("开放: whoever is asked answers from now on.", service.open_form)
    close_form = FORMS.act("截止: nobody answers any more.", service.close)
    withdraw_form = FORMS.act_because("撤下, with the reason; answers stay.", service.withdraw)
    share_form = FORMS.share("Share a form with exactly these.", service.share)

    @shown(TENANT, "作答: per question the numbers of options from 1, one text, one number, or nothing.")
    def answer_form(self, info: Info, key: Id, id: Id, values: list[list[str]]) -> Form:
        return perform(  # type: ignore[return-value]
            info, key, plain(id=id, values=values),
            lambda unit, who: answer_service.answer(unit, who, id, values),
        )  # fmt: skip
