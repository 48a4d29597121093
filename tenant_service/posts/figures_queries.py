"""What our posts come to in figures, by day."""

import datetime as dt
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.contract.shapes.posts import PostState
from tenant_service.counting.rules import Tally
from tenant_service.posts.models import PostRow


def published(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Posts by the day on which they were published; what was taken down never counts."""
    return _daily(session, PostRow.published_on, since, until)


def converted(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Those of them that became a proposal, by the day on which they first did."""
    return _daily(session, PostRow.converted_on, since, until)


def _daily(session: Session, day: Any, since: dt.date, until: dt.date) -> list[Tally]:
    wanted = select(day, PostRow.kind, func.count()).where(
        day.between(since, until), PostRow.state == PostState.PUBLISHED
    )
    rows = session.execute(wanted.group_by(day, PostRow.kind))
    return [Tally(on, kind.value, None, int(many)) for on, kind, many in rows]
