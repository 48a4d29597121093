"""What somebody is told of the changes behind a place: ids and versions of what they could look up, nothing else."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from sync.contract.asking.changes import MOST_CHANGES, Change, ChangesAsk, ChangesTold
from sync.contract.errors import Code, Refusal
from sync.contract.ids import kind_of, owner_of
from tenant_service.identity.actor import Actor
from tenant_service.listening.veil import Veil
from tenant_service.rooms import KINDS, NODES
from tenant_service.storage import changed
from tenant_service.storage.changed import Entry, Place

LOOKED_AT = 500
"""Changes of one look; there may be more to come then."""


def concerns(ask: ChangesAsk, record: str) -> bool:
    """Whether the question is about this record at all."""
    return (
        (ask.kinds is None or kind_of(record) in ask.kinds)
        and (ask.owners is None or owner_of(record) in ask.owners)
        and (ask.ids is None or record in ask.ids)
    )


def look(session: Session, actor: Actor, ask: ChangesAsk, veil: Veil) -> tuple[ChangesTold, bool]:
    """What the actor is told now, and whether there is more to look at behind it.

    Raises:
        Refusal: NOT_SIGNED_IN; FORBIDDEN, somebody of another committee, who is told by their own; BAD_CURSOR,
            CURSOR_TOO_OLD.
    """
    if not actor.iss:
        raise Refusal(Code.NOT_SIGNED_IN)
    if not actor.is_home:
        raise Refusal(Code.FORBIDDEN)
    if ask.after is None:
        here = veil.written(changed.end(session))
        return ChangesTold([_standing(session, actor, id, here) for id in ask.ids or ()], here), False
    place = veil.read(ask.after)
    rows = changed.after(session, place, LOOKED_AT)
    told: list[Change] = []
    for row in rows:
        place = Place(row.seq, row.mark)
        if concerns(ask, row.record) and (change := _told(session, actor, row, veil.written(place))):
            told.append(change)
            if len(told) == MOST_CHANGES:
                break
    return ChangesTold(told, veil.written(place)), _is_more(rows, place)


def _standing(session: Session, actor: Actor, id: str, here: str) -> Change:
    """How a record stands that was named; one that never was looks like one that is gone."""
    kind = kind_of(id)
    found = NODES[kind](session, actor, id) if kind in NODES else None
    return Change(id, getattr(found, "revision", 0), found is None, here)


def _is_more(rows: Sequence[Entry], place: Place) -> bool:
    return len(rows) == LOOKED_AT or bool(rows and rows[-1].seq > place.seq)


def _told(session: Session, actor: Actor, row: Entry, cursor: str) -> Change | None:
    """None: the actor may not know that there is, or was, such a record."""
    kind = kind_of(row.record)
    is_seen = not row.is_gone and kind in NODES and NODES[kind](session, actor, row.record) is not None
    may_know = is_seen or actor.sees_work or (row.was_open and kind in KINDS and KINDS[kind].is_open)
    return Change(row.record, row.version, not is_seen, cursor) if may_know else None
