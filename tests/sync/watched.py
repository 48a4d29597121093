"""A hub that is watched: what its audit file and its figures tell after everything sent so far was looked at."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from sync.hub.audit import Audit, Line, lines
from sync.hub.sightings import Kind
from sync.hub.watch import Watch
from tests.sync.hubs import Hub, running_hub
from tests.waiting import eventually


class Watched:
    """A hub and its watch, which reads, counts and writes when it is asked to."""

    def __init__(self, hub: Hub) -> None:
        place = hub.server.place
        self.hub, self.path = hub, place.audit
        self.watch = Watch(hub.controller, place.log, Audit(place.audit), place.watch_state, flood_per_second=2_000)

    def seen(self, kind: Kind, who: str) -> int:
        """By the figures, after one more look at the log."""
        self.watch.read_log()
        return self.watch.figures.seen[kind, who]

    async def until_seen(self, kind: Kind, who: str, times: int = 1) -> None:
        await self.until(lambda: self.seen(kind, who) >= times, f"{kind} of {who or 'a stranger'}, {times} times")

    async def until(self, look: Callable[[], bool], what: str) -> None:
        async def asked() -> bool:
            return look()

        try:
            await eventually(asked)
        except AssertionError:
            raise AssertionError(f"{what}: seen was {self.watch.figures.seen}") from None

    def audited(self, kind: Kind, who: str) -> list[Line]:
        """By the audit file, whose chain is checked."""
        self.watch.write()
        return [each for each in lines(self.path) if (each.kind, each.who) == (kind, who)]


@asynccontextmanager
async def watched_hub(
    folder: Path, most_open_batches: int = 500, most_disk_bytes: int = 8 * 1024**3
) -> AsyncIterator[Watched]:
    async with running_hub(folder, most_open_batches, most_disk_bytes) as hub:
        told = Watched(hub)
        await told.watch.open()
        yield told
