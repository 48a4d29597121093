"""For a committee that is silent stands in what it shared with the caller's own, labelled with its time."""

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from gateway.app import Parts
from gateway.identity.callers import NOBODY, Caller
from sync.bus.answerer import Question
from tests.gateway.federation import HOME, Federation, federation, said

QUERY = """query ($fan: Fan, $at: At, $first: Int!, $after: Cursor) {
  activities(first: $first, fan: $fan, at: $at, after: $after) {
    nodes { id title } totalCount pageInfo { hasNextPage endCursor }
    fanout { complete asked answered asOf sources(not: []) { committee { id } state rows asOf latencyMs } }
  }
}"""
SHARED_AT = "2026-11-01T00:00:00+00:00"
DISTRICTS = {"under": [HOME]}
FAN = {"deadlineMs": 1000}


@pytest.fixture(scope="module")
def city(runner: asyncio.Runner) -> Iterator[Federation]:
    """A city with four districts; nobody serves the last two. The city holds copies of all four."""
    context = federation(4, 20, away=["330103", "330104"])
    yield runner.run(context.__aenter__())
    runner.run(context.__aexit__(None, None, None))


@pytest.fixture(scope="module")
def parts(city: Federation, runner: asyncio.Runner) -> Parts:
    return runner.run(city.parts(breaker_patience=1000))


@pytest.fixture(autouse=True)
def honest(city: Federation) -> Iterator[None]:
    as_of = dict(city.services[HOME].shared.as_of)
    yield
    city.behaving, city.services[HOME].shared.as_of = {}, as_of


Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(city: Federation, parts: Parts, runner: asyncio.Runner) -> Ask:
    def asking(read: str = "AUTO", caller: Caller | None = None, first: int = 30, **variables: Any) -> dict[str, Any]:
        fan = FAN | {"read": read} | variables.pop("fan", {})
        told = {"at": DISTRICTS, "fan": fan, "first": first, **variables}
        return runner.run(said(parts, QUERY, caller or city.caller(), **told))

    return asking


def states(told: dict[str, Any]) -> dict[str, str]:
    return {each["committee"]["id"]: each["state"] for each in told["data"]["activities"]["fanout"]["sources"]}


def whole(city: Federation, *owners: str) -> list[str]:
    query = b'{"query": "{ activities(first: 200) { nodes { id committeeId } } }"}'
    rows = json.loads(city.union.answer(query))["data"]["activities"]["nodes"]
    return [row["id"] for row in rows if not owners or row["committeeId"] in owners]


async def hang(question: Question, honest: bytes) -> bytes | None:
    return None


def test_copies_stand_in_for_those_that_are_away_and_say_since_when(ask: Ask, city: Federation) -> None:
    told = ask()
    page = told["data"]["activities"]
    assert states(told) == {"330101": "FRESH", "330102": "FRESH", "330103": "STALE", "330104": "STALE"}
    assert [row["id"] for row in page["nodes"]] == whole(city)[:30]
    assert page["totalCount"] == 80
    assert (page["fanout"]["complete"], page["fanout"]["answered"]) == (True, 4)
    assert page["fanout"]["asOf"] == SHARED_AT
    for source in page["fanout"]["sources"]:
        assert (source["asOf"] == SHARED_AT) is (source["state"] == "STALE")
        assert source["rows"] == sum(row["id"].startswith(source["committee"]["id"]) for row in page["nodes"])


def test_a_mixed_list_walked_to_its_end_has_each_row_once(ask: Ask, city: Federation) -> None:
    seen: list[str] = []
    page: dict[str, Any] = {"pageInfo": {"hasNextPage": True, "endCursor": None}}
    while page["pageInfo"]["hasNextPage"]:
        page = ask(first=7, after=page["pageInfo"]["endCursor"])["data"]["activities"]
        seen += [row["id"] for row in page["nodes"]]
    assert seen == whole(city)


def test_whoever_hangs_leaves_time_to_ask_for_its_copies(ask: Ask, city: Federation, runner: asyncio.Runner) -> None:
    city.behaving = {"330102": hang}
    told = ask()
    assert states(told)["330102"] == "STALE"
    latency = {
        each["committee"]["id"]: each["latencyMs"] for each in told["data"]["activities"]["fanout"]["sources"]
    }  # fmt: skip
    assert 650 <= latency["330102"] < 1000


