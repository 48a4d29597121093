"""Signing in through one's own committee: only who began it comes in, and it ends when home says so."""

import asyncio
import dataclasses
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import msgspec
import pytest

from gateway.console.pages import console_of, site, templates
from gateway.console.sign_in import STATE_SECONDS, SignIns
from gateway.console.used_states import UsedStates
from gateway.identity.callers import NOBODY, Caller
from sync.bus.answerer import Question
from sync.contract.asking import gateway_sign_in as wire
from sync.contract.asking.gateway_sign_in import TokenAsk, TokenTold
from sync.contract.errors import Code, Refusal
from sync.contract.shapes.committees import CommitteeState
from tests.gateway.federation import GATEWAY, HOME, Federation, federation


class Home:
    """The city, answering what gateways ask at its token desk; `over`: it has ended the sign-in; `others`: a token of
    somebody else that it tells instead.
    """

    def __init__(self, federation: Federation) -> None:
        self.federation, self.over, self.others = federation, False, ""
        self.asked: list[TokenAsk] = []

    async def __call__(self, question: Question, honest: bytes) -> bytes | None:
        if question.verb != "token":
            return honest
        asked = wire.read_ask(question.body)
        self.asked.append(asked)
        if asked.value == "silence":
            return b"not what was asked for"
        if self.over or asked.value == "stolen":
            return wire.write(TokenTold(code=Code.SIGN_IN_ENDED.value))
        token = (self.others or self.federation.token()) if asked.grant != "end" else ""
        return wire.write(TokenTold(token, 600, "handle" if asked.grant == "code" else ""))


class Clock:
    """Unix seconds; tests move it."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Desk:
    """A gateway's sign-ins, and the home that they lead to."""

    def __init__(
        self, sign_ins: SignIns, home: Home, clock: Clock, run: Callable[[Coroutine[Any, Any, Any]], Any]
    ) -> None:
        self.sign_ins, self.home, self.clock, self.run = sign_ins, home, clock, run

    def begun(self) -> str:
        address, state = self.sign_ins.begin(HOME)
        assert address.startswith("https://home.example/gateway-sign-in?")
        assert state in address
        return state

    def signed_in(self) -> str:
        id: str = self.run(self.sign_ins.finish(self.begun(), "code"))
        return id

    def who(self, id: str) -> Caller:
        found: Caller = self.run(self.sign_ins.parts.browsers.caller(id))
        return found

    def refused(self, code: Code, what: Coroutine[Any, Any, Any]) -> None:
        with pytest.raises(Refusal) as refusal:
            self.run(what)
        assert refusal.value.code is code


@pytest.fixture
def desk(runner: asyncio.Runner) -> Iterator[Desk]:
    context = federation(1, 1)
    made = runner.run(context.__aenter__())
    entry = msgspec.structs.replace(made.directory.entries[HOME], login_url="https://home.example/gateway-sign-in")
    made.directory.entries[HOME] = entry
    made.behaving[HOME] = home = Home(made)
    clock = Clock(time.time())
    parts = runner.run(made.parts(clock=clock))
    yield Desk(SignIns(parts, clock), home, clock, runner.run)
    runner.run(context.__aexit__(None, None, None))


def test_who_signed_in_at_home_has_a_session_here(desk: Desk) -> None:
    id = desk.signed_in()
    assert desk.home.asked == [TokenAsk("code", "code")]
    assert desk.who(id).person == (HOME, "chen")


@pytest.mark.parametrize("secure", [True, False], ids=["https", "http"])
def test_no_script_and_no_other_site_gets_at_the_cookies_of_signing_in(desk: Desk, *, secure: bool) -> None:
    """Neither the one that ties a sign-in to the browser which began it, nor the one that it comes to."""
    parts = desk.sign_ins.parts
    settings = msgspec.structs.replace(parts.settings, secure_cookies=secure)
    pages = site(console_of(dataclasses.replace(parts, settings=settings), templates(), desk.clock, title="驾驶舱"))

    async def signed_in() -> list[set[str]]:
        there = httpx2.ASGITransport(app=pages)
        async with httpx2.AsyncClient(transport=there, base_url="https://gateway.example", timeout=60) as browser:
            began = await browser.get(f"/sign-in/{HOME}")
            [state] = parse_qs(urlsplit(began.headers["location"]).query)["state"]
            back = await browser.get(f"/signed-in?state={state}&code=code")
            assert (began.status_code, back.status_code) == (303, 303), back.text[:500]
        told = [*began.headers.get_list("set-cookie"), *back.headers.get_list("set-cookie")]
        return [
            {part.strip().lower() for part in each.split(";")[1:]} for each in told if "max-age=0" not in each.lower()
        ]

    both = desk.run(signed_in())
    assert len(both) == 2
    for said in both:
        assert {"httponly", "samesite=lax", "path=/"} <= said
        assert ("secure" in said) is secure


def test_a_state_that_nobody_began_opens_nothing(desk: Desk) -> None:
    desk.refused(Code.BAD_TOKEN, desk.sign_ins.finish("made-up", "code"))
    assert desk.home.asked == []


