"""What a gateway asks a committee is believed for two signatures that fit each other, the body and the moment; once."""

from typing import Any

import msgspec
import pytest
from nats.errors import Error as NatsError

from sync.bus.rpc import PROOF, TOKEN
from sync.contract import jose
from sync.contract.trust.directory import Directory
from tenant_service.identity.callers import Callers
from tests.security.scene import GATEWAY, HOME, NEIGHBOUR, OTHER_GATEWAY, PARENT, Scene, act, code, look
from tests.security.table import Attack, Door, tries
from tests.security.tokens import Make, shown_at

pytestmark = [pytest.mark.federation, pytest.mark.asyncio(loop_scope="module")]
R = Door.RPC


async def refused(scene: Scene, told: dict[str, str], body: bytes, expected: str, by: str = GATEWAY) -> None:
    async with scene.nothing_changes():
        assert code(await scene.ask(body, told, by=by)) == expected


@pytest.mark.parametrize("body", [act(), look()], ids=["act", "look"])
async def test_the_same_question_is_answered_when_both_signatures_are_good(scene: Scene, body: bytes) -> None:
    assert code(await scene.ask(body, scene.proven(body, scene.bound()))) == ""


# ── the token ──


@pytest.mark.parametrize(("make", "expected"), shown_at(R))
async def test_a_question_is_refused_whose_token_is(scene: Scene, make: Make, expected: str) -> None:
    for body in (act(), look()):
        await refused(scene, scene.proven(body, make(scene, scene.bound)), body, expected)


@tries(R, Attack.STOLEN)
async def test_a_token_that_is_bound_to_one_gateway_is_worth_nothing_to_another(scene: Scene) -> None:
    for body in (act(), look()):
        told = scene.proven(body, scene.bound(GATEWAY), by=OTHER_GATEWAY)
        await refused(scene, told, body, "BAD_PROOF", by=OTHER_GATEWAY)


@tries(R, Attack.STOLEN)
@pytest.mark.parametrize("by", [GATEWAY, OTHER_GATEWAY])
async def test_a_bearer_token_is_not_taken_for_one_that_is_bound(scene: Scene, by: str) -> None:
    """Whoever has seen an application's or a program's token could use it with any gateway's proof."""
    for body in (act(), look()):
        await refused(scene, scene.proven(body, scene.token(), by=by), body, "BAD_TOKEN", by=by)


# ── the proof ──


@pytest.mark.parametrize(
    ("changed", "by"),
    [
        pytest.param(lambda _: {"signer": jose.new_key()}, GATEWAY, id="signed by a stranger",
                     marks=tries(R, Attack.FORGED)),
        pytest.param(lambda scene: {"signer": scene.requests[OTHER_GATEWAY]}, GATEWAY, id="signed by another gateway",
                     marks=tries(R, Attack.FORGED)),
        pytest.param(lambda scene: {"at": scene.claims().iat - 91}, GATEWAY, id="a minute and a half old",
                     marks=tries(R, Attack.EXPIRED)),
        pytest.param(lambda scene: {"at": scene.claims().iat + 40}, GATEWAY, id="not begun",
                     marks=tries(R, Attack.EXPIRED)),
        pytest.param(lambda _: {"to": [NEIGHBOUR, PARENT]}, GATEWAY, id="for other committees",
                     marks=tries(R, Attack.WRONG_AUDIENCE)),
        pytest.param(lambda scene: {"by": NEIGHBOUR, "signer": scene.keys[NEIGHBOUR].token}, GATEWAY,
                     id="a committee's, as if it were a gateway", marks=tries(R, Attack.ANOTHERS)),
    ],
)  # fmt: skip
async def test_a_question_is_refused_whose_proof_is(scene: Scene, changed: Any, by: str) -> None:
    for body in (act(), look()):
        await refused(scene, scene.proven(body, scene.bound(), **changed(scene)), body, "BAD_PROOF", by)


