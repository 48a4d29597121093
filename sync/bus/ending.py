"""Ending tasks for good, and what must not be broken off while one ends."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

T = TypeVar("T")

_AGAIN_SECONDS = 1.0


async def ended(tasks: Iterable[asyncio.Future[Any]]) -> None:
    """None of these runs any more; what they raised stays in them.

    Until Python 3.12 `asyncio.wait_for`, which nats-py lives on, can swallow a cancellation: it is said until heard.
    Whoever waits here and is cancelled meanwhile still leaves nothing running, and is cancelled then.
    """
    told = list(tasks)
    await finished(_ended(told))
    for task in told:
        if not task.cancelled():
            task.exception()  # looked at, so that nobody is told that it never was


async def _ended(told: list[asyncio.Future[Any]]) -> None:
    left = {task for task in told if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=_AGAIN_SECONDS)


async def finished(work: Coroutine[Any, Any, T]) -> T:
    """What `work` returns or raises. Whoever waits and is cancelled meanwhile, however often, is so only after it.

    For what a task does while it ends: `ended` tells it again, and would break off its cleaning up.
    """
    task, cancelled = asyncio.ensure_future(work), False
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        if not task.cancelled():
            task.exception()
        raise asyncio.CancelledError
    return task.result()
