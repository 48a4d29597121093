"""How this room hangs in the service."""

from tenant_service.administration.graphql import AdministrationMutation, AdministrationQuery
from tenant_service.administration.pages import PAGES
from tenant_service.room import Room

ROOM = Room(
    "administration", pages=PAGES, query=AdministrationQuery, mutation=AdministrationMutation,
)  # fmt: skip
