"""What waits in 审签."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_service.signing.rules import Approval


def by_approval(session: Session, model: Any) -> dict[Approval, int]:
    """How many records of a kind stand at each step; what was signed long ago is not counted."""
    counts = select(model.approval, func.count()).where(model.approval != Approval.SIGNED).group_by(model.approval)
    return dict(session.execute(counts).all())
