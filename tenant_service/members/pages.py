"""What other rooms' pages show of this room; it has no pages of its own."""

from sync.edge.shell.pages import Link
from tenant_service.members import queries
from tenant_service.web.site import RoomPages, Visit


def named(visit: Visit, kind: str, id: str) -> Link | None:
    """A unit by its name; it has no page of its own."""
    found = queries.unit(visit.unit.session, visit.actor, id) if kind == "unit" else None
    return Link("", found.name) if found else None


PAGES = RoomPages(named=named)
