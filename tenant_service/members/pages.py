"""What this room hangs into the site: bodies and postings, and how it calls units and bodies on others' pages."""

from collections.abc import Sequence
from pathlib import Path

from starlette.routing import BaseRoute

from sync.contract.errors import Code
from sync.edge.shell.pages import Link
from tenant_service.identity.policy import UseCase
from tenant_service.members import body_pages, body_queries, posting_pages, queries
from tenant_service.members.body_queries import Wanted
from tenant_service.members.rules import BodyState, Lacking
from tenant_service.web.site import Panel, RoomPages, Site, Visit


def routes(site: Site) -> Sequence[BaseRoute]:
    return [*body_pages.routes(site), *posting_pages.routes(site)]


def panels(visit: Visit) -> list[Panel]:
    """For the office and the administrators: how many bodies there are, and what they lack."""
    if not (visit.actor.sees_work or visit.may(UseCase.SEE_ACCOUNTS)):
        return []
    session, today = visit.unit.session, visit.site.today()

    def of(lacks: Lacking | None = None, *, coordinates: bool = False) -> int:
        return body_queries.count(session, today, Wanted(None, None, BodyState.LISTED, lacks, coordinates=coordinates))

    return [Panel("members_panel.html", {
        "bodies": of(), "assigning": of(coordinates=True), "without_account": of(Lacking.ACCOUNT),
        "sees_work": visit.actor.sees_work, "may_edit": visit.may(UseCase.EDIT_MEMBERS),
    })]  # fmt: skip


def named(visit: Visit, kind: str, id: str) -> Link | None:
    """A unit by its name, which has no page of its own; a body for the office, the administrators and who works for
    it, whom its page is not for; a person by name, for whom the address book is.
    """
    session, actor = visit.unit.session, visit.actor
    if kind == "body":
        reads = actor.sees_work or actor.may(UseCase.SEE_ACCOUNTS)
        found = queries.body(session, id) if reads or actor.body == id else None
        return Link(f"/bodies/{id}" if reads else "", found.name) if found else None
    if kind == "person":
        called = queries.persons_named(session, [id]).get(id) if actor.may(UseCase.SEE_MEMBERS) else None
        return Link("", called) if called else None
    unit = queries.unit(session, actor, id) if kind == "unit" else None
    return Link("", unit.name) if unit else None


PAGES = RoomPages(
    routes, Path(__file__).parent / "templates", panels=panels, named=named,
    beside_fields={Code.BODY_IN_USE: ("last",), Code.BAD_TIME: ("last", "since"), Code.ALREADY_HELD: ("personId",)},
)  # fmt: skip
