"""What a committee says of a refusal is passed on as far as it can carry nothing that is behind it."""

import json
from typing import Any

import pytest

from gateway.federation.answering.words import steps, words
from sync.contract.errors import Code, Refusal

SECRETS = [
    "10.0.0.7", "db.internal:5432", "postgresql://u:p@h/d", "/srv/liandong/db.sqlite", "chen@example.org",
    "SELECT name FROM person", 'File "service.py", line 7', "Traceback (most recent call last)", "a\nb",
    "fe80::1:2:3", r"C:\keys\token", "x" * 200,
]  # fmt: skip


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("code", [*Code, "INTERNAL", "A_NEWER_ONE", "no code", ""])
def test_no_refusal_carries_what_is_behind_a_committee(code: str, secret: str) -> None:
    """Neither as the words themselves, nor in the gaps of a sentence that is the code's own."""
    names = {"field", "why", "what", "id", "most", "until", "seconds", "owner", "now", "mark", "issuer", "kind", "no"}
    for known_code in [each for each in Code if each == code] or [Code.BAD_VALUE]:
        about: dict[str, Any] = dict.fromkeys(names, secret)
        filled = Refusal(known_code, **about)
        for message, zh in ((secret, secret), (filled.en, filled.zh), (filled.en + secret, filled.zh)):
            told = words(message, {"code": code, "zh": zh, "stacktrace": secret})
            assert secret not in json.dumps(told, ensure_ascii=False)
            assert told.keys() == {"code", "message", "zh"}


@pytest.mark.parametrize("code", list(Code))
def test_a_refusal_of_ours_is_passed_on_word_for_word(code: Code) -> None:
    about: dict[str, Any] = {
        "most": 200,
        "field": "title",
        "id": "330101.activity.x",
        "until": "2026-05-01 08:00+08:00",
        "seconds": 3,
    }
    refusal = Refusal(code, **about)
    told = words(refusal.en, {"code": code.value, "zh": refusal.zh})
    assert told == {"code": code.value, "message": refusal.en, "zh": refusal.zh} or code is Code.INVALID


def test_a_path_is_one_of_graphql_or_ends() -> None:
    assert steps(["activities", 3, "_name"]) == ["activities", 3, "_name"]
    assert steps(["a", "10.0.0.7", "b"]) == ["a"]
    assert steps(["a", -1]) == ["a"]
    assert steps(["a", {"b": 1}]) == ["a"]
    assert len(steps(["a"] * 1_000)) == 40
