"""Who asks: signatures are believed for what they sign, once, in their minute, while their signer is active."""

from typing import Any

import msgspec
import pytest

from sync.bus.rpc import PROOF, TOKEN
from sync.contract import jose
from sync.contract.errors import Code, Refusal
from sync.contract.trust import proofs, tokens
from sync.contract.trust.directory import Directory
from sync.contract.trust.proofs import LIFE, ProofReader
from sync.contract.trust.tokens import SKEW
from tenant_service.identity import accounts, sessions
from tenant_service.identity.callers import Asker, Callers, cookie_name
from tenant_service.identity.granted import Granted, at_userinfo
from tenant_service.identity.issuing import Issuer
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.identity import federation as f
from tests.tenant_service.identity.conftest import People
from tests.tenant_service.identity.federation import GATEWAY, NOW, OTHER_GATEWAY, Keeper, claims, headers, token
from tests.tenant_service.places import JIASHAN, JIAXING, ZHEJIANG, Clock

BODY = b'{"query":"{ apiVersion }"}'


def refused(callers: Callers, told: dict[str, str], body: bytes = BODY) -> Code:
    with pytest.raises(Refusal) as refusal:
        callers.over_rpc(told, body)
    return refusal.value.code


def test_a_question_of_another_committees_clerk_comes_through(callers: Callers, units: Units) -> None:
    asker = callers.over_rpc(headers(BODY, token()), BODY)
    assert asker == Asker(Granted(**msgspec.structs.asdict(f.GOOD)), GATEWAY)
    with units.read() as unit:
        actor = callers.actor(unit, asker)
    assert (actor.iss, actor.sub, actor.roles) == (JIAXING, "330400.account.1", frozenset({Role.CLERK}))
    assert not actor.is_home
    assert "c" in actor.channels


def test_without_a_token_nobody_asks_but_the_gateway_is_still_proven(callers: Callers, units: Units) -> None:
    asker = callers.over_rpc(headers(BODY, ""), BODY)
    assert asker.claims is None
    with units.read() as unit:
        assert callers.actor(unit, asker).iss == ""
    assert refused(callers, {}) is Code.BAD_PROOF


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"exp": NOW}, Code.BAD_TOKEN),
        ({"iat": NOW + 31, "exp": NOW + 60}, Code.BAD_TOKEN),
        ({"exp": NOW + 100_000}, Code.BAD_TOKEN),
        ({"aud": [ZHEJIANG]}, Code.BAD_TOKEN),
        ({"aud": [GATEWAY], "cnf": ""}, Code.BAD_TOKEN),
        ({"cnf": ""}, Code.BAD_TOKEN),
        ({"cnf": jose.thumbprint(f.key(OTHER_GATEWAY, "request"))}, Code.BAD_PROOF),
        ({"iss": "510000"}, Code.UNKNOWN_ISSUER),
        ({"iss": GATEWAY}, Code.BAD_TOKEN),
        ({"iss": ZHEJIANG}, Code.BAD_TOKEN),
    ],
    ids=["expired", "not yet", "too long", "another audience", "a gateway's", "unbound", "bound to another gateway",
         "unlisted issuer", "a gateway as issuer", "another's name"],
)  # fmt: skip
def test_a_token_that_is_not_for_this_is_refused(callers: Callers, told: dict[str, Any], code: Code) -> None:
    bad = token(claims(**told), f.key(JIAXING, "token"))
    assert refused(callers, headers(BODY, bad)) is code


def test_a_forged_token_is_refused(callers: Callers) -> None:
    good = token()
    first, payload, signature = good.split(".")
    _, other, _ = token(claims(roles=["chair"])).split(".")
    for bad in (
        token(signer=jose.new_key()),
        token(signer=f.key(JIAXING, "event")),
        f"{first}.{other}.{signature}",
        f"{first}.{payload}.",
        "x.y.z",
        "a" * 20_000,
        "\ud800",
    ):
        assert refused(callers, headers(BODY, bad) if bad.isprintable() else {TOKEN: bad}) is Code.BAD_TOKEN


