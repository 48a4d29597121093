"""Where one committee's parts meet: its service, and the HTTP application in front of it."""

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator

import uvicorn
from starlette.applications import Starlette

from tenant_service.activities.pages import PAGES as ACTIVITIES
from tenant_service.attendance.pages import PAGES as ATTENDANCE
from tenant_service.committee import Committee, open_committee
from tenant_service.edge import routes as edge
from tenant_service.edge.attempts import Attempts
from tenant_service.edge.deps import Deps
from tenant_service.edge.guards import middleware
from tenant_service.edge.sign_in_pages import TEMPLATES
from tenant_service.identity.callers import cookie_name
from tenant_service.identity.sign_in import SignIn
from tenant_service.members.pages import PAGES as MEMBERS
from tenant_service.requests.pages import PAGES as REQUESTS
from tenant_service.settings import Settings
from tenant_service.venues.pages import PAGES as VENUES
from tenant_service.web import home
from tenant_service.web.site import Site

ROOMS = (ACTIVITIES, ATTENDANCE, VENUES, MEMBERS, REQUESTS)
"""Rooms that have pages, in the order of their links."""


def build(committee: Committee) -> Starlette:
    """The committee's application; while it is served, the committee works."""
    settings, units = committee.settings, committee.units
    site = Site(
        settings.committee, home.pages_of(ROOMS, TEMPLATES, clock=units.clock), committee.domain, units,
        committee.callers, cookie_name(settings.committee, is_https=settings.is_https), ROOMS, committee.parts,
    )  # fmt: skip
    deps = Deps(
        settings, site, SignIn(committee.domain, units, committee.callers.lifetimes), committee.issuer,
        committee.executor, committee.context, Attempts(settings.sign_ins_per_minute),
    )  # fmt: skip

    @contextlib.asynccontextmanager
    async def running(_: Starlette) -> AsyncIterator[None]:
        work = asyncio.create_task(committee.run())
        gc.freeze()  # the schema's many objects are not looked through again at every collection
        try:
            yield
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    return Starlette(
        routes=[*edge.routes(deps), *home.routes(site)], middleware=middleware(settings), lifespan=running
    )  # fmt: skip


def serve(settings: Settings) -> None:
    """Serves until SIGTERM or Ctrl-C.

    Raises:
        OSError: there is no directory file. Untrusted, KeyTrouble: a file is not what it should be.
    """
    committee = open_committee(settings)
    try:
        uvicorn.run(
            build(committee), host=settings.http_host, port=settings.http_port, access_log=False, log_level="warning",
            server_header=False, proxy_headers=False, timeout_graceful_shutdown=5,
        )  # fmt: skip
    finally:
        committee.close()
