"""Thirteen committees are asked; some are away, some are slow, some lie. The others' rows come whole and in time."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gateway.app import Parts
from gateway.identity.callers import NOBODY, Caller
from sync.bus.answerer import Question
from sync.contract import jose
from sync.contract.errors import Code
from tests.gateway.federation import Behaving, Federation, directory_of, federation, said, said_while

QUERY = """query ($fan: Fan, $at: At) {
  activities(first: 30, fan: $fan, at: $at) {
    nodes { id } totalCount
    fanout {
      complete asked answered asOf
      sources { committee { id name } state rows asOf error { code message zh } }
      every: sources(not: []) { rows latencyMs asOf }
    }
  }
  committee(id: "330113") { name }
}"""
AWAY = ["330111", "330112", "330113"]
Ask = Callable[..., tuple[dict[str, Any], float]]


@pytest.fixture(scope="module")
def thirteen(runner: asyncio.Runner) -> Iterator[Federation]:
    """Ten committees that serve; nobody serves the last three unless a test does."""
    context = federation(13, 15, away=[*AWAY, "330100"])
    yield runner.run(context.__aenter__())
    runner.run(context.__aexit__(None, None, None))


@pytest.fixture(scope="module")
def parts(thirteen: Federation, runner: asyncio.Runner) -> Parts:
    return runner.run(thirteen.parts(directory=directory_of(thirteen.below, thirteen.keys), breaker_patience=1000))


@pytest.fixture
def ask(thirteen: Federation, parts: Parts, runner: asyncio.Runner) -> Iterator[Ask]:
    """Ask all; `conduct` says how some of the last three behave, given a question and their own honest answer to it."""

    def asking(
        conduct: dict[str, Behaving] | None = None, deadline: int = 1500, query: str = QUERY, **at: Any
    ) -> tuple[dict[str, Any], float]:
        return runner.run(said_while(thirteen, parts, conduct or {}, query, deadline, at=at or None))

    yield asking
    thirteen.behaving = {}


def whole_page(thirteen: Federation, *but: str) -> list[str]:
    query = b'{"query": "{ activities(first: 200) { nodes { id committeeId } } }"}'
    whole = json.loads(thirteen.union.answer(query))
    return [row["id"] for row in whole["data"]["activities"]["nodes"] if row["committeeId"] not in but][:30]


async def hang(question: Question, honest: bytes) -> bytes | None:
    return None


def states(told: dict[str, Any]) -> dict[str, str]:
    return {each["committee"]["id"]: each["state"] for each in told["data"]["activities"]["fanout"]["sources"]}


def test_dead_and_hung_are_named_and_take_nothing_from_the_others(ask: Ask, thirteen: Federation) -> None:
    told, seconds = ask({"330112": hang, "330113": hang})
    page = told["data"]["activities"]
    assert [row["id"] for row in page["nodes"]] == whole_page(thirteen, *AWAY)
    fanout = page["fanout"]
    assert (fanout["complete"], fanout["asked"], fanout["answered"]) == (False, 13, 10)
    assert states(told) == {"330111": "UNREACHABLE", "330112": "TIMEOUT", "330113": "TIMEOUT"}
    assert all(each["asOf"] is None and each["error"] is None for each in fanout["sources"])
    assert sum(each["rows"] for each in fanout["every"]) == 30
    assert page["totalCount"] == 150
    assert fanout["asOf"]
    assert told["data"]["committee"] is None
    assert told["errors"] == [{
        "message": "this committee did not answer", "path": ["committee"],
        "extensions": {"code": "AWAY", "zh": "该政协暂未应答", "committee": "330113", "state": "TIMEOUT"},
    }]  # fmt: skip
    assert seconds >= 1.5


@pytest.mark.parametrize(
    ("fan", "home", "waited"),
    [
        ("", "", 300),
        ("fan: {read: LIVE}", "", 300),
        ("fan: {read: LIVE}", "330101", 300),
        ("fan: {read: LIVE, deadlineMs: 700}", "330101", 700),
        ("fan: {deadlineMs: 700}", "", 300),
        ("fan: {deadlineMs: 100}", "", 100),
    ],
)
def test_who_says_no_deadline_gets_the_gateways_own_and_a_stranger_no_longer_one(
    thirteen: Federation, runner: asyncio.Runner, fan: str, home: str, waited: int
) -> None:
    query = f'{{ activities(at: {{ids: ["330113"]}} {fan}) {FANOUT} }}'
    assert runner.run(waits(thirteen, query, thirteen.caller(home) if home else NOBODY)) == waited


def test_the_most_patient_part_decides_also_where_it_says_nothing(thirteen: Federation, runner: asyncio.Runner) -> None:
    one = 'at: {ids: ["330113"]}, fan: {read: LIVE'
    for said_in_a, waited in ((60, 300), (500, 500)):
        query = f"{{ a: activities({one}, deadlineMs: {said_in_a}}}) {FANOUT} activities({one}}}) {FANOUT} }}"
        assert runner.run(waits(thirteen, query, thirteen.caller("330101"))) == waited


FANOUT = "{ fanout { sources { latencyMs } } }"


async def waits(thirteen: Federation, query: str, caller: Caller) -> int:
    """Milliseconds until a committee that never answers is given up, at a gateway whose own deadline is 300."""
    thirteen.behaving = {"330113": hang}
    answerer = await thirteen.serve("330113")
    impatient = await thirteen.parts(directory=directory_of(thirteen.below, thirteen.keys), deadline_ms=300)
    try:
        [source] = (await said(impatient, query, caller))["data"]["activities"]["fanout"]["sources"]
        return int(source["latencyMs"])
    finally:
        await answerer.close()
        thirteen.behaving = {}


def test_an_answer_that_comes_late_is_a_timeout(ask: Ask, thirteen: Federation) -> None:
    async def late(question: Question, honest: bytes) -> bytes | None:
        while question.is_awaited():
            await asyncio.to_thread(time.monotonic)
        return honest

    told, _ = ask({"330111": late}, deadline=400, ids=["330110", "330111"])
    assert states(told) == {"330111": "TIMEOUT"}


def test_nobody_there_is_known_at_once(ask: Ask) -> None:
    """Not when the deadline is over: then they would be TIMEOUT."""
    told, _ = ask(deadline=9000)
    assert told["data"]["activities"]["fanout"]["answered"] == 10
    assert states(told) == dict.fromkeys(AWAY, "UNREACHABLE")


def test_all_or_nothing_can_be_asked_for(ask: Ask) -> None:
    told, _ = ask(query="{ activities(fan: {require: ALL, deadlineMs: 1500}) { nodes { id } } }")
    [error] = told["errors"]
    assert (told["data"], error["path"], error["extensions"]["code"]) == (None, ["activities"], "PARTIAL_RESULT")
    named = [f"{each} (UNREACHABLE)" for each in AWAY]
    assert error["message"] == f"not everybody has a part in it: {', '.join(named)}"
    assert error["extensions"]["zh"].endswith("区（未连接）")
    told, _ = ask(query='{ activities(fan: {require: ALL}, at: {ids: ["330101"]}) { nodes { id } } }')
    assert "errors" not in told


def spoiled(change: Callable[[bytes], bytes]) -> Behaving:
    async def behave(question: Question, honest: bytes) -> bytes | None:
        return change(honest)

    return behave


def part(change: Callable[[dict[str, Any]], object]) -> Behaving:
    """Change the committee's part of the list."""

    def changed(honest: bytes) -> bytes:
        answer = json.loads(honest)
        change(answer["data"]["r0"])
        return json.dumps(answer, ensure_ascii=False).encode()

    return spoiled(changed)


