"""`/livez`: the process answers. `/readyz`: it can do its work. Neither tells a stranger anything else."""

import asyncio

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from tenant_service.edge.deps import Deps

_PATIENCE = 5.0  # seconds


class Probes:
    """A line to the hub is not needed to be ready: a committee works on when it is cut."""

    def __init__(self, deps: Deps) -> None:
        self._site, self._trouble = deps.site, deps.trouble

    async def alive(self, _: Request) -> PlainTextResponse:
        """Touches neither the database nor the domain's thread."""
        return PlainTextResponse("alive")

    async def ready(self, _: Request) -> PlainTextResponse:
        if trouble := self._trouble():
            return PlainTextResponse(trouble, 503)
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._site.domain.run(self._look)
        except (TimeoutError, SQLAlchemyError):
            return PlainTextResponse("the database does not answer", 503)
        return PlainTextResponse("ready")

    def _look(self) -> None:
        with self._site.units.read() as unit:
            unit.session.execute(text("SELECT 1 FROM account LIMIT 1"))
