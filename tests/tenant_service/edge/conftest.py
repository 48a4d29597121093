"""Jiashan's site over HTTP, as a browser or a program meets it, with the accounts of the identity tests."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx2
import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from sync.edge.streams.audience import Audience
from tenant_service.edge.attempts import Attempts, asked
from tenant_service.edge.deps import Deps
from tenant_service.edge.guards import guarded
from tenant_service.edge.routes import routes
from tenant_service.edge.sign_in_pages import TEMPLATES
from tenant_service.graph.context import Context, Who
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema
from tenant_service.identity.callers import Callers, cookie_name
from tenant_service.identity.issuing import Issuer
from tenant_service.identity.models import AuditRow
from tenant_service.identity.sign_in import SignIn
from tenant_service.identity.token_desk import TokenDesk
from tenant_service.listening.listening import Listening
from tenant_service.listening.tail import Tail
from tenant_service.listening.veil import Veil
from tenant_service.rpc_server import RpcServer
from tenant_service.settings import read
from tenant_service.storage.engine import Domain
from tenant_service.storage.unit_of_work import Units
from tenant_service.web import home
from tenant_service.web.site import Site
from tests.tenant_service.identity.conftest import PASSWORD, People, callers, domain, issuer, keeper, people, sign_in
from tests.tenant_service.identity.federation import Keeper
from tests.tenant_service.places import JIASHAN, Clock
from tests.tenant_service.services import SERVICES

__all__ = ["callers", "domain", "issuer", "keeper", "people", "sign_in"]
BASE = "http://127.0.0.1:8100"


@dataclass(frozen=True)
class House:
    """The service, and a way in."""

    deps: Deps
    app: Starlette

    def client(self, base: str = BASE, address: str = "10.0.0.9") -> TestClient:
        """A browser or a program of its own, with its own cookies; it follows no redirect by itself."""
        return TestClient(
            self.app, base_url=base, follow_redirects=False, raise_server_exceptions=False, client=(address, 50_000)
        )

    def browser(self, name: str = "clerk") -> TestClient:
        """A browser that signed in."""
        made = self.client()
        told = made.post("/sign-in", data={"username": name, "password": PASSWORD}, headers={"Origin": BASE})
        assert told.status_code == 303, told.text
        made.headers["Sec-Fetch-Site"] = "same-origin"
        return made

    def noted(self, about: str) -> list[str]:
        """What the audit log has about this account, oldest first."""
        with self.deps.site.units.read() as unit:
            wanted = select(AuditRow.act).where(AuditRow.subject == about).order_by(AuditRow.seq)
            return list(unit.session.scalars(wanted))

    def program(self, name: str = "clerk") -> TestClient:
        """A program with an API token."""
        made = self.client()
        told = made.post("/token", json={"username": name, "password": PASSWORD})
        made.headers["Authorization"] = f"Bearer {told.json()['token']}"
        return made


@pytest.fixture
def build(
    units: Units, domain: Domain, callers: Callers, sign_in: SignIn, issuer: Issuer, keeper: Keeper, clock: Clock,
    people: People,
) -> Callable[..., House]:  # fmt: skip
    """Makes a house with these settings."""

    def made(**told: str) -> House:
        environ = {f"LIANDONG_TENANT_{name.upper()}": value for name, value in told.items()}
        settings = read(None, {"LIANDONG_TENANT_COMMITTEE": JIASHAN, **environ})
        cookie = cookie_name(JIASHAN, is_https=settings.is_https)
        site = Site(JIASHAN, home.pages_of((), TEMPLATES, clock=clock), domain, units, callers, cookie, (), SERVICES)
        executor = Executor(schema, settings.limits, shows_schema=settings.demo)

        def context(actor: Who, owners: tuple[str, ...] | None = None) -> Context:
            return Context(actor, units, keeper(), SERVICES, owners)

        desk = TokenDesk(domain, callers, issuer)
        rpc = RpcServer(domain, callers, executor, context, settings.limits, desk.answer)
        deps = Deps(
            settings, site, sign_in, issuer, executor, context, Attempts(settings.sign_ins_per_minute),
            asked(settings), rpc, Listening(domain, callers, Tail(domain, units), Veil(b"secret")),
            Audience.of(20, 100, 20),
        )  # fmt: skip
        return House(deps, guarded(deps, [*routes(deps), *site.pages.routes()]))

    return made


@pytest.fixture
def house(build: Callable[..., House]) -> House:
    return build()


def cookies(answer: httpx2.Response) -> str:
    return answer.headers.get("set-cookie", "")
