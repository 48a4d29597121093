"""How this room hangs in the service."""

from collections.abc import Callable

from sync.contract.trust.directory import Directory
from sync.edge.shell.words import say
from tenant_service.auditing import consent_service, service
from tenant_service.auditing.graphql import AuditMutation, AuditQuery
from tenant_service.auditing.pages import PAGES
from tenant_service.room import ByDirectory, Project, Room, RoomKind, Without


def _projection(directory: Callable[[], Directory]) -> Project:
    return service.projection(lambda owner: directory().keys(owner, "event"))


def _consents(directory: Callable[[], Directory]) -> Project:
    return consent_service.projection(directory)


_OPENS = Without("it opens the audit log, and is shown on the auditors' page")
_EVIDENCE = Without("it is evidence, and looked at on the auditors' page")

ROOM = Room(
    "auditing",
    kinds=(
        RoomKind(
            "audit_head", ByDirectory(_projection),
            Without("the next hour tells the next one"), _EVIDENCE, _EVIDENCE,
        ),
        RoomKind(
            "audit_consent", ByDirectory(_consents), consent_service.recover, _OPENS, _OPENS,
        ),
    ),
    pages=PAGES, query=AuditQuery, mutation=AuditMutation, acts={"audit": say("审计")},
)  # fmt: skip
