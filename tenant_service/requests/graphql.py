"""Requests in GraphQL."""

import datetime as dt

import strawberry

from sync.contract.asking.cursors import Cursor
from sync.contract.ids import Id
from sync.contract.kinds import Kind
from sync.contract.shapes.requests import RequestKind, RequestRecord, RequestState
from sync.contract.visibility import Visible
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import given
from tenant_service.graph.lists import Connection, Node
from tenant_service.graph.looked_at import counted
from tenant_service.graph.types import Home, contract_enum, record_type, shown
from tenant_service.members import contacts
from tenant_service.requests import queries
from tenant_service.requests.models import IncomingRow, RequestRow

TENANT = Visible.TENANT


class RequestOrder(Kind):
    """请求排序."""

    ASKED_AT_DESC = "ASKED_AT_DESC", "由近到远"


for each in (RequestKind, RequestState, RequestOrder):
    contract_enum(each)


@record_type
class Request(RequestRecord, Node):
    @shown(TENANT, "Where it stands.")
    def state(self, info: Info) -> RequestState:
        return _row(self, info).state

    @shown(TENANT, "Of a reply: at which number its contact is called, as it is shown to the asker.")
    def contact_phone(self, info: Info) -> str | None:
        row = _row(self, info)
        return contacts.phone(info.context.unit, info.context.actor, row.contact_phone)

    @shown(TENANT, "Code of the refusal, if it was refused.")
    def code(self, info: Info) -> str | None:
        return _row(self, info).code

    @shown(TENANT, "Why it was refused, in Chinese.")
    def reason_zh(self, info: Info) -> str | None:
        return _row(self, info).reason_zh

    @shown(TENANT, "Why it was refused, in English.")
    def reason_en(self, info: Info) -> str | None:
        return _row(self, info).reason_en

    @shown(TENANT, "The record that came of it, at its owner.")
    def result_id(self, info: Info) -> Id | None:
        return _row(self, info).result_id  # type: ignore[return-value]

    @shown(TENANT, "When it was answered.")
    def answered_at(self, info: Info) -> dt.datetime | None:
        return _row(self, info).answered_at


def _row(request: RequestRecord, info: Info) -> RequestRow | IncomingRow:
    row = queries.row_of(info.context.unit.session, request.id)
    if row is None:
        raise LookupError(request.id)
    return row


@strawberry.input(description="Which requests; everything given must hold.")
class RequestFilter:
    states: list[RequestState] | None = strawberry.UNSET
    kinds: list[RequestKind] | None = strawberry.UNSET
    subject_id: Id | None = strawberry.UNSET

    def wanted(self) -> queries.Wanted:
        return queries.Wanted(**given(self))


@strawberry.type
class RequestQuery:
    @shown(TENANT, "What we asked of other committees.", directives=[Home()])
    def requests(
        self, info: Info, where: RequestFilter | None = strawberry.UNSET, first: int = 20,
        order_by: RequestOrder = RequestOrder.ASKED_AT_DESC, after: Cursor | None = strawberry.UNSET,
    ) -> Connection[Request]:  # fmt: skip
        wanted = where.wanted() if where else queries.Wanted()
        context = info.context
        found = queries.sent(context.unit.session, context.actor, wanted, order_by, first, after or None)
        return Connection(page=counted(context, found))

    @shown(TENANT, "What other committees asked of us.", directives=[Home()])
    def incoming_requests(
        self, info: Info, where: RequestFilter | None = strawberry.UNSET, first: int = 20,
        order_by: RequestOrder = RequestOrder.ASKED_AT_DESC, after: Cursor | None = strawberry.UNSET,
    ) -> Connection[Request]:  # fmt: skip
        wanted = where.wanted() if where else queries.Wanted()
        context = info.context
        found = queries.received(context.unit.session, context.actor, wanted, order_by, first, after or None)
        return Connection(page=counted(context, found))
