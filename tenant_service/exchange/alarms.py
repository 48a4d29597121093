"""What people should look at: kept in the database, once each, with how often it was seen."""

import datetime as dt
import logging
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
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
    row.known_at = row.known_by = None
    unit.session.flush()


class Alarms:
    """Raises alarms in a transaction of their own; a `sync.bus.stores.Alarm`."""

    def __init__(self, units: Units) -> None:
        self.units = units

    def __call__(self, log: str, code: str, text: str) -> None:
        with self.units.write() as unit:
            raise_alarm(unit, log, code, text)


@dataclass(frozen=True)
class Alarm:
    """Attributes: known_at, known_by: when somebody of ours, by account, had seen it; None: it is open."""

    log: str
    code: str
    text: str
    times: int
    first_at: dt.datetime
    last_at: dt.datetime
    known_at: dt.datetime | None
    known_by: str | None


def listed(session: Session) -> list[Alarm]:
    """Open ones first, then newest first."""
    newest = select(AlarmRow).order_by(AlarmRow.known_at.is_not(None), AlarmRow.last_at.desc())
    return [_told(row) for row in session.scalars(newest.order_by(AlarmRow.log, AlarmRow.code))]


def open_ones(session: Session) -> int:
    """How many nobody has acknowledged."""
    return session.scalar(select(func.count()).where(AlarmRow.known_at.is_(None))) or 0


def acknowledge(unit: Unit, log: str, code: str, times: int, who: str) -> Alarm:
    """The account `who` has seen this alarm as it was raised `times` times.

    Raises:
        Refusal: NOT_FOUND; STALE_VERSION, it was raised again meanwhile; ALREADY_DONE, somebody has seen it.
    """
    row = unit.session.get(AlarmRow, (log, code), with_for_update=True)
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    if row.times != times:
        raise Refusal(Code.STALE_VERSION)
    if row.known_at is not None:
        raise Refusal(Code.ALREADY_DONE)
    row.known_at, row.known_by = unit.now, who
    return _told(row)


def _told(row: AlarmRow) -> Alarm:
    return Alarm(
        row.log, row.code, row.text, row.times, row.first_at, row.last_at, row.known_at, row.known_by
    )  # fmt: skip
