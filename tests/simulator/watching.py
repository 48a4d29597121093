"""Eyes on what passes between the bus and a database. They change nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from sync.bus import wire
from sync.bus.stores import Heard, Log, Own
from sync.log import Event, Head, Reading, Step
from tests.simulator.databases import Place

if TYPE_CHECKING:
    from tests.simulator.node import Node
    from tests.simulator.world import World


class WatchedHeard:
    """A `Heard` whose steps are seen as they are committed.

    `entitled`: what it was told to follow last; None: not since its database is this one.
    """

    def __init__(self, heard: Heard, seen: Callable[[Sequence[Step]], None]) -> None:
        self._heard, self._seen = heard, seen
        self.entitled: frozenset[str] | None = None

    def take(self, arrived: Mapping[str, Sequence[Event]], *, caught_up: bool) -> list[Step]:
        steps = self._heard.take(arrived, caught_up=caught_up)
        self._seen(steps)
        return steps

    def entitle(self, logs: Iterable[str]) -> None:
        wanted = frozenset(logs)
        self._heard.entitle(sorted(wanted))
        self.entitled = wanted

    def reading(self, log: str) -> Reading:
        return self._heard.reading(log)

    def settle(self, log: str, told: Head, asked: Reading) -> Reading:
        return self._heard.settle(log, told, asked)

    def view(self, log: str) -> AbstractContextManager[Log | None]:
        return self._heard.view(log)


class WatchedOwn:
    """An `Own` of which one is told when it leaves an epoch."""

    def __init__(self, own: Own, leaving: Callable[[], None], left: Callable[[], None]) -> None:
        self._own, self._leaving, self._left = own, leaving, left

    def heads(self) -> dict[str, Head]:
        return self._own.heads()

    def view(self, log: str) -> AbstractContextManager[Log]:
        return self._own.view(log)

    def open(self, channel: str) -> None:
        self._own.open(channel)

    def begin_epoch(self, why: str, seen: Sequence[tuple[str, Head]]) -> str:
        self._leaving()
        begun = self._own.begin_epoch(why, seen)
        self._left()
        return begun

    def salvage(self, log: str, events: Iterable[Event]) -> int:
        return self._own.salvage(log, events)


class Forgotten:
    """What readers hold of a restored owner's log and it does not: all of it comes back before the epoch is left, as
    far as those readers could be reached all the while.

    Of two readers that hold different bytes of one place (it was restored twice, and the first went unnoticed) one is
    enough: that is all that the owner has room for.
    """

    def __init__(self, world: "World") -> None:
        self.world = world
        self._noticed: dict[str, tuple[float, dict[tuple[str, str], dict[Place, bytes]]]] = {}

    def noticed(self, owner: str) -> None:
        """The owner has just found that its database is a backup."""
        world, database = self.world, self.world.nodes[owner].database
        found = {}
        for log, of, reader in world.followings():
            is_reached = world.hub.is_up and world.hub.is_declared and not world.is_cut(reader.name, owner)
            is_reached = is_reached and reader.is_up and _is_known(of, log, reader)
            if of.name == owner and is_reached and reader.database.heard.reading(log).head.epoch == database.epoch():
                mine = database.kept(log)
                theirs = reader.database.kept(log)
                # A hole says nothing, so there is nothing in it to be taken back.
                found[log, reader.name] = {
                    place: body for place, body in theirs.items()
                    if mine.get(place) != body and not wire.is_hole(body)
                }  # fmt: skip
        self._noticed[owner] = world.loop.time(), found

    def _epoch_of(self, reader: str, log: str) -> str:
        return self.world.nodes[reader].database.heard.reading(log).head.epoch

    def leaving(self, owner: str) -> None:
        """The owner is about to begin a new epoch. What it has meanwhile said byte for byte again, it has not lost: a
        log that somebody asked about is opened, and at the same moment of the clock with the same words.
        """
        _, found = self._noticed.get(owner, (0.0, {}))
        for (log, _), forgotten in found.items():
            mine = self.world.nodes[owner].database.kept(log)
            for place in [place for place, body in forgotten.items() if mine.get(place) == body]:
                del forgotten[place]

    def left(self, owner: str) -> None:
        """The owner has begun a new epoch."""
        self.world.count("forks seen")
        at, found = self._noticed.pop(owner, (0.0, {}))
        if self.world.climate.weather.loss or self.world.calm_since(owner) > at or self.world.calm_since("hub") > at:
            return
        salvaged = self.world.nodes[owner].database.salvaged()
        for (log, reader), forgotten in found.items():
            if self.world.calm_since(reader) > at or self.world.calm_since(log) > at:
                continue
            if self._epoch_of(reader, log) not in {place[1] for place in forgotten}:
                continue  # it has gone on to an epoch of the life that was lost, and gives out nothing older
            missing = [place for place in forgotten if place not in salvaged]
            self.world.count("salvaged", len(forgotten) - len(missing))
            if missing:
                self.world.checker.problem(
                    f"{owner} left its epoch without {len(missing)} events that {reader} held, the first {missing[0]}"
                )


def _is_known(owner: "Node", log: str, reader: "Node") -> bool:
    """Both have heard that the reader may read this."""
    is_entitled = reader.heard.entitled is not None and log in reader.heard.entitled
    return is_entitled and reader.name in owner.trust.directory.readers(log)
