"""Which of our records are shared on which channels now."""

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, false, select
from sqlalchemy.orm import Session, aliased

from tenant_service.exchange.models import SharedOutRow

_AT_ONCE = 500
"""Ids in one statement, below every database's limit of variables."""
_CHANNELS_OF = select(SharedOutRow.record, SharedOutRow.channel).where(
    SharedOutRow.record.in_(bindparam("ids", expanding=True)), SharedOutRow.is_shared
)


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
