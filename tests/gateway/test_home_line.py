"""Home over HTTP, where the hub does not lead there: bounded, in time, and for its own people."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

import httpx2
import msgspec
import pytest

from gateway.home_line import MOST_BYTES, HomeLine
from gateway.identity.callers import Prover
from gateway.settings import Settings
from sync.bus.asker import Outcome, Reply
from sync.bus.rpc import PROOF, TOKEN, TRACE
from sync.contract import jose
from sync.contract.trust.proofs import TYPE, Proof, digest
from tests.gateway.federation import GATEWAY, HOME, Federation

Serving = Callable[[httpx2.Request], Coroutine[None, None, httpx2.Response]]
QUESTIONS = [(HOME, "graphql", b"{}"), ("330199", "graphql", b"{}")]


@pytest.fixture
def ask(three: Federation, runner: asyncio.Runner) -> Callable[..., dict[str, Reply]]:
    """Ask over a line that is cut; `serving` is what stands at home's address."""

    def asking(serving: Serving, token: str, deadline: float = 30, verb: str = "graphql") -> dict[str, Reply]:
        async def run() -> dict[str, Reply]:
            connection = await three.connect()
            prover = Prover(GATEWAY, three.keys.gateway, time.time)
            line = HomeLine(connection, HOME, "http://127.0.0.1:1", prover, httpx2.MockTransport(serving))
            await line.open()
            await connection.close()
            heard: dict[str, Reply] = {}
            questions = [(id, verb, body) for id, _, body in QUESTIONS]
            headers = {PROOF: "proof", **({TOKEN: token} if token else {})}
            own = {HOME: {TRACE: "00-1"}}
            told = await line.ask(questions, headers, deadline, heard.__setitem__, own)
            await line.close()
            assert heard == told
            return told

        return runner.run(run())

    return asking


def outcomes(told: dict[str, Reply]) -> list[str]:
    assert list(told) == [id for id, _, _ in QUESTIONS]
    return [each.outcome.value for each in told.values()]


async def served(request: httpx2.Request) -> httpx2.Response:
    told = [request.url.path, request.headers["liandong-proof"], request.headers.get("liandong-token", ""),
            request.headers["traceparent"]]  # fmt: skip
    return httpx2.Response(200, text=" ".join(told))


def test_homes_own_people_are_asked_for_over_http(ask: Any, three: Federation) -> None:
    token = three.token(HOME)
    told = ask(served, token)
    assert outcomes(told) == ["ANSWERED", "UNREACHABLE"]
    path, proof, *rest = told[HOME].body.decode().split(" ")
    assert (path, rest) == ("/rpc/graphql", [token, "00-1"])
    said = msgspec.json.decode(jose.opened(TYPE, proof, three.keys.gateway), type=Proof)
    assert (said.aud, said.bh) == ([HOME], digest(b"{}")), "a proof that names others as well is known to them"


def test_nothing_is_asked_there_for_others_but_to_sign_in(ask: Any, three: Federation) -> None:
    for token in (three.token("330101"), ""):
        assert outcomes(ask(served, token)) == ["UNREACHABLE", "UNREACHABLE"]
    assert outcomes(ask(served, "", verb="token")) == ["ANSWERED", "UNREACHABLE"]


async def elsewhere(_: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(307, headers={"location": "http://10.0.0.7/rpc/graphql"})


async def too_much(_: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, content=b"x" * (MOST_BYTES + 1))


async def refuses(_: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("at 10.0.0.7")


async def hangs(_: httpx2.Request) -> httpx2.Response:
    await asyncio.Event().wait()
    raise AssertionError


@pytest.mark.parametrize(
    ("serving", "outcome", "deadline"),
    [
        (elsewhere, Outcome.UNREACHABLE, 30), (too_much, Outcome.UNREADABLE, 30), (refuses, Outcome.UNREACHABLE, 30),
        (hangs, Outcome.TIMEOUT, 0.2),
    ],
)  # fmt: skip
def test_a_home_that_does_not_answer_is_named_as_such(
    ask: Any, three: Federation, serving: Serving, outcome: Outcome, deadline: float
) -> None:
    told = ask(serving, three.token(HOME), deadline)
    assert (told[HOME].outcome, told[HOME].body) == (outcome, b"")


@pytest.mark.parametrize(
    ("home", "url"),
    [
        (HOME, ""), ("", "https://x.example"), (HOME, "http://x.example"), (HOME, "http://10.0.0.7"),
        (HOME, "https://x.example/path"), (HOME, "https://u@x.example"), (HOME, "ftp://127.0.0.1"),
    ],
)  # fmt: skip
def test_tokens_travel_over_tls_or_within_this_machine(home: str, url: str) -> None:
    with pytest.raises(ValueError, match="home_url"):
        Settings(id="g", hub="", credentials=".", key=".", home=home, home_url=url)  # type: ignore[arg-type]
    for good in ("https://x.example", "http://127.0.0.1:8100", "http://[::1]:8100/"):
        Settings(id="g", hub="", credentials=".", key=".", home=HOME, home_url=good)  # type: ignore[arg-type]
