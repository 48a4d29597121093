"""Items and assignments in GraphQL: what can be asked, and what can be done."""

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

import strawberry

from sync.contract.asking.cursors import Cursor
from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id
from sync.contract.shapes.items import (
    AssignmentOrder,
    AssignmentRecord,
    CallOrder,
    ItemOrder,
    ItemRecord,
    Satisfaction,
)
from sync.contract.visibility import Visible
from tenant_service.assignments import adoption_service as adoption
from tenant_service.assignments import call_queries, handling_queries, queries, service
from tenant_service.assignments import call_service as calling
from tenant_service.assignments import handing_over_service as over
from tenant_service.assignments import handling_service as handling
from tenant_service.assignments import proposal_queries as proposals
from tenant_service.assignments import proposal_service as proposing
from tenant_service.assignments import reminder_service as reminding
from tenant_service.assignments.descriptions import Paper
from tenant_service.assignments.graphql_types import (
    Assignment,
    AssignmentFilter,
    Call,
    CallFilter,
    CallInput,
    Item,
    ItemFilter,
    ItemInput,
    PaperInput,
    PartInput,
    ReplyInput,
    ReplyLetter,
)
from tenant_service.assignments.inbox_graphql import InboxMutation, InboxQuery
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import ShareInput, plain, shares_of
from tenant_service.graph.lists import Connection
from tenant_service.graph.types import Home, Merge, shown
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.proposals import queries as records
from tenant_service.requests.graphql import Request
from tenant_service.storage.unit_of_work import Unit

PUBLIC, TENANT = Visible.PUBLIC, Visible.TENANT
T = TypeVar("T")


@strawberry.type
class AssignmentQuery(InboxQuery):
    @shown(PUBLIC, "清单条目, one page.", directives=[Merge(by="orderBy")])
    def items(
        self, info: Info, where: ItemFilter | None = strawberry.UNSET, first: int = 20,
        order_by: ItemOrder = ItemOrder.CHANGED_AT_DESC, after: Cursor | None = strawberry.UNSET,
    ) -> Connection[Item]:  # fmt: skip
        context, wanted = info.context, where.wanted() if where else queries.Wanted()
        found = queries.listed(
            context.unit.session, context.actor, wanted, order_by, first, after or None, context.owners
        )
        return Connection(page=found)

    @shown(PUBLIC, "One item.")
    def item(self, info: Info, id: Id) -> Item | None:
        return queries.one(info.context.unit.session, info.context.actor, id)  # type: ignore[return-value]

    @shown(PUBLIC, "交办, one page.", directives=[Merge(by="orderBy")])
    def assignments(
        self, info: Info, where: AssignmentFilter | None = strawberry.UNSET, first: int = 20,
        order_by: AssignmentOrder = AssignmentOrder.CHANGED_AT_DESC, after: Cursor | None = strawberry.UNSET,
    ) -> Connection[Assignment]:  # fmt: skip
        context, wanted = info.context, where.wanted() if where else handling_queries.Wanted()
        found = handling_queries.listed(
            context.unit.session, context.actor, wanted, order_by, first, after or None, context.owners
        )
        return Connection(page=found)

    @shown(PUBLIC, "One assignment.")
    def assignment(self, info: Info, id: Id) -> Assignment | None:
        return handling_queries.one(info.context.unit.session, info.context.actor, id)  # type: ignore[return-value]

    @shown(PUBLIC, "吹哨报到, one page.", directives=[Merge(by="orderBy")])
    def calls(
        self, info: Info, where: CallFilter | None = strawberry.UNSET, first: int = 20,
        order_by: CallOrder = CallOrder.CHANGED_AT_DESC, after: Cursor | None = strawberry.UNSET,
    ) -> Connection[Call]:  # fmt: skip
        context, wanted = info.context, where.wanted() if where else call_queries.Wanted()
        found = call_queries.listed(
            context.unit.session, context.actor, wanted, order_by, first, after or None, context.owners
        )
        return Connection(page=found)

    @shown(PUBLIC, "One call.")
    def call(self, info: Info, id: Id) -> Call | None:
        return call_queries.one(info.context.unit.session, info.context.actor, id)  # type: ignore[return-value]

    @shown(
        TENANT,
        "答复函: the letters that answered a proposal, the first one first, once whoever signs has closed them; for "
        "the office and its proposers.",
        directives=[Home()],
    )
    def proposal_letters(self, info: Info, id: Id) -> list[ReplyLetter]:
        session, actor = info.context.unit.session, info.context.actor
        if records.at_work(session, actor, id) is None:
            raise Refusal(Code.NOT_FOUND)
        return [ReplyLetter.of(row, letter) for row, letter in proposals.told_letters(session, id)]


