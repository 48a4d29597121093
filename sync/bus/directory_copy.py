"""The last good directory: on disk, so that a program starts while the hub is away, and newer when the hub has one."""

import asyncio
import hashlib
import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from joserfc.jwk import ECKey
from nats.aio.client import Client
from nats.errors import Error as NatsError

from sync.bus import wire
from sync.bus.streams import directory_of
from sync.bus.waiting import happened
from sync.contract import jose
from sync.contract.trust import signed_directory
from sync.contract.trust.directory import Directory

log = logging.getLogger(__name__)

_INSISTING, _AGAIN = 2.0, 0.25
"""Seconds that an answer is waited for, and until it is asked again, where one is needed."""

Learn = Callable[[Directory], Awaitable[None]]
"""Told of a directory that is in force from now on."""
Refused = Callable[[str], Awaitable[None]]
"""Told why a directory is not."""


async def _nobody(_why: str) -> None:
    pass


class DirectoryCopy:
    """One file. Whatever is taken into it goes back to `root`, and in nothing behind what was there."""

    def __init__(self, path: Path, root: ECKey, who: str = "") -> None:
        """`root`: the public key that the charter is signed by; `who`: the party that asks the hub, not needed to read
        what is on disk.
        """
        self._path, self._root, self._who = path, root, who
        self._digest = ""  # of the text that was read or taken last
        self.on_refused: Refused = _nobody
        """Told why, once for each text that is handed out and not to be trusted."""
        self._refused = ""

    def read(self) -> Directory:
        """The directory on disk.

        Raises:
            OSError: there is none yet.
            jose.Untrusted: it does not go back to the root.
        """
        text = self._path.read_text(encoding="utf-8")
        found = signed_directory.read(text, self._root)
        self._digest = digest(text)
        return found

    def take(self, text: str, in_force: Directory | None) -> Directory | None:
        """The directory in `text`, now on disk as well; None: it is the one in force, or one that was signed before it
        under the same serial and would expire sooner.

        Raises:
            jose.Untrusted: it does not go back to the root, or would go behind the one in force. Nothing changed.
        """
        found = signed_directory.read(text, self._root, in_force)
        if in_force and found.serial == in_force.serial and found.contents.issued_at <= in_force.contents.issued_at:
            return None
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        draft.write_text(text, encoding="utf-8")
        draft.replace(self._path)
        self._digest = digest(text)
        return found

    async def fetch(self, connection: Client, in_force: Directory | None, wait: float = 5.0) -> Directory | None:
        """What the hub hands out, if it is newer; None: it is not, or the hub did not answer within `wait` seconds.

        Raises:
            jose.Untrusted: see `take`.
        """
        text = await self._handed_out(connection, wait)
        return self.take(text, in_force) if text else None

    async def look(
        self, connection: Client, in_force: Directory | None, learn: Learn, wait: float = 5.0
    ) -> Directory | None:  # fmt: skip
        """The directory in force after one look at the hub; `learn` was told of it if it is newer. Raises nothing.

        An untrusted one changes nothing and is told in the log: somebody was at it. So is a
        fault, such as a full disk: what was not learned counts as never seen, and the next look finds it again.
        """
        text = await self._handed_out(connection, wait)
        return await self._learned(text, in_force, learn) if text else in_force

    async def insist(self, connection: Client, in_force: Directory | None, learn: Learn) -> Directory | None:
        """`look`, but asked until the hub hands out one, however long that takes.

        A hub that has just started carries messages before it hands out directories, and a key may have been withdrawn
        meanwhile. A hub that means harm is not stopped by this: it can hand out the one from before for ever.
        """
        while True:
            text = await self._handed_out(connection, _INSISTING)
            if text is not None:
                return await self._learned(text, in_force, learn) if text else in_force
            await asyncio.sleep(_AGAIN)

    async def _handed_out(self, connection: Client, wait: float) -> str | None:
        """What the hub hands out; empty: what we have already; None: it did not within `wait` seconds."""
        try:
            asked = wire.pack(wire.DirectoryAsk(self._digest))
            answer = await connection.request(directory_of(self._who), asked, timeout=wait)
            told = wire.read_directory_told(answer.data)
        except (NatsError, TimeoutError, wire.Unreadable) as error:
            log.info("the hub hands out no directory: %r", error)
            return None
        return None if told.busy else told.text

    async def _learned(self, text: str, in_force: Directory | None, learn: Learn) -> Directory | None:
        try:
            newer = self.take(text, in_force)
            if newer is not None:
                await learn(newer)
                for each in newer.contents.alarms:
                    log.warning("void in the directory: %s %s, said by %s", each.code, each.id, each.registrars)
        except jose.Untrusted as error:
            log.error("the hub hands out a directory that is not to be trusted: %s", error)  # noqa: TRY400
            was, self._refused = self._refused, digest(text)
            if self._refused != was:
                await self.on_refused(str(error))
        except Exception:
            log.exception("the newest directory cannot be taken in, and is looked for again")
            self._digest = ""
        else:
            return newer or in_force
        return in_force

    async def keep(
        self, connection: Client, in_force: Callable[[], Directory | None], learn: Learn,
        go_on: Callable[[], Awaitable[None]], cut: asyncio.Event, interval: float = 60.0,
    ) -> None:  # fmt: skip
        """Insists at first and whenever the line was `cut`, and calls `go_on` then; in between looks every `interval`
        seconds. Never returns.
        """
        while True:
            cut.clear()
            await self.insist(connection, in_force(), learn)
            if cut.is_set():
                continue  # that answer came over the old line
            await go_on()
            while not await happened(cut, interval):
                await self.look(connection, in_force(), learn)

    async def follow(
        self, connection: Client, in_force: Directory | None, learn: Learn, interval: float = 60.0
    ) -> None:  # fmt: skip
        """Looks at the hub every `interval` seconds and tells `learn` of each newer directory; see `look`. Never
        returns.
        """
        while True:
            in_force = await self.look(connection, in_force, learn)
            await asyncio.sleep(interval)


def digest(text: str) -> str:
    """By which a party says which directory it has: SHA-256 of the text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()
