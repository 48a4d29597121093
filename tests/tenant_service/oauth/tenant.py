"""A committee's own service, as it is served: over loopback HTTP, with its own database, keys and directory."""

import asyncio
import datetime as dt
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import httpx2
import msgspec
import uvicorn
from joserfc.jwk import ECKey
from starlette.types import ASGIApp

from sync.contract import jose
from sync.contract.trust.directory import Contents, Listed
from tenant_service.app import build
from tenant_service.committee import Committee, open_committee
from tenant_service.identity import accounts, clients, sessions
from tenant_service.identity.accounts import Draft
from tenant_service.identity.callers import cookie_name
from tenant_service.identity.clients import Access, Client
from tenant_service.identity.keys import keys_in
from tenant_service.identity.policy import Role
from tenant_service.settings import Settings
from tenant_service.storage.unit_of_work import Unit
from tests.directories import kept_key, signed
from tests.migrated import migrated
from tests.sync.hubs import free_port
from tests.tenant_service.identity.conftest import HASHED, PASSWORD
from tests.tenant_service.places import JIASHAN
from tests.waiting import until

T = TypeVar("T")
BACK = "http://127.0.0.1:9/back"
"""Where applications are sent back to; nothing listens there, for the tests play the browser."""
ALL = tuple(Access)


class MovableClock:
    """The real time, and what tests add to it: libraries look at a clock of their own."""

    def __init__(self) -> None:
        self.ahead = dt.timedelta()

    def __call__(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + self.ahead


class Browser(httpx2.Client):
    """Follows no redirect by itself, and says what browsers say. `signed_in` is at its account's page."""

    def __init__(self, base: str) -> None:
        super().__init__(base_url=base, timeout=60, headers={"Sec-Fetch-Site": "same-origin"})

    def sign_in(self, name: str = "clerk", password: str = PASSWORD, to: str = "/") -> httpx2.Response:
        return self.post("/sign-in", data={"username": name, "password": password, "next": to})

    def csrf(self, page: str = "/password") -> str:
        return csrf_in(self.get(page).text)

    def agree(self, page: httpx2.Response, answer: str = "yes") -> httpx2.Response:
        """Presses a button of the page that asks for consent."""
        asked = httpx2.QueryParams(page.url.query.decode())
        told = {"csrf": csrf_in(page.text), "request": str(asked), "answer": answer}
        return self.post("/consent", data=told)


def csrf_in(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, page[:500]
    return found[1]


def parts_of(location: str) -> dict[str, str]:
    """The parameters of an address that a browser was sent to."""
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


@dataclass
class Tenant:
    """One committee. `url`: the issuer, as its users type it."""

    committee: Committee
    url: str
    clock: MovableClock
    keys: dict[str, ECKey] = field(default_factory=dict)

    def browser(self, name: str = "") -> Browser:
        """A browser of its own; signed in, if somebody is named. (Thirty times a minute one may by a password.)"""
        made = Browser(self.url)
        if name:
            made.cookies.set(cookie_name(JIASHAN, is_https=False), self.write(lambda unit: _signed_in(unit, name)))
        return made

    def write(self, act: Callable[[Unit], T]) -> T:
        """In the thread that alone writes."""

        def done() -> T:
            with self.committee.units.write() as unit:
                return act(unit)

        return self.committee.domain._threads.submit(done).result()

    def client(self, name: str = "应用", *, key: bool = False, own: bool = True, scopes: tuple[Access, ...] = ALL,
               back: tuple[str, ...] = (BACK,)) -> Client:  # fmt: skip
        """A registered application; with `key` it proves by it who it is, and `keys` has the private one."""
        private = jose.new_key() if key else None
        told = json.dumps(jose.public(private)) if private else None
        draft = clients.Draft(name, back, scopes, told, own)
        made = self.write(lambda unit: clients.register(unit, accounts.founder(JIASHAN), draft))
        if private:
            self.keys[made.id] = private
        return made

    def account(self, name: str, role: Role = Role.CLERK, *, must_change: bool = False) -> str:
        draft = Draft(name, name, frozenset({role}))
        console = accounts.founder(JIASHAN)
        return self.write(lambda unit: accounts.create(unit, console, draft, HASHED, must_change=must_change)).id


def _signed_in(unit: Unit, name: str) -> str:
    account = accounts.by_username(unit, name).account
    assert account
    return sessions.begin(unit, account.id)


@contextmanager
def served(
    folder: Path, database: str = "", *, ends: int | None = None, works: bool = True, **told: object
) -> Iterator[Tenant]:
    """A committee that is served until the end, with an administrator and a clerk. Once more over the same folder it is
    the same one after a restart, or a second process of it.

    Args:
        database: Another one than a SQLite file in the folder.
        ends: When keys that were replaced are over; Unix seconds.
        works: Whether it does anything but answer, such as counting its figures.
    """
    port, root = free_port(), kept_key("root of tenants")
    keys = keys_in(folder / "keys").public()
    over = {"exp": ends} if ends else {}
    shown = {use: [jwks[0], *({**each, **over} for each in jwks[1:])] for use, jwks in keys.items()}
    entry = Listed(id=JIASHAN, name="嘉善县政协", keys=shown)
    contents = Contents(serial=1, issued_at=0, expires_at=2**40, entries=[entry])
    (folder / "directory.jws").write_text(signed(contents, root))
    (folder / "root.jwk").write_text(json.dumps(jose.public(root)))
    settings = Settings(
        committee=JIASHAN, database=database or migrated(folder / "committee.db"),
        directory=folder / "directory.jws", root=folder / "root.jwk", keys=folder / "keys", http_port=port,
        public_url=f"http://127.0.0.1:{port}", sign_ins_per_minute=1_000_000,
        application_requests_per_minute=1_000_000,
    )  # fmt: skip
    clock = MovableClock()
    committee = open_committee(msgspec.structs.replace(settings, **told), clock)
    tenant = Tenant(committee, settings.public_url, clock)
    if tenant.write(lambda unit: accounts.by_username(unit, "admin").account) is None:
        tenant.account("admin", Role.SYSTEM_ADMIN)
        tenant.account("clerk")
    with listening(build(committee), port, works=works):
        try:
            yield tenant
        finally:
            committee.close()


@contextmanager
def listening(app: ASGIApp, port: int, *, works: bool = True) -> Iterator[None]:
    """The application is served on the loopback, in a thread and a loop of its own."""
    server = uvicorn.Server(
        uvicorn.Config(
            app, "127.0.0.1", port, access_log=False, log_level="warning", server_header=False,
            lifespan="auto" if works else "off",
        )
    )  # fmt: skip
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    serving = threading.Thread(target=lambda: asyncio.run(server._serve()), name="tenant")
    serving.start()
    try:
        until(lambda: server.started or not serving.is_alive(), what="the application is served")
        yield
    finally:
        server.should_exit = True
        serving.join()
