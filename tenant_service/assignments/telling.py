"""What bodies and their 交办单位 are told of what they have, in which words."""

from collections.abc import Sequence

from tenant_service.assignments import queries
from tenant_service.assignments.models import AssignmentRow, CallRow
from tenant_service.identity import accounts
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.notifications import service as notifications
from tenant_service.notifications.rules import NotificationKind
from tenant_service.storage.unit_of_work import Unit


def forwarded(unit: Unit, actor: Actor, row: AssignmentRow) -> None:
    """The 交办单位 knows that something waits to be assigned."""
    to = accounts.of_body(unit.session, row.office_id, Role.COORDINATOR) if row.office_id else []
    title = f"待交办：{_item(unit, row)}"
    notifications.tell(unit, [each.id for each in to], NotificationKind.ASSIGNED, row.id, title, by=actor)


def assigned(unit: Unit, actor: Actor, row: AssignmentRow) -> None:
    """The body knows what it has, and until when."""
    text = f"办理期限{row.due_on}。{row.instructions or ''}"
    _tell(unit, actor, row, NotificationKind.ASSIGNED, f"新交办：{_item(unit, row)}", text)


def taken_away(unit: Unit, actor: Actor, row: AssignmentRow, why: str) -> None:
    """The body that had it knows that it has it no more."""
    _tell(unit, actor, row, NotificationKind.ASSIGNED, f"不再由贵单位办理：{_item(unit, row)}", why)


def sent_back(unit: Unit, actor: Actor, row: AssignmentRow) -> None:
    """退回重办, with the reason."""
    _tell(unit, actor, row, NotificationKind.SENT_BACK, f"退回重办：{_item(unit, row)}", row.sent_back_because or "")


def urged(unit: Unit, actor: Actor, row: AssignmentRow, words: str) -> None:
    """催办, in the words of whoever urges."""
    _tell(unit, actor, row, NotificationKind.URGED, f"催办：{_item(unit, row)}", words)


def due(unit: Unit, row: AssignmentRow, words: str, days_late: int) -> None:
    """到期前提醒 or 逾期提醒, which the service says by itself."""
    title = f"{'已逾期' if days_late > 0 else '即将到期'}：{_item(unit, row)}"
    _tell(unit, None, row, NotificationKind.DUE, title, words)


def called(unit: Unit, actor: Actor, row: CallRow, bodies: Sequence[str]) -> None:
    """吹哨: each of these bodies is to come."""
    title = f"吹哨报到：{row.title}"
    notifications.tell(unit, bodies, NotificationKind.ASSIGNED, row.id, title, row.place, by=actor)


def _tell(
    unit: Unit, actor: Actor | None, row: AssignmentRow, kind: NotificationKind, title: str, text: str
) -> None:  # fmt: skip
    to = [row.body_id] if row.body_id else []
    notifications.tell(unit, to, kind, row.id, title, text, by=actor)


def _item(unit: Unit, row: AssignmentRow) -> str:
    return queries.ours(unit.session, row.item_id).text
