"""One of three committees runs the release before: what it does not know is null in its rows, and everybody says so."""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle
from typing import Any

import pytest
from graphql import DocumentNode, build_ast_schema, parse, validate

from gateway import app
from gateway.app import Parts
from gateway.federation.asking.releases import KEPT_SECONDS
from gateway.schema import CannotCompose, compose, marked
from sync.bus.answerer import Question
from tests.gateway.committee import SDL
from tests.gateway.federation import HOME, Federation, federation, said

OLD = "330102"
Ask = Callable[..., dict[str, Any]]
FANOUT = "fanout { complete asked answered sources(not: []) { committee { id } state rows } }"


def _before(sdl: str) -> Any:
    """The schema without what is marked with @since."""

    def kept(nodes: Any) -> list[Any]:
        return [each for each in nodes or () if not marked(each, "since")]

    definitions: list[Any] = []
    for definition in parse(sdl).definitions:
        told: Any = definition
        if hasattr(told, "fields") and told.fields is not None:
            fields = [_with(each, arguments=kept(getattr(each, "arguments", ()))) for each in kept(told.fields)]
            told = _with(told, fields=fields)
        definitions.append(told)
    return build_ast_schema(DocumentNode(definitions=tuple(definitions)))


def _with(node: Any, **changed: Any) -> Any:
    return replace(node, **{name: tuple(value) for name, value in changed.items() if hasattr(node, name)})


BEFORE = _before(SDL)
REFUSED = {
    "errors": [{"message": "the document is not valid", "extensions": {"code": "INVALID", "zh": "查询不正确"}}],
    "extensions": {"api": 1},
}


async def older(question: Question, honest: bytes) -> bytes | None:
    """As a committee of the release before answers."""
    known = not validate(BEFORE, parse(json.loads(question.body)["query"]))
    return honest if known else json.dumps(REFUSED).encode()


class Ticks:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def city(runner: asyncio.Runner) -> Iterator[Federation]:
    context = federation(3, 20, away=["330103"])
    yield runner.run(context.__aenter__())
    runner.run(context.__aexit__(None, None, None))


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def parts(city: Federation, runner: asyncio.Runner, ticks: Ticks, monkeypatch: pytest.MonkeyPatch) -> Iterator[Parts]:
    """A gateway of the release after, which has heard of nobody's release yet."""
    monkeypatch.setattr(app, "API_VERSION", 2)
    city.behaving = {OLD: older}
    made = runner.run(city.parts(ticks=ticks))
    yield made
    city.behaving = {}


@pytest.fixture
def ask(city: Federation, parts: Parts, runner: asyncio.Runner) -> Ask:
    def asking(query: str, **variables: Any) -> dict[str, Any]:
        return runner.run(said(parts, query, city.caller(), **variables))

    return asking


def states(fanout: dict[str, Any]) -> dict[str, str]:
    return {each["committee"]["id"]: each["state"] for each in fanout["sources"]}


def test_what_an_older_committee_does_not_know_is_null_in_its_rows_at_its_place(ask: Ask) -> None:
    told = ask(
        """{ activities(first: 60, at: {ids: ["330101", "330102"]}) {
          nodes { id t: topic title ...More committee { id venues { name } } nextVenue { name ...Seats } }
          edges { node { topic id } }
          fanout { complete asked answered sources(not: []) { committee { id } state rows } } } }
        fragment More on Activity { absentTopic: topic nextVenue { id } ... on Node { id } }
        fragment Seats on Venue { seats }"""
    )
    assert "errors" not in told
    page = told["data"]["activities"]
    assert states(page["fanout"]) == {"330101": "FRESH", OLD: "OUTDATED"}
    assert (page["fanout"]["answered"], page["fanout"]["complete"]) == (2, False)
    for row, edge in zip(page["nodes"], page["edges"], strict=True):
        assert list(row) == ["id", "t", "title", "absentTopic", "nextVenue", "committee"]
        is_old = row["id"].startswith(OLD)
        assert row["t"] == row["absentTopic"] == edge["node"]["topic"]
        assert (row["t"] is None) is is_old
        assert row["title"]
        assert row["committee"]["venues"]
        assert not (is_old and row["nextVenue"])
    assert any(row["nextVenue"] and "seats" in row["nextVenue"] for row in page["nodes"])
    assert sum(row["id"].startswith(OLD) for row in page["nodes"]) == 20


def test_it_is_asked_twice_once_and_then_only_for_what_it_knows(ask: Ask, city: Federation) -> None:
    query = f'{{ activities(at: {{ids: ["{OLD}"]}}) {{ nodes {{ id topic }} {FANOUT} }} }}'
    asked = city.services[OLD].asked
    first, again = ask(query), ask(query)
    assert first == again
    assert city.services[OLD].asked == asked + 3


def test_whoever_asks_for_nothing_new_hears_a_fresh_answer(ask: Ask) -> None:
    ask(f'{{ activities(at: {{ids: ["{OLD}"]}}) {{ nodes {{ topic }} }} }}')
    told = ask(f'{{ activities(at: {{under: ["{HOME}"], except: ["330103"]}}) {{ nodes {{ id }} {FANOUT} }} }}')
    assert states(told["data"]["activities"]["fanout"]) == {"330101": "FRESH", OLD: "FRESH"}


