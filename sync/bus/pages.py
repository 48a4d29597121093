"""Pages of one consumer, cut where the owners signed.

The hub cuts its pages anywhere, and events behind the last signature of their log cannot be applied yet. While more is
coming they wait here for the next page instead of in the database: that would cost each three more writes. Until then
they are not acknowledged, so a crash loses nothing.
"""

from collections.abc import Sequence

from sync.bus.ports import Delivered, Source
from sync.bus.stores import PAGE_EVENTS


class Pages:
    """Reads a source page by page: `next`, then `done` when what came is stored."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._waiting: list[Delivered] = []  # came, not given yet
        self._owed: object = None  # receipt of the page whose end is waiting
        self._receipt: object = None  # what `done` acknowledges

    async def next(self, wait: float) -> tuple[list[Delivered], bool]:
        """What is to be taken in, and whether the hub had nothing more; empty after `wait` seconds.

        Raises:
            Absent, Unreachable: what was waiting is forgotten, and comes again.
        """
        waiting, owed = self._waiting, self._owed
        self._waiting, self._owed, self._receipt = [], None, None
        delivered, receipt = await self._source.fetch(PAGE_EVENTS, wait)
        page = [*waiting, *delivered]
        is_full = len(delivered) >= PAGE_EVENTS
        whole, end = signed_part(page) if is_full else (page, [])
        if len(end) > len(delivered) or not whole:  # longer than a page: the database keeps it
            whole, end = page, []
        if end:
            self._waiting, self._owed, self._receipt = end, receipt, owed
        else:
            self._receipt = receipt if delivered else owed
        return whole, not is_full

    async def done(self) -> None:
        """What `next` gave is stored: it and all before it need not come again."""
        receipt, self._receipt = self._receipt, None
        if receipt is not None:
            await self._source.done(receipt)


def signed_part(page: Sequence[Delivered]) -> tuple[list[Delivered], list[Delivered]]:
    """The page up to the last signature of each log, and what lies behind; both in the order of the page."""
    last = {each.log: at for at, each in enumerate(page) if each.proof}
    whole = [each for at, each in enumerate(page) if at <= last.get(each.log, -1)]
    return whole, [each for at, each in enumerate(page) if at > last.get(each.log, -1)]
