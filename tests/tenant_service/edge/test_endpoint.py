"""`/graphql` takes nothing but GraphQL requests, and tells nothing but answers and refusals."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from sync.contract.errors import Code
from tenant_service.edge.endpoint import Endpoint
from tenant_service.graph.context import Context
from tenant_service.identity import accounts
from tests.tenant_service.edge.conftest import House
from tests.tenant_service.identity import federation
from tests.tenant_service.identity.conftest import People
from tests.tenant_service.places import JIASHAN

GRAPHQL = "application/graphql-response+json"
VIEWER = {"query": "{ viewer { sub roles } }"}


def codes(answer: Any) -> list[str]:
    return [each["extensions"]["code"] for each in answer.json().get("errors", [])]


def test_a_program_a_browser_and_nobody_are_told_apart(house: House, people: People) -> None:
    clerk = {"sub": people.clerk.id, "roles": ["CLERK"]}
    assert house.program().post("/graphql", json=VIEWER).json() == {"data": {"viewer": clerk}}
    assert house.browser().post("/graphql", json=VIEWER).json() == {"data": {"viewer": clerk}}
    assert house.client().post("/graphql", json=VIEWER).json() == {"data": {"viewer": None}}


def test_a_token_that_is_not_good_is_401_and_a_cookie_that_is_not_good_is_nobody(house: House) -> None:
    client = house.client()
    told = client.post("/graphql", json=VIEWER, headers={"Authorization": "Bearer x.y.z"})
    assert (told.status_code, codes(told)) == (401, [Code.BAD_TOKEN])
    assert told.headers["www-authenticate"] == "Bearer"
    bound = client.post("/graphql", json=VIEWER, headers={"Authorization": f"Bearer {federation.token()}"})
    assert codes(bound) == [Code.BAD_TOKEN]
    client.cookies.set("liandong-330421", "made-up")
    told = client.post("/graphql", json=VIEWER, headers={"Sec-Fetch-Site": "same-origin"})
    assert told.json() == {"data": {"viewer": None}}


def test_a_closed_accounts_token_ends_at_once(house: House, people: People) -> None:
    program = house.program()
    with house.deps.site.units.write() as unit:
        accounts.close(unit, accounts.console(JIASHAN), people.clerk.id, "人员调整")
    told = program.post("/graphql", json=VIEWER)
    assert (told.status_code, codes(told)) == (401, [Code.SIGN_IN_ENDED])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b'"x"', 400),
        (b"null", 400),
        (b"[]", 400),
        (b"1", 400),
        (b'{"query":"{a}","query":"{a}"}', 400),
        (b'{"query":1}', 400),
        (b'{"query":"{ apiVersion }","variables":{"x":NaN}}', 400),
        (b'{"query":"{ apiVersion }","variables":{"x":' + b"9" * 5_000 + b"}}", 400),
        (b'{"query":"{ apiVersion }","variables":{"x":1e999}}', 400),
        (b'{"query":"\xff\xfe"}', 400),
        (b'{"query":"{ apiVersion }","variables":{"x":"\\ud800"}}', 400),
        (b'{"query":"{ node(id: \\"\\\\u0000\\") { id } }"}', 400),
        (b"[" * 90_000, 400),
        (b'{"query":"{ apiVersion }","variables":{"x":' + b'{"a":' * 15_000 + b"1" + b"}" * 15_000 + b"}}", 400),
        (b'{"query":"' + b" " * 100_000 + b'"}', 413),
        (b"x" * 20_000_001, 413),
        (b'{"query":"{ nothing }"}', 400),
        (b'{"query":"{"}', 400),
        (b'{"query":"query ($a: Int!) { apiVersion }"}', 400),
        (b'{"query":"subscription { x }"}', 400),
        (b'{"query":"{ apiVersion }","operationName":"other"}', 400),
        (b'{"query":"' + b"{ apiVersion }" + b" apiVersion" * 2_000 + b'"}', 400),
    ],
    ids=lambda told: repr(told[:36]) if isinstance(told, bytes) else str(told),
)
def test_hostile_bodies_are_refused_and_nothing_breaks(house: House, body: bytes, status: int) -> None:
    headers = {"Content-Type": "application/json", "Accept": GRAPHQL}
    told = house.client().post("/graphql", content=body, headers=headers)
    assert told.status_code == status, told.text
    if told.headers["content-type"].startswith(GRAPHQL):
        assert "data" not in told.json()
        assert codes(told)


def test_the_newer_media_type_says_400_for_a_bad_document_and_plain_json_200(house: House) -> None:
    client, bad = house.client(), {"query": "{ nothing }"}
    for accept, status, media in (
        (GRAPHQL, 400, GRAPHQL),
        (f"{GRAPHQL}, application/json;q=0.9", 400, GRAPHQL),
        ("application/json", 200, "application/json"),
        ("*/*", 200, "application/json"),
    ):
        told = client.post("/graphql", json=bad, headers={"Accept": accept})
        assert (told.status_code, told.headers["content-type"]) == (status, f"{media}; charset=utf-8")
        assert set(told.json()) == {"errors"}


def test_what_is_neither_json_nor_wanted_is_turned_away(house: House) -> None:
    client = house.client()
    told = client.post("/graphql", content=b'{"query":"{ apiVersion }"}', headers={"Content-Type": "text/plain"})
    assert told.status_code == 415
    assert client.post("/graphql", data={"query": "{ apiVersion }"}).status_code == 415
    zipped = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert client.post("/graphql", content=b"x", headers=zipped).status_code == 415
    assert client.post("/graphql", json=VIEWER, headers={"Accept": "text/html"}).status_code == 406
    for method in ("PUT", "DELETE", "PATCH"):
        told = client.request(method, "/graphql")
        assert (told.status_code, told.headers["allow"]) == (405, "GET, POST")


def test_a_query_may_come_by_get_and_an_act_may_not(house: House) -> None:
    client = house.client()
    told = client.get(
        "/graphql", params={"query": "query Q($id: ID!) { node(id: $id) { id } }", "variables": '{"id":"330421"}'}
    )
    assert told.json() == {"data": {"node": {"id": "330421"}}}
    act = "mutation { __typename }"
    told = house.browser().get("/graphql", params={"query": act})
    assert (told.status_code, told.headers["allow"]) == (405, "POST")
    assert house.browser().post("/graphql", json={"query": act}).status_code == 200
    assert client.get("/graphql").status_code == 400
    assert client.get("/graphql", params={"query": "{" + " " * 20_000}).status_code == 413


def test_the_schema_is_shown_to_administrators_only_but_in_a_demo_to_everybody(
    house: House, build: Callable[..., House]
) -> None:
    asked = {"query": '{ __schema { queryType { name } } ...T } fragment T on Query { __type(name: "Query") { name } }'}
    for client in (house.client(), house.program()):
        assert codes(client.post("/graphql", json=asked)) == [Code.FORBIDDEN]
    assert house.program("admin").post("/graphql", json=asked).json()["data"]["__type"] == {"name": "Query"}
    assert build(demo="true").client().post("/graphql", json=asked).json()["data"]["__type"] == {"name": "Query"}
    assert house.client().post("/graphql", json={"query": "{ __typename }"}).json() == {"data": {"__typename": "Query"}}


def test_a_bomb_costs_nothing(house: House) -> None:
    steps = "".join(f"fragment F{n} on Committee {{ ...F{n + 1} ...F{n + 1} }} " for n in range(29))
    bomb = '{ committee(id: "330421") { ...F0 } } ' + steps + "fragment F29 on Committee { id name }"
    told = house.client().post("/graphql", json={"query": bomb}, headers={"Accept": GRAPHQL})
    assert (told.status_code, codes(told)) == (400, [Code.TOO_COMPLEX])


def test_what_comes_too_late_is_not_begun(build: Callable[..., House]) -> None:
    told = build(operation_seconds="1e-9").client().post("/graphql", json=VIEWER)
    assert codes(told) == [Code.TOO_SLOW]
    assert "data" not in told.json()


def test_a_fault_of_ours_says_nothing(house: House, caplog: pytest.LogCaptureFixture) -> None:
    def broken(_actor: object) -> Context:
        raise RuntimeError("secret: the password of the database")

    app = house.app
    for route in app.router.routes:
        if getattr(route, "path", "") == "/graphql":
            app.router.routes.remove(route)
    app.add_route("/graphql", Endpoint(replace(house.deps, context=broken)).__call__, methods=["POST"])
    told = TestClient(app, raise_server_exceptions=False).post("/graphql", json=VIEWER)
    assert told.status_code == 500
    assert codes(told) == ["INTERNAL"]
    assert "secret" not in told.text
    assert "secret" in caplog.text
