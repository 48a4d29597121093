"""What our campaigns come to in figures, by day."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.contract.shapes.supervision import CampaignState
from tenant_service.counting.rules import Tally
from tenant_service.supervision.models import CampaignRow


def begun(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Campaigns by the day on which they began; what was cancelled never counts."""
    of = CampaignRow.begun_on, CampaignRow.kind
    wanted = select(*of, func.count()).where(
        CampaignRow.begun_on.between(since, until), CampaignRow.state != CampaignState.CANCELLED
    )
    rows = session.execute(wanted.group_by(*of))
    return [Tally(day, kind.value, None, number) for day, kind, number in rows if day is not None]
