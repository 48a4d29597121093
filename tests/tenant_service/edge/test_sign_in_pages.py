"""Signing in on a page: a form, a cookie, and no way to be sent anywhere else."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from sync.contract.asking.gateway_sign_in import PATH
from sync.contract.errors import Code
from sync.contract.trust.directory import Directory
from tenant_service.edge.sign_in_pages import local
from tenant_service.identity import accounts, sessions
from tests.tenant_service.edge.conftest import BASE, House, cookies
from tests.tenant_service.identity import federation
from tests.tenant_service.identity.conftest import PASSWORD, People
from tests.tenant_service.identity.federation import GATEWAY, OTHER_GATEWAY, RETURNS_TO, Keeper
from tests.tenant_service.places import JIAXING, Clock

GOOD = {"username": "clerk", "password": PASSWORD}
VIEWER = {"query": "{ viewer { sub } }"}


def csrf_in(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


def test_who_signs_in_gets_a_cookie_and_goes_on(house: House) -> None:
    client = house.client()
    page = client.get("/sign-in?next=/activities").text
    assert '<label for="f-username">用户名' in page
    assert '<label for="f-password">密码' in page
    told = client.post("/sign-in", data={**GOOD, "next": "/activities"})
    assert (told.status_code, told.headers["location"]) == (303, "/activities")
    said = cookies(told)
    assert said.startswith("liandong-330421=")
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= {each.strip() for each in said.split(";")}
    assert "Secure" not in said
    assert "Max-Age" not in said
    again = client.get("/sign-in?next=/venues")
    assert (again.status_code, again.headers["location"]) == (303, "/venues")


def test_a_wrong_password_and_an_unknown_name_show_the_same_page(house: House) -> None:
    shown = []
    for name in ("clerk", "nobody"):
        told = house.client().post("/sign-in", data={"username": name, "password": "not-the-password", "next": "/x"})
        assert told.status_code == 401
        assert not cookies(told)
        assert f'value="{name}"' in told.text
        assert 'id="e-password">用户名或密码不正确' in told.text
        assert 'aria-describedby="e-password"' in told.text
        assert "not-the-password" not in told.text
        assert 'name="next" value="/x"' in told.text
        shown.append(told.text.replace(f'"{name}"', '""'))
    assert shown[0] == shown[1]


def test_a_locked_name_is_told_until_when_on_the_page(house: House) -> None:
    client = house.client()
    told = [client.post("/sign-in", data={**GOOD, "password": "not-the-password"}) for _ in range(6)][-1]
    assert told.status_code == 429
    assert "登录失败次数过多，请于2026-04-01 10:01:00后再试" in told.text
    english = client.post("/sign-in?lang=en", data=GOOD)
    assert "too many tries; this account opens again at 2026-04-01 10:01:00" in english.text


def test_tries_from_one_address_are_limited_whatever_the_name(build: Callable[..., House]) -> None:
    client = build(sign_ins_per_minute="3").client()
    told = [client.post("/sign-in", data={"username": f"name{n}", "password": "x"}) for n in range(4)]
    assert [each.status_code for each in told] == [401, 401, 401, 429]
    assert 0 < int(told[-1].headers["retry-after"]) <= 60
    assert client.post("/token", json={"username": "clerk", "password": PASSWORD}).status_code == 429
    assert client.get("/sign-in").status_code == 200


def test_who_has_a_first_password_changes_it_before_anything_else(house: House, people: People) -> None:
    client = house.client()
    told = client.post("/sign-in", data={"username": "郑三", "password": PASSWORD, "next": "/activities"})
    assert told.headers["location"] == f"/password?next={quote('/activities', safe='')}"
    client.headers["Sec-Fetch-Site"] = "same-origin"
    page = client.get(told.headers["location"]).text
    assert "首次登录须先修改密码" in page
    asked = client.post("/graphql", json=VIEWER)
    assert (asked.status_code, asked.json()["errors"][0]["extensions"]["code"]) == (403, Code.PASSWORD_CHANGE_NEEDED)
    fields = {"csrf": csrf_in(page), "next": "/activities", "old": PASSWORD, "new": "a-better-one-2026"}
    differing = client.post("/password", data={**fields, "again": "a-better-one-2027"})
    assert (differing.status_code, 'id="e-again">两次输入不一致' in differing.text) == (400, True)
    wrong = client.post("/password", data={**fields, "old": "not-the-password", "again": fields["new"]})
    assert (wrong.status_code, 'id="e-old">' in wrong.text) == (401, True)
    weak = client.post("/password", data={**fields, "new": "short", "again": "short"})
    assert (weak.status_code, 'id="e-new">' in weak.text) == (400, True)
    done = client.post("/password", data={**fields, "again": fields["new"]})
    assert (done.status_code, done.headers["location"]) == (303, "/activities")
    assert client.post("/graphql", json=VIEWER).json()["data"]["viewer"] == {"sub": people.member.id}


def test_signing_out_ends_the_session_and_not_only_the_cookie(house: House, people: People) -> None:
    browser = house.browser()
    before = dict(browser.cookies)
    page = browser.get("/password").text
    assert "本机" in page
    assert browser.post("/sign-out", data={"csrf": "guessed"}).status_code == 403
    told = browser.post("/sign-out", data={"csrf": csrf_in(page)})
    assert (told.status_code, told.headers["location"]) == (303, "/")
    assert "Max-Age=0" in cookies(told)
    assert house.noted(people.clerk.id)[-2:] == ["session.begin", "session.end"]
    stolen = house.client()
    stolen.cookies.update(before)
    stolen.headers["Sec-Fetch-Site"] = "same-origin"
    assert stolen.post("/graphql", json=VIEWER).json()["data"]["viewer"] is None
    assert stolen.get("/password").headers["location"].startswith("/sign-in?next=")


def test_signing_out_everywhere_ends_other_browsers_and_tokens(house: House, people: People, clock: Clock) -> None:
    mine, other, program = house.browser(), house.browser(), house.program()
    clock.on(seconds=2)
    told = mine.post("/sign-out", data={"csrf": csrf_in(mine.get("/password").text), "everywhere": "yes"})
    assert told.status_code == 303
    assert other.post("/graphql", json=VIEWER).json()["data"]["viewer"] is None
    assert program.post("/graphql", json=VIEWER).status_code == 401
    assert house.noted(people.clerk.id)[-1] == "session.end_all"


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "evil", "",
     "/a\nSet-Cookie: x=y", "/" + "a" * 2_000, "/x\\..\\evil"],
)  # fmt: skip
def test_nobody_is_sent_elsewhere_after_signing_in(house: House, elsewhere: str) -> None:
    assert local(elsewhere) == "/"
    told = house.client().post("/sign-in", data={**GOOD, "next": elsewhere})
    assert told.headers["location"] == "/"


def test_a_page_shows_what_was_typed_as_text(house: House) -> None:
    told = house.client().post("/sign-in", data={"username": '"><script>alert(1)</script>', "password": "x"})
    assert "<script>alert" not in told.text


# ── the demo's buttons ──


def test_a_demo_offers_one_account_of_each_role_and_signs_in_by_a_button(build: Callable[..., House]) -> None:
    client = build(demo="true").client()
    page = client.get("/sign-in").text
    assert 'name="demo" value="clerk"' in page
    assert 'name="demo" value="admin"' in page
    assert "郑三" not in page, "it has to change its password first"
    told = client.post("/sign-in", data={"demo": "clerk"}, headers={"Origin": BASE})
    assert told.status_code == 303
    assert cookies(told)
    assert client.post("/sign-in", data={"demo": "nobody"}, headers={"Origin": BASE}).status_code == 401


def test_without_a_demo_there_is_no_button_and_pressing_it_is_refused(house: House) -> None:
    client = house.client()
    assert 'name="demo"' not in client.get("/sign-in").text
    told = client.post("/sign-in", data={"demo": "admin"})
    assert told.status_code == 403
    assert not cookies(told)


def test_a_demos_button_is_not_pressed_under_another_name_of_this_machine(build: Callable[..., House]) -> None:
    told = build(demo="true").client("http://rebound.example:8100").post("/sign-in", data={"demo": "admin"})
    assert told.status_code == 403
    assert not cookies(told)


# ── back to a gateway ──


def test_a_signed_in_browser_goes_back_to_the_gateway_with_a_code_and_its_state(house: House) -> None:
    told = house.browser().get(f"{PATH}?gateway={GATEWAY}&state=opaque%20one")
    to = urlsplit(told.headers["location"])
    assert told.status_code == 303
    assert f"{to.scheme}://{to.netloc}{to.path}" == RETURNS_TO
    assert parse_qs(to.query)["state"] == ["opaque one"]
    assert len(parse_qs(to.query)["code"][0]) >= 43
    other = house.browser().get(f"{PATH}?gateway={OTHER_GATEWAY}&state=s").headers["location"]
    assert other.startswith(f"{RETURNS_TO}?of=other&code=")


def test_who_is_not_signed_in_signs_in_first_and_then_goes_back(house: House) -> None:
    client = house.client()
    here = f"{PATH}?gateway={GATEWAY}&state=s"
    told = client.get(here)
    assert told.headers["location"] == f"/sign-in?next={quote(here, safe='')}"
    told = client.post("/sign-in", data={**GOOD, "next": here})
    assert told.headers["location"] == here
    assert client.get(here).headers["location"].startswith(f"{RETURNS_TO}?code=")


def test_who_has_a_first_password_brings_no_code_to_a_gateway(house: House) -> None:
    client = house.client()
    client.post("/sign-in", data={"username": "郑三", "password": PASSWORD})
    told = client.get(f"{PATH}?gateway={GATEWAY}&state=s")
    assert told.headers["location"].startswith("/password?next=")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("gateway=gateway-none&state=s", 404),
        ("gateway=https://evil.example&state=s", 404),
        (f"gateway={JIAXING}&state=s", 404),
        ("state=s", 404),
        (f"gateway={GATEWAY}", 400),
        (f"gateway={GATEWAY}&state={'s' * 501}", 400),
    ],
)
def test_there_is_no_way_to_an_address_that_the_directory_does_not_show(house: House, query: str, status: int) -> None:
    told = house.browser().get(f"{PATH}?{query}")
    assert told.status_code == status
    assert "location" not in told.headers


def test_a_suspended_gateway_and_one_without_an_address_get_no_code(house: House, keeper: Keeper) -> None:
    def sent() -> int:
        return house.browser().get(f"{PATH}?gateway={GATEWAY}&state=s").status_code

    changes: list[Directory] = [
        federation.directory(2, _gateway_330400={"state": "SUSPENDED"}),
        federation.directory(3, _gateway_330400={"login_url": None}),
    ]
    statuses = []
    for keeper.now in changes:
        statuses.append(sent())
    assert statuses == [404, 403]


def test_the_session_list_shows_this_browser_and_the_others(house: House, people: People) -> None:
    house.browser()
    page = house.browser().get("/password").text
    assert page.count("登录于") == 2
    assert page.count("本机") == 1
    with house.deps.site.units.read() as unit:
        found = sessions.listed(unit, people.clerk.id, house.deps.site.callers.lifetimes)
        assert not any(each.digest in page for each in found)
        assert accounts.by_id(unit, people.clerk.id)
