"""Check-in codes that were taken: each is remembered for as long as somebody might show it again."""

import datetime as dt

from sqlalchemy import delete, select, tuple_

from tenant_service.attendance.models import UsedCodeRow
from tenant_service.storage.unit_of_work import Unit

KEPT = dt.timedelta(days=30)
"""A code is taken during its activity only, and is not valid long after: this is far on the safe side."""
AT_ONCE = 200
"""Rows of one slice."""


def forget(unit: Unit) -> int:
    """Codes taken at activities that are long over are gone, the oldest first, at most AT_ONCE of them; returns how
    many.
    """
    key = UsedCodeRow.jti, UsedCodeRow.activity_id
    over = select(*key).where(UsedCodeRow.at < unit.now - KEPT).order_by(UsedCodeRow.at).limit(AT_ONCE)
    rows = unit.session.execute(over).all()
    if rows:
        unit.session.execute(delete(UsedCodeRow).where(tuple_(*key).in_([tuple(row) for row in rows])))
    return len(rows)
