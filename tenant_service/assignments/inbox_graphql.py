"""The inbox in GraphQL: what other committees handed over to bodies of the list, and what these do with it."""

import datetime as dt
from collections.abc import Callable

import strawberry

from sync.contract.asking.cursors import Cursor
from sync.contract.ids import Id
from sync.contract.shapes.handovers import HandlingAct, HandoverOrder, HandoverRecord
from sync.contract.shapes.items import AssignmentState, ReplyClass
from sync.contract.shapes.requests import RequestRecord, RequestState
from sync.contract.visibility import Visible, visible
from tenant_service.assignments import inbox_queries as inbox
from tenant_service.assignments import inbox_service as service
from tenant_service.assignments.graphql_types import ReplyInput
from tenant_service.assignments.models import SeenHandoverRow
from tenant_service.exchange.answering import Handlers
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import plain
from tenant_service.graph.lists import Connection, Node
from tenant_service.graph.types import Home, contract_enum, record_type, shown
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.requests.graphql import Request
from tenant_service.storage.unit_of_work import Unit

TENANT = Visible.TENANT
for each in (HandlingAct, HandoverOrder):
    contract_enum(each)


@strawberry.type(description="办理行为: what the body did, and what became of it at the committee that handed it over.")
class Handling:
    id: Id = visible(TENANT, "Of the request.")
    act: HandlingAct | None = visible(TENANT, "What was done.")
    state: RequestState = visible(TENANT, "QUEUED or DELIVERED: 已提交，待对方确认; else what was said to it.")
    at: dt.datetime = visible(TENANT, "When it was done, which is the moment that counts.")
    text: str | None = visible(TENANT, "The reason, or the reply.")
    until: dt.date | None = visible(TENANT, "Of an extension: the day asked for.")
    suggested: str | None = visible(TENANT, "The body suggested instead.")
    reply_class: ReplyClass | None = visible(TENANT, "Of a reply: its class.")
    document_no: str | None = visible(TENANT, "Of a reply: 文号.")
    contact_name: str | None = visible(TENANT, "Of a reply: whom to call.")
    files: int | None = visible(TENANT, "Of a reply: files of evidence, which stay here.")
    code: str | None = visible(TENANT, "Code of the refusal.")
    reason_zh: str | None = visible(TENANT, "Why it was refused, in Chinese.")
    reason_en: str | None = visible(TENANT, "Why it was refused, in English.")


@record_type
class Handover(HandoverRecord, Node):
    @shown(TENANT, "What the body did, oldest first; at its home alone, for its contact and the office.")
    def done(self, info: Info) -> list[Handling]:
        session = info.context.unit.session
        return [
            Handling(
                id=Id(each.id), act=HandlingAct.known(each.detail or ""), state=each.state, at=each.asked_at,
                text=each.text, until=each.until, suggested=each.suggested, reply_class=each.reply_class,
                document_no=each.document_no, contact_name=each.contact_name, files=each.files, code=each.code,
                reason_zh=each.reason_zh, reason_en=each.reason_en,
            )
            for each in (inbox.done(session, self.id) if _row(info, self.id) else ())
        ]  # fmt: skip

    @shown(TENANT, "Whether it lies in the body's inbox; false: the office has not let it in. Null at its owner.")
    def is_taken(self, info: Info) -> bool | None:
        row = _row(info, self.id)
        return row.is_taken if row else None

    @shown(TENANT, "As of when the owner told this; null at its owner.")
    def told_at(self, info: Info) -> dt.datetime | None:
        row = _row(info, self.id)
        return row.as_of if row else None


def _row(info: Info, id: str) -> SeenHandoverRow | None:
    return inbox.row_of(info.context.unit.session, info.context.actor, id)


@strawberry.input(description="Which of the inbox; everything given must hold. Days are included.")
class InboxFilter:
    states: list[AssignmentState] | None = None
    due_from: dt.date | None = None
    due_to: dt.date | None = None
    is_over: bool | None = strawberry.field(
        default=None, description="Whether nothing is owed any more: closed, withdrawn, or another body's by now."
    )

    def wanted(self) -> inbox.Wanted:
        return inbox.Wanted(self.states or (), self.due_from, self.due_to, None, self.is_over)


