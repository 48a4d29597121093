"""What people should look at: kept in the database, once each, with how often it was seen."""

import logging

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_service.exchange.models import AlarmRow
from tenant_service.storage.unit_of_work import Unit, Units

_log = logging.getLogger(__name__)
_MOST = 1_000
"""Characters of an alarm's text; it may quote bytes of a hostile party."""


def raise_alarm(unit: Unit, log: str, code: str, text: str) -> None:
    _log.warning("%s %s: %s", log, code, text[:_MOST])
    row = unit.session.get(AlarmRow, (log, code))
    if row is None:
        row = AlarmRow(log=log, code=code, text="", times=0, first_at=unit.now, last_at=unit.now)
        unit.session.add(row)
    row.text, row.times, row.last_at = text[:_MOST], row.times + 1, unit.now
    unit.session.flush()


class Alarms:
    """Raises alarms in a transaction of their own; a `sync.bus.stores.Alarm`."""

    def __init__(self, units: Units) -> None:
        self.units = units

    def __call__(self, log: str, code: str, text: str) -> None:
        with self.units.write() as unit:
            raise_alarm(unit, log, code, text)


def listed(session: Session) -> list[AlarmRow]:
    """Newest first."""
    return list(session.scalars(select(AlarmRow).order_by(AlarmRow.last_at.desc(), AlarmRow.log, AlarmRow.code)))
