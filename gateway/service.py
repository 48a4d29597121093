"""The gateway as it runs: a line to the hub, the newest directory, and the application with its pages."""

import asyncio
import logging
import socket
import time
from dataclasses import dataclass

import uvicorn
from joserfc.jwk import ECKey
from nats.aio.client import Client
from starlette.applications import Starlette
from starlette.routing import Mount

from gateway.app import assemble, serving
from gateway.console import pages as console
from gateway.federation.committees import DirectorySource
from gateway.settings import Settings
from sync.bus import connection as line
from sync.bus.directory_copy import DirectoryCopy
from sync.bus.ending import ended
from sync.contract import jose
from sync.contract.trust.directory import Directory
from sync.edge.collecting import settled
from sync.edge.streams.server import bounded

log = logging.getLogger(__name__)
_LOOK_AGAIN = 2.0
"""Seconds between two looks for a first directory."""
_LAST_SECONDS = 12
"""In which what is under way is answered when the gateway stops: the longest deadline, and a little."""


class Ended(Exception):
    """The hub has ended the line for good; whoever supervises this program starts it anew."""


@dataclass
class Newest:
    """The directory in force, replaced as newer ones come."""

    directory: Directory

    def __call__(self) -> Directory:
        return self.directory

    async def learn(self, newer: Directory) -> None:
        log.info("directory %s is in force", newer.serial)
        self.directory = newer


def site(settings: Settings, source: DirectorySource, connection: Client) -> Starlette:
    """The gateway's application with all its pages.

    Raises:
        OSError, Untrusted: the key's file cannot be read.
    """
    parts = assemble(settings, source, connection, jose.read_key(settings.key.read_bytes()))
    made = console.console_of(
        parts, console.templates(), time.time, title=settings.title, under=settings.under, places=settings.tiles
    )
    pages = Mount("/", console.site(made))
    return serving(parts, connection, pages=[pages])


async def serve(settings: Settings) -> None:
    """Serves until SIGTERM or Ctrl-C.

    Raises:
        OSError, Untrusted: a file of keys cannot be read, or the directory on disk does not go back to the root.
        Ended: the hub wants no more of this gateway.
    """
    root: ECKey = jose.read_key(settings.root.read_bytes())
    copy = DirectoryCopy(settings.directory, root, settings.id)
    gone = asyncio.Event()

    async def end() -> None:
        gone.set()

    connection = await line.connect(settings.hub, settings.credentials, settings.id, closed=end)
    try:
        newest = Newest(await _first(copy, connection))
        following = asyncio.ensure_future(copy.follow(connection, newest.directory, newest.learn))
        try:
            application = site(settings, newest, connection)
            settled()
            await _listen(settings, application, gone)
        finally:
            await ended([following])
    finally:
        over = gone.is_set()
        await line.close(connection)
    if over:
        raise Ended


class _Server(uvicorn.Server):
    """Says once where it listens: with port 0 nobody else knows."""

    def __init__(self, config: uvicorn.Config, id: str) -> None:
        super().__init__(config)
        self._id = id

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for each in self.servers:
            host, port = each.sockets[0].getsockname()[:2]
            log.info("%s listens on http://%s:%s", self._id, f"[{host}]" if ":" in host else host, port)


async def _first(copy: DirectoryCopy, connection: Client) -> Directory:
    """The directory on disk, else the first that the hub hands out. Raises: Untrusted."""
    while True:
        try:
            return copy.read()
        except OSError:
            found = await copy.fetch(connection, None)
        if found is not None:
            return found
        await asyncio.sleep(_LOOK_AGAIN)


async def _listen(settings: Settings, application: Starlette, gone: asyncio.Event) -> None:
    """Answers requests until a signal or until `gone`; those under way are answered first, within seconds."""
    config = uvicorn.Config(
        application, settings.host, settings.port, access_log=False, log_level="warning",
        proxy_headers=True, forwarded_allow_ips=list(settings.trusted_proxies), server_header=False,
        timeout_graceful_shutdown=_LAST_SECONDS, **bounded(settings.most_bytes),
    )  # fmt: skip
    server = _Server(config, settings.id)
    watching = asyncio.ensure_future(gone.wait())
    watching.add_done_callback(lambda _: setattr(server, "should_exit", True))
    try:
        await server.serve()
    finally:
        await ended([watching])
