"""What our appraisals come to in figures, by day."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.contract.shapes.supervision import AppraisalState
from tenant_service.appraisals.models import AppraisalRow
from tenant_service.counting.rules import Tally


def appraised(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Bodies by the day on which what came of their appraisal was published; what was cancelled never counts."""
    wanted = select(AppraisalRow.published_on, func.count()).where(
        AppraisalRow.published_on.between(since, until), AppraisalRow.state != AppraisalState.CANCELLED
    )
    rows = session.execute(wanted.group_by(AppraisalRow.published_on))
    return [Tally(day, "BODY", None, number) for day, number in rows if day is not None]