def test_nothing_stands_in_where_only_live_answers_are_wanted(ask: Ask) -> None:
    assert states(ask("LIVE")) == {
        "330101": "FRESH", "330102": "FRESH", "330103": "UNREACHABLE", "330104": "UNREACHABLE"
    }  # fmt: skip


def test_without_an_account_nothing_stands_in(ask: Ask) -> None:
    told = ask(caller=NOBODY)
    assert states(told)["330103"] == "UNREACHABLE"
    refused = ask("REPLICA", caller=NOBODY)
    assert refused["errors"][0]["extensions"]["code"] == "NOT_SIGNED_IN"
    assert refused["data"] is None


def test_copies_are_read_at_the_callers_own_committee_and_nowhere_else(ask: Ask, city: Federation) -> None:
    """The first district holds no copies of its neighbours, and the city's are none of its business."""
    asked = city.services[HOME].asked
    assert states(ask(caller=city.caller("330101"))) == {
        "330101": "FRESH", "330102": "FRESH", "330103": "UNREACHABLE", "330104": "UNREACHABLE"
    }  # fmt: skip
    assert city.services[HOME].asked == asked


def test_what_was_never_shared_stays_away(ask: Ask, city: Federation) -> None:
    del city.services[HOME].shared.as_of["330104"]
    told = ask()
    assert states(told)["330104"] == "UNREACHABLE"
    assert states(ask("REPLICA"))["330104"] == "FORBIDDEN"


def test_a_home_that_shows_what_it_says_is_not_shared_is_not_believed(ask: Ask, city: Federation) -> None:
    async def inconsistent(question: Question, honest: bytes) -> bytes | None:
        if question.verb != "replica":
            return honest
        answer = json.loads(honest)
        answer["extensions"]["replica"]["330104"]["state"] = "FORBIDDEN"
        return json.dumps(answer).encode()

    city.behaving = {HOME: inconsistent}
    told = ask()
    assert states(told) == {"330101": "FRESH", "330102": "FRESH", "330103": "FAILED", "330104": "UNREACHABLE"}
    assert told["data"]["activities"]["totalCount"] == 40


def test_copies_alone_can_be_asked_for(ask: Ask, city: Federation) -> None:
    told = ask("REPLICA")
    page = told["data"]["activities"]
    assert set(states(told).values()) == {"STALE"}
    assert [row["id"] for row in page["nodes"]] == whole(city)[:30]
    assert all(each["latencyMs"] is None for each in page["fanout"]["sources"])


@pytest.mark.parametrize("how", ["AUTO", "REPLICA"])
def test_one_poisoned_row_among_copies_costs_its_owner_alone(ask: Ask, city: Federation, how: str) -> None:
    """Home took it in before its contract knew better, and keeps everybody's."""
    rows = [each for each in city.services[HOME].shared.activities if each.committee_id == "330104"]
    kept = [each.title for each in rows]
    for each in rows:
        each.title = "长" * 100_001
    try:
        seen, after, named = [], None, set()
        for _ in range(10):
            told = ask(how, after=after, first=30)
            page = told["data"]["activities"]
            seen += [row["id"] for row in page["nodes"]]
            named.add(states(told)["330104"])
            if not page["pageInfo"]["hasNextPage"]:
                break
            after = page["pageInfo"]["endCursor"]
    finally:
        for each, title in zip(rows, kept, strict=True):
            each.title = title
    assert seen == whole(city, "330101", "330102", "330103")
    assert named == {"FAILED"} if how == "REPLICA" else named <= {"FAILED", "UNREACHABLE"}


def test_of_the_callers_own_committee_there_is_no_copy_but_its_rows(ask: Ask, city: Federation) -> None:
    told = ask("REPLICA", at={"ids": [HOME, "330101"]})
    assert states(told) == {HOME: "FRESH", "330101": "STALE"}
    assert told["data"]["activities"]["totalCount"] == 40


