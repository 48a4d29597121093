"""Who stands at a door of this gateway, and what they may have: the same at every door."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from starlette.requests import HTTPConnection

from gateway.federation.committees import Federation
from gateway.federation.engine import Gateway
from gateway.federation.refused import Answer
from gateway.identity.browsers import Browsers
from gateway.identity.callers import NOBODY, Caller
from gateway.identity.token_exchange import TokenExchange
from gateway.rates import Rates, name_of
from sync.contract.errors import Code, Refusal
from sync.contract.trust.tokens import bearer_of
from sync.edge import traces
from sync.edge.body import Asked
from sync.edge.own_pages import is_foreign

Renewing = Callable[[], Awaitable[Caller]]
"""The caller with a token that is in force now. Raises: Refusal, they may not go on."""


@dataclass(frozen=True)
class Account:
    """Somebody who asks: what they may have, and what they are shown as to whoever collects traces.

    Attributes:
        counted_as: The name by which the rates count.
        door: Where they came in; each request of theirs is one span of that name.
        parent: A traceparent that came with them.
    """

    gateway: Gateway
    rates: Rates
    counted_as: str
    door: str
    parent: str | None

    def count(self) -> None:
        """One more request of theirs. Raises: Refusal RATE_LIMITED."""
        self.rates.request(self.counted_as)

    async def delivered(self) -> None:
        """One more change may be delivered to them now; it waits until then."""
        while wait := self.rates.delivery(self.counted_as):  # noqa: ASYNC110 — room comes with time, nobody tells of it
            await asyncio.sleep(wait)

    async def ask(self, asked: Asked, caller: Caller, *, only_queries: bool = False) -> Answer:
        """The answer, for which they take a place and pay what it costs.

        Raises:
            Refusal: RATE_LIMITED, BUSY; nobody was asked.
        """
        with self.rates.place(self.counted_as), traces.span(self.door, {}, self.parent):
            return await self.gateway.answer(
                asked, caller, only_queries=only_queries, charge=partial(self.rates.cost, self.counted_as)
            )


@dataclass(frozen=True)
class Guest(Account):
    """Somebody at a door.

    Attributes:
        caller: Who it was when they came in.
        renewed: Tells who it is later.
        use: They ask something now, so that their session is not idle. To come in and to listen is no use of it.
    """

    caller: Caller
    renewed: Renewing
    use: Callable[[], None]


@dataclass(frozen=True)
class Entry:
    """What every door stands on."""

    gateway: Gateway
    federation: Federation
    exchange: TokenExchange
    rates: Rates
    browsers: Browsers
    cookie: str

    async def guest(self, http: HTTPConnection, door: str, token: str | None = None) -> Guest:
        """Who stands behind a request or a socket at this door: by the token said in it, by a bearer token in its head,
        else by the cookie of a browser at one of our own pages. A session that has ended is nobody's.

        Raises:
            Refusal: BAD_TOKEN, UNKNOWN_ISSUER, CROSS_SITE, what home refuses; RATE_LIMITED.
        """
        address = http.client.host if http.client else ""
        is_counted = False
        try:
            token = token if token is not None else bearer_of(http.headers.get("authorization"))
            if token is not None and self.exchange.asks_home(token, self.federation.now().directory):
                is_counted = True  # it may be void, and home is asked only when there was room for it
                self.rates.request(name_of(NOBODY, address))
            caller, renewed, use = await self._found(http, token)
        except Refusal:
            if not is_counted:
                self.rates.request(name_of(NOBODY, address))  # to guess tokens costs as much as to ask
            raise
        # What is asked over a socket hours later is no part of what opened it.
        parent = http.headers.get(traces.PARENT) if http.scope["type"] == "http" else None
        return Guest(self.gateway, self.rates, name_of(caller, address), door, parent, caller, renewed, use)

    async def visitor(self, http: HTTPConnection) -> Caller:
        """Whose browser looks at one of our own pages; NOBODY, if no session is open in it. Whatever page leads to
        these: they do nothing.
        """
        id = http.cookies.get(self.cookie)
        return await self.browsers.caller(id) if id else NOBODY

    def use(self, http: HTTPConnection) -> None:
        """Whoever looks at one of our own pages asked for it, so that their session is not idle."""
        self.browsers.use(http.cookies.get(self.cookie, ""))

    async def _found(self, http: HTTPConnection, token: str | None) -> tuple[Caller, Renewing, Callable[[], None]]:
        """Raises: Refusal."""
        if token is not None:
            return await self._by_token(token), partial(self._by_token, token), _unused
        id = http.cookies.get(self.cookie)
        if not id:
            return NOBODY, _nobody, _unused
        if is_foreign(http.headers, carries_cookie=True):
            raise Refusal(Code.CROSS_SITE)
        caller = await self.browsers.caller(id)
        renewed = partial(self._by_session, id) if caller.claims else _nobody
        return caller, renewed, partial(self.browsers.use, id)

    async def _by_token(self, token: str) -> Caller:
        return await self.exchange.caller(token, self.federation.now().directory)

    async def _by_session(self, id: str) -> Caller:
        caller = await self.browsers.caller(id)
        if caller.claims is None:
            raise Refusal(Code.SIGN_IN_ENDED)
        return caller


async def _nobody() -> Caller:
    return NOBODY


def _unused() -> None:
    """There is no session that could be idle."""
