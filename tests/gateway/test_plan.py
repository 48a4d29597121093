"""What a document becomes before anybody is asked, and a list walked to its end."""

import asyncio
import dataclasses
import json
import re
import time
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from graphql import get_introspection_query, parse, validate

from gateway.app import Parts
from gateway.federation.asking.addressing import Addressing
from gateway.federation.asking.breaker import Breaker
from gateway.federation.asking.fanout import Fanout
from gateway.federation.committees import Federation as Known
from gateway.federation.engine import Gateway
from gateway.joint import Joint
from sync.bus.asker import Outcome, Reply
from sync.bus.rpc import Headers
from sync.edge.body import Asked
from sync.edge.budget import Limits
from tests.gateway.committee import schema
from tests.gateway.federation import JOINT_SDL, MECHANISM, Federation, directory_of, said

JOINT = Joint(JOINT_SDL)
Heard = Callable[..., tuple[dict[str, Any], list[dict[str, Any]]]]


class Listener:
    """Stands where the committees are, and keeps what they would be asked."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []

    async def ask(
        self,
        questions: Iterable[tuple[str, str, bytes]],
        headers: Headers,
        deadline: float,
        told: object = None,
        own: object = None,
    ) -> dict[str, Reply]:
        asked = list(questions)
        self.heard += [
            {"committee": id, "verb": verb, "deadline": deadline, **json.loads(body)} for id, verb, body in asked
        ]
        return {id: Reply(Outcome.UNREACHABLE) for id, _, _ in asked}


@pytest.fixture(scope="module")
def parts(three: Federation, runner: asyncio.Runner) -> Parts:
    return runner.run(three.parts(directory=directory_of(three.below, three.keys)))


def listening(three: Federation, parts: Parts, limits: Limits) -> tuple[Gateway, Listener]:
    """A gateway that has read no document yet."""
    listener, directory = Listener(), directory_of(three.below, three.keys)
    fanout = Fanout(listener, parts.prover, Breaker(lambda: 0.0))
    now = parts.gateway._now
    gateway = Gateway(JOINT, Known(lambda: directory), fanout, Addressing(limits), limits, now, shows_schema=True)
    return gateway, listener


@pytest.fixture
def heard(three: Federation, runner: asyncio.Runner, parts: Parts) -> Heard:
    """What each committee is asked because of one request."""

    def ask(query: str, limits: Limits | None = None, **variables: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        gateway, listener = listening(three, parts, limits or Limits())
        answer = json.loads(runner.run(gateway.answer(Asked(query, variables))).body)
        for question in listener.heard:
            assert not validate(schema._schema, parse(question["query"]))
        return answer, listener.heard

    return ask


def test_a_committee_is_asked_only_with_the_fragments_and_variables_it_needs(heard: Heard) -> None:
    _, asked = heard(
        """query ($at: At, $n: Int!, $who: ID!, $k: ActivityKind, $deep: Int! = 2, $yes: Boolean!) {
             activities(at: $at, first: $n, where: {kind: $k}) { ...Page fanout { complete } }
             mine: activities(at: {ids: ["330102"]}, where: {title: "议事"}) {
               cursors @include(if: $yes) totalCount @skip(if: $yes)
             }
             committee(id: $who) { ...C }
           }
           fragment Page on ActivityConnection { nodes { ...A } }
           fragment A on Activity { a: title committee { venues(first: $deep) { ...P } } }
           fragment P on Venue { id }
           fragment C on Committee { name }""",
        at={"except": ["330103"]}, n=7, who="330101", k="INSPECTION", yes=True,
    )  # fmt: skip
    assert [each["committee"] for each in asked] == ["330101", "330102"]
    first, second = asked
    assert set(re.findall(r"fragment (\w+)", first["query"])) == {"A", "P", "C"}
    assert set(re.findall(r"fragment (\w+)", second["query"])) == {"A", "P"}
    assert first["variables"] == {"who": "330101", "k": "INSPECTION", "g0first": 7, "g0orderBy": "STARTS_AT_DESC"}
    assert second["variables"] == {
        "k": "INSPECTION", "g0first": 7, "g0orderBy": "STARTS_AT_DESC",
        "g1where": {"title": "议事"}, "g1first": 20, "g1orderBy": "STARTS_AT_DESC",
    }  # fmt: skip
    for text in (first["query"], second["query"]):
        assert not re.search(r"\b(at|fan|fanout|totalCount|include|skip)\b", text)
        assert "venues(first: $deep)" in text
        assert "$deep: Int! = 2" in text


def test_a_clients_variable_may_be_called_as_one_of_ours(heard: Heard) -> None:
    query = "query ($g0first: Int!, $g_: ActivityFilter) { activities(first: $g0first, where: $g_) { nodes { id } } }"
    _, asked = heard(query, g0first=3, g_={"title": "议事"})
    names = set(re.findall(r"\$(\w+):", asked[0]["query"]))
    assert names == {"g_", "g__0first", "g__0orderBy"}
    assert asked[0]["variables"] == {"g_": {"title": "议事"}, "g__0first": 3, "g__0orderBy": "STARTS_AT_DESC"}


def test_two_pages_of_a_list_are_one_document_to_a_committee(heard: Heard) -> None:
    texts = set()
    for page in ("first: 5", "first: 9", 'first: 9, after: "WzEsIjEiLCIxIl0="'):
        _, asked = heard(f"{{ activities({page}) {{ nodes {{ id }} }} }}")
        texts.add(asked[0]["query"])
    assert len(texts) == 2  # with and without `after`


@pytest.mark.parametrize(
    ("at", "asked"),
    [
        ("{}", ["330101", "330102", "330103"]),
        ('{ids: ["330103", "330101"]}', ["330101", "330103"]),
        ("{ids: []}", []),
        ('{except: ["330102"]}', ["330101", "330103"]),
        ("{levels: [CITY]}", []),
        ("{levels: [COUNTY, CITY]}", ["330101", "330102", "330103"]),
        (f'{{mechanisms: ["{MECHANISM}"]}}', ["330101", "330102"]),
        (f'{{mechanisms: ["{MECHANISM}"], ids: ["330102", "330103"]}}', ["330102"]),
        ('{under: ["330101"]}', []),
    ],
)
def test_who_is_asked_must_fit_everything_said(heard: Heard, at: str, asked: list[str]) -> None:
    _, questions = heard(f"{{ activities(at: {at}) {{ nodes {{ id }} }} }}")
    assert [each["committee"] for each in questions] == asked
    listed, _ = heard(f"{{ committees(at: {at}) {{ id }} }}")
    assert [each["id"] for each in listed["data"]["committees"]] == asked


def test_below_a_committee_are_all_its_descendants_and_not_itself(three: Federation, runner: asyncio.Runner) -> None:
    parts = runner.run(three.parts())
    told = runner.run(said(parts, '{ committees(at: {under: ["330100"]}) { id shortName level parentId } }'))
    assert [each["id"] for each in told["data"]["committees"]] == list(three.below)
    assert told["data"]["committees"][0] == {
        "id": "330101", "shortName": "第1区", "level": "COUNTY", "parentId": "330100"
    }  # fmt: skip


DOUBLING = [f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(25)]
BOMB = " ".join(["{ ...F0 }", *DOUBLING, "fragment F25 on Query { a: __typename }"])
NESTED = "{ activities { nodes {" + " committee { venues {" * 5 + " id " + "} }" * 5 + "} } }"
COSTLY = "{ activities(first: 200) { nodes { committee { venues(first: 200) { id name kind address } } } } }"
IN_ANOTHERS_ORDER = '{ venues(orderBy: SORT_KEY_ASC, after: "WzEsIjEiLCIxIl0=") { nodes { id } } }'


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (BOMB, "TOO_COMPLEX"),
        ("{" + " __typename" * 11 + "}", "TOO_COMPLEX"),
        ("{" + " ".join(f"a{n}: __typename" for n in range(51)) + "}", "TOO_COMPLEX"),
        (COSTLY, "TOO_COMPLEX"),
        (NESTED, "TOO_COMPLEX"),
        ("{ activities { nodes { } } }", "INVALID"),
        ('{ activities(at: {ids: ["330101", "330199"]}) { nodes { id } } }', "UNKNOWN_COMMITTEE"),
        ('{ activities(at: {except: ["330199"]}) { nodes { id } } }', "UNKNOWN_COMMITTEE"),
        ('{ activities(at: {under: ["330199"]}) { nodes { id } } }', "UNKNOWN_COMMITTEE"),
        ('{ activities(at: {mechanisms: ["x"]}) { nodes { id } } }', "UNKNOWN_MECHANISM"),
        ('{ committees(at: {ids: ["330199"]}) { id } }', "UNKNOWN_COMMITTEE"),
        ('{ activities(where: {since: "2026-03-02T00:00:00"}) { nodes { id } } }', "INVALID"),
        ("{ activities(after: 7) { nodes { id } } }", "INVALID"),
        ('{ activities(after: "nonsense") { nodes { id } } }', "BAD_CURSOR"),
        (IN_ANOTHERS_ORDER, "BAD_CURSOR"),
        ("{ activities(first: -1) { nodes { id } } }", "BAD_PAGE"),
        ("{ activities(first: 201) { nodes { id } } }", "BAD_PAGE"),
        ("{ activities(fan: {read: REPLICA}) { nodes { id } } }", "NOT_SIGNED_IN"),
        ('{ statistics(indicators: [SUGGESTIONS], from: "2026-02-01", to: "2026-01-01") { total { value } } }',
         "BAD_TIME"),
        ('{ statistics(indicators: [SUGGESTIONS], from: "1949-10-01", to: "2026-01-01") { total { value } } }',
         "BAD_TIME"),
        ('{ statistics(indicators: [SUGGESTIONS], from: "20260201") { total { value } } }', "INVALID"),
        ("{ values(indicators: [SUGGESTIONS]) { month } }", "INVALID"),
        ("{ activities { nodes } }", "INVALID"),
        ("{ activities(first: 5", "INVALID"),
        ('mutation { noteDown(text: "x", key: "k") }', "NOT_SIGNED_IN"),
        ("{ viewer { name } }", "NOT_SIGNED_IN"),
        ("query A { __typename } query B { __typename }", "INVALID"),
        ("subscription { x }", "INVALID"),
        ("{ a" + " b" * 2000 + " }", "INVALID"),
    ],
)  # fmt: skip
def test_a_document_that_asks_too_much_is_refused_before_anybody_hears_of_it(
    heard: Heard, query: str, code: str
) -> None:
    answer, asked = heard(query)
    error = answer["errors"][0]
    assert error["extensions"]["code"] == code, error
    assert error["extensions"]["zh"]
    assert error["message"]
    assert not asked


def test_a_variable_that_holds_too_much_is_refused(heard: Heard) -> None:
    answer, asked = heard("query ($at: At) { activities(at: $at) { nodes { id } } }", at={"ids": ["330101"] * 5_000})
    assert answer["errors"][0]["extensions"]["code"] == "TOO_COMPLEX"
    assert "data" not in answer
    assert not asked


def test_a_schema_can_be_read_whole_by_those_who_may(heard: Heard, three: Federation, runner: asyncio.Runner) -> None:
    answer, asked = heard(get_introspection_query(), Limits(depth=20))
    types = {each["name"] for each in answer["data"]["__schema"]["types"]}
    assert {"Activity", "Statistics", "Fanout"} <= types
    assert not asked
    closed = dataclasses.replace(runner.run(three.parts()))
    closed.gateway._shows_schema = False
    query = '{ __type(name: "Activity") { name } }'
    refused = runner.run(said(closed, query, three.caller()))
    assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert runner.run(said(closed, query, three.caller(roles=["system_admin"])))["data"]["__type"]


ORDERS = ["STARTS_AT_DESC", "STARTS_AT_ASC", "CHANGED_AT_DESC"]
WALK = """query ($order: ActivityOrder!, $first: Int!, $after: Cursor) {
  activities(orderBy: $order, first: $first, after: $after) {
    nodes { id } totalCount pageInfo { hasNextPage endCursor }
  }
}"""


@pytest.mark.parametrize("order", ORDERS)
def test_a_list_walked_to_its_end_has_each_row_once_in_one_order(
    three: Federation, runner: asyncio.Runner, order: str
) -> None:
    parts = runner.run(three.parts(directory=directory_of(three.below, three.keys)))
    seen: list[str] = []
    page: dict[str, Any] = {"pageInfo": {"endCursor": None, "hasNextPage": True}}
    while page["pageInfo"]["hasNextPage"]:
        told = runner.run(said(parts, WALK, order=order, first=11, after=page["pageInfo"]["endCursor"]))
        page = told["data"]["activities"]
        seen += [row["id"] for row in page["nodes"]]
    asked = json.dumps({"query": WALK, "variables": {"order": order, "first": 200}}).encode()
    whole = json.loads(three.union.answer(asked))["data"]["activities"]
    assert seen == [row["id"] for row in whole["nodes"]]
    assert len(seen) == page["totalCount"] == 120
    assert parts.gateway.documents.remembered.misses == 1


FRAGMENTS = " ".join(f"fragment G{n} on Activity {{ ...G{n + 1} a{n}: title }}" for n in range(28))
CONFLICTS = (
    "{"
    + " ".join(f"q{n}: activities {{ nodes {{ x{n}: id }} edges {{ node {{ y{n}: id }} }} }}" for n in range(16))
    + "}"
)
SPREADS = "{ activities { nodes {" + " ...G0" * 200 + " } } } " + FRAGMENTS + " fragment G28 on Activity { id }"
SAME = "{" + " ".join("activities { nodes { " + "id title " * 9 + "} }" for _ in range(10)) + "}"


@pytest.mark.parametrize(
    "query",
    [
        BOMB, SPREADS, CONFLICTS, SAME, "{a}#" + "x" * 99_000, "{a}" + "," * 99_000, '{a(b:"' + "x" * 99_000 + '")}',
        '{a(b:"""' + "x\n" * 49_000 + '""")}', '{a(b:"' + "\\u0041" * 16_000 + '")}', "[" * 99_000, "{a(b:" * 19_000,
        "{a(b:" + "[" * 990 + "]" * 9 + ")}", "{" * 900, "{a(b:{c:" * 240, "query(" + "$a:[[[[[[[[[[Int]]]]]]]]]]" * 40,
        "{ activities(where: {" + "kind: INSPECTION " * 300 + "}) { nodes { id } } }",
        "{" + "...@include(if:true){" * 150 + "__typename" + "}" * 150 + "}",
    ],
    ids=lambda query: query[:24],
)  # fmt: skip
def test_no_document_costs_more_than_a_moment(
    three: Federation, parts: Parts, runner: asyncio.Runner, query: str
) -> None:
    """As a multiple of what it costs on the same machine to step through as many characters once; the dearest of these
    was seen at 26.
    """
    assert len(query) < 100_000

    def answering() -> None:
        gateway, _ = listening(three, parts, Limits())
        runner.run(gateway.answer(Asked(query, {})))

    def stepping() -> None:
        for _ in "x" * 100_000:
            pass

    assert least(answering) < 80 * least(stepping)


def least(act: Callable[[], None]) -> float:
    """Seconds of CPU, the least of five: a machine may be busy with itself."""
    found = []
    for _ in range(5):
        began = time.process_time()
        act()
        found.append(time.process_time() - began)
    return min(found)
