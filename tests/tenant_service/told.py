"""What a committee told others, read back out of its outbox."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from sync.contract.envelope import decode
from tenant_service.exchange.models import OutboxRow
from tenant_service.storage.unit_of_work import Units


@dataclass(frozen=True)
class Told:
    """One event of one channel."""

    channel: str
    op: str
    record: str
    data: Any


def told(units: Units) -> list[Told]:
    """Every event of records, in order, channel by channel; marks of the log itself are left out."""
    with units.read() as unit:
        rows = unit.session.scalars(select(OutboxRow).order_by(OutboxRow.channel, OutboxRow.seq)).all()
        found = [decode(row.body) for row in rows]
    return [Told(each.channel, each.op, each.subject, each.data) for each in found if each.op != "complete"]
