"""What is over anybody's allowance is refused at once, asks nobody, and takes nothing from the others."""

import asyncio
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import httpx2
import pytest
from starlette.routing import Router

from gateway import rates
from gateway.app import Parts, serving
from gateway.console.pages import console_of, routes, site, templates
from gateway.console.questions import Questions
from gateway.identity.callers import NOBODY
from gateway.rates import Allowance, Rates, name_of
from gateway.settings import Settings
from sync.bus.answerer import Question
from sync.contract.asking.gateway_sign_in import TokenTold, write
from sync.contract.errors import Code, Refusal
from tests.gateway.federation import HOME, Federation
from tests.waiting import eventually

QUERY = "{ venues(first: 2, fan: {read: LIVE, deadlineMs: 9000}) { nodes { id } } }"
Made = Callable[..., "Web"]


class Web:
    """A gateway over HTTP, asked from addresses of our choice."""

    def __init__(self, three: Federation, parts: Parts) -> None:
        self.three, self.parts = three, parts
        self.app = serving(parts, three.connections[-1])

    async def ask(self, query: str = QUERY, address: str = "192.0.2.1", token: str = "") -> httpx2.Response:
        transport = httpx2.ASGITransport(app=self.app, client=(address, 1))
        headers = {"authorization": f"Bearer {token}"} if token else {}
        async with httpx2.AsyncClient(transport=transport, base_url="http://gateway.example") as client:
            return await client.post("/graphql", json={"query": query}, headers=headers)

    @property
    def asked(self) -> int:
        """Questions that came to committees so far."""
        return sum(each.asked for each in self.three.services.values())


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """No minute ends during a test: with the next one everybody's room begins to come back."""
    moment = time.time() // 60 * 60 + 20
    monkeypatch.setattr("time.time", lambda: moment)


@pytest.fixture
def made(three: Federation, runner: asyncio.Runner) -> Made:
    return lambda **settings: Web(three, runner.run(three.parts(**{"deadline_ms": 10_000} | settings)))


def refusal(answer: httpx2.Response) -> tuple[int, str, int]:
    [error] = answer.json()["errors"]
    assert error["message"]
    assert error["extensions"]["zh"]
    assert "data" not in answer.json()
    return answer.status_code, error["extensions"]["code"], int(answer.headers["retry-after"])


def test_one_account_that_asks_too_often_is_refused_and_nobody_else(made: Made, runner: asyncio.Runner) -> None:
    web = made(requests_per_minute=3)
    token, others = web.three.token(), web.three.token(sub="wu")
    assert [runner.run(web.ask(token=token)).status_code for _ in range(3)] == [200] * 3
    before, done = web.asked, len(web.three.rows[HOME].done)
    status, code, wait = refusal(runner.run(web.ask(token=token, address="192.0.2.99")))
    assert (status, code) == (429, "RATE_LIMITED")
    assert 1 <= wait <= 120
    act = 'mutation { noteDown(text: "x", key: "1") }'
    assert refusal(runner.run(web.ask(act, token=token)))[0] == 429
    assert (web.asked, len(web.three.rows[HOME].done)) == (before, done)
    assert runner.run(web.ask(token=others)).status_code == 200
    assert runner.run(web.ask()).status_code == 200


def test_strangers_are_counted_by_the_network_they_come_from(made: Made, runner: asyncio.Runner) -> None:
    web = made(strangers_per_minute=2)
    for address in ("2001:db8:0:1::1", "2001:db8:0:1::2"):
        assert runner.run(web.ask(address=address)).status_code == 200
    assert refusal(runner.run(web.ask(address="2001:db8:0:1::3")))[:2] == (429, "RATE_LIMITED")
    assert runner.run(web.ask(address="2001:db8:0:2::1")).status_code == 200
    assert runner.run(web.ask(address="2001:db8:0:1::3", token=web.three.token())).status_code == 200


def test_guessing_tokens_counts_as_asking(made: Made, runner: asyncio.Runner) -> None:
    web = made(strangers_per_minute=2)
    told = [runner.run(web.ask(token="guessed")).status_code for _ in range(3)]
    assert told == [401, 401, 429]


