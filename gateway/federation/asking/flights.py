"""Questions under way. Two equal ones to the same committee at the same time are put once, and both hear the reply.

Nothing is kept: a reply is handed to those who wait for it at that moment, and whoever asks afterwards asks anew.
A question that is put belongs to nobody who waits for it, so one that gives up takes nothing from the others; and
whoever has more patience than the one who put it asks again for the rest of their own time.
"""

import asyncio
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field

from sync.bus.asker import Asks, Outcome, Reply
from sync.bus.ending import ended
from sync.bus.rpc import Headers

PROVEN_TOGETHER = 200
"""Committees that one proof names; with thousands its header would outgrow the questions."""
_SHORTEST = 0.02
"""Seconds below which asking again is no use."""

Heard = Callable[[str, Reply], None]
"""Called with each committee's reply as it comes."""


@dataclass(frozen=True)
class Flight:
    """One question to some committees.

    Attributes:
        headers: What proves it, for those of the committees that it is put to.
        equal: Committee → what all that must be the same for another's question to be this one; None: it is put in any
            case, and for nobody else.
        own: Headers of each one's own question, for the same ones; they tell no two questions apart.
    """

    to: list[str]
    verb: str
    body: bytes
    headers: Callable[[list[str]], Headers]
    equal: Callable[[str], Hashable | None]
    own: Callable[[list[str]], Mapping[str, Headers]] | None = None


@dataclass(slots=True, eq=False)
class _Wait:
    """Somebody who waits for some replies, and no longer than until their own deadline."""

    began: float
    """When they began to ask, and how long before this wait that was."""
    passed: float
    done: asyncio.Future[None]
    open: int = 0
    joined: set[str] = field(default_factory=set)
    replies: dict[str, Reply] = field(default_factory=dict)

    def hear(self, committee: str, reply: Reply) -> None:
        """`seconds` are their own, also where another had put the question."""
        if committee in self.joined:
            reply = Reply(reply.outcome, reply.body, self.done.get_loop().time() - self.began)
        elif self.passed:
            reply = Reply(reply.outcome, reply.body, self.passed + reply.seconds)
        self.replies[committee] = reply
        self.open -= 1
        if self.open == 0:
            self.end()

    def end(self, error: BaseException | None = None) -> None:
        if self.done.done():
            return
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)


_Waits = dict[Hashable, list[_Wait]]


class Flights:
    """All questions of one gateway that are under way.

    Attributes:
        note: Told each reply of a question that was put, once, and never of one that was only waited for.
        shared: Questions since the start that were not put, because an equal one was under way.
    """

    def __init__(self, asker: Asks, note: Heard) -> None:
        self._asker, self.note = asker, note
        self.shared = 0
        self._waits: _Waits = {}
        self._tasks = set[asyncio.Task[None]]()
        self._is_closed = False

    async def close(self) -> None:
        """Nothing is under way any more: whoever waits hears at once that nothing came, and nothing more is put."""
        self._is_closed = True
        await ended(self._tasks)

    async def ask(self, flight: Flight, deadline: float) -> dict[str, Reply]:
        """Every committee's reply, when all have come or `deadline` seconds have passed.

        Raises:
            Refusal: TOO_LARGE, the question is over what the hub carries; nobody was asked.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        found: dict[str, Reply] = dict.fromkeys(flight.to, Reply(seconds=deadline))
        left, rest = flight.to, deadline
        while left and not self._is_closed:
            wait = _Wait(began, deadline - rest, loop.create_future())
            self._join(flight, left, wait, rest)
            # What one has put oneself ends in time by itself, and its silence is noted before one is answered.
            timer = loop.call_later(rest, wait.end) if wait.joined else None
            try:
                await wait.done
            finally:
                if timer:
                    timer.cancel()
            found |= wait.replies
            rest = began + deadline - loop.time()
            left = [id for id in wait.joined if found[id].outcome is Outcome.TIMEOUT] if rest > _SHORTEST else []
        return found

    def _join(self, flight: Flight, to: list[str], wait: _Wait, deadline: float) -> None:
        """Waits for the questions that are under way already, and puts the others."""
        new: dict[str, list[_Wait]] = {}
        for id in to:
            key = flight.equal(id)
            waits = self._waits.get(key) if key is not None else None
            if waits is None:
                waits = new[id] = []
                if key is not None:
                    self._waits[key] = waits
            else:
                wait.joined.add(id)
            waits.append(wait)
        wait.open = len(to)
        self.shared += len(wait.joined)
        ids = list(new)
        for at in range(0, len(ids), PROVEN_TOGETHER):
            wave = {id: new[id] for id in ids[at : at + PROVEN_TOGETHER]}
            task = asyncio.get_running_loop().create_task(self._fly(flight, wave, deadline))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _fly(self, flight: Flight, waits: dict[str, list[_Wait]], deadline: float) -> None:
        def told(committee: str, reply: Reply) -> None:
            self.note(committee, reply)
            for wait in self._landed(flight, committee, waits):
                wait.hear(committee, reply)

        try:
            asked = [(id, flight.verb, flight.body) for id in waits]
            own = flight.own(list(waits)) if flight.own else None
            replies = await self._asker.ask(asked, flight.headers(list(waits)), deadline, told, own)
            for id in list(waits):
                told(id, replies[id])
        except BaseException as error:
            for id in list(waits):
                for wait in self._landed(flight, id, waits):
                    wait.end(None if isinstance(error, asyncio.CancelledError) else error)
            if not isinstance(error, Exception):
                raise

    def _landed(self, flight: Flight, committee: str, waits: dict[str, list[_Wait]]) -> list[_Wait]:
        """Who waits for this committee; from now on nobody can join them."""
        self._waits.pop(flight.equal(committee), None)
        return waits.pop(committee, [])
