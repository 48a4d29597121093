"""GraphQL over HTTP: what the specification says a server must, should and may do, and who asks."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from gateway.app import Parts, serving
from sync.bus.answerer import Question
from sync.contract import jose
from sync.contract.asking.gateway_sign_in import TokenTold, read_ask, write
from sync.contract.trust.tokens import FEDERATION
from sync.edge.budget import Limits
from tests.gateway.federation import GATEWAY, HOME, Federation

NEWER, OLDER = "application/graphql-response+json", "application/json"
JSON = {"content-type": OLDER}
ASKED = '{"query": "{ __typename }"}'


@dataclass
class Web:
    """A client of the gateway's application, in the loop in which it serves."""

    runner: asyncio.Runner
    parts: Parts
    client: httpx2.AsyncClient

    def get(self, query_string: str, **headers: str) -> httpx2.Response:
        return self.runner.run(self.client.get(f"/graphql?{query_string}", headers=headers))

    def post(self, body: str | bytes | dict[str, Any], **headers: str) -> httpx2.Response:
        content = json.dumps(body) if isinstance(body, dict) else body
        told = JSON | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.runner.run(self.client.post("/graphql", content=content, headers=told))

    def viewer(self, **headers: str) -> Any:
        """Who the gateway thinks asks: their roles at home, or the code of the refusal."""
        told = self.post({"query": "{ viewer { roles } }"}, **headers).json()
        return told["data"]["viewer"]["roles"] if "errors" not in told else told["errors"][0]["extensions"]["code"]


@pytest.fixture(scope="module")
def web(three: Federation, runner: asyncio.Runner) -> Web:
    parts = runner.run(three.parts(limits=Limits()))
    app = serving(parts, three.connections[-1])
    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://gateway.example")
    del client.headers["accept"]
    return Web(runner, parts, client)


def code(answer: httpx2.Response) -> str:
    told: str = answer.json()["errors"][0]["extensions"]["code"]
    return told


# ── media types ──


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (NEWER, NEWER), (OLDER, OLDER), ("*/*", OLDER), ("application/*", OLDER), (None, OLDER), ("", OLDER),
        (f"{NEWER}; charset=utf-8, {OLDER}; charset=utf-8", NEWER), (f"{OLDER};q=0.2, {NEWER};q=0.3", NEWER),
        (f"text/html, {OLDER}", OLDER), (f"{NEWER};q=0, {OLDER}", OLDER),
    ],
)  # fmt: skip
def test_an_answer_has_the_media_type_the_client_likes_best(web: Web, accept: str | None, media: str) -> None:
    headers = {} if accept is None else {"accept": accept}
    for answer in (web.post(ASKED, **headers), web.get("query=%7B__typename%7D", **headers)):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == f"{media}; charset=utf-8"
        assert answer.json() == {"data": {"__typename": "Query"}}
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("accept", ["text/html", "image/png", f"{OLDER};q=0"])
def test_a_client_that_takes_neither_media_type_is_turned_away(web: Web, accept: str) -> None:
    answer = web.post(ASKED, accept=accept)
    assert (answer.status_code, code(answer)) == (406, "WRONG_ACCEPT")


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        (OLDER, 200), ("application/json; charset=utf-8", 200), ('application/json; charset="UTF-8"', 200),
        ("application/json; charset=utf-16", 415), ("text/plain", 415), ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415), ("", 415),
    ],
)  # fmt: skip
def test_only_json_in_utf_8_is_read(web: Web, content_type: str, status: int) -> None:
    answer = web.post(ASKED, content_type=content_type)
    assert answer.status_code == status
    assert status == 200 or code(answer) == "NEEDS_JSON"


def test_each_way_of_asking_wrongly_has_its_own_words(web: Web) -> None:
    """Whoever is told only that it cannot be read looks for the mistake in the document."""
    answers = [
        web.post(ASKED, content_type=""), web.runner.run(web.client.put("/graphql", content=ASKED, headers=JSON)),
        web.get(""), web.post("{"), web.get("query=mutation%20%7B__typename%7D"),
    ]  # fmt: skip
    assert [(each.status_code, code(each)) for each in answers] == [
        (415, "NEEDS_JSON"), (405, "WRONG_METHOD"), (400, "NEEDS_QUERY"), (400, "BAD_REQUEST"), (405, "WRONG_METHOD"),
    ]  # fmt: skip
    errors = [each.json()["errors"][0] for each in answers]
    assert len({each["message"] for each in errors}) == len({each["extensions"]["zh"] for each in errors}) == 5


