"""How this room hangs in the service."""

import datetime as dt

from sync.edge.shell.words import say
from tenant_service.attendance import asking_service, crediting, personal, queries, service, used_codes
from tenant_service.attendance.graphql import AttendanceMutation, AttendanceQuery
from tenant_service.attendance.pages import PAGES
from tenant_service.attendance.recovery import recover
from tenant_service.room import Retention, Room, RoomKind, Without, days_before

ROOM = Room(
    "attendance",
    kinds=(
        RoomKind(
            "participation", service.project, recover, queries.one,
            Without("who took part is nobody's to look for"),
            after=("activity", "request", "answer"),  # a place that was answered for is not given anew
        ),
    ),
    pages=PAGES, query=AttendanceQuery, mutation=AttendanceMutation,
    forgets=(used_codes.forget,), in_use=queries.any_of,
    handlers=asking_service.HANDLERS, credits=crediting.catch_up,
    follows={"request": personal.follow_request, "activity": crediting.follow_activity},
    acts={"attendance": say("参加与签到")}, personal=personal,
    keeps=(
        Retention(
            "guests", "guest_days", "names of other committees' people on our lists", "{} days after the activity",
            say("本会名单上外地来宾的姓名：活动后 %(n)s 天"),
            lambda session, now, days: personal.count_guests(session, days_before(now, days)),
            lambda unit, days: personal.forget_guests(unit, days_before(unit.now, days)),
        ),
        Retention(
            "codes", "guest_days", "check-in codes that our people were shown", "{} days after they end",
            say("本会人员出示过的履职码：失效后 %(n)s 天"),
            lambda session, now, days: personal.count_codes(session, now - dt.timedelta(days=days)),
            lambda unit, days: personal.forget_codes(unit, unit.now - dt.timedelta(days=days)),
        ),
    ),
)  # fmt: skip
