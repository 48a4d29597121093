"""Passwords: argon2id with t=2, 19 MiB, p=1, at most two at once (OWASP's profile; the library's default costs 6×)."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_threads = ThreadPoolExecutor(2, thread_name_prefix="argon2")
_NOBODY = _hasher.hash("nobody has this password")
"""Checked when there is no such account, so that the time taken does not tell."""


def hashed(password: str) -> str:
    return _hasher.hash(password)


def matches(password: str, stored: str | None) -> bool:
    try:
        _hasher.verify(stored or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


async def matches_soon(password: str, stored: str | None) -> bool:
    """`matches`, in a thread of its own: hashing must not hold the domain's thread."""
    return await asyncio.get_running_loop().run_in_executor(_threads, matches, password, stored)


async def hashed_soon(password: str) -> str:
    return await asyncio.get_running_loop().run_in_executor(_threads, hashed, password)
