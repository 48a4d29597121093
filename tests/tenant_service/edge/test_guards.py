"""What guards every path: other sites' pages send nothing here, and what goes out tells browsers to be careful."""

from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from sync.contract.errors import Code
from tenant_service.edge import guards
from tests.tenant_service.edge.conftest import BASE, House, cookies
from tests.tenant_service.identity.conftest import PASSWORD

ACT = {"query": "mutation { __typename }"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": BASE},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "http://127.0.0.1:8101"},
        {"Origin": "null"},
        {},
    ],
    ids=str,
)
def test_a_signed_in_browser_does_nothing_for_another_sites_page(house: House, headers: dict[str, str]) -> None:
    browser = house.browser()
    del browser.headers["Sec-Fetch-Site"]
    told = browser.post("/graphql", json=ACT, headers=headers)
    assert told.status_code == 403
    assert told.json()["errors"][0]["extensions"]["code"] == Code.CROSS_SITE
    assert browser.post("/sign-out", headers=headers).status_code == 403
    told = browser.post("/graphql", json={"query": "{ viewer { sub } }"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert told.json()["data"]["viewer"], "it is still signed in"


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": BASE}], ids=str
)
def test_a_page_of_ours_may_send_and_a_program_says_nothing_of_the_kind(house: House, headers: dict[str, str]) -> None:
    browser = house.browser()
    del browser.headers["Sec-Fetch-Site"]
    assert browser.post("/graphql", json=ACT, headers=headers).status_code == 200
    assert house.program().post("/graphql", json=ACT).status_code == 200
    assert house.client().post("/graphql", json=ACT).status_code == 200


def test_a_bearer_token_is_never_sent_by_itself_so_it_may_come_from_anywhere(house: House) -> None:
    told = house.program().post("/graphql", json=ACT, headers={"Origin": "https://tool.example"})
    assert told.status_code == 200


def test_another_sites_page_cannot_sign_a_browser_in_as_somebody(house: House) -> None:
    told = house.client().post(
        "/sign-in", data={"username": "clerk", "password": PASSWORD}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert told.status_code == 403
    assert not cookies(told)


@pytest.mark.parametrize("path", ["/sign-in", "/graphql?query={__typename}", "/livez", "/nothing-here"])
def test_every_answer_tells_the_browser_to_be_careful(house: House, path: str) -> None:
    headers = house.client().get(path).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["permissions-policy"] == "camera=(), geolocation=(), microphone=()"
    assert headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in headers


def test_what_broke_tells_the_browser_to_be_careful_as_well(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> bool:
        raise RuntimeError("canary-fault")

    monkeypatch.setattr(guards, "is_foreign", broken)
    told = house.client().post("/sign-in", data={})
    assert told.status_code == 500
    assert "canary" not in told.text
    assert "default-src 'self'" in told.headers["content-security-policy"]
    assert told.headers["cache-control"] == "no-store"


def test_over_tls_cookies_are_bound_to_it_and_browsers_stay_with_it(build: Callable[..., House]) -> None:
    house = build(public_url="https://zx.jiashan.example")
    told = house.client("https://zx.jiashan.example").post("/sign-in", data={"username": "clerk", "password": PASSWORD})
    assert told.headers["strict-transport-security"] == "max-age=63072000"
    said = cookies(told)
    assert said.startswith("__Host-liandong-330421=")
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= {each.strip() for each in said.split(";")}
    assert "Domain" not in said


def test_behind_a_proxy_that_renames_the_host_the_public_address_counts(build: Callable[..., House]) -> None:
    house = build(public_url="https://zx.jiashan.example")
    told = house.client("http://10.0.0.7:8100").post(
        "/sign-in", data={"username": "clerk", "password": PASSWORD}, headers={"Origin": "https://zx.jiashan.example"}
    )
    assert told.status_code == 303


def test_only_a_trusted_proxy_says_who_the_client_is(build: Callable[..., House]) -> None:
    house = build(trusted_proxies="10.0.0.0/24", sign_ins_per_minute="2")

    def tried(proxy: str, client: str) -> int:
        wrong = {"username": f"name of {client}", "password": "x"}
        return house.client(address=proxy).post("/token", json=wrong, headers={"X-Forwarded-For": client}).status_code

    assert [tried("10.0.0.5", "192.0.2.1") for _ in range(3)] == [401, 401, 429]
    assert tried("10.0.0.5", "192.0.2.2") == 401
    assert tried("10.0.0.5", "192.0.2.66, 192.0.2.1") == 429, "what the client itself wrote before does not count"
    assert [tried("192.0.2.9", f"192.0.2.{n}") for n in range(10, 13)] == [401, 401, 429]


def test_a_body_over_the_cap_is_refused_whatever_path_it_goes_to(house: House) -> None:
    client = house.client()
    for path in ("/sign-in", "/token", "/nothing-here"):
        assert client.post(path, content=b"x" * 20_000_001).status_code == 413
    pieces = (b"x" * 1_000_000 for _ in range(21))
    assert client.post("/sign-in", content=pieces).status_code in (413, 429)


def test_a_body_that_does_not_say_how_long_it_is_ends_at_the_cap() -> None:
    async def drained(request: Request) -> Response:
        return PlainTextResponse(str(len(await request.body())))

    cap = Middleware(guards.BodyCap, most=1_000)
    client = TestClient(Starlette(routes=[Route("/", drained, methods=["POST"])], middleware=[cap]))
    assert client.post("/", content=(b"x" * 100 for _ in range(10))).text == "1000"
    assert client.post("/", content=(b"x" * 100 for _ in range(11))).status_code == 413


LED = [
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Referer": f"{BASE}/audit"}, {"Origin": "null"},
    {"Referer": "https://elsewhere.example/"}, {"Referer": "http://127.0.0.1:8101/"},
]  # fmt: skip
NOTED = (
    "/audit", "/audit.csv", "/audit.jsonl", "/audit/heads", "/personal", "/personal/x", "/personal/x/data.json",
    "/personal/contact/x", "/members/export.csv", "/members/export.xlsx", "/members/roster/x/refused.csv", "/accounts",
    "/accounts.csv", "/requests", "/activities/x/attendance",
)  # fmt: skip


@pytest.mark.parametrize("headers", LED, ids=str)
def test_another_sites_page_makes_nobody_look_at_what_is_written_down(house: House, headers: dict[str, str]) -> None:
    browser = house.browser()
    del browser.headers["Sec-Fetch-Site"]
    for path in NOTED:
        told = browser.get(f"{path}?purpose=REPORT", headers=headers)
        assert (told.status_code, "请求并非来自本站页面" in told.text) == (403, True), path
    for path in ("/", "/activities", "/activities/x", "/venues", "/sign-in", "/activities.csv"):
        assert browser.get(path, headers=headers).status_code != 403, path


def test_our_own_page_and_a_typed_address_lead_there_and_head_nobody(house: House) -> None:
    browser = house.browser()
    for headers in ({"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "same-origin", "Referer": f"{BASE}/audit"}):
        assert {browser.get(path, headers=headers).status_code for path in NOTED} == {404}, "this house has no rooms"
    assert {browser.head(path).status_code for path in NOTED} == {405}
    del browser.headers["Sec-Fetch-Site"]
    assert browser.get("/audit", headers={"Referer": f"{BASE}/"}).status_code == 404


def test_the_log_says_once_of_a_proxy_that_is_not_trusted(caplog: pytest.LogCaptureFixture) -> None:
    async def plain(_request: Request) -> Response:
        return PlainTextResponse("")

    def told(trusted: list[str]) -> int:
        caplog.clear()
        app = Starlette(routes=[Route("/", plain)], middleware=[Middleware(guards.UnknownProxy, trusted=trusted)])
        client = TestClient(app, client=("10.0.0.5", 1))
        client.get("/")
        for _ in range(2):
            client.get("/", headers={"X-Forwarded-For": "1.2.3.4"})
        return caplog.text.count("trusted_proxies")

    assert (told([]), told(["10.0.0.0/24"])) == (1, 0)
