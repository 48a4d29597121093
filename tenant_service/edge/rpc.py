"""`POST /rpc/<verb>`: what gateways ask over the hub, asked over HTTP by the one that stands beside this committee, so
that its users are answered while the hub is away.

Nothing is trusted here that is not trusted there: the proof names this committee and this body, and counts once,
whichever way it comes. Here it must name this committee alone. The hub lets nobody but a gateway ask; anybody finds the
way here, and what was put to several is in the hands of each of them.
"""

import time

from starlette.requests import Request
from starlette.responses import Response

from sync.bus import rpc
from sync.bus.answerer import Answering, Question
from sync.contract.errors import Refusal
from sync.edge.body import received
from sync.edge.media import Media

MOST_BYTES = 1_000_000
"""Of a body, as much as the hub carries."""


class Rpc:
    """Answers one verb's path. Callable as a starlette endpoint."""

    def __init__(self, server: Answering) -> None:
        self._server = server

    async def __call__(self, request: Request) -> Response:
        """The same bytes as over the hub, refusals included; 503 where nobody waits any more."""
        arrived, told = time.monotonic(), request.headers.get(rpc.OVER_HTTP[rpc.DEADLINE], "")
        try:
            body = await received(request.stream(), request.headers.get("content-length"), MOST_BYTES)
        except Refusal:
            return Response(status_code=413)
        headers = {name: request.headers[http] for name, http in rpc.OVER_HTTP.items() if http in request.headers}
        question = Question(request.path_params["verb"], body, headers, arrived + rpc.seconds(told), is_direct=True)
        answer = await self._server(question)
        if answer is None:
            return Response(status_code=503)
        return Response(answer, media_type=Media.JSON.header, headers={"Cache-Control": "no-store"})