def test_a_state_is_ours_whole_and_for_ten_minutes(desk: Desk) -> None:
    state = desk.begun()
    for forged in (f"{state}0", state[:-1], state.replace(HOME, "330102"), "", "..", "a.b.c.d"):
        desk.refused(Code.BAD_TOKEN, desk.sign_ins.finish(forged, "code"))
    assert desk.home.asked == []
    desk.run(desk.sign_ins.finish(state, "code"))
    late = desk.begun()
    asked = len(desk.home.asked)
    desk.clock.now += STATE_SECONDS + 1
    desk.refused(Code.BAD_TOKEN, desk.sign_ins.finish(late, "code"))
    assert len(desk.home.asked) == asked, "it was too old to begin with, whatever home would have said"


def test_a_state_opens_one_session(desk: Desk) -> None:
    state = desk.begun()
    desk.run(desk.sign_ins.finish(state, "code"))
    asked = len(desk.home.asked)
    for code in ("code", "another"):
        desk.refused(Code.BAD_TOKEN, desk.sign_ins.finish(state, code))
    assert len(desk.home.asked) == asked
    assert desk.signed_in()


def test_a_state_that_home_refused_is_used_and_one_that_it_did_not_answer_is_not(desk: Desk) -> None:
    refused, away = desk.begun(), desk.begun()
    desk.refused(Code.SIGN_IN_ENDED, desk.sign_ins.finish(refused, "stolen"))
    desk.refused(Code.BAD_TOKEN, desk.sign_ins.finish(refused, "code"))
    desk.refused(Code.AWAY, desk.sign_ins.finish(away, "silence"))
    assert desk.run(desk.sign_ins.finish(away, "code"))


def test_of_two_that_come_at_once_with_one_state_one_comes_in(desk: Desk) -> None:
    state = desk.begun()

    async def both() -> list[Any]:
        each = (desk.sign_ins.finish(state, "code") for _ in range(2))
        return await asyncio.gather(*each, return_exceptions=True)

    assert [getattr(each, "code", "in") for each in desk.run(both())] == ["in", Code.BAD_TOKEN]


def test_used_states_are_forgotten_when_they_are_too_old_and_the_oldest_when_there_are_too_many() -> None:
    used = UsedStates(10, most=100)
    assert used.take("a", 0)
    assert not used.take("a", 10)
    assert used.take("b", 10.5)
    assert len(used) == 1
    for n in range(1_000):
        assert used.take(str(n), 11)
    assert len(used) == 100
    assert not used.take("999", 20)


def test_a_crowd_that_begins_takes_nobodys_place(desk: Desk) -> None:
    state = desk.begun()
    for _ in range(6_000):
        desk.sign_ins.begin(HOME)
    assert desk.run(desk.sign_ins.finish(state, "code"))


def test_what_home_refuses_opens_nothing(desk: Desk) -> None:
    desk.refused(Code.SIGN_IN_ENDED, desk.sign_ins.finish(desk.begun(), "stolen"))


def test_a_token_is_renewed_before_it_ends(desk: Desk) -> None:
    id = desk.signed_in()
    first = desk.who(id)
    assert desk.who(id) == first
    desk.clock.now += 570
    assert desk.who(id).person == first.person
    assert desk.home.asked[-1] == TokenAsk("renew", "handle")


@pytest.mark.parametrize(
    "token",
    [lambda made: made.token("330101"), lambda made: made.token(aud=[HOME, GATEWAY], cnf="")],
    ids=["of another committee's people", "bound to nobody"],
)
def test_a_home_signs_in_its_own_people_alone_and_with_a_token_bound_to_this_gateway(
    desk: Desk, token: Callable[[Federation], str]
) -> None:
    desk.home.others = token(desk.home.federation)
    desk.refused(Code.BAD_TOKEN, desk.sign_ins.finish(desk.begun(), "code"))


def test_when_home_ends_it_it_is_over_here(desk: Desk) -> None:
    id = desk.signed_in()
    desk.home.over = True
    desk.clock.now += 700
    assert desk.who(id) is NOBODY
    desk.home.over = False
    assert desk.who(id) is NOBODY


@pytest.mark.parametrize("who", [("330101", "chen"), (HOME, "wu")], ids=["another committee's", "another account's"])
def test_a_home_renews_nobody_as_somebody_else(desk: Desk, who: tuple[str, str]) -> None:
    """A committee that was asked a minute ago still holds its asker's token, bound to this gateway."""
    id = desk.signed_in()
    desk.home.others = desk.home.federation.token(who[0], sub=who[1])
    desk.clock.now += 570
    assert desk.who(id) is NOBODY
    desk.home.others = ""
    assert desk.who(id) is NOBODY


def test_signing_out_tells_home(desk: Desk) -> None:
    id = desk.signed_in()
    desk.run(desk.sign_ins.parts.browsers.end(id))
    assert desk.home.asked[-1] == TokenAsk("end", "handle")
    assert desk.who(id) is NOBODY


def test_a_committee_whose_users_cannot_sign_in_is_refused(desk: Desk) -> None:
    with pytest.raises(Refusal) as refusal:
        desk.sign_ins.begin("330101")
    assert refusal.value.code is Code.AWAY


def test_nobody_is_sent_to_a_committee_that_the_directory_suspends(desk: Desk) -> None:
    assert desk.begun()
    entries = desk.sign_ins.parts.federation.now().directory.entries
    entries[HOME] = msgspec.structs.replace(entries[HOME], state=CommitteeState.SUSPENDED)
    with pytest.raises(Refusal) as refusal:
        desk.sign_ins.begin(HOME)
    assert refusal.value.code is Code.AWAY
