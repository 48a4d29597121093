"""Much work, a few at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from sync.bus.ending import ended

T = TypeVar("T")


async def together(work: Callable[[T], Awaitable[None]], things: Iterable[T], most: int) -> None:
    """`work` was done with each of `things`, at most `most` at once; they are begun in their order.

    What the first of them to fail raises is raised here, when none of the others runs any more.
    """
    left = iter(things)

    async def one_by_one() -> None:
        for each in left:
            await work(each)

    tasks = [asyncio.ensure_future(one_by_one()) for _ in range(most)]
    try:
        await asyncio.gather(*tasks)
    finally:
        await ended(tasks)
