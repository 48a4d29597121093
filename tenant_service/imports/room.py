"""How this room hangs in the service."""

import datetime as dt

from sync.edge.shell.words import say
from tenant_service.imports import queries, service
from tenant_service.imports.pages import PAGES
from tenant_service.room import Retention, Room

ROOM = Room(
    "imports", pages=PAGES, acts={"import": say("表格导入")},
    keeps=(
        Retention(
            "imports", "roster_file_days", "files of other lists", "{} days", say("导入的表格：%(n)s 天"),
            lambda session, now, days: queries.count_before(session, now - dt.timedelta(days=days)),
            lambda unit, days: service.forget(unit, unit.now - dt.timedelta(days=days)),
        ),
    ),
)  # fmt: skip
