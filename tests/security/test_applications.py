"""What an application shows opens nothing when it is bad, and takes nothing from whoever it belongs to."""

import datetime as dt
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import msgspec
import pytest
from joserfc.jwk import OctKey
from sqlalchemy import select

from sync.contract import jose
from sync.contract.trust.directory import Directory
from tenant_service.identity import accounts, clients
from tenant_service.identity.models import AuditRow
from tests.security.table import Attack, Door, tries
from tests.security.unchanged import differences, tables
from tests.tenant_service.oauth.program import Program, refused
from tests.tenant_service.oauth.tenant import Tenant, served
from tests.tenant_service.places import JIASHAN

P = Door.APPLICATION
GRANT, CLIENT = ("invalid_grant", "OAUTH_GRANT"), ("invalid_client", "OAUTH_CLIENT")
USED_UP = "oauth_assertion"
"""Which proofs came; a good proof is used up by whatever comes with it."""


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    with served(tmp_path_factory.mktemp("tenant"), works=False) as made:
        yield made


@pytest.fixture
def program(tenant: Tenant) -> Iterator[Program]:
    """An application with a key, before a browser that has signed in."""
    yield Program(tenant, tenant.client(key=True), tenant.browser("clerk"))
    tenant.clock.ahead = dt.timedelta()


@contextmanager
def nothing_changes(tenant: Tenant, *besides: str) -> Iterator[None]:
    engine = tenant.committee.domain.engine
    before = tables(engine, [USED_UP, *besides])
    yield
    assert differences(before, tables(engine, [USED_UP, *besides])) == {}


def acts(tenant: Tenant) -> list[str]:
    """What the audit log has, in order."""
    with tenant.committee.units.read() as unit:
        return list(unit.session.scalars(select(AuditRow.act).order_by(AuditRow.seq)))


Showing = Callable[[Program, dict[str, Any]], httpx2.Response]


def _now(program: Program) -> int:
    return int(program.tenant.clock().timestamp())


def _with(**changed: Any) -> Showing:
    """A refresh token with a proof that is changed."""

    def show(program: Program, held: dict[str, Any]) -> httpx2.Response:
        told = {name: each(program) if callable(each) else each for name, each in changed.items()}
        proof = program.assertion(told.pop("key", program.tenant.keys[program.client.id]), **told)
        return program.refresh(held["refresh_token"], client_assertion=proof)

    return show


BAD: list[tuple[str, Attack, Showing, tuple[str, str]]] = [
    ("a proof signed by a stranger", Attack.FORGED, _with(key=lambda _: jose.new_key()), CLIENT),
    ("a proof that is not signed", Attack.FORGED, _with(key=None, alg="none"), CLIENT),
    ("a proof by a secret", Attack.FORGED,
     _with(key=lambda _: OctKey.import_key(secrets.token_bytes(32)), alg="HS256"), CLIENT),
    ("a refresh token that was guessed", Attack.FORGED, lambda program, _: program.refresh("A" * 43), GRANT),
    ("a code that was guessed", Attack.FORGED, lambda program, _: program.redeem("A" * 43), GRANT),
    ("no proof, of an application that has a key", Attack.STOLEN,
     lambda program, held: program.refresh(held["refresh_token"], client_assertion=None, client_assertion_type=None),
     CLIENT),
    ("a proof that is over", Attack.EXPIRED, _with(exp=lambda program: _now(program) - 1), CLIENT),
    ("a proof for years", Attack.EXPIRED, _with(exp=lambda program: _now(program) + 10**8), CLIENT),
    ("a proof for another server", Attack.WRONG_AUDIENCE, _with(aud="https://330411.example"), CLIENT),
    ("a proof for several servers", Attack.WRONG_AUDIENCE,
     _with(aud=lambda program: [program.tenant.url, "https://330411.example"]), CLIENT),
    ("a proof of another kind", Attack.WRONG_AUDIENCE, _with(typ="at+jwt"), CLIENT),
    ("a proof for one application in the name of another", Attack.CHANGED_BODY,
     lambda program, held: program.refresh(held["refresh_token"], client_id=program.tenant.client(key=True).id),
     CLIENT),
]  # fmt: skip