@tries(R, Attack.CHANGED_BODY)
async def test_a_question_is_refused_whose_body_or_token_is_another_than_was_proven(scene: Scene) -> None:
    for said, put in ((look(), act()), (act(name="甲"), act(name="乙"))):
        await refused(scene, scene.proven(said, scene.bound()), put, "BAD_PROOF")
    body = act()
    await refused(scene, scene.proven(body, scene.bound()) | {TOKEN: scene.bound()}, body, "BAD_PROOF")
    await refused(scene, {PROOF: scene.proven(body, "")[PROOF], TOKEN: scene.bound()}, body, "BAD_PROOF")


@tries(R, Attack.CHANGED_BODY)
@pytest.mark.parametrize(("verb", "expected"), [("replica", "BAD_REQUEST"), ("nonsense", "BAD_REQUEST")])
async def test_a_question_under_another_verb_is_none(scene: Scene, verb: str, expected: str) -> None:
    body = act()
    async with scene.nothing_changes():
        assert code(await scene.ask(body, scene.proven(body, scene.bound()), verb=verb)) == expected
        for other in ("token", "changes"):
            told = await scene.ask(act(), scene.proven(body, scene.bound()), verb=other)
            assert b"BAD_PROOF" in told, "an answer of that verb, with the same code"


@tries(R, Attack.REPLAYED)
async def test_a_question_is_answered_once_whichever_way_it_comes_again(scene: Scene) -> None:
    for body in (act(), look()):
        told = scene.proven(body, scene.bound())
        assert code(await scene.ask(body, told)) == ""
        await refused(scene, told, body, "BAD_PROOF")
        await refused(scene, told, body, "BAD_PROOF", by=OTHER_GATEWAY)
        async with scene.nothing_changes():
            assert code((await scene.ask_over_http(body, told)).content) == "BAD_PROOF"


@tries(R, Attack.REPLAYED)
async def test_an_act_that_comes_again_after_a_restart_is_not_done_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that has just started has seen no proof yet; the act's own key is in the database."""
    body, home = act(), scene.committees[HOME]
    told = scene.proven(body, scene.bound())
    first = await scene.ask(body, told)
    monkeypatch.setattr(home.callers, "_proofs", _anew(home.callers))
    async with scene.nothing_changes():
        assert await scene.ask(body, told) == first


def _anew(callers: Callers) -> Any:
    return type(callers._proofs)(callers.committee)


@tries(R, Attack.ANOTHERS)
async def test_a_question_that_was_put_to_several_is_not_put_by_one_of_them_to_another(scene: Scene) -> None:
    """NEIGHBOUR is asked together with HOME, and holds token, proof and body that name HOME as well. HOME was cut off
    and has not seen them. The hub lets NEIGHBOUR say nothing there; neither does HOME's own address.
    """
    body = look()
    told = scene.proven(body, scene.bound(), to=[HOME, NEIGHBOUR])
    async with scene.nothing_changes():
        assert code((await scene.ask_over_http(body, told)).content) == "BAD_PROOF"
        with pytest.raises((NatsError, TimeoutError)):
            await scene.lines[NEIGHBOUR].request(f"rpc.{HOME}.graphql", body, timeout=0.5, headers=told)
    assert scene.asked[HOME] == []
    assert code(await scene.ask(body, told)) == "", "and the gateway's own question is answered"


async def test_a_question_that_was_put_to_home_alone_is_answered_there_over_http(scene: Scene) -> None:
    body = look()
    assert code((await scene.ask_over_http(body, scene.proven(body, scene.bound()))).content) == ""


@tries(R, Attack.ANOTHERS)
async def test_people_of_another_committee_change_nothing_here(scene: Scene) -> None:
    body, sub = act(), scene.account(at=NEIGHBOUR).id
    token = scene.bound(iss=NEIGHBOUR, sub=sub, roles=["clerk", "secretary", "chair", "system_admin"])
    async with scene.nothing_changes():
        assert code(await scene.ask(body, scene.proven(body, token))) == "FORBIDDEN"
        assert code(await scene.ask(body, scene.proven(body, ""))) == "NOT_SIGNED_IN"


