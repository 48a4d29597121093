"""The hub as it runs: its server, its controller, and the directory file that both follow."""

import asyncio
import logging
import os
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from joserfc.jwk import ECKey
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from sync.bus import ending
from sync.contract import jose
from sync.contract.trust import signed_directory
from sync.contract.trust.directory import Directory
from sync.hub import metrics
from sync.hub.audit import Audit
from sync.hub.cluster import Cluster, Tls
from sync.hub.controller import Controller
from sync.hub.evicting import Evictor
from sync.hub.report import Report, handed_out, report
from sync.hub.server import Place, Server, ServerFailed
from sync.hub.settings import Settings
from sync.hub.watch import Watch

log = logging.getLogger(__name__)

SHARED = "hub.directory"
"""Subject in the account HUB on which the places of a cluster tell each other the directory they follow."""
_SOON = 2.0
"""Seconds: at least so often it is looked whether the store has room and whether there is a newer directory. In so long
a flood must not fill what is left of the store (`sync.hub.evicting`).
"""
_SHARED_SECONDS = 30.0
"""At least so often; a newer one at once."""


class DirectoryFile:
    """The file that new directories are put into."""

    def __init__(self, settings: Settings) -> None:
        self._path = settings.directory
        self._root: ECKey = jose.read_key(settings.root.read_bytes())
        self._seen = -1.0

    def read(self, before: Directory | None = None) -> tuple[Directory, str]:
        """Raises: OSError; jose.Untrusted, it does not go back to the root, or would go behind `before`."""
        text = self._path.read_text(encoding="utf-8").strip()
        return self.understood(text, before), text

    def understood(self, text: str, before: Directory | None = None) -> Directory:
        """Raises: jose.Untrusted, as `read`."""
        return signed_directory.read(text, self._root, before)

    def take(self, text: str, before: Directory) -> bool:
        """Whether `text` is newer than `before`; it is in the file then. Raises: OSError; jose.Untrusted."""
        found = self.understood(text, before)
        if (found.serial, found.contents.issued_at) <= (before.serial, before.contents.issued_at):
            return False
        draft = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        draft.write_text(text, encoding="utf-8")
        draft.replace(self._path)
        return True

    def is_new(self) -> bool:
        """Whether the file is another than when this was asked last."""
        seen, self._seen = self._seen, self._path.stat().st_mtime
        return seen != self._seen


def place_of(settings: Settings) -> Place:
    tls = cluster = None
    if settings.tls_certificate and settings.tls_key:
        tls = Tls(settings.tls_certificate, settings.tls_key, settings.tls_authorities)
    if settings.cluster_listen:
        cluster = Cluster(settings.cluster_listen, tuple(settings.cluster_peers))
    return Place(
        settings.folder,
        settings.port,
        settings.host,
        settings.most_disk_bytes,
        name=settings.name,
        cluster=cluster,
        tls=tls,
    )


def _believed(settings: Settings) -> ssl.SSLContext | None:
    """Whoever the authorities vouch for; the controller speaks to the server beside it, whatever it is called there."""
    if not settings.tls_certificate:
        return None
    context = ssl.create_default_context(cafile=settings.tls_authorities)
    context.check_hostname = False
    return context


def watch_of(settings: Settings, controller: Controller) -> Watch:
    place = place_of(settings)
    audit = Audit(place.audit)
    return Watch(controller, place.log, audit, place.watch_state, flood_per_second=settings.flood_per_second)


@asynccontextmanager
async def looking(settings: Settings, patience: float = 10.0) -> AsyncIterator[Controller]:
    """A second controller of a running hub, to look at it.

    Raises:
        OSError, jose.Untrusted: there is no good directory.
        TimeoutError: the hub did not answer within `patience` seconds.
    """
    controller = _controller(settings, *DirectoryFile(settings).read())
    try:
        await asyncio.wait_for(controller.open(), patience)
        yield controller
    finally:
        await controller.close()


