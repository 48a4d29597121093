"""How this room hangs in the service."""

import datetime as dt

from sync.edge.shell.words import say
from tenant_service.room import Retention, Room
from tenant_service.roster import personal
from tenant_service.roster.pages import PAGES

ROOM = Room(
    "roster", pages=PAGES, acts={"members": say("名册导出"), "roster": say("名册导入")}, personal=personal,
    keeps=(
        Retention(
            "files", "roster_file_days", "rows of roster files", "{} days", say("名册文件中的行：%(n)s 天"),
            lambda session, now, days: personal.count_files(session, now - dt.timedelta(days=days)),
            lambda unit, days: personal.forget_files(unit, unit.now - dt.timedelta(days=days)),
        ),
    ),
)  # fmt: skip