@tries(R, Attack.ANOTHERS)
async def test_somebody_of_another_committee_with_the_same_account_id_is_somebody_else(scene: Scene) -> None:
    body = act()
    token = scene.bound(iss=NEIGHBOUR, sub=scene.account().id)
    async with scene.nothing_changes():
        assert code(await scene.ask(body, scene.proven(body, token))) != ""


# ── suspended, rolled back, expired ──


@pytest.mark.parametrize(
    ("who", "expected"), [(NEIGHBOUR, "UNKNOWN_ISSUER"), (GATEWAY, "BAD_PROOF")], ids=["issuer", "gateway"]
)
@tries(R, Attack.SUSPENDED)
async def test_who_was_suspended_is_refused_at_once(scene: Scene, who: str, expected: str) -> None:
    body = b'{"query":"{ venues(first: 1) { totalCount } }"}'
    token = scene.bound(iss=NEIGHBOUR, sub=scene.account(at=NEIGHBOUR).id)
    assert code(await scene.ask(body, scene.proven(body, token))) == ""
    await scene.learn(**{f"_{who.replace('-', '_')}": {"state": "SUSPENDED"}})
    await refused(scene, scene.proven(body, token), body, expected)


@pytest.mark.parametrize("what", ["nbf_tokens", "token", "request"])
@tries(R, Attack.ROLLED_BACK)
async def test_what_a_newer_directory_voids_stays_void_when_the_hub_hands_out_an_older_one(
    scene: Scene, what: str
) -> None:
    older, body, token = scene.hub.text, look(), scene.bound()
    assert code(await scene.ask(body, scene.proven(body, token))) == ""
    new = [jose.public(jose.new_key())]
    changed: dict[str, dict[str, Any]] = {
        "nbf_tokens": {"_330421": {"nbf_tokens": scene.claims().iat + 60}},
        "token": {"_330421": {"keys": scene.keys[HOME].public() | {"token": new}}},
        "request": {"_gateway_330400": {"keys": {"request": new}}},
    }
    await scene.learn(**changed[what])
    expected = "BAD_PROOF" if what == "request" else "BAD_TOKEN"
    await refused(scene, scene.proven(body, token), body, expected)
    await scene.hand_out(older)
    await refused(scene, scene.proven(body, token), body, expected)


@tries(R, Attack.EXPIRED)
@pytest.mark.parametrize("whose", [NEIGHBOUR, GATEWAY], ids=["the issuer's", "the gateway's"])
async def test_nobody_from_elsewhere_is_answered_when_a_registrars_word_has_ended(scene: Scene, whose: str) -> None:
    """Nobody knows then whether the party was suspended meanwhile."""
    body = b'{"query":"{ venues(first: 1) { totalCount } }"}'
    token = scene.bound(iss=NEIGHBOUR, sub=scene.account(at=NEIGHBOUR).id)
    assert code(await scene.ask(body, scene.proven(body, token))) == ""
    home = scene.committees[HOME]
    in_force = home.trust.directory
    home.trust.directory = _without_word_for(whose, in_force, scene.claims().iat)
    try:
        await refused(scene, scene.proven(body, token), body, "DIRECTORY_EXPIRED")
    finally:
        home.trust.directory = in_force


def _without_word_for(id: str, directory: Directory, since: int) -> Directory:
    """As it reads where the party's registrar is another than that of the others, and has not signed for a week."""
    entries = [
        msgspec.structs.replace(each, expires_at=since) if each.id == id else each
        for each in directory.contents.entries
    ]
    return Directory(msgspec.structs.replace(directory.contents, entries=entries, serial=directory.serial + 1))
