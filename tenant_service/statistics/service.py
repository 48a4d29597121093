"""What the committee tells of its figures. One function, one use case, one transaction."""

from collections.abc import Iterable

from sync.contract.values import INDICATORS, IndicatorCode
from tenant_service.exchange import seen
from tenant_service.statistics import queries, rules
from tenant_service.statistics.models import SeenValueRow, ValueRow
from tenant_service.storage.unit_of_work import Unit


def publish_values(unit: Unit, shares: Iterable[str]) -> int:
    """Whoever reads `shares` (channels) has our present figures; returns how many values were new or had changed.

    Recounts every month, which is a few grouped queries, and tells only what differs from what was told before. Run
    some seconds after a change, and at start: a figure is late by that much, and says when it was counted.
    """
    before, channels = queries.published(unit.session), set(shares)
    since, until = queries.whole_window(unit)
    changed = 0
    for value in queries.counted(unit, list(IndicatorCode), since, until):
        row = before.pop(value.id, None)
        if row is None:
            row = ValueRow(id=value.id, committee_id=value.committee_id, indicator=value.indicator, month=value.month)
            row.version = 0
            unit.session.add(row)
        elif row.days == value.days and row.joint_ids == value.joint_ids:
            continue
        row.days, row.joint_ids = value.days, list(value.joint_ids) if value.joint_ids is not None else None
        changed += _tell(unit, row, value.watermark, channels)
    for row in before.values():  # nothing is left to count in that month: its figure is nothing, not what it was
        aged = INDICATORS[row.indicator].is_stock and row.month < rules.oldest_stock(until)
        if row.days and not aged:
            row.days, row.joint_ids = {}, []
            changed += _tell(unit, row, row.watermark, channels)
    return changed


def _tell(unit: Unit, row: ValueRow, watermark: int, channels: set[str]) -> int:
    row.version += 1
    row.watermark, row.computed_at = watermark, unit.now
    unit.session.flush()
    unit.publish(row.record(), row.version, channels)
    return 1


project = seen.projection(SeenValueRow)
"""What others tell us of theirs is kept as a copy."""
