"""What applications hold outlives a restart and a new key, and is one thing for every process of the committee."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from tenant_service.identity.keys import replace_key
from tests.tenant_service.oauth.program import HTTP, Program, refused
from tests.tenant_service.oauth.tenant import Tenant, served


def begun(tenant: Tenant) -> Program:
    """An application on somebody's own machine."""
    return Program(tenant, tenant.client(), tenant.browser("clerk"))


def at(program: Program, tenant: Tenant) -> Program:
    """The same application, before another process."""
    return Program(tenant, program.client, tenant.browser("clerk"), program.verifier)


def test_a_refresh_token_that_comes_again_after_a_restart_ends_its_family(tmp_path: Path, database: str) -> None:
    with served(tmp_path, database) as before:
        program = begun(before)
        first = program.tokens()
        second = program.refresh(first["refresh_token"]).json()
    with served(tmp_path, database) as after:
        program = at(program, after)
        assert program.userinfo(second["access_token"]).status_code == 200
        refused(program.refresh(first["refresh_token"]), "invalid_grant", "OAUTH_GRANT")
        refused(program.refresh(second["refresh_token"]), "invalid_grant", "OAUTH_GRANT")
        assert program.userinfo(second["access_token"]).status_code == 401


@pytest.mark.parametrize("what", ["code", "refresh token"])
def test_of_two_processes_that_are_brought_one_secret_at_once_one_answers(
    tmp_path: Path, database: str, what: str
) -> None:
    with served(tmp_path, database) as one, served(tmp_path, database) as other:
        program = begun(one)
        value = program.code() if what == "code" else program.tokens()["refresh_token"]
        both = [program, at(program, other)]
        ask: Callable[[Program], httpx2.Response] = lambda each: (  # noqa: E731
            each.redeem(value) if what == "code" else each.refresh(value)
        )
        with ThreadPoolExecutor(8) as threads:
            told = list(threads.map(ask, both * 4))
        assert sorted(each.status_code for each in told) == [200] + [400] * 7
        (won,) = (each.json() for each in told if each.status_code == 200)
        for each in both:
            assert each.userinfo(won["access_token"]).status_code == 401, "what came of it is void at both"
            refused(each.refresh(won["refresh_token"]), "invalid_grant", "OAUTH_GRANT")


def test_a_token_signed_by_a_key_that_was_just_replaced_is_given_back(tmp_path: Path, database: str) -> None:
    with served(tmp_path, database) as before:
        program = begun(before)
        old, kept = program.tokens(), program.tokens()
    replace_key(tmp_path / "keys", "token")
    ends = int((dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).timestamp())
    with served(tmp_path, database, ends=ends) as after:
        program = at(program, after)
        assert program.userinfo(old["access_token"]).status_code == 200
        assert len(HTTP.get(f"{after.url}/jwks").json()["keys"]) == 2
        assert program.ask("/revoke", token=old["access_token"]).json() == {}
        assert program.userinfo(old["access_token"]).status_code == 401
        refused(program.refresh(old["refresh_token"]), "invalid_grant", "OAUTH_GRANT")
        after.clock.ahead += dt.timedelta(hours=2)
        assert len(HTTP.get(f"{after.url}/jwks").json()["keys"]) == 1
        assert program.ask("/revoke", token=kept["access_token"]).json() == {}
        assert program.refresh(kept["refresh_token"]).status_code == 200, "a key that is over gives nothing back"