def test_a_filter_that_it_does_not_know_is_not_passed_over(ask: Ask) -> None:
    told = ask(f'{{ activities(topic: "第1期", at: {{ids: ["330101", "{OLD}"]}}) {{ nodes {{ id }} {FANOUT} }} }}')
    page = told["data"]["activities"]
    assert states(page["fanout"]) == {"330101": "FRESH", OLD: "OUTDATED"}
    assert page["nodes"]
    assert not any(row["id"].startswith(OLD) for row in page["nodes"])
    assert page["fanout"]["answered"] == 1


def test_a_list_that_it_does_not_know_leaves_the_others_beside_it_alone(ask: Ask) -> None:
    at = f'at: {{ids: ["330101", "{OLD}"]}}'
    told = ask(f"{{ halls({at}) {{ nodes {{ id }} {FANOUT} }} activities({at}) {{ nodes {{ topic }} {FANOUT} }} }}")
    data = told["data"]
    assert states(data["halls"]["fanout"]) == states(data["activities"]["fanout"]) == {
        "330101": "FRESH", OLD: "OUTDATED",
    }  # fmt: skip
    assert [each["rows"] > 0 for each in data["halls"]["fanout"]["sources"]] == [True, False]
    assert [each["rows"] > 0 for each in data["activities"]["fanout"]["sources"]] == [True, True]


def test_all_or_nothing_is_nothing(ask: Ask) -> None:
    told = ask(f'{{ activities(at: {{ids: ["{OLD}"]}}, fan: {{require: ALL}}) {{ nodes {{ topic }} }} }}')
    assert told["data"] is None
    assert told["errors"][0]["extensions"]["code"] == "PARTIAL_RESULT"


def test_one_record_of_its_has_null_as_well(ask: Ask, city: Federation) -> None:
    id = city.rows[OLD].activities[0].id
    told = ask("query ($id: ID!) { node(id: $id) { id ... on Activity { topic title } } }", id=id)
    assert told == {"data": {"node": {"id": id, "topic": None, "title": city.rows[OLD].activities[0].title}}}


def test_when_it_was_upgraded_it_is_heard_whole_again(ask: Ask, city: Federation, ticks: Ticks) -> None:
    query = f'{{ activities(first: 1, at: {{ids: ["{OLD}"]}}) {{ nodes {{ topic }} {FANOUT} }} }}'
    assert states(ask(query)["data"]["activities"]["fanout"]) == {OLD: "OUTDATED"}
    city.behaving = {}
    assert states(ask(query)["data"]["activities"]["fanout"]) == {OLD: "OUTDATED"}
    ticks.now += KEPT_SECONDS + 1
    page = ask(query)["data"]["activities"]
    assert states(page["fanout"]) == {OLD: "FRESH"}
    assert page["nodes"][0]["topic"]


def test_a_home_of_the_release_before_tells_of_copies_what_it_knows(ask: Ask, city: Federation) -> None:
    city.behaving = {HOME: older}
    told = ask(f'{{ activities(first: 5, at: {{ids: ["330103"]}}) {{ nodes {{ id topic }} {FANOUT} }} }}')
    page = told["data"]["activities"]
    assert states(page["fanout"]) == {"330103": "STALE"}
    assert [row["topic"] for row in page["nodes"]] == [None] * 5
    assert page["fanout"]["complete"] is False


@pytest.mark.parametrize("who", [OLD, HOME])
def test_whoever_tells_another_number_each_time_is_asked_twice_and_no_more(
    ask: Ask, city: Federation, parts: Parts, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    """Live, and of copies."""
    numbers = cycle([1, 2, 3])

    async def lying(question: Question, honest: bytes) -> bytes | None:
        return json.dumps(REFUSED | {"extensions": {"api": next(numbers)}}).encode()

    monkeypatch.setattr(parts.gateway.fanout._post.releases, "_ours", 4)
    city.behaving = {who: lying}
    asked = city.services[who].asked
    read = "LIVE" if who == OLD else "REPLICA"
    told = ask(f'{{ activities(at: {{ids: ["{OLD}"]}}, fan: {{read: {read}}}) {{ nodes {{ id }} {FANOUT} }} }}')
    assert states(told["data"]["activities"]["fanout"]) == {OLD: "OUTDATED"}
    assert city.services[who].asked == asked + 2


@pytest.mark.parametrize("worse", ["[" * 300 + "]" * 300, str(10**30)])
def test_an_older_one_that_lies_loses_its_own_part(ask: Ask, city: Federation, worse: str) -> None:
    async def lying(question: Question, honest: bytes) -> bytes | None:
        told = await older(question, honest)
        return told and told.replace(b'"f0":[{', b'"f0":[{"more":%s,' % worse.encode(), 1)

    city.behaving = {OLD: lying}
    told = ask(f"{{ activities(first: 100) {{ nodes {{ id title topic }} {FANOUT} }} }}")
    assert states(told["data"]["activities"]["fanout"])[OLD] == "FAILED"
    assert told["data"]["activities"]["nodes"]


def test_a_new_field_that_may_not_be_null_is_no_field_of_a_federation() -> None:
    with pytest.raises(CannotCompose, match="topic"):
        compose(SDL.replace("topic: String @since", "topic: String! @since"))
