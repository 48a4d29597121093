"""Signing in through a gateway: a code works once, a token in that gateway's hands, and while home says so."""

import pytest
from sqlalchemy import func, select

from sync.bus.answerer import Question
from sync.contract import jose
from sync.contract.asking.gateway_sign_in import TokenAsk, TokenTold, read_told, write
from sync.contract.errors import Code, Refusal
from sync.contract.trust.directory import Directory
from sync.contract.trust.tokens import TokenReader
from tenant_service.identity import accounts, gateway_sign_in, sessions
from tenant_service.identity.callers import Callers
from tenant_service.identity.issuing import Issuer
from tenant_service.identity.models import GatewayCodeRow, GatewayGrantRow
from tenant_service.identity.sessions import Lifetimes
from tenant_service.identity.token_desk import TokenDesk
from tenant_service.storage.engine import Domain
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.identity import federation as f
from tests.tenant_service.identity.conftest import People
from tests.tenant_service.identity.federation import GATEWAY, OTHER_GATEWAY
from tests.tenant_service.places import JIASHAN, JIAXING, Clock

pytestmark = pytest.mark.asyncio
_counted = iter(range(10**9))


@pytest.fixture
def desk(domain: Domain, callers: Callers, issuer: Issuer) -> TokenDesk:
    return TokenDesk(domain, callers, issuer)


async def ask(desk: TokenDesk, grant: str, value: str, gateway: str = GATEWAY) -> TokenTold:
    body = write(TokenAsk(grant, value))  # type: ignore[arg-type]
    now = int(desk.callers.units.clock().timestamp())
    told = f.headers(body, "", gateway=gateway, jti=str(next(_counted)), now=now)
    return read_told(await answered(desk, told, body))


async def answered(desk: TokenDesk, told: dict[str, str], body: bytes) -> bytes:
    return await desk.answer(Question("token", body, told, 0.0))


def signed_in(units: Units, people: People) -> tuple[str, str]:
    """A browser of the clerk: its cookie, and a code for the gateway."""
    with units.write() as unit:
        cookie = sessions.begin(unit, people.clerk.id)
        session = sessions.by_cookie(unit, cookie, Lifetimes())
        assert session
        return cookie, gateway_sign_in.begin(unit, session, GATEWAY)


def reads(token: str, directory: Directory, clock: Clock) -> str:
    """Whom another committee takes this token for."""
    return TokenReader(JIAXING).accept(token, directory, int(clock.now.timestamp())).sub


async def test_a_code_is_worth_one_token_bound_to_the_gateways_key(
    desk: TokenDesk, units: Units, people: People, clock: Clock
) -> None:
    _, code = signed_in(units, people)
    told = await ask(desk, "code", code)
    assert told.code == ""
    assert told.expires_in == 300
    claims = TokenReader(JIAXING).accept(told.token, f.directory(), int(clock.now.timestamp()))
    assert (claims.sub, claims.aud) == (people.clerk.id, ["liandong"])
    assert claims.cnf == jose.thumbprint(f.key(GATEWAY, "request"))
    assert await ask(desk, "code", code) == TokenTold(code=Code.SIGN_IN_ENDED)
    assert told.handle not in (code, told.token, "")


async def test_a_code_is_one_gateways_and_lives_a_minute(
    desk: TokenDesk, units: Units, people: People, clock: Clock
) -> None:
    _, code = signed_in(units, people)
    assert (await ask(desk, "code", code, OTHER_GATEWAY)).code == Code.SIGN_IN_ENDED
    clock.on(seconds=59)
    assert (await ask(desk, "code", code)).token
    _, late = signed_in(units, people)
    clock.on(seconds=60)
    assert (await ask(desk, "code", late)).code == Code.SIGN_IN_ENDED
    assert (await ask(desk, "code", "made-up")).code == Code.SIGN_IN_ENDED


async def test_of_two_processes_that_bring_one_code_at_once_one_gets_a_token(
    units: Units, people: People, issuer: Issuer
) -> None:
    """The slower one has seen the code before the faster one is done with it."""
    if units.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    _, code = signed_in(units, people)
    with units.write() as slower:
        seen = slower.session.get(GatewayCodeRow, sessions.digest(code))
        assert seen
        with units.write() as faster:
            assert gateway_sign_in.redeem(faster, issuer, code, GATEWAY, "key", Lifetimes()).handle
        with pytest.raises(Refusal) as refusal:
            gateway_sign_in.redeem(slower, issuer, code, GATEWAY, "key", Lifetimes())
    assert refusal.value.code is Code.SIGN_IN_ENDED
    with units.read() as unit:
        assert unit.session.scalar(select(func.count()).select_from(GatewayGrantRow)) == 1


async def test_a_gateway_renews_as_long_as_the_browser_is_signed_in_at_home(
    desk: TokenDesk, units: Units, people: People, clock: Clock
) -> None:
    cookie, code = signed_in(units, people)
    handle = (await ask(desk, "code", code)).handle
    for _ in range(20):
        clock.on(minutes=20)
        assert reads((await ask(desk, "renew", handle)).token, f.directory(), clock) == people.clerk.id
    assert (await ask(desk, "renew", handle, OTHER_GATEWAY)).code == Code.SIGN_IN_ENDED
    assert (await ask(desk, "renew", code)).code == Code.SIGN_IN_ENDED
    with units.write() as unit:
        sessions.end(unit, sessions.digest(cookie))
    assert await ask(desk, "renew", handle) == TokenTold(code=Code.SIGN_IN_ENDED)