def test_a_proof_is_good_for_one_body_one_token_one_minute_and_those_it_names(callers: Callers, clock: Clock) -> None:
    good = token()
    other = token(claims(jti="2"))
    assert refused(callers, headers(b"other", good)) is Code.BAD_PROOF
    assert refused(callers, {**headers(BODY, other), TOKEN: good}) is Code.BAD_PROOF
    assert refused(callers, headers(BODY, good, to=(ZHEJIANG, JIAXING))) is Code.BAD_PROOF
    assert refused(callers, headers(BODY, good, now=NOW - 91)) is Code.BAD_PROOF
    assert refused(callers, headers(BODY, good, now=NOW + 31)) is Code.BAD_PROOF
    assert refused(callers, headers(BODY, good, signer=jose.new_key())) is Code.BAD_PROOF
    assert refused(callers, headers(BODY, good, gateway=JIAXING, signer=f.key(JIAXING, "token"))) is Code.BAD_PROOF
    assert refused(callers, {TOKEN: good, PROOF: good}) is Code.BAD_PROOF
    assert refused(callers, {TOKEN: good}) is Code.BAD_PROOF
    assert callers.over_rpc(headers(BODY, good), BODY).gateway == GATEWAY


def test_a_proof_that_was_seen_is_refused_also_after_many_others(callers: Callers) -> None:
    told = headers(BODY, token(), jti="first")
    callers.over_rpc(told, BODY)
    assert refused(callers, told) is Code.BAD_PROOF
    callers.over_rpc(headers(BODY, token(), jti="second"), BODY)
    assert refused(callers, told) is Code.BAD_PROOF


def test_a_proof_lives_a_minute_whatever_it_says(callers: Callers) -> None:
    user = token()

    def signed(seconds: int) -> dict[str, str]:
        said = proofs.Proof(
            iss=GATEWAY, aud=[JIASHAN], bh=proofs.digest(BODY), ath=proofs.digest(user.encode()), iat=NOW,
            exp=NOW + seconds, jti=str(seconds),
        )  # fmt: skip
        return {TOKEN: user, PROOF: jose.sign(proofs.TYPE, msgspec.json.encode(said), f.key(GATEWAY, "request"))}

    assert refused(callers, signed(LIFE + 1)) is Code.BAD_PROOF
    assert callers.over_rpc(signed(LIFE), BODY).gateway == GATEWAY


def test_a_proof_is_remembered_for_as_long_as_it_could_be_shown_however_many_come_between() -> None:
    """Of a gateway whose clock is ahead by as much as is allowed; so many come that old ones are forgotten."""
    reader, directory = ProofReader(JIASHAN), f.directory()

    def take(jti: str, at: int, now: int) -> str:
        return reader.accept(headers(BODY, "", jti=jti, now=at)[PROOF], BODY, "", None, directory, now)

    last = NOW + 2 * SKEW + LIFE - 1
    assert take("first", NOW + SKEW, NOW) == GATEWAY
    for number in range(1_002):
        take(str(number), last, last)
    with pytest.raises(Refusal) as refusal:
        take("first", NOW + SKEW, last)
    assert refusal.value.code is Code.BAD_PROOF


def showing(serial: int, whose: str, keys: dict[str, Any]) -> Directory:
    """The directory, with these keys of one party."""
    changed: dict[str, dict[str, object]] = {f"_{whose.replace('-', '_')}": {"keys": keys}}
    return f.directory(serial, 2**40, **changed)


@pytest.mark.parametrize(
    ("whose", "use", "code"),
    [(JIAXING, "token", Code.BAD_TOKEN), (GATEWAY, "request", Code.BAD_PROOF)],
    ids=["the issuer's", "the gateway's"],
)
@pytest.mark.parametrize("shown", [{"exp": NOW}, {"nbf": NOW + 1}], ids=["over", "not begun"])
def test_a_key_that_is_shown_signs_nothing_outside_its_time(
    callers: Callers, keeper: Keeper, whose: str, use: str, code: Code, shown: dict[str, int]
) -> None:
    jwk = jose.public(f.key(whose, use))
    keeper.now = showing(2, whose, {use: [jwk | shown]})
    assert refused(callers, headers(BODY, token())) is code
    keeper.now = showing(3, whose, {use: [jwk | {"nbf": NOW, "exp": NOW + 1}]})
    assert callers.over_rpc(headers(BODY, token(), jti="b"), BODY).gateway == GATEWAY


def test_a_committee_that_lists_a_gateways_key_is_none(callers: Callers, keeper: Keeper) -> None:
    """What keys it shows is its own word; whether it is a gateway its registrar says."""
    own = f.key(ZHEJIANG, "request")
    keeper.now = f.directory(2, _330000={"keys": {"request": [jose.public(own)]}})
    assert refused(callers, headers(BODY, "", gateway=ZHEJIANG, signer=own)) is Code.BAD_PROOF