ROW_OF_330101 = "WzE5MDAwMDAwMDAwMDAwMDAsIjMzMDEwMSIsIngiXQ=="


@pytest.mark.parametrize(
    "lie",
    [
        spoiled(lambda _: b""),
        spoiled(lambda honest: honest[:-2]),
        spoiled(lambda _: b"[" * 100_000),
        spoiled(lambda _: b'{"data": {"r0": 7}}'),
        spoiled(lambda honest: honest.replace(b".activity.", b".activity\xff")),
        spoiled(lambda _: b'{"errors": [{"message": "at 10.0.0.7:5432 SELECT *"}]}'),
        part(lambda page: page["cursors"].reverse()),
        part(lambda page: page["f0"].pop()),
        part(lambda page: page["cursors"].__setitem__(0, "bm9uc2Vuc2U=")),
        part(lambda page: page.update(cursors=page["cursors"][:3], f0=page["f0"][:3], pageInfo={"hasNextPage": True})),
        part(lambda page: page.update(pageInfo=None)),
        part(lambda page: page["cursors"].__setitem__(0, ROW_OF_330101)),
        part(lambda page: page["cursors"].__setitem__(1, page["cursors"][0])),
    ],
    ids=[
        "empty", "cut off", "deep", "another shape", "no text", "internal words", "another order", "fewer rows",
        "no cursor", "short page", "no page", "another's row", "a row twice",
    ],
)  # fmt: skip
def test_a_liar_loses_its_own_part_and_nothing_else(ask: Ask, lie: Behaving) -> None:
    told, _ = ask({"330111": lie}, ids=["330110", "330111"])
    page = told["data"]["activities"]
    assert states(told) == {"330111": "FAILED"}
    assert {row["id"][:6] for row in page["nodes"]} == {"330110"}
    assert len(page["nodes"]) == page["totalCount"] == 15
    assert "10.0.0.7" not in json.dumps(told)


REFUSED = '{"errors": [{"message": "%s", "extensions": {"code": "%s", "zh": "%s"}}]}'
NEWER = ("it refused for a reason of a newer release", "对方以较新版本的理由拒绝")