# ── what is asked ──

BAD_BODIES = [
    "", "{", "nonsense", '"x"', "null", "[]", "7", "{}", '{"query": null}', '{"query": ""}',
    *(f'{{"query": {value}}}' for value in ("{}", "0", "false", "[]")),
    *(f'{{"query": "{{ __typename }}", "operationName": {value}}}' for value in ("{}", "0", "false", "[]")),
    *(f'{{"query": "{{ __typename }}", "variables": {value}}}' for value in ('"x"', "0", "false", "[]")),
    *(f'{{"query": "{{ __typename }}", "extensions": {value}}}' for value in ('"x"', "0", "false", "[]")),
    '{"query": "{ __typename }", "variables": {"a": NaN}}', '{"query": "{ __typename }", "variables": {"a": 1e999}}',
    '{"query": "{ __typename }", "query": "{ __typename }"}',
    '{"query": "{ __typename }", "variables": {"a": {"b": 1, "b": 2}}}',
    '{"query": "{ __typename }", "variables": {"a": "\\ud800"}}', '{"query": "{ __typename }"} trailing',
    '{"query": "{ __typename }", "variables": {"a": ' + "[" * 50 + "]" * 50 + "}}", "[" * 50_000, '{"a":' * 5_000,
    "\ufeff" + ASKED,
]  # fmt: skip


@pytest.mark.parametrize("media", [NEWER, OLDER])
@pytest.mark.parametrize("body", BAD_BODIES, ids=lambda body: body[:60])
def test_what_is_no_graphql_request_is_400_and_never_worse(web: Web, body: str, media: str) -> None:
    answer = web.post(body.encode("utf-8", "surrogatepass"), accept=media)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith(media)
    assert code(answer) in ("BAD_REQUEST", "NEEDS_QUERY", "TOO_COMPLEX")
    assert "data" not in answer.json()


def test_bytes_that_are_no_text_are_400(web: Web) -> None:
    assert web.post(b'{"query": "{ __typename }", "variables": {"a": "\xff\xfe"}}').status_code == 400


