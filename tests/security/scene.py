"""Two committees, two gateways and a real hub, each with its own keys; and whoever attacks has any of these keys.

HOME is attacked. NEIGHBOUR is an honest member of the federation until a test takes its keys. PARENT is only listed.
"""

import datetime as dt
import json
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import orjson
import uuid_utils
from joserfc.jwk import ECKey
from nats.aio.client import Client
from sqlalchemy import Engine
from starlette.applications import Starlette

from gateway.service import Newest, site
from gateway.settings import Settings as GatewaySettings
from sync.bus.answerer import Answerer, Question
from sync.bus.directory_copy import DirectoryCopy, Learn
from sync.bus.rpc import DEADLINE, OVER_HTTP, PROOF, TOKEN
from sync.contract import jose
from sync.contract.levels import Level
from sync.contract.trust import proofs, tokens
from sync.contract.trust.directory import Contents, Directory, Listed
from sync.contract.trust.tokens import FEDERATION, Claims
from sync.hub.server import Place
from tenant_service.app import build
from tenant_service.committee import Committee, open_committee
from tenant_service.identity import accounts, passwords
from tenant_service.identity.accounts import Account, Draft
from tenant_service.identity.keys import Keys, keys_in
from tenant_service.identity.policy import Role
from tenant_service.rpc_server import TOO_LARGE
from tenant_service.settings import Settings
from tests.gateway.federation import known
from tests.migrated import migrated
from tests.security.unchanged import nothing_changes
from tests.sync.hubs import Hub, free_port

HOME, NEIGHBOUR, PARENT = "330421", "330411", "330400"
GATEWAY, OTHER_GATEWAY = "gateway-330400", "gateway-330100"
PASSWORD = "jia-shan-2026"
_HASHED = passwords.hashed(PASSWORD)
_ACT = """mutation ($key: ID!, $name: String!) {
  addVenue(key: $key, venue: {name: $name, kind: HALL, address: "嘉善"}, shares: [{scope: OPEN}]) { id }
}"""
_UNHURRIED: dict[str, Any] = {"requests_per_minute": 10**6, "strangers_per_minute": 10**6, "cost_per_minute": 10**13}


def act(key: str = "", name: str = "议事厅") -> bytes:
    """A venue is added, and everybody told: what an attacker wants to be done."""
    return orjson.dumps({"query": _ACT, "variables": {"key": key or uuid_utils.uuid7().hex, "name": name}})


def look() -> bytes:
    """What only HOME's own people are shown."""
    return orjson.dumps({"query": "{ viewer { roles } }"})


