"""Our logs in memory; a `sync.bus.stores.Own`. What a channel was told stands in the state; no log is ever read back to
find out.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from sync.bus.stores import PAGE_BYTES
from sync.contract.channels import log_of, parts_of
from sync.contract.envelope import Envelope, Op, encode
from sync.log import Event, Head, genesis, link, next_epoch
from tests.simulator.databases import Change
from tests.simulator.memory_state import Memory, State, Thing, Written


class OwnLog:
    """One log of ours in one view."""

    def __init__(self, state: State, name: str, most: int) -> None:
        self.name, self._most = name, most
        self._log = state.written.get(parts_of(name)[1]) or Written([], [genesis(name, state.epoch)])
        self.head = Head(state.epoch, len(self._log.bodies), self._log.chains[-1])

    def chain_at(self, seq: int) -> bytes | None:
        return self._log.chains[seq] if 0 <= seq < len(self._log.chains) else None

    def page(self, after: int, upto: int | None = None, room: int = PAGE_BYTES) -> list[Event]:
        events: list[Event] = []
        end = len(self._log.bodies) if upto is None else min(upto, len(self._log.bodies))
        for seq in range(after + 1, min(end, after + self._most) + 1):
            body = self._log.bodies[seq - 1]
            room -= len(body)
            if events and room < 0:
                break
            events.append(Event(self.head.epoch, seq, self._log.chains[seq - 1], body))
        return events


class MemoryOwn:
    def __init__(self, memory: Memory, me: str, tag: Callable[[], str], most: int) -> None:
        """`most`: events a page has."""
        self.memory, self.me, self.tag, self.most = memory, me, tag, most

    # ── as the bus needs it ──

    def heads(self) -> dict[str, Head]:
        state = self.memory.state
        return {channel: Head(state.epoch, len(log.bodies), log.chains[-1]) for channel, log in state.written.items()}

    @contextmanager
    def view(self, log: str) -> Iterator[OwnLog]:
        yield OwnLog(self.memory.state, log, self.most)

    def open(self, channel: str) -> None:
        with self.memory.transaction() as draft:
            if channel not in draft.written:
                self._begin(draft)
                self._append(draft, channel, "complete")

    def begin_epoch(self, why: str, seen: Sequence[tuple[str, Head]] = ()) -> str:
        with self.memory.transaction() as draft:
            channels = sorted(draft.written)
            draft.left = (*draft.left, *(head for _, head in seen))
            draft.epoch = next_epoch([draft.epoch, *(head.epoch for head in draft.left)], self.tag())
            draft.written.clear()
            for channel in channels:
                self._open_again(draft, channel)
        return draft.epoch

    def _open_again(self, draft: State, channel: str) -> None:
        for record, on in sorted(draft.shared):
            if on == channel and draft.shared[record, on]:
                self._append(draft, channel, "put", record)
        self._append(draft, channel, "complete")

    def salvage(self, log: str, events: Iterable[Event]) -> int:
        with self.memory.transaction() as draft:
            before = len(draft.salvaged)
            for each in events:
                draft.salvaged.setdefault((log, each.epoch, each.seq), each)
                self.memory.fuse.burn()
        return len(draft.salvaged) - before

    # ── our acts ──

    def write(self, changes: Iterable[Change]) -> None:
        """Puts before withdrawals, as the real outbox does it."""
        with self.memory.transaction() as draft:
            self._begin(draft)
            for change in changes:
                self._change(draft, change)

    def _change(self, draft: State, change: Change) -> None:
        """What is gone is told wherever it was ever told of; what is no longer shared, where it was shared."""
        record, channels = change.record, change.channels or frozenset()
        was = draft.things.get(record)
        draft.things[record] = Thing(was.version + 1 if was else 1, change.value, change.channels)
        told = [on for about, on in sorted(draft.shared) if about == record]
        for channel in sorted(channels):
            self._say(draft, channel, "put", record)
            draft.shared[record, channel] = True
        for channel in [each for each in told if each not in channels]:
            if change.channels is None:
                self._say(draft, channel, "delete", record)
                del draft.shared[record, channel]
            elif draft.shared[record, channel]:
                self._say(draft, channel, "retract", record)
                draft.shared[record, channel] = False

    def _begin(self, draft: State) -> None:
        draft.epoch = draft.epoch or next_epoch([], self.tag())

    def _say(self, draft: State, channel: str, op: Op, record: str) -> None:
        """A log begins with `complete`: nothing was shared there before."""
        if channel not in draft.written:
            self._append(draft, channel, "complete")
        self._append(draft, channel, op, record)

    def _append(self, draft: State, channel: str, op: Op, record: str = "") -> None:
        self.memory.fuse.burn()
        log = draft.written.get(channel) or Written([], [genesis(log_of(self.me, channel), draft.epoch)])
        thing = draft.things[record] if record else Thing(0, 0, None)
        body = encode(
            Envelope(
                id=f"{thing.value}", source=f"urn:liandong:{self.me}", type="cn.liandong.value.changed",
                subject=record, channel=channel, epoch=draft.epoch, seq=len(log.bodies) + 1,
                prev=log.chains[-1].hex(), version=thing.version, op=op,
                data={"watermark": thing.value} if op == "put" else None,
            )
        )  # fmt: skip
        draft.written[channel] = Written([*log.bodies, body], [*log.chains, link(log.chains[-1], body)])
