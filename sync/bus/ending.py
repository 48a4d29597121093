"""Ending tasks for good."""

import asyncio
from collections.abc import Iterable
from typing import Any

_AGAIN_SECONDS = 0.1


async def ended(tasks: Iterable[asyncio.Future[Any]]) -> None:
    """None of these runs any more; what they raised stays in them.

    Until Python 3.12 `asyncio.wait_for`, which nats-py lives on, can swallow a cancellation: it is said until heard.
    """
    told = list(tasks)
    left = {task for task in told if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=_AGAIN_SECONDS)
    for task in told:
        if not task.cancelled():
            task.exception()  # looked at, so that nobody is told that it never was
