"""On which channels our records are shared, which of them reach an actor, and how much of each the actor is told."""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, false, select
from sqlalchemy.orm import Session, aliased

from sync.contract.visibility import Visible
from tenant_service.exchange.models import SharedOutRow
from tenant_service.identity.actor import Actor
from tenant_service.storage.paging import Telling

_AT_ONCE = 500
"""Ids in one statement, below every database's limit of variables."""
_CHANNELS_OF = select(SharedOutRow.record, SharedOutRow.channel).where(
    SharedOutRow.record.in_(bindparam("ids", expanding=True)), SharedOutRow.is_shared
)


def visible_to(actor: Actor, model: Any) -> list[ColumnElement[bool]]:
    """Conditions on our rows: everything for our own people (a room narrows that to what has left the draft), and for
    others what was shared on a channel that reaches them.
    """
    return [] if actor.is_inside else [reaching(model.id, actor.channels)]


def telling(session: Session, actor: Actor) -> Telling:
    """How much of our rows the actor is told: own people as their role allows, others by the record's channels."""

    def circles(rows: Sequence[Any]) -> list[Visible]:
        if actor.is_inside:
            return [actor.circle(set())] * len(rows)
        shared = channels_of(session, [row.id for row in rows])
        channels = [frozenset(shared.get(row.id, ())) for row in rows]
        circle_by = {each: actor.circle(set(each)) for each in set(channels)}  # few sets, many rows
        return [circle_by[each] for each in channels]

    return Telling(("id",), circles)


def told(session: Session, rows: Sequence[Any], actor: Actor) -> list[Any]:
    """The rows' records as the actor is told them."""
    return telling(session, actor)(rows)


def reaching(model_id: Any, channels: Collection[str]) -> ColumnElement[bool]:
    """Whether the record with this id is shared on one of the channels now; `model_id` is a room's column."""
    if not channels:
        return false()
    return _shared_on(model_id, tuple(sorted(channels)))


def channels_of(session: Session, ids: Iterable[str]) -> dict[str, set[str]]:
    """Record → the channels it is shared on now; a record that is shared on none is left out."""
    wanted = list(ids)
    found: dict[str, set[str]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        for record, channel in session.execute(_CHANNELS_OF, {"ids": wanted[start : start + _AT_ONCE]}):
            found.setdefault(record, set()).add(channel)
    return found


@lru_cache(1000)
def _shared_on(model_id: Any, channels: tuple[str, ...]) -> ColumnElement[bool]:
    """Made once for the readers of the same channels."""
    told = aliased(SharedOutRow)
    return exists().where(told.record == model_id, told.channel.in_(channels), told.is_shared)
