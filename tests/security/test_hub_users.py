"""Who connects to the hub is whom the operator's key and the directory say, or nobody.

The server itself refuses here; what a member can do once it is connected is in tests/sync/test_attacks.py.
"""

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from nats.aio.client import Client, RawCredentials
from nats.errors import Error as NatsError

from sync.bus import connection, credentials
from sync.bus.credentials import NKey, Role
from sync.contract import jose
from sync.contract.shapes.committees import CommitteeState
from sync.hub.keys import HubKeys
from sync.hub.service import DirectoryFile
from sync.hub.settings import Settings
from tests.security.table import Attack, Door, tries
from tests.security.unchanged import nothing_changes
from tests.sync.hubs import COUNTY, SISTER, Hub, refused, running_hub, said

pytestmark = pytest.mark.asyncio
U = Door.HUB_USER
SPEAKS = "sh.33.01.10.c"


@pytest_asyncio.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Hub]:
    """COUNTY has said something, and whoever gets in as COUNTY could say more."""
    async with running_hub(tmp_path) as running:
        await (await running.line(COUNTY)).publish(f"{COUNTY}/c", said(f"{COUNTY}/c", 2), 0)
        yield running


def keys(hub: Hub) -> HubKeys:
    return hub.server.place.keys()


def shown(statement: str, seed: str) -> str:
    return (
        f"-----BEGIN NATS USER JWT-----\n{statement}\n------END NATS USER JWT------\n\n"
        f"-----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n"
    )


def taken_apart(creds: str) -> tuple[str, str]:
    """The statement and the seed of credentials."""
    lines = creds.splitlines()
    return lines[1], lines[5]


def of(hub: Hub, id: str) -> tuple[str, str]:
    return taken_apart((hub.creds / f"{id}.creds").read_text())


def made(account: NKey, **more: Any) -> str:
    """Credentials of a new user, as the hub makes them, with other claims beside."""
    user = NKey.new(Role.USER)
    claims = {"type": "user", "issuer_account": account.public, "pub": {}, "sub": {}, "subs": -1, "data": -1,
              "payload": -1}  # fmt: skip
    now = int(time.time())
    told = {"iat": now, "iss": account.public, "name": COUNTY, "sub": user.public, "jti": "x", **more}
    told["nats"] = {**claims, "version": 2, **more.get("nats", {})}
    head = {"typ": "JWT", "alg": "ed25519-nkey"}
    signed = f"{_b64(msgspec.json.encode(head))}.{_b64(msgspec.json.encode(told))}"
    return shown(f"{signed}.{_b64(account.sign(signed.encode()))}", user.seed)


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


async def opens(hub: Hub, creds: str) -> Client | None:
    """The line of whoever shows these credentials; None: the server let nobody in."""

    async def attempt() -> Client:
        client = Client()
        await client.connect(hub.url, user_credentials=RawCredentials(creds), allow_reconnect=False,
                             max_reconnect_attempts=0, connect_timeout=5)  # fmt: skip
        return client

    try:
        return await asyncio.wait_for(attempt(), 10)
    except NatsError as error:
        if "authorization" not in str(error).lower():
            raise  # it has to be the server's word, not a fault of ours
        return None


def _by_a_stranger(hub: Hub) -> str:
    return made(NKey.new(Role.ACCOUNT))


def _in_the_accounts_name(hub: Hub) -> str:
    """A stranger signs, and says that it is the county's account."""
    return made(NKey.new(Role.ACCOUNT), iss=keys(hub).account(COUNTY).public,
                nats={"issuer_account": keys(hub).account(COUNTY).public})  # fmt: skip


def _without_its_seed(hub: Hub) -> str:
    """The statement travels in the open where a hub has no certificate; its seed does not."""
    return shown(of(hub, COUNTY)[0], NKey.new(Role.USER).seed)


def _expired(hub: Hub) -> str:
    return made(keys(hub).account(COUNTY), exp=int(time.time()) - 60)


def _of_another_hub(hub: Hub) -> str:
    other = HubKeys(hub.creds.parent / "another-hub")
    return credentials.user_credentials(other.account(COUNTY), COUNTY, int(time.time()))


def _changed(hub: Hub) -> str:
    """The county's account is written over the sister's, under the sister's signature."""
    statement, seed = of(hub, SISTER)
    head, payload, last = statement.split(".")
    told = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    mine, theirs = (keys(hub).account(each).public.encode() for each in (SISTER, COUNTY))
    return shown(".".join([head, _b64(told.replace(mine, theirs)), last]), seed)


