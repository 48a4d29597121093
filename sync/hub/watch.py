"""Watches the hub for those who try what is not theirs, and counts who sends how much.

What it sees comes from the server's log (violations), from the system account (who connects, who is refused), from
JetStream's own notices (batches left open, calls of its API) and from the counters of each account. All of it goes into
the audit file (`sync.hub.audit`) and the figures (`sync.hub.figures`). It only looks: nobody is cut off by it.

In a cluster each process watches its own server; the notices of JetStream, which all hear, are taken down by the
process that acts.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from sync.bus import credentials
from sync.hub.audit import Audit
from sync.hub.closer_look import CloserLook
from sync.hub.controller import Controller
from sync.hub.events import ApiCall, BatchLeft, ClientEvent, Statz, StatzAnswer
from sync.hub.figures import Figures, Stored, Traffic
from sync.hub.server_log import Place, ServerLog, sighting
from sync.hub.sightings import Kind, Sighting

log = logging.getLogger(__name__)

_WAIT = 5.0
_SHARE = 20
"""Looking at all streams and consumers may take one twentieth of the time."""
_OURS = "controller-"
"""What our own connections to the account HUB call themselves."""


class Watch:
    """Follows one server beside its controller, which must be open."""

    def __init__(
        self, controller: Controller, server_log: Path, audit: Audit, state: Path, *, flood_per_second: float = 2_000.0,
        clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        """`state`: file that remembers how far the server's log was read."""
        self._controller, self._audit, self._state, self._clock = controller, audit, state, clock
        self._flood = flood_per_second
        self._log = ServerLog(server_log, _place(state))
        self.figures = Figures()
        self._counted_at = 0.0
        self._closer: CloserLook
        self._names: dict[str, str] = {}

    async def open(self) -> "Watch":
        """From now on nothing that the server tells is missed."""
        system, hub = self._controller.system, self._controller.hub
        self._closer = CloserLook(hub)
        for subject, take in (
            ("$SYS.ACCOUNT.*.CONNECT", self._connected),
            ("$SYS.ACCOUNT.*.DISCONNECT", self._disconnected),
            ("$SYS.SERVER.*.CLIENT.AUTH.ERR", self._refused),
        ):
            await system.subscribe(subject, cb=_reading(take, ClientEvent))
        await hub.subscribe("$JS.EVENT.ADVISORY.STREAM.BATCH_ABANDONED.*", cb=_reading(self._batch_left, BatchLeft))
        await hub.subscribe("$JS.EVENT.ADVISORY.API", cb=_reading(self._api_called, ApiCall))
        await asyncio.gather(system.flush(), hub.flush())
        return self

    async def keep(self, interval: float = 10.0, written: float = 60.0) -> None:
        """Looks every `interval` seconds and writes the audit file every `written` seconds; never returns."""
        reading, counting = self._keep_reading(min(interval, 1.0)), self._keep_counting(interval)
        await asyncio.gather(reading, counting, self._keep_writing(written))

    async def _keep_reading(self, interval: float) -> None:
        while True:
            self.read_log()
            await asyncio.sleep(interval)

    async def _keep_writing(self, interval: float) -> None:
        while True:
            await asyncio.sleep(interval)
            self.write()

    async def _keep_counting(self, interval: float) -> None:
        due = 0.0
        while True:
            try:
                await self.count()
                if time.monotonic() >= due:
                    began = time.monotonic()
                    await self.look_at_streams()
                    due = time.monotonic() + max(interval, _SHARE * (time.monotonic() - began))
            except (NatsError, TimeoutError, msgspec.DecodeError) as error:
                log.info("the hub could not be counted: %r", error)
            await asyncio.sleep(interval)

    # ── what was seen ──

    def note(self, seen: Sighting, times: int = 1) -> None:
        self.figures.seen[seen.kind, seen.who] += times
        self._audit.note(seen, self._clock(), times)

    def name_of(self, account: str) -> str:
        """The party whose account that is; empty: none of the directory's."""
        if account not in self._names:
            self._names = self._controller.names()
        return self._names.get(account, "")

    def write(self) -> None:
        """All that was seen is on disk, and the log is not read twice; after a crash some of it may be told twice.

        Where it cannot be written it is kept for the next time: a full disk must not end the hub.
        """
        draft = self._state.with_suffix(".draft")
        try:
            self._audit.write()
            draft.write_bytes(msgspec.json.encode(self._log.place))
            draft.replace(self._state)
        except OSError:
            log.exception("the audit file could not be written")
        self.figures.audit_entries = self._audit.entries

    # ── the server's log ──

    def read_log(self) -> None:
        for line in self._log.lines():
            if seen := sighting(line, self.name_of):
                self.note(seen)
        if self._log.lost:
            self.note(Sighting(Kind.LOG_LOST))

    # ── what the server tells ──

    def _is_here(self, event: ClientEvent) -> bool:
        """Whether it happened at the server beside us; the others of a cluster have a watch of their own."""
        return event.server.name == self._controller.server_name

    async def _connected(self, event: ClientEvent) -> None:
        who = self.name_of(event.client.acc)
        if who and self._is_here(event) and _sets_its_own(event.client.jwt):
            self.note(Sighting(Kind.UNBOUND, who, event.client.user, event.client.host))

    async def _disconnected(self, event: ClientEvent) -> None:
        if self._is_here(event) and "Connections Exceeded" in event.reason:
            self.note(Sighting(Kind.CONNECTIONS, self.name_of(event.client.acc), event.reason, event.client.host))

    async def _refused(self, event: ClientEvent) -> None:
        """Nothing it showed was believed, so whose statement it showed is told as its own claim."""
        if self._is_here(event):
            told = self.name_of(_issuer(event.client.jwt)) if event.client.jwt else ""
            self.note(Sighting(Kind.LOGIN, "", f"as {told}" if told else event.reason, event.client.host))

    # ── what JetStream tells ──

    async def _batch_left(self, told: BatchLeft) -> None:
        if not self._controller.acts:
            return
        self.figures.abandoned[told.stream, told.reason] += 1
        owner = self._closer.owner_of(told.batch)
        self.note(Sighting(Kind.BATCH, owner, f"{told.stream} {told.reason}"))
        await self._closer.look_at(told.stream)

    async def _api_called(self, call: ApiCall) -> None:
        is_ours = call.client.acc == self._controller.hub_account and call.client.name.startswith(_OURS)
        if not is_ours and self._controller.acts:
            self.note(Sighting(Kind.STREAMS, self.name_of(call.client.acc), call.subject, call.client.host))

    # ── counters ──

    async def count(self) -> None:
        """`figures.traffic` is as it is now; who sends more than the setting allows is noted."""
        statz = await self._statz()
        now, since = time.monotonic(), self._counted_at
        self._counted_at = now
        before, found = self.figures.traffic, dict[str, Traffic]()
        for account in statz.account_statz:
            who = self.name_of(account.acc)
            if not who:
                continue
            sent, received = account.sent, account.received
            told = account.conns, received.msgs, received.bytes, sent.msgs, sent.bytes, account.slow_consumers
            found[who] = Traffic(*told)
            rate = (received.msgs - before.get(who, Traffic()).received) / (now - since) if since else 0.0
            if rate > self._flood:
                self.note(Sighting(Kind.FLOOD, who), int(rate * (now - since)))
        self.figures.traffic = found
        self.figures.serial, self.figures.acts = self._controller.serial, self._controller.acts

    async def _statz(self) -> Statz:
        """Of the server beside us; in a cluster every server answers."""
        system, inbox = self._controller.system, self._controller.system.new_inbox()
        answers = await system.subscribe(inbox)
        try:
            await system.publish("$SYS.REQ.ACCOUNT.PING.STATZ", b'{"include_unused":true}', reply=inbox)
            end = time.monotonic() + _WAIT
            while True:
                told = await answers.next_msg(timeout=max(0.01, end - time.monotonic()))
                answer = msgspec.json.decode(told.data, type=StatzAnswer)
                if answer.server.name == self._controller.server_name:
                    return answer.data
        finally:
            await answers.unsubscribe()

    async def look_at_streams(self) -> None:
        """`figures.streams` is as it is now."""
        found = {}
        for told in await self._controller.status():
            found[told.stream] = Stored(told.messages, told.bytes, told.consumers, told.behind)
        self.figures.store = await self._controller.storage()
        self.figures.streams, self.figures.asked = found, self._clock()


def _reading(take: Callable[[Any], Any], kind: type[msgspec.Struct]) -> Callable[[Msg], Any]:
    """What is not as expected is left out: a newer server may tell more, and the watch must not end for it."""

    async def read(message: Msg) -> None:
        try:
            told = msgspec.json.decode(message.data, type=kind)
        except msgspec.DecodeError as error:
            log.warning("unreadable, on %s: %s", message.subject, error)
            return
        await take(told)

    return read


def _place(state: Path) -> Place:
    try:
        return msgspec.json.decode(state.read_bytes(), type=Place)
    except (OSError, msgspec.DecodeError):
        return Place()


def _issuer(statement: str) -> str:
    """The account that a user's statement names; unchecked."""
    try:
        told = credentials.read(statement).nats.get("issuer_account", "")
    except ValueError:
        return ""
    return told if isinstance(told, str) else ""


def _sets_its_own(statement: str) -> bool:
    """Whether the user's statement names permissions, which the server then puts above the account's."""
    try:
        told = credentials.read(statement).nats
    except ValueError:
        return False
    return any(told.get(each) for each in ("pub", "sub"))
