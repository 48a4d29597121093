"""How this room hangs in the service."""

import datetime as dt

from sync.edge.shell.words import say
from tenant_service.notifications import personal, queries
from tenant_service.notifications.graphql import NotificationMutation, NotificationQuery
from tenant_service.notifications.pages import PAGES
from tenant_service.room import Retention, Room

ROOM = Room(
    "notifications", pages=PAGES, query=NotificationQuery, mutation=NotificationMutation,
    acts={"notification": say("通知")}, personal=personal,
    keeps=(
        Retention(
            "notifications", "notification_days", "what people were told, and what became of it", "{} days",
            say("通知及其发送情况：%(n)s 天"),
            lambda session, now, days: queries.count_before(session, now - dt.timedelta(days=days)),
            lambda unit, days: personal.forget(unit, unit.now - dt.timedelta(days=days)),
        ),
    ),
)  # fmt: skip
