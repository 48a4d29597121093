"""What people do with items of a list. One function, one use case, one transaction."""

from sync.contract.channels import Share
from sync.contract.errors import Code, Refusal
from sync.contract.instants import day_of
from sync.contract.shapes.items import AssignmentState, ItemKind, ItemRecord, ItemState
from sync.contract.trust.directory import Directory
from tenant_service import wording
from tenant_service.assignments import handling_queries as handling
from tenant_service.assignments import lists, queries
from tenant_service.assignments.descriptions import Draft, describe
from tenant_service.assignments.entries import changed, channels_of, ended, stepped, still_open
from tenant_service.assignments.models import ItemRow, SeenItemRow
from tenant_service.assignments.rules import ITEMS, ItemAct
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices, copies_shown
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.signing import acts as signing
from tenant_service.signing.rules import Approval, shared_with_more
from tenant_service.storage.unit_of_work import Unit
from tenant_service.supervision import queries as campaigns

__all__ = ["Draft"]


def propose(
    unit: Unit, actor: Actor, directory: Directory, list_id: str, told: Draft, shares: list[Share]
) -> ItemRecord:
    """拟列: the item stands on the list without a number; nobody outside sees it before it is agreed.

    Raises:
        Refusal: FORBIDDEN, also a supervisor who is not posted to the body; NOT_FOUND, BAD_ID, LIST_SHUT, BAD_VALUE,
            CLASSIFIED, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM.
    """
    _may_propose(unit, actor, list_id, told)
    row = ItemRow(
        id=unit.new_id("item"), committee_id=unit.committee, state=ItemState.PROPOSED, list_id=list_id, number=None,
        agreed_at=None, done_at=None, adopted_by=None, reason=None, revision=0, changed_at=unit.now,
        proposed_by=actor.sub, shares=choices.check(shares, directory, unit.committee),
    )  # fmt: skip
    describe(unit, row, told)
    lists.opened(unit, list_id, told.kind)
    unit.session.add(row)
    unit.session.flush()
    taken.write(unit, actor, row.id, "propose", None, row.state)
    return changed(unit, actor, row, "item.propose")


def redraft(unit: Unit, actor: Actor, directory: Directory, id: str, told: Draft, shares: list[Share]) -> ItemRecord:
    """The proposed item is as described now.

    Raises:
        Refusal: NOT_FOUND; OUT_OF_TURN, what is agreed is not rewritten; and what `propose` refuses.
    """
    actor.require(UseCase.EDIT_ITEMS)
    row = stepped(unit, actor, id, ItemAct.REDRAFT)
    row.shares = choices.check(shares, directory, unit.committee)
    describe(unit, row, told)
    lists.opened(unit, row.list_id, told.kind)
    return changed(unit, actor, row, "item.redraft")


def discard(unit: Unit, actor: Actor, id: str) -> ItemRecord:
    """What was never agreed, so never told to anybody, is not there any more; returns what it was.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN.
    """
    actor.require(UseCase.EDIT_ITEMS)
    row = stepped(unit, actor, id, ItemAct.DISCARD)
    was = way_out.discarded(unit, actor, row, "item.discard")
    lists.count(unit, actor, was.list_id)
    return was


def agree(unit: Unit, actor: Actor, id: str, *, unclassified: bool) -> ItemRecord:
    """确认: the item has its number on the list for good, and leaves to whom it is shared with.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN; SECRECY_UNCONFIRMED, OWN_DRAFT; LIST_SHUT,
            nothing is added to its list any more.
    """
    actor.require(UseCase.SIGN_OFF_ITEMS)
    return _agree(unit, actor, queries.locked(unit.session, id), unclassified=unclassified)


def agree_all(unit: Unit, actor: Actor, list_id: str, *, unclassified: bool) -> list[ItemRecord]:
    """The same of everything that is proposed on a list, in the order in which it was entered.

    Raises:
        Refusal: NOT_FOUND, BAD_ID, FORBIDDEN; SECRECY_UNCONFIRMED, OWN_DRAFT; LIST_SHUT;
            ALREADY_DONE, nothing waits there.
    """
    actor.require(UseCase.SIGN_OFF_ITEMS)
    lists.head(unit.session, list_id)
    waiting = queries.proposed_on(unit.session, list_id)
    if not waiting:
        raise Refusal(Code.ALREADY_DONE)
    return [_agree(unit, actor, row, unclassified=unclassified) for row in waiting]


