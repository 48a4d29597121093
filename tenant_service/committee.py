"""One committee's service as it runs, without its web pages: what stands between its database and the hub.

`open_committee` puts the parts together; nothing runs before `Committee.run`. Without a hub everything local goes on.
"""

import asyncio
import dataclasses
import datetime as dt
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nats.aio.client import Client
from nats.errors import Error as NatsError

from sync.bus import connection
from sync.bus.directory_copy import DirectoryCopy
from sync.bus.ending import ended, finished
from sync.bus.rpc import Answerer
from sync.bus.trust import Trust
from sync.bus.waiting import happened
from sync.contract import jose
from sync.contract.directory import Directory
from sync.edge.budget import Limits
from tenant_service import rooms
from tenant_service.attendance import queries as attendances
from tenant_service.attendance import service as attendance
from tenant_service.attendance import used_codes
from tenant_service.auditing import service as auditing
from tenant_service.exchange import choices
from tenant_service.exchange.exchange import Exchange
from tenant_service.exchange.outbox import ExchangeOutbox
from tenant_service.graph import idempotency
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema
from tenant_service.identity import audit_segments, quotas
from tenant_service.identity.actor import Actor
from tenant_service.identity.callers import Callers
from tenant_service.identity.issuing import Issuer
from tenant_service.identity.keys import Keys, keys_in
from tenant_service.identity.sessions import Lifetimes
from tenant_service.identity.token_desk import TokenDesk
from tenant_service.listening.listening import Listening
from tenant_service.listening.tail import Tail
from tenant_service.listening.veil import Veil
from tenant_service.personal_data import retention
from tenant_service.requests import service as requests
from tenant_service.rpc_server import TOO_LARGE, RpcServer
from tenant_service.search.service import completing
from tenant_service.settings import Settings
from tenant_service.statistics import queries as figures
from tenant_service.statistics import service as statistics
from tenant_service.storage import changed
from tenant_service.storage.engine import Domain, open_engine
from tenant_service.storage.migrate import migrate
from tenant_service.storage.unit_of_work import Clock, Unit, Units, utc_now

log = logging.getLogger(__name__)

RECOUNT_AFTER = 2.0
"""Seconds after the last change until figures are counted anew and told: a burst of changes is one figure."""
RECOUNT_AT_LEAST = 300.0
"""Seconds after which they are counted in any case: a day begins, a joint activity was closed elsewhere."""
ANSWER_AT_LEAST = 5.0
"""Seconds after which waiting requests are looked for without being called."""
HEAD_LOOK_AFTER = 60.0
"""Seconds between two looks whether the parent is to be told a head of the audit log; the first, after the start."""
FORGET_AFTER = 86_400.0
"""Seconds between two looks for what is kept no longer."""


@dataclass
class Committee:
    """The parts of one running committee."""

    settings: Settings
    keys: Keys
    domain: Domain
    units: Units
    trust: Trust
    copy: DirectoryCopy
    exchange: Exchange
    callers: Callers
    issuer: Issuer
    executor: Executor
    listening: Listening
    parts: dict[str, Any]
    _cut: asyncio.Event = dataclasses.field(default_factory=asyncio.Event)

    @cached_property
    def rpc(self) -> RpcServer:
        """Answers gateways, whichever way they ask."""
        wide = _for_gateways(self.settings.limits)
        executor = Executor(schema, wide, shows_schema=self.settings.demo)
        desk = TokenDesk(self.domain, self.callers, self.issuer)
        return RpcServer(self.domain, self.callers, executor, self.context, wide, desk.answer, self.listening.answer)

    def context(self, actor: Actor, owners: tuple[str, ...] | None = None) -> Context:
        """What one GraphQL operation is given."""
        return Context(actor, self.units, self.trust.directory, owners, self.parts)

    async def run(self) -> None:
        """Works until cancelled: exchange and answers while there is a hub, figures and requests in any case."""
        work = [
            asyncio.create_task(each())
            for each in (
                self._counting,
                self._answering,
                self._forgetting,
                self._indexing,
                self._telling_heads,
                self.listening.tail.run,
            )
        ]
        if self.settings.hub is not None:
            work.append(asyncio.create_task(self._on_line(self.settings.hub)))
        try:
            await asyncio.gather(*work)
        finally:
            await ended(work)

    def close(self) -> None:
        self.domain.close()

    async def _on_line(self, hub: str) -> None:
        me, creds = self.settings.committee, self.settings.creds
        while not creds.exists():  # noqa: ASYNC110 — a file: the hub's operator has not admitted this committee yet
            await asyncio.sleep(1)
        await connection.while_connected(
            hub, creds, me, self._work, disconnected=self.exchange.disconnected, reconnected=self._reconnected,
            wait=0.5 + 0.01 * (int(me[:6]) % 50),
        )  # fmt: skip

    async def _reconnected(self) -> None:
        self._cut.set()

    async def _work(self, client: Client) -> None:
        """Over one connection: exchange and answers. What the hub delivers is taken in once it has handed out its
        directory, at first and after each cut: keys may have been withdrawn meanwhile.
        """
        exchange = self.exchange
        await exchange.disconnected()
        answerer = await Answerer(client, self.settings.committee, self.rpc, TOO_LARGE).open()
        following = asyncio.create_task(
            self.copy.keep(client, lambda: self.trust.directory, exchange.learn, exchange.reconnected, self._cut)
        )
        try:
            await exchange.work(client)
        finally:
            await ended([following])
            with suppress(NatsError):  # the line has ended, and its subscription with it
                await finished(answerer.close())

    async def _counting(self) -> None:
        """Figures are told anew some moments after whatever may have changed them."""
        changed = _Bell(asyncio.get_running_loop())
        self.units.after_publishing(changed.ring)
        channels = self.parts["value_channels"]
        while True:
            with self._logged("figures"):
                await self.domain.run(self._publish_values, channels)
            await changed.heard(RECOUNT_AT_LEAST)
            await asyncio.sleep(RECOUNT_AFTER)

    def _publish_values(self, channels: set[str]) -> int:
        with self.units.write() as unit:
            return statistics.publish_values(unit, channels & set(self.trust.directory.channels_of(unit.committee)))

    async def _answering(self) -> None:
        """Requests of other committees are answered soon after they came in."""
        arrived = _Bell(asyncio.get_running_loop())
        self.units.after_changing(arrived.ring)
        while True:
            with self._logged("requests"):
                while await self.domain.run(requests.answer_next, self.units, self.parts["handlers"]):
                    pass
            await arrived.heard(ANSWER_AT_LEAST)

    async def _forgetting(self) -> None:
        """What is kept for a while only is forgotten when that is over, in slices that hold nobody up."""
        while True:
            with self._logged("forgetting"):
                own = [rule.drop for rule in retention.rules_of(self.settings)]
                for forget in (
                    idempotency.forget, used_codes.forget, _forget_changes, quotas.forget, self._seal, *own
                ):  # fmt: skip
                    while await self.domain.run(self._forget, forget):
                        pass
            await asyncio.sleep(FORGET_AFTER)

    async def _telling_heads(self) -> None:
        """The parent is told every hour where the audit log ends."""
        while True:
            await asyncio.sleep(HEAD_LOOK_AFTER)
            with self._logged("heads of the audit log"):
                await self.domain.run(self._tell_head)

    def _tell_head(self) -> None:
        with self.units.write() as unit:
            auditing.tell_head(unit, self.keys.event, self.trust.directory.channels_of(unit.committee))

    async def _indexing(self) -> None:
        """What an earlier release wrote is found as well, soon after the start."""
        with self._logged("the search index"):
            slices = completing(self.units)
            while await self.domain.run(next, slices, None) is not None:
                pass

    def _seal(self, unit: Unit) -> int:
        return audit_segments.seal(unit, self.keys.event)

    def _forget(self, forget: Callable[[Unit], int]) -> int:
        with self.units.write() as unit:
            return forget(unit)

    def _logged(self, what: str) -> "_Logged":
        return _Logged(what, self.settings.committee)


