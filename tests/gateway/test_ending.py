"""When a gateway ends, nothing of it runs on, and who waited for an answer is not left waiting."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette

from gateway.app import Parts, serving
from sync.bus.answerer import Question
from tests.gateway.federation import Federation, said
from tests.waiting import eventually

LIST = "query ($fan: Fan) { venues(first: 3, fan: $fan) { nodes { id } fanout { sources { state } } } }"
TURNS = 50
"""Of the loop, in which who waited is told; nothing else is waited for."""
PATIENT = {"deadlineMs": 10_000, "read": "LIVE"}


@pytest.fixture
def arrived(three: Federation) -> Iterator[list[str]]:
    """Questions that came to committees, which answer none of them."""
    found: list[str] = []

    async def silent(question: Question, honest: bytes) -> bytes | None:
        found.append(question.verb)
        return None

    three.behaving = dict.fromkeys(three.of, silent)
    yield found
    three.behaving = {}


def test_what_is_under_way_ends_with_the_gateway(three: Federation, runner: asyncio.Runner, arrived: list[str]) -> None:
    async def run() -> tuple[dict[str, Any], dict[str, Any], bool, set[str]]:
        parts: Parts = await three.parts(deadline_ms=10_000)
        app: Starlette = serving(parts, three.connections[-1])
        before = asyncio.all_tasks()
        async with app.router.lifespan_context(app):
            left = asyncio.ensure_future(said(parts, LIST, fan=PATIENT))
            waits = asyncio.ensure_future(said(parts, LIST, fan=PATIENT))
            await eventually(lambda: _came(arrived, 4), what="all committees are asked")
            left.cancel()  # nobody waits for these any more, and they are under way
            await asyncio.wait([left])
        for _ in range(TURNS):
            await asyncio.sleep(0)
        is_told = waits.done()
        told = await waits
        running = {repr(each) for each in asyncio.all_tasks() - before if not each.cancelling()}
        return told, await said(parts, LIST, fan=PATIENT), is_told, running

    told, after, is_told, running = runner.run(run())
    assert {each["state"] for each in told["data"]["venues"]["fanout"]["sources"]} == {"TIMEOUT"}
    assert is_told
    assert not running
    assert {each["state"] for each in after["data"]["venues"]["fanout"]["sources"]} == {"TIMEOUT"}
    assert len(arrived) == 4  # the equal question was put once, and none after the end


async def _came(arrived: list[str], count: int) -> bool:
    return len(arrived) >= count
