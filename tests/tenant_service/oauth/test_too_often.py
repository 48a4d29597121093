"""Whoever asks too often is told when to come again, by a stable code, before anything is looked at."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from sync.contract.errors import Code, Refusal
from tenant_service.edge.attempts import Attempts
from tenant_service.identity.models import AuthorizationCodeRow
from tenant_service.identity.sessions import digest
from tenant_service.storage.unit_of_work import Unit
from tests.tenant_service.oauth.program import HTTP, Program
from tests.tenant_service.oauth.tenant import Tenant, served

MOST = 12


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Tenant]:
    """A committee that lets one address, one application and one account ask so often in a minute. The proxy on this
    machine says whose address it is, so that tests come from several.
    """
    with served(tmp_path, application_requests_per_minute=MOST, trusted_proxies=("127.0.0.1",)) as made:
        yield made


def come_again(answer: httpx2.Response) -> None:
    """It was turned away, and says when it will be looked at."""
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert "RATE_LIMITED" in answer.text


def since(address: str) -> dict[str, str]:
    return {"X-Forwarded-For": address}


@pytest.mark.parametrize("path", ["/token", "/revoke", "/userinfo"])
def test_what_an_address_asks_is_counted_whatever_it_is_worth(strict: Tenant, path: str) -> None:
    def ask(address: str) -> httpx2.Response:
        void = {"grant_type": "refresh_token", "refresh_token": "void", "token": "void", "client_id": "nobody"}
        bearer = {"Authorization": "Bearer void"} if path == "/userinfo" else {}
        return HTTP.post(strict.url + path, data=void, headers=since(address) | bearer)

    assert 429 not in [ask("192.0.2.1").status_code for _ in range(MOST)]
    over = ask("192.0.2.1")
    come_again(over)
    assert (over.json()["error"], over.json()["refusal"]["code"]) == ("temporarily_unavailable", "RATE_LIMITED")
    assert over.json()["refusal"]["zh"].startswith("操作过于频繁")
    assert ask("192.0.2.2").status_code != 429
    networks = [f"2001:db8:0:1::{n}" for n in range(MOST + 1)]
    come_again([ask(each) for each in networks][-1])


@pytest.mark.parametrize("path", ["/authorize", "/gateway-sign-in"])
def test_pages_that_browsers_are_sent_to_are_counted_by_address(strict: Tenant, path: str) -> None:
    asked = [HTTP.get(f"{strict.url}{path}?x=1", headers=since("192.0.2.1")) for _ in range(MOST + 1)]
    assert 429 not in [each.status_code for each in asked[:-1]]
    come_again(asked[-1])
    assert HTTP.get(f"{strict.url}{path}", headers=since("192.0.2.2")).status_code != 429


def test_an_application_that_proves_who_it_is_is_counted_from_all_its_addresses(strict: Tenant) -> None:
    program, other = (Program(strict, strict.client(key=True), strict.browser("clerk")) for _ in range(2))

    def ask(of: Program, n: int) -> httpx2.Response:
        told = {"client_id": of.client.id, **of._proof(), "token": "void"}
        return HTTP.post(f"{strict.url}/revoke", data=told, headers=since(f"192.0.2.{n}"))

    assert [ask(program, n).status_code for n in range(MOST)] == [200] * MOST
    come_again(ask(program, MOST))
    assert ask(other, MOST + 1).status_code == 200
    void = {"client_id": other.client.id, "token": "void"}
    for n in range(MOST):  # whoever only says that it is this application uses up nothing of it
        bare = HTTP.post(f"{strict.url}/revoke", data=void, headers=since(f"192.0.3.{n}"))
        assert bare.json()["error"] == "invalid_client"
    assert ask(other, MOST + 2).status_code == 200


def test_what_was_refused_for_coming_too_often_used_nothing_up(strict: Tenant) -> None:
    program = Program(strict, strict.client(key=True), strict.browser("clerk"))
    code, proof = program.code(), program._proof()
    told = {"grant_type": "authorization_code", "code": code, "redirect_uri": program.client.redirects[0],
            "code_verifier": program.verifier, "client_id": program.client.id, **proof}  # fmt: skip
    for n in range(MOST):
        used = {"client_id": program.client.id, **program._proof(), "token": "void"}
        assert HTTP.post(f"{strict.url}/revoke", data=used, headers=since(f"192.0.2.{n}")).status_code == 200
    come_again(HTTP.post(f"{strict.url}/token", data=told, headers=since("192.0.2.99")))
    assert strict.write(lambda unit: _is_fresh(unit, code))


def _is_fresh(unit: Unit, code: str) -> bool:
    row = unit.session.get(AuthorizationCodeRow, digest(code))
    return row is not None and row.used_at is None


def test_an_account_asks_for_so_many_codes_from_all_its_addresses(strict: Tenant) -> None:
    program = Program(strict, strict.client(), strict.browser("clerk"))
    asked = [program.browser.get(program.asking(), headers=since(f"192.0.2.{n}")) for n in range(MOST + 1)]
    assert [each.status_code for each in asked] == [303] * MOST + [429]
    come_again(asked[-1])
    other = Program(strict, program.client, strict.browser("admin"))
    assert other.browser.get(other.asking(), headers=since("192.0.2.99")).status_code == 303


def test_half_of_the_places_of_passwords_are_kept_from_one_address() -> None:
    attempts = Attempts(1_000, by_name=1_000, at_once=6)
    waiting = [attempts.tried("192.0.2.1", f"name{n}") for n in range(3)]
    for each in waiting:
        each.__enter__()
    with pytest.raises(Refusal) as refusal, attempts.tried("192.0.2.1", "one more"):
        pass
    assert (refusal.value.code, refusal.value.headers) == (Code.BUSY, {"Retry-After": "3"})
    with attempts.tried("192.0.2.2", "somebody else"):
        pass
    waiting[0].__exit__(None, None, None)
    with attempts.tried("192.0.2.1", "one more"):
        pass
