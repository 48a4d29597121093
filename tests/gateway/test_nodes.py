"""Records of many committees by their ids: each owner is asked once, and each place says what it is."""

import asyncio
import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gateway.app import Parts
from gateway.console.questions import Questions
from gateway.identity.callers import NOBODY, Caller
from sync.bus.answerer import Question
from tests.gateway.federation import HOME, Behaving, Federation, federation, said

QUERY = """query ($ids: [ID!]!) {
  found: nodes(ids: $ids) {
    __typename id
    ... on Activity { title venue { id } minutes }
    ...V
  }
}
fragment V on Venue { name seats }"""
AWAY = "330103"
Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def city(runner: asyncio.Runner) -> Iterator[Federation]:
    """A city with three districts; nobody serves the last. The city holds copies of all three."""
    context = federation(3, 12, away=[AWAY])
    yield runner.run(context.__aenter__())
    runner.run(context.__aexit__(None, None, None))


@pytest.fixture(scope="module")
def parts(city: Federation, runner: asyncio.Runner) -> Parts:
    return runner.run(city.parts(breaker_patience=1000))


@pytest.fixture
def ask(city: Federation, parts: Parts, runner: asyncio.Runner) -> Iterator[Ask]:
    def asking(ids: list[str], caller: Caller = NOBODY, query: str = QUERY) -> dict[str, Any]:
        return runner.run(said(parts, query, caller, ids=ids))

    as_of = dict(city.services[HOME].shared.as_of)
    yield asking
    city.behaving, city.services[HOME].shared.as_of = {}, as_of


def activity(city: Federation, owner: str, *, refuses: bool = False) -> str:
    """One whose minutes are shown, or refused."""
    return next(each.id for each in city.rows[owner].activities if (each.kind == "INSPECTION") == refuses)


def ids(city: Federation, *owners: str) -> list[str]:
    """An activity and a venue of each, and one that is not there."""
    return [
        id
        for owner in owners
        for id in (activity(city, owner), city.rows[owner].venues[1].id, f"{owner}.venue.{'f' * 32}")
    ]


def honest(city: Federation, asked: list[str]) -> Any:
    """What one service that holds everybody's rows says."""
    body = json.dumps({"query": QUERY, "variables": {"ids": asked}}).encode()
    return json.loads(city.union.answer(body))["data"]["found"]


def test_records_of_several_committees_come_in_the_order_asked_and_as_often(ask: Ask, city: Federation) -> None:
    some = ids(city, "330102", "330101")
    asked = [*some, "nonsense", "330101", some[0], "999999.venue." + "0" * 32]
    before = {id: city.services[id].asked for id in city.of}
    told = ask(asked)
    assert told["data"]["found"] == honest(city, asked)
    kinds = [row and row["__typename"] for row in told["data"]["found"]]
    assert kinds == ["Activity", "Venue", None] * 2 + [None, "Committee", "Activity", None]
    assert {id: city.services[id].asked - before[id] for id in city.of} == {
        "330100": 0, "330101": 1, "330102": 1, "330103": 0,
    }  # fmt: skip


def test_each_owner_is_sent_its_own_ids_and_no_others(ask: Ask, city: Federation) -> None:
    seen: dict[str, Any] = {}

    def noting(owner: str) -> Behaving:
        async def note(question: Question, answer: bytes) -> bytes | None:
            [seen[owner]] = json.loads(question.body)["variables"].values()
            return answer

        return note

    some = ids(city, "330101", "330102")
    city.behaving = {owner: noting(owner) for owner in ("330101", "330102")}
    ask([*some, *some])
    assert seen == {"330101": some[:3], "330102": some[3:]}


def test_what_an_away_owner_has_is_null_and_named_at_its_place(ask: Ask, city: Federation) -> None:
    some = [*ids(city, "330101"), *ids(city, AWAY)]
    told = ask(some)
    assert told["data"]["found"] == [*honest(city, some[:3]), None, None, None]
    assert "extensions" not in told
    assert told["errors"] == [
        {
            "message": "this committee did not answer", "path": ["found", place],
            "extensions": {"code": "AWAY", "zh": "该政协暂未应答", "committee": AWAY, "state": "UNREACHABLE"},
        }
        for place in (3, 4, 5)
    ]  # fmt: skip


