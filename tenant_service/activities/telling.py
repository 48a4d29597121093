"""What people are told of an activity, in which words: when it is signed for, moved or cancelled."""

import datetime as dt
from typing import NamedTuple

from sqlalchemy.orm import Session

from sync.contract.ids import owner_of
from sync.contract.shapes.activities import ActivityRecord, ActivityState
from sync.edge.shell import formats
from tenant_service.activities.models import ActivityRow, SeenActivityRow
from tenant_service.exchange.copies import Seen
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.notifications import queries as told_before
from tenant_service.notifications import service as notifications
from tenant_service.notifications.rules import NotificationKind
from tenant_service.storage.unit_of_work import Unit


def when_and_where(unit: Unit, row: ActivityRow) -> str:
    """As a notice says it, Chinese: 4月20日 09:00–11:00，罗星议事堂."""
    return f"{formats.span(row.starts_at, row.ends_at, unit.now, 'zh-CN')}，{row.place}"


def submitted(unit: Unit, actor: Actor, row: ActivityRow) -> None:
    """Whoever may sign it knows that it waits."""
    notifications.tell_signers(unit, UseCase.SIGN_OFF_ACTIVITY, row.id, f"活动待审签：{row.title}", by=actor)


def sent_back(unit: Unit, actor: Actor, row: ActivityRow) -> None:
    """Whoever drafted it knows why it came back."""
    to, why = [row.drafted_by], row.returned_because or ""
    notifications.tell(unit, to, NotificationKind.SENT_BACK, row.id, f"活动已退回：{row.title}", why, by=actor)


def signed(unit: Unit, actor: Actor, row: ActivityRow) -> None:
    """The member who started it knows that it will be held, and is told what becomes of it."""
    if row.initiated_by is None:
        return
    notifications.belongs(unit, row.id, row.initiated_by, is_told=True)
    title, text = f"您发起的会议已签发：{row.title}", when_and_where(unit, row)
    notifications.tell(unit, [row.initiated_by], NotificationKind.ACTIVITY_NOTICE, row.id, title, text, by=actor)


def moved(unit: Unit, actor: Actor, row: ActivityRow) -> None:
    """Everybody on its list knows the new time and place, and why."""
    text = f"现为{when_and_where(unit, row)}。{row.change_note}"
    notifications.tell_audience(
        unit, NotificationKind.ACTIVITY_CHANGED, row.id, f"活动变更：{row.title}", text, by=actor
    )


def cancelled(unit: Unit, actor: Actor, row: ActivityRow) -> None:
    """Everybody on its list knows that it will not be held, and why."""
    text = f"原定{when_and_where(unit, row)}。{row.change_note}"
    notifications.tell_audience(
        unit, NotificationKind.ACTIVITY_CANCELLED, row.id, f"活动取消：{row.title}", text, by=actor
    )


# ── another committee's ──


class Known(NamedTuple):
    """What whoever takes part goes by."""

    starts_at: dt.datetime
    place: str
    state: ActivityState


def as_known(session: Session, id: str) -> Known | None:
    """As the copy of another committee's activity stands here."""
    row = session.get(SeenActivityRow, id)
    return Known(row.starts_at, row.place, row.state) if row else None


def heard(session: Session, before: Known | None, told: Seen) -> None:
    """Those of ours who take part in another committee's activity know that it was moved or cancelled there."""
    record: ActivityRecord | None = told.record
    audience = told_before.audience(session, told.id) if before and record else []
    if before is None or record is None or not audience:
        return
    here = notifications.Heard(session, owner_of(audience[0]), told.as_of)
    when = f"{formats.span(record.starts_at, record.ends_at, told.as_of, 'zh-CN')}，{record.place}"
    if record.state is ActivityState.CANCELLED is not before.state:
        kind, title = NotificationKind.ACTIVITY_CANCELLED, f"活动取消：{record.title}"
        notifications.tell(here, audience, kind, record.id, title, record.change_note or "")
    elif (record.starts_at, record.place) != (before.starts_at, before.place):
        kind, title = NotificationKind.ACTIVITY_CHANGED, f"活动变更：{record.title}"
        notifications.tell(here, audience, kind, record.id, title, f"现为{when}。{record.change_note or ''}")