@pytest.mark.parametrize(
    ("show", "expected"),
    [pytest.param(show, code, id=name, marks=tries(P, attack)) for name, attack, show, code in BAD],
)
def test_an_application_gets_nothing_for(program: Program, show: Showing, expected: tuple[str, str]) -> None:
    held = program.tokens()
    with nothing_changes(program.tenant, "oauth_client", "audit_entry", "audit_end"):  # a bystander is registered
        refused(show(program, held), *expected)
    assert program.refresh(held["refresh_token"]).status_code == 200, "and it was taken from nobody"


@tries(P, Attack.REPLAYED)
def test_a_proof_that_comes_again_is_refused(program: Program) -> None:
    proof = program.assertion(program.tenant.keys[program.client.id])
    held = program.refresh(program.tokens()["refresh_token"], client_assertion=proof).json()
    with nothing_changes(program.tenant):
        refused(program.refresh(held["refresh_token"], client_assertion=proof), *CLIENT)
    assert program.refresh(held["refresh_token"]).status_code == 200


@tries(P, Attack.REPLAYED)
@pytest.mark.parametrize("what", ["code", "refresh token", "refresh token, for more than was let"])
def test_a_code_or_refresh_token_that_comes_again_ends_what_came_of_it_and_nothing_else(
    program: Program, what: str
) -> None:
    """One of the two who brought it has stolen it; nobody knows which."""
    bystander = Program(program.tenant, program.client, program.browser)
    others, code = bystander.tokens(), program.code()
    held = program.redeem(code).json()
    renewed = held if what == "code" else program.refresh(held["refresh_token"]).json()
    more = {"scope": "openid api roles"} if "more" in what else {}
    noted = acts(program.tenant)
    with nothing_changes(program.tenant, "oauth_grant", "oauth_refresh", "oauth_code", "audit_entry", "audit_end"):
        again = program.redeem(code) if what == "code" else program.refresh(held["refresh_token"], **more)
        refused(again, *GRANT)
    assert acts(program.tenant) == [*noted, "grant.came_twice"], "a theft is noted, once, and nothing else"
    assert program.userinfo(renewed["access_token"]).status_code == 401
    refused(program.refresh(renewed["refresh_token"]), *GRANT)
    assert bystander.refresh(others["refresh_token"]).status_code == 200


@tries(P, Attack.STOLEN)
def test_another_application_gets_nothing_for_a_code_or_a_refresh_token_and_takes_it_from_nobody(
    program: Program,
) -> None:
    held, code = program.tokens(), program.code()
    thief = Program(program.tenant, program.tenant.client(key=True), program.browser, program.verifier)
    with nothing_changes(program.tenant):
        refused(thief.redeem(code), *GRANT)
        refused(thief.refresh(held["refresh_token"]), *GRANT)
        refused(thief.ask("/revoke", token=held["refresh_token"]), *GRANT)
    assert program.redeem(code).status_code == program.refresh(held["refresh_token"]).status_code == 200


@tries(P, Attack.EXPIRED)
def test_a_code_is_over_after_a_minute_and_a_refresh_token_after_a_day(program: Program) -> None:
    held, code = program.tokens(), program.code()
    program.tenant.clock.ahead += dt.timedelta(seconds=61)
    with nothing_changes(program.tenant, "oauth_code"):  # what is over is swept
        refused(program.redeem(code), *GRANT)
    program.tenant.clock.ahead += dt.timedelta(hours=25)
    with nothing_changes(program.tenant, "oauth_code", "oauth_grant", "oauth_refresh"):
        refused(program.refresh(held["refresh_token"]), *GRANT)
        assert program.userinfo(held["access_token"]).status_code == 401


@tries(P, Attack.CHANGED_BODY)
@pytest.mark.parametrize("changed", [{"redirect_uri": "http://127.0.0.1:9/other"}, {"code_verifier": "x" * 43}])
def test_a_code_with_another_address_or_verifier_is_worth_nothing_and_is_used_up(
    program: Program, changed: dict[str, str]
) -> None:
    """Whoever guesses has one guess."""
    code = program.code()
    with nothing_changes(program.tenant, "oauth_code", "oauth_grant"):
        refused(program.redeem(code, **changed), *GRANT)
        refused(program.redeem(code), *GRANT)