def test_a_void_token_is_counted_before_it_reaches_home(made: Made, three: Federation, runner: asyncio.Runner) -> None:
    web, asked = made(strangers_per_minute=2), list[str]()

    async def home(question: Question, honest: bytes) -> bytes | None:
        if question.verb != "token":
            return honest
        asked.append(question.verb)
        return write(TokenTold(code=Code.SIGN_IN_ENDED.value))

    three.behaving = {HOME: home}
    try:
        void = [three.token(aud=[HOME, web.parts.settings.id], cnf="", jti=str(n)) for n in range(4)]
        told = [runner.run(web.ask(token=each)) for each in void]
    finally:
        three.behaving = {}
    assert [each.status_code for each in told] == [401, 401, 429, 429]
    assert len(asked) == 2
    assert refusal(told[-1])[1] == "RATE_LIMITED"


@pytest.mark.parametrize(
    "path", ["/sign-in", f"/sign-in/{HOME}", "/signed-in?state=x", "/", "/events", "/m", "/health"]
)
def test_pages_for_nobody_are_counted_and_say_when_to_come_again(
    made: Made, three: Federation, runner: asyncio.Runner, path: str
) -> None:
    parts = made(strangers_per_minute=2).parts
    told = [runner.run(page(parts, path)) for _ in range(3)]
    assert 429 not in [each.status_code for each in told[:2]]
    over = told[2]
    assert (over.status_code, "RATE_LIMITED" in over.text, "操作过于频繁" in over.text) == (429, True, True)
    assert 1 <= int(over.headers["retry-after"]) <= 120
    assert runner.run(page(parts, path, address="192.0.2.9")).status_code != 429


@pytest.mark.parametrize("path", ["/", "/events", "/m", "/health", f"/c/{HOME}"])
def test_pages_of_the_console_are_counted_by_account(
    made: Made, three: Federation, runner: asyncio.Runner, path: str
) -> None:
    parts = made(requests_per_minute=1).parts
    id = parts.sessions.open(three.token())
    first = runner.run(page(parts, "/m", id))
    over = runner.run(page(parts, path, id))
    assert (first.status_code, over.status_code) == (200, 429)
    assert int(over.headers["retry-after"]) >= 1
    others = parts.sessions.open(three.token(sub="wu"))
    assert runner.run(page(parts, "/m", others)).status_code == 200


async def page(parts: Parts, path: str, session: str = "", address: str = "192.0.2.1") -> httpx2.Response:
    """A page of the console, as a browser from this address asks for it."""
    pages = site(console_of(parts, templates(), time.time, title="市政协驾驶舱"))
    cookies = {parts.cookie: session} if session else {}
    transport = httpx2.ASGITransport(app=pages, client=(address, 1))
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://gateway.example", cookies=cookies, timeout=60
    ) as client:
        return await client.get(path)


def test_dear_requests_use_up_their_askers_room(made: Made, runner: asyncio.Runner) -> None:
    """Two fields of 200 rows of four committees: 1,600 and more."""
    web = made(most_cost=5_000, cost_per_minute=5_000)
    dear, token = "{ venues(first: 200, fan: {read: LIVE}) { nodes { id name } } }", web.three.token()
    told = [runner.run(web.ask(dear, token=token)) for _ in range(4)]
    assert told[0].status_code == 200
    before = web.asked
    again = runner.run(web.ask(dear, token=token))
    assert refusal(again)[:2] == (429, "RATE_LIMITED")
    assert web.asked == before
    assert runner.run(web.ask(dear, token=web.three.token(sub="wu"))).status_code == 200
    assert runner.run(web.ask("{ __typename }", token=token)).status_code == 200


def test_a_full_gateway_says_so_at_once_and_one_crowd_does_not_fill_it(
    made: Made, three: Federation, runner: asyncio.Runner
) -> None:
    web, opened = made(most_at_once=4, most_at_once_each=2), asyncio.Event()

    async def held(question: Question, honest: bytes) -> bytes | None:
        await opened.wait()
        return honest

    async def run() -> dict[str, Any]:
        three.behaving = dict.fromkeys(three.of, held)
        asking = [asyncio.ensure_future(web.ask(token=three.token())) for _ in range(2)]
        await eventually(_under_way(web, 2))
        crowd = await web.ask(token=three.token())
        asking += [asyncio.ensure_future(web.ask(address=f"192.0.2.{n}")) for n in range(2)]
        await eventually(_under_way(web, 4))
        full = await web.ask(token=three.token(sub="wu"))
        opened.set()
        served = [(await each).status_code for each in asking]
        return {"crowd": refusal(crowd), "full": refusal(full), "served": served, "after": await web.ask()}

    try:
        found = runner.run(run())
    finally:
        three.behaving = {}
    assert found["crowd"] == (429, "TOO_MANY_AT_ONCE", 1)
    assert found["full"] == (503, "BUSY", 1)
    assert found["served"] == [200] * 4
    assert found["after"].status_code == 200
    assert web.parts.rates.places.count == 0
    assert not web.parts.rates.places.taken


