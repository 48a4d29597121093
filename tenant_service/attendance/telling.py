"""What people on the list are told, in which words."""

from sqlalchemy.orm import Session

from sync.contract.ids import owner_of
from sync.contract.shapes.participations import ParticipationRecord, ParticipationState
from sync.edge.shell import formats
from tenant_service.activities import queries as activities
from tenant_service.activities.queries import Hosted
from tenant_service.attendance.models import ParticipationRow
from tenant_service.attendance.rules import IS_TOLD
from tenant_service.exchange.copies import Seen
from tenant_service.identity import accounts
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.notifications import service as notifications
from tenant_service.notifications.rules import NotificationKind
from tenant_service.storage.unit_of_work import Unit

_At = ParticipationState
_HEARD = {
    (None, _At.INVITED): (NotificationKind.ACTIVITY_NOTICE, "外地政协邀请您参加活动"),
    (_At.WAITLISTED, _At.REGISTERED): (NotificationKind.ACTIVITY_NOTICE, "候补已递补，您已报名成功"),
    (_At.LEAVE_ASKED, _At.ON_LEAVE): (NotificationKind.LEAVE, "已准假"),
    (_At.LEAVE_ASKED, _At.REGISTERED): (NotificationKind.LEAVE, "未准假"),
}
"""Where somebody stood and stands at another committee's activity → as what they are told that, and how."""


def stands(unit: Unit, row: ParticipationRow) -> None:
    """Whoever is on the list is told what becomes of the activity, until they are off it."""
    notifications.belongs(unit, row.activity_id, row.participant, is_told=row.state in IS_TOLD)


def invited(unit: Unit, actor: Actor, activity: Hosted, guests: list[str]) -> int:
    """活动通知, to be answered; how many were told."""
    title, text = f"活动通知：{activity.title}", f"{_when(unit, activity)}。请回复是否参加。"
    return notifications.tell(unit, guests, NotificationKind.ACTIVITY_NOTICE, activity.id, title, text, by=actor)


def urged(unit: Unit, actor: Actor, activity: Hosted, guests: list[str]) -> int:
    """催办: who was called and has not answered; how many were told."""
    title, text = f"请回复是否参加：{activity.title}", _when(unit, activity)
    return notifications.tell(unit, guests, NotificationKind.URGED, activity.id, title, text, by=actor)


def moved_up(unit: Unit, activity: Hosted, row: ParticipationRow) -> None:
    """候补递补."""
    title = f"候补已递补，您已报名成功：{activity.title}"
    text = _when(unit, activity)
    notifications.tell(unit, [row.participant], NotificationKind.ACTIVITY_NOTICE, activity.id, title, text)


def leave_asked(unit: Unit, activity: Hosted, row: ParticipationRow) -> None:
    """Whoever grants leave knows that somebody asks for it."""
    kind = row.leave.label if row.leave else "请假"
    title = f"请假待批：{row.name}（{kind}），{activity.title}"
    to = accounts.who_may(unit, UseCase.SIGN_UP_OTHERS)
    notifications.tell(unit, to, NotificationKind.LEAVE, activity.id, title, row.reason or "")


def leave_decided(unit: Unit, activity: Hosted, row: ParticipationRow, *, granted: bool) -> None:
    """Whoever asked for leave knows what became of it."""
    title = f"{'已准假' if granted else '未准假'}：{activity.title}"
    text = row.reason or "" if not granted else ""
    notifications.tell(unit, [row.participant], NotificationKind.LEAVE, activity.id, title, text)


def heard(session: Session, before: ParticipationState | None, told: Seen) -> None:
    """One of ours is invited by another committee, has moved up there, or is granted leave there or not."""
    record: ParticipationRecord | None = told.record
    if record is None or record.person_id is None or record.state is before:
        return
    here = notifications.Heard(session, owner_of(record.person_id), told.as_of)
    notifications.belongs(here, record.activity_id, record.person_id, is_told=record.state in IS_TOLD)
    said = _HEARD.get((before, record.state))
    if said is not None:
        kind, words = said
        activity = activities.known_title(session, record.activity_id) or "外地活动"
        notifications.tell(here, [record.person_id], kind, record.activity_id, f"{words}：{activity}")


def _when(unit: Unit, activity: Hosted) -> str:
    return f"{formats.span(activity.starts_at, activity.ends_at, unit.now, 'zh-CN')}，{activity.place}"
