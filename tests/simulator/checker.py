"""What must be true at every moment and at the end, seen from outside: in databases, and in what passes by.

Nothing here asks the code under test whether it is right. What owners share is read off their records, what they ever
said is noted when they say it, and what readers apply is watched as they apply it.
"""

import traceback
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from sync.contract.channels import log_of, parts_of
from sync.contract.envelope import decode
from sync.log import Event, Head, Step, epoch_number, genesis, link
from tests.simulator.databases import Change, Told
from tests.simulator.watching import Forgotten, WatchedHeard

if TYPE_CHECKING:
    from tests.simulator.node import Node
    from tests.simulator.world import World

_ASKED_EVERY = 30.0
"""Seconds: nobody checks the end of a log more often while all is well."""


class Checker:
    def __init__(self, world: "World") -> None:
        self.world = world
        self.problems: list[str] = []
        self.forgotten = Forgotten(world)
        self._issued: dict[int, Change] = {}
        self._at: dict[str, dict[str, Head]] = {}
        self._agreed: dict[tuple[str, str], Head] = {}

    def problem(self, text: str) -> None:
        if text not in self.problems:
            self.problems.append(text)
            self.world.tell(f"!! {text}")

    def broke(self, name: str, error: Exception) -> None:
        self.problem(f"a loop of {name} broke: {error!r}")
        self.world.tell("".join(traceback.format_exception(error)))

    def issue(self, change: Change) -> Change:
        """An owner is about to say this."""
        self._issued[change.value] = change
        return change

    # ── what readers apply ──

    def watched(self, node: "Node") -> WatchedHeard:
        return WatchedHeard(node.database.heard, lambda steps: self._taken(node, steps))

    def at(self, name: str) -> dict[str, Head]:
        """How far this reader has followed each log, by what it was seen to apply; goes back with its database."""
        return self._at.setdefault(name, {})

    def went_back(self, name: str, at: Mapping[str, Head]) -> None:
        self._at[name] = dict(at)

    def _taken(self, node: "Node", steps: Sequence[Step]) -> None:
        for step in steps:
            log = step.reading.log
            if step.apply and node.heard.entitled is not None and log not in node.heard.entitled:
                self.problem(f"{node.name} takes in {log} without a right to it")
            for event in step.apply:
                self._applied(node.name, log, event)
            self.world.count("applied", len(step.apply))

    def _applied(self, name: str, log: str, event: Event) -> None:
        """By one within an epoch, from the beginning in a newer one, and nothing that its owner has not said."""
        was = self.at(name).get(log, Head("", 0, b""))
        begins = event.epoch > was.epoch and event.seq == 1 and event.prev == genesis(log, event.epoch)
        goes_on = event.epoch == was.epoch and event.seq == was.seq + 1 and event.prev == was.chain
        if not (begins or goes_on):
            self.problem(f"{name} applies {log} {event.epoch}/{event.seq} after {was.epoch}/{was.seq}")
        self.at(name)[log] = Head(event.epoch, event.seq, event.chain())
        self.world.digest(name, log, event)
        if parts_of(log)[0] in self.world.honest and not self._was_said(log, event):
            self.problem(f"{name} applies {log} {event.epoch}/{event.seq}, which its owner never said")

    def _was_said(self, log: str, event: Event) -> bool:
        if event.hole:
            return True  # its owner's signature was checked; what it says is that there is nothing to say
        told = decode(event.body)
        if told.op != "put":
            return True
        change = self._issued.get(told.data["watermark"]) if isinstance(told.data, dict) else None
        return bool(change and change.record == told.subject and parts_of(log)[1] in (change.channels or ()))

    # ── at any moment ──

    def claims(self) -> None:
        """A reader that stands where the owner's log ends holds what the owner shares, and nothing else."""
        for log, owner, reader in self.world.followings():
            _, channel = parts_of(log)
            mine = owner.database.own.heads().get(channel)
            head = reader.database.heard.reading(log).head
            if mine and head[:3] == mine[:3] and self._agreed.get((log, reader.name)) != head:
                self._compare(log, reader.database.holds(log), owner.database.shares(channel), reader.name)
                self._agreed[log, reader.name] = head
        for name in self.world.owners:
            number, restores = epoch_number(self.world.nodes[name].database.epoch()), self.world.nodes[name].restores
            if number > 1 + restores:
                self.problem(f"{name} is in epoch {number} after {restores} restores")

    def _compare(self, log: str, held: Mapping[str, Told], shared: Mapping[str, Told], reader: str) -> None:
        if held != shared:
            lost, phantom = shared.keys() - held.keys(), held.keys() - shared.keys()
            other = [each for each in shared.keys() & held.keys() if shared[each] != held[each]]
            self.problem(
                f"{reader} stands at the end of {log}: lost {sorted(lost)}, phantom {sorted(phantom)}, other {other}"
            )

    # ── at the end ──

    def behind(self) -> str:
        """Why not everybody stands where the owners stand; "" when all do."""
        for log, owner, reader in self.world.followings():
            _, channel = parts_of(log)
            mine = owner.database.own.heads().get(channel)
            now = reader.database.heard.reading(log)
            if mine is None and not now.head.seq:
                continue
            stands = mine is not None and now.head[:3] == mine[:3] and reader.database.is_complete(log)
            if not stands or now.trouble or now.stash:
                at = f"{now.head[:2]} {now.trouble!r} stash {len(now.stash)}"
                return f"{reader.name} follows {log} to {at}, its owner is at {mine and mine[:2]}"
        for name in self.world.owners:
            for channel, mine in self.world.nodes[name].database.own.heads().items():
                last = self.world.hub.last(log_of(name, channel))
                if last is None or _chain_of(last.body) != mine.chain:
                    return f"the hub's copy of {log_of(name, channel)} does not end at {mine[:2]}"
        return ""

    def final(self) -> None:
        """Everybody holds and shows what is shared with it, and nothing else."""
        self._agreed.clear()
        self.claims()
        for reader in self.world.nodes.values():
            self._nothing_else(reader)
            for owner in self.world.owners:
                shown = reader.database.shown(owner) if owner != reader.name else None
                if shown is not None and shown != (wanted := self._visible(owner, reader.name)):
                    self.problem(f"{reader.name} shows of {owner}: {_difference(shown, wanted)}")

    def _visible(self, owner: str, reader: str) -> dict[str, tuple[Told, frozenset[str]]]:
        """What `reader` is to show; what it may no longer read was frozen, so such a reader is not asked."""
        mine = {channel for log in self.world.rights.readers for of, channel in [parts_of(log)]
                if of == owner and reader in self.world.rights.readers[log]}  # fmt: skip
        shared = self.world.nodes[owner].database.shared_on()
        return {record: (told, on & mine) for record, (told, on) in shared.items() if on & mine}

    def _nothing_else(self, reader: "Node") -> None:
        for log in self.world.first_rights.readers:
            may = reader.name in self.world.first_rights.readers[log] or parts_of(log)[0] == reader.name
            if not may and (reader.database.kept(log) or reader.database.holds(log)):
                self.problem(f"{reader.name} holds something of {log}, which was never for it")

    def quiet(self, asks: int, seconds: float) -> None:
        """Once all is well, nobody asks more than the usual checks."""
        most = sum(map(len, self.world.rights.readers.values())) * (seconds / _ASKED_EVERY + 2)
        if asks > most:
            self.problem(f"{asks} asks in {seconds:.0f} quiet seconds")


def _chain_of(body: bytes) -> bytes:
    try:
        told = decode(body)
        return link(bytes.fromhex(told.prev), body)
    except (msgspec.DecodeError, ValueError):
        return b""


def _difference(shown: Mapping[str, object], wanted: Mapping[str, object]) -> str:
    return str(
        {id: (shown.get(id), wanted.get(id)) for id in sorted({*shown, *wanted}) if shown.get(id) != wanted.get(id)}
    )
