"""Whatever door a document comes in by, it is one span under that door's name, with its committees below it."""

import asyncio
from urllib.parse import urlencode

import httpx2
import pytest
from starlette.requests import HTTPConnection

from gateway.app import Parts, serving
from gateway.console.questions import Questions
from gateway.identity.callers import NOBODY
from gateway.streams.home import Home
from gateway.streams.viewers import Streams
from sync.edge.body import Asked
from tests.gateway.federation import Federation
from tests.gateway.spans import Spans

QUERY = "{ venues(first: 1) { nodes { id } } }"
CAME = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def parts(three: Federation, runner: asyncio.Runner) -> Parts:
    return runner.run(three.parts())


def asked_below(collected: Spans, door: str) -> list[str]:
    """Committees whose spans are below the one span of this door."""
    [whole] = collected.named(door)
    asking = collected.named("ask graphql")
    assert {each.parent.span_id for each in asking} == {whole.context.span_id}
    return sorted(each.attributes["liandong.committee"] for each in asking)


@pytest.mark.parametrize(
    ("door", "path"),
    [("/graphql", f"/graphql?{urlencode({'query': QUERY})}"), ("/export", "/export/venues.csv")],
)
def test_a_request_is_a_span_below_its_clients(
    parts: Parts, three: Federation, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch, door: str, path: str
) -> None:
    collected = Spans(monkeypatch)
    transport = httpx2.ASGITransport(app=serving(parts, three.connections[-1]))
    client = httpx2.AsyncClient(transport=transport, base_url="http://gateway.example")
    assert runner.run(client.get(path, headers={"traceparent": CAME})).status_code == 200
    assert asked_below(collected, door)
    assert {f"{each.context.trace_id:032x}" for each in collected.all()} == {CAME.split("-")[1]}


@pytest.mark.parametrize(("kind", "door"), [("websocket", "/graphql websocket"), ("http", "/graphql sse")])
def test_an_operation_over_a_stream_is_a_span(
    parts: Parts, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch, kind: str, door: str
) -> None:
    collected = Spans(monkeypatch)
    entry = parts.entry
    streams = Streams(entry, Home(parts.asker, parts.prover), parts.standings)
    http = HTTPConnection({"type": kind, "headers": [(b"traceparent", CAME.encode())], "client": None})

    async def ask() -> None:
        viewer = await streams.open(http, None)
        async for _ in await viewer.begin(Asked(QUERY, {})):
            pass

    runner.run(ask())
    assert asked_below(collected, door)
    [whole] = collected.named(door)
    assert (whole.parent is None) == (kind == "websocket")


def test_a_page_of_the_console_is_a_span(parts: Parts, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    collected = Spans(monkeypatch)
    runner.run(Questions(parts.gateway, parts.rates).ask(NOBODY, QUERY))
    assert asked_below(collected, "console")