@strawberry.type
class InboxQuery:
    @shown(
        TENANT, "来自其他政协的交办, one page: for a contact what came for the own body, for the office all of it.",
        directives=[Home()],
    )  # fmt: skip
    def inbox(
        self, info: Info, where: InboxFilter | None = None, first: int = 20,
        order_by: HandoverOrder = HandoverOrder.DUE_ON_ASC, after: Cursor | None = strawberry.UNSET,
    ) -> Connection[Handover]:  # fmt: skip
        context, wanted = info.context, where.wanted() if where else inbox.Wanted()
        found = inbox.listed(context.unit.session, context.actor, wanted, order_by, first, after or None)
        return Connection(page=found)

    @shown(TENANT, "One handover: at the body's home for its contact and the office, at its owner for the office.")
    def handover(self, info: Info, id: Id) -> Handover | None:
        return inbox.found(info.context.unit.session, info.context.actor, id)  # type: ignore[return-value]


@strawberry.type
class InboxMutation:
    @shown(TENANT, "签收 of what another committee handed over, by the body's contact; so are the next three.")
    def accept_handover(self, info: Info, key: Id, id: Id) -> Request:
        return _ask(info, "acceptHandover", key, {"id": id}, lambda at, who, by: service.accept(at, who, by, id))

    @shown(TENANT, "申请退办, with the reason and perhaps another body.")
    def ask_to_return_handover(
        self, info: Info, key: Id, id: Id, reason: str, suggested: str | None = None
    ) -> Request:  # fmt: skip
        return _ask(
            info, "askToReturnHandover", key, {"id": id, "reason": reason, "suggested": suggested},
            lambda at, who, by: service.ask_to_return(at, who, by, id, reason, suggested),
        )  # fmt: skip

    @shown(TENANT, "申请延期, before the due date.")
    def ask_extension_of_handover(self, info: Info, key: Id, id: Id, due_on: dt.date, reason: str) -> Request:
        return _ask(
            info, "askExtensionOfHandover", key, {"id": id, "due_on": due_on, "reason": reason},
            lambda at, who, by: service.ask_extension(at, who, by, id, due_on, reason),
        )  # fmt: skip

    @shown(TENANT, "回复, with 文号 if it has one; evidence stays here, and how much there is is told.")
    def reply_to_handover(
        self, info: Info, key: Id, id: Id, reply: ReplyInput, document_no: str | None = None,
        without_opinions: bool = False,  # noqa: FBT001, FBT002
    ) -> Request:  # fmt: skip
        return _ask(
            info, "replyToHandover", key,
            plain(id=id, reply=reply, document_no=document_no, without_opinions=without_opinions),
            lambda at, who, by: service.reply(
                at, who, by, id, reply.reply(), document_no=document_no, without_opinions=without_opinions
            ),
        )  # fmt: skip

    @shown(TENANT, "转交承办: let a body have what came for it though it does not take from there; for the office.")
    def let_in_handover(self, info: Info, key: Id, id: Id) -> Handover:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "letInHandover", key, plain(id=id), lambda at: service.let_in(at, context.actor, id)
        )

    @shown(TENANT, "退回交办方: ask in such a body's place that it be returned; for the office.")
    def turn_away_handover(self, info: Info, key: Id, id: Id, reason: str) -> Request:
        return _ask(
            info, "turnAwayHandover", key, {"id": id, "reason": reason},
            lambda at, who, by: service.turn_away(at, who, by, id, reason), UseCase.EDIT_ITEMS,
        )  # fmt: skip


def _ask(
    info: Info, name: str, key: Id, told: dict[str, object], act: Callable[[Unit, Actor, Handlers], RequestRecord],
    use: UseCase = UseCase.HANDLE_ASSIGNMENTS,
) -> Request:  # fmt: skip
    """What its caller does; asked twice under one key, it is done once."""
    context = info.context
    context.actor.require(use)
    handlers = context.services.handlers
    return context.perform(name, key, plain(**told), lambda at: act(at, context.actor, handlers))  # type: ignore[return-value]