@pytest.mark.parametrize("size", [100_001, 3_000_000])
def test_a_body_over_the_limit_is_413(web: Web, size: int) -> None:
    async def in_pieces() -> AsyncIterator[bytes]:
        for _ in range(size // 1000 + 1):
            yield b" " * 1000

    answer = web.post(ASKED + " " * size)
    assert (answer.status_code, code(answer)) == (413, "TOO_LARGE")
    streamed = web.runner.run(web.client.post("/graphql", content=in_pieces(), headers=JSON))
    assert streamed.status_code == 413


@pytest.mark.parametrize("media", [NEWER, OLDER])
@pytest.mark.parametrize(
    "body",
    [
        {"query": "{ __typename }"},
        {"query": "{ __typename }", "variables": None, "operationName": None, "extensions": None},
        {"query": "{ __typename }", "variables": {}, "extensions": {"x": 1}},
        {"query": "query A { __typename } query B { venues { nodes { id } } }", "operationName": "A"},
        {"query": "query T($n: String!) { __type(name: $n) { name } }", "variables": {"n": "No"}, "operationName": "T"},
    ],
)
def test_a_good_request_is_200(web: Web, body: dict[str, Any], media: str) -> None:
    answer = web.post(body, accept=media)
    assert answer.status_code == 200
    assert answer.json()["data"]
    assert "errors" not in answer.json()


@pytest.mark.parametrize(
    "body",
    [
        {"query": "{"}, {"query": "{ nosuch }"}, {"query": "query ($n: Int!) { venues(first: $n) { nodes { id } } }"},
        {"query": "query ($n: Int!) { venues(first: $n) { nodes { id } } }", "variables": {"n": "x"}},
        {"query": "query A { __typename }", "operationName": "B"},
        {"query": "query A { __typename } query B { __typename }"},
    ],
)  # fmt: skip
def test_a_document_that_cannot_be_begun_has_no_data(web: Web, body: dict[str, Any]) -> None:
    newer, older = web.post(body, accept=NEWER), web.post(body, accept=OLDER)
    assert (newer.status_code, older.status_code) == (400, 200)
    assert newer.json() == older.json()
    assert "data" not in newer.json()
    assert code(newer) == "INVALID"


def test_a_request_that_was_begun_is_200_whatever_came_of_it(web: Web) -> None:
    body = {"query": '{ venues(at: {ids: ["999999"]}) { nodes { id } } }'}
    for media in (NEWER, OLDER):
        answer = web.post(body, accept=media)
        assert answer.status_code == 200
        assert answer.json()["data"] is None
        assert code(answer) == "UNKNOWN_COMMITTEE"


# ── GET ──


def test_a_query_may_come_by_get(web: Web) -> None:
    query, variables = quote("query Q($n: Int!) { venues(first: $n) { totalCount } }"), quote('{"n": 0}')
    answer = web.get(f"query={query}&variables={variables}&operationName=Q&extensions=%7B%7D")
    assert answer.json() == {"data": {"venues": {"totalCount": 20}}}


@pytest.mark.parametrize(
    ("query_string", "status"),
    [
        ("", 400), ("query=", 400), ("variables=%7B%7D", 400), ("query=%7B__typename%7D&variables=x", 400),
        ("query=%7B__typename%7D&variables=%5B%5D", 400), ("query=%7B__typename%7D&query=%7B__typename%7D", 400),
        ("query=%7B__typename%7D&extensions=7", 400), ("query=%ff", 400), ("query=" + "x" * 20_000, 413),
    ],
)  # fmt: skip
def test_what_is_no_request_by_get_either_is_turned_away(web: Web, query_string: str, status: int) -> None:
    assert web.get(query_string).status_code == status


def test_nothing_is_done_by_get(web: Web, three: Federation) -> None:
    query = quote('mutation { noteDown(text: "x", key: "1") }')
    answer = web.get(f"query={query}", authorization=f"Bearer {three.token()}")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert not three.rows[HOME].done


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
def test_other_methods_are_405(web: Web, method: str) -> None:
    answer = web.runner.run(web.client.request(method, "/graphql", content=ASKED, headers=JSON))
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


# ── who asks ──


def test_a_bearer_token_says_who_asks(web: Web, three: Federation) -> None:
    assert web.viewer(authorization=f"Bearer {three.token(roles=['chair'])}") == ["chair"]
    assert web.viewer(authorization=f"bearer  {three.token('330101', ['member'])}") == ["member"]
    assert web.viewer() == "NOT_SIGNED_IN"


def other_gateways(three: Federation) -> str:
    return three.token(cnf=jose.thumbprint(jose.new_key()))


def of_a_stranger(three: Federation) -> str:
    return three.token(iss="999999")


def expired(three: Federation) -> str:
    return three.token(iat=int(time.time()) - 700, exp=int(time.time()) - 100)


def unsigned(three: Federation) -> str:
    head, body, _ = three.token().split(".")
    return f"{head}.{body}."


def anothers(three: Federation) -> str:
    return three.token(aud=["330101"], cnf="")


@pytest.mark.parametrize("made", [other_gateways, of_a_stranger, expired, unsigned, anothers])
def test_a_token_that_is_not_good_is_401(web: Web, three: Federation, made: Callable[[Federation], str]) -> None:
    for said in (f"Bearer {made(three)}", "Bearer nonsense", "Bearer ", "Basic eDp5"):
        answer = web.post(ASKED, authorization=said)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert code(answer) in ("BAD_TOKEN", "UNKNOWN_ISSUER")


def test_a_cookie_stands_for_a_token_that_stays_here(web: Web, three: Federation) -> None:
    id = web.parts.sessions.open(three.token(roles=["secretary"]))
    cookie = f"{web.parts.cookie}={id}"
    assert web.parts.cookie == f"__Host-liandong-{GATEWAY}"
    assert web.viewer(cookie=f"lang=zh; {cookie}", origin="http://gateway.example") == ["secretary"]
    assert web.viewer(cookie=cookie, origin="http://gateway.example", sec_fetch_site="same-origin") == ["secretary"]
    for odd in ('theme={"a":1}', "x", 'y="', "z=[1,2]; =", "a b=c@d"):
        assert web.viewer(cookie=f"{odd}; {cookie}", origin="http://gateway.example") == ["secretary"], odd
    assert web.viewer(cookie=f"{web.parts.cookie}=guessed", sec_fetch_site="none") == "NOT_SIGNED_IN"
    assert web.viewer(cookie=f"liandong-{GATEWAY}={id}") == "NOT_SIGNED_IN"
    web.parts.sessions.close(id)
    assert web.viewer(cookie=cookie, sec_fetch_site="same-origin") == "NOT_SIGNED_IN"


@pytest.mark.parametrize(
    "headers",
    [{"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}, {"origin": "http://evil.example"},
     {"origin": "null"}, {}],
)  # fmt: skip
def test_another_sites_page_cannot_use_a_signed_in_browser(
    web: Web, three: Federation, headers: dict[str, str]
) -> None:
    id = web.parts.sessions.open(three.token())
    answer = web.post(ASKED, cookie=f"{web.parts.cookie}={id}", **headers)
    assert (answer.status_code, code(answer)) == (403, "CROSS_SITE")
    assert web.post(ASKED, **headers).status_code == 200  # without the cookie it is everybody's


def test_an_api_token_is_exchanged_at_home_once(web: Web, three: Federation) -> None:
    """It names this gateway and its home only; what home tells instead is taken everywhere."""
    asked: list[str] = []
    api_token = three.token("330102", ["clerk"], aud=["330102", GATEWAY], cnf="")

    async def desk(question: Question, honest: bytes) -> bytes | None:
        if question.verb != "token":
            return honest
        ask = read_ask(question.body)
        asked.append(ask.grant)
        good = ask.value == api_token
        return write(TokenTold(three.token("330102", ["clerk"]), 300) if good else TokenTold(code="SIGN_IN_ENDED"))

    three.behaving = {"330102": desk}
    try:
        for _ in range(2):
            assert web.viewer(authorization=f"Bearer {api_token}") == ["clerk"]
        told = web.post({"query": "{ venues { fanout { answered } } }"}, authorization=f"Bearer {api_token}").json()
        assert told["data"]["venues"]["fanout"]["answered"] == 4
        assert asked == ["exchange"]
        other = three.token("330102", aud=["330102", GATEWAY], cnf="", sub="li")
        for _ in range(3):
            assert web.viewer(authorization=f"Bearer {other}") == "SIGN_IN_ENDED"
        assert asked == ["exchange"] * 2, "what home refuses it is not asked about again at once"
    finally:
        three.behaving = {}


def test_what_home_tells_for_another_user_is_not_taken(web: Web, three: Federation) -> None:
    async def desk(question: Question, honest: bytes) -> bytes | None:
        return write(TokenTold(three.token("330103", sub="somebody else"), 300)) if question.verb == "token" else honest

    three.behaving = {"330103": desk}
    try:
        token = three.token("330103", aud=["330103", GATEWAY], cnf="")
        assert web.viewer(authorization=f"Bearer {token}") == "BAD_TOKEN"
        assert FEDERATION not in token
    finally:
        three.behaving = {}


# ── faults ──


@pytest.mark.parametrize("path", ["/graphql?query={__typename}", "/livez", "/export/nothing.csv", "/nothing-here"])
def test_every_answer_tells_the_browser_to_be_careful(web: Web, path: str) -> None:
    headers = web.runner.run(web.client.get(path)).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["strict-transport-security"] == "max-age=63072000"


def test_a_fault_of_ours_says_nothing(
    three: Federation, runner: asyncio.Runner, caplog: pytest.LogCaptureFixture
) -> None:
    parts = runner.run(three.parts())

    def broken() -> Any:
        raise RuntimeError("at 10.0.0.7")

    parts.federation.now = broken  # type: ignore[method-assign]
    app = serving(parts, three.connections[-1])
    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://gateway.example")
    answer = runner.run(client.post("/graphql", content=ASKED, headers=JSON))
    assert answer.status_code == 500
    assert code(answer) == "INTERNAL"
    assert "10.0.0.7" not in answer.text
    assert "10.0.0.7" in caplog.text


def test_it_is_ready_while_there_is_a_line_and_a_directory_in_force(three: Federation, runner: asyncio.Runner) -> None:
    moment = [time.time()]
    parts = runner.run(three.parts())
    app = serving(parts, three.connections[-1], lambda: moment[0])
    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://gateway.example")

    def status(path: str) -> int:
        return runner.run(client.get(path)).status_code

    assert (status("/livez"), status("/readyz")) == (200, 200)
    moment[0] -= 600
    assert runner.run(client.get("/readyz")).text == "ready"
    moment[0] += 1_200
    assert "not signed anew" in runner.run(client.get("/readyz")).text
    moment[0] += 100_000 - 600
    assert (status("/livez"), status("/readyz")) == (200, 503)
    moment[0] -= 100_000
    runner.run(three.connections[-1].close())
    assert (status("/livez"), status("/readyz")) == (200, 503)


# ── sessions ──
