"""What the gateway's benchmark runs, each in a process of its own: the gateway, a bare program, and canned committees.

The bare program does what cannot be done without: it fans out over the same NATS asker and merges. It has no framework,
no plan, no limits, no cursors, no users and no proofs.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import fields
from functools import lru_cache
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import Any

import aiohttp
import httpx2
import msgspec
import nats
import strawberry
from nats.aio.msg import Msg
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from strawberry.asgi import GraphQL

from gateway.app import assemble, serving
from gateway.schema import compose
from gateway.settings import Settings
from sync.bus.asker import Asker
from sync.contract import jose
from sync.contract.ids import Id
from sync.contract.levels import Level
from sync.contract.shapes.committees import CommitteeRecord, CommitteeState
from sync.contract.trust.directory import Contents, Directory
from sync.edge.collecting import settled
from tests.gateway.committee import SDL, Service, rows_of

GATEWAY = "gateway-330100"
FIELDS = "id title kind startsAt endsAt place organizer headcount committeeId venueId"
WHO = "fanout { complete answered sources(not: []) { committee { id } state rows } }"
QUERY = f"""query($first: Int!, $where: ActivityFilter) {{
  activities(first: $first, where: $where) {{ nodes {{ {FIELDS} }} {WHO} }}
}}"""
PAGED = QUERY.replace(WHO, f"pageInfo {{ hasNextPage endCursor }} totalCount {WHO}")
TEXT = f"query($first: Int!) {{ activities(first: $first) {{ nodes {{ {FIELDS} }} }} }}"
BODY = msgspec.json.encode({"query": TEXT, "variables": {"first": 20}})


def committees(count: int) -> dict[str, CommitteeRecord]:
    return {
        id: CommitteeRecord(
            id=Id(id), name=f"第{n}区政协", short_name=f"第{n}区", level=Level.COUNTY, parent_id=None,
            state=CommitteeState.ACTIVE, current_code=id,
        )
        for n in range(1, count + 1) for id in [f"33{n:04d}"]
    }  # fmt: skip


# ── the gateway ──


@asynccontextmanager
async def _connected(app: Starlette) -> AsyncIterator[None]:
    folder = Path(os.environ["BENCH_FOLDER"])
    directory = Directory(msgspec.json.decode(folder.joinpath("directory.json").read_bytes(), type=Contents))
    connection = await nats.connect(os.environ["BENCH_NATS"])
    settings = Settings(id=GATEWAY, hub="", credentials=Path(), key=Path())
    key = jose.read_key(folder.joinpath("gateway.jwk").read_bytes())
    inner = serving(assemble(settings, lambda: directory, connection, key, sdl=compose(SDL)), connection)
    async with inner.router.lifespan_context(inner):
        app.router.routes[:] = inner.router.routes
        settled()  # as where it is served
        yield


gateway = Starlette(lifespan=_connected)


# ── the bare program ──


class _Nodes(msgspec.Struct):
    nodes: list[msgspec.Raw]


class _Data(msgspec.Struct):
    activities: _Nodes


class _Answer(msgspec.Struct):
    data: _Data


class _Key(msgspec.Struct, rename="camel"):
    starts_at: str
    id: str


_answer_of, _key_of = msgspec.json.Decoder(_Answer).decode, msgspec.json.Decoder(_Key).decode


def _joined(replies: dict[str, bytes]) -> bytes:
    """The twenty newest rows, and who sent how many; it takes what did not come for a fault."""

    def keyed(rows: list[msgspec.Raw]) -> Iterator[tuple[str, str, msgspec.Raw]]:
        for row in rows:
            key = _key_of(row)
            yield key.starts_at, key.id, row

    lists = {id: _answer_of(body).data.activities.nodes for id, body in replies.items()}
    rows = islice(merge(*map(keyed, lists.values()), key=lambda row: row[:2], reverse=True), 20)
    sources = [b'{"committee":"%s","state":"FRESH","rows":%d}' % (id.encode(), len(own)) for id, own in lists.items()]
    page = b",".join([bytes(row) for _, _, row in rows])
    return b'{"data":{"activities":{"nodes":[%s],"sources":[%s]}}}' % (page, b",".join(sources))


def _program(fan_out: Callable[[Asker], Awaitable[dict[str, bytes]]]) -> Any:
    """An ASGI application without a framework: reads the body, fans out, merges, answers."""
    state: list[Asker] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while scope["type"] == "lifespan":
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
        if not state:
            state.append(await Asker(await nats.connect(os.environ["BENCH_NATS"])).open())
            settled()  # both sides alike
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        msgspec.json.decode(body)
        told = _joined(await fan_out(state[0]))
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(told))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": told})

    return app


async def _ask_all(asker: Asker) -> dict[str, bytes]:
    asked = [(id, "graphql", BODY) for id in committees(int(os.environ["BENCH_K"]))]
    return {id: reply.body for id, reply in (await asker.ask(asked, {}, 2)).items()}


bare = _program(_ask_all)


# ── what one would otherwise write ──


@strawberry.type
class _Row:
    id: strawberry.ID
    title: str
    kind: str
    starts_at: str
    ends_at: str | None
    place: str
    organizer: str
    headcount: int | None
    committee_id: strawberry.ID
    venue_id: strawberry.ID | None


@strawberry.type
class _Rows:
    nodes: list[_Row]


_NAMES = {
    each.name: each.name.split("_")[0] + "".join(map(str.title, each.name.split("_")[1:])) for each in fields(_Row)
}


async def _asked(post: Callable[[str], Awaitable[Any]], first: int) -> _Rows:
    ids = committees(int(os.environ["BENCH_K"]))
    told = await asyncio.gather(*[post(f"http://127.0.0.1:{os.environ['BENCH_HTTP']}/{id}") for id in ids])
    rows = [row for each in told for row in each["data"]["activities"]["nodes"]]
    rows.sort(key=lambda row: (row["startsAt"], row["id"]), reverse=True)
    return _Rows(nodes=[_Row(**{name: row[said] for name, said in _NAMES.items()}) for row in rows[:first]])


@strawberry.type
class _OverAiohttp:
    @strawberry.field
    async def activities(self, first: int) -> _Rows:
        async def post(address: str) -> Any:
            async with _client(aiohttp_session).post(address, data=BODY) as answer:
                return await answer.json()

        return await _asked(post, first)


@strawberry.type
class _OverHttpx:
    @strawberry.field
    async def activities(self, first: int) -> _Rows:
        async def post(address: str) -> Any:
            return (await _client(httpx_client).post(address, content=BODY)).json()

        return await _asked(post, first)


def aiohttp_session() -> Any:
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))


def httpx_client() -> Any:
    return httpx2.AsyncClient(limits=httpx2.Limits(max_connections=1000, max_keepalive_connections=1000))


@lru_cache
def _client(made: Callable[[], Any]) -> Any:
    """One for the process, made when its loop runs."""
    return made()


strawberry_aiohttp = Starlette(routes=[Route("/graphql", GraphQL(strawberry.Schema(_OverAiohttp)))])
strawberry_httpx = Starlette(routes=[Route("/graphql", GraphQL(strawberry.Schema(_OverHttpx)))])


# ── the committees ──


async def tenants(url: str, count: int) -> None:
    """`count` committees with canned answers: a body seen for the first time is really answered, then remembered."""
    for id, committee in committees(count).items():
        answer, known = Service(rows_of({id: committee}, 40)).answer, dict[bytes, bytes]()
        connection = await nats.connect(url)

        async def canned(
            message: Msg, connection: Any = connection, answer: Any = answer, known: dict[bytes, bytes] = known
        ) -> None:
            if message.data not in known:
                known[message.data] = answer(message.data)
            await connection.publish(message.reply, known[message.data])

        await connection.subscribe(f"rpc.{id}.graphql", cb=canned)
        await connection.flush()
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(tenants(sys.argv[1], int(sys.argv[2])))
