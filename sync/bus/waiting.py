"""Waiting for something to happen, and not for ever."""

import asyncio
from contextlib import suppress


async def happened(event: asyncio.Event, within: float) -> bool:
    """Whether it did, after at most `within` seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(max(within, 0.0)):
            await event.wait()
    return event.is_set()
