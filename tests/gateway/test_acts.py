"""What a caller does, and asks about itself, goes to the caller's own committee, and nowhere else."""

import asyncio
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from gateway.app import Parts
from gateway.identity.callers import NOBODY
from sync.bus.answerer import Question
from tests.gateway.federation import HOME, Federation, said

ACTS = 'mutation ($text: String!) { b: noteDown(text: $text, key: "1") __typename a: noteDown(text: "then", key: "2") }'


@pytest.fixture(scope="module")
def parts(three: Federation, runner: asyncio.Runner) -> Parts:
    return runner.run(three.parts(act_deadline_ms=500, deadline_ms=10_000))


@pytest.fixture(autouse=True)
def nothing_done(three: Federation) -> Iterator[None]:
    yield
    three.behaving = {}
    for rows in three.rows.values():
        rows.done.clear()


def done(three: Federation) -> dict[str, list[str]]:
    return {id: rows.done for id, rows in three.rows.items() if rows.done}


def test_acts_are_done_at_home_in_the_order_written(three: Federation, parts: Parts, runner: asyncio.Runner) -> None:
    told = runner.run(said(parts, ACTS, three.caller("330102"), text="first"))
    assert told == {"data": {"b": "first/1", "__typename": "Mutation", "a": "then/2"}}
    assert list(told["data"]) == ["b", "__typename", "a"]
    assert done(three) == {"330102": ["first", "then"]}


def test_nobody_acts_without_an_account(three: Federation, parts: Parts, runner: asyncio.Runner) -> None:
    told = runner.run(said(parts, ACTS, NOBODY, text="first"))
    assert told["data"] is None
    assert {each["extensions"]["code"] for each in told["errors"]} == {"NOT_SIGNED_IN"}
    assert not done(three)


def test_a_refusal_comes_back_in_the_committees_words(three: Federation, parts: Parts, runner: asyncio.Runner) -> None:
    query = 'mutation { x: noteDown(text: "forbidden", key: "1") }'
    told = runner.run(said(parts, query, three.caller()))
    assert told == {"data": None, "errors": [{
        "message": "your role does not carry this act", "path": ["x"],
        "extensions": {"code": "FORBIDDEN", "zh": "您的身份不能进行此操作"}}]}  # fmt: skip
    assert not done(three)


def test_of_two_acts_of_which_one_is_refused_only_that_one_is_named(
    three: Federation, parts: Parts, runner: asyncio.Runner
) -> None:
    query = 'mutation { x: noteDown(text: "done", key: "1") y: noteDown(text: "forbidden", key: "2") }'
    told = runner.run(said(parts, query, three.caller()))
    assert told["data"] is None
    assert [each["path"] for each in told["errors"]] == [["y"]]
    assert done(three) == {HOME: ["done"]}


def test_an_act_that_nobody_answered_is_not_said_to_have_failed(
    three: Federation, parts: Parts, runner: asyncio.Runner
) -> None:
    """It may have been done; the same key asks again. Acts have a deadline of their own, not the ten seconds of
    questions: home is told so, and it is kept.
    """
    left: list[float] = []

    async def hang(question: Question, honest: bytes) -> bytes | None:
        left.append(question.until - time.monotonic())
        return None

    three.behaving = {HOME: hang}
    began = time.monotonic()
    told = runner.run(said(parts, 'mutation { noteDown(text: "done", key: "1") }', three.caller()))
    assert time.monotonic() - began >= 0.5
    assert [each <= 0.5 for each in left] == [True]
    (error,) = told["errors"]
    assert error["extensions"] == {"code": "AWAY", "zh": "该政协暂未应答", "committee": HOME, "state": "TIMEOUT"}
    assert done(three) == {HOME: ["done"]}


@pytest.mark.parametrize(("home", "roles"), [("330101", ["clerk"]), (HOME, ["chair", "member"])])
def test_who_is_signed_in_is_asked_at_home(
    three: Federation, parts: Parts, runner: asyncio.Runner, home: str, roles: list[str]
) -> None:
    asked = {id: service.asked for id, service in three.services.items()}
    told = runner.run(said(parts, "{ me: viewer { roles } }", three.caller(home, roles)))
    assert told == {"data": {"me": {"roles": roles}}}
    assert {id for id, service in three.services.items() if service.asked > asked[id]} == {home}


def test_nobody_is_signed_in_beside_a_list_that_all_may_see(
    three: Federation, parts: Parts, runner: asyncio.Runner
) -> None:
    told = runner.run(said(parts, "{ viewer { name } venues(first: 1) { nodes { id } } }", NOBODY))
    assert told["data"]["viewer"] is None
    assert len(told["data"]["venues"]["nodes"]) == 1
    assert [each["path"] for each in told["errors"]] == [["viewer"]]


def test_what_is_asked_by_id_goes_to_its_owner_with_the_clients_own_selection(
    three: Federation, parts: Parts, runner: asyncio.Runner
) -> None:
    row = three.rows["330102"].activities[0]
    query = """query ($id: ID!, $n: Int!) {
      x: node(id: $id) { ... on Activity { title c: committee { venues(first: $n) { id } } } }
      committee(id: "330103") { shortName ...L }
      nobody: committee(id: "999999") { id }
    } fragment L on Committee { level }"""
    told = runner.run(said(parts, query, id=row.id, n=2))
    venues = [{"id": each.id} for each in three.rows["330102"].venues[:2]]
    assert told == {"data": {
        "x": {"title": row.title, "c": {"venues": venues}},
        "committee": {"shortName": "第3区", "level": "COUNTY"}, "nobody": None,
    }}  # fmt: skip


def test_what_an_older_committee_does_not_know_is_null_and_says_why(
    three: Federation, parts: Parts, runner: asyncio.Runner
) -> None:
    async def older(question: Question, honest: bytes) -> bytes | None:
        return b'{"errors": [{"message": "Cannot query field", "extensions": {"code": "INVALID", "zh": "x"}}]}'

    three.behaving = {"330103": older}
    told = runner.run(said(parts, '{ committee(id: "330103") { shortName } }'))
    assert told["data"] == {"committee": None}
    assert told["errors"][0]["extensions"]["state"] == "OUTDATED"


def test_words_that_are_no_text_are_not_passed_on(three: Federation, parts: Parts, runner: asyncio.Runner) -> None:
    async def garbled(question: Question, honest: bytes) -> bytes | None:
        return honest.replace("第3区".encode(), b"\xff\xfe")

    three.behaving = {"330103": garbled}
    told: dict[str, Any] = runner.run(said(parts, '{ committee(id: "330103") { shortName } }'))
    assert told["data"] == {"committee": None}
    assert told["errors"][0]["extensions"]["state"] == "FAILED"
    assert json.dumps(told)
