"""What this room hangs into the site: people, units, bodies and postings, and how it calls them on others' pages."""

from collections.abc import Sequence
from pathlib import Path

from starlette.routing import BaseRoute

from sync.contract.errors import Code
from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.identity.policy import UseCase
from tenant_service.members import body_pages, body_queries, people_pages, posting_pages, queries, unit_pages
from tenant_service.members.body_queries import Wanted
from tenant_service.members.rules import BodyState, Lacking
from tenant_service.web.site import Panel, RoomPages, Site, Visit


def routes(site: Site) -> Sequence[BaseRoute]:
    return [
        *body_pages.routes(site), *posting_pages.routes(site), *unit_pages.routes(site), *people_pages.routes(site)
    ]  # fmt: skip


def panels(visit: Visit) -> list[Panel]:
    """For the office and the administrators: how many bodies there are, and what they lack."""
    if not (visit.actor.sees_work or visit.may(UseCase.SEE_ACCOUNTS)):
        return []
    session, today = visit.unit.session, visit.site.today()

    def of(lacks: Lacking | None = None, *, coordinates: bool = False) -> int:
        return body_queries.count(session, today, Wanted(None, None, BodyState.LISTED, lacks, coordinates=coordinates))

    return [Panel("members_panel.html", {
        "members": len(queries.seat_holders(session, today)), "towns": len(queries.areas_on(session, today)),
        "bodies": of(), "assigning": of(coordinates=True), "without_account": of(Lacking.ACCOUNT),
        "sees_work": visit.actor.sees_work, "may_edit": visit.may(UseCase.EDIT_MEMBERS),
    })]  # fmt: skip


def starts(visit: Visit) -> list[Link]:
    """Where the committee's own people look one another up."""
    return [Link("/people", say("委员通讯录"))] if visit.may(UseCase.SEE_MEMBERS) else []


def named(visit: Visit, kind: str, id: str) -> Link | None:
    """A unit by its name, with its page for our own people; a body for the office, the administrators and who works for
    it, whom its page is not for; a person by name, for whom the address book is.
    """
    session, actor = visit.unit.session, visit.actor
    if kind == "body":
        reads = actor.sees_work or actor.may(UseCase.SEE_ACCOUNTS)
        found = queries.body(session, id) if reads or actor.body == id else None
        return Link(f"/bodies/{id}" if reads else "", found.name) if found else None
    if kind == "person":
        called = queries.persons_named(session, [id]).get(id) if actor.may(UseCase.SEE_MEMBERS) else None
        return Link(f"/people/{id}", called) if called else None
    unit = queries.unit(session, actor, id) if kind == "unit" else None
    has_page = unit is not None and unit.committee_id == actor.committee and actor.may(UseCase.SEE_MEMBERS)
    return Link(f"/units/{id}" if has_page else "", unit.name) if unit else None


PAGES = RoomPages(
    routes, Path(__file__).parent / "templates",
    panels=panels, starts=starts, named=named,
    beside_fields={
        Code.BODY_IN_USE: ("last",), Code.BAD_TIME: ("last", "since"),
        Code.ALREADY_HELD: ("personId", "withPersonId", "unitId", "title"),
        Code.DUPLICATE_PERSON: ("name",), Code.ROSTER_NO_TAKEN: ("rosterNo",), Code.NEEDS_MEETING: ("meeting",),
        Code.UNIT_CYCLE: ("parentId", "into"), Code.UNIT_MISPLACED: ("parentId", "into"), Code.UNIT_IN_USE: ("last",),
    },
)  # fmt: skip
