"""Pure rules of names, passwords and locks."""

import datetime as dt

import pytest

from sync.contract.errors import Code, Refusal
from tenant_service.identity import rules


@pytest.mark.parametrize(
    ("said", "username"),
    [("short-9ch", ""), ("x" * 201, ""), ("aaaaaaaaaaaa", ""), ("my-CLERK-2026", "clerk"), ("", "")],
)
def test_a_weak_password_is_refused(said: str, username: str) -> None:
    with pytest.raises(Refusal) as refused:
        rules.password(said, username)
    assert refused.value.code is Code.WEAK_PASSWORD


def test_a_password_is_the_same_whatever_keyboard_composed_it() -> None:
    assert rules.password("passe\u0301-2026!", "clerk") == rules.typed("pass\u00e9-2026!") == "pass\u00e9-2026!"
    assert rules.password("协商于民协商为民二零", "clerk")


def test_a_lock_doubles_from_a_minute_to_an_hour() -> None:
    locks = [rules.lock_after(failures) for failures in range(1, 14)]
    assert locks[:4] == [None] * 4
    assert locks[4:] == [dt.timedelta(minutes=each) for each in (1, 2, 4, 8, 16, 32, 60, 60, 60)]
    assert rules.lock_after(10**6) == dt.timedelta(hours=1)
