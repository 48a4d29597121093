"""A cookie opens the browser's own committee or gateway, while its session lasts, and nothing else."""

import datetime as dt
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from sync.contract.asking.gateway_sign_in import Grant, TokenAsk, TokenTold, read_told, write
from tenant_service.identity import accounts, gateway_sign_in, sessions
from tenant_service.identity.callers import cookie_name
from tests.security.scene import GATEWAY, HOME, NEIGHBOUR, OTHER_GATEWAY, Scene, act, code, look
from tests.security.table import Attack, Door, tries

pytestmark = [pytest.mark.federation, pytest.mark.asyncio(loop_scope="module")]
K = Door.COOKIE
SAME: dict[str, str] = {"sec_fetch_site": "same-origin"}
NOT = "NOT_SIGNED_IN"


def value(scene: Scene, at: str = HOME, name: str = "clerk") -> str:
    """A browser signs in at its committee."""
    with scene.committees[at].units.write() as unit:
        return sessions.begin(unit, scene.account(name, at).id)


def named(at: str) -> str:
    """The cookie's name at a committee or a gateway."""
    return cookie_name(at, is_https=False)


def begun(scene: Scene, cookie: str, gateway: str = GATEWAY) -> str:
    """A code that the browser takes to the gateway."""
    home = scene.committees[HOME]
    with home.units.write() as unit:
        session = sessions.by_cookie(unit, cookie, home.callers.lifetimes)
        assert session
        return gateway_sign_in.begin(unit, session, gateway)


async def signed_in(scene: Scene) -> str:
    """A browser signs in at the gateway through HOME; its cookie there."""
    state, answer = await came_back(scene, begun(scene, value(scene)))
    assert answer.status_code == 303, answer.text
    assert state
    return re.search(rf"{named(GATEWAY)}=([^;]+)", str(answer.headers.get_list("set-cookie")))[1]  # type: ignore[index]


async def came_back(scene: Scene, brought: str, altered: str = "") -> tuple[str, httpx2.Response]:
    """It begins at the gateway, and comes back with what it brings."""
    began = await scene.get(GATEWAY, f"/sign-in/{HOME}")
    state = parse_qs(urlsplit(began.headers["location"]).query)["state"][0] + altered
    return state, await back(scene, state, brought)


async def back(scene: Scene, state: str, brought: str, cookie: str = "") -> httpx2.Response:
    told = f"liandong-state={cookie or state}"
    return await scene.get(GATEWAY, f"/signed-in?state={state}&code={brought}", cookie=told)


async def opens_nothing(scene: Scene, at: str, name: str, shown: str) -> None:
    async with scene.nothing_changes():
        acted = await scene.post(at, act(), cookie=f"{name}={shown}", **SAME)
        assert code(acted.content) == NOT
        looked = await scene.post(at, look(), cookie=f"{name}={shown}", **SAME)
        assert not any((looked.json().get("data") or {}).values()), "nobody is told who they are"
    if at == HOME:
        async with scene.nothing_changes():
            page = await scene.get(HOME, "/", cookie=f"{name}={shown}")
            assert "sign-in" in page.headers.get("location", "") or "clerk" not in page.text


async def told_to(scene: Scene, grant: Grant, shown: str, by: str = GATEWAY) -> TokenTold:
    """What HOME's desk tells a gateway."""
    body = write(TokenAsk(grant, shown))
    return read_told(await scene.ask(body, scene.proven(body, "", by=by), by=by, verb="token"))


async def test_a_good_cookie_opens_its_committee_and_its_gateway(scene: Scene) -> None:
    for at, shown in ((HOME, value(scene)), (GATEWAY, await signed_in(scene))):
        answer = await scene.post(at, look(), cookie=f"{named(at)}={shown}", **SAME)
        assert answer.json()["data"]["viewer"]["roles"] in (["clerk"], ["CLERK"])


@tries(K, Attack.FORGED)
async def test_a_value_that_was_made_up_or_read_in_the_database_opens_nothing(scene: Scene) -> None:
    shown = value(scene)
    for bad in ("made-up", sessions.digest(shown), shown[:-1], shown + "x"):
        await opens_nothing(scene, HOME, named(HOME), bad)
    for bad in ("made-up", (await signed_in(scene))[:-1]):
        await opens_nothing(scene, GATEWAY, named(GATEWAY), bad)


