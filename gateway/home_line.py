"""A second way to the gateway's own home committee: plain HTTP, for its own people, when the hub does not lead there.

Everything goes over the hub as long as it can. When the line is cut, or the committee's own is, its people's questions
go over HTTP with the same token, and with a proof for home alone (one that names others as well is known to them): they
see home as it is now, and of others what these have shared with it. Nothing is asked there for people of other
committees: their copies lie elsewhere.
"""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping

import httpx2
from nats.aio.client import Client

from gateway.identity.callers import Prover
from sync.bus.asker import Asker, Outcome, Reply
from sync.bus.ending import ended
from sync.bus.rpc import DEADLINE, OVER_HTTP, TOKEN, Headers
from sync.contract import jose

MOST_BYTES = 16 * 1024 * 1024
"""Of an answer, as over the hub."""
_SHORTEST = 0.02
"""Seconds below which asking is no use."""


class HomeLine(Asker):
    """Asks over the hub, and `home` over HTTP where the hub does not reach it."""

    def __init__(
        self, connection: Client, home: str, url: str, prover: Prover,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:  # fmt: skip
        """`url`: without a path. It comes from this gateway's own settings, never from a directory or an answer."""
        super().__init__(connection)
        self._home, self._prover = home, prover
        # As many connections as there are questions, which this gateway bounds: whoever listens holds one for long, and
        # must not take those of the others.
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=50)
        self._http = httpx2.AsyncClient(
            base_url=url, follow_redirects=False, trust_env=False, transport=transport, limits=limits
        )

    async def close(self) -> None:
        await super().close()
        await self._http.aclose()

    async def ask(
        self, questions: Iterable[tuple[str, str, bytes]], headers: Headers, deadline: float,
        told: Callable[[str, Reply], None] | None = None, own: Mapping[str, Headers] | None = None,
    ) -> dict[str, Reply]:  # fmt: skip
        """As `Asker.ask`."""
        asked, began = list(questions), asyncio.get_running_loop().time()
        mine = next((each for each in asked if each[0] == self._home and _is_for(self._home, each[1], headers)), None)
        if mine is None:
            return await super().ask(asked, headers, deadline, told, own)

        loop, second = asyncio.get_running_loop(), list[asyncio.Task[Reply]]()

        def unless_cut(committee: str, reply: Reply) -> None:
            if committee == self._home and reply.outcome is Outcome.UNREACHABLE:
                said = {**headers, **(own or {}).get(committee, {})}
                second.append(loop.create_task(self._over_http(mine, said, began, began + deadline, told)))
            elif told:
                told(committee, reply)

        try:
            replies = await super().ask(asked, headers, deadline, unless_cut, own)
            for task in second:
                replies[self._home] = await task
        finally:
            await ended(second)
        return replies

    async def _over_http(
        self, question: tuple[str, str, bytes], headers: Headers, began: float, ends: float,
        told: Callable[[str, Reply], None] | None,
    ) -> Reply:  # fmt: skip
        loop, outcome, answer = asyncio.get_running_loop(), Outcome.UNREACHABLE, b""
        left = ends - loop.time()
        if left > _SHORTEST:
            proven = {**headers, **self._prover.headers([self._home], question[2], headers.get(TOKEN, ""))}
            said = {OVER_HTTP[name]: value for name, value in proven.items() if name in OVER_HTTP}
            said[OVER_HTTP[DEADLINE]] = str(int(left * 1000))
            try:
                async with asyncio.timeout(left):
                    outcome, answer = await self._posted(question[1], question[2], said)
            except TimeoutError:
                outcome = Outcome.TIMEOUT
            except httpx2.TransportError:
                outcome = Outcome.UNREACHABLE
            except httpx2.HTTPError:
                outcome = Outcome.UNREADABLE
        reply = Reply(outcome, answer, loop.time() - began)
        if told:
            told(self._home, reply)
        return reply

    async def _posted(self, verb: str, body: bytes, headers: dict[str, str]) -> tuple[Outcome, bytes]:
        sent = headers | {"content-type": "application/json"}
        async with self._http.stream("POST", f"/rpc/{verb}", content=body, headers=sent, timeout=None) as response:
            if response.status_code != httpx2.codes.OK:
                return Outcome.UNREACHABLE, b""  # a proxy's page, or an older release that has no such path
            got = bytearray()
            async for piece in response.aiter_bytes():
                got += piece
                if len(got) > MOST_BYTES:
                    return Outcome.UNREADABLE, b""
        return Outcome.ANSWERED, bytes(got)


def _is_for(home: str, verb: str, headers: Headers) -> bool:
    """Whether one of its own people asks, or is about to sign in. The gateway has checked the token already."""
    if verb == "token":
        return True
    token = headers.get(TOKEN, "")
    return bool(token) and json.loads(jose.payload_of(token)).get("iss") == home
