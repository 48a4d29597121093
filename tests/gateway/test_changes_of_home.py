"""How a gateway waits for what home tells: patiently, never without pause, and never for what will not come."""

import asyncio
from collections.abc import Iterable
from typing import Any

import msgspec
import pytest

from gateway.identity.callers import Caller
from gateway.streams import home
from gateway.streams.home import Home
from sync.bus.asker import Outcome, Reply
from sync.contract.asking.changes import ChangesAsk
from sync.contract.errors import Code, Refusal
from sync.contract.trust.tokens import Claims

CALLER = Caller("token", Claims(iss="330100", sub="chen", roles=["clerk"], aud=[], iat=0, exp=2**40, jti="1"))


class Telling:
    """A home that says the same to every question, at once."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.body, self.asked = msgspec.json.encode(said), 0

    async def ask(
        self, questions: Iterable[tuple[str, str, bytes]], headers: Any, deadline: float, told: Any = None
    ) -> dict[str, Reply]:
        self.asked += 1
        return {id: Reply(Outcome.ANSWERED, self.body, 0.0) for id, _, _ in questions}


class Proving:
    def headers(self, to: list[str], body: bytes, token: str) -> dict[str, str]:
        return {}


async def renewed() -> Caller:
    return CALLER


def listening(telling: Telling) -> Any:
    return Home(telling, Proving()).told(renewed, lambda: None, ChangesAsk())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"code": "RATE_LIMITED"}, Code.RATE_LIMITED),
        ({"errors": [{"message": "x"}]}, Code.AWAY),
        ({"cursor": 7}, Code.AWAY),
        ({"cursor": "1.a", "changes": [{"id": "x", "version": 1, "isGone": False, "cursor": "1.a"}] * 101}, Code.AWAY),
    ],
    ids=["it has too many", "it is older", "it says what nobody can read", "it says too much at once"],
)
def test_who_is_not_served_is_told_so(monkeypatch: pytest.MonkeyPatch, said: dict[str, Any], code: Code) -> None:
    monkeypatch.setattr(home, "_AGAIN", 0.001)
    telling = Telling(said)

    async def listened() -> None:
        async for _ in listening(telling):
            raise AssertionError("nothing was told")

    with pytest.raises(Refusal) as refused:
        asyncio.run(listened())
    assert (refused.value.code, telling.asked) == (code, home._PATIENCE)


def test_a_home_whose_place_does_not_move_is_refused_and_nothing_is_delivered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "_AGAIN", 0.001)
    change = {"id": f"330101.activity.{'0' * 32}", "version": 1, "isGone": False, "cursor": "1.a"}
    telling = Telling({"cursor": "1.a", "changes": [change] * 100})

    told: list[object] = []

    async def listened() -> None:
        async for each in Home(telling, Proving()).told(renewed, lambda: None, ChangesAsk(after="1.a")):  # type: ignore[arg-type]
            told.append(each)  # noqa: PERF401 — what came before the refusal counts

    with pytest.raises(Refusal) as refused:
        asyncio.run(listened())
    assert (refused.value.code, told) == (Code.AWAY, [])
    assert telling.asked == home._PATIENCE


def test_a_home_that_answers_at_once_is_not_asked_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two questions: the first has no wait. With pauses of an hour, the next one would be put only then."""
    monkeypatch.setattr(home, "_AGAIN", 3600.0)
    telling = Telling({"cursor": "1.a"})

    async def listened() -> None:
        told = listening(telling)
        assert await anext(told) == (None, "1.a")
        waiting = asyncio.ensure_future(anext(told))
        for _ in range(1_000):
            await asyncio.sleep(0)
        waiting.cancel()

    asyncio.run(listened())
    assert telling.asked == 2
