"""Waiting for a state instead of for luck: asked again and again, until it is so or the bound is reached.

Tests sleep nowhere else (tests/architecture/test_time.py). A bound is generous: it costs nothing when all is well.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

PAUSE_SECONDS = 0.02
_SLOWEST = 4.0
"""A machine may be so many times as slow as the one that the bounds were written on, or as busy."""


def until(look: Callable[[], T], *, within: float = 20, what: str = "") -> T:
    """The first truthy answer of `look`.

    Raises:
        AssertionError: `within` seconds passed, on a slow machine up to four times that; the last answer is told.
    """
    end = time.monotonic() + within * _SLOWEST
    while not (seen := look()):
        assert time.monotonic() < end, f"not within {within} s: {what or look} (last answer: {seen!r})"
        time.sleep(PAUSE_SECONDS)
    return seen


async def eventually(look: Callable[[], Awaitable[T]], *, within: float = 20, what: str = "") -> T:
    """The same for a question that is awaited; other tasks run meanwhile."""
    end = time.monotonic() + within * _SLOWEST
    while not (seen := await look()):
        assert time.monotonic() < end, f"not within {within} s: {what or look} (last answer: {seen!r})"
        await asyncio.sleep(PAUSE_SECONDS)
    return seen
