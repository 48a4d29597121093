"""A session that has ended is nobody's, however it ended and wherever its cookie is shown."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import msgspec
import pytest
from starlette.requests import HTTPConnection
from starlette.routing import Mount

from gateway.app import Parts, serving
from gateway.console.pages import console_of, site, templates
from gateway.identity import sessions
from gateway.identity.sessions import IDLE_SECONDS
from sync.bus.answerer import Question
from sync.contract.asking.gateway_sign_in import TokenTold, write
from sync.contract.errors import Code
from sync.contract.trust.directory import Directory
from tests.gateway.federation import HOME, Federation


async def over_at_home(question: Question, honest: bytes) -> bytes:
    return write(TokenTold(code=Code.SIGN_IN_ENDED.value)) if question.verb == "token" else honest


async def silent_desk(question: Question, honest: bytes) -> bytes | None:
    return None if question.verb == "token" else honest


class Place:
    """A gateway with its pages, whose clock and directory tests move."""

    def __init__(self, three: Federation, runner: asyncio.Runner) -> None:
        self.three, self._runner, self.now = three, runner, time.time()
        self.parts: Parts = runner.run(three.parts(clock=lambda: self.now, secure_cookies=False, deadline_ms=500))
        self.app = serving(
            self.parts, three.connections[-1],
            pages=[Mount("/", site(console_of(self.parts, templates(), time.time, title="市政协驾驶舱")))],
        )  # fmt: skip

    def opened(self, **claims: Any) -> str:
        return self.parts.sessions.open(self.three.token(**claims), (HOME, "chen"), "handle")

    def learn(self, **changed: Any) -> None:
        """Another directory is in force, which says this of the home."""
        said = self.three.directory.contents
        entries = [msgspec.structs.replace(each, **changed) if each.id == HOME else each for each in said.entries]
        self.three.directory = Directory(msgspec.structs.replace(said, serial=said.serial + 1, entries=entries))

    def judged(self, id: str) -> dict[str, str]:
        """What each door says of the browser with this cookie."""
        return self._runner.run(self._judged(id))

    def looks(self, id: str) -> str:
        """The event that a page hears; and it is fetched anew, and another listens, all by themselves."""
        return self._runner.run(self._looks(id))

    def asks(self, id: str) -> int:
        """Status of a page that somebody asks for."""
        return self._runner.run(self._asks(id))

    async def _asks(self, id: str, **headers: str) -> int:
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=self.app), base_url="http://gateway.example",
            cookies={self.parts.cookie: id}, headers=headers, timeout=60,
        ) as client:  # fmt: skip
            return (await client.get("/m")).status_code

    async def _looks(self, id: str) -> str:
        scope = {
            "type": "http", "method": "GET", "path": "/events", "raw_path": b"/events", "query_string": b"",
            "root_path": "", "scheme": "http", "http_version": "1.1", "server": ("gateway.example", 80),
            "client": ("10.0.0.9", 50_000), "headers": [(b"cookie", f"{self.parts.cookie}={id}".encode())],
        }  # fmt: skip
        heard: asyncio.Queue[bytes] = asyncio.Queue()

        async def receive() -> dict[str, Any]:
            await asyncio.Event().wait()
            return {}

        async def send(message: Any) -> None:
            if message.get("body"):
                heard.put_nowait(message["body"])

        listening = asyncio.ensure_future(self.app(scope, receive, send))
        told = (await asyncio.wait_for(heard.get(), 60)).decode()
        listening.cancel()
        await asyncio.wait([listening])
        assert await self._asks(id, **{"x-again": "yes"}) == 200
        guest = await self.parts.entry.guest(
            HTTPConnection(scope | {"headers": [*scope["headers"], (b"sec-fetch-site", b"same-origin")]}),
            "/graphql",
        )
        await guest.renewed()
        return told

    async def _judged(self, id: str) -> dict[str, str]:
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=self.app), base_url="http://gateway.example",
            cookies={self.parts.cookie: id}, headers={"sec-fetch-site": "same-origin"}, timeout=60,
        ) as client:  # fmt: skip
            viewer, events = {"query": "{ viewer { roles } }"}, {"accept": "text/event-stream"}
            file = await client.get("/export/activities.csv", params={"fan": '{"read": "REPLICA"}'})
            stream = await client.post("/graphql", json=viewer, headers=events)
            told = {
                "api": _code((await client.post("/graphql", json=viewer)).text),
                "events": _code(stream.text.partition("data: ")[2].partition("\r\n")[0]),
                "export": file.text.splitlines()[-1] if file.status_code == 401 else "",
                "page": (await client.get("/m")).headers.get("location", ""),
            }
            if told["page"]:  # the page's stream of who is signed in does not end
                told["changes"] = (await client.get("/events")).headers.get("location", "")
            return told


def _code(text: str) -> str:
    told: dict[str, Any] = json.loads(text)
    return told["errors"][0]["extensions"]["code"] if "errors" in told else ""


NOBODY = {
    "api": "NOT_SIGNED_IN", "export": "NOT_SIGNED_IN", "page": "/sign-in", "events": "NOT_SIGNED_IN",
    "changes": "/sign-in",
}  # fmt: skip
SOMEBODY = {"api": "", "events": "", "export": "", "page": ""}


@pytest.fixture
def place(three: Federation, runner: asyncio.Runner) -> Iterator[Place]:
    directory = three.directory
    yield Place(three, runner)
    three.directory, three.behaving = directory, {}


def closed(place: Place, id: str) -> None:
    place.parts.sessions.close(id)


def idle(place: Place, _: str) -> None:
    place.now += IDLE_SECONDS + 1


def ended_at_home(place: Place, _: str) -> None:
    place.three.behaving = {HOME: over_at_home}
    place.now += 580


def suspended(place: Place, _: str) -> None:
    place.learn(state="SUSPENDED")


def voided(place: Place, _: str) -> None:
    place.learn(nbf_tokens=int(place.now) + 10)


@pytest.mark.parametrize("ends", [closed, idle, ended_at_home, suspended, voided])
def test_an_ended_session_is_nobodys_at_every_door(place: Place, ends: Callable[[Place, str], None]) -> None:
    id = place.opened()
    assert place.judged(id) == SOMEBODY
    ends(place, id)
    assert place.judged(id) == NOBODY


def test_a_page_that_listens_keeps_no_session_from_being_idle(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "IDLE_SECONDS", 300)  # a token of this home lives ten minutes
    id = place.opened()
    place.now += 200
    assert "event: changed" in place.looks(id)
    place.now += 101
    assert place.judged(id) == NOBODY


def test_whoever_asks_for_a_page_uses_their_session(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "IDLE_SECONDS", 300)
    id = place.opened()
    place.now += 200
    assert place.asks(id) == 200
    place.now += 101
    assert place.asks(id) == 200, "idle is counted from then on"


def test_a_session_whose_home_is_silent_goes_on_until_its_token_ends(place: Place) -> None:
    id = place.opened()
    place.three.behaving = {HOME: silent_desk}
    assert place.judged(id) == SOMEBODY
    place.now += 601
    assert place.judged(id) == NOBODY


def test_a_token_that_is_not_bound_to_this_gateway_signs_nobody_in(place: Place) -> None:
    """It would be shown to every committee, and each could use it."""
    assert place.judged(place.opened(cnf="")) == NOBODY
    assert place.judged(place.opened(aud=[HOME, place.parts.settings.id], cnf="")) == NOBODY
