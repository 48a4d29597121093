"""What our campaigns come to in figures, by day."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from sync.contract.shapes.supervision import CampaignState
from tenant_service.counting.rules import Tally
from tenant_service.supervision.models import CampaignRow


def begun(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Campaigns by the day on which they began; what was cancelled never counts."""
    return _daily(session, since, until, func.count())


def found(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Problems that these campaigns found, by the day on which the campaign began."""
    return _daily(session, since, until, func.coalesce(func.sum(CampaignRow.findings), 0))


def put_right(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Those of them that were put right and checked, by the same day, so that their rate is one of the same rows."""
    return _daily(session, since, until, func.coalesce(func.sum(CampaignRow.findings_done), 0))


def begun_among(session: Session, ids: Sequence[str]) -> int:
    """How many of our campaigns with these ids began; what was cancelled never counts."""
    held = (CampaignRow.begun_on.is_not(None), CampaignRow.state != CampaignState.CANCELLED)
    return session.scalar(select(func.count()).where(CampaignRow.id.in_(ids), *held)) or 0


def _daily(session: Session, since: dt.date, until: dt.date, number: ColumnElement[int]) -> list[Tally]:
    of = CampaignRow.begun_on, CampaignRow.kind
    wanted = select(*of, number).where(
        CampaignRow.begun_on.between(since, until), CampaignRow.state != CampaignState.CANCELLED
    )
    rows = session.execute(wanted.group_by(*of))
    return [Tally(day, kind.value, None, int(many)) for day, kind, many in rows if day is not None and many]
