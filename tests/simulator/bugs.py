"""Bugs planted on purpose: each must be caught by the checker, or the checker proves nothing.

A part of the product, or of what stands in for its tables, is replaced by one that is wrong in one way.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from sync import log as rules
from sync.bus import wire
from sync.bus.holder import Holder
from sync.bus.pages import Pages
from sync.bus.ports import Absent, Source, Unreachable
from sync.bus.relay import Relay
from sync.bus.subscriber import Subscriber
from sync.contract.envelope import Envelope
from sync.log import Event, Head, Reading, Step, follow
from tenant_service.exchange.inbox import Inbox
from tenant_service.exchange.models import SharedOutRow
from tenant_service.exchange.own_logs import OwnLogs
from tests.simulator.memory_heard import MemoryHeard
from tests.simulator.memory_own import MemoryOwn
from tests.simulator.memory_state import Read, State
from tests.simulator.node import Parts
from tests.simulator.schedules import Kit
from tests.simulator.tables import TablesKit, figures

# ── the owner's side ──


class ComparesOnlyNumbers(Relay):
    """The hub ends at my number or beyond it, so it has everything; whose events they are is not asked."""

    def _decide(self, log: str, seen: Head | None, upto: Head | None) -> tuple[rules.Decision, list[Event]]:
        with self.own.view(log) as mine:
            if seen and seen.seq >= mine.head.seq:
                return rules.Rest(), []
        return super()._decide(log, seen, upto)


class NeverRepeats(Relay):
    """A hub that lost what it had acknowledged is not given it again."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.top: dict[tuple[str, str], int] = {}

    def _decide(self, log: str, seen: Head | None, upto: Head | None) -> tuple[rules.Decision, list[Event]]:
        decision, page = super()._decide(log, seen, upto)
        if page:
            key = (log, page[0].epoch)
            if page[-1].seq <= self.top.get(key, 0):
                return rules.Rest(), []
            self.top[key] = page[-1].seq
        return decision, page


class IgnoresWitnesses(Relay):
    """What a reader shows of a life that this database has forgotten is not looked at."""

    def witness(self, log: str, seen: Head) -> None:
        """Nothing follows."""


class TakesNothingBack(Relay):
    """A new epoch is begun without asking readers for what was forgotten."""

    async def fork(self, log: str, seen: Head) -> None:
        await self.run(self.alarm, log, "RESTORED", "")
        await self.run(self.own.begin_epoch, "restored", [(log, seen)])


class LeavesForgottenLogsClosed(Holder):
    """Whoever asks about a log of mine that my database never heard of is told that it is empty."""

    def _look_up(self, ask: wire.Ask) -> tuple[wire.Answer, Head | None]:
        if ask.log.startswith(self.trust.me):
            with self.own.view(ask.log) as mine:
                if not mine.head.seq:
                    return wire.Answer(head=mine.head._replace(proof=self.trust.sign(ask.log, mine.head))), None
        return super()._look_up(ask)


class ForgetsARecord(MemoryOwn):
    """The new epoch's opening is short of one record."""

    def _open_again(self, draft: State, channel: str) -> None:
        kept = dict(draft.shared)
        for key in sorted(key for key in kept if key[1] == channel)[-1:]:
            del draft.shared[key]
        super()._open_again(draft, channel)
        draft.shared.update(kept)


class NumbersEpochsAlone(MemoryOwn):
    """The next epoch is above those of this database only."""

    def begin_epoch(self, why: str, seen: Sequence[tuple[str, Head]] = ()) -> str:
        return super().begin_epoch(why, ())


class DrawsNoTag(MemoryOwn):
    """Epochs are told apart by their number alone."""

    def __init__(self, memory: Any, me: str, tag: Any, most: int) -> None:
        super().__init__(memory, me, lambda: "0" * 16, most)


# ── the reader's side ──


class NeverSweeps(MemoryHeard):
    """What a new epoch does not contain stays."""

    def forgotten(self, read: Read, epoch: str) -> list[str]:
        return []


class LetsVersionsDecide(MemoryHeard):
    """An older version is not applied; but across a restore versions go back."""

    def effect(self, read: Read, told: Envelope) -> Read:
        held = read.copies.get(told.subject)
        return read if told.op != "complete" and held and told.version <= held.version else super().effect(read, told)


class LosesAnEffect(MemoryHeard):
    """How far a log was followed is stored although an effect was not."""

    seen = 0

    def effect(self, read: Read, told: Envelope) -> Read:
        self.seen += 1
        return read if self.seen % 23 == 0 else super().effect(read, told)


class StoresTheCursorLater(MemoryHeard):
    """Effects are committed, and how far they go in another transaction, which a crash prevents."""

    seen = 0

    def keep(self, draft: State, log: str, was: Read, step: Step) -> None:
        super().keep(draft, log, was, step)
        self.seen += 1
        if step.apply and self.seen % 11 == 0:
            draft.read[log] = replace(draft.read[log], reading=was.reading)


class ChecksNoSignature(MemoryHeard):
    def follow(self, was: Reading, events: Sequence[Event]) -> Step:
        return follow(was, events, lambda _log, _head: True)


class NeverTrustsAgain(MemoryHeard):
    """Once in trouble, never out of it."""

    def follow(self, was: Reading, events: Sequence[Event]) -> Step:
        return Step(was) if was.trouble else super().follow(was, events)

    def settle(self, log: str, told: Head, asked: Reading) -> Reading:
        return self.reading(log)


