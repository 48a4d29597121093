"""Forms in GraphQL: what can be asked, and what can be done."""

from collections.abc import Callable
from typing import Any

import strawberry

from sync.contract.asking.cursors import Cursor
from sync.contract.ids import Id
from sync.contract.shapes.forms import FormOrder, FormRecord
from sync.contract.visibility import Visible
from tenant_service.forms import answer_service, queries, service
from tenant_service.forms.graphql_types import Form, FormFilter, FormInput
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import ShareInput, plain, shares_of
from tenant_service.graph.lists import Connection
from tenant_service.graph.types import Merge, shown
from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Unit

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


@strawberry.type
class FormMutation:
    @shown(TENANT, "拟稿: write a form down.")
    def draft_form(self, info: Info, key: Id, form: FormInput, shares: list[ShareInput]) -> Form:
        told, directory = plain(form=form, shares=shares), info.context.directory
        return _act(
            info, "draftForm", key, told,
            lambda unit, who: service.draft(unit, who, directory, form.draft(), shares_of(shares)),
        )  # fmt: skip

    @shown(TENANT, "Describe a draft anew that is not signed.")
    def redraft_form(self, info: Info, key: Id, id: Id, form: FormInput, shares: list[ShareInput]) -> Form:
        told, directory = plain(id=id, form=form, shares=shares), info.context.directory
        return _act(
            info, "redraftForm", key, told,
            lambda unit, who: service.redraft(unit, who, directory, id, form.draft(), shares_of(shares)),
        )  # fmt: skip

    @shown(TENANT, "作废: a draft that was never signed is not there any more; as it was.")
    def discard_form(self, info: Info, key: Id, id: Id) -> Form:
        return _act(info, "discardForm", key, plain(id=id), lambda unit, who: service.discard(unit, who, id))

    @shown(TENANT, "送审.")
    def submit_form(self, info: Info, key: Id, id: Id) -> Form:
        return _act(info, "submitForm", key, plain(id=id), lambda unit, who: service.submit(unit, who, id))

    @shown(TENANT, "退回, with the reason.")
    def send_back_form(self, info: Info, key: Id, id: Id, reason: str) -> Form:
        told = plain(id=id, reason=reason)
        return _act(info, "sendBackForm", key, told, lambda unit, who: service.send_back(unit, who, id, reason))

    @shown(TENANT, "签发; `unclassified` confirms 已经保密审查，不涉密.")
    def sign_off_form(self, info: Info, key: Id, id: Id, unclassified: bool) -> Form:  # noqa: FBT001
        return _act(
            info, "signOffForm", key, plain(id=id, unclassified=unclassified),
            lambda unit, who: service.sign_off(unit, who, id, unclassified=unclassified),
        )  # fmt: skip

    @shown(TENANT, "开放: whoever is asked answers from now on.")
    def open_form(self, info: Info, key: Id, id: Id) -> Form:
        return _act(info, "openForm", key, plain(id=id), lambda unit, who: service.open_form(unit, who, id))

    @shown(TENANT, "截止: nobody answers any more.")
    def close_form(self, info: Info, key: Id, id: Id) -> Form:
        return _act(info, "closeForm", key, plain(id=id), lambda unit, who: service.close(unit, who, id))

    @shown(TENANT, "撤下, with the reason; answers stay.")
    def withdraw_form(self, info: Info, key: Id, id: Id, reason: str) -> Form:
        told = plain(id=id, reason=reason)
        return _act(info, "withdrawForm", key, told, lambda unit, who: service.withdraw(unit, who, id, reason))

    @shown(TENANT, "Share a form with exactly these.")
    def share_form(self, info: Info, key: Id, id: Id, shares: list[ShareInput]) -> Form:
        told, directory = plain(id=id, shares=shares), info.context.directory
        return _act(
            info, "shareForm", key, told,
            lambda unit, who: service.share(unit, who, directory, id, shares_of(shares)),
        )  # fmt: skip

    @shown(TENANT, "作答: per question the numbers of options from 1, one text, one number, or nothing.")
    def answer_form(self, info: Info, key: Id, id: Id, values: list[list[str]]) -> Form:
        told = plain(id=id, values=values)
        return _act(info, "answerForm", key, told, lambda unit, who: answer_service.answer(unit, who, id, values))


def _act(info: Info, name: str, key: Id, told: dict[str, Any], act: Callable[[Unit, Actor], FormRecord]) -> Form:
    """The form after what its caller does; asked twice under one key, it is done once."""
    context = info.context
    return context.perform(name, key, told, lambda unit: act(unit, context.actor))  # type: ignore[return-value]
