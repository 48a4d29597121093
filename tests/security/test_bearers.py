"""A bearer token that is bad opens neither a committee nor a gateway, and leaves nothing behind."""

import datetime as dt
from typing import Any

import pytest

from sync.contract import jose
from tenant_service.identity import accounts
from tests.security.scene import GATEWAY, HOME, NEIGHBOUR, OTHER_GATEWAY, Scene, act, code, look
from tests.security.table import Attack, Door, tries
from tests.security.tokens import Make, shown_at
from tests.security.unchanged import tables

pytestmark = [pytest.mark.federation, pytest.mark.asyncio(loop_scope="module")]
A, G = Door.COMMITTEE, Door.GATEWAY


async def refused(scene: Scene, at: str, token: str, expected: str) -> None:
    """Neither an act nor a look is answered, nothing changes, and no committee was put a question."""
    async with scene.nothing_changes():
        for body in (act(), look()):
            answer = await scene.post(at, body, authorization=f"Bearer {token}")
            assert (answer.status_code, code(answer.content)) == (401, expected)
    assert [each.verb for each in scene.asked[HOME] + scene.asked[NEIGHBOUR] if each.verb != "token"] == []


@pytest.mark.parametrize("at", [HOME, GATEWAY])
async def test_the_same_act_is_done_for_who_has_a_good_token(scene: Scene, at: str) -> None:
    """So that what follows is refused for its token and for nothing else; and the helper sees what is done."""
    before = tables(scene.engines[0])
    answer = await scene.post(at, act(), authorization=f"Bearer {scene.token()}")
    assert code(answer.content) == ""
    after = tables(scene.engines[0])
    assert {"venue", "outbox", "audit_entry"} <= {name for name in after if len(after[name]) > len(before[name])}


@pytest.mark.parametrize(("make", "expected"), shown_at(A))
async def test_a_committee_refuses_a_token_that_is(scene: Scene, make: Make, expected: str) -> None:
    await refused(scene, HOME, make(scene, scene.token), expected)


@pytest.mark.parametrize(("make", "expected"), shown_at(G))
async def test_a_gateway_refuses_a_token_that_is(scene: Scene, make: Make, expected: str) -> None:
    await refused(scene, GATEWAY, make(scene, scene.token), expected)


@tries(A, Attack.ANOTHERS)
async def test_people_of_another_committee_change_nothing_here_with_a_good_token_of_theirs(scene: Scene) -> None:
    roles = ["clerk", "secretary", "chair", "system_admin"]
    token = scene.token(iss=NEIGHBOUR, sub=scene.account().id, aud=[HOME], roles=roles)
    async with scene.nothing_changes():
        answer = await scene.post(HOME, act(), authorization=f"Bearer {token}")
    assert code(answer.content) == "FORBIDDEN"


# ── replayed, and changed on its way ──


@tries(A, Attack.REPLAYED)
async def test_a_request_that_comes_again_at_a_committee_is_not_done_again(scene: Scene) -> None:
    await comes_again(scene, HOME)


@tries(G, Attack.REPLAYED)
async def test_a_request_that_comes_again_at_a_gateway_is_not_done_again(scene: Scene) -> None:
    await comes_again(scene, GATEWAY)


async def comes_again(scene: Scene, at: str) -> None:
    """A bearer token may be shown often; an act has a key, under which it is done once."""
    said, bearer = act(), f"Bearer {scene.token()}"
    first = await scene.post(at, said, authorization=bearer)
    async with scene.nothing_changes():
        assert (await scene.post(at, said, authorization=bearer)).json()["data"] == first.json()["data"]


@tries(A, Attack.CHANGED_BODY)
async def test_an_act_that_is_changed_under_its_key_at_a_committee_is_refused(scene: Scene) -> None:
    await is_changed(scene, HOME)


@tries(G, Attack.CHANGED_BODY)
async def test_an_act_that_is_changed_under_its_key_at_a_gateway_is_refused(scene: Scene) -> None:
    await is_changed(scene, GATEWAY)


async def is_changed(scene: Scene, at: str) -> None:
    bearer = f"Bearer {scene.token()}"
    assert code((await scene.post(at, act("key-of-" + at), authorization=bearer)).content) == ""
    async with scene.nothing_changes():
        answer = await scene.post(at, act("key-of-" + at, "别的"), authorization=bearer)
        assert code(answer.content) == "IDEMPOTENCY_KEY_REUSED"


# ── stolen ──


