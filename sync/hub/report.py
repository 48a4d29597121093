"""`liandong hub status`: what the running hub holds, who is there, who is behind, and what its audit file tells."""

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from nats.errors import Error as NatsError

from sync.bus import wire
from sync.bus.streams import directory_of
from sync.contract.trust.directory_parts import WARN_BEFORE
from sync.hub.audit import Broken, lines
from sync.hub.controller import Controller, StreamStatus
from sync.hub.events import StatzAnswer

_QUIET = 0.5
"""Seconds without another server's answer after which all have answered."""
_MOST_NAMED = 10
_LAST = 2**33
"""Unix seconds of the last end that is told as a date: in 2242."""
_WE = "hub"
"""In whose name the hub asks itself."""
_KIB = 1024.0


class Tried(msgspec.Struct, kw_only=True):
    """By one party in one way; `who` is empty for those whom the hub does not know, and for the hub itself."""

    kind: str
    who: str
    times: int


class Report(msgspec.Struct, kw_only=True):
    """One look at the hub.

    Attributes:
        at: When, UTC.
        servers: That answered, by name.
        serial: Of the directory in the file; `told`: of the one that the hub hands out, if it does.
        store: Bytes of all streams at the server beside us, and what they may take.
        streams: Each province's.
        connected: Party → open connections, at all servers.
        away: Active parties without any.
        tried: In the last 24 hours, by the audit file of this place; up to a minute is not in it yet.
        audit: Number of its last line, or what is wrong with it.
        directory_ends: When the first part of the directory ends, unless it is signed anew (Unix seconds).
        void: What in the directory does not count, see `sync.contract.trust.signed_directory`.
    """

    at: str
    servers: list[str]
    serial: int
    told: int | None
    store: tuple[int, int]
    streams: list[StreamStatus]
    connected: dict[str, int]
    away: list[str]
    tried: list[Tried]
    audit: int | str
    directory_ends: int
    void: list[str]

    def text(self) -> str:
        told = "nobody hands it out" if self.told is None else f"the hub hands out {self.told}"
        lines = [f"{self.at}  servers: {', '.join(self.servers)}", f"directory: serial {self.serial}; {told}"]
        if self._until(self.at) <= WARN_BEFORE:
            lines.append(f"WARNING the directory is not signed anew, and ends {_moment(self.directory_ends)}")
        lines += [f"ALARM {each}" for each in self.void]
        used, most = self.store
        lines.append(f"store: {_size(used)} of {_size(most)}")
        for each in self.streams:
            behind = (
                f"{len(each.behind)} of them behind by {sum(each.behind.values())}" if each.behind else "none behind"
            )
            lines.append(
                f"{each.stream}: {each.messages} events, {_size(each.bytes)}, {each.consumers} consumers, {behind}"
                f"{_copies(each)}"
            )
            worst = sorted(each.behind.items(), key=lambda item: -item[1])
            lines += [f"    {consumer}: {pending} to fetch" for consumer, pending in worst[:_MOST_NAMED]]
            if len(worst) > _MOST_NAMED:
                lines.append(f"    and {len(worst) - _MOST_NAMED} more")
        lines.append(f"connected: {len(self.connected)} of {len(self.connected) + len(self.away)}")
        if self.away:
            lines.append(f"    away: {_some(self.away)}")
        lines.append(f"in the audit file of the last 24 hours: {sum(each.times for each in self.tried)}")
        lines += [f"    {each.kind} {each.who or '?'}: {each.times}" for each in self.tried]
        lines.append(f"audit file: {self.audit if isinstance(self.audit, str) else f'{self.audit} lines'}")
        return "\n".join(lines)

    def _until(self, at: str) -> float:
        return self.directory_ends - datetime.fromisoformat(at).timestamp()


async def report(controller: Controller, audit: Path, told: int | None) -> Report:
    """Of the hub that `controller` looks at.

    Raises:
        nats.errors.Error, TimeoutError: it does not answer.
    """
    streams, store = await controller.status(), await controller.storage()
    answers = await _statz(controller)
    names, connected = controller.names(), Counter[str]()
    for answer in answers:
        for account in answer.data.account_statz:
            if account.conns and account.acc in names:
                connected[names[account.acc]] += account.conns
    tried, end = _tried(audit)
    return Report(
        at=datetime.now(UTC).isoformat(timespec="seconds"), servers=sorted({each.server.name for each in answers}),
        serial=controller.serial, told=told, store=store, streams=streams, connected=dict(sorted(connected.items())),
        away=sorted(set(controller.active()) - set(connected)), tried=tried, audit=end,
        directory_ends=controller.directory.contents.expires_at,
        void=[f"{each.code} {each.id} ({', '.join(each.registrars)})" for each in controller.directory.contents.alarms],
    )  # fmt: skip


async def handed_out(controller: Controller) -> str | None:
    """The signed directory that the running hub hands out; None: nobody does."""
    try:
        told = await controller.hub.request(directory_of(_WE), wire.pack(wire.DirectoryAsk()), timeout=1)
        return wire.read_directory_told(told.data).text or None
    except (NatsError, TimeoutError, wire.Unreadable):
        return None


async def _statz(controller: Controller) -> list[StatzAnswer]:
    """Of every server of the cluster."""
    inbox = controller.system.new_inbox()
    answers, found = await controller.system.subscribe(inbox), list[StatzAnswer]()
    await controller.system.publish("$SYS.REQ.ACCOUNT.PING.STATZ", b"{}", reply=inbox)
    end = time.monotonic() + 5.0
    try:
        while time.monotonic() < end:
            wait = _QUIET if found else end - time.monotonic()
            message = await answers.next_msg(timeout=max(wait, 0.01))
            found.append(msgspec.json.decode(message.data, type=StatzAnswer))
    except TimeoutError:
        return found
    finally:
        await answers.unsubscribe()
    return found


def _tried(audit: Path) -> tuple[list[Tried], int | str]:
    since = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    found, end = Counter[tuple[str, str]](), 0
    try:
        for line in lines(audit):
            end = line.n
            if line.last >= since:
                found[line.kind, line.who] += line.times
    except Broken as error:
        return [], f"broken: {error}"
    except OSError as error:
        return [], str(error)
    return [Tried(kind=kind, who=who, times=times) for (kind, who), times in sorted(found.items())], end


def _copies(told: StreamStatus) -> str:
    if told.copies == 1:
        return ""
    return f", {told.current} of {told.copies} copies up to date, led by {told.leader or 'nobody'}"


def _moment(at: int) -> str:
    return datetime.fromtimestamp(min(at, _LAST), UTC).isoformat(timespec="minutes")


def _size(count: int) -> str:
    if count < _KIB:
        return f"{count} B"
    if count < _KIB**2:
        return f"{count / _KIB:.1f} KiB"
    return f"{count / _KIB**2:.1f} MiB"


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return " ".join(names[:_MOST_NAMED]) + more
