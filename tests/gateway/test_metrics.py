"""What a gateway did can be read off its figures, and nothing else can."""

import asyncio
from collections.abc import Callable

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from gateway.app import serving
from sync.bus.rpc import Question
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