def not_adopt(unit: Unit, actor: Actor, id: str, why: str) -> ItemRecord:
    """未采纳, with the reason: whoever reads the list reads it as well.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON; STILL_IN_HANDS, withdraw its assignments first.
    """
    actor.require(UseCase.SIGN_OFF_ITEMS)
    row = stepped(unit, actor, id, ItemAct.NOT_ADOPT, wording.reason(why))
    _nobody_at_it(unit, row)
    row.reason = wording.reason(why)
    return changed(unit, actor, row, "item.not_adopt")


def carry_out(unit: Unit, actor: Actor, id: str) -> ItemRecord:
    """认定已落实: what was replied comes to it, though no reply said that it is solved already.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, STILL_IN_HANDS; NOTHING_IN_HANDS, nobody ever replied to it.
    """
    actor.require(UseCase.SIGN_OFF_ITEMS)
    row = stepped(unit, actor, id, ItemAct.CARRY_OUT)
    _nobody_at_it(unit, row)
    if not any(each.state is AssignmentState.CLOSED for each in handling.of_item(unit.session, id)):
        raise Refusal(Code.NOTHING_IN_HANDS)
    ended(unit, row)
    return changed(unit, actor, row, "item.carry_out")


def reopen(unit: Unit, actor: Actor, id: str, why: str) -> ItemRecord:
    """重新办理: what was done is not, after all. The 交办单位 takes up its assignments, or it is forwarded anew.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON.
    """
    actor.require(UseCase.SIGN_OFF_ITEMS)
    row = stepped(unit, actor, id, ItemAct.REOPEN, wording.reason(why))
    row.reason, row.done_at = wording.reason(why), None
    return changed(unit, actor, row, "item.reopen")


def share(unit: Unit, actor: Actor, directory: Directory, id: str, shares: list[Share]) -> ItemRecord:
    """The item and its assignments are shared with exactly these, once it is agreed; from everybody else retracted.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM, BAD_VALUE; NOT_SIGNED_OFF, what is agreed
            is shared with more only by who may sign.
    """
    actor.require(UseCase.EDIT_ITEMS)
    row = queries.locked(unit.session, id)
    stored = choices.check(shares, directory, unit.committee)
    approval = Approval.DRAFTING if row.number is None else Approval.SIGNED
    shared_with_more(
        approval,
        row.shares,
        stored,
        signs=signing.may_widen(actor, UseCase.SIGN_OFF_ITEMS, *queries.wrote(unit.session, row.id)),
    )
    row.shares = stored
    for each in handling.locked_of_item(unit.session, id):
        each.shares = stored
        way_out.revised(unit, each, choices.channels(stored))
    return way_out.changed(unit, actor, row, "item.share", channels_of(row))


def _may_propose(unit: Unit, actor: Actor, list_id: str, told: Draft) -> None:
    """The office proposes whatever stands on a list; a supervisor what he found at a body that he is posted to."""
    if told.kind is not ItemKind.FINDING or actor.may(UseCase.EDIT_ITEMS):
        actor.require(UseCase.EDIT_ITEMS)
        return
    actor.require(UseCase.ADD_FINDINGS)
    if not campaigns.may_find(unit.session, actor, list_id, told.body_id, day_of(unit.now)):
        raise Refusal(Code.FORBIDDEN)


def _agree(unit: Unit, actor: Actor, row: ItemRow, *, unclassified: bool) -> ItemRecord:
    ITEMS.after(ItemAct.AGREE, row.state)
    own = actor.sub if actor.sub in queries.wrote(unit.session, row.id) else ""
    signing.sign(unit, actor, row.id, UseCase.SIGN_OFF_ITEMS, own, unclassified=unclassified)
    lists.opened(unit, row.list_id, row.kind)
    taken.take(unit, actor, row, ITEMS, ItemAct.AGREE)
    row.number, row.agreed_at = queries.next_number(unit.session, row.list_id), unit.now
    return changed(unit, actor, row, "item.agree")


def _nobody_at_it(unit: Unit, row: ItemRow) -> None:
    if still := still_open(unit, row.id):
        raise Refusal(Code.STILL_IN_HANDS, count=still)


project = copies_shown.projection(SeenItemRow)
"""What others tell us of theirs is kept as a copy."""
