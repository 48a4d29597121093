"""Where one committee's parts meet: its service, and the HTTP application in front of it."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette

from sync.bus.ending import ended
from sync.edge.collecting import settled
from sync.edge.streams.audience import Audience
from sync.edge.streams.server import bounded
from tenant_service import rooms
from tenant_service.committee import Committee, open_committee
from tenant_service.edge import routes as edge
from tenant_service.edge.attempts import Attempts, asked
from tenant_service.edge.deps import Deps
from tenant_service.edge.guards import guarded
from tenant_service.edge.sign_in_pages import TEMPLATES
from tenant_service.identity.callers import cookie_name
from tenant_service.identity.sign_in import SignIn
from tenant_service.personal_data.pages import PAGES as PERSONAL_DATA
from tenant_service.settings import Settings
from tenant_service.web import home
from tenant_service.web.applications import PAGES as APPLICATIONS
from tenant_service.web.recovered import PAGES as RECOVERED
from tenant_service.web.site import Site

log = logging.getLogger(__name__)

PAGES = (*rooms.PAGES, RECOVERED, APPLICATIONS, PERSONAL_DATA)
"""All pages, in the order of their links: the rooms', and of what lies below and above them."""


class Ended(Exception):
    """What the committee works at besides answering browsers broke off; whoever supervises this program starts it anew.

    It is told in the log; going on without it would look well and exchange nothing.
    """


@dataclass
class Work:
    """The committee's work while it is served. `trouble`: why it ended by itself; empty while it goes on."""

    committee: Committee
    broke: Callable[[], None]
    trouble: str = ""

    @contextlib.asynccontextmanager
    async def going_on(self, _: Starlette) -> AsyncIterator[None]:
        work = asyncio.create_task(self.committee.run())
        work.add_done_callback(self._over)
        try:
            yield
        finally:
            await ended([work])

    def _over(self, work: "asyncio.Task[None]") -> None:
        if work.cancelled():
            return
        self.trouble = "the exchange of this committee has ended"
        log.critical("%s: %s", self.committee.settings.committee, self.trouble, exc_info=work.exception())
        self.broke()


def build(committee: Committee, broke: Callable[[], None] = lambda: None) -> Starlette:
    """The committee's application; while it is served, the committee works. `broke` is called if that ends by itself,
    and `/readyz` says so.
    """
    settings, units, work = committee.settings, committee.units, Work(committee, broke)
    site = Site(
        settings.committee, home.pages_of(PAGES, TEMPLATES, clock=units.clock), committee.domain, units,
        committee.callers, cookie_name(settings.committee, is_https=settings.is_https), PAGES, committee.services,
    )  # fmt: skip
    deps = Deps(
        settings, site, SignIn(committee.domain, units, committee.callers.lifetimes), committee.issuer,
        committee.executor, committee.context, Attempts(settings.sign_ins_per_minute), asked(settings), committee.rpc,
        committee.listening,
        Audience.of(settings.most_streams_per_person, settings.most_streams, settings.most_ungreeted),
        lambda: work.trouble,
        lambda: committee.exchange.refused,
    )  # fmt: skip
    return guarded(deps, [*edge.routes(deps), *home.routes(site)], work.going_on)


def serve(settings: Settings) -> None:
    """Serves until SIGTERM or Ctrl-C.

    Raises:
        OSError: there is no directory file. Untrusted, KeyTrouble: a file is not what it should be.
        Ended: the committee's work broke off.
    """
    committee, is_broken = open_committee(settings), False

    def end() -> None:
        nonlocal is_broken
        is_broken = server.should_exit = True

    server = uvicorn.Server(
        uvicorn.Config(
            build(committee, end), host=settings.http_host, port=settings.http_port, access_log=False,
            log_level="warning", server_header=False, proxy_headers=False, timeout_graceful_shutdown=5,
            **bounded(settings.limits.bytes),
        )
    )  # fmt: skip
    settled()
    try:
        with contextlib.suppress(KeyboardInterrupt):  # after it has shut down, the server raises what ended it
            server.run()
    finally:
        committee.close()
    if is_broken or not server.started:
        raise Ended