def test_the_callers_home_stands_in_for_a_silent_owner_and_each_copy_says_so(ask: Ask, city: Federation) -> None:
    some = [*ids(city, AWAY), *ids(city, "330102"), activity(city, AWAY)]
    told = ask(some, city.caller())
    assert told["data"]["found"] == honest(city, some)
    assert told["extensions"] == {
        "stale": [
            {"path": ["found", place], "committee": AWAY, "state": "STALE", "asOf": "2026-11-01T00:00:00+00:00"}
            for place in (0, 6, 1)
        ]
    }
    [lost] = told["errors"]  # whether it is not there, or was not shared, only its owner could say
    assert lost["path"] == ["found", 2]
    assert lost["extensions"] == {"code": "AWAY", "zh": "该政协暂未应答", "committee": AWAY, "state": "STALE"}


@pytest.fixture
def one(city: Federation, parts: Parts, runner: asyncio.Runner, ask: Ask) -> Ask:
    def asking(id: str, caller: Caller = NOBODY, field: str = "node", selection: str = ONE) -> dict[str, Any]:
        query = f"query ($id: ID!) {{ found: {field}(id: $id) {{ {selection} }} }}"
        return runner.run(said(parts, query, caller, id=id))

    return asking


ONE = "__typename id ... on Activity { title venue { id } minutes } ... on Venue { name seats }"


def test_a_copy_stands_in_for_one_record_as_it_does_for_several(one: Ask, ask: Ask, city: Federation) -> None:
    id = activity(city, AWAY)
    told, several = one(id, city.caller()), ask([id], city.caller())
    assert told["data"]["found"] == several["data"]["found"][0] == honest(city, [id])[0]
    assert told["extensions"] == {
        "stale": [{"path": ["found"], "committee": AWAY, "state": "STALE", "asOf": "2026-11-01T00:00:00+00:00"}]
    }
    assert [each | {"path": ["found"]} for each in several["extensions"]["stale"]] == told["extensions"]["stale"]
    assert "errors" not in told


def test_whatever_names_one_id_is_a_copy_while_its_owner_is_away(one: Ask, city: Federation) -> None:
    told = one(AWAY, city.caller(), "committee", "shortName venues(first: 2) { id }")
    assert told["data"]["found"] == {
        "shortName": "第3区", "venues": [{"id": each.id} for each in city.rows[AWAY].venues[:2]],
    }  # fmt: skip
    assert told["extensions"]["stale"][0]["path"] == ["found"]


def test_who_answers_itself_is_no_copy(one: Ask, city: Federation) -> None:
    before = city.services[HOME].asked
    told = one(activity(city, "330101"), city.caller())
    assert told == {"data": {"found": honest(city, [activity(city, "330101")])[0]}}
    assert city.services[HOME].asked == before
    nothing = one(f"330101.venue.{'f' * 32}", city.caller())
    assert nothing == {"data": {"found": None}}


def test_one_record_of_which_there_is_no_copy_says_who_is_away(one: Ask, city: Federation) -> None:
    lost = f"{AWAY}.venue.{'f' * 32}"
    for caller, state in ((city.caller(), "STALE"), (NOBODY, "UNREACHABLE")):
        told = one(lost, caller)
        assert told["data"] == {"found": None}
        assert "extensions" not in told
        [error] = told["errors"]
        assert error["path"] == ["found"]
        assert error["extensions"] == {"code": "AWAY", "zh": "该政协暂未应答", "committee": AWAY, "state": state}


def test_no_copy_of_one_record_is_shown_that_home_may_not_hold_or_that_is_another_record(
    one: Ask, city: Federation
) -> None:
    id, other = activity(city, AWAY), city.rows[AWAY].activities[-1].id

    async def swapping(_: Question, honest: bytes) -> bytes | None:
        return honest.replace(id.encode(), other.encode())

    city.behaving = {HOME: swapping}
    told = one(id, city.caller())
    assert told["data"] == {"found": None}
    assert told["errors"][0]["extensions"]["state"] == "FAILED"
    city.behaving = {}
    city.services[HOME].shared.as_of = {}
    told = one(id, city.caller())
    assert told["data"] == {"found": None}
    assert told["errors"][0]["extensions"]["state"] == "UNREACHABLE"


def test_a_page_that_shows_one_record_knows_that_it_is_a_copy(
    city: Federation, parts: Parts, runner: asyncio.Runner, ask: Ask
) -> None:
    questions = Questions(parts.gateway, parts.rates)
    query = "query ($id: ID!) { node(id: $id) { id } }"
    for owner, since in ((AWAY, dt.datetime(2026, 11, 1, tzinfo=dt.UTC)), ("330101", None)):
        id = activity(city, owner)
        assert runner.run(questions.record(city.caller(), query, id)) == ({"node": {"id": id}}, since)