@tries(K, Attack.FORGED)
async def test_a_code_or_handle_that_was_made_up_gets_no_token(scene: Scene) -> None:
    async with scene.nothing_changes():
        for grant in ("code", "renew"):
            assert await told_to(scene, grant, "made-up") == TokenTold(code="SIGN_IN_ENDED")


@tries(K, Attack.REPLAYED)
async def test_a_cookie_after_signing_out_opens_nothing(scene: Scene) -> None:
    shown, there = value(scene), await signed_in(scene)
    with scene.committees[HOME].units.write() as unit:
        sessions.end(unit, sessions.digest(shown))
    await opens_nothing(scene, HOME, named(HOME), shown)
    async with scene.client(GATEWAY) as client:
        own_page = {"sec-fetch-site": "same-origin", "cookie": f"{named(GATEWAY)}={there}"}
        left = await client.post("/sign-out", headers=own_page)
    assert left.status_code == 303
    await opens_nothing(scene, GATEWAY, named(GATEWAY), there)


@tries(K, Attack.REPLAYED)
async def test_a_code_and_a_state_are_good_once(scene: Scene) -> None:
    brought = begun(scene, value(scene))
    state, first = await came_back(scene, brought)
    assert first.status_code == 303
    another = begun(scene, value(scene))
    async with scene.nothing_changes():
        for again in (brought, another):
            assert (await back(scene, state, again)).status_code == 401
        assert (await came_back(scene, brought))[1].status_code == 401, "the code under a state that is new"
        assert await told_to(scene, "code", brought) == TokenTold(code="SIGN_IN_ENDED")


@tries(K, Attack.STOLEN)
async def test_another_sites_page_cannot_use_the_browser_that_has_the_cookie(scene: Scene) -> None:
    for at, shown in ((HOME, value(scene)), (GATEWAY, await signed_in(scene))):
        for told in ({"sec_fetch_site": "cross-site"}, {"origin": "https://evil.example"}):
            async with scene.nothing_changes():
                answer = await scene.post(at, act(), cookie=f"{named(at)}={shown}", **told)
                assert (answer.status_code, code(answer.content)) == (403, "CROSS_SITE")


@tries(K, Attack.STOLEN)
async def test_a_code_or_handle_in_another_gateways_hands_is_worth_nothing(scene: Scene) -> None:
    cookie = value(scene)
    brought, handle = begun(scene, cookie), (await told_to(scene, "code", begun(scene, cookie))).handle
    async with scene.nothing_changes():
        assert await told_to(scene, "code", brought, OTHER_GATEWAY) == TokenTold(code="SIGN_IN_ENDED")
        assert await told_to(scene, "renew", handle, OTHER_GATEWAY) == TokenTold(code="SIGN_IN_ENDED")
        assert await told_to(scene, "end", handle, OTHER_GATEWAY) == TokenTold()
    assert (await told_to(scene, "renew", handle)).token
    assert (await told_to(scene, "code", brought)).token, "and nobody has used it up"


@tries(K, Attack.STOLEN)
async def test_nobody_is_signed_in_as_somebody_else_by_a_link(scene: Scene) -> None:
    """An attacker sends the address with a state and a code of its own; the browser began nothing."""
    began = await scene.get(GATEWAY, f"/sign-in/{HOME}")
    state = parse_qs(urlsplit(began.headers["location"]).query)["state"][0]
    brought = begun(scene, value(scene))
    async with scene.nothing_changes():
        answer = await back(scene, state, brought, cookie="another")
    assert (answer.status_code, named(GATEWAY) in str(answer.headers)) == (401, False)


@tries(K, Attack.EXPIRED)
@pytest.mark.parametrize("later", [{"minutes": 31}, {"hours": 13}], ids=["idle", "old"])
async def test_a_cookie_is_over_when_it_was_idle_or_is_old(scene: Scene, later: dict[str, int]) -> None:
    shown = value(scene)
    scene.clock.ahead += dt.timedelta(**later)
    await opens_nothing(scene, HOME, named(HOME), shown)


@tries(K, Attack.EXPIRED)
async def test_a_code_is_over_after_a_minute(scene: Scene) -> None:
    brought, handle = begun(scene, value(scene)), (await told_to(scene, "code", begun(scene, value(scene)))).handle
    for later, grant, shown in ((60, "code", brought), (1_800, "renew", handle)):
        scene.clock.ahead += dt.timedelta(seconds=later)
        async with scene.nothing_changes():
            assert await told_to(scene, grant, shown) == TokenTold(code="SIGN_IN_ENDED")  # type: ignore[arg-type]


