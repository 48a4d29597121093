"""Pages are cut where owners signed, and acknowledged when all of them is stored."""

import pytest

from sync.bus.pages import Pages
from sync.bus.ports import Delivered, Unreachable
from sync.bus.stores import PAGE_EVENTS

pytestmark = pytest.mark.asyncio


class Consumer:
    """A consumer in memory: gives its messages in pages, remembers what was acknowledged."""

    def __init__(self, messages: list[Delivered]) -> None:
        self.messages, self.at, self.acknowledged, self.cut = messages, 0, 0, False

    async def fetch(self, count: int, wait: float) -> tuple[list[Delivered], object]:
        assert wait > 0
        if self.cut:
            raise Unreachable
        page = self.messages[self.at : self.at + count]
        self.at += len(page)
        return page, self.at if page else None

    async def done(self, receipt: object) -> None:
        assert isinstance(receipt, int)
        self.acknowledged = receipt


def said(log: str, count: int, signed_every: int) -> list[Delivered]:
    return [Delivered(log, b"%d" % n, "signed" if n % signed_every == 0 else "") for n in range(1, count + 1)]


async def all_of(consumer: Consumer) -> list[list[Delivered]]:
    pages = Pages(consumer)
    given: list[list[Delivered]] = []
    while True:
        page, _ = await pages.next(1.0)
        if not page:
            return given
        given.append(page)
        await pages.done()


async def test_while_more_is_coming_a_page_ends_on_a_signature() -> None:
    messages = said("a", 1_400, 350)
    given = await all_of(Consumer(messages))
    assert [each for page in given for each in page] == messages
    assert [len(page) for page in given] == [350, 350, 700]
    assert all(page[-1].proof for page in given)


async def test_what_waits_is_not_acknowledged() -> None:
    consumer = Consumer(said("a", 1_000, 300))
    pages = Pages(consumer)
    assert len((await pages.next(1.0))[0]) == 300
    await pages.done()
    assert consumer.acknowledged == 0
    assert len((await pages.next(1.0))[0]) == 600
    await pages.done()
    assert consumer.acknowledged == PAGE_EVENTS
    rest, caught_up = await pages.next(1.0)
    assert (len(rest), caught_up) == (100, True)
    await pages.done()
    assert consumer.acknowledged == 1_000


async def test_logs_lying_in_one_another_keep_their_order() -> None:
    both = [each for pair in zip(said("a", 600, 100), said("b", 600, 70), strict=True) for each in pair]
    given = [each for page in await all_of(Consumer(both)) for each in page]
    for log in ("a", "b"):
        assert [each for each in given if each.log == log] == [each for each in both if each.log == log]


@pytest.mark.parametrize("signed_every", [10**9, 900])
async def test_what_is_longer_than_a_page_is_left_to_the_database(signed_every: int) -> None:
    consumer = Consumer(said("a", 1_800, signed_every))
    given = await all_of(consumer)
    assert sum(map(len, given)) == consumer.acknowledged == 1_800


async def test_after_a_broken_line_what_waited_is_forgotten_for_it_comes_again() -> None:
    consumer = Consumer(said("a", 1_000, 300))
    pages = Pages(consumer)
    await pages.next(1.0)
    await pages.done()
    consumer.cut = True
    with pytest.raises(Unreachable):
        await pages.next(1.0)
    consumer.cut, consumer.at = False, consumer.acknowledged
    given = await pages.next(1.0)
    assert given[0][0] == consumer.messages[0]
