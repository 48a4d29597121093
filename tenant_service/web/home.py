"""首页: what waits for the visitor (待办, 待审, 逾期) first; what is on today; how far behind others' news we are."""

from collections.abc import Iterable
from pathlib import Path

from starlette.routing import BaseRoute, Route

from sync.edge.shell.pages import Pages
from sync.edge.shell.words import say
from tenant_service.exchange.watching import freshness as shared
from tenant_service.identity.policy import UseCase
from tenant_service.storage.unit_of_work import Clock
from tenant_service.web.site import RoomPages, Site, View, Visit, Waits

GROUPS = ((Waits.TO_DO, say("待办")), (Waits.TO_REVIEW, say("待审")), (Waits.LATE, say("逾期")))
TEMPLATES = Path(__file__).parent / "templates"


def pages_of(rooms: Iterable[RoomPages], *folders: Path, clock: Clock) -> Pages:
    """The committee's templates and words: the rooms', the site's, and those in `folders`."""
    return Pages([*(room.templates for room in rooms if room.templates), TEMPLATES, *folders], clock=clock)


def routes(site: Site) -> list[BaseRoute]:
    """Everything that the committee's site answers under, besides signing in."""
    rooms = [route for room in site.rooms for route in room.routes(site)]
    return [Route("/", site.shows(home), methods=["GET"]), *rooms, *site.pages.routes()]


def home(visit: Visit) -> View:
    """Whoever has an account here is told what waits, and what may be begun; everybody but people of bodies sees the
    rooms' panels; who may, how the exchange stands.
    """
    rooms, actor = visit.site.rooms, visit.actor
    todos = [todo for room in rooms for todo in room.todos(visit) if todo.count] if actor.is_home else []
    return View("home.html", {
        "actor": actor, "groups": [(label, [each for each in todos if each.waits is waits]) for waits, label in GROUPS],
        "others": [each for each in todos if each.waits is None], "is_of_body": actor.is_contact,
        "starts": [link for room in rooms for link in room.starts(visit)] if actor.is_home else [],
        "panels": [] if actor.is_contact else [panel for room in rooms for panel in room.panels(visit)],
        "sync": _sync(visit),
    })  # fmt: skip


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
