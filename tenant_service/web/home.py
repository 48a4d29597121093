"""首页: 待办, 待审, 逾期 with their counts first; what is on today; how far behind others' news we are."""

from collections.abc import Iterable
from pathlib import Path

from starlette.routing import BaseRoute, Route

from sync.edge.shell.pages import Pages
from tenant_service.exchange.watching import freshness as shared
from tenant_service.identity.policy import UseCase
from tenant_service.storage.unit_of_work import Clock
from tenant_service.web.site import Go, RoomPages, Site, View, Visit

TEMPLATES = Path(__file__).parent / "templates"


def pages_of(rooms: Iterable[RoomPages], *folders: Path, clock: Clock) -> Pages:
    """The committee's templates and words: the rooms', the site's, and those in `folders`."""
    return Pages([*(room.templates for room in rooms if room.templates), TEMPLATES, *folders], clock=clock)


def routes(site: Site) -> list[BaseRoute]:
    """Everything that the committee's site answers under, besides signing in."""
    rooms = [route for room in site.rooms for route in room.routes(site)]
    return [Route("/", site.shows(home), methods=["GET"]), *rooms, *site.pages.routes()]


def home(visit: Visit) -> View | Go:
    """Everybody sees the rooms' panels; who works here, the counts; who may, how the exchange stands. People of bodies
    go to what is theirs.
    """
    if visit.actor.is_contact:
        return Go(next(link.href for room in visit.site.rooms for link in room.for_bodies))
    todos = [todo for room in visit.site.rooms for todo in room.todos(visit)]
    panels = [panel for room in visit.site.rooms for panel in room.panels(visit)]
    return View("home.html", {"actor": visit.actor, "todos": todos, "panels": panels, "sync": _sync(visit)})


def _sync(visit: Visit) -> dict[str, object] | None:
    """Committees whose news we follow, those behind or in trouble by name; None for whom it does not concern."""
    if not visit.may(UseCase.SEE_SYNC):
        return None
    logs = [log for log in shared.status(visit.unit.session, visit.unit.now) if log.is_followed]
    behind = [log for log in logs if not log.is_whole]
    names = {id: entry.short_name for id, entry in visit.directory.entries.items()}
    return {
        "owners": len({log.owner for log in logs}), "as_of": shared.known_until(log.as_of for log in logs),
        "behind": [(names.get(log.owner, log.owner), log) for log in behind],
        "dead_letters": sum(log.dead_letters for log in logs),
    }  # fmt: skip
