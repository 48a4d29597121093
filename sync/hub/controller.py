"""Makes the hub what the directory says; safe to run at any time, any number of times."""

import asyncio
import logging
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from nats.aio.client import Client, RawCredentials
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import ConsumerInfo, StreamInfo
from nats.js.errors import NotFoundError

from sync.bus import connection, credentials
from sync.bus.credentials import NKey
from sync.bus.streams import wanted
from sync.contract.trust.directory import Directory
from sync.hub.directory_desk import DirectoryDesk
from sync.hub.enrolment import Enrolment
from sync.hub.erasing import Eraser
from sync.hub.events import Jsz
from sync.hub.keys import HubKeys, write_secret
from sync.hub.plan import (
    Act,
    Admit,
    DeclareConsumer,
    DeclareStream,
    DropConsumer,
    Found,
    FoundConsumer,
    PushAccount,
    chains,
    consumer_acts,
    stream_acts,
)
from sync.hub.together import together

log = logging.getLogger(__name__)

_PAGE = 256
_AT_ONCE = 16
"""Requests to the server that are on their way together."""
_WAIT = 5.0
"""Seconds."""
_WAIT_PER_SUBJECT = 0.05
"""Seconds more for a stream: the server compares each of its subjects with each of every other stream's, in turn."""


class Refused(Exception):
    """The server did not take what the system account told it, or does not answer what it asked."""


class StreamStatus(NamedTuple):
    """One province's stream.

    Attributes:
        behind: Consumer → messages it has not fetched or not acknowledged.
        copies: Servers that keep it; `current`: those that are up to date; `leader`: the one that takes what is said.
    """

    stream: str
    messages: int
    behind: dict[str, int]
    bytes: int = 0
    consumers: int = 0
    copies: int = 1
    current: int = 1
    leader: str = ""


