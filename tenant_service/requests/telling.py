"""What whoever asked another committee is told of its answer, in which words."""

from sqlalchemy.orm import Session

from sync.contract.shapes.requests import RequestState
from tenant_service.exchange.copies import Seen
from tenant_service.notifications.rules import NotificationKind
from tenant_service.notifications.service import Heard, tell
from tenant_service.requests.models import RequestRow

_SAID = {RequestState.ACCEPTED: "对方已同意", RequestState.REFUSED: "对方未同意"}


def answered(session: Session, row: RequestRow, seen: Seen) -> None:
    """Whoever asked, and for whom it was asked, knows what the other committee said; that it lies there says nothing
    yet.
    """
    if row.state not in _SAID:
        return
    to = [each for each in (row.asked_by, row.person_id) if each]
    title, why = f"{_SAID[row.state]}：{row.kind.label}", row.reason_zh or ""
    tell(Heard(session, row.committee_id, seen.as_of), to, NotificationKind.REQUEST, row.subject_id, title, why)
