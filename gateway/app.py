"""Where the gateway's parts meet."""

import asyncio
import datetime as dt
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from joserfc.jwk import ECKey
from nats.aio.client import Client
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route, WebSocketRoute

from gateway.counters import Counters
from gateway.endpoint import Endpoint
from gateway.entry import Entry
from gateway.export.pages import Exports
from gateway.federation.asking.addressing import Addressing
from gateway.federation.asking.breaker import Breaker
from gateway.federation.asking.fanout import Fanout
from gateway.federation.asking.releases import Releases
from gateway.federation.committees import DirectorySource, Federation
from gateway.federation.engine import Gateway
from gateway.health import Health
from gateway.home_line import HomeLine
from gateway.identity.browsers import Browsers
from gateway.identity.callers import Callers, Clock, Prover
from gateway.identity.home_desk import HomeDesk
from gateway.identity.sessions import Sessions, cookie_name
from gateway.identity.token_exchange import TokenExchange
from gateway.joint import Joint
from gateway.metrics import Metrics, Seen
from gateway.rates import Allowance, Rates
from gateway.schema import joint_sdl
from gateway.settings import Settings
from gateway.streams.door import Door
from gateway.streams.home import Home
from gateway.streams.probing import Probing
from gateway.streams.standings import Standings
from gateway.streams.viewers import Streams
from sync.bus.asker import Asker
from sync.bus.ending import ended
from sync.contract.errors import Code
from sync.contract.versions import API_VERSION
from sync.edge.budget import Limits
from sync.edge.places import Places
from sync.edge.shell.headers import Dressed
from sync.edge.streams.audience import Audience
from sync.edge.streams.socket import Socket


@dataclass(frozen=True)
class Parts:
    """What the pages of a gateway are made of; `app.state.parts`.

    Attributes:
        gateway: Answers any GraphQL request for a caller.
        callers: Tells from a token who asks.
        federation: The newest directory's committees.
        sessions: Tokens of signed-in browsers, by the cookie `cookie`.
        desk: Asks homes for tokens.
        browsers: Tells who is signed in by a cookie.
        entry: Tells who stands at a door or looks at a page.
        asker: Puts other questions than GraphQL.
        prover: Signs them.
        rates: How much each asker may have.
        counters: What is counted.
        breaker: Who is left in peace.
        standings: How committees stand, as asking them showed.
        audience: Who listens, and how many may.
        limits: How large a request may be.
        is_connected: Whether there is a line to the hub.
    """

    settings: Settings
    gateway: Gateway
    callers: Callers
    federation: Federation
    sessions: Sessions
    cookie: str
    desk: HomeDesk
    browsers: Browsers
    entry: Entry
    asker: Asker
    prover: Prover
    rates: Rates
    counters: Counters
    breaker: Breaker
    standings: Standings
    audience: Audience
    limits: Limits
    is_connected: Callable[[], bool]


def assemble(
    settings: Settings, source: DirectorySource, connection: Client, key: ECKey, *,
    sdl: str | None = None, clock: Clock = time.time, ticks: Clock = time.monotonic, limits: Limits | None = None,
) -> Parts:  # fmt: skip
    """All parts over one connection to the hub. `clock` tells Unix seconds, `ticks` seconds that never go back."""
    limits = limits or Limits(bytes=settings.most_bytes, cost=settings.most_cost)
    federation = Federation(source)
    prover = Prover(settings.id, key, clock)
    asker = HomeLine(connection, settings.home, settings.home_url, prover) if settings.home else Asker(connection)
    standings, counters = Standings(lambda: dt.datetime.fromtimestamp(clock(), dt.UTC)), Counters()
    breaker = Breaker(
        ticks, patience=settings.breaker_patience, rest=settings.breaker_rest_seconds, heard=standings.note
    )
    gateway = Gateway(
        Joint(sdl or joint_sdl()), federation, Fanout(asker, prover, breaker, counters, Releases(API_VERSION, ticks)),
        Addressing(limits, settings.replica_above, settings.act_deadline_ms, settings.deadline_ms), limits,
        lambda: dt.datetime.fromtimestamp(clock(), dt.UTC), shows_schema=settings.shows_schema,
    )  # fmt: skip
    callers, desk = Callers(settings.id, key, clock), HomeDesk(asker, prover)
    sessions = Sessions(clock, settings.most_sessions_per_person)
    cookie = cookie_name(settings.id, secure=settings.secure_cookies)
    browsers = Browsers(sessions, desk, callers, lambda: federation.now().directory, clock)
    rates = Rates(_allowance(settings), clock)
    return Parts(
        settings, gateway, callers, federation, sessions, cookie, desk, browsers,
        Entry(gateway, federation, TokenExchange(callers, desk, clock), rates, browsers, cookie),
        asker, prover, rates, counters, breaker, standings,
        Audience.of(settings.most_streams_per_person, settings.most_streams, settings.most_ungreeted), limits,
        lambda: connection.is_connected,
    )  # fmt: skip


def _allowance(told: Settings) -> Allowance:
    return Allowance(
        told.requests_per_minute, told.strangers_per_minute, told.cost_per_minute, told.most_at_once,
        told.most_at_once_each,
    )  # fmt: skip


def _probing(parts: Parts) -> Probing:
    told = parts.settings
    return Probing(
        parts.asker, parts.prover, parts.breaker, parts.federation, parts.standings, told.probes_per_minute,
        told.deadline_ms / 1000,
    )  # fmt: skip


def serving(
    parts: Parts, connection: Client, clock: Clock = time.time, *, pages: Sequence[BaseRoute] = ()
) -> Starlette:
    """The application over these parts. `pages` stand beside the API; none of them answers under its paths."""
    settings, counters, limits, entry = parts.settings, parts.counters, parts.limits, parts.entry
    streams = Streams(entry, Home(parts.asker, parts.prover), parts.standings)
    sockets = Socket(streams.open, limits, parts.audience, settings.most_operations_per_stream)
    files = Places(settings.most_files_each, over=Code.TOO_MANY_FILES)
    routes = [
        Route("/metrics", Metrics(_seen(parts, streams), is_on=settings.metrics).answer),
        Route("/graphql", Door(streams, limits, parts.audience, counters, Endpoint(entry, limits, counters))),
        WebSocketRoute("/graphql", sockets),
        *Exports(entry, clock, settings.most_exported, counters, files).routes(),
        *Health(settings, parts.federation, connection, clock).routes(),
        *pages,
    ]
    app = Dressed(is_https=settings.secure_cookies, routes=routes, lifespan=partial(_running, parts))
    app.state.parts = parts
    return app


def _seen(parts: Parts, streams: Streams) -> Seen:
    return Seen(
        parts.counters, parts.audience, parts.rates, parts.breaker, parts.gateway, parts.federation,
        streams.home.people, parts.is_connected,
    )  # fmt: skip


@asynccontextmanager
async def _running(parts: Parts, _: Starlette) -> AsyncIterator[None]:
    await parts.asker.open()
    probing = asyncio.ensure_future(_probing(parts).run())
    try:
        yield
    finally:
        await ended([probing])
        await parts.gateway.fanout.flights.close()
        parts.gateway.close()
        await parts.asker.close()
