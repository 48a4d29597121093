"""Every read of this room."""

import datetime as dt
from collections.abc import Sequence

import chinese_calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_service.workdays.models import WorkdayRow
from tenant_service.workdays.rules import Calendar


def calendar(session: Session) -> Calendar:
    """The days on which this committee works, as it has put them right."""
    return Calendar(published, dict(session.execute(select(WorkdayRow.day, WorkdayRow.works)).all()))


def own(session: Session, since: dt.date) -> Sequence[WorkdayRow]:
    """Days that the committee put right, from `since` on, in order."""
    return session.scalars(select(WorkdayRow).where(WorkdayRow.day >= since).order_by(WorkdayRow.day)).all()


def published(day: dt.date) -> bool | None:
    """As the State Council published it; None: not yet, or so long ago that nobody kept it."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
