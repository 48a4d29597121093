"""Earlier lives of our database: epochs that were left, and what readers gave back of them."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_service.exchange.models import LeftEpochRow, SalvagedRow


@dataclass(frozen=True)
class LeftEpoch:
    """A head of ours that the database did not know, seen by somebody else: `at` a new epoch was begun.

    Attributes:
        why: As the program says it.
        salvaged: Events of this log that readers gave back at that time or later.
    """

    at: dt.datetime
    log: str
    epoch: str
    seq: int
    why: str
    salvaged: int


def left(session: Session) -> list[LeftEpoch]:
    """Newest first."""
    rows = session.execute(
        select(SalvagedRow.log, SalvagedRow.epoch, func.count()).group_by(SalvagedRow.log, SalvagedRow.epoch)
    )
    came_back = {(row[0], row[1]): row[2] for row in rows}
    newest = select(LeftEpochRow).order_by(LeftEpochRow.at.desc(), LeftEpochRow.id.desc())
    return [
        LeftEpoch(row.at, row.log, row.epoch, row.seq, row.why, came_back.get((row.log, row.epoch), 0))
        for row in session.scalars(newest)
    ]


def salvaged(session: Session) -> int:
    """Events that readers gave back."""
    return session.scalar(select(func.count()).select_from(SalvagedRow)) or 0
