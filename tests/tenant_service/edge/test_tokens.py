"""`/token` for programs, and probes that answer while others wait."""

import asyncio
import datetime as dt
import time
from collections.abc import Callable

import httpx2
import pytest
from starlette.applications import Starlette

from sync.contract.errors import Code, Refusal
from sync.contract.trust import tokens
from sync.edge.networks import network_of
from tenant_service.edge.attempts import Attempts
from tenant_service.identity import accounts
from tenant_service.identity.accounts import Draft
from tenant_service.identity.policy import Role
from tests.tenant_service.edge.conftest import BASE, House
from tests.tenant_service.identity import federation
from tests.tenant_service.identity.conftest import HASHED, PASSWORD, People
from tests.tenant_service.identity.federation import GATEWAY
from tests.tenant_service.places import JIASHAN, Clock

GOOD = {"username": "clerk", "password": PASSWORD}


def signed_in(house: House) -> dict[str, dt.datetime]:
    """When each account that ever signed in did so last."""
    with house.deps.site.units.read() as unit:
        found = accounts.everybody(unit.session)
    return {each.id: each.signed_in_at for each in found if each.signed_in_at}


def test_a_program_gets_a_token_for_this_committee_and_the_gateways_it_names(
    house: House, people: People, clock: Clock
) -> None:
    told = house.client().post("/token", json={**GOOD, "gateways": [GATEWAY]})
    assert told.status_code == 200
    assert told.json()["expiresIn"] == 900
    assert signed_in(house) == {people.clerk.id: clock.now}
    now = int(clock.now.timestamp())
    for audience in (JIASHAN, GATEWAY):
        claims = tokens.TokenReader(audience).accept(told.json()["token"], federation.directory(), now)
        assert (claims.sub, claims.roles, claims.cnf) == (people.clerk.id, ["clerk"], "")
    assert house.noted(people.clerk.id)[-1] == "session.token"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{}", 400, Code.BAD_REQUEST),
        (b'"x"', 400, Code.BAD_REQUEST),
        (b'{"username":1,"password":"x"}', 400, Code.BAD_REQUEST),
        (b'{"username":"clerk","password":"x","gateways":"all"}', 400, Code.BAD_REQUEST),
        (b'{"username":"clerk","password":"x","gateways":[1]}', 400, Code.BAD_REQUEST),
        (b'{"username":"clerk","password":"not-the-password"}', 401, Code.BAD_CREDENTIALS),
        (b'{"username":"nobody","password":"not-the-password"}', 401, Code.BAD_CREDENTIALS),
        (b'{"username":"\xe9\x83\x91\xe4\xb8\x89","password":"jia-shan-2026"}', 403, Code.PASSWORD_CHANGE_NEEDED),
        (b'{"username":"clerk","password":"jia-shan-2026","gateways":["x"]}', 404, Code.UNKNOWN_COMMITTEE),
        (b'{"username":"clerk","password":"' + b"x" * 5_000 + b'"}', 413, Code.TOO_LARGE),
    ],
)
def test_what_gets_no_token_is_told_why_by_a_code(house: House, body: bytes, status: int, code: Code) -> None:
    told = house.client().post("/token", content=body, headers={"Content-Type": "application/json"})
    assert (told.status_code, told.json()["errors"][0]["extensions"]["code"]) == (status, code)
    assert "token" not in told.json()
    assert signed_in(house) == {}, "who was refused has not signed in"


def test_a_form_of_another_page_cannot_ask_for_a_token(house: House) -> None:
    assert house.client().post("/token", data=GOOD).status_code == 400
    assert house.client().get("/token").status_code == 405


def test_tries_under_one_name_are_limited_also_when_they_are_right(build: Callable[..., House]) -> None:
    client = build(sign_ins_per_minute="1000").client()
    told = [client.post("/token", json=GOOD).status_code for _ in range(32)]
    assert told == [200] * 30 + [429] * 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("10.0.0.1", "10.0.0.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("testclient", "testclient", True),
    ],
)
def test_an_ipv6_customer_is_one_address(one: str, other: str, same: bool) -> None:
    assert (network_of(one) == network_of(other)) is same


def test_addresses_of_one_ipv6_customer_are_counted_together() -> None:
    attempts = Attempts(2)
    attempts.count("2001:db8:1:2::1", "a")
    attempts.count("2001:db8:1:2::2", "b")
    attempts.count("2001:db8:1:3::1", "c")
    with pytest.raises(Refusal) as refused:
        attempts.count("2001:db8:1:2::3", "d")
    assert refused.value.code is Code.RATE_LIMITED


@pytest.mark.asyncio
async def test_the_process_answers_while_twenty_people_sign_in(house: House) -> None:
    console = accounts.founder(JIASHAN)
    with house.deps.site.units.write() as unit:
        for n in range(20):
            draft = Draft(f"person{n}", "陈五", frozenset({Role.CLERK}))
            accounts.create(unit, console, draft, HASHED, must_change=False)
    async with _client(house.app) as client:
        logins = [
            asyncio.create_task(client.post("/token", json={"username": f"person{n}", "password": PASSWORD}))
            for n in range(20)
        ]
        await asyncio.sleep(0)
        waits = []
        while not all(login.done() for login in logins):
            started = time.monotonic()
            assert (await client.get("/livez")).text == "alive"
            waits.append(time.monotonic() - started)
            await asyncio.sleep(0)
        assert [(await login).status_code for login in logins] == [200] * 20
    assert len(waits) > 20, "it was asked while they signed in"
    assert sorted(waits)[len(waits) // 2] < 0.05


def test_readiness_is_the_databases(house: House) -> None:
    assert house.client().get("/readyz").text == "ready"
    house.deps.site.domain.engine.dispose()
    assert house.client().get("/readyz").status_code == 200


def _client(app: Starlette) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=BASE, timeout=60)
