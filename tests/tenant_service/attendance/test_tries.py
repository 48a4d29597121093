"""Digits are not guessed: five tries a minute, for each account and desk."""

import pytest

from sync.contract.errors import Code, Refusal
from tenant_service.attendance.tries import A_MINUTE, DeskTries


def test_a_guesser_waits_and_nobody_else_does() -> None:
    now = 0.0
    tries = DeskTries(lambda: now)
    for _ in range(A_MINUTE):
        tries.count("a", "activity")
    with pytest.raises(Refusal) as refusal:
        tries.count("a", "activity")
    assert refusal.value.code is Code.RATE_LIMITED
    assert refusal.value.about["seconds"] == 61
    tries.count("b", "activity")
    tries.count("a", "another")
    now = 61.0
    tries.count("a", "activity")