async def test_nothing_is_renewed_for_who_is_idle_closed_or_signed_out_everywhere(
    desk: TokenDesk, units: Units, people: People, clock: Clock
) -> None:
    handles = [(await ask(desk, "code", signed_in(units, people)[1])).handle for _ in range(2)]
    clock.on(minutes=30)
    assert (await ask(desk, "renew", handles[0])).code == Code.SIGN_IN_ENDED
    _, code = signed_in(units, people)
    handle = (await ask(desk, "code", code)).handle
    _, unused = signed_in(units, people)
    with units.write() as unit:
        accounts.sign_out_everywhere(unit, people.clerk.id)
    assert (await ask(desk, "renew", handle)).code == Code.SIGN_IN_ENDED
    assert (await ask(desk, "code", unused)).code == Code.SIGN_IN_ENDED


async def test_a_handle_that_was_ended_renews_nothing_and_leaves_home_signed_in(
    desk: TokenDesk, units: Units, people: People, callers: Callers
) -> None:
    cookie, code = signed_in(units, people)
    handle = (await ask(desk, "code", code)).handle
    assert await ask(desk, "end", handle, OTHER_GATEWAY) == TokenTold()
    assert (await ask(desk, "renew", handle)).token, "another gateway cannot end it"
    assert await ask(desk, "end", handle) == TokenTold()
    assert (await ask(desk, "renew", handle)).code == Code.SIGN_IN_ENDED
    assert callers.signed_in(cookie)


async def test_a_named_gateway_exchanges_an_api_token_and_no_other_does(
    desk: TokenDesk, units: Units, people: People, issuer: Issuer, clock: Clock
) -> None:
    token = issuer.api_token(people.clerk, [GATEWAY], f.directory(), clock.now).token
    told = await ask(desk, "exchange", token)
    assert reads(told.token, f.directory(), clock) == people.clerk.id
    assert told.handle == ""
    assert (await ask(desk, "exchange", token, OTHER_GATEWAY)).code == Code.BAD_TOKEN
    assert (await ask(desk, "exchange", told.token)).code == Code.BAD_TOKEN, "a bound token does not renew itself"
    foreign = f.token(f.claims(aud=[JIASHAN, GATEWAY], cnf=""))
    assert (await ask(desk, "exchange", foreign)).code == Code.BAD_TOKEN
    with units.write() as unit:
        accounts.sign_out_everywhere(unit, people.clerk.id)
    assert (await ask(desk, "exchange", token)).code == Code.SIGN_IN_ENDED
    clock.on(seconds=900)
    assert (await ask(desk, "exchange", token)).code == Code.BAD_TOKEN


async def test_who_has_to_change_the_first_password_gets_no_token(people: People, issuer: Issuer, clock: Clock) -> None:
    with pytest.raises(Refusal) as refused:
        issuer.api_token(people.member, [], f.directory(), clock.now)
    assert refused.value.code is Code.PASSWORD_CHANGE_NEEDED
    with pytest.raises(Refusal) as refused:
        issuer.gateway_token(people.member, "x", clock.now)
    assert refused.value.code is Code.PASSWORD_CHANGE_NEEDED


@pytest.mark.parametrize("named", ["gateway-none", JIAXING])
async def test_a_token_names_only_gateways_that_the_directory_shows(
    people: People, issuer: Issuer, clock: Clock, named: str
) -> None:
    with pytest.raises(Refusal) as refused:
        issuer.api_token(people.clerk, [named], f.directory(), clock.now)
    assert refused.value.code is Code.UNKNOWN_COMMITTEE


@pytest.mark.parametrize("body", [b"", b"null", b"{}", b'{"grant":"all","value":"x"}', b'{"grant":"code"}', b"\xff"])
async def test_what_is_no_ask_is_refused_and_told_so(desk: TokenDesk, people: People, body: bytes) -> None:
    told = await answered(desk, f.headers(body, "", jti=str(next(_counted))), body)
    assert read_told(told) == TokenTold(code=Code.BAD_REQUEST)


async def test_over_http_a_proof_for_several_gets_no_token(desk: TokenDesk, units: Units, people: People) -> None:
    """Each of them holds it, and the code in the body as well."""
    _, code = signed_in(units, people)
    body, now = write(TokenAsk("code", code)), int(desk.callers.units.clock().timestamp())

    async def told(*to: str) -> TokenTold:
        headers = f.headers(body, "", to=to, jti=str(next(_counted)), now=now)
        return read_told(await desk.answer(Question("token", body, headers, 0.0, is_direct=True)))

    assert await told(JIASHAN, JIAXING) == TokenTold(code=Code.BAD_PROOF)
    assert (await told(JIASHAN)).token, "and the code was not used up"


async def test_without_a_proof_no_gateway_is_told_anything(desk: TokenDesk, units: Units, people: People) -> None:
    _, code = signed_in(units, people)
    body = write(TokenAsk("code", code))
    told = f.headers(body, "", jti="once")
    assert read_told(await answered(desk, {}, body)).code == Code.BAD_PROOF
    assert read_told(await answered(desk, told, body + b" ")).code == Code.BAD_PROOF
    assert read_told(await answered(desk, told, body)).token
    assert read_told(await answered(desk, told, body)).code == Code.BAD_PROOF