class AppliesUnsigned(MemoryHeard):
    """What has arrived is applied without waiting for the signature over it."""

    def follow(self, was: Reading, events: Sequence[Event]) -> Step:
        step = super().follow(was, events)
        head, stash, more = step.reading.head, dict(step.reading.stash), list[Event]()
        while head.epoch and (event := stash.get((head.epoch, head.seq + 1))) and event.prev == head.chain:
            more.append(stash.pop((head.epoch, head.seq + 1)))
            head = event.head()
        return replace(step, reading=replace(step.reading, head=head, stash=stash), apply=(*step.apply, *more))


class AppliesTwice(MemoryHeard):
    """What is delivered again is applied again."""

    def follow(self, was: Reading, events: Sequence[Event]) -> Step:
        step = super().follow(was, events)
        again = tuple(each for each in events if (each.epoch, each.seq) == was.head[:2])
        return replace(step, apply=(*again, *step.apply))


class BelievesTheLastEpoch(MemoryHeard):
    """Epochs have no order: whichever comes last is believed."""

    def follow(self, was: Reading, events: Sequence[Event]) -> Step:
        first = next((each for each in events if each.seq == 1 and each.epoch != was.head.epoch), None)
        if first:
            step = super().follow(Reading(was.log), [each for each in events if each.epoch == first.epoch])
            if step.apply:
                return step
        return super().follow(was, events)


class KeepsFollowing(MemoryHeard):
    """A log that may no longer be read is taken in as before."""

    def entitle(self, logs: Any) -> None:
        super().entitle({*logs, *self.memory.state.read})


class NeverAsks(Subscriber):
    async def ask(self, log: str) -> bool:
        self._due[log] = self.clock() + 60
        return False


class AsksWithoutPause(Subscriber):
    async def ask(self, log: str) -> bool:
        try:
            return await super().ask(log)
        finally:
            self._due[log] = self.clock() + 1


class GivesUpOnABrokenLine(Subscriber):
    """A consumer that was not there once is never looked for again."""

    async def pull_on(self, source: Source, stream: str) -> None:
        pages = Pages(source)
        while True:
            try:
                await self.pull(pages)
            except Absent:
                return
            except Unreachable:
                continue


# ── on the real tables ──


class ShowsWhateverComes(Inbox):
    """What is withdrawn stays on people's screens."""

    def take(self, arrived: Any, *, caught_up: bool) -> list[Step]:
        with Session(self.units.engine) as session:
            before = list(session.execute(select(figures)))
        steps = super().take(arrived, caught_up=caught_up)
        with Session(self.units.engine) as session:
            left = set(session.scalars(select(figures.c.id)))
            for row in before:
                if row.id not in left:
                    session.execute(insert(figures).values(**row._mapping))
            session.commit()
        return steps


class LeavesAnEpochInTwoSteps(OwnLogs):
    """What was shared last is withdrawn from its channel before the epoch is left."""

    def begin_epoch(self, why: str, seen: Sequence[tuple[str, Head]] = ()) -> str:
        with self.units.write() as unit:
            last = unit.session.scalars(
                select(SharedOutRow).where(SharedOutRow.is_shared).order_by(SharedOutRow.record.desc()).limit(1)
            )
            for row in last:
                row.is_shared = False
        return super().begin_epoch(why, seen)


PLANTED: dict[str, Kit] = {
    "the relay compares only numbers": Kit(parts=Parts(relay=ComparesOnlyNumbers)),
    "the relay never repeats": Kit(parts=Parts(relay=NeverRepeats)),
    "witnesses are ignored": Kit(parts=Parts(relay=IgnoresWitnesses)),
    "nothing is taken back before an epoch is left": Kit(parts=Parts(relay=TakesNothingBack)),
    "forgotten logs stay closed": Kit(parts=Parts(holder=LeavesForgottenLogsClosed)),
    "a new epoch forgets a record": Kit(own=ForgetsARecord),
    "nothing is swept": Kit(heard=NeverSweeps),
    "versions decide across epochs": Kit(heard=LetsVersionsDecide),
    "an effect is lost": Kit(heard=LosesAnEffect),
    "the cursor is stored after the effects": Kit(heard=StoresTheCursorLater),
    "signatures are not checked": Kit(heard=ChecksNoSignature),
    "a quarantine never ends": Kit(heard=NeverTrustsAgain),
    "an unsigned tail is applied": Kit(heard=AppliesUnsigned),
    "duplicates are applied": Kit(heard=AppliesTwice),
    "the last epoch heard of wins": Kit(heard=BelievesTheLastEpoch),
    "a withdrawn log is followed on": Kit(heard=KeepsFollowing),
    "nobody asks": Kit(parts=Parts(subscriber=NeverAsks)),
    "asks know no pause": Kit(parts=Parts(subscriber=AsksWithoutPause)),
    "what is withdrawn stays on the screen": TablesKit(heard_tables=ShowsWhateverComes),
    "the tables leave a record out of an epoch": TablesKit(own_tables=LeavesAnEpochInTwoSteps),
}
SECOND_LINES: dict[str, Kit] = {
    "epochs are numbered from the own database only": Kit(own=NumbersEpochsAlone),
    "epochs have no random tag": Kit(own=DrawsNoTag),
    "a lost consumer is not looked for": Kit(parts=Parts(subscriber=GivesUpOnABrokenLine)),
}
"""Survived, because something else holds. The first two: a head is never compared without its chain, so a number that
is used twice is found as a fork and left once more. The last: each owner is asked now and then where its log ends, so a
reader that gets nothing from the hub any more is late, and complete.
"""
