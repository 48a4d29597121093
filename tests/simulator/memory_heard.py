"""Logs of others in memory; a `sync.bus.stores.Heard`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from sync.bus.stores import PAGE_BYTES, Alarm
from sync.bus.trust import Trust
from sync.contract.envelope import Envelope, decode
from sync.log import Event, Head, Reading, Step, Trouble, follow, genesis, link, settled
from tests.simulator.memory_state import Copy, Memory, Read, State


class HeldLog:
    """Somebody else's log as far as we applied it."""

    def __init__(self, name: str, read: Read, most: int) -> None:
        self.name, self.head, self._events, self._most = name, read.reading.head, read.events, most

    def chain_at(self, seq: int) -> bytes | None:
        if seq == 0:
            return genesis(self.name, self.head.epoch)
        if seq > len(self._events):
            return None
        event = self._events[seq - 1]
        return self._events[seq].prev if seq < len(self._events) else link(event.prev, event.body)

    def page(self, after: int, upto: int | None = None, room: int = PAGE_BYTES) -> list[Event]:
        """Whole signed runs, at least one of them."""
        events: list[Event] = []
        whole = 0
        for event in self._events[after:]:
            room -= len(event.body)
            if whole and (room < 0 or event.seq > after + self._most or (upto is not None and event.seq > upto)):
                break
            events.append(event)
            whole = len(events) if event.proof else whole
        return events[:whole]


class MemoryHeard:
    def __init__(self, memory: Memory, trust: Trust, alarm: Alarm, most: int) -> None:
        self.memory, self.trust, self.alarm, self.most = memory, trust, alarm, most

    # ── as the bus needs it ──

    def entitle(self, logs: Iterable[str]) -> None:
        """Those that may no longer be read are frozen: what is here stays, and nothing is added."""
        wanted = set(logs)
        with self.memory.transaction() as draft:
            for log, read in draft.read.items():
                if read.is_followed and log not in wanted:
                    draft.read[log] = replace(read, is_followed=False, reading=replace(read.reading, stash={}))
            for log in sorted(wanted):
                draft.read[log] = replace(draft.read.get(log) or Read(Reading(log)), is_followed=True)

    def take(self, arrived: Mapping[str, Sequence[Event]], *, caught_up: bool) -> list[Step]:
        steps = []
        with self.memory.transaction() as draft:
            for log, events in sorted(arrived.items()):
                was = draft.read.get(log)
                if was and was.is_followed:
                    step = self.follow(was.reading, events)
                    self.keep(draft, log, was, step)
                    steps.append(step)
        for step in steps:
            if step.alarm:
                self.alarm(step.reading.log, step.alarm.value, "")
        return steps

    def reading(self, log: str) -> Reading:
        read = self.memory.state.read.get(log)
        return read.reading if read else Reading(log)

    def settle(self, log: str, told: Head, asked: Reading) -> Reading:
        """What arrived after the owner was asked stays: it had not spoken of it."""
        with self.memory.transaction() as draft:
            read = draft.read.get(log) or Read(Reading(log))
            since = {key: each for key, each in read.reading.stash.items() if key not in asked.stash}
            now = settled(read.reading, told)
            now = replace(now, stash={**since, **now.stash})
            draft.read[log] = replace(read, reading=now)
        return now

    @contextmanager
    def view(self, log: str) -> Iterator[HeldLog | None]:
        read = self.memory.state.read.get(log)
        is_held = read is not None and read.is_followed and bool(read.reading.head.epoch)
        yield HeldLog(log, read, self.most) if read and is_held else None

    # ── what a planted bug replaces ──

    def follow(self, was: Reading, events: Sequence[Event]) -> Step:
        return follow(was, events, self.trust.verify)

    def keep(self, draft: State, log: str, was: Read, step: Step) -> None:
        """The effects of a step and how far the log was followed."""
        now = replace(was, reading=step.reading)
        if step.apply:
            is_new = step.apply[0].epoch != was.reading.head.epoch
            now = replace(
                now, events=[*([] if is_new else was.events), *step.apply], copies=dict(was.copies),
                is_complete=was.is_complete and not is_new,
            )  # fmt: skip
            for event in step.apply:
                self.memory.fuse.burn()
                now = self.effect(now, decode(event.body))
        draft.read[log] = now

    def effect(self, read: Read, told: Envelope) -> Read:
        """What one event does to the copies, which are this transaction's own."""
        if told.op == "complete":
            for record in self.forgotten(read, told.epoch):
                del read.copies[record]
            return replace(read, is_complete=True)
        value = told.data["watermark"] if told.op == "put" else 0
        read.copies[told.subject] = Copy(told.epoch, told.seq, told.version, told.op, value)
        return read

    def forgotten(self, read: Read, epoch: str) -> list[str]:
        """Records of an earlier epoch that this one, whose opening is whole, has not told of."""
        return [record for record, copy in read.copies.items() if copy.epoch != epoch and copy.op != "delete"]


__all__ = ["HeldLog", "MemoryHeard", "Trouble"]