@pytest.mark.parametrize(
    ("code", "state", "said", "shown"),
    [
        ("INVALID", "OUTDATED", ("x", "x"), ("the document is not valid", "查询不正确")),
        ("FORBIDDEN", "FORBIDDEN", (Code.FORBIDDEN.en, Code.FORBIDDEN.zh), ("it is not shared with you", "未共享")),
        ("FORBIDDEN", "FORBIDDEN", ("at 10.0.0.7", "自己的话"), ("it is not shared with you", "未共享")),
        (
            "RATE_LIMITED", "REFUSED", ("too often; try again in 7 seconds", "操作过于频繁，请7秒后再试"),
            ("too often; try again in 7 seconds", "操作过于频繁，请7秒后再试"),
        ),
        (
            "RATE_LIMITED", "REFUSED", ("too often; try again in db.example:5432 seconds", "操作过于频繁，请7秒后再试"),
            ("too often; try again in … seconds", "操作过于频繁，请…秒后再试"),
        ),
        (
            "TOO_COMPLEX", "FAILED", ("this document asks for too much at once: " + "x" * 101, Code.TOO_COMPLEX.zh),
            ("this document asks for too much at once: …", "一次查询的内容过多（…）"),
        ),
        (
            "SEARCH_TOO_SHORT", "FAILED", (Code.SEARCH_TOO_SHORT.en, Code.SEARCH_TOO_SHORT.zh),
            (Code.SEARCH_TOO_SHORT.en, Code.SEARCH_TOO_SHORT.zh),
        ),
        ("A_NEWER_ONE", "FAILED", ("postgresql://db/x", "自己的话"), NEWER),
        ("INTERNAL", "FAILED", ("its own words", "自己的话"), ("internal error", "系统内部错误，请稍后重试")),
    ],
)  # fmt: skip
def test_a_refusal_is_told_in_the_words_of_its_code(
    ask: Ask, code: str, state: str, said: tuple[str, str], shown: tuple[str, str]
) -> None:
    refusal = (REFUSED % (said[0], code, said[1])).encode()
    told, _ = ask({"330111": spoiled(lambda _: refusal)}, ids=["330110", "330111"])
    (source,) = told["data"]["activities"]["fanout"]["sources"]
    assert source["state"] == state
    assert (source["error"]["code"], source["error"]["message"], source["error"]["zh"]) == (
        "NOT_SHARED" if code == "FORBIDDEN" else code, *shown,
    )  # fmt: skip


def test_an_answer_in_anothers_name_finds_nobody_waiting(ask: Ask, thirteen: Federation, parts: Parts) -> None:
    """It has seen the inbox of the gateway; the name of another's question it has not."""
    inbox = parts.asker._inbox

    async def forge(question: Question, honest: bytes) -> bytes | None:
        for guess in ("x", "0" * 24):
            await thirteen.connections[0].publish(f"{inbox}.{guess}", b"forged")
        return honest

    told, _ = ask({"330111": forge, "330112": hang})
    assert states(told) == {"330112": "TIMEOUT", "330113": "UNREACHABLE"}


def test_a_committee_that_stays_silent_is_left_in_peace_and_tried_again(
    thirteen: Federation, runner: asyncio.Runner
) -> None:
    moment = [0.0]
    one = {id: thirteen.below[id] for id in ("330101", "330111")}

    async def run() -> tuple[list[str], Counter[tuple[str, str]]]:
        parts = await thirteen.parts(directory=directory_of(one, thirteen.keys), ticks=lambda: moment[0])
        found: list[str] = []
        thirteen.behaving = {"330111": hang}
        answerer = await thirteen.serve("330111")

        async def once(deadline: int = 10_000) -> None:
            fan = {"deadlineMs": deadline, "read": "LIVE"}
            found.append(states(await said(parts, QUERY, fan=fan)).get("330111", "FRESH"))

        for _ in range(4):
            await once(deadline=1000)
        thirteen.behaving = {}
        await once()
        moment[0] += 6
        await once()
        await once()
        await answerer.close()
        return found, parts.counters.questions

    found, questions = runner.run(run())
    assert found == ["TIMEOUT"] * 3 + ["REFUSED"] * 2 + ["FRESH"] * 2
    put = {outcome: times for (id, outcome), times in questions.items() if id == "330111"}
    assert put == {"TIMEOUT": 3, "LEFT_IN_PEACE": 2, "ANSWERED": 2}


def test_every_question_proves_who_asks_and_via_whom(thirteen: Federation, runner: asyncio.Runner) -> None:
    """The committees check token and proof as the contract says; a gateway with another key is turned away by all."""

    async def run() -> list[dict[str, Any]]:
        honest = await thirteen.parts(directory=directory_of(thirteen.below, thirteen.keys))
        false_keys = thirteen.keys.gateway
        thirteen.keys.gateway = jose.new_key()
        false = await thirteen.parts(directory=directory_of(thirteen.below, thirteen.keys))
        thirteen.keys.gateway = false_keys
        caller = thirteen.caller("330101")
        at = {"ids": ["330101", "330102"]}
        return [await said(each, QUERY, caller, at=at, fan={"read": "LIVE"}) for each in (honest, false)]

    told, refused = runner.run(run())
    assert states(told) == {}
    assert states(refused) == {"330101": "FORBIDDEN", "330102": "FORBIDDEN"}
    errors = [each["error"]["code"] for each in refused["data"]["activities"]["fanout"]["sources"]]
    assert errors == ["BAD_PROOF", "BAD_PROOF"]