class Clock:
    """The real time, and what tests add to it."""

    def __init__(self) -> None:
        self.ahead = dt.timedelta()

    def __call__(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + self.ahead


class Scene:
    """Everything an attacker may have: keys, credentials, lines, tokens; and how to see that it got nowhere."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.database, self.clock = folder, database, Clock()
        self.hub = Hub(Place(folder / "hub", free_port()))
        self.keys: dict[str, Keys] = {id: keys_in(folder / id) for id in (HOME, NEIGHBOUR, PARENT)}
        self.requests: dict[str, ECKey] = {id: jose.new_key() for id in (GATEWAY, OTHER_GATEWAY)}
        self.serial, self.is_changed = 0, False
        self.apps: dict[str, Starlette] = {}
        self.committees: dict[str, Committee] = {}
        self.followers: dict[str, tuple[DirectoryCopy, Callable[[], Directory], Learn]] = {}
        """Committee or gateway → its copy of the directory, the one in force there, and how it learns of a newer."""
        self.lines: dict[str, Client] = {}
        self.asked: dict[str, list[Question]] = {HOME: [], NEIGHBOUR: []}
        self.silent: set[str] = set()
        """Committees that do not answer what gateways ask."""
        self.hub.contents = self.contents()

    # ── the directory ──

    def contents(self, **changed: dict[str, Any]) -> Contents:
        """`changed`: what is different about an entry, by its id with an `_` before it."""
        self.serial += 1
        entries = [
            Listed(id=PARENT, name="嘉兴市政协", level=Level.CITY, keys=self.keys[PARENT].public()),
            *(
                Listed(
                    id=id, name=name, parent=PARENT, keys=self.keys[id].public(),
                    login_url=f"https://{id}.example/gateway-sign-in",
                )
                for id, name in ((HOME, "嘉善县政协"), (NEIGHBOUR, "秀洲区政协"))
            ),
            *(
                Listed(
                    id=id, kind="gateway", name="网关", keys={"request": [jose.public(key)]},
                    login_url=f"https://{id}.example/signed-in",
                )
                for id, key in self.requests.items()
            ),
        ]  # fmt: skip
        entries = [
            msgspec.structs.replace(each, **changed.get(f"_{each.id.replace('-', '_')}", {})) for each in entries
        ]
        now = int(time.time()) + self.serial
        return Contents(serial=self.serial, issued_at=now, expires_at=2**40, entries=entries)

    async def learn(self, **changed: dict[str, Any]) -> None:
        """A newer directory is in force: the hub hands it out, and everybody has taken it."""
        self.is_changed = bool(changed)
        self.hub.contents = self.contents(**changed)
        await self.hand_out(self.hub.text)
        assert {now().serial for _, now, _ in self.followers.values()} == {self.serial}

    async def hand_out(self, text: str) -> None:
        """The hub hands out this directory, and everybody has looked at it."""
        self.hub.controller.learn(self.hub.directory, text)
        for id, (copy, now, learn) in self.followers.items():
            await copy.look(self.lines[id], now(), learn)

    # ── what is signed ──

    def account(self, name: str = "clerk", at: str = HOME) -> Account:
        with self.committees[at].units.read() as unit:
            found = accounts.by_username(unit, name).account
        assert found
        return found

    def claims(self, **changed: Any) -> Claims:
        """Of a good token of HOME's clerk, for HOME and the gateway."""
        now = int(self.clock().timestamp())
        told: dict[str, Any] = {
            "iss": HOME, "sub": self.account().id, "roles": ["clerk"], "aud": [HOME, GATEWAY], "iat": now,
            "exp": now + 300, "jti": uuid_utils.uuid7().hex, "name": "clerk",
        }  # fmt: skip
        return Claims(**told | changed)

    def token(self, signer: ECKey | None = None, **changed: Any) -> str:
        told = self.claims(**changed)
        return tokens.issued(told, signer or self.keys[told.iss].token)

    def bound(self, gateway: str = GATEWAY, **changed: Any) -> str:
        """A token that only this gateway may use, everywhere."""
        told = {"aud": [FEDERATION], "cnf": jose.thumbprint(self.requests[gateway])}
        return self.token(**told | changed)

    def proven(
        self, body: bytes, token: str, *, by: str = GATEWAY, to: Iterable[str] = (HOME,), signer: ECKey | None = None,
        at: int | None = None, jti: str = "",
    ) -> dict[str, str]:  # fmt: skip
        """The headers with which a gateway puts a question."""
        at = int(self.clock().timestamp()) if at is None else at
        told = proofs.proof(by, list(to), body, token, jti or uuid_utils.uuid7().hex, at, signer or self.requests[by])
        return {TOKEN: token, PROOF: told} if token else {PROOF: told}

    # ── how it is shown ──

    def client(self, at: str) -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(app=self.apps[at])
        return httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=60)

    async def post(self, at: str, body: bytes, **headers: str) -> httpx2.Response:
        """To this party's `/graphql`."""
        told = {"content-type": "application/json", **{name.replace("_", "-"): each for name, each in headers.items()}}
        async with self.client(at) as client:
            return await client.post("/graphql", content=body, headers=told)

    async def get(self, at: str, path: str, **headers: str) -> httpx2.Response:
        async with self.client(at) as client:
            return await client.get(path, headers={name.replace("_", "-"): each for name, each in headers.items()})

    async def ask(self, body: bytes, headers: dict[str, str], *, by: str = GATEWAY, verb: str = "graphql") -> bytes:
        """What HOME answers over the hub to whoever has this party's credentials there."""
        told = await self.lines[by].request(
            f"rpc.{HOME}.{verb}", body, timeout=20, headers={**headers, DEADLINE: "9000"}
        )
        return bytes(told.data)

    async def ask_over_http(self, body: bytes, headers: dict[str, str], verb: str = "graphql") -> httpx2.Response:
        told = {OVER_HTTP[name]: each for name, each in headers.items()}
        async with self.client(HOME) as client:
            return await client.post(f"/rpc/{verb}", content=body, headers=told)

    # ── that it got nowhere ──

    @property
    def engines(self) -> list[Engine]:
        return [each.domain.engine for each in self.committees.values()]

    @asynccontextmanager
    async def nothing_changes(self, besides: Iterable[str] = ()) -> AsyncIterator[None]:
        async with nothing_changes(self.engines, self.hub, [*besides]):
            yield

    # ── opening ──

    async def open(self, stack: AsyncExitStack) -> "Scene":
        stack.push_async_callback(self.hub.stop)
        await self.hub.start()
        (self.folder / "root.jwk").write_text(json.dumps(jose.public(self.hub.root)))
        for id in (HOME, NEIGHBOUR):
            await self._open_committee(id, stack)
        for id in (GATEWAY, OTHER_GATEWAY):
            await self._open_gateway(id, stack)
        return self

    async def _open_committee(self, id: str, stack: AsyncExitStack) -> None:
        place = self.folder / f"{id}-directory.jws"
        place.write_text(self.hub.text)
        database = self.database if id == HOME else migrated(self.folder / f"{id}.db")
        committee = open_committee(
            Settings(
                committee=id, database=database, keys=self.folder / id, directory=place,
                root=self.folder / "root.jwk", public_url="http://127.0.0.1", sign_ins_per_minute=1_000_000,
            ),
            self.clock,
        )  # fmt: skip
        stack.callback(committee.close)
        self.committees[id], self.apps[id] = committee, build(committee)
        with committee.units.write() as unit:
            for name, role in (
                ("clerk", Role.CLERK),
                ("admin", Role.SYSTEM_ADMIN),
                ("member", Role.MEMBER),
                ("leaver", Role.CLERK),
            ):
                person = f"{id}.person.{'0' * 31}1" if role is Role.MEMBER else None
                drafted = Draft(name, name, frozenset({role}), person)
                accounts.create(unit, accounts.founder(id), drafted, _HASHED, must_change=False)
        self.lines[id] = await self.hub.connect(id)

        async def answering(question: Question) -> bytes | None:
            self.asked[id].append(question)
            return None if id in self.silent else await committee.rpc(question)

        async def learn(newer: Directory) -> None:
            committee.trust.directory = newer

        self.followers[id] = committee.copy, lambda: committee.trust.directory, learn
        await Answerer(self.lines[id], id, answering, TOO_LARGE).open()
        await known(self.lines[id])

    async def _open_gateway(self, id: str, stack: AsyncExitStack) -> None:
        file = self.folder / f"{id}.jwk"
        file.write_text(json.dumps(self.requests[id].as_dict(private=True)))
        told = GatewaySettings(
            id=id, hub=self.hub.url, credentials=Path("none"), key=file, secure_cookies=False, **_UNHURRIED
        )
        self.lines[id] = await self.hub.connect(id)
        newest = Newest(self.hub.directory)
        copy = DirectoryCopy(self.folder / f"{id}-directory.jws", self.hub.root, id)
        self.followers[id] = copy, newest, newest.learn
        self.apps[id] = site(told, newest, self.lines[id])
        await stack.enter_async_context(self.apps[id].router.lifespan_context(self.apps[id]))


@asynccontextmanager
async def opened(folder: Path, database: str = "") -> AsyncIterator[Scene]:
    async with AsyncExitStack() as stack:
        yield await Scene(folder, database or f"sqlite:///{folder / HOME}.db").open(stack)


def code(body: bytes) -> str:
    """Of the first error of a GraphQL answer; empty: there is none."""
    told = orjson.loads(body)
    errors = told.get("errors") or [{}]
    if errors[0]:
        assert not any((told.get("data") or {}).values()), told
    return str(errors[0].get("extensions", {}).get("code", ""))