def test_what_home_may_not_hold_does_not_stand_in(ask: Ask, city: Federation) -> None:
    city.services[HOME].shared.as_of = {"330101": dt.datetime(2026, 11, 1, tzinfo=dt.UTC)}
    told = ask(ids(city, AWAY), city.caller())
    assert told["data"]["found"] == [None] * 3
    assert {each["extensions"]["state"] for each in told["errors"]} == {"UNREACHABLE"}


@pytest.mark.parametrize(
    "lie",
    [
        b'{"data":{"r0":[]}}', b'{"data":{"r0":[null,null,null,null]}}', b'{"data":{"r0":null}}',
        b'{"data":{"r0":"x"}}', b'{"data":{"r0":[null,"\xff",null]}}', b"[", b"",
    ],
)  # fmt: skip
def test_an_answer_that_is_not_one_record_for_each_id_takes_nothing_from_the_others(
    ask: Ask, city: Federation, lie: bytes
) -> None:
    async def lying(_: Question, __: bytes) -> bytes | None:
        return lie

    some = [*ids(city, "330101"), *ids(city, "330102")]
    city.behaving = {"330102": lying}
    told = ask(some)
    assert told["data"]["found"] == [*honest(city, some[:3]), None, None, None]
    assert [each["path"] for each in told["errors"]] == [["found", 3], ["found", 4], ["found", 5]]
    assert {each["extensions"]["state"] for each in told["errors"]} == {"FAILED"}


def test_a_record_in_the_place_of_another_is_not_taken(ask: Ask, city: Federation) -> None:
    async def swapping(_: Question, honest: bytes) -> bytes | None:
        told = json.loads(honest)
        told["data"]["r0"].reverse()
        return json.dumps(told).encode()

    some = [*ids(city, "330101"), *ids(city, "330102")]
    city.behaving = {"330102": swapping}
    told = ask(some)
    assert told["data"]["found"] == [*honest(city, some[:3]), None, None, None]
    assert {each["extensions"]["state"] for each in told["errors"]} == {"FAILED"}


def test_an_error_inside_a_record_stands_at_every_place_of_that_record(ask: Ask, city: Federation) -> None:
    refused = activity(city, "330101", refuses=True)
    told = ask([city.rows["330102"].venues[0].id, refused, refused])
    assert [each["path"] for each in told["errors"]] == [["found", 1, "minutes"], ["found", 2, "minutes"]]
    assert {each["extensions"]["code"] for each in told["errors"]} == {"FORBIDDEN"}


def test_a_hundred_ids_are_answered_and_one_more_is_refused(ask: Ask, city: Federation) -> None:
    id = city.rows["330101"].venues[0].id
    plain = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert ask([id] * 100, query=plain)["data"]["nodes"] == [{"id": id}] * 100
    before = city.services["330101"].asked
    told = ask([id] * 101, query=plain)
    assert told["data"] is None
    assert told["errors"][0]["extensions"]["code"] == "TOO_MANY_IDS"
    assert city.services["330101"].asked == before


def test_no_ids_are_an_empty_list(ask: Ask) -> None:
    assert ask([]) == {"data": {"found": []}}


def answering(*records: Any) -> Behaving:
    """These in the places of its records, whatever was asked."""

    async def behave(question: Question, honest: bytes) -> bytes | None:
        answer = json.loads(honest)
        name = next(iter(answer["data"]))
        of = answer["data"][name]
        told = [*records, *of[len(records) :]] if isinstance(of, list) else records[0]
        return json.dumps({"data": {name: told}}).encode()

    return behave


FORGED = {"__typename": "Activity", "id": "330102.activity." + "f" * 32, "title": "x", "venue": None, "minutes": None}


@pytest.mark.parametrize(
    "record",
    [[1], 5, "x", True, FORGED, {"__typename": "Venue", "id": FORGED["id"]}, FORGED | {"phone": "1"}],
    ids=["a list", "a number", "a text", "a truth", "another's", "another kind", "an extra field"],
)
@pytest.mark.parametrize(
    "query", [QUERY, QUERY.replace("__typename id", "__typename").replace("Activity {", "Activity { id")]
)
def test_who_tells_no_record_of_its_own_fails_alone(ask: Ask, city: Federation, record: Any, query: str) -> None:
    mine, others = activity(city, "330101"), activity(city, "330102")
    city.behaving = {"330101": answering(record)}
    told = ask([mine, others], query=query)
    assert [each and each["id"] for each in told["data"]["found"]] == [None, others]
    [error] = told["errors"]
    assert (error["path"], error["extensions"]["state"]) == (["found", 0], "FAILED")
    one = ask([mine], query=f'query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ id }} node(id: "{mine}") {{ id }} }}')
    assert one["data"]["node"] is None
