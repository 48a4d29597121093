"""Copies of other committees' records that were shared with us, as the rooms keep and show them."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, false, inspect, or_, type_coerce
from sqlalchemy.orm import Session

from sync.contract.channels import FOR_MEMBERS, deepest, is_for_members
from sync.contract.visibility import Visible, told_to
from tenant_service.exchange.copies import Seen
from tenant_service.identity.actor import Actor
from tenant_service.storage.paging import Telling


def of(model: Any, owners: Sequence[str], actor: Actor) -> list[ColumnElement[bool]]:
    """Conditions on copies: of these owners, for our own people only; and for who is not of the office, what was shared
    with members as well. What came to the office alone is not more open when its owner happens to be away.
    """
    if not actor.is_inside:
        return [false()]
    return [model.committee_id.in_(owners), *([] if actor.is_staff else [_told_to_members(model)])]


def one(session: Session, model: Any, id: str, actor: Actor) -> Any | None:
    """The record of a copy as an actor of ours is told it; None for whom it does not concern."""
    copy = session.get(model, id) if actor.is_inside else None
    if copy is None or not (actor.is_staff or any(map(is_for_members, copy.channels))):
        return None
    return told_to(circle(copy, actor), copy.record())


def _told_to_members(model: Any) -> ColumnElement[bool]:
    stored = type_coerce(model.channels, Text)
    return or_(*(stored.contains(f'"{channel}', autoescape=True) for channel in FOR_MEMBERS))


def circle(copy: Any, actor: Actor) -> Visible:
    """How much of a copy an actor of ours is told: members see what was shared with members."""
    reaching = [channel for channel in copy.channels if actor.is_staff or is_for_members(channel)]
    return deepest(reaching)


def telling(actor: Actor) -> Telling:
    """How much of copies an actor of ours is told."""
    return Telling(("channels",), lambda copies: [circle(copy, actor) for copy in copies])


def told(copies: Sequence[Any], actor: Actor) -> list[Any]:
    return telling(actor)(copies)


def projection(model: Any) -> Callable[[Session, Seen], None]:
    """Keeps `model`, a table of copies whose columns are the record's fields, as its owners last told us."""
    columns = {column.key for column in inspect(model).column_attrs} - {"channels", "as_of"}

    def project(session: Session, seen: Seen) -> None:
        row = session.get(model, seen.id)
        if seen.record is None:
            if row is not None:
                session.delete(row)
            return
        if row is None:
            row = model(id=seen.id)
            session.add(row)
        for name in columns:
            setattr(row, name, getattr(seen.record, name))
        row.channels, row.as_of = sorted(seen.channels), seen.as_of

    return project
