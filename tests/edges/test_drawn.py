"""Requests as nobody would think of them, drawn from the schema and from nothing: neither door ever breaks on one, and
whatever it answers is an answer of its schema.
"""

import json
import warnings
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
import schemathesis
from graphql import GraphQLSchema, build_schema, execute_sync, parse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok

from gateway.schema import joint_sdl
from tenant_service.graphql import schema as tenant_schema
from tests.edges.doors import GRAPHQL, JSON, Door

ROLES = ["", "member", "clerk"]
SDL: dict[str, Callable[[], str]] = {"gateway": joint_sdl, "committee": tenant_schema.as_str}
EACH = 2
"""Documents of each root field and role."""
FEW = settings(
    max_examples=EACH, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
SOME = settings(
    max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def unbroken(answer: httpx2.Response) -> dict[str, Any]:
    """The GraphQL response; it says nothing of a fault of ours, and nothing that is no response."""
    assert answer.status_code < 500, answer.text
    if answer.status_code == 403 and answer.headers["content-type"].startswith("text/plain"):
        return {}  # what a form of another site may have sent is answered as a form is
    told: dict[str, Any] = answer.json()
    assert told.keys() <= {"data", "errors", "extensions"}
    assert "data" in told or told["errors"]
    for error in told.get("errors", []):
        assert isinstance(error["message"], str)
        assert error["extensions"]["code"] != "INTERNAL", error
        assert error["extensions"]["zh"]
    return told


def conforms(schema: GraphQLSchema, document: str, data: Any) -> None:
    """The data is what carrying out the document on itself gives: every field there, of its type, and no other."""

    def same(source: Any, info: Any, /, **_: Any) -> Any:
        return source[info.path.key]

    def first(_source: Any, _info: Any, of: Any, /) -> str:
        return str(schema.get_possible_types(of)[0].name)

    found = execute_sync(schema, parse(document), root_value=data, field_resolver=same, type_resolver=first)
    assert not found.errors
    assert found.data == data


@pytest.mark.parametrize("role", ROLES)
def test_what_is_drawn_from_the_schema_is_answered_by_the_schema(door: Door, role: str) -> None:
    """Every query and every mutation, with whatever arguments; acts are done or refused, and break nothing."""
    sdl = SDL[door.name]()
    drawn, schema, outcomes = schemathesis.graphql.from_file(sdl), build_schema(sdl), Counter[str]()

    def ask(case: Any) -> None:
        told = unbroken(door.ask(case.body, role))
        outcomes["data" if told.get("data") else "refused"] += 1
        if told.get("data") is not None:
            conforms(schema, case.body, told["data"])

    operations = [found.ok() for found in drawn.get_all_operations() if isinstance(found, Ok)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for operation in operations:
            FEW(given(operation.as_strategy())(ask))()
    assert len(operations) > 70
    assert outcomes["data"] > 20, outcomes
    assert outcomes["refused"] > 20, outcomes


# ── what is no request ──

TEXT = st.text(max_size=40)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(TEXT, below, max_size=4),
    max_leaves=12,
)
QUERIES = st.sampled_from(["{ __typename }", "{", "query ($a: ID!) { node(id: $a) { id } }", "mutation { x }"]) | TEXT
REQUESTS = st.fixed_dictionaries(
    {}, optional={"query": QUERIES | VALUES, "variables": VALUES, "operationName": VALUES, "extensions": VALUES}
)
BODIES = st.binary(max_size=200) | VALUES.map(lambda of: json.dumps(of).encode()) | REQUESTS.map(
    lambda of: json.dumps(of).encode()
)  # fmt: skip
VISIBLE = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=60)
KINDS = st.sampled_from([JSON, GRAPHQL, f"{JSON}; charset=utf-8", f"{JSON};charset=", "*/*;q=x", ";;;", ","]) | VISIBLE
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "content-type": KINDS, "accept": KINDS, "cookie": VISIBLE, "origin": VISIBLE, "sec-fetch-site": VISIBLE,
        "authorization": VISIBLE | VISIBLE.map(lambda token: f"Bearer x{token}"), "content-encoding": VISIBLE,
        "x-forwarded-for": VISIBLE, "accept-language": VISIBLE, "traceparent": VISIBLE,
    },
)  # fmt: skip


@pytest.mark.parametrize("name", ["committee", "gateway"])
def test_no_body_and_no_header_breaks_a_door(closed: Any, name: str) -> None:
    door: Door = getattr(closed, name)
    seen = Counter[int]()
    with httpx2.Client(timeout=60) as client:

        @SOME
        @given(body=BODIES | st.just(b'{"query": "{ __typename }"}'), headers=HEADERS | st.just({"content-type": JSON}))
        def knock(body: bytes, headers: dict[str, str]) -> None:
            answer = client.post(door.url, content=body, headers=headers)
            seen[answer.status_code] += 1
            unbroken(answer)

        knock()
    assert {200, 400, 415} <= seen.keys(), seen


@pytest.mark.parametrize("name", ["committee", "gateway"])
def test_no_query_string_breaks_a_door(closed: Any, name: str) -> None:
    door: Door = getattr(closed, name)
    odd = st.text(st.sampled_from('%&=+;{}[]"\\0aF5'), max_size=60)
    names = st.sampled_from(["query", "variables", "operationName", "extensions", "q"])
    pairs = st.lists(st.tuples(names, QUERIES | VALUES.map(json.dumps) | odd), max_size=5)
    seen = Counter[int]()
    with httpx2.Client(timeout=60) as client:

        @SOME
        @given(params=pairs, raw=odd, method=st.sampled_from(["GET", "GET", "GET", "HEAD", "PUT", "DELETE", "PATCH"]))
        def knock(params: list[tuple[str, str]], raw: str, method: str) -> None:
            safe = [(name, value.encode("utf-8", "replace").decode()) for name, value in params]
            url = httpx2.URL(door.url, params=safe) if params else httpx2.URL(f"{door.url}?{raw}")
            answer = client.request(method, url)
            seen[answer.status_code] += 1
            if method == "HEAD":
                assert answer.status_code < 500
            else:
                unbroken(answer)

        knock()
    assert {200, 400, 405} <= seen.keys(), seen