def test_above_a_number_of_committees_only_copies_are_read(city: Federation, runner: asyncio.Runner) -> None:
    parts = runner.run(city.parts(replica_above=3))
    asked = city.services["330101"].asked
    told = runner.run(said(parts, QUERY, city.caller(), first=5, at=DISTRICTS))
    assert set(states(told).values()) == {"STALE"}
    assert city.services["330101"].asked == asked
    everybody = runner.run(said(parts, QUERY, NOBODY, first=5, at=DISTRICTS))
    assert set(states(everybody).values()) == {"FRESH", "UNREACHABLE"}  # without an account there are no copies
    few = runner.run(said(parts, QUERY, city.caller(), first=5, at={"ids": ["330101", "330103", "330104"]}))
    assert states(few) == {"330101": "FRESH", "330103": "STALE", "330104": "STALE"}


@pytest.mark.parametrize(("read", "instead"), [("AUTO", "UNREACHABLE"), ("REPLICA", "UNREACHABLE")])
def test_what_is_older_than_the_client_takes_does_not_stand_in(
    ask: Ask, city: Federation, read: str, instead: str
) -> None:
    now = dt.datetime.now(dt.UTC)
    city.services[HOME].shared.as_of |= {"330103": now - dt.timedelta(minutes=1), "330104": now - dt.timedelta(hours=2)}
    fresh_enough = {"maxStaleMs": 3_600_000}
    told = ask(read, at={"ids": ["330103", "330104"]}, fan=fresh_enough)
    assert states(told) == {"330103": "STALE", "330104": instead}
    assert told["data"]["activities"]["totalCount"] == 20
    told = ask(read, at={"ids": ["330103", "330104"]}, fan={"maxStaleMs": 0})
    assert states(told) == {"330103": instead, "330104": instead}
    assert told["data"]["activities"]["nodes"] == []


@asynccontextmanager
async def nobody_at_home() -> AsyncIterator[Federation]:
    async with federation(2, 5, away=[HOME, "330102"]) as made:
        yield made


def test_with_the_home_away_the_silent_keep_their_state(runner: asyncio.Runner) -> None:
    async def run() -> list[dict[str, Any]]:
        async with nobody_at_home() as made:
            parts = await made.parts()
            told = []
            for read in ("AUTO", "REPLICA"):
                fan = FAN | {"read": read}
                told.append(await said(parts, QUERY, made.caller(), first=5, at=DISTRICTS, fan=fan))
            return told

    auto, replica = runner.run(run())
    assert states(auto) == {"330101": "FRESH", "330102": "UNREACHABLE"}
    assert states(replica) == {"330101": "UNREACHABLE", "330102": "UNREACHABLE"}


def test_a_home_that_hangs_costs_no_more_than_the_deadline(ask: Ask, city: Federation) -> None:
    city.behaving = {HOME: hang}
    assert states(ask("REPLICA")) == dict.fromkeys(city.below, "TIMEOUT")
    assert states(ask())["330103"] == "UNREACHABLE"
    asked = city.services[HOME].asked
    assert states(ask(at={"ids": [HOME, "330103"]})) == {HOME: "TIMEOUT", "330103": "UNREACHABLE"}
    assert city.services[HOME].asked == asked + 1  # it is not asked for copies when it was silent itself


@pytest.mark.parametrize(
    ("fan", "at", "code"),
    [
        ({"read": "AUTO"}, DISTRICTS, None),
        ({"read": "REPLICA"}, DISTRICTS, None),
        ({"read": "LIVE"}, DISTRICTS, "PARTIAL_RESULT"),
        ({"read": "AUTO", "maxStaleMs": 0}, DISTRICTS, "PARTIAL_RESULT"),
        ({"read": "REPLICA", "maxStaleMs": 0}, DISTRICTS, "PARTIAL_RESULT"),
        ({"read": "AUTO", "maxStaleMs": 0}, {**DISTRICTS, "except": ["330103", "330104"]}, None),
        ({"read": "LIVE"}, {"ids": ["330101", "330103"], "except": ["330103"]}, None),
    ],
)
def test_where_all_are_required_copies_count_as_far_as_they_are_young_enough(
    ask: Ask, fan: dict[str, Any], at: dict[str, Any], code: str | None
) -> None:
    told = ask(fan["read"], fan={**fan, "require": "ALL"}, at=at)
    if code is None:
        assert told["data"]["activities"]["fanout"]["complete"]
    else:
        assert told["data"] is None
        assert told["errors"][0]["extensions"]["code"] == code
