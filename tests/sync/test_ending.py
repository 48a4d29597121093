"""What is ended has ended, whole: neither a swallowed cancellation nor a repeated one leaves something behind."""

import asyncio

import pytest

from sync.bus import ending
from sync.bus.ending import ended, finished
from tests.waiting import eventually

pytestmark = pytest.mark.asyncio


@pytest.fixture(autouse=True)
def _told_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "_AGAIN_SECONDS", 0.01)


async def started(task: asyncio.Task[None]) -> asyncio.Task[None]:
    await asyncio.sleep(0)
    return task


async def test_who_swallows_a_cancellation_is_told_again() -> None:
    heard = 0

    async def work() -> None:
        nonlocal heard
        while heard < 3:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                heard += 1

    task = await started(asyncio.create_task(work()))
    await ended([task])
    assert heard == 3


async def test_being_told_again_does_not_break_off_what_cleans_up() -> None:
    cleaned: list[bool] = []

    async def told_thrice() -> bool:
        return task.cancelling() >= 3

    async def clean() -> None:
        await eventually(told_thrice)
        cleaned.append(True)

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await finished(clean())

    task = await started(asyncio.create_task(work()))
    await ended([task])
    assert cleaned == [True]
    assert task.cancelled()


async def test_who_is_cancelled_while_it_ends_others_leaves_none_of_them() -> None:
    """One task ends another, and is ended itself meanwhile, again and again."""

    async def inner() -> None:
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                if outer_task.cancelling() >= 3:
                    raise

    async def outer() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await ended([inner_task])

    inner_task = await started(asyncio.create_task(inner()))
    outer_task = await started(asyncio.create_task(outer()))
    await ended([outer_task])
    assert inner_task.cancelled()
    assert outer_task.cancelled()


async def test_what_is_finished_says_what_it_came_to() -> None:
    async def three() -> int:
        return 3

    async def fails() -> None:
        raise LookupError

    assert await finished(three()) == 3
    with pytest.raises(LookupError):
        await finished(fails())
    failed = await started(asyncio.create_task(fails()))
    await ended([failed])
