"""What other rooms' pages show of this room; it has no pages of its own."""

from sync.edge.shell.pages import Link
from tenant_service.members import queries
from tenant_service.web.site import RoomPages, Visit


def named(visit: Visit, kind: str, id: str) -> Link | None:
    """A unit by its name, or a body for the office and for who works for it; they have no pages of their own."""
    session, actor = visit.unit.session, visit.actor
    if kind == "body":
        found = queries.body(session, id) if actor.sees_work or actor.body == id else None
        return Link("", found.name) if found else None
    unit = queries.unit(session, actor, id) if kind == "unit" else None
    return Link("", unit.name) if unit else None


PAGES = RoomPages(named=named)
