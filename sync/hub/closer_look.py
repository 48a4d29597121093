"""Who begins batches and does not finish them: the server does not say, so for a while every message is looked at.

JetStream tells the stream and the name of a batch that was left open, and a batch's name is whatever its sender wrote.
The subject is the hub's own word; so after the first one that was left, the hub listens for a few seconds to what comes
to that stream, and whoever goes on is known.
"""

import asyncio
import time
from collections import OrderedDict
from contextlib import suppress

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError

from sync.bus.streams import log_at
from sync.contract.channels import parts_of

SECONDS = 5.0
MOST_MESSAGES = 5_000
"""Of one look, so that it costs little under a flood."""
_MOST_BATCHES = 5_000
_BATCH = "Nats-Batch-Id"


class CloserLook:
    """Over a connection to the account HUB."""

    def __init__(self, hub: Client) -> None:
        self._hub = hub
        self._until: dict[str, float] = {}
        self._owners: OrderedDict[str, str] = OrderedDict()
        self._ending: set[asyncio.Task[None]] = set()

    def owner_of(self, batch: str) -> str:
        """Who began it; empty: it was not seen."""
        return self._owners.get(batch, "")

    async def look_at(self, stream: str) -> None:
        """What comes to `stream` is looked at for a few seconds; no effect while that is going on."""
        now = time.monotonic()
        if self._until.get(stream, 0.0) > now:
            return
        self._until[stream] = now + SECONDS
        with suppress(NatsError):
            looking = await self._hub.subscribe(f"sh.{stream.rpartition('_')[2]}.>", cb=self._saw)
            await looking.unsubscribe(limit=MOST_MESSAGES)
            task = asyncio.create_task(self._end(looking))
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    async def _end(self, looking: Subscription) -> None:
        await asyncio.sleep(SECONDS)
        with suppress(NatsError):
            await looking.unsubscribe()

    async def _saw(self, message: Msg) -> None:
        batch = (message.headers or {}).get(_BATCH, "")
        if not batch or batch in self._owners:
            return
        with suppress(ValueError):
            self._owners[batch] = parts_of(log_at(message.subject))[0]
        while len(self._owners) > _MOST_BATCHES:
            self._owners.popitem(last=False)
