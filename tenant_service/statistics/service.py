"""What the committee tells of its figures. One function, one use case, one transaction."""

from collections.abc import Iterable
from typing import Any

from sync.contract.shapes.values import IndicatorCode, ValueRecord
from tenant_service.counting.figures import Counting
from tenant_service.exchange.sharing import copies_shown as seen
from tenant_service.exchange.sharing import reach
from tenant_service.statistics import queries
from tenant_service.statistics.models import SeenValueRow, ValueRow
from tenant_service.storage.unit_of_work import Unit

_COUNTED = ("days", "joint_ids", "mechanism_days", "mechanism_joint_ids", "imported")
"""What of a value is news when it differs; that it was counted later is none."""


def publish_values(unit: Unit, counting: Counting, shares: Iterable[str]) -> int:
    """Whoever reads `shares` (channels), and nobody else, has our present figures; returns how many values were told.

    Recounts every month, which is a few grouped queries, and tells only what differs from what was told before, in the
    figure or in who is entitled to it: a channel that was added hears everything, from one that was left out everything
    is retracted. Run some seconds after a change, and at start: a figure is late by that much, and says when it was
    counted.
    """
    before, channels = queries.published(unit.session), set(shares)
    reached = reach.channels_of(unit.session, before)
    changed = 0
    for value in queries.counted(unit, counting, list(IndicatorCode), *queries.EVER):
        row = before.pop(value.id, None)
        if row is None:
            row = ValueRow(id=value.id, committee_id=value.committee_id, indicator=value.indicator, month=value.month)
            row.version = 0
            unit.session.add(row)
        elif _counted(row) == _counted(value) and reached.get(row.id, set()) == channels:
            continue
        for name in _COUNTED:
            setattr(row, name, getattr(value, name))
        row.watermark, row.computed_at = value.watermark, value.computed_at
        changed += _tell(unit, row, channels)
    for row in before.values():  # nothing is left to count in that month: its figure is nothing, not what it was
        if row.days or row.imported or reached.get(row.id, set()) != channels:
            row.days, row.joint_ids, row.mechanism_days, row.mechanism_joint_ids = {}, [], {}, {}
            row.imported = None
            row.computed_at = unit.now
            changed += _tell(unit, row, channels)
    return changed


def _counted(value: ValueRow | ValueRecord) -> list[Any]:
    return [getattr(value, name) for name in _COUNTED]


def _tell(unit: Unit, row: ValueRow, channels: set[str]) -> int:
    row.version += 1
    unit.session.flush()
    unit.publish(row.record(), row.version, channels)
    return 1


project = seen.projection(SeenValueRow)
"""What others tell us of theirs is kept as a copy."""
