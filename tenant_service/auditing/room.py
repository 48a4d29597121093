"""How this room hangs in the service."""

from collections.abc import Callable

from sync.contract.directory import Directory
from sync.edge.shell.words import say
from tenant_service.auditing import service
from tenant_service.auditing.pages import PAGES
from tenant_service.room import ByDirectory, Project, Room, RoomKind, Without


def _projection(directory: Callable[[], Directory]) -> Project:
    return service.projection(lambda owner: directory().keys(owner, "event"))


_EVIDENCE = Without("it is evidence, and looked at on the auditors' page")

ROOM = Room(
    "auditing",
    kinds=(
        RoomKind(
            "audit_head", say("审计日志链尾"), ByDirectory(_projection),
            Without("the next hour tells the next one"), _EVIDENCE, _EVIDENCE,
        ),
    ),
    pages=PAGES, acts={"audit": say("审计")},
)  # fmt: skip