class Controller:
    """Holds the hub's keys, so it runs beside the server and nowhere else.

    `creds` is the folder into which the `.creds` file of each party admitted here is written; `text` is the directory
    as it was signed, handed out to whoever asks.
    """

    def __init__(
        self,
        keys: HubKeys,
        url: str,
        creds: Path,
        directory: Directory,
        text: str = "",
        clock: Callable[[], int] = lambda: int(time.time()),
        *,
        replicas: int = 1,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`replicas`: servers that keep each stream. `tls`: see `sync.bus.connection.connect`."""
        self._replicas, self._tls = replicas, tls
        self._keys, self._url, self._creds, self._clock = keys, url, creds, clock
        self._directory, self._text = directory, text
        self._want = wanted(directory)
        self._enrolment = Enrolment(keys, directory, self._want)
        self._awake = asyncio.Event()
        self.acts = True
        """Whether this controller declares; in a cluster the one beside JetStream's leader does."""
        self._lines: list[Client] = []
        self._system: Client
        self._hub: Client
        self._jetstream: JetStreamContext

    # ── the directory ──

    def learn(self, directory: Directory, text: str = "") -> None:
        """A newer directory; `declare` makes the hub follow it."""
        self._directory, self._text = directory, text
        self._want = wanted(directory)
        self._enrolment = Enrolment(self._keys, directory, self._want)
        self._awake.set()

    async def answer(self) -> None:
        """Everybody who asks is told the signed directory, and owners have events of theirs forgotten, from now on."""
        await Eraser(self._hub, self._jetstream).serve()
        await DirectoryDesk(self._hub, lambda: self._text).serve()

    @property
    def text(self) -> str:
        """The directory, as it was signed."""
        return self._text

    @property
    def directory(self) -> Directory:
        return self._directory

    @property
    def serial(self) -> int:
        return self._directory.serial

    def names(self) -> dict[str, str]:
        """Public account key → party, those included that are no longer active."""
        return self._enrolment.names()

    def active(self) -> list[str]:
        return self._enrolment.active()

    # ── the line to the server ──

    @property
    def system(self) -> Client:
        return self._system

    @property
    def hub(self) -> Client:
        """In the account HUB."""
        return self._hub

    @property
    def jetstream(self) -> JetStreamContext:
        """Of the account HUB."""
        return self._jetstream

    @property
    def hub_account(self) -> str:
        return self._keys.hub.public

    @property
    def server_name(self) -> str:
        """Of the server beside this controller."""
        return str(self._system._server_info["server_name"])  # noqa: SLF001 — nats-py shows the name nowhere else

    async def open(self) -> "Controller":
        self._system = await self._connected("system", self._keys.system)
        self._hub = await self._connected("hub", self._keys.hub)
        self._jetstream = self._hub.jetstream(timeout=_WAIT)
        return self

    async def _connected(self, name: str, account: NKey) -> Client:
        creds = RawCredentials(credentials.user_credentials(account, name, self._clock()))
        line = await connection.connect(
            self._url, creds, f"controller-{name}", reconnected=self._reconnected, wait=0.5, tls=self._tls
        )
        self._lines.append(line)
        return line

    async def _reconnected(self) -> None:
        self._awake.set()

    async def close(self) -> None:
        for client in self._lines:
            await connection.close(client)

    # ── what is, and what should be ──

    async def plan(self) -> list[Act]:
        """What `declare` would do now. Reads only."""
        phases, _ = await self._phases()
        return [act for phase in phases for act in phase]

    async def compared(self) -> tuple[list[Act], Found]:
        """What `declare` would do now, and the hub as it is. Reads only."""
        phases, found = await self._phases()
        return [act for phase in phases for act in phase], found

    async def _phases(self) -> tuple[list[list[Act]], Found]:
        found = await self._found()
        grow, shrink = stream_acts(self._want, found, self._replicas)
        disable, introduce, declare = self._enrolment.acts(found)
        admit = self._enrolment.admissions(found)
        phases = [disable, admit, introduce, grow, consumer_acts(self._want, found), shrink, declare]
        return phases, found

    async def _found(self) -> Found:
        found = Found()

        async def look_up(public: str) -> None:
            told = await self._system.request(f"$SYS.REQ.ACCOUNT.{public}.CLAIMS.LOOKUP", timeout=_WAIT)
            found.accounts[public] = credentials.read(told.data.decode())

        await together(look_up, await self._asked_system("$SYS.REQ.CLAIMS.LIST"), _AT_ONCE)
        for info in await self.streams():
            stream = str(info.config.name)
            found.streams[stream] = info.config
            for each in await self._consumers(stream):
                found.consumers[stream, each.name] = _as_found(each)
        return found

    async def streams(self) -> list[StreamInfo]:
        """All there are, with what they hold."""
        found: list[StreamInfo] = []
        while True:
            page = await self._jetstream.streams_info(offset=len(found))
            found += page
            if len(page) < _PAGE:
                return found

    async def status(self) -> list[StreamStatus]:
        """What the hub holds, and who has not fetched all that is theirs."""
        found = []
        for info in await self.streams():
            stream = str(info.config.name)
            consumers = {each.name: _as_found(each).pending for each in await self._consumers(stream)}
            behind = {name: pending for name, pending in consumers.items() if pending}
            kept = info.state.messages, behind, info.state.bytes, len(consumers)
            found.append(StreamStatus(stream, *kept, info.config.num_replicas or 1, *_copies(info)))
        return found

    async def storage(self) -> tuple[int, int]:
        """Bytes of all streams at the server beside us, and what they may grow to."""
        told = await self._jsz()
        return told.storage, told.config.max_storage

    async def _consumers(self, stream: str) -> list[ConsumerInfo]:
        found: list[ConsumerInfo] = []
        while True:
            page = await self._jetstream.consumers_info(stream, offset=len(found))
            found += page
            if len(page) < _PAGE:
                return found

    # ── doing it ──

    async def declare(self) -> list[Act]:
        """The hub is what the directory says; returns what had to be done for it.

        Raises:
            Refused: the server does not believe our operator.
            nats.errors.Error, asyncio.TimeoutError: it did not answer; a part may be done, and doing it again is safe.
        """
        phases, _ = await self._phases()
        for phase in phases:
            await together(self._carry_out_all, chains(phase), _AT_ONCE)
        await self._write_credentials()
        return [act for phase in phases for act in phase]

    async def _write_credentials(self) -> None:
        """Every party admitted here has its `.creds` file; one that is there stays as it is."""
        await together(self._write_one, self._enrolment.admitted_here(), _AT_ONCE)

    async def _write_one(self, id: str) -> None:
        path = self._creds / f"{id}.creds"
        if not path.exists():
            told = credentials.user_credentials(self._keys.account(id), id, self._clock())
            await asyncio.to_thread(write_secret, path, told)

    async def _carry_out_all(self, chain: list[Act]) -> None:
        for each in chain:
            log.info("hub: %s", each)
            await self._carry_out(each)

    async def _carry_out(self, act: Act) -> None:
        match act:
            case Admit(id):
                await asyncio.to_thread(self._keys.admit, id)
            case PushAccount():
                await self._push(act)
            case DeclareStream(config, is_new):
                patient = self._hub.jetstream(timeout=_WAIT + _WAIT_PER_SUBJECT * len(config.subjects or ()))
                await (patient.add_stream(config) if is_new else patient.update_stream(config))
            case DeclareConsumer(stream, consumer):
                await self._jetstream.add_consumer(stream, consumer)
            case DropConsumer(stream, name):
                try:
                    await self._jetstream.delete_consumer(stream, name)
                except NotFoundError:
                    log.debug("consumer %s/%s was gone already", stream, name)

    async def _push(self, act: PushAccount) -> None:
        # The server keeps the statement with the later time, so a clock that went back must not decide.
        now = max(self._clock(), act.after)
        statement = credentials.account(act.claims, act.public, act.id, self._keys.operator, now)
        await self._asked_system("$SYS.REQ.CLAIMS.UPDATE", statement.encode())

    async def _asked_system(self, subject: str, body: bytes = b"") -> Any:
        told = await self._system.request(subject, body, timeout=_WAIT)
        answer = msgspec.json.decode(told.data)
        if "error" in answer:
            raise Refused(f"{subject}: {answer['error']}")
        return answer["data"]

    # ── keeping it so ──

    async def keep(self, interval: float, whole: float = 600.0) -> None:
        """Declares again on reconnect, on a newer directory, and when something is missing; never returns.

        Where another controller of the cluster acts, this one waits for its turn.

        Every `interval` seconds it only counts streams and consumers, every `whole` seconds it compares everything.

        Raises:
            nats.errors.Error: the server has ended the connection for good.
        """
        due, counted = 0.0, (-1, -1)
        while True:
            self._awake.clear()
            try:
                was, self.acts = self.acts, await self._leads()
                due = due if was else 0.0
                now = await self._counted() if self.acts else counted
                if self.acts and (time.monotonic() >= due or now != counted):
                    # Counted before it was looked at: what vanishes meanwhile is missed in the next round.
                    counted = now if not await self.declare() else (-1, -1)
                    due = time.monotonic() + whole
            except (TimeoutError, NatsError, Refused) as error:
                if any(each.is_closed for each in self._lines):
                    raise  # the server ended our connection for good: it has other keys, or is another server
                log.warning("the hub could not be declared, trying again: %r", error)
                due = 0.0
            try:
                await asyncio.wait_for(self._awake.wait(), interval)
                due = 0.0
            except TimeoutError:
                continue

    async def _leads(self) -> bool:
        """Whether the server beside us leads JetStream's group; a server that is alone does."""
        await self._system.flush()
        group = (await self._jsz()).meta_cluster
        return group is None or group.leader == self.server_name

    async def _jsz(self) -> Jsz:
        """What the server beside us says of its JetStream."""
        told = await self._asked_system(f"$SYS.REQ.SERVER.{self._system._server_info['server_id']}.JSZ")  # noqa: SLF001
        return msgspec.convert(told, Jsz)

    async def _counted(self) -> tuple[int, int]:
        info = await self._jetstream.account_info()
        return info.streams, info.consumers


def _copies(info: StreamInfo) -> tuple[int, str]:
    """How many of its copies are up to date, and who leads them."""
    if not (info.cluster and info.cluster.leader):
        return (0, "") if info.cluster and info.cluster.replicas else (1, "")
    return 1 + sum(bool(each.current) for each in info.cluster.replicas or ()), info.cluster.leader


def _as_found(info: ConsumerInfo) -> FoundConsumer:
    filters = info.config.filter_subjects or ([info.config.filter_subject] if info.config.filter_subject else [])
    return FoundConsumer(frozenset(filters), (info.num_pending or 0) + (info.num_ack_pending or 0))
