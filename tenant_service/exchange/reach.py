"""Which of our records reach an actor, and how much of each the actor is told."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from sync.contract.visibility import Visible
from tenant_service.exchange import sharing
from tenant_service.identity.actor import Actor
from tenant_service.storage.paging import Telling


def visible_to(actor: Actor, model: Any) -> list[ColumnElement[bool]]:
    """Conditions on our rows: everything for our own people (a room narrows that to what has left the draft), and for
    others what was shared on a channel that reaches them.
    """
    return [] if actor.is_home else [sharing.reaching(model.id, actor.channels)]


def telling(session: Session, actor: Actor) -> Telling:
    """How much of our rows the actor is told: own people as their role allows, others by the record's channels."""

    def circles(rows: Sequence[Any]) -> list[Visible]:
        if actor.is_home:
            return [actor.circle(set())] * len(rows)
        shared = sharing.channels_of(session, [row.id for row in rows])
        channels = [frozenset(shared.get(row.id, ())) for row in rows]
        circle_by = {each: actor.circle(set(each)) for each in set(channels)}  # few sets, many rows
        return [circle_by[each] for each in channels]

    return Telling(("id",), circles)


def told(session: Session, rows: Sequence[Any], actor: Actor) -> list[Any]:
    """The rows' records as the actor is told them."""
    return telling(session, actor)(rows)
