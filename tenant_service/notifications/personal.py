"""What this room holds of a person: what they were told, where it went, and how they wanted to be told."""

import datetime as dt

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from sync.edge.shell.words import say
from tenant_service.notifications import queries
from tenant_service.notifications.models import AudienceRow, ChoiceRow, ContactRow, DeliveryRow, NotificationRow
from tenant_service.storage.personal import Held, HeldTable, Tables, Whom, held
from tenant_service.storage.unit_of_work import Unit

TABLES: Tables = (
    HeldTable("notification", say("通知")),
    HeldTable("notification_delivery", say("通知的发送")),
    HeldTable("notification_audience", say("知会对象")),
    HeldTable("notification_choice", say("通知方式")),
    HeldTable("notification_contact", say("通知联系方式")),
)
AT_ONCE = 500
"""Notifications of one slice."""


def about(session: Session, whom: Whom) -> list[Held]:
    theirs = select(NotificationRow.id).where(_theirs(whom))
    return [
        *held(session, NotificationRow, _theirs(whom)),
        *held(session, DeliveryRow, DeliveryRow.notification_id.in_(theirs)),
        *held(session, AudienceRow, AudienceRow.recipient == whom.id),
        *held(session, ChoiceRow, ChoiceRow.recipient == whom.id),
        *held(session, ContactRow, ContactRow.recipient == whom.id),
    ]


def erase(unit: Unit, whom: Whom) -> int:
    """All of it is gone: no figure is counted from it."""
    ids = unit.session.scalars(select(NotificationRow.id).where(_theirs(whom))).all()
    _drop(unit, list(ids))
    gone = len(ids)
    for model in (AudienceRow, ChoiceRow, ContactRow):
        rows = unit.session.scalars(select(model).where(model.recipient == whom.id)).all()
        for row in rows:
            unit.session.delete(row)
        gone += len(rows)
    unit.session.flush()
    return gone


def forget(unit: Unit, before: dt.datetime) -> int:
    """Some of what is older than that is gone, with what became of it; how many."""
    rows = queries.some_before(unit.session, before, AT_ONCE)
    _drop(unit, [row.id for row in rows])
    return len(rows)


def _drop(unit: Unit, ids: list[str]) -> None:
    unit.session.execute(delete(DeliveryRow).where(DeliveryRow.notification_id.in_(ids)))
    unit.session.execute(delete(NotificationRow).where(NotificationRow.id.in_(ids)))


def _theirs(whom: Whom) -> ColumnElement[bool]:
    return NotificationRow.recipient == whom.id
