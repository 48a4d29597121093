"""The last events of a log, ours or one that we follow, as somebody at a terminal reads them.

What they say of a record is not shown: bodies may be sealed, and not everybody at a terminal may read the rest.
"""

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from sync.contract.channels import log_of, parts_of
from sync.contract.strangers import reading
from tenant_service.exchange.models import FollowedRow, OutboxRow, OwnLogRow, ReceivedRow


@dataclass(frozen=True)
class Line:
    """One event without what it tells.

    Attributes:
        op: put, retract, delete or complete; erased, where only its hole is left; "?" where this release cannot read
            the event.
        time: When its owner said it, by its own clock.
        size: Bytes.
    """

    log: str
    epoch: str
    seq: int
    op: str
    record: str
    version: int
    time: str
    size: int


class _Told(msgspec.Struct):
    op: str = "?"
    subject: str = ""
    version: int = 0
    time: str = ""


_read = reading(msgspec.json.Decoder(_Told).decode)


def known(session: Session, committee: str) -> list[str]:
    """Every log of which something may be here: ours, then others'."""
    own = session.scalars(select(OwnLogRow.channel).order_by(OwnLogRow.channel))
    others = session.scalars(select(FollowedRow.log).order_by(FollowedRow.log))
    return [*(log_of(committee, channel) for channel in own), *others]


def last(session: Session, committee: str, log: str, count: int) -> list[Line]:
    """The last `count` events, ascending."""
    return _lines(session, committee, log, count)[::-1]


def since(session: Session, committee: str, line: Line, most: int) -> list[Line]:
    """What follows this event, in its epoch or a later one, ascending."""
    return _lines(session, committee, line.log, most, (line.epoch, line.seq))


def _lines(
    session: Session, committee: str, log: str, count: int, after: tuple[str, int] | None = None
) -> list[Line]:  # fmt: skip
    owner, channel = parts_of(log)
    table: Any = OutboxRow if owner == committee else ReceivedRow
    of = OutboxRow.channel == channel if owner == committee else ReceivedRow.log == log
    wanted = select(table.epoch, table.seq, table.body).where(of).limit(count)
    if after is None:
        rows = session.execute(wanted.order_by(table.epoch.desc(), table.seq.desc()))
    else:
        rows = session.execute(wanted.where(_behind(table, *after)).order_by(table.epoch, table.seq))
    return [_line(log, *row) for row in rows]


def _behind(table: Any, epoch: str, seq: int) -> ColumnElement[bool]:
    found: ColumnElement[bool] = (table.epoch > epoch) | ((table.epoch == epoch) & (table.seq > seq))
    return found


def _line(log: str, epoch: str, seq: int, body: bytes) -> Line:
    try:
        told = _read(body)
    except msgspec.DecodeError:
        told = _Told()
    return Line(log, epoch, seq, told.op, told.subject, told.version, told.time, len(body))