@pytest.mark.parametrize("whose", [JIAXING, GATEWAY], ids=["a token", "a proof"])
def test_a_key_for_something_else_signs_neither_token_nor_proof(callers: Callers, keeper: Keeper, whose: str) -> None:
    use = "token" if whose == JIAXING else "request"
    other = "request" if use == "token" else "token"
    keeper.now = showing(2, whose, {each: [jose.public(f.key(whose, use))] for each in ("event", "code", other)})
    expected = Code.BAD_TOKEN if whose == JIAXING else Code.BAD_PROOF
    assert refused(callers, headers(BODY, token())) is expected


def test_a_token_in_the_place_of_a_proof_is_refused_and_a_proof_in_the_place_of_a_token(callers: Callers) -> None:
    proof = headers(BODY, token())[PROOF]
    assert refused(callers, headers(BODY, proof)) is Code.BAD_TOKEN


def test_a_suspended_issuer_counts_at_once_also_for_tokens_seen_before(callers: Callers, keeper: Keeper) -> None:
    seen = token()
    callers.over_rpc(headers(BODY, seen), BODY)
    keeper.now = f.directory(2, _330400={"state": "SUSPENDED"})
    for jti, each in (("b", seen), ("c", token())):
        assert refused(callers, headers(BODY, each, jti=jti)) is Code.UNKNOWN_ISSUER


def test_a_suspended_gateway_proves_nothing(callers: Callers, keeper: Keeper) -> None:
    keeper.now = f.directory(2, _gateway_330400={"state": "SUSPENDED"})
    assert refused(callers, headers(BODY, token())) is Code.BAD_PROOF


def test_tokens_from_before_a_compromise_are_void(callers: Callers, keeper: Keeper) -> None:
    keeper.now = f.directory(2, _330400={"nbf_tokens": NOW})
    assert refused(callers, headers(BODY, token())) is Code.BAD_TOKEN
    assert callers.over_rpc(headers(BODY, token(claims(iat=NOW)), jti="b"), BODY).claims


def test_with_an_expired_directory_only_our_own_people_are_answered(
    callers: Callers, keeper: Keeper, people: People, units: Units, issuer: Issuer, clock: Clock
) -> None:
    keeper.now = f.directory(2, expires_at=NOW)
    assert refused(callers, headers(BODY, token())) is Code.DIRECTORY_EXPIRED
    assert refused(callers, headers(BODY, "", jti="b")) is Code.DIRECTORY_EXPIRED
    own = issuer.gateway_token(people.clerk, f.GOOD.cnf, clock.now).token
    with units.read() as unit:
        assert callers.actor(unit, callers.over_rpc(headers(BODY, own, jti="c"), BODY)).is_home


def test_the_word_of_one_registrar_ends_for_its_own_people_alone(callers: Callers, keeper: Keeper) -> None:
    keeper.now = f.directory(2, _330400={"expires_at": NOW})
    assert refused(callers, headers(BODY, token())) is Code.DIRECTORY_EXPIRED
    keeper.now = f.directory(3, _330000={"expires_at": NOW})
    assert callers.over_rpc(headers(BODY, token(), jti="b"), BODY).claims


def test_an_own_account_has_the_roles_of_today_not_those_of_its_token(
    callers: Callers, people: People, units: Units, issuer: Issuer, clock: Clock
) -> None:
    said = issuer.api_token(people.clerk, [], f.directory(), clock.now)
    asker = callers.over_http(f"Bearer {said.token}")
    assert asker is not None
    with units.read() as unit:
        assert callers.actor(unit, asker).roles == {Role.CLERK}
    with units.write() as unit:
        accounts.give_roles(unit, accounts.founder(JIASHAN), people.clerk.id, frozenset({Role.STREET}), "人员调整")
    with pytest.raises(Refusal) as refusal, units.read() as unit:
        callers.actor(unit, asker)
    assert refusal.value.code is Code.SIGN_IN_ENDED
    with units.read() as unit:
        now = accounts.by_id(unit, people.clerk.id)
        assert now
        again = callers.over_http("bearer " + issuer.api_token(now, [], f.directory(), clock.now).token)
        assert again
        assert callers.actor(unit, again).roles == {Role.STREET}


