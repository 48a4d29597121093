"""Pages of what the office entered for members: the list, what a member says to it, and what stands beside records."""

from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.identity.policy import UseCase
from tenant_service.on_behalf import listing, queries, service
from tenant_service.on_behalf.listing import AT
from tenant_service.on_behalf.rules import EntryState
from tenant_service.web.exporting import MOST_EXPORTED
from tenant_service.web.site import Go, Panel, RoomPages, Site, Todo, View, Visit, Waits

SHOWN = 200
_ONE = f"{AT}/{{id}}"


def routes(site: Site) -> list[Route]:
    return [
        Route(AT, site.shows(listed), methods=["GET"]),
        Route(AT + ".{suffix:str}", site.shows(exported), methods=["GET"]),
        Route(f"{_ONE}/confirm", site.acts(confirm, listed), methods=["POST"]),
        Route(f"{_ONE}/object", site.acts(object_to, listed), methods=["POST"]),
        Route(f"{_ONE}/settle", site.acts(settle, listed), methods=["POST"]),
    ]


def listed(visit: Visit) -> View:
    """All of it for the office, the own for a member."""
    queries.require_shown(visit.actor)
    return View("on_behalf.html", {
        "lines": listing.lines(visit, listing.found(visit, SHOWN)), "states": list(EntryState),
        "looks": listing.LOOKS, "sees_work": visit.actor.sees_work, "fields": ("reason",), "most": SHOWN,
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The list as it is filtered, as a file."""
    queries.require_shown(visit.actor)
    table = listing.table(visit, listing.found(visit, MOST_EXPORTED))
    return table.file("on-behalf", visit.request.path_params["suffix"])


def confirm(visit: Visit) -> Go:
    service.confirm(visit.unit, visit.actor, visit.id)
    return Go(AT)


def object_to(visit: Visit) -> Go:
    service.object_to(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return Go(AT)


def settle(visit: Visit) -> Go:
    service.settle(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return Go(AT)


# ── on other pages ──


def todos(visit: Visit) -> list[Todo]:
    """What a member has to confirm, and what the office has to settle."""
    if not visit.actor.is_inside:
        return []
    session, person, shown = visit.unit.session, visit.actor.person, []
    if visit.actor.sees_work:
        settles = visit.waits(Waits.TO_DO, UseCase.SETTLE_ENTRIES)
        objected = queries.count(session, visit.actor, EntryState.OBJECTED)
        shown.append(Todo(say("代录有异议"), objected, f"{AT}?state=OBJECTED", settles))
    if person and (own := queries.own_waiting(session, person)):
        shown.append(Todo(say("代录待本人确认"), own, f"{AT}?state=TO_CONFIRM", Waits.TO_DO))
    return shown


def beside(visit: Visit, _kind: str, id: str) -> list[Panel]:
    """代录 on a record's page: what was entered for whom, by whom, and what they say to it."""
    if not (visit.actor.is_inside and (visit.actor.sees_work or visit.actor.person)):
        return []
    lines = listing.lines(visit, queries.listed(visit.unit.session, visit.actor, None, SHOWN, id))
    return [Panel("on_behalf_panel.html", {"lines": lines, "looks": listing.LOOKS})] if lines else []


def named(visit: Visit, kind: str, id: str) -> Link | None:
    row = queries.one(visit.unit.session, visit.actor, id) if kind == "entry" else None
    return Link(AT, visit.say(row.kind.label)) if row else None


PAGES = RoomPages(routes, Path(__file__).parent / "templates", todos=todos, beside=beside, named=named)