@tries(P, Attack.CHANGED_BODY)
def test_nothing_more_is_given_than_was_let(program: Program) -> None:
    """Whoever asks for more is refused, and has the token as before."""
    held = program.tokens(scope="openid offline_access")
    with nothing_changes(program.tenant):
        assert program.refresh(held["refresh_token"], scope="openid api").json()["error"] == "invalid_scope"
    assert program.refresh(held["refresh_token"]).status_code == 200


@tries(P, Attack.SUSPENDED)
def test_an_account_that_was_closed_and_an_application_that_was_removed_get_nothing(program: Program) -> None:
    tenant, console = program.tenant, accounts.founder(JIASHAN)
    leaving = tenant.account(f"leaving-{secrets.token_hex(4)}")
    held = program.tokens()
    name = tenant.write(lambda unit: accounts.by_id(unit, leaving)).username  # type: ignore[union-attr]
    other = Program(tenant, program.client, tenant.browser(name))
    others, code = other.tokens(scope="openid api offline_access"), other.code()
    tenant.write(lambda unit: accounts.close(unit, console, leaving, "离任后关闭"))
    with nothing_changes(tenant):
        refused(other.refresh(others["refresh_token"]), *GRANT)
        refused(other.redeem(code), *GRANT)
        assert other.asks_api(others["access_token"]).status_code == 401
    tenant.write(lambda unit: clients.remove(unit, console, program.client.id))
    with nothing_changes(tenant):
        refused(program.refresh(held["refresh_token"]), *CLIENT)
        assert program.userinfo(held["access_token"]).status_code == 401


@tries(P, Attack.ROLLED_BACK)
def test_an_access_token_that_was_voided_stays_so_when_an_older_directory_is_brought(program: Program) -> None:
    committee, held = program.tenant.committee, program.tokens(scope="openid api")
    older, file = committee.trust.directory, committee.settings.directory
    assert program.userinfo(held["access_token"]).status_code == 200
    entries = [msgspec.structs.replace(each, nbf_tokens=_now(program) + 60) for each in older.contents.entries]
    newer = Directory(
        msgspec.structs.replace(older.contents, entries=entries, serial=older.serial + 1,
                                parts={kid: each + 1 for kid, each in older.contents.parts.items()})
    )  # fmt: skip
    committee.trust.directory = newer
    try:
        with nothing_changes(program.tenant):
            assert program.userinfo(held["access_token"]).status_code == 401
            with pytest.raises(jose.Untrusted):
                committee.copy.take(file.read_text(encoding="utf-8"), committee.trust.directory)
            assert committee.trust.directory is newer
            assert program.userinfo(held["access_token"]).status_code == 401
            assert program.asks_api(held["access_token"]).status_code == 401
    finally:
        committee.trust.directory = older


@tries(P, Attack.ANOTHERS)
def test_what_another_committee_gave_the_same_application_opens_nothing_here(
    program: Program, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with served(tmp_path_factory.mktemp("another"), works=False) as another:
        there = Program(another, another.client(key=True), another.browser("clerk"), program.verifier)
        held, code = there.tokens(scope="openid api offline_access"), there.code()
        aimed_there = there.assertion(program.tenant.keys[program.client.id], iss=program.client.id,
                                      sub=program.client.id)  # fmt: skip
        mine = program.tokens()
        with nothing_changes(program.tenant):
            refused(program.redeem(code), *GRANT)
            refused(program.refresh(held["refresh_token"]), *GRANT)
            refused(program.refresh(mine["refresh_token"], client_assertion=aimed_there), *CLIENT)
            assert program.userinfo(held["access_token"]).status_code == 401
            assert program.asks_api(held["access_token"]).status_code == 401
            assert program.ask("/revoke", token=held["access_token"]).status_code in (200, 400)
