"""采纳: a side that takes up an item says so. Of a joint session each side adopts for itself, and the item is one."""

from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id, checked, kind_of
from sync.contract.shapes.requests import RequestKind, RequestRecord
from tenant_service.assignments import queries
from tenant_service.assignments.entries import channels_of
from tenant_service.assignments.rules import ITEMS, ItemAct
from tenant_service.exchange import way_out
from tenant_service.exchange.answering import Handlers
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.requests import service as requests
from tenant_service.requests.service import Asked
from tenant_service.storage.unit_of_work import Unit


def adopt(unit: Unit, actor: Actor, handlers: Handlers, id: str) -> RequestRecord:
    """采纳: our committee takes up the item, ours or one that another committee shared with us; its owner says so.

    Raises:
        Refusal: FORBIDDEN, BAD_ID; NOT_FOUND, it was not shared with us; NO_CHANNEL; of our own ALREADY_DONE,
            OUT_OF_TURN.
    """
    actor.require(UseCase.SIGN_OFF_ITEMS)
    if kind_of(checked(id)) != "item":
        raise Refusal(Code.NOT_FOUND)
    told = queries.one(unit.session, actor, id)
    if told is None:
        raise Refusal(Code.NOT_FOUND)
    ITEMS.after(ItemAct.ADOPT, told.state)
    return requests.send(unit, actor, handlers, Asked(RequestKind.ADOPT, id))


def _adopted(unit: Unit, asked: RequestRecord) -> Id:
    """The side that asks stands among those that adopted our item, once, and whoever reads it is told so.

    Raises:
        Refusal: NOT_FOUND, also what was not shared with that side; OUT_OF_TURN; ALREADY_DONE.
    """
    if kind_of(asked.subject_id) != "item":
        raise Refusal(Code.NOT_FOUND)
    row = queries.locked(unit.session, asked.subject_id)
    reach = set(unit.directory.reach(unit.committee, asked.committee_id))
    if asked.committee_id != unit.committee and not channels_of(row) & reach:
        raise Refusal(Code.NOT_FOUND)
    by = Actor(unit.committee, iss=asked.committee_id)
    listed = unit.directory.entries.get(asked.committee_id)
    name = (listed.short_name or listed.name) if listed else asked.committee_id
    taken.take(unit, by, row, ITEMS, ItemAct.ADOPT, name)
    if asked.committee_id in (row.adopted_by or ()):
        raise Refusal(Code.ALREADY_DONE)
    row.adopted_by = [*(row.adopted_by or ()), asked.committee_id]
    way_out.revised(unit, row, channels_of(row))
    return Id(row.id)


HANDLERS: Handlers = {RequestKind.ADOPT: _adopted}
"""How requests about our items are answered; the requests room calls these."""