def test_a_contact_is_his_bodys_by_every_door_and_only_by_our_own_account(
    callers: Callers, units: Units, issuer: Issuer, clock: Clock
) -> None:
    """Over the hub through a gateway, by a token and by a cookie; a token of another committee brings no body."""
    body = f"{JIASHAN}.body.{'0' * 32}"
    with units.write() as unit:
        draft = accounts.Draft("water", "水务", frozenset({Role.DEPARTMENT}), body=body)
        account = accounts.create(unit, accounts.founder(JIASHAN), draft, "unused", must_change=False)
        cookie = sessions.begin(unit, account.id)
    clock.on(seconds=2)
    now = int(clock.now.timestamp())
    own = token(claims(iss=JIASHAN, sub=account.id, iat=now, exp=now + 300), f.key(JIASHAN, "token"))
    abroad = token(claims(roles=["department"], iat=now, exp=now + 300))
    with units.read() as unit:
        through = callers.actor(unit, callers.over_rpc(headers(BODY, own, now=now), BODY))
        found = callers.browser(unit, cookie)
        stranger = callers.actor(unit, callers.over_rpc(headers(BODY, abroad, jti="b", now=now), BODY))
    assert found is not None
    assert (through.body, through.sub, found.actor.body, stranger.body) == (body, account.id, body, None)


def test_a_browser_that_is_used_all_day_is_signed_in_for_twelve_hours(
    callers: Callers, units: Units, people: People, clock: Clock
) -> None:
    with units.write() as unit:
        cookie = sessions.begin(unit, people.clerk.id)
    for _ in range(28):
        clock.on(minutes=25)
        assert callers.signed_in(cookie), "it was never idle for half an hour"
    clock.on(minutes=20)
    assert callers.signed_in(cookie) is None


def test_another_committee_gives_nobody_an_access_token_for_here(callers: Callers) -> None:
    """It is a member of the federation, so its signature is good; but only we say what applications may have of us."""
    told = msgspec.structs.asdict(claims(aud=[at_userinfo(JIASHAN)], cnf=""))
    access = tokens.issued(Granted(**told, scope="openid", grant="g"), f.key(JIAXING, "token"))
    with pytest.raises(Refusal) as refusal:
        callers.granted(f"Bearer {access}")
    assert refusal.value.code is Code.BAD_TOKEN


@pytest.mark.parametrize("said", ["Basic {}", "{}", "Bearer", "Bearer ", "DPoP {}"])
def test_a_good_token_under_another_scheme_is_none(callers: Callers, said: str) -> None:
    good = token(claims(aud=[JIASHAN], cnf=""))
    assert callers.over_http(f"Bearer {good}")
    with pytest.raises(Refusal) as refusal:
        callers.over_http(said.format(good))
    assert refusal.value.code is Code.BAD_TOKEN


def test_over_http_a_token_that_is_bound_to_a_gateway_is_worth_nothing(callers: Callers) -> None:
    for said in ("Bearer", "Bearer ", "Basic abc", "", f"Bearer {token()}", "Bearer x.y.z"):
        with pytest.raises(Refusal) as refusal:
            callers.over_http(said)
        assert refusal.value.code is Code.BAD_TOKEN
    assert callers.over_http(None) is None


def test_a_cookie_tells_whose_browser_it_is_and_is_noticed_once_a_minute(
    callers: Callers, people: People, units: Units, clock: Clock
) -> None:
    with units.write() as unit:
        cookie = sessions.begin(unit, people.member.id)
    found = callers.signed_in(cookie)
    assert found
    assert (found.actor.sub, found.actor.must_change) == (people.member.id, True)
    assert (found.actor.roles, found.actor.person) == (frozenset(), None), "until the first password is changed"
    clock.on(minutes=20)
    callers.signed_in(cookie)
    clock.on(minutes=20)
    assert callers.signed_in(cookie), "the idle time runs from the last request"
    for wrong in (None, "", "x", cookie[:-1], cookie + "x", found.session.digest):
        assert callers.signed_in(wrong) is None


def test_a_cookie_carries_the_committees_id_and_over_tls_its_host() -> None:
    assert cookie_name(JIASHAN, is_https=True) == "__Host-liandong-330421"
    assert cookie_name(JIASHAN, is_https=False) == "liandong-330421"
