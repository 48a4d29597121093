"""Hands out the signed directory to whoever asks in its own name and does not have it yet.

A nation's directory is some megabytes. So who has it is told that in a few bytes, each gets the whole of it a few times
a minute at most, and one answer is on its way before the next is begun: else a member that asks and does not listen
could fill this process with answers.
"""

import logging
from collections.abc import Callable

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from sync.bus import wire
from sync.bus.directory_copy import digest
from sync.bus.holder import Budget
from sync.bus.streams import directory_of
from sync.hub.server import MOST_DIRECTORY

log = logging.getLogger(__name__)

EACH, TOGETHER = 4 * MOST_DIRECTORY, 2 * 1024**3
"""Bytes a minute."""
_LATER = 5.0
_FRAME = 1024


class DirectoryDesk:
    """Over a connection of the account HUB; `text` is the directory in force, as it was signed."""

    def __init__(self, hub: Client, text: Callable[[], str], budget: Budget | None = None) -> None:
        self._hub, self._text = hub, text
        self._budget = budget or Budget(each=EACH, together=TOGETHER)
        self._digest = "", ""  # of which text, and what it is

    async def serve(self) -> None:
        await self._hub.subscribe(directory_of("*"), queue="controller", cb=self._answer)

    async def _answer(self, message: Msg) -> None:
        """nats-py calls it for one message after the other."""
        if not message.reply:
            return
        try:
            asked = wire.read_directory_ask(message.data) if message.data else wire.DirectoryAsk()
            told = self.told(message.subject.partition(".")[2], asked)
            await self._hub.publish(message.reply, wire.pack(told))
            if told.text:
                await self._hub.flush()
        except wire.Unreadable:
            return
        except (NatsError, TimeoutError) as error:
            log.debug("the directory found no way: %r", error)

    def told(self, who: str, asked: wire.DirectoryAsk) -> wire.DirectoryTold:
        text = self._text()
        if self._digest[0] != text:
            self._digest = text, digest(text)
        if asked.digest == self._digest[1]:
            return wire.DirectoryTold()
        if len(text) > MOST_DIRECTORY - _FRAME:
            log.error("the directory of %d bytes is larger than any message may be: nobody is given it", len(text))
            return wire.DirectoryTold(busy=_LATER)
        if self._budget.wait(who):
            return wire.DirectoryTold(busy=_LATER)
        self._budget.spend(who, len(text))
        return wire.DirectoryTold(text)
