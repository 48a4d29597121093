"""Twelve of thirteen committees answer; the one that hangs, refuses or is not there takes nothing from them."""

import asyncio
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from gateway.app import Parts
from gateway.identity.callers import NOBODY, Caller
from sync.bus.answerer import Question
from tests.gateway.federation import Behaving, Federation, federation, said

ONE = "330107"
DEADLINE = 1.5
QUERY = """query ($fan: Fan) {
  activities(first: 50, at: {under: ["330100"]}, fan: $fan) {
    nodes { id committeeId } totalCount
    fanout { asked answered complete sources(not: []) { committee { id } state rows latencyMs } }
  }
  venues(first: 3, at: {under: ["330100"]}, fan: $fan) { nodes { id } }
}"""


async def hang(question: Question, honest: bytes) -> bytes | None:
    return None


async def refuse(question: Question, honest: bytes) -> bytes | None:
    return b'{"errors":[{"message":"busy","extensions":{"code":"BUSY","zh":"x"}}]}'


@pytest.fixture(scope="module")
def city(runner: asyncio.Runner) -> Iterator[Federation]:
    """A city that holds copies of its thirteen districts."""
    context = federation(13, 10)
    yield runner.run(context.__aenter__())
    runner.run(context.__aexit__(None, None, None))


@pytest.fixture(scope="module")
def parts(city: Federation, runner: asyncio.Runner) -> Parts:
    return runner.run(city.parts(breaker_patience=1000, deadline_ms=10_000))


@pytest.mark.parametrize(
    ("conduct", "caller_is", "state", "waits"),
    [
        (hang, "nobody", "TIMEOUT", True), (hang, "the city's clerk", "STALE", True),
        (refuse, "nobody", "REFUSED", False), (refuse, "the city's clerk", "STALE", False),
    ],
)  # fmt: skip
def test_the_twelve_are_whole_and_the_one_is_named(
    city: Federation, parts: Parts, runner: asyncio.Runner, conduct: Behaving, caller_is: str, state: str, waits: bool
) -> None:
    caller: Caller = NOBODY if caller_is == "nobody" else city.caller()
    deadline = DEADLINE if waits else 10.0
    city.behaving = {ONE: conduct}
    began = time.monotonic()
    told: dict[str, Any] = runner.run(said(parts, QUERY, caller, fan={"deadlineMs": int(deadline * 1000)}))
    seconds = time.monotonic() - began
    city.behaving = {}

    page = told["data"]["activities"]
    assert "errors" not in told
    states = {each["committee"]["id"]: each["state"] for each in page["fanout"]["sources"]}
    assert states == dict.fromkeys(city.below, "FRESH") | {ONE: state}
    has_part = state == "STALE"
    assert (page["fanout"]["asked"], page["fanout"]["answered"]) == (13, 12 + has_part)
    assert page["fanout"]["complete"] is has_part
    assert [row["id"] for row in page["nodes"]] == whole(city, has_part)
    assert page["totalCount"] == 10 * (12 + has_part)
    assert len(told["data"]["venues"]["nodes"]) == 3
    if waits:  # with copies, the committees have a part of the deadline and home the rest of it
        assert seconds >= DEADLINE * (0.6 if has_part else 1)
    else:  # whether it was waited for or not, it is STALE where home has its copies: the deadline is far off
        assert seconds < deadline * 0.6


def whole(city: Federation, has_one: bool) -> list[str]:
    query = b'{"query": "{ activities(first: 200) { nodes { id committeeId } } }"}'
    rows = json.loads(city.union.answer(query))["data"]["activities"]["nodes"]
    return [row["id"] for row in rows if has_one or row["committeeId"] != ONE][:50]
