"""Everybody sees where the own account is signed in, and ends one place or all."""

import re

from sync.contract.asking.gateway_sign_in import PATH
from tenant_service.identity import gateway_sign_in
from tests.tenant_service.edge.conftest import House
from tests.tenant_service.edge.test_sign_in_pages import GOOD, VIEWER, csrf_in
from tests.tenant_service.identity.federation import GATEWAY
from tests.tenant_service.places import Clock

NAME = re.compile(r'name="session" value="([^"]+)"')


def test_the_page_says_where_since_when_and_through_which_gateway(house: House, clock: Clock) -> None:
    phone = house.client(address="10.0.0.7")
    phone.headers["User-Agent"] = "Phone/1.0 <script>"
    phone.post("/sign-in", data=GOOD)
    clock.on(minutes=5)
    desk = house.browser()
    phone.headers["Sec-Fetch-Site"] = "same-origin"
    code = phone.get(f"{PATH}?gateway={GATEWAY}&state=s").headers["location"].partition("code=")[2].partition("&")[0]
    with house.deps.site.units.write() as unit:
        lifetimes = house.deps.site.callers.lifetimes
        gateway_sign_in.redeem(unit, house.deps.issuer, code, GATEWAY, "thumbprint", lifetimes)
    page = desk.get("/password").text
    for shown in ("10.0.0.7", "10.0.0.9", "Phone/1.0 &lt;script&gt;", f"经网关 {GATEWAY}", "4月1日 10:00"):
        assert shown in page, shown
    assert len(NAME.findall(page)) == 1, "one's own browser is signed out as ever"


def test_one_browser_is_ended_with_what_gateways_hold_of_it_and_the_others_stay(house: House) -> None:
    phone, desk = house.browser(), house.browser()
    page = desk.get("/password").text
    (name,) = NAME.findall(page)
    told = desk.post("/held/end", data={"csrf": csrf_in(page), "session": name})
    assert (told.status_code, told.headers["location"]) == (303, "/password")
    assert phone.post("/graphql", json=VIEWER).json()["data"]["viewer"] is None
    assert desk.post("/graphql", json=VIEWER).json()["data"]["viewer"]
    again = desk.post("/held/end", data={"csrf": csrf_in(page), "session": name})
    assert again.status_code == 303, "what is over already is no error"


def test_nobody_ends_a_browser_of_somebody_else(house: House) -> None:
    mine, theirs = house.browser(), house.browser("admin")
    theirs_too = house.browser("admin")
    (name,) = NAME.findall(theirs_too.get("/password").text)
    mine.post("/held/end", data={"csrf": csrf_in(mine.get("/password").text), "session": name})
    assert theirs.post("/graphql", json=VIEWER).json()["data"]["viewer"]


def test_the_button_works_from_its_own_page_alone(house: House) -> None:
    desk, other = house.browser(), house.browser()
    (name,) = NAME.findall(desk.get("/password").text)
    assert desk.post("/held/end", data={"csrf": "guessed", "session": name}).status_code == 403
    assert house.client().post("/held/end", data={"session": name}).headers["location"].startswith("/sign-in")
    assert other.post("/graphql", json=VIEWER).json()["data"]["viewer"]