def _for_anothers_account(hub: Hub) -> str:
    """The sister's account signs a user, and says that it belongs to the county's."""
    return made(keys(hub).account(SISTER), nats={"issuer_account": keys(hub).account(COUNTY).public})


BAD: list[tuple[str, Attack, Callable[[Hub], str]]] = [
    ("signed by a stranger", Attack.FORGED, _by_a_stranger),
    ("signed by a stranger in the account's name", Attack.FORGED, _in_the_accounts_name),
    ("another's, without its seed", Attack.STOLEN, _without_its_seed),
    ("over since a minute", Attack.EXPIRED, _expired),
    ("made at another hub", Attack.WRONG_AUDIENCE, _of_another_hub),
    ("changed under its signature", Attack.CHANGED_BODY, _changed),
    ("signed by one account for another", Attack.ANOTHERS, _for_anothers_account),
]


@pytest.mark.parametrize("make", [pytest.param(make, id=name, marks=tries(U, attack)) for name, attack, make in BAD])
async def test_the_hub_lets_nobody_in_whose_statement_is(hub: Hub, make: Callable[[Hub], str]) -> None:
    async with nothing_changes([], hub):
        assert await opens(hub, make(hub)) is None
    good = await opens(hub, made(keys(hub).account(COUNTY), exp=int(time.time()) + 600))
    assert good is not None, "and a good one is let in"
    await connection.close(good)


@tries(U, Attack.ANOTHERS)
async def test_whoever_connects_under_anothers_name_speaks_for_nobody_but_itself(hub: Hub) -> None:
    client = await connection.connect(hub.url, hub.creds / f"{SISTER}.creds", COUNTY, wait=0.05)
    try:
        async with nothing_changes([], hub):
            assert await refused(client, SPEAKS, b"forged")
    finally:
        await connection.close(client)


@tries(U, Attack.REPLAYED)
async def test_what_was_signed_for_one_connection_opens_no_other(hub: Hub) -> None:
    """The server draws a nonce for each, and the user signs it."""
    statement, seed = of(hub, COUNTY)
    signature = ""
    answers = list[bool]()
    for _ in range(2):
        reader, writer = await asyncio.open_connection("127.0.0.1", hub.server.place.port)
        info = msgspec.json.decode((await reader.readline()).removeprefix(b"INFO "))
        signature = signature or _b64(NKey(seed).sign(info["nonce"].encode()))
        hello = {"verbose": False, "pedantic": False, "jwt": statement, "sig": signature, "protocol": 1}
        async with nothing_changes([], hub):
            writer.write(b"CONNECT " + msgspec.json.encode(hello) + b"\r\nPING\r\n")
            answers.append(b"Authorization" not in await asyncio.wait_for(reader.readline(), 10))
        writer.close()
    assert answers == [True, False]


async def _withdrawn(hub: Hub) -> Client:
    """The county is suspended while it is connected."""
    client = await opens(hub, (hub.creds / f"{COUNTY}.creds").read_text())
    assert client is not None
    hub.change(states={COUNTY: CommitteeState.SUSPENDED})
    await hub.controller.declare()
    return client


@tries(U, Attack.SUSPENDED)
async def test_a_user_of_a_suspended_committee_is_cut_and_let_in_no_more(hub: Hub) -> None:
    kept = (hub.creds / f"{COUNTY}.creds").read_text()
    client = await _withdrawn(hub)
    async with nothing_changes([], hub):
        assert await refused(client, SPEAKS, b"late")
        assert await opens(hub, kept) is None
    await connection.close(client)


@tries(U, Attack.ROLLED_BACK)
async def test_a_user_that_was_withdrawn_stays_so_when_the_hub_is_given_an_older_directory(
    hub: Hub, tmp_path: Path
) -> None:
    kept, older = (hub.creds / f"{COUNTY}.creds").read_text(), hub.text
    (tmp_path / "root.jwk").write_bytes(msgspec.json.encode(jose.public(hub.root)))
    file = DirectoryFile(Settings(directory=tmp_path / "directory.jws", root=tmp_path / "root.jwk"))
    client = await _withdrawn(hub)
    async with nothing_changes([], hub):
        with pytest.raises(jose.Untrusted):
            file.take(older, hub.directory)
        await hub.controller.declare()
        assert await opens(hub, kept) is None
    assert not (tmp_path / "directory.jws").exists()
    await connection.close(client)
