"""How this room hangs in the service."""

from tenant_service.identity.policy import UseCase
from tenant_service.procedures import queries, service
from tenant_service.procedures.graphql import ProcedureMutation, ProcedureQuery, ProceduresOfCommittee
from tenant_service.procedures.pages import PAGES
from tenant_service.procedures.recovery import recover
from tenant_service.room import Room, RoomKind
from tenant_service.services import Opens

ROOM = Room(
    "procedures",
    kinds=(
        RoomKind(
            "procedure", service.project, recover, queries.one, queries.reaching, is_open=True,
            opens=Opens(queries.is_ours_to, lambda _session, actor, _id: actor.may(UseCase.EDIT_PROCEDURES)),
        ),
    ),
    pages=PAGES, query=ProcedureQuery, mutation=ProcedureMutation, of_committee=ProceduresOfCommittee,
)  # fmt: skip
