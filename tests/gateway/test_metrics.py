"""What a gateway did can be read off its figures, and nothing else can."""

import asyncio
from collections.abc import AsyncGenerator, Callable

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.requests import ClientDisconnect
from starlette.types import Message

from gateway.app import serving
from gateway.export.ended import File
from gateway.export.pages import Exports
from sync.bus.answerer import Question
from tests.gateway.federation import Federation

QUERY = '{ venues(at: {ids: ["330101", "330102"]}, fan: {read: LIVE, deadlineMs: 1000}) { nodes { id } } }'
Asking = Callable[..., httpx2.Response]


@pytest.fixture
def web(three: Federation, runner: asyncio.Runner) -> Asking:
    parts = runner.run(three.parts(metrics=True, breaker_patience=1, strangers_per_minute=3))
    app = serving(parts, three.connections[-1])

    def ask(path: str = "/metrics", body: object = None, **headers: str) -> httpx2.Response:
        client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://gateway.example")
        asked = client.post(path, json=body) if body else client.get(path, headers=headers)
        return runner.run(asked)

    return ask


def figures(answer: httpx2.Response) -> dict[tuple[str, ...], float]:
    assert answer.status_code == 200
    return {
        (each.name.removeprefix("liandong_gateway_"), *each.labels.values()): each.value
        for family in text_string_to_metric_families(answer.text)
        for each in family.samples
    }


def test_requests_and_what_came_of_each_question_are_counted(web: Asking, three: Federation) -> None:
    async def hang(question: Question, honest: bytes) -> bytes | None:
        return None

    three.behaving = {"330102": hang}
    try:
        told = [web("/graphql", {"query": QUERY}).status_code for _ in range(4)]
    finally:
        three.behaving = {}
    assert told == [200, 200, 200, 429]
    found = figures(web())
    assert found["requests_total", "", "200"] == 3
    assert found["requests_total", "RATE_LIMITED", "429"] == 1
    assert found["limited_total", "requests"] == 1
    assert found["questions_total", "330101", "ANSWERED"] == 3
    assert found["questions_total", "330102", "TIMEOUT"] == 1
    assert found["questions_total", "330102", "LEFT_IN_PEACE"] == 2
    assert found["left_in_peace", "330102"] == 1
    assert (found["documents_total", "miss"], found["documents_total", "hit"]) == (1, 2)
    assert found["request_seconds_count",] == 4
    assert (found["line",], found["under_way",]) == (1, 0)


def test_nothing_is_told_to_who_comes_through_a_proxy_or_where_it_is_off(
    web: Asking, three: Federation, runner: asyncio.Runner
) -> None:
    assert web().status_code == 200
    assert web(**{"x-forwarded-for": "192.0.2.1"}).status_code == 404
    assert web(forwarded="for=192.0.2.1").status_code == 404
    app = serving(runner.run(three.parts()), three.connections[-1])
    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://gateway.example")
    assert runner.run(client.get("/metrics")).status_code == 404


async def _status(client: httpx2.AsyncClient, path: str, **headers: str) -> int:
    return (await client.get(path, headers=headers)).status_code


def test_files_are_counted_by_how_they_ended(three: Federation, runner: asyncio.Runner) -> None:
    async def hang(question: Question, honest: bytes) -> bytes | None:
        return None

    parts = runner.run(three.parts(metrics=True, most_exported=150, breaker_patience=1000))
    client = httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=serving(parts, three.connections[-1])), base_url="http://gateway.example"
    )
    fan = "fan=%7B%22deadlineMs%22%3A300%7D"
    paths = ["venues.csv", "venues.xlsx", "activities.csv", "venues.csv?nothing=1", "nothing.csv"]
    assert [runner.run(_status(client, f"/export/{path}")) for path in paths] == [200, 200, 200, 400, 404]
    three.behaving = {"330102": hang}
    try:
        assert runner.run(_status(client, f"/export/venues.csv?{fan}")) == 200
    finally:
        three.behaving = {}
    found = figures(runner.run(client.get("/metrics")))
    told = {
        ("csv", "COMPLETE"): 1, ("xlsx", "COMPLETE"): 1, ("csv", "CUT"): 1, ("csv", "BAD_VALUE"): 1,
        ("csv", "NOT_EXPORTED"): 1, ("csv", "PARTIAL"): 1,
    }  # fmt: skip
    assert {labels: found["files_total", *labels] for labels in told} == told


def test_a_file_that_nobody_takes_to_its_end_is_counted_as_left() -> None:
    noted: list[str] = []

    async def pieces() -> AsyncGenerator[bytes, None]:
        yield b"1"
        yield b"2"

    async def broken() -> AsyncGenerator[bytes, None]:
        yield b"1"
        raise ValueError("odd")

    async def taken(file: File, most: int) -> None:
        """By a client that goes when it has so many bytes."""
        seen = 0

        async def send(message: Message) -> None:
            nonlocal seen
            seen += len(message.get("body", b""))
            if seen >= most:
                raise OSError

        await file({"type": "http", "asgi": {"spec_version": "2.4"}}, receive, send)

    async def receive() -> Message:
        raise AssertionError

    def file(pieces: AsyncGenerator[bytes, None], how: str = "CUT") -> File:
        return File(pieces, noted.append, lambda: how, {}, "text/csv")

    for most in (0, 1):
        with pytest.raises(ClientDisconnect):
            asyncio.run(taken(file(pieces()), most))
    with pytest.raises(ValueError, match="odd"):
        asyncio.run(taken(file(broken()), 9))
    asyncio.run(taken(file(pieces()), 9))
    assert noted == ["LEFT", "LEFT", "INTERNAL", "CUT"]


def test_a_file_that_breaks_before_it_is_begun_is_counted_and_says_nothing_of_ours(
    web: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(*_: object) -> None:
        raise ValueError("odd")

    monkeypatch.setattr(Exports, "_list", breaks)
    answer = web("/export/venues.csv")
    assert (answer.status_code, answer.text.split()[-1]) == (500, "INTERNAL")
    assert "odd" not in answer.text
    assert figures(web())["files_total", "csv", "INTERNAL"] == 1