def _under_way(web: Web, count: int) -> Callable[[], Any]:
    async def look() -> bool:
        return web.parts.rates.places.count == count

    return look


def test_no_number_of_names_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "MOST_NAMES", 500)
    counting, name = Rates(Allowance(strangers=5), lambda: 20.0), ""
    for n in range(5_000):
        name = name_of(NOBODY, f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}")
        counting.request(name)
        counting.cost(name, 10)
    assert (len(counting._requests), len(counting._costs)) == (500, 500)
    for _ in range(4):
        counting.request(name)
    with pytest.raises(Refusal) as refused:
        counting.request(name)
    assert refused.value.code is Code.RATE_LIMITED


def test_what_one_request_may_cost_a_minute_may_cost() -> None:
    with pytest.raises(ValueError, match="cost_per_minute"):
        Settings(id="g", hub="", credentials=".", key=".", most_cost=10, cost_per_minute=9)  # type: ignore[arg-type]


def test_who_was_quiet_for_two_minutes_is_forgotten() -> None:
    moment = 1_000_000.0
    made = Rates(Allowance(), lambda: moment)
    for number in range(300):
        made.request(f"user {number}")
    assert len(made._requests) == 300
    moment += 120
    made.request("user 300")
    assert len(made._requests) == 1


def test_strangers_never_take_all_places() -> None:
    made, held = Rates(Allowance(at_once=10, at_once_each=5)), ExitStack()
    for number in range(5):
        held.enter_context(made.place(f"net {number}"))
    with pytest.raises(Refusal) as refused, made.place("net 9"):
        pass
    assert refused.value.code is Code.BUSY
    with made.place("user 330100 chen"):
        held.close()
    assert made.places.count == made.strangers.count == 0
    with made.place("net 9"):
        pass


def test_the_consoles_questions_come_out_of_the_same_allowance(made: Made, runner: asyncio.Runner) -> None:
    web = made(requests_per_minute=3)
    token, console = web.three.token(), Questions(web.parts.gateway, web.parts.rates)
    assert runner.run(web.ask(token=token)).status_code == 200
    for _ in range(2):
        runner.run(console.ask(web.three.caller(), "{ __typename }"))
    before = web.asked
    with pytest.raises(Refusal) as refused:
        runner.run(console.ask(web.three.caller(), QUERY))
    assert (refused.value.code, web.asked) == (Code.RATE_LIMITED, before)


def test_signing_in_is_counted_by_where_one_comes_from(made: Made, runner: asyncio.Runner) -> None:
    parts = made(strangers_per_minute=3).parts
    pages = Router(routes(console_of(parts, templates(), time.time, title="联动")))

    async def statuses(path: str, address: str) -> list[int]:
        transport = httpx2.ASGITransport(app=pages, client=(address, 1))
        async with httpx2.AsyncClient(transport=transport, base_url="http://gateway.example") as client:
            return [(await client.get(path)).status_code for _ in range(2)]

    assert runner.run(statuses("/sign-in", "192.0.2.7")) == [200, 200]
    assert runner.run(statuses("/signed-in?state=x&code=y", "192.0.2.7"))[1] == 429
    assert runner.run(statuses("/sign-in", "192.0.2.8")) == [200, 200]


def test_strangers_do_not_take_each_others_places_as_listeners(made: Made, runner: asyncio.Runner) -> None:
    web = made(most_streams_per_person=1)
    web.parts.audience.places.take(("", ""))

    async def told() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=web.app, client=("192.0.2.1", 1))
        async with httpx2.AsyncClient(transport=transport, base_url="http://gateway.example") as client:
            return await client.post("/graphql", json={"query": QUERY}, headers={"accept": "text/event-stream"})

    answer = runner.run(told())
    assert answer.status_code == 200
    assert "event: next" in answer.text


def test_deliveries_are_counted_by_account_and_take_nothing_from_requests() -> None:
    made = Rates(Allowance(requests=3), lambda: 1_000.0)
    assert [made.delivery("user a") > 0 for _ in range(5)] == [False] * 3 + [True] * 2
    assert not made.delivery("user b")
    made.request("user a")