@pytest.mark.parametrize(
    ("at", "of"),
    [
        pytest.param(HOME, GATEWAY, id="a gateway's, shown to the committee itself", marks=tries(A, Attack.STOLEN)),
        pytest.param(GATEWAY, OTHER_GATEWAY, id="another gateway's", marks=tries(G, Attack.STOLEN)),
    ],
)
async def test_a_token_that_is_bound_to_a_gateway_is_worth_nothing_to_a_thief(scene: Scene, at: str, of: str) -> None:
    await refused(scene, at, scene.bound(of), "BAD_TOKEN")


@tries(G, Attack.WRONG_AUDIENCE)
async def test_a_token_that_names_another_gateway_is_refused(scene: Scene) -> None:
    await refused(scene, GATEWAY, scene.token(aud=[HOME, OTHER_GATEWAY]), "BAD_TOKEN")
    await refused(scene, GATEWAY, scene.token(aud=[HOME]), "BAD_TOKEN")


@tries(A, Attack.STOLEN)
async def test_a_token_ends_when_its_owner_signs_out_everywhere(scene: Scene) -> None:
    account, token = scene.account("admin"), scene.token(sub=scene.account("admin").id)
    assert code((await scene.post(HOME, look(), authorization=f"Bearer {token}")).content) == ""
    scene.clock.ahead += dt.timedelta(seconds=10)
    with scene.committees[HOME].units.write() as unit:
        accounts.sign_out_everywhere(unit, account.id)
    await refused(scene, HOME, token, "SIGN_IN_ENDED")


@tries(G, Attack.STOLEN)
async def test_a_gateway_gives_nobody_a_token_that_its_holder_can_use_elsewhere(scene: Scene) -> None:
    """Home does not answer when the gateway wants the token exchanged; the gateway must not put its own question with
    it: NEIGHBOUR would hold a token that HOME's `/graphql` takes.
    """
    scene.silent.add(HOME)
    asked = b'{"query":"{ venues(first: 5) { nodes { id } } }"}'
    async with scene.nothing_changes():
        answer = await scene.post(GATEWAY, asked, authorization=f"Bearer {scene.token()}")
    shown = [each.headers.get("Token") for each in scene.asked[NEIGHBOUR]]
    assert [each for each in shown if each] == []
    assert code(answer.content) == "AWAY"


# ── suspended, rolled back ──

SUSPENDED: dict[str, Any] = {"state": "SUSPENDED"}


@pytest.mark.parametrize(
    "at",
    [
        pytest.param(HOME, id="at a committee", marks=tries(A, Attack.SUSPENDED)),
        pytest.param(GATEWAY, id="at a gateway", marks=tries(G, Attack.SUSPENDED)),
    ],
)
async def test_a_token_of_a_committee_that_was_suspended_is_refused_at_once(scene: Scene, at: str) -> None:
    token = scene.token(iss=NEIGHBOUR, sub=scene.account(at=NEIGHBOUR).id, aud=[NEIGHBOUR, HOME, GATEWAY])
    assert code((await scene.post(at, look(), authorization=f"Bearer {token}")).content) == ""
    scene.asked[NEIGHBOUR].clear()
    scene.asked[HOME].clear()
    await scene.learn(_330411=SUSPENDED)
    await refused(scene, at, token, "UNKNOWN_ISSUER")


@pytest.mark.parametrize(
    "at",
    [
        pytest.param(HOME, id="at a committee", marks=tries(A, Attack.ROLLED_BACK)),
        pytest.param(GATEWAY, id="at a gateway", marks=tries(G, Attack.ROLLED_BACK)),
    ],
)
@pytest.mark.parametrize("how", ["nbf_tokens", "key"])
async def test_a_token_that_is_void_stays_so_when_the_hub_hands_out_an_older_directory(
    scene: Scene, at: str, how: str
) -> None:
    """Tokens were voided, or the key was withdrawn, because somebody has stolen it."""
    older, token = scene.hub.text, scene.token()
    assert code((await scene.post(at, look(), authorization=f"Bearer {token}")).content) == ""
    keys = scene.keys[HOME].public() | {"token": [jose.public(jose.new_key())]}
    changed = {"nbf_tokens": scene.claims().iat + 60} if how == "nbf_tokens" else {"keys": keys}
    await scene.learn(_330421=changed)
    scene.asked[HOME].clear()
    await refused(scene, at, token, "BAD_TOKEN")
    await scene.hand_out(older)
    await refused(scene, at, token, "BAD_TOKEN")