def open_committee(settings: Settings, clock: Clock = utc_now) -> Committee:
    """The committee's parts, over a database that is brought up to this release.

    Raises:
        OSError: there is no directory file yet. jose.Untrusted: it does not go back to the root. KeyTrouble.
    """
    engine = open_engine(settings.database)
    migrate(engine)
    keys = keys_in(settings.keys)
    copy = DirectoryCopy(settings.directory, jose.read_key(settings.root.read_bytes()), settings.committee)
    trust = Trust(settings.committee, copy.read(), keys.event, [keys.enc, *keys.older["enc"]], keys.older["event"])
    units = Units(engine, settings.committee, ExchangeOutbox(trust), clock)
    domain = Domain(engine)
    directory: Callable[[], Directory] = lambda: trust.directory  # noqa: E731
    parts: dict[str, Any] = {
        "keys": keys, "handlers": attendance.handlers(directory),
        "reported": figures.reported, "persons_in_use": attendances.any_of,
        "value_channels": choices.channels(settings.share_values),
        quotas.PART: settings.personal_rows_per_day,
    }  # fmt: skip

    lifetimes = Lifetimes(
        dt.timedelta(minutes=settings.session_idle_minutes), dt.timedelta(hours=settings.session_hours)
    )
    exchange = Exchange(
        domain,
        units,
        trust,
        rooms.projections(directory),
        rooms.RECOVERIES,
        keeps_left=settings.left_copies == "freeze",
    )
    parts["projector"] = exchange.inbox.projector

    async def tell_refused(why: str) -> None:
        await domain.run(exchange.alarms, settings.committee, "DIRECTORY_REFUSED", why)

    copy.on_refused = tell_refused
    callers = Callers(settings.committee, units, directory, clock, lifetimes)
    return Committee(
        settings, keys, domain, units, trust, copy, exchange, callers,
        Issuer(
            settings.committee, keys.token, settings.token_seconds, keys.older["token"], lambda: trust.directory
        ),
        Executor(schema, settings.limits, shows_schema=settings.demo),
        Listening(domain, callers, Tail(domain, units), Veil.of(keys.token)), parts,
    )  # fmt: skip


def _for_gateways(limits: Limits) -> Limits:
    """Wider than a client's: a gateway that asks for a list names its parts, where the client named none."""
    return dataclasses.replace(
        limits, aliases=4 * limits.aliases, fields=2 * limits.fields, tokens=2 * limits.tokens, depth=limits.depth + 1
    )


def _forget_changes(unit: Unit) -> int:
    return changed.forget(unit.session, unit.now)


class _Bell:
    """Something that rings in any thread and is heard in one loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop, self._event = loop, asyncio.Event()

    def ring(self) -> None:
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._event.set)

    async def heard(self, within: float) -> None:
        """It rang since this was asked last, or `within` seconds have passed."""
        await happened(self._event, within)
        self._event.clear()


class _Logged:
    """A background job that breaks is logged and goes on with its next round."""

    def __init__(self, what: str, committee: str) -> None:
        self._what, self._committee = what, committee

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> bool:
        if kind is None or not issubclass(kind, Exception):
            return False
        log.error("%s of %s broke, and are tried again", self._what, self._committee, exc_info=error)
        return True
