"""A record that cannot be read does not keep anybody from the changes behind it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from gateway.app import serving
from gateway.schema import joint_sdl
from sync.bus.answerer import Question
from tests.gateway.federation import HOME, Behaving, Federation, federation, free_port
from tests.gateway.listeners import listener, listens
from tests.waiting import eventually

BAD, GOOD = "330101", "330102"
QUERY = "subscription ($after: Cursor) { c: recordChanged(after: $after) { cursor id it: node { id } } }"


@asynccontextmanager
async def served(made: Federation, **settings: Any) -> AsyncIterator[int]:
    """A gateway at this port."""
    app, port = serving(await made.parts(**settings), made.connections[-1]), free_port()
    server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", port, log_level="critical", lifespan="off"))
    task = asyncio.ensure_future(server.serve())
    try:
        await eventually(lambda: listens(port), what="the gateway listens")
        yield port
    finally:
        server.should_exit = True
        await task


def changed(owner: str, number: int) -> dict[str, Any]:
    return {"id": f"{owner}.activity.{number:032x}", "version": 1, "isGone": False, "cursor": f"c{number}"}


CHANGES = [changed(GOOD, 1), changed(BAD, 2), changed(GOOD, 3)]


async def home(question: Question, honest: bytes) -> bytes | None:
    """Tells of three changes, and then nothing more."""
    after = json.loads(question.body).get("after") if question.verb == "changes" else None
    if question.verb != "changes":
        return honest
    if after is None:
        return b'{"cursor":"c0"}'
    at = int(after[1:])
    if at >= len(CHANGES):
        return None
    return json.dumps({"changes": CHANGES[at:], "cursor": f"c{len(CHANGES)}"}).encode()


async def good(question: Question, honest: bytes) -> bytes:
    return json.dumps({"data": {"r0": {"id": json.loads(question.body)["variables"]["changedRecord"]}}}).encode()


def heard(monkeypatch: pytest.MonkeyPatch, bad: Behaving, **settings: Any) -> list[dict[str, Any]]:
    """What a listener is told of the three changes."""
    monkeypatch.setattr("tests.gateway.federation.JOINT_SDL", joint_sdl())

    async def scene() -> list[dict[str, Any]]:
        async with federation(2, 1) as made:
            for each in made.services.values():
                monkeypatch.setattr(each, "answer", lambda *_: b"")
            made.behaving.update({HOME: home, GOOD: good, BAD: bad})
            async with served(made, **settings) as port, listener(port, made.token()) as listening:
                await listening.subscribe(QUERY, after="c0")
                return [(await listening.heard())["payload"] for _ in CHANGES]

    return asyncio.run(scene())


@pytest.mark.parametrize(
    "said", [b'{"data":{"r0":[1]}}', b'{"data":{"r0":7}}', b"\x00", b'{"errors":[{"path":["n7","x"]}]}', b"[]"]
)
def test_a_change_whose_record_is_poisoned_is_delivered_without_it_and_the_next_ones_come(
    monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    async def evil(question: Question, honest: bytes) -> bytes:
        return said

    told = heard(monkeypatch, evil)
    assert [each["data"]["c"]["cursor"] for each in told] == ["c1", "c2", "c3"]
    assert [each["data"]["c"]["it"] is None for each in told] == [False, True, False]
    assert told[1]["errors"][0]["path"] == ["c", "it"]


def test_a_change_whose_record_the_listener_may_not_read_now_is_delivered_and_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = heard(monkeypatch, good, most_cost=1, cost_per_minute=1)
    assert [each["data"]["c"]["cursor"] for each in told] == ["c1", "c2", "c3"]
    assert [each.get("errors", [{}])[0].get("extensions", {}).get("code") for each in told][1:] == ["RATE_LIMITED"] * 2
    assert [each["data"]["c"]["it"] for each in told][1:] == [None, None]
