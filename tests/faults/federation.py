"""A hub, and committees as processes, each on a line of its own that can be spoilt; and what was done to them.

Everything listens on the loopback and ends with the process that started it.
"""

import asyncio
import contextlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from sync.bus.ending import ended
from sync.bus.streams import stream_of, subject_of
from sync.contract import jose
from sync.hub.controller import Refused
from sync.hub.server import Place, ServerFailed, _die_with_parent
from tests.faults import databases
from tests.faults.committee import Config, Control
from tests.faults.evidence import Evidence, Restored, Window, keep
from tests.faults.parties import HOSTILE, Registry
from tests.faults.proxy import Proxy
from tests.sync.hubs import Hub, free_port

_CHECK_SECONDS = 0.5


@dataclass
class Process:
    """One committee: how it is started, and what runs of it now."""

    id: str
    config: Config
    proxy: Proxy
    control: Control
    running: subprocess.Popen[bytes] | None = None
    starts: int = 0

    @property
    def folder(self) -> Path:
        return Path(self.config.folder)

    @property
    def said(self) -> str:
        """What it wrote to its log."""
        path = self.folder / "process.log"
        return path.read_text(errors="replace") if path.exists() else ""


class Federation:
    """All of one run. `ours` is whom we stopped; whoever else ends has failed."""

    def __init__(self, folder: Path, seed: int, postgresql: dict[str, str] | None = None) -> None:
        """`postgresql`: committee → URL of an empty database; the others are on SQLite."""
        self.folder, self.seed, self.registry = folder, seed, Registry()
        self.hub = Hub(Place(folder / "hub", free_port()))
        self.hub.contents = self.registry.contents()
        self.committees: dict[str, Process] = {}
        self.evidence = Evidence()
        self.broken: list[str] = []
        """What ended or failed though nobody made it."""
        self._postgresql = postgresql or {}
        self._controlling: asyncio.Task[None] | None = None
        self._over = asyncio.Event()
        (folder / HOSTILE).mkdir(parents=True)

    def __getitem__(self, id: str) -> Process:
        return self.committees[id]

    # ── hub ──

    async def start_hub(self) -> None:
        await self.hub.start()
        self._controlling = asyncio.create_task(self._control())

    async def _control(self) -> None:
        while True:
            try:
                await self.hub.controller.keep(_CHECK_SECONDS)
            except (NatsError, TimeoutError, Refused, OSError) as error:
                self.broken.append(f"the controller ended: {error!r}")
                await self.pause(_CHECK_SECONDS)

    async def restart_hub(self) -> None:
        """The server listens; a start that meets a port still held by the dead is tried again."""
        for _ in range(3):
            with contextlib.suppress(ServerFailed):
                await self.hub.server.start()
                return
        await self.hub.server.start()

    async def pause(self, seconds: float) -> None:
        """That long, or until the run is over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._over.wait()

    async def learn(self) -> None:
        """The directory is as the registry says now; the hub follows it, and committees as soon as they look."""
        self.hub.contents = self.registry.contents()
        self.hub.controller.learn(self.hub.directory, self.hub.text)

    async def messages(self, stream: str) -> int:
        """On the hub now; 0 while there is no such stream or it does not answer."""
        with contextlib.suppress(NatsError, TimeoutError):
            return await self.hub.stored(stream)
        return 0

    # ── committees ──

    async def admit(self, id: str) -> Process:
        """The committee has a folder and a line, and was not started yet. The hub writes its credentials."""
        folder = self.folder / id
        folder.mkdir()
        (folder / "root.jwk").write_bytes(msgspec.json.encode(jose.public(self.hub.root)))
        (folder / "directory.jws").write_text(self.hub.text)
        proxy = await Proxy(self.hub.server.place.port).open()
        url = self._postgresql.get(id, f"sqlite:///{folder / 'committee.db'}")
        config = Config(
            id=id, url=proxy.url, creds=str(self.hub.creds / f"{id}.creds"), database=url, folder=str(folder),
            enc=self.registry.enc[id].as_dict(private=True), draw=self.seed * 100 + int(id) % 97,
        )  # fmt: skip
        made = self.committees[id] = Process(id, config, proxy, Control())
        self.evidence.databases[id] = url
        self.give_keys(id)
        self.tell(id, made.control)
        return made

    def give_keys(self, id: str) -> None:
        """Its private event keys; the newest signs as soon as the directory shows it."""
        told = [key.as_dict(private=True) for key in self.registry.event[id]]
        replace_file(self[id].folder / "event.json", msgspec.json.encode(told))

    def tell(self, id: str, control: Control) -> None:
        self[id].control = control
        replace_file(self[id].folder / "control.json", msgspec.json.encode(control))

    def start(self, id: str) -> None:
        """Its process runs; with `config` as it is now."""
        each = self[id]
        each.starts += 1
        config = msgspec.structs.replace(each.config, draw=each.config.draw + 1_000_000 * each.starts)
        path = each.folder / "config.json"
        path.write_bytes(msgspec.json.encode(config))
        with (each.folder / "process.log").open("ab") as log:
            each.running = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.committee", path],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=Path(__file__).parents[2],
                preexec_fn=_die_with_parent,  # noqa: PLW1509 — it makes one system call
            )  # fmt: skip

    def kill(self, id: str) -> None:
        running, self[id].running = self[id].running, None
        if running is not None:
            if running.poll() not in (None, -signal.SIGKILL):
                self.broken.append(f"{id} ended by itself: {self[id].said[-2000:]}")
            running.kill()
            running.wait()

    def signal(self, id: str, number: signal.Signals) -> None:
        running = self[id].running
        if running is not None:
            running.send_signal(number)

    def limit_files(self, id: str, most: int) -> None:
        """No file that its process writes grows beyond `most` bytes; -1 lifts that."""
        running = self[id].running
        if running is not None:
            _, hard = resource.prlimit(running.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(running.pid, resource.RLIMIT_FSIZE, (most, hard))

    # ── backups ──

    def backup(self, id: str) -> databases.Backup:
        number = len(list(self.folder.glob(f"backup-{id}-*")))
        return databases.backup(self[id].config.database, self.folder / f"backup-{id}-{number}")

    def restore(self, id: str, backup: databases.Backup, *, is_live: bool = False) -> None:
        """The backup is in place of the database. A committee that does not run must have been stopped with `kill`."""
        begun = time.monotonic_ns()
        databases.restore(self[id].config.database, backup)
        now = time.monotonic_ns()
        self.evidence.restored.append(Restored(id, backup.begun, backup.ended, begun, now, is_live))
        if is_live:
            self.evidence.windows.append(Window(id, begun, now))

    # ── the end ──

    async def hub_ends(self) -> dict[str, tuple[str, int] | None]:
        """Where each log of an honest committee ends on the hub. Raises: NatsError, TimeoutError."""
        parties, found = self.registry.parties, dict[str, tuple[str, int] | None]()
        for owner in self.committees:
            for channel in parties.channels_of(owner):
                log = f"{owner}/{channel}"
                try:
                    last = await self.hub.controller.jetstream.get_last_msg(stream_of(owner), subject_of(log))
                except NotFoundError:
                    found[log] = None
                else:
                    told = msgspec.json.decode(last.data or b"{}")
                    found[log] = told.get("epoch", ""), told.get("seq", 0)
        return found

    async def look(self) -> Evidence:
        """The evidence as it stands now, kept in the run's folder as well."""
        self.evidence.present, self.evidence.members = (
            [*self.registry.parties.present],
            [*self.registry.parties.members],
        )
        self.evidence.hub_ends = await self.hub_ends()
        keep(self.folder, self.evidence)
        return self.evidence

    def ended_by_themselves(self) -> list[str]:
        running = {id: each.running for id, each in self.committees.items() if each.running is not None}
        return [f"{id} ended with {one.returncode}" for id, one in running.items() if one.poll() is not None]

    async def down(self) -> None:
        self._over.set()
        for id in self.committees:
            self.kill(id)
            await self[id].proxy.close()
        if self._controlling is not None:
            await ended([self._controlling])
        with contextlib.suppress(AttributeError):  # the hub never came up
            await self.hub.stop()


@asynccontextmanager
async def federation(
    folder: Path, *ids: str, seed: int = 1, postgresql: dict[str, str] | None = None, acts: float = 0.0
) -> AsyncIterator[Federation]:
    """These committees run; their people do about so many `acts` in a second."""
    made = Federation(folder, seed, postgresql)
    try:
        await made.start_hub()
        for id in ids:
            await made.admit(id)
            made.tell(id, Control(acts=acts))
            made.start(id)
        yield made
    finally:
        await made.down()


def is_stopped(pid: int) -> bool:
    """Whether a SIGSTOP has arrived."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def replace_file(path: Path, content: bytes) -> None:
    """Whoever reads it reads all of the old or all of the new."""
    draft = path.with_suffix(".new")
    draft.write_bytes(content)
    draft.replace(path)


def remove(folder: Path) -> int:
    """The folder is gone; returns how many files were in it."""
    files = sum(len(names) for _, _, names in os.walk(folder))
    shutil.rmtree(folder, ignore_errors=True)
    return files
