"""What our topics come to in figures, by day and source."""

import datetime as dt
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_service.counting.rules import Tally
from tenant_service.topics.models import TopicRow


def raised(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Whatever was raised here; what a split made is not counted again."""
    return _daily(session, TopicRow.raised_on, since, until, TopicRow.split_from_id.is_(None))


def accepted(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Those of them that were accepted."""
    return _daily(session, TopicRow.accepted_on, since, until, TopicRow.split_from_id.is_(None))


def answered(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Topics whose answer stands, by the day on which it was signed."""
    return _daily(session, TopicRow.answered_on, since, until)


def _daily(session: Session, day: Any, since: dt.date, until: dt.date, *where: Any) -> list[Tally]:
    wanted = select(day, TopicRow.source, func.count()).where(day.between(since, until), *where)
    rows = session.execute(wanted.group_by(day, TopicRow.source))
    return [Tally(on, source.value, None, number) for on, source, number in rows]
