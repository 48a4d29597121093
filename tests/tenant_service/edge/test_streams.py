"""Listening at a committee itself: its site over a real port, its database, a real socket."""

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uuid_utils
import uvicorn

from sync.contract import jose
from sync.contract.asking.changes import MOST_OF_PERSON
from sync.contract.levels import Level
from sync.contract.shapes.venues import VenueKind
from sync.contract.trust.directory import Contents, Directory, Listed
from sync.contract.trust.tokens import Claims, issued
from tenant_service.app import build
from tenant_service.committee import Committee, open_committee
from tenant_service.identity import accounts
from tenant_service.identity.actor import Actor
from tenant_service.identity.keys import keys_in
from tenant_service.identity.policy import Role
from tenant_service.settings import Settings
from tenant_service.venues import service as venues
from tests.directories import signed
from tests.gateway.federation import free_port
from tests.gateway.listeners import PATIENCE, Listener, listener, listens
from tests.migrated import migrated
from tests.waiting import eventually

CITY = "330100"
CHANGES = """subscription ($after: Cursor) {
  recordChanged(after: $after, kinds: [VENUE]) { id cursor isGone node { id ... on Venue { name } } }
}"""


@asynccontextmanager
async def site(folder: Path) -> AsyncIterator[tuple[Committee, int]]:
    root, port = jose.new_key(), free_port()
    entry = Listed(id=CITY, name="市政协", level=Level.CITY, keys=keys_in(folder / CITY).public())
    contents = Contents(serial=1, issued_at=0, expires_at=2**40, entries=[entry])
    (folder / "directory.jws").write_text(signed(contents, root))
    (folder / "root.jwk").write_text(json.dumps(jose.public(root)))
    told = Settings(
        committee=CITY, database=migrated(folder / f"{CITY}.db"), directory=folder / "directory.jws",
        root=folder / "root.jwk", keys=folder / CITY, http_port=port,
    )  # fmt: skip
    made = open_committee(told)
    server = uvicorn.Server(uvicorn.Config(build(made), port=port, log_level="error"))
    serving = asyncio.create_task(server.serve())
    try:
        await eventually(lambda: listens(port), what="the site listens")
        yield made, port
    finally:
        server.should_exit = True
        await serving
        made.close()


def account(made: Committee, role: Role) -> str:
    with made.units.write() as unit:
        draft = accounts.Draft(f"u{uuid_utils.uuid7().hex[-12:]}", "测试人员", frozenset({role}))
        return accounts.create(unit, accounts.founder(CITY), draft, "x", must_change=False).id


def token(made: Committee, account: str, role: Role) -> str:
    now = int(dt.datetime.now(dt.UTC).timestamp())
    claims = Claims(iss=CITY, sub=account, roles=[role], aud=[CITY], iat=now, exp=now + 600, jti=uuid_utils.uuid7().hex)
    return issued(claims, made.keys.token)


def open_venue(made: Committee, name: str) -> str:
    clerk = Actor(committee=CITY, iss=CITY, sub="clerk", roles=frozenset({Role.CLERK}))
    with made.units.write() as unit:
        draft = venues.Draft(name, VenueKind.HALL, "南山路")
        return venues.add(unit, clerk, Directory(made.trust.directory.contents), draft, []).id


async def waits(made: Committee) -> None:
    async def look() -> bool:
        return any(each.ask.after is not None for each in made.listening.tail.waiters)

    await eventually(look, within=PATIENCE, what="somebody waits")


async def name_of(listening: Listener) -> tuple[str, str]:
    told = (await listening.heard())["payload"]["data"]["recordChanged"]
    return told["node"]["name"], told["cursor"]


def test_a_committees_own_people_listen_to_it_and_come_back(tmp_path: Path) -> None:
    async def scene() -> None:
        async with site(tmp_path) as (made, port):
            said = token(made, account(made, Role.CLERK), Role.CLERK)
            async with listener(port, said) as listening:
                await listening.subscribe(CHANGES)
                await waits(made)
                open_venue(made, "议事厅一")
                name, place = await name_of(listening)
                assert name == "议事厅一"
            open_venue(made, "议事厅二")
            async with listener(port, said) as listening:
                await listening.subscribe(CHANGES, after=place)
                assert (await name_of(listening))[0] == "议事厅二"

    asyncio.run(scene())


def test_an_account_that_was_closed_hears_that_and_nothing_else(tmp_path: Path) -> None:
    async def scene() -> None:
        async with site(tmp_path) as (made, port):
            clerk = account(made, Role.CLERK)
            async with listener(port, token(made, clerk, Role.CLERK)) as listening:
                await listening.subscribe(CHANGES)
                await waits(made)
                with made.units.write() as unit:
                    accounts.close(unit, accounts.founder(CITY), clerk, "人员调整")
                open_venue(made, "议事厅")
                told = await listening.heard()
                assert (told["type"], told["payload"][0]["extensions"]["code"]) == ("error", "SIGN_IN_ENDED")

    asyncio.run(scene())


def test_one_person_listens_to_as_much_as_gateways_may_ask_for_them_and_no_more(tmp_path: Path) -> None:
    async def scene() -> None:
        async with site(tmp_path) as (made, port):
            said = token(made, account(made, Role.CLERK), Role.CLERK)
            people = made.listening.people

            async def all_listen() -> bool:
                return people.count == MOST_OF_PERSON

            async with listener(port, said) as first, listener(port, said) as second:
                for number in range(MOST_OF_PERSON):
                    await first.subscribe(CHANGES, id=str(number))
                await eventually(all_listen, what="all of them listen")
                await second.subscribe(CHANGES)
                told = await second.heard()
                assert (told["type"], told["payload"][0]["extensions"]["code"]) == ("error", "RATE_LIMITED")

            async def nobody() -> bool:
                return people.count == 0

            await eventually(nobody, what="all places are free")

    asyncio.run(scene())
