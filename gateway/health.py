"""What whoever supervises a gateway reads: whether the process answers, and whether questions can be put now."""

from dataclasses import dataclass

from nats.aio.client import Client
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from gateway.federation.committees import Federation
from gateway.identity.callers import Clock
from gateway.settings import Settings
from sync.contract.trust.directory_parts import WARN_BEFORE


@dataclass(frozen=True)
class Health:
    """Answers `/livez` and `/readyz`."""

    settings: Settings
    federation: Federation
    connection: Client
    clock: Clock

    def routes(self) -> list[Route]:
        return [Route("/livez", self._alive), Route("/readyz", self._ready)]

    async def _alive(self, _: Request) -> PlainTextResponse:
        return PlainTextResponse("alive")

    async def _ready(self, _: Request) -> PlainTextResponse:
        """There is a line to the hub, or a way to home without it, and the directory has not expired."""
        home = self.settings.home
        if not (self.connection.is_connected or home):
            return PlainTextResponse("no line to the hub", 503)
        left = self.federation.now().directory.ends(self.settings.id) - self.clock()
        if left <= 0:
            return PlainTextResponse("the directory has expired", 503)
        if not self.connection.is_connected:
            return PlainTextResponse(f"degraded: no line to the hub, only users of {home} are answered")
        if left <= WARN_BEFORE:
            return PlainTextResponse(f"degraded: the directory is not signed anew, and ends in {left / 3600:.0f} hours")
        return PlainTextResponse("ready")
