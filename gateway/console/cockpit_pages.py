"""The cockpit as a page, as files and as a stream; of all committees, or of one mechanism's members."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.console import own_work
from gateway.console.console import Console
from gateway.console.stream import changes
from gateway.identity.callers import Caller
from sync.contract.errors import Code, Refusal
from sync.contract.trust.directory import ListedMechanism

Scope = Callable[[Request, Caller], tuple[str, dict[str, Any]]]
"""What a cockpit is called, and whom it asks. Raises: Refusal."""


def routes(console: Console) -> list[Route]:
    async def mechanisms(request: Request, caller: Caller) -> Response:
        return console.pages.show(
            request, "mechanisms.html", console.visitors.frame(caller), mechanisms=list(_mechanisms(console).values())
        )

    def everybody(_request: Request, caller: Caller) -> tuple[str, dict[str, Any]]:
        return console.name(caller), console.at(caller)

    def one_mechanism(request: Request, _caller: Caller) -> tuple[str, dict[str, Any]]:
        found = _mechanisms(console).get(request.path_params["id"])
        if found is None:
            raise Refusal(Code.UNKNOWN_MECHANISM)
        return found.name, {"mechanisms": [found.id]}

    return [
        *_cockpit("/", console, everybody),
        Route("/m", console.signed_in(mechanisms)),
        *_cockpit("/m/{id}", console, one_mechanism),
    ]


def _cockpit(path: str, console: Console, scope: Scope) -> list[Route]:
    """A cockpit's page, its table as files below it, and its stream."""
    below = path.rstrip("/")

    def serve(
        answer: Callable[[Request, Caller, str, dict[str, Any]], Awaitable[Response]], *, looks: bool = False
    ) -> Any:
        async def show(request: Request, caller: Caller) -> Response:
            return await answer(request, caller, *scope(request, caller))

        return console.signed_in(show, looks=looks)

    async def page(request: Request, caller: Caller, name: str, at: dict[str, Any]) -> Response:
        if path == "/" and own_work.concerns(caller.claims):
            return _own_work(console, request, caller)
        view = await console.look(request, caller, at)
        return console.draw(request, caller, view, name, next(iter(at.get("mechanisms", ())), ""))

    async def file(request: Request, caller: Caller, _name: str, at: dict[str, Any]) -> Response:
        view = await console.look(request, caller, at)
        name = f"liandong-{view.period.first}-{view.period.last}"
        return console.words(request).table(view).file(name, request.path_params["suffix"])

    async def stream(request: Request, caller: Caller, _name: str, at: dict[str, Any]) -> Response:
        return changes(console, request, caller, at)

    return [
        Route(path, serve(page)),
        Route(f"{below}/export.{{suffix}}", serve(file)),
        Route(f"{below}/events", serve(stream, looks=True)),
    ]


def _own_work(console: Console, request: Request, caller: Caller) -> Response:
    """The first page of whom no figure concerns."""
    directory = console.visitors.parts.federation.now().directory
    home, roles = directory.get(caller.home or ""), set(caller.claims.roles if caller.claims else ())
    frame = console.visitors.frame(caller)
    return console.pages.show(request, "own_work.html", frame, home=home, ways=own_work.ways(roles, home))


def _mechanisms(console: Console) -> dict[str, ListedMechanism]:
    """Standing mechanisms are open knowledge: the directory lists them for everybody."""
    return console.visitors.parts.federation.now().directory.mechanisms