@strawberry.type
class AssignmentMutation(InboxMutation):
    # ── items ──

    @shown(TENANT, "拟列: put an item on the list of a topic, an activity or a campaign.")
    def propose_item(self, info: Info, key: Id, list_id: Id, item: ItemInput, shares: list[ShareInput]) -> Item:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "proposeItem", key, plain(list_id=list_id, item=item, shares=shares),
            lambda unit: service.propose(
                unit, context.actor, context.directory, list_id, item.draft(), shares_of(shares)
            ),
        )  # fmt: skip

    @shown(TENANT, "Describe an item anew that is not agreed.")
    def redraft_item(self, info: Info, key: Id, id: Id, item: ItemInput, shares: list[ShareInput]) -> Item:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "redraftItem", key, plain(id=id, item=item, shares=shares),
            lambda unit: service.redraft(unit, context.actor, context.directory, id, item.draft(), shares_of(shares)),
        )  # fmt: skip

    @shown(TENANT, "作废: an item that was never agreed is not there any more; as it was.")
    def discard_item(self, info: Info, key: Id, id: Id) -> Item:
        return _act(info, "discardItem", key, plain(id=id), lambda unit, who: service.discard(unit, who, id))  # type: ignore[return-value]

    @shown(TENANT, "确认: it has its number and may leave; `unclassified` confirms 已经保密审查，不涉密.")
    def agree_item(self, info: Info, key: Id, id: Id, unclassified: bool) -> Item:  # noqa: FBT001
        return _act(  # type: ignore[return-value]
            info, "agreeItem", key, plain(id=id, unclassified=unclassified),
            lambda unit, who: service.agree(unit, who, id, unclassified=unclassified),
        )  # fmt: skip

    @shown(TENANT, "全部确认: everything that is proposed on a list, in the order in which it was entered.")
    def agree_items(self, info: Info, key: Id, list_id: Id, unclassified: bool) -> list[Item]:  # noqa: FBT001
        return _many(  # type: ignore[no-any-return]
            info, "agreeItems", key, plain(list_id=list_id, unclassified=unclassified), ItemRecord,
            lambda unit, who: service.agree_all(unit, who, list_id, unclassified=unclassified),
        )  # fmt: skip

    @shown(TENANT, "未采纳, with the reason.")
    def not_adopt_item(self, info: Info, key: Id, id: Id, reason: str) -> Item:
        told = plain(id=id, reason=reason)
        return _act(info, "notAdoptItem", key, told, lambda unit, who: service.not_adopt(unit, who, id, reason))  # type: ignore[return-value]

    @shown(TENANT, "认定已落实, where replies came that did not say so by themselves.")
    def carry_out_item(self, info: Info, key: Id, id: Id) -> Item:
        return _act(info, "carryOutItem", key, plain(id=id), lambda unit, who: service.carry_out(unit, who, id))  # type: ignore[return-value]

    @shown(TENANT, "重新办理: what was done is not, with the reason.")
    def reopen_item(self, info: Info, key: Id, id: Id, reason: str) -> Item:
        told = plain(id=id, reason=reason)
        return _act(info, "reopenItem", key, told, lambda unit, who: service.reopen(unit, who, id, reason))  # type: ignore[return-value]

    @shown(TENANT, "采纳: the own committee takes up an item, its own or one that was shared with it.")
    def adopt_item(self, info: Info, key: Id, id: Id) -> Request:
        info.context.actor.require(UseCase.SIGN_OFF_ITEMS)
        handlers = info.context.services.handlers
        return _act(info, "adoptItem", key, plain(id=id), lambda unit, who: adoption.adopt(unit, who, handlers, id))  # type: ignore[return-value]

    @shown(TENANT, "Share an item and its assignments with exactly these.")
    def share_item(self, info: Info, key: Id, id: Id, shares: list[ShareInput]) -> Item:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "shareItem", key, plain(id=id, shares=shares),
            lambda unit: service.share(unit, context.actor, context.directory, id, shares_of(shares)),
        )  # fmt: skip

    # ── handing over ──

    @shown(TENANT, "转送: give an item to the 交办单位, a body of the own list.")
    def forward_item(self, info: Info, key: Id, id: Id, office_id: Id) -> Assignment:
        told = plain(id=id, office_id=office_id)
        return _act(info, "forwardItem", key, told, lambda unit, who: over.forward(unit, who, id, office_id))  # type: ignore[return-value]

    @shown(
        TENANT,
        "交办: who handles it, and until when; for the 交办单位 that has it. The first of its parts.",
    )
    def assign(
        self, info: Info, key: Id, id: Id, parts: list[PartInput], instructions: str | None = None
    ) -> Assignment:
        return _act(  # type: ignore[return-value]
            info, "assign", key, plain(id=id, parts=parts, instructions=instructions),
            lambda unit, who: over.assign(
                unit, who, info.context.terms(UseCase.HAND_OVER), id, [each.part() for each in parts], instructions
            )[0],
        )  # fmt: skip

    @shown(TENANT, "维持交办, with the reason.")
    def uphold_assignment(self, info: Info, key: Id, id: Id, reason: str) -> Assignment:
        told = plain(id=id, reason=reason)
        return _act(info, "upholdAssignment", key, told, lambda unit, who: over.uphold(unit, who, id, reason))  # type: ignore[return-value]

    @shown(TENANT, "改派: another body has it, with a clock of its own.")
    def reassign_assignment(
        self, info: Info, key: Id, id: Id, body_id: Id, due_on: dt.date | None = None
    ) -> Assignment:  # fmt: skip
        return _act(  # type: ignore[return-value]
            info, "reassignAssignment", key, plain(id=id, body_id=body_id, due_on=due_on),
            lambda unit, who: over.reassign(unit, who, info.context.terms(UseCase.HAND_OVER), id, body_id, due_on),
        )  # fmt: skip

    @shown(TENANT, "同意延期.")
    def grant_extension(self, info: Info, key: Id, id: Id) -> Assignment:
        return _act(info, "grantExtension", key, plain(id=id), lambda unit, who: over.grant_extension(unit, who, id))  # type: ignore[return-value]

    @shown(TENANT, "不同意延期, with the reason.")
    def refuse_extension(self, info: Info, key: Id, id: Id, reason: str) -> Assignment:
        told = plain(id=id, reason=reason)
        return _act(info, "refuseExtension", key, told, lambda unit, who: over.refuse_extension(unit, who, id, reason))  # type: ignore[return-value]

    @shown(
        TENANT,
        "调整期限: the 交办单位 sets another last day by a paper of its own, late or not; how late it was stays.",
    )
    def reschedule_assignment(
        self, info: Info, key: Id, id: Id, due_on: dt.date, reason: str, document: str
    ) -> Assignment:  # fmt: skip
        return _act(  # type: ignore[return-value]
            info, "rescheduleAssignment", key, plain(id=id, due_on=due_on, reason=reason, document=document),
            lambda unit, who: over.reschedule(unit, who, id, due_on, reason, document),
        )  # fmt: skip

    @shown(
        TENANT,
        "催办: urge whoever has these, at most 100, each once a day; those that were urged today are left out. In "
        "`words` 〔事项〕, 〔期限〕 and 〔逾期〕 are filled in. By the office, or the 交办单位 that has them.",
    )
    def urge_assignments(self, info: Info, key: Id, ids: list[Id], words: str | None = None) -> list[Assignment]:
        return _many(  # type: ignore[no-any-return]
            info, "urgeAssignments", key, plain(ids=ids, words=words), AssignmentRecord,
            lambda unit, who: reminding.urge(unit, who, ids, words),
        )  # fmt: skip

    @shown(
        TENANT,
        "重新办理, when the committee has taken the item up again, for its reason; each further part for its own. "
        "Without a day, as many workdays as are usual.",
    )
    def reopen_assignment(
        self, info: Info, key: Id, id: Id, due_on: dt.date | None = None, reason: str | None = None
    ) -> Assignment:
        return _act(  # type: ignore[return-value]
            info, "reopenAssignment", key, plain(id=id, due_on=due_on, reason=reason),
            lambda unit, who: over.reopen(unit, who, info.context.terms(UseCase.HAND_OVER), id, due_on, reason),
        )  # fmt: skip

    @shown(TENANT, "撤回交办, with the reason.")
    def withdraw_assignment(self, info: Info, key: Id, id: Id, reason: str) -> Assignment:
        told = plain(id=id, reason=reason)
        return _act(info, "withdrawAssignment", key, told, lambda unit, who: over.withdraw(unit, who, id, reason))  # type: ignore[return-value]

    # ── handling ──

    @shown(TENANT, "签收, by the body's contact; so are the next three; on paper by the office.")
    def accept_assignment(self, info: Info, key: Id, id: Id, paper: PaperInput | None = None) -> Assignment:
        return _act(  # type: ignore[return-value]
            info, "acceptAssignment", key, plain(id=id, paper=paper),
            lambda unit, who: handling.accept(unit, who, id, _paper(paper)),
        )  # fmt: skip

    @shown(TENANT, "申请退办, within the term for it, with the reason and perhaps another body.")
    def ask_to_return_assignment(
        self, info: Info, key: Id, id: Id, reason: str, suggested: str | None = None, paper: PaperInput | None = None
    ) -> Assignment:
        use = UseCase.EDIT_ITEMS if paper else UseCase.HANDLE_ASSIGNMENTS
        return _act(  # type: ignore[return-value]
            info, "askToReturnAssignment", key, plain(id=id, reason=reason, suggested=suggested, paper=paper),
            lambda unit, who: handling.ask_to_return(
                unit, who, info.context.terms(use), id, reason, suggested, _paper(paper)
            ),
        )  # fmt: skip

    @shown(TENANT, "申请延期, before the due date.")
    def ask_extension(self, info: Info, key: Id, id: Id, due_on: dt.date, reason: str) -> Assignment:
        return _act(  # type: ignore[return-value]
            info, "askExtension", key, plain(id=id, due_on=due_on, reason=reason),
            lambda unit, who: handling.ask_extension(unit, who, id, due_on, reason),
        )  # fmt: skip

    @shown(TENANT, "回复; of a lead `withoutOpinions` says that those which are missing are not waited for.")
    def reply_to_assignment(
        self, info: Info, key: Id, id: Id, reply: ReplyInput, without_opinions: bool = False,  # noqa: FBT001, FBT002
        paper: PaperInput | None = None,
    ) -> Assignment:  # fmt: skip
        return _act(  # type: ignore[return-value]
            info, "replyToAssignment", key, plain(id=id, reply=reply, without_opinions=without_opinions, paper=paper),
            lambda unit, who: handling.reply(
                unit, who, id, reply.reply(), without_opinions=without_opinions, paper=_paper(paper)
            ),
        )  # fmt: skip

    @shown(TENANT, "退回重办, with the reason.")
    def send_back_assignment(self, info: Info, key: Id, id: Id, reason: str) -> Assignment:
        told = plain(id=id, reason=reason)
        return _act(info, "sendBackAssignment", key, told, lambda unit, who: handling.send_back(unit, who, id, reason))  # type: ignore[return-value]

    @shown(TENANT, "核实, and what was found.")
    def verify_assignment(self, info: Info, key: Id, id: Id, found: str | None = None) -> Assignment:
        told = plain(id=id, found=found)
        return _act(info, "verifyAssignment", key, told, lambda unit, who: handling.verify(unit, who, id, found))  # type: ignore[return-value]

    @shown(TENANT, "办结: the reply may leave; `unclassified` confirms 已经保密审查，不涉密.")
    def close_assignment(
        self, info: Info, key: Id, id: Id, satisfaction: Satisfaction, unclassified: bool  # noqa: FBT001
    ) -> Assignment:  # fmt: skip
        return _act(  # type: ignore[return-value]
            info, "closeAssignment", key, plain(id=id, satisfaction=satisfaction, unclassified=unclassified),
            lambda unit, who: handling.close(unit, who, id, satisfaction, unclassified=unclassified),
        )  # fmt: skip

    # ── proposals ──

    @shown(TENANT, "交办提案: a filed proposal is forwarded to the 交办单位.")
    def hand_over_proposal(self, info: Info, key: Id, id: Id, office_id: Id) -> Assignment:
        return _act(  # type: ignore[return-value]
            info, "handOverProposal", key, plain(id=id, office_id=office_id),
            lambda unit, who: proposing.hand_over(unit, who, id, office_id),
        )  # fmt: skip

    @shown(TENANT, "启动二轮办理: a proposal of which somebody was dissatisfied is handled once more; its item.")
    def begin_second_round(self, info: Info, key: Id, id: Id, reason: str) -> Item:
        context = info.context
        context.actor.require(UseCase.SIGN_OFF_PROPOSALS)
        return context.perform(  # type: ignore[return-value]
            "beginSecondRound", key, plain(id=id, reason=reason),
            lambda unit: proposing.begin_second(unit, context.actor, id, reason),
        )  # fmt: skip

    # ── calls ──

    @shown(TENANT, "吹哨: call bodies of the own list, each of which must answer.")
    def call_bodies(self, info: Info, key: Id, call: CallInput, shares: list[ShareInput]) -> Call:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "callBodies", key, plain(call=call, shares=shares),
            lambda unit: calling.call(unit, context.actor, context.directory, call.draft(), shares_of(shares)),
        )  # fmt: skip

    @shown(TENANT, "报到: the body comes, or says why it does not.")
    def answer_call(self, info: Info, key: Id, id: Id, comes: bool, reason: str = "") -> Call:  # noqa: FBT001
        return _act(  # type: ignore[return-value]
            info, "answerCall", key, plain(id=id, comes=comes, reason=reason),
            lambda unit, who: calling.answer(unit, who, id, comes=comes, why=reason),
        )  # fmt: skip

    @shown(TENANT, "结束吹哨, when the time to answer is over.")
    def end_call(self, info: Info, key: Id, id: Id) -> Call:
        return _act(info, "endCall", key, plain(id=id), lambda unit, who: calling.end(unit, who, id))  # type: ignore[return-value]

    @shown(TENANT, "取消吹哨, with the reason.")
    def cancel_call(self, info: Info, key: Id, id: Id, reason: str) -> Call:
        told = plain(id=id, reason=reason)
        return _act(info, "cancelCall", key, told, lambda unit, who: calling.cancel(unit, who, id, reason))  # type: ignore[return-value]


def _paper(told: PaperInput | None) -> Paper | None:
    return told.paper() if told else None


def _act(info: Info, name: str, key: Id, told: dict[str, Any], act: Callable[[Unit, Actor], T]) -> T:
    """What its caller does; asked twice under one key, it is done once."""
    context = info.context
    return context.perform(name, key, told, lambda unit: act(unit, context.actor))


def _many(
    info: Info, name: str, key: Id, told: dict[str, Any], of: type[T], act: Callable[[Unit, Actor], list[T]]
) -> Any:
    """The same of an act on several records."""
    context = info.context
    return context.perform(name, key, told, lambda unit: act(unit, context.actor), kept_as=list[of])  # type: ignore[valid-type]
