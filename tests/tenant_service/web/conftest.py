"""Jiashan's site over an empty database: a browser for nobody, and for anybody one asks for."""

import datetime as dt
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from sync.contract.trust.directory import Directory
from sync.edge.shell.headers import BrowserHeaders
from tenant_service.activities.pages import PAGES as ACTIVITIES
from tenant_service.administration.pages import PAGES as ADMINISTRATION
from tenant_service.attendance import asking_service
from tenant_service.attendance.pages import PAGES as ATTENDANCE
from tenant_service.auditing.pages import PAGES as AUDITING
from tenant_service.exchange_status.pages import PAGES as EXCHANGE_STATUS
from tenant_service.identity import accounts, passwords, sessions
from tenant_service.identity.accounts import Draft
from tenant_service.identity.actor import Actor
from tenant_service.identity.callers import Callers, cookie_name
from tenant_service.identity.policy import Role
from tenant_service.identity.sessions import Lifetimes
from tenant_service.members import service as members
from tenant_service.members.service import PersonDraft
from tenant_service.personal_data.pages import PAGES as PERSONAL_DATA
from tenant_service.requests.pages import PAGES as REQUESTS
from tenant_service.storage.engine import Domain
from tenant_service.storage.unit_of_work import Units
from tenant_service.venues.pages import PAGES as VENUES
from tenant_service.web import home
from tenant_service.web.recovered import PAGES as RECOVERED
from tenant_service.web.site import Site
from tests.tenant_service.places import JIASHAN, Clock
from tests.tenant_service.services import services

HASHED = passwords.hashed("jia-shan-2026")
ROOMS = (ACTIVITIES, VENUES, ATTENDANCE, REQUESTS, EXCHANGE_STATUS, RECOVERED, AUDITING, PERSONAL_DATA, ADMINISTRATION)
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class Browser:
    """Somebody's browser: it follows links, and fills in forms of the page it is on, hidden fields included."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.status, self.text, self.path = 0, "", ""

    def go(self, path: str) -> "Browser":
        return self._on(self.client.get(path))

    def send(self, action: str, **fields: object) -> "Browser":
        """Sends the form of this page that goes to `action`: its hidden fields, and what is filled in."""
        found = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', self.text, re.DOTALL)
        assert found, f"{self.path} has no form to {action}"
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found[1]))
        told = {name: html.unescape(value) for name, value in hidden.items()} | fields
        return self._on(self.client.post(action, data=told))

    def post(self, action: str, **fields: object) -> "Browser":
        """Sends what no page offers."""
        return self._on(self.client.post(action, data=fields))

    def csrf(self) -> str:
        found = _CSRF.search(self.text)
        assert found
        return found[1]

    def error_of(self, field: str) -> str:
        """What is said beside a field; "" where nothing is."""
        found = re.search(rf'id="e-{field}">([^<]*)<', self.text)
        return html.unescape(found[1]) if found else ""

    def _on(self, answer: object) -> "Browser":
        told: SimpleNamespace = answer  # type: ignore[assignment]
        self.status, self.text, self.path = told.status_code, told.text, told.url.path
        return self


@pytest.fixture
def site(engine: Engine, units: Units, directory: Directory, clock: Clock) -> Iterator[Site]:
    domain = Domain(engine)
    months = dt.timedelta(days=90)  # tests move the clock by weeks, and nobody should have to sign in again
    callers = Callers(JIASHAN, units, lambda: directory, clock, Lifetimes(months, months))
    parts = services(handlers=asking_service.HANDLERS)
    pages = home.pages_of(ROOMS, clock=clock)
    yield Site(JIASHAN, pages, domain, units, callers, cookie_name(JIASHAN, is_https=False), ROOMS, parts)
    domain.close()


def allow(site: Site, rows: int) -> None:
    """One account may look at so many rows of personal data in a day."""
    object.__setattr__(site, "services", replace(site.services, personal_rows_per_day=rows))


@pytest.fixture
def anybody(site: Site) -> Callable[..., Browser]:
    """A browser of somebody in these roles, or of nobody."""
    app = Starlette(routes=home.routes(site), middleware=[Middleware(BrowserHeaders)])

    def open_browser(*roles: Role, name: str = "王一", person: str | None = None, must_change: bool = False) -> Browser:
        client = TestClient(app)
        if roles:
            with site.units.write() as unit:
                draft = Draft(f"{name}-{'-'.join(roles)}", name, frozenset(roles), person)
                account = accounts.create(unit, accounts.founder(JIASHAN), draft, HASHED, must_change=must_change)
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
