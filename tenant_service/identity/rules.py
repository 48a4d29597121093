"""Pure rules of signing in: what is a name, what is a password, and how long a door stays shut after failures."""

import datetime as dt
import unicodedata

from sync.contract.errors import Code, Refusal, Said

SHORTEST, LONGEST = 10, 200
"""Characters of a password."""
_DIFFERENT = 5
_SHORTEST_NAME, _LONGEST_NAME = 2, 60
FREE_FAILURES = 5
"""Failures in a row after which a name is locked."""
FIRST_LOCK = dt.timedelta(minutes=1)
LONGEST_LOCK = dt.timedelta(hours=1)
FORGOTTEN_AFTER = dt.timedelta(hours=24)
"""Without a failure for so long, a name starts afresh."""


def username(said: str) -> str:
    """The name as it is stored and compared: NFKC, case folded.

    Raises:
        Refusal: BAD_VALUE, 2–60 letters, digits, `_ - . @`.
    """
    plain = folded(said)
    if not _SHORTEST_NAME <= len(plain) <= _LONGEST_NAME or not all(each.isalnum() or each in "_-.@" for each in plain):
        why = Said("2至60个字母、数字、汉字或 _ - . @", "2–60 letters, digits or _ - . @")
        raise Refusal(Code.BAD_VALUE, field="username", why=why)
    return plain


def folded(said: str) -> str:
    """A name as somebody types it, brought to the form that is compared; never refuses."""
    return unicodedata.normalize("NFKC", said[: _LONGEST_NAME * 4]).strip().casefold()


def password(said: str, username: str) -> str:
    """The password in the form that is hashed: NFC, whatever the keyboard sent.

    Raises:
        Refusal: WEAK_PASSWORD.
    """
    plain = unicodedata.normalize("NFC", said)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise Refusal(Code.WEAK_PASSWORD, why=Said(f"至少{SHORTEST}个字符", f"at least {SHORTEST} characters"))
    if len(set(plain)) < _DIFFERENT:
        raise Refusal(
            Code.WEAK_PASSWORD, why=Said(f"至少{_DIFFERENT}个不同的字符", f"at least {_DIFFERENT} different characters")
        )
    if username and username in plain.casefold():
        raise Refusal(Code.WEAK_PASSWORD, why=Said("不得包含用户名", "it must not contain the user name"))
    return plain


def typed(said: str) -> str:
    """A password as somebody types it, in the form that is compared; never refuses."""
    return unicodedata.normalize("NFC", said[: LONGEST * 2])


def lock_after(failures: int) -> dt.timedelta | None:
    """How long a name is locked after so many failures in a row: 1 min after 5, doubling, at most 1 h."""
    if failures < FREE_FAILURES:
        return None
    doubled = FIRST_LOCK * (1 << min(failures - FREE_FAILURES, 10))
    return min(LONGEST_LOCK, doubled)
