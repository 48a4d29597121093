"""The twelve checks of the public graphql-cop list, at both doors as they are in production: none finds anything.

(The package of that name is an empty placeholder, so the checks are written out here.)
"""

from urllib.parse import urlencode

import httpx2
import pytest

from tests.edges.doors import Door, Doors

ROLES = ["", "clerk"]
FORM = "application/x-www-form-urlencoded"
LEAKS = ("Traceback", "graphql/", "site-packages", ".py", "sqlalchemy", "nats://", "stacktrace", "exception", "SELECT ")


def codes(answer: httpx2.Response) -> set[str]:
    return {each["extensions"]["code"] for each in answer.json()["errors"]}


@pytest.mark.parametrize(
    "document",
    [
        "{ __schema { directive } }", "{ viewr { roles } }", "{ viewer { role } }", '{ node(ix: "1") { id } }',
        "{ activities(orderBy: STARTS_AT_DES) { nodes { id } } }", "{ activities { nodes { ... on Activit { id } } } }",
        "mutation { signUp }", "{ viewer { roles @includ(if: true) } }", "query ($a: Activit) { viewer { roles } }",
    ],
)  # fmt: skip
@pytest.mark.parametrize("role", ROLES)
def test_field_suggestions_are_not_made(door: Door, document: str, role: str) -> None:
    answer = door.ask(document, role)
    assert answer.json()["errors"]
    assert "id you mean" not in answer.text


@pytest.mark.parametrize(
    "value", [{"order": "STARTS_AT_DES"}, {"where": {"kind": "HALL_SESSIO"}}, {"where": {"kin": 1}}]
)
def test_variables_get_no_suggestions_either(door: Door, value: dict[str, object]) -> None:
    document = """query ($order: ActivityOrder! = STARTS_AT_DESC, $where: ActivityFilter) {
        activities(orderBy: $order, where: $where) { nodes { id } } }"""
    answer = door.post({"query": document, "variables": value})
    assert codes(answer) == {"INVALID"}
    assert "id you mean" not in answer.text
    assert door.ask(document).json()["data"]["activities"] == {"nodes": []}


@pytest.mark.parametrize(
    "document",
    [
        "{ __schema { types { name fields { name } } } }", '{ __type(name: "Query") { name } }',
        "{ a: __schema { queryType { name } } }", "{ ...x } fragment x on Query { __schema { queryType { name } } }",
        "{ ... @include(if: true) { __schema { queryType { name } } } }",
    ],
)  # fmt: skip
@pytest.mark.parametrize("role", [*ROLES, "member"])
def test_introspection_is_for_administrators(door: Door, document: str, role: str) -> None:
    answer = door.ask(document, role)
    assert codes(answer) == {"FORBIDDEN"}
    assert not answer.json().get("data")


def test_introspection_is_what_administrators_get(door: Door) -> None:
    told = door.ask("{ __schema { queryType { name } } }", "admin").json()
    assert told == {"data": {"__schema": {"queryType": {"name": "Query"}}}}


PATHS = [
    "graphql", "graphiql", "playground", "console", "altair", "voyager", "explorer", "ide", "sandbox", "api/graphql",
    "graphql/console", "graphql/playground", "graphiql.php", "v1/graphiql", "___graphql", "subscriptions", "",
]  # fmt: skip
IDES = ("graphiql", "playground", "altair", "voyager", "apollo", "sandbox", "react-dom")


@pytest.mark.parametrize("path", PATHS)
def test_no_explorer_stands_at_any_usual_path(door: Door, path: str) -> None:
    answer = httpx2.get(f"{door.origin}/{path}", headers={"accept": "text/html"}, timeout=60)
    assert answer.status_code < 500
    told = answer.text.lower().replace(f'href="/{path.lower()}', "")  # a page links to itself in the other language
    assert not [each for each in IDES if each in told]


@pytest.mark.parametrize("role", ROLES)
def test_alias_overloading_is_refused(door: Door, role: str) -> None:
    aliases = " ".join(f"a{n}: __typename" for n in range(101))
    assert codes(door.ask(f"{{ {aliases} }}", role)) == {"TOO_COMPLEX"}


def test_batches_are_refused(door: Door) -> None:
    answer = door.post([{"query": "{ __typename }"}] * 10)
    assert (answer.status_code, codes(answer)) == (400, {"BAD_REQUEST"})


