"""One committee's service as it runs, without its web pages: what stands between its database and the hub.

`open_committee` puts the parts together; nothing runs before `Committee.run`. Without a hub everything local goes on.
"""

import asyncio
import dataclasses
import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from nats.aio.client import Client
from nats.errors import Error as NatsError

from sync.bus import connection
from sync.bus.answerer import Answerer
from sync.bus.directory_copy import DirectoryCopy
from sync.bus.ending import ended, finished
from sync.bus.trust import Trust
from sync.contract import jose
from sync.contract.trust.directory import Directory
from sync.edge.budget import Limits
from tenant_service import rooms
from tenant_service.exchange.exchange import Exchange
from tenant_service.exchange.outbox import ExchangeOutbox
from tenant_service.exchange.sharing import choices
from tenant_service.graph.context import Context, Who
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema
from tenant_service.identity.callers import Callers
from tenant_service.identity.issuing import Issuer
from tenant_service.identity.keys import Keys, keys_in
from tenant_service.identity.sessions import Lifetimes
from tenant_service.identity.token_desk import TokenDesk
from tenant_service.listening.listening import Listening
from tenant_service.listening.tail import Tail
from tenant_service.listening.veil import Veil
from tenant_service.notifications.sending import Carriers, carriers
from tenant_service.personal_data import retention
from tenant_service.rpc_server import TOO_LARGE, RpcServer
from tenant_service.services import Desk, Services
from tenant_service.settings import Settings
from tenant_service.statistics import queries as figures
from tenant_service.storage.engine import Domain, open_engine
from tenant_service.storage.migrate import migrate
from tenant_service.storage.unit_of_work import Clock, Units, utc_now
from tenant_service.working import Working


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
    services: Services
    carriers: Carriers
    _cut: asyncio.Event = dataclasses.field(default_factory=asyncio.Event)

    @cached_property
    def rpc(self) -> RpcServer:
        """Answers gateways, whichever way they ask."""
        wide = _for_gateways(self.settings.limits)
        executor = Executor(schema, wide, shows_schema=self.settings.demo)
        desk = TokenDesk(self.domain, self.callers, self.issuer)
        return RpcServer(self.domain, self.callers, executor, self.context, wide, desk.answer, self.listening.answer)

    def context(self, who: Who, owners: tuple[str, ...] | None = None) -> Context:
        """What one GraphQL operation is given."""
        return Context(who, self.units, self.trust.directory, self.services, owners)

    async def run(self) -> None:
        """Works until cancelled: exchange and answers while there is a hub, figures and requests in any case."""
        working = Working(self.settings, self.domain, self.units, self.trust, self.services, self.carriers)
        jobs = (
            working.counting, working.answering, working.forgetting, working.indexing, working.telling_heads,
            working.reminding, working.sending, working.crediting,
            self.listening.tail.run,
        )  # fmt: skip
        work = [asyncio.create_task(each()) for each in jobs]
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
            self.copy.keep(client, lambda: self.trust.directory, exchange.learn, exchange.trust_again, self._cut)
        )
        try:
            await exchange.work(client)
        finally:
            await ended([following])
            with suppress(NatsError):  # the line has ended, and its subscription with it
                await finished(answerer.close())


def open_committee(settings: Settings, clock: Clock = utc_now) -> Committee:
    """The committee's parts, over a database that is brought up to this release.

    Raises:
        OSError: there is no directory file yet. jose.Untrusted: it does not go back to the root. KeyTrouble: a key or
            another secret is not what it should be.
    """
    engine = open_engine(settings.database)
    migrate(engine)
    keys = keys_in(settings.keys)
    copy = DirectoryCopy(settings.directory, jose.read_key(settings.root.read_bytes()), settings.committee)
    trust = Trust(settings.committee, copy.read(), keys.event, [keys.enc, *keys.older["enc"]], keys.older["event"])
    units = Units(engine, settings.committee, ExchangeOutbox(trust), clock)
    domain = Domain(engine)
    directory: Callable[[], Directory] = lambda: trust.directory  # noqa: E731
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
    services = Services(
        keys, rooms.HANDLERS, exchange.inbox.projector, rooms.COUNTING, rooms.CALLED, figures.reported,
        rooms.persons_in_use, rooms.in_hands,
        frozenset(choices.channels(settings.share_values)), settings.personal_rows_per_day,
        retention.rules_of(settings), settings.least_ballots, rooms.OPENS, settings.periods,
        Desk(settings.desk_address, settings.desk_phone, settings.desk_hours), rooms.DONE, rooms.SHEETS,
        bulletin=settings.bulletin, holds_comments=settings.holds_comments, people=rooms.PEOPLE,
        least_answers=settings.least_answers, filing=settings.proposals,
    )  # fmt: skip

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
        Listening(domain, callers, Tail(domain, units), Veil.of(keys.token)), services,
        carriers(settings, _called(trust.directory, settings.committee), clock),
    )  # fmt: skip


def _called(directory: Directory, committee: str) -> str:
    listed = directory.entries.get(committee)
    return listed.name if listed else committee


def _for_gateways(limits: Limits) -> Limits:
    """Wider than a client's: a gateway that asks for a list names its parts, where the client named none."""
    return dataclasses.replace(
        limits, aliases=4 * limits.aliases, fields=2 * limits.fields, tokens=2 * limits.tokens, depth=limits.depth + 1
    )
