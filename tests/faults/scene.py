"""What a nemesis has to work with: the federation, draws of its own, and locks, so that no two maul the same thing."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from tests.faults.databases import Backup
from tests.faults.evidence import opened
from tests.faults.federation import Federation
from tests.faults.journal import Write, writes

STREAMS = ("SH_33", "SH_31")
Nemesis = Callable[["Scene"], Awaitable[int]]
"""Does its harm and takes it back; returns how much it did, in units that its docstring says; 0: nothing."""


@dataclass
class Scene:
    """`draw` is this nemesis's own; all else is shared by those of a run."""

    fed: Federation
    draw: random.Random
    backups: dict[str, list[Backup]] = field(default_factory=lambda: defaultdict(list))
    hub: asyncio.Lock = field(default_factory=asyncio.Lock)
    directory: asyncio.Lock = field(default_factory=asyncio.Lock)
    of: dict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    """A committee's process and database."""
    line: dict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    def with_draws(self, draw: random.Random) -> "Scene":
        return Scene(self.fed, draw, self.backups, self.hub, self.directory, self.of, self.line)

    def anybody(self) -> str:
        return self.draw.choice(sorted(self.fed.committees))

    async def some_time(self, least: float, most: float) -> None:
        await self.fed.pause(self.draw.uniform(least, most))

    async def until(self, look: Callable[[], Any], within: float = 8.0) -> Any:
        """What `look` found, or its last empty answer: a nemesis waits for its effect, and not for ever."""
        for _ in range(int(within / 0.1)):
            if found := await asyncio.to_thread(look):
                return found
            await self.fed.pause(0.1)
        return look()

    def acts(self, id: str, since: int) -> list[Write]:
        """What a committee's people have done since that moment."""
        return [each for each in writes(self.fed[id].folder / "journal") if each.intent.at >= since]

    def rows(self, id: str, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Of a committee's database; none while it cannot be read."""
        try:
            with opened(self.fed[id].config.database) as database:
                return database.rows(statement, *values)
        except Exception:  # noqa: BLE001 — a driver's, of a database that is being made or replaced just now
            return []

    def number(self, id: str, statement: str, *values: object) -> int:
        return int((self.rows(id, statement, *values) or [(0,)])[0][0] or 0)
