"""交办提案: a filed proposal becomes an item of its own list, which goes the way of every item; once more in a second
round (docs/decisions/0030).
"""

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.items import AssignmentRecord, ItemKind, ItemRecord, ItemState
from tenant_service import wording
from tenant_service.assignments import handing_over_service as over
from tenant_service.assignments import lists, queries
from tenant_service.assignments import proposal_queries as proposals
from tenant_service.assignments.descriptions import open_body
from tenant_service.assignments.entries import changed, follow
from tenant_service.assignments.models import ItemRow
from tenant_service.assignments.rules import ItemAct
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.proposals import queries as records
from tenant_service.proposals import rating_service
from tenant_service.storage.unit_of_work import Unit


def hand_over(unit: Unit, actor: Actor, id: str, office_id: str) -> AssignmentRecord:
    """交办: the 交办单位 has the proposal, and decides who is to handle it. That it was filed is its agreement: nobody
    signs a second time.

    Raises:
        Refusal: NOT_FOUND, BAD_ID, FORBIDDEN; LIST_SHUT, it is not filed; OUT_OF_TURN, that body is closed, or it is
            done; STILL_IN_HANDS, somebody has it already.
    """
    actor.require(UseCase.EDIT_ITEMS)
    records.ours(unit.session, id)
    item = proposals.item_of(unit.session, id)
    return over.forward(unit, actor, item or _listed(unit, actor, id, office_id), office_id)


def begin_second(unit: Unit, actor: Actor, id: str, why: str) -> ItemRecord:
    """启动二轮办理: its item is taken up again, so that the 交办单位 takes up its parts; the first round stays.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON; NOBODY_DISSATISFIED.
    """
    actor.require(UseCase.SIGN_OFF_PROPOSALS)
    item = proposals.item_of(unit.session, id)
    if item is None:
        raise Refusal(Code.NOT_FOUND)
    row = queries.locked(unit.session, item)
    rating_service.begin_second(unit, actor, id, why)
    if row.state is ItemState.DONE:
        follow(unit, actor, row, ItemAct.REOPEN, wording.reason(why))
    row.reason = wording.reason(why)
    return changed(unit, actor, row, "item.reopen")


def _listed(unit: Unit, actor: Actor, id: str, office_id: str) -> str:
    open_body(unit, office_id)  # bodies are locked before the head of a list
    lists.lock(unit, id)
    head = lists.head(unit.session, id)
    if not head.takes:
        raise Refusal(Code.LIST_SHUT, title=head.title, now=head.state)
    row = ItemRow(
        id=unit.new_id("item"), committee_id=unit.committee, kind=ItemKind.PROPOSAL, state=ItemState.AGREED, list_id=id,
        number=queries.next_number(unit.session, id), text=head.title, agreed_at=unit.now, done_at=None,
        adopted_by=None, reason=None, revision=0, changed_at=unit.now, proposed_by=actor.sub,
        shares=list(head.shares), body=None, body_id=None,
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    taken.write(unit, actor, row.id, ItemAct.AGREE.value, None, row.state)
    return changed(unit, actor, row, "item.agree").id
