"""How this room hangs in the service."""

from sync.edge.shell.words import say
from tenant_service.attendance import asking_service, personal, queries, service, used_codes
from tenant_service.attendance.graphql import AttendanceMutation, AttendanceQuery
from tenant_service.attendance.pages import PAGES
from tenant_service.attendance.recovery import recover
from tenant_service.room import Room, RoomKind, Without

ROOM = Room(
    "attendance",
    kinds=(
        RoomKind(
            "participation", say("参与记录"), service.project, recover, queries.one,
            Without("who took part is nobody's to look for"),
            after=("activity", "request", "answer"),  # a place that was answered for is not given anew
        ),
    ),
    pages=PAGES, query=AttendanceQuery, mutation=AttendanceMutation,
    forgets=(used_codes.forget,), in_use=queries.any_of,
    handlers=asking_service.HANDLERS, follows={"request": personal.follow_request},
    acts={"attendance": say("参加与签到")},
)  # fmt: skip
