"""What the rooms' tests start from: an empty database of Jiashan, people of its office, the federation."""

import datetime as dt
import importlib
import os
import pkgutil
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

import tenant_service
from sync.contract.trust.directory import Directory
from sync.edge.shell.headers import BrowserHeaders
from tenant_service.app import PAGES
from tenant_service.exchange.outbox import ExchangeOutbox
from tenant_service.identity import accounts, passwords, sessions
from tenant_service.identity.accounts import Draft
from tenant_service.identity.actor import Actor
from tenant_service.identity.callers import Callers, cookie_name
from tenant_service.identity.policy import FOR_A_BODY, Role
from tenant_service.identity.sessions import Lifetimes
from tenant_service.members import service as members
from tenant_service.members.service import PersonDraft
from tenant_service.storage.columns import Row
from tenant_service.storage.engine import Domain, open_engine
from tenant_service.storage.unit_of_work import Units
from tenant_service.web import home
from tenant_service.web.lost import lost
from tenant_service.web.site import Site
from tests import clusters
from tests.schemas import Schemas
from tests.tenant_service import places
from tests.tenant_service.browsing import Browser
from tests.tenant_service.services import services


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A URL of a database in which tests may make and drop schemas."""
    if url := os.environ.get(clusters.POSTGRESQL):
        yield url
    elif clusters.programs() is None:
        pytest.skip("PostgreSQL is not installed")
    else:
        with clusters.cluster() as url:
            yield url


@pytest.fixture(scope="session")
def tables() -> MetaData:
    """Every room's tables, whichever tests were chosen."""
    for found in pkgutil.walk_packages(tenant_service.__path__, "tenant_service."):
        if found.name.endswith((".models", ".storage.search")):
            importlib.import_module(found.name)
    return Row.metadata


@pytest.fixture
def clock() -> places.Clock:
    return places.Clock()


@pytest.fixture
def directory() -> Directory:
    return places.directory()


@pytest.fixture(scope="session")
def empty_sqlite(tables: MetaData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and no row; a test works on a copy."""
    path = tmp_path_factory.mktemp("empty") / "committee.db"
    made = open_engine(f"sqlite:///{path}")
    tables.create_all(made)
    with made.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    made.dispose()
    return path


@pytest.fixture(scope="session")
def schemas(postgresql: str, tables: MetaData) -> Iterator[Schemas]:
    made = Schemas(postgresql, tables)
    yield made
    made.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def engine(request: pytest.FixtureRequest, tmp_path: Path, tables: MetaData, empty_sqlite: Path) -> Iterator[Engine]:
    """An empty database with every table; on PostgreSQL a schema of its own, where a server was named."""
    if request.param == "sqlite":
        made = open_engine(f"sqlite:///{shutil.copy(empty_sqlite, tmp_path)}")
        yield made
        made.dispose()
        return
    with request.getfixturevalue("schemas").lent() as url:
        made = open_engine(url)
        yield made
        made.dispose()


@pytest.fixture
def units(engine: Engine, clock: places.Clock) -> Units:
    """Jiashan's units of work: what an act publishes is in its outbox."""
    return Units(engine, places.JIASHAN, ExchangeOutbox(places.trust(places.JIASHAN)), clock)


@pytest.fixture
def clerk() -> Actor:
    return places.staff(places.JIASHAN, Role.CLERK)


@pytest.fixture
def secretary() -> Actor:
    return places.staff(places.JIASHAN, Role.SECRETARY)


@pytest.fixture
def member() -> Actor:
    """A member's account; the person behind it is not on the roster yet."""
    return places.staff(places.JIASHAN, Role.MEMBER, person=f"{places.JIASHAN}.person.0192f0c1d2e34567890abcdef0000001")


# ── the site ──


@cache
def _hashed() -> str:
    """Of a password that no test types in; once for all of them."""
    return passwords.hashed("jia-shan-2026")


@pytest.fixture
def site(engine: Engine, units: Units, directory: Directory, clock: places.Clock) -> Iterator[Site]:
    """Jiashan's site over an empty database, with every page that a committee has."""
    domain = Domain(engine)
    months = dt.timedelta(days=90)  # tests move the clock by weeks, and nobody should have to sign in again
    callers = Callers(places.JIASHAN, units, lambda: directory, clock, Lifetimes(months, months))
    parts = services()
    pages = home.pages_of(PAGES, clock=clock)
    yield Site(places.JIASHAN, pages, domain, units, callers, cookie_name(places.JIASHAN, is_https=False), PAGES, parts)
    domain.close()


@pytest.fixture
def anybody(site: Site) -> Callable[..., Browser]:
    """A browser of somebody in these roles, or of nobody."""

    async def nothing(request: Request, _found: Exception) -> Response:
        return await lost(site, request)

    handlers = {404: nothing}
    app = Starlette(routes=home.routes(site), middleware=[Middleware(BrowserHeaders)], exception_handlers=handlers)

    def open_browser(
        *roles: Role, name: str = "王一", person: str | None = None, must_change: bool = False, body: str = places.BODY
    ) -> Browser:
        client = TestClient(app)
        if roles:
            with site.units.write() as unit:
                works_for = body if FOR_A_BODY & set(roles) else None
                draft = Draft(f"{name}-{'-'.join(roles)}", name, frozenset(roles), person, works_for)
                account = accounts.create(
                    unit, accounts.founder(places.JIASHAN), draft, _hashed(), must_change=must_change
                )
                client.cookies.set(site.cookie, sessions.begin(unit, account.id))
        return Browser(client)

    return open_browser


@pytest.fixture
def clerk_browser(anybody: Callable[..., Browser]) -> Browser:
    return anybody(Role.CLERK)


@pytest.fixture
def member_browser(anybody: Callable[..., Browser], units: Units, clerk: Actor) -> Browser:
    """A member of ours who is on the roster."""
    with units.write() as unit:
        person = members.add_person(unit, clerk, PersonDraft(name="郑四"))
    return anybody(Role.MEMBER, name="郑四", person=person.id)


@pytest.fixture
def visitor(anybody: Callable[..., Browser]) -> Browser:
    """Nobody has signed in here."""
    return anybody()