@tries(K, Attack.WRONG_AUDIENCE)
async def test_a_cookie_of_one_place_shown_at_another_opens_nothing(scene: Scene) -> None:
    mine, there = value(scene), await signed_in(scene)
    for at, shown in ((GATEWAY, mine), (OTHER_GATEWAY, there), (HOME, there), (OTHER_GATEWAY, mine)):
        await opens_nothing(scene, at, named(at), shown)


@tries(K, Attack.CHANGED_BODY)
async def test_a_state_that_was_changed_brings_nobody_in(scene: Scene) -> None:
    brought = begun(scene, value(scene))
    async with scene.nothing_changes():
        for altered in ("0", ".x"):
            _, answer = await came_back(scene, brought, altered)
            assert (answer.status_code, named(GATEWAY) in str(answer.headers)) == (401, False)
    assert (await came_back(scene, brought))[1].status_code == 303, "and nobody has used the code up"


@tries(K, Attack.CHANGED_BODY)
async def test_a_form_without_the_token_of_its_page_does_nothing(scene: Scene) -> None:
    cookie = f"{named(HOME)}={value(scene)}"
    async with scene.nothing_changes(), scene.client(HOME) as client:
        for told in ({}, {"csrf": "made-up"}):
            form = {**told, "name": "议事厅", "kind": "HALL", "address": "嘉善"}
            answer = await client.post(
                "/venues/new", data=form, headers={"cookie": cookie, "sec-fetch-site": "same-origin"}
            )
            assert answer.status_code in (400, 403, 404, 405), answer.text[:300]


@tries(K, Attack.SUSPENDED)
async def test_the_cookie_of_an_account_that_was_closed_opens_nothing(scene: Scene) -> None:
    shown = value(scene, name="leaver")
    assert code((await scene.post(HOME, look(), cookie=f"{named(HOME)}={shown}", **SAME)).content) == ""
    home = scene.committees[HOME]
    with home.units.write() as unit:
        accounts.close(unit, accounts.founder(HOME), scene.account("leaver").id, "离任后关闭")
    await opens_nothing(scene, HOME, named(HOME), shown)


@tries(K, Attack.SUSPENDED)
async def test_a_gateways_session_ends_with_its_committee(scene: Scene) -> None:
    there = await signed_in(scene)
    await scene.learn(_330421={"state": "SUSPENDED"})
    await opens_nothing(scene, GATEWAY, named(GATEWAY), there)


@tries(K, Attack.SUSPENDED)
async def test_a_gateway_that_was_suspended_gets_no_token(scene: Scene) -> None:
    brought = begun(scene, value(scene))
    await scene.learn(_gateway_330400={"state": "SUSPENDED"})
    async with scene.nothing_changes():
        assert await told_to(scene, "code", brought) == TokenTold(code="BAD_PROOF")


@tries(K, Attack.ROLLED_BACK)
async def test_a_gateways_session_whose_token_was_voided_is_not_revived_by_an_older_directory(scene: Scene) -> None:
    older, there = scene.hub.text, await signed_in(scene)
    changed: dict[str, Any] = {"nbf_tokens": scene.claims().iat + 3600}
    await scene.learn(_330421=changed)
    await opens_nothing(scene, GATEWAY, named(GATEWAY), there)
    await scene.hand_out(older)
    await opens_nothing(scene, GATEWAY, named(GATEWAY), there)


@tries(K, Attack.ANOTHERS)
async def test_another_committees_cookie_opens_nothing_under_either_name(scene: Scene) -> None:
    theirs = value(scene, NEIGHBOUR)
    answer = await scene.post(NEIGHBOUR, look(), cookie=f"{named(NEIGHBOUR)}={theirs}", **SAME)
    assert code(answer.content) == ""
    for name in (named(HOME), named(NEIGHBOUR)):
        await opens_nothing(scene, HOME, name, theirs)


@tries(K, Attack.ANOTHERS)
async def test_another_committees_code_under_this_ones_state_brings_nobody_in(scene: Scene) -> None:
    neighbour, theirs = scene.committees[NEIGHBOUR], value(scene, NEIGHBOUR)
    with neighbour.units.write() as unit:
        session = sessions.by_cookie(unit, theirs, neighbour.callers.lifetimes)
        assert session
        brought = gateway_sign_in.begin(unit, session, GATEWAY)
    async with scene.nothing_changes():
        _, answer = await came_back(scene, brought)
    assert (answer.status_code, named(GATEWAY) in str(answer.headers)) == (401, False)
