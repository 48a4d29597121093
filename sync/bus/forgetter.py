"""Owner → hub: what I had erased is forgotten there, too."""

import asyncio
from contextlib import suppress

from sync.bus.ports import Forgetting, Unreachable
from sync.bus.stores import Erasures, Run


class Forgetter:
    """Asks over one connection until the hub has said of every erased place that it keeps nothing there."""

    def __init__(self, erasures: Erasures, hub: Forgetting, run: Run) -> None:
        self.erasures, self.hub, self.run = erasures, hub, run
        self._anew = True

    def look_again(self) -> None:
        """The hub may be another, or have been given an older store: it is asked for everything once more."""
        self._anew = True

    async def round(self) -> int:
        """Everything that is due was asked for once; how many messages the hub dropped.

        Raises:
            Unreachable: what was not answered is asked for in the next round.
        """
        anew, self._anew = self._anew, False
        dropped, erase = 0, await self.run(self.erasures.due, None, also_forgotten=anew)
        try:
            while erase:
                dropped += await self.hub.erase(erase)
                await self.run(self.erasures.forgotten, erase)
                erase = await self.run(self.erasures.due, erase, also_forgotten=anew)
        except Unreachable:
            self._anew |= anew
            raise
        return dropped

    async def keep(self, interval: float) -> None:
        """A round every `interval` seconds; never returns."""
        while True:
            with suppress(Unreachable):
                await self.round()
            await asyncio.sleep(interval)
