"""On which channels our records are shared, which of them reach an actor, and how much of each the actor is told."""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, or_, select
from sqlalchemy.orm import Session, aliased

from sync.contract.channels import PLAIN, Scope
from sync.contract.visibility import Visible
from tenant_service.exchange.models import SharedOutRow
from tenant_service.exchange.sharing.at_home import AtHome, Conditions
from tenant_service.identity.actor import Actor
from tenant_service.storage.paging import Telling

_OPEN = (PLAIN[Scope.OPEN],)
_AT_ONCE = 500
"""Ids in one statement, below every database's limit of variables."""
_CHANNELS_OF = select(SharedOutRow.record, SharedOutRow.channel).where(
    SharedOutRow.record.in_(bindparam("ids", expanding=True)), SharedOutRow.is_shared
)


def visible_to(actor: Actor, model: Any, home: AtHome) -> Conditions:
    """Conditions on our rows: everything for our office, for our other people what the kind says of them, and for
    others what was shared on a channel that reaches them.
    """
    if not actor.is_home:
        return [reaching(model.id, actor.channels)]
    if actor.is_staff:
        return []
    shown, more = home.instead_of_open(actor), home.more_for(actor)
    if shown is None and actor.is_contact and not home.bodies_are_shown_open:
        return [or_(false(), *more)]
    if shown is None:
        shown = [reaching(model.id, _OPEN)]
    return [or_(and_(*shown), *more)] if shown and more else shown


def telling(session: Session, actor: Actor, home: AtHome) -> Telling:
    """How much of our rows the actor is told: own people as their role allows, contacts of bodies as the kind says,
    others by the record's channels.
    """
    if actor.is_contact:
        return Telling((), lambda rows: [home.told_to_bodies] * len(rows))

    def circles(rows: Sequence[Any]) -> list[Visible]:
        if actor.is_inside:
            return [actor.circle(set())] * len(rows)
        shared = channels_of(session, [row.id for row in rows])
        channels = [frozenset(shared.get(row.id, ())) for row in rows]
        circle_by = {each: actor.circle(set(each)) for each in set(channels)}  # few sets, many rows
        return [circle_by[each] for each in channels]

    return Telling(("id",), circles)


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