async def status(settings: Settings) -> Report:
    """One look at a running hub. Raises: as `looking`."""
    async with looking(settings) as controller:
        text = await handed_out(controller)
        try:
            told = DirectoryFile(settings).understood(text).serial if text else None
        except jose.Untrusted:
            told = None
        return await report(controller, place_of(settings).audit, told)


def _controller(settings: Settings, directory: Directory, text: str) -> Controller:
    place = place_of(settings)
    return Controller(
        place.keys(), place.url, settings.creds, directory, text, replicas=settings.replicas, tls=_believed(settings)
    )


async def serve(settings: Settings, ended: asyncio.Event, ready: asyncio.Event | None = None) -> None:
    """Runs the hub until `ended` is set; the server is stopped then. `ready` is set when all is declared.

    Raises:
        OSError, jose.Untrusted: there is no good directory to start with.
        ServerFailed: the server could not start, or ended by itself.
    """
    file = DirectoryFile(settings)
    file.is_new()
    directory, text = file.read()
    server = Server(place_of(settings))
    controller = _controller(settings, directory, text)
    watch = watch_of(settings, controller)
    await server.start()
    try:
        await controller.open()
        await controller.answer()
        await watch.open()
        if settings.cluster_listen:
            await share_directories(controller, file)  # the others may not be there yet, so nothing is declared here
        else:
            await controller.declare()
        if ready:
            ready.set()
        work = [
            asyncio.create_task(controller.keep(settings.check_seconds)),
            asyncio.create_task(watch.keep(settings.check_seconds)),
            asyncio.create_task(Evictor(controller, watch.note).keep(min(settings.check_seconds, _SOON))),
            asyncio.create_task(_follow(settings, server, file, controller)),
        ]
        async with metrics.answering(settings.metrics_port, watch.figures.page):
            await _until(ended, work)
    finally:
        await controller.close()
        await server.stop()
        watch.read_log()
        watch.write()


async def share_directories(controller: Controller, file: DirectoryFile) -> None:
    """The newest directory of the cluster's places is put into the file here, and followed like any new file."""

    async def take(message: Msg) -> None:
        try:
            if file.take(message.data.decode("utf-8", "replace"), controller.directory):
                log.info("a newer directory came from another place")
        except (OSError, jose.Untrusted) as error:
            log.error("a directory from another place is not followed: %s", error)  # noqa: TRY400 — the reason says all

    await controller.hub.subscribe(SHARED, cb=take)


async def _until(ended: asyncio.Event, work: list[asyncio.Task[None]]) -> None:
    """Waits for `ended`; raises what any of `work` raises before."""
    stopping = asyncio.create_task(ended.wait())
    await asyncio.wait([*work, stopping], return_when=asyncio.FIRST_COMPLETED)
    broken = [each for each in work if each.done()]
    await ending.ended([*work, stopping])
    for each in broken:
        each.result()


async def _follow(settings: Settings, server: Server, file: DirectoryFile, controller: Controller) -> None:
    """Tells the controller of each newer directory in the file, and the other places of what is followed here.

    Raises:
        ServerFailed: the server has ended.
    """
    due = 0.0
    while server.process is not None and server.process.poll() is None:
        try:
            if file.is_new():
                controller.learn(*file.read(controller.directory))
                for each in controller.directory.contents.alarms:
                    log.error("void in the directory: %s %s, said by %s", each.code, each.id, each.registrars)
                due = 0.0
            if settings.cluster_listen and time.monotonic() >= due:
                await controller.hub.publish(SHARED, controller.text.encode())
                due = time.monotonic() + _SHARED_SECONDS
        except NatsError as error:
            log.debug("the other places were not told: %r", error)
        except (OSError, jose.Untrusted) as error:
            log.error("the directory file is not followed: %s", error)  # noqa: TRY400 — the reason says all
        await asyncio.sleep(min(settings.check_seconds, _SOON))
    raise ServerFailed("the nats-server has ended")
