"""Dead letters (无法显示): events whose bytes are here and whose room could not take them in."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from tenant_service.exchange.copies import Place
from tenant_service.exchange.models import CopyRow, CopyState, DeadLetterRow

_HIDDEN = (CopyState.UNSUPPORTED, CopyState.WAITING)


@dataclass(frozen=True)
class Letter:
    """Attributes: record: "" where the event cannot be read at all · error: why, as the program says it."""

    place: Place
    record: str
    error: str
    at: dt.datetime


def listed(session: Session, first: int, *, of: Collection[ColumnElement[bool]] = ()) -> list[Letter]:
    """The newest `first` of them that meet these conditions on `DeadLetterRow`."""
    newest = select(DeadLetterRow).where(*of).order_by(DeadLetterRow.at.desc(), DeadLetterRow.log, DeadLetterRow.seq)
    return [_told(row) for row in session.scalars(newest.limit(first))]


def at_places(places: Collection[Place]) -> ColumnElement[bool]:
    return tuple_(DeadLetterRow.log, DeadLetterRow.epoch, DeadLetterRow.seq).in_([tuple(each) for each in places])


def counted(session: Session) -> dict[str, int]:
    """Log → how many."""
    rows = session.execute(select(DeadLetterRow.log, func.count()).group_by(DeadLetterRow.log))
    return {row[0]: row[1] for row in rows}


def hidden(session: Session) -> int:
    """Copies that are whole and wait for a release that can show them."""
    return session.scalar(select(func.count()).where(CopyRow.state.in_(_HIDDEN), CopyRow.swept_at.is_(None))) or 0


def _told(row: DeadLetterRow) -> Letter:
    return Letter(Place(row.log, row.epoch, row.seq), row.record, row.error, row.at)