@pytest.mark.parametrize("many", [10, 300])
def test_directive_overloading_is_refused_in_few_words(door: Door, many: int) -> None:
    answer = door.ask("{ __typename %s }" % ("@aa" * many))
    assert codes(answer) <= {"INVALID", "TOO_COMPLEX"}
    assert len(answer.json()["errors"]) <= 5


CIRCULAR = "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }"


def test_a_circular_introspection_query_is_refused(closed: Doors, shown: Doors) -> None:
    """Also to those who may see the schema."""
    for door in closed.each():
        assert codes(door.ask(CIRCULAR)) <= {"FORBIDDEN", "INVALID"}
        assert codes(door.ask(CIRCULAR, "admin")) == {"INVALID"}
    for door in shown.each():
        assert codes(door.ask(CIRCULAR)) == {"INVALID"}


@pytest.mark.parametrize("role", ROLES)
def test_field_duplication_is_refused(door: Door, role: str) -> None:
    assert codes(door.ask("{ %s }" % ("__typename " * 500), role)) == {"TOO_COMPLEX"}
    assert codes(door.ask("{ viewer { %s } }" % ("roles " * 11), role)) == {"TOO_COMPLEX"}


def test_no_answer_carries_a_trace(door: Door) -> None:
    told = door.post(
        {"query": "{ __typename }", "extensions": {"tracing": True}}, apollo_tracing="1", x_apollo_tracing="1"
    ).json()
    assert told == {"data": {"__typename": "Query"}}


def test_a_mutation_by_get_is_refused(door: Door) -> None:
    for document in ("mutation { __typename }", "mutation A { __typename } query B { __typename }"):
        answer = door.get({"query": document, "operationName": "A" if " A " in document else ""})
        assert answer.status_code == 405
        assert "data" not in answer.json()


@pytest.mark.parametrize("kind", [FORM, f"{FORM}; charset=utf-8", "text/plain", "multipart/form-data; boundary=x"])
def test_what_a_form_of_another_site_can_send_is_not_read(door: Door, kind: str) -> None:
    for body in (urlencode({"query": "{ __typename }"}).encode(), b'{"query": "{ __typename }"}'):
        answer = door.post(body, content_type=kind)
        assert answer.status_code == 415
        assert "data" not in answer.json()


def test_a_query_by_get_does_not_use_anothers_cookie(door: Door) -> None:
    """Queries by GET are served, for programs: what makes them harmless is whose page may send the cookie with them."""
    asked = {"query": "{ viewer { roles } }"}
    assert door.get(asked, cookie=door.cookie(), sec_fetch_site="cross-site").status_code == 403
    answer = door.get(asked, sec_fetch_site="cross-site")
    assert not (answer.json().get("data") or {}).get("viewer")


@pytest.mark.parametrize(
    "body",
    [
        {"query": "qwerty { abc }"}, {"query": "{"}, {"query": '"'},
        {"query": "query ($a: [Int!]! = x) { viewer { id } }"},
        {"query": '{ node(id: "\\ud800") { id } }'}, {"query": '{ node(id: "' + "9" * 300 + '") { id } }'},
        {"query": "query ($i: ID!) { node(id: $i) { id } }", "variables": {"i": {"a": []}}},
        {"query": "query ($i: Int!) { activities(first: $i) { nodes { id } } }", "variables": {"i": 2**40}},
        {"query": '{ activities(after: "bm8=") { nodes { id } } }'},
        {"query": "{ activities(first: -1) { nodes { id } } }"},
        {"query": "subscription { nothing }"}, {"query": "{ __typename }", "operationName": "\x7f"},
    ],
    ids=lambda body: body["query"][:40],
)  # fmt: skip
@pytest.mark.parametrize("role", ROLES)
def test_no_error_shows_what_stands_behind_it(door: Door, body: dict[str, object], role: str) -> None:
    answer = door.post(body, **door.signed(role))
    assert answer.status_code < 500
    for error in answer.json().get("errors", []):
        assert error.keys() <= {"message", "extensions", "locations", "path"}
        assert error["extensions"].keys() <= {"code", "zh", "committee", "state"}
        assert error["extensions"]["code"] != "INTERNAL"
    assert not [each for each in LEAKS if each in answer.text]
