"""Taking in what others say: effects, the signed bytes and how far their log was followed move in one transaction.

What is said is checked by `sync.log`; what it means for a record is `copies`' and `projecting`'s part.
"""

import datetime as dt
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import msgspec
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from sync.bus.trust import Trust
from sync.contract.channels import parts_of
from sync.contract.envelope import Envelope, decode
from sync.contract.ids import owner_of
from sync.contract.instants import instant
from sync.log import Event, Head, Reading, Step, Trouble, follow, settled
from tenant_service.exchange import bulk, leaving, readings
from tenant_service.exchange.alarms import raise_alarm
from tenant_service.exchange.copies import AT_ONCE, Copy, Place, Projections, copies_of, copy_of
from tenant_service.exchange.erasing import erase_heard
from tenant_service.exchange.held_logs import HeldLog
from tenant_service.exchange.models import (
    CopyRow,
    CopyState,
    DeadLetterRow,
    FollowedRow,
    FollowedState,
    ReceivedRow,
)
from tenant_service.exchange.projecting import Projector
from tenant_service.exchange.turns import take_turn
from tenant_service.exchange.watching import replaying
from tenant_service.storage.unit_of_work import Unit, Units

KEPT_HIDDEN = dt.timedelta(days=90)
"""How long copies stay, hidden, that a new epoch of their owner did not contain."""
MOST_SKEW = dt.timedelta(minutes=5)
"""An owner's moment may lie so far ahead of ours until people are told; no decision rests on either."""
_RECEIVED = ("log", "epoch", "seq", "body", "chain", "proof")
_STANDING = (*Copy._fields, "swept_at")


class Inbox:
    """The logs that this committee follows; a `sync.bus.stores.Heard`."""

    def __init__(self, units: Units, trust: Trust, projections: Projections) -> None:
        self.units, self.trust = units, trust
        self.projector = Projector(trust, projections)

    # ── who is followed ──

    def entitle(self, logs: Iterable[str], then: FollowedState = FollowedState.FROZEN) -> None:
        """Exactly these are followed; the copies of others are frozen or removed, as `then` says, those as well that
        were frozen when they were left. Of a partner's sealed log no byte stays in either case.
        """
        wanted = set(logs)
        with self.units.write() as unit:
            known = {row.log: row for row in unit.session.scalars(select(FollowedRow))}
            for log in sorted(known.keys() - wanted):
                if known[log].state not in (then, FollowedState.REMOVED):
                    known[log].state, known[log].since = then, unit.now
                    leaving.leave(unit, self.projector, log, then)
            for log in leaving.with_bytes(unit.session, known.keys() - wanted):
                leaving.leave(unit, self.projector, log, then)
            for log in sorted(wanted):
                if log not in known:
                    unit.session.add(
                        FollowedRow(log=log, owner=parts_of(log)[0], state=FollowedState.FOLLOWING, since=unit.now)
                    )
                elif known[log].state is not FollowedState.FOLLOWING:
                    known[log].state, known[log].since = FollowedState.FOLLOWING, unit.now

    # ── taking in ──

    def take(self, arrived: Mapping[str, Sequence[Event]], *, caught_up: bool) -> list[Step]:
        """One transaction. Logs that are not followed are left out: their steps, too.

        `caught_up`: the hub had nothing more for us when it gave this, so an applied run is all there is.
        """
        steps, page = [], _Page()
        with self.units.write() as unit:
            take_turn(unit.session, (parts_of(log)[0] for log in arrived))
            for log, was in sorted(readings.followed(unit.session, arrived).items()):
                step = follow(was.reading, arrived[log], self.trust.verify, self.trust.erased)
                told = _read(unit, log, step.apply)
                if step.apply:
                    self._apply(unit, log, step.apply, told, page)
                troubles = readings.troubles(was.reading, arrived[log], step)
                self._moved(unit, was, step, told, caught_up=caught_up, troubles=troubles)
                steps.append(step)
            if page.after:
                after = {id: list(copies.values()) for id, copies in page.after.items()}
                self.projector.project(unit.session, after, unit.now, fresh=page.fresh, before=page.before)
        return steps

    def _apply(self, unit: Unit, log: str, events: Sequence[Event], told: Sequence[Envelope], page: "_Page") -> None:
        """The run's bytes are kept and its copies stand.

        A run is of one epoch. Its bytes are inserted, never replaced: an event applied twice stops here.
        """
        chains = [each.prev for each in events[1:]] + [events[-1].head().chain]
        rows = [
            (log, each.epoch, each.seq, each.body, chain, each.proof)
            for each, chain in zip(events, chains, strict=True)
        ]  # fmt: skip
        bulk.insert_tuples(unit.session, ReceivedRow, _RECEIVED, rows)
        erase_heard(unit, self.trust, log, told)
        _, channel = parts_of(log)
        last = {each.subject: each for each in told if each.op != "complete" and _is_its_own(unit, log, each)}
        is_whole = any(each.op == "complete" for each in told)
        swept = _forgotten(unit, log, events[-1].epoch, last) if is_whole else set()
        page.touch(unit.session, last.keys() | swept)
        copies = [copy_of(each, log, channel, unit.now) for each in last.values()]
        bulk.upsert_tuples(unit.session, CopyRow, _STANDING, [(*copy, None) for copy in copies])
        _sweep(unit, channel, sorted(swept))
        page.turn(channel, copies, swept)
        page.fresh |= {Place(log, each.epoch, each.seq): each for each in last.values()}

    def _moved(
        self, unit: Unit, was: readings.Standing, step: Step, told: Sequence[Envelope], *, caught_up: bool,
        troubles: readings.Troubles,
    ) -> None:  # fmt: skip
        now = step.reading
        at = None
        if told and caught_up and not now.stash and not now.trouble:
            at = min(_said_at(told[-1], unit.now), unit.now)
        if told and (ahead := _said_at(told[-1], unit.now) - unit.now) > MOST_SKEW:
            minutes = int(ahead.total_seconds() / 60)
            raise_alarm(unit, now.log, "CLOCK_AHEAD", f"its owner's clock, or ours, is wrong by {minutes} minutes")
        completed = any(each.op == "complete" for each in told)
        readings.store(unit.session, was, now, is_completed=completed, known_at=at, at=unit.now, troubles=troubles)
        if step.alarm:
            raise_alarm(unit, now.log, step.alarm.value, _WHAT[step.alarm])

    # ── how far ──

    def heads(self) -> dict[str, Head]:
        with self.units.read() as unit:
            return readings.heads(unit.session)

    def reading(self, log: str) -> Reading:
        with self.units.read() as unit:
            return readings.of(unit.session, log).reading

    def settle(self, log: str, told: Head, asked: Reading | None = None) -> Reading:
        """The owner itself says where its log ends. Where that is where we are, we knew everything just now.

        What arrived after it was asked (when the log stood at `asked`) stays: the owner had not spoken of it.
        """
        with self.units.write() as unit:
            take_turn(unit.session, [parts_of(log)[0]])
            standing = readings.of(unit.session, log)
            was = standing.reading
            since = {key: each for key, each in was.stash.items() if asked and key not in asked.stash}
            now = settled(was, told)
            now = replace(now, stash={**since, **now.stash})
            here = told[:3] == was.head[:3] or (told.seq == 0 and was.head.seq == 0)
            readings.store(unit.session, standing, now, told=told, known_at=unit.now if here else None, at=unit.now)
        return now

    # ── again, and no more ──

    def reproject(self) -> int:
        """Every copy that is not shown yet is tried again; returns how many are shown now."""
        shown, after = self.reproject_slice("")
        while after:
            more, after = self.reproject_slice(after)
            shown += more
        return shown

    def reproject_slice(self, after: str) -> tuple[int, str]:
        """The same for the next few records behind `after`, in a transaction of their own; ends with ""."""
        with self.units.write() as unit:
            again = replaying.replay(unit, self.projector, after=after)
        return len(again.shown), again.after

    def drop_swept(self) -> None:
        """Copies that a new epoch did not contain are gone for good once they were hidden for KEPT_HIDDEN."""
        with self.units.write() as unit:
            unit.session.execute(delete(CopyRow).where(CopyRow.swept_at < unit.now - KEPT_HIDDEN))

    # ── handing on ──

    @contextmanager
    def view(self, log: str) -> Iterator[HeldLog | None]:
        """What we hold of another's log, to be given to a fellow reader."""
        with self.units.read() as unit:
            held = readings.followed(unit.session, [log]).get(log)
            head = held.reading.head if held else Head("", 0, b"")
            yield HeldLog(unit.session, log, head) if head.epoch else None


_WHAT = {
    Trouble.FORKED: "an event does not continue what was applied",
    Trouble.FORGED: "the signature of a head is wrong",
    Trouble.UNKNOWN_KEY: "signed with a key that the directory does not show",
}


@dataclass
class _Page:
    """What one transaction does to copies: as they were and as they are, by record, and the events at hand."""

    before: dict[str, list[Copy]] = field(default_factory=dict)
    after: dict[str, dict[str, Copy]] = field(default_factory=dict)
    fresh: dict[Place, Envelope] = field(default_factory=dict)

    def touch(self, session: Session, ids: Iterable[str]) -> None:
        """The copies of these records are known as they were."""
        for id, copies in copies_of(session, sorted(set(ids) - self.before.keys())).items():
            self.before[id] = copies
            self.after[id] = {copy.channel: copy for copy in copies}

    def turn(self, channel: str, told: Iterable[Copy], swept: Iterable[str]) -> None:
        for copy in told:
            self.after[copy.record][channel] = copy
        for id in swept:
            del self.after[id][channel]


def _read(unit: Unit, log: str, events: Sequence[Event]) -> list[Envelope]:
    """What these events say; an erased one says nothing. One that this release cannot read at all is kept and told of;
    the log goes on.
    """
    told = []
    for event in events:
        if event.hole:
            continue
        try:
            told.append(decode(event.body))
        except msgspec.DecodeError as error:
            unit.session.add(
                DeadLetterRow(log=log, epoch=event.epoch, seq=event.seq, record="", error=str(error)[:500], at=unit.now)
            )
            raise_alarm(unit, log, "UNREADABLE", f"event {event.seq} of its owner: {error}")
    return told


def _is_its_own(unit: Unit, log: str, told: Envelope) -> bool:
    """A committee speaks for its own records only."""
    owner, _ = parts_of(log)
    if owner_of(told.subject) == owner:
        return True
    error = f"{told.subject[:80]} is not a record of {owner}"
    unit.session.add(
        DeadLetterRow(log=log, epoch=told.epoch, seq=told.seq, record=told.subject[:160], error=error, at=unit.now)
    )
    raise_alarm(unit, log, "NOT_ITS_OWN", error)
    return False


def _forgotten(unit: Unit, log: str, epoch: str, told: Container[str]) -> set[str]:
    """Records that this log told of in an earlier epoch and has not in this one, whose opening is whole.

    Tombstones stay: a channel that lags behind may still show the record.
    """
    old = select(CopyRow.record).where(
        CopyRow.log == log, CopyRow.epoch != epoch, CopyRow.swept_at.is_(None), CopyRow.op != "delete"
    )
    return {id for id in unit.session.scalars(old) if id not in told}


def _sweep(unit: Unit, channel: str, ids: Sequence[str]) -> None:
    """These copies are hidden."""
    for start in range(0, len(ids), AT_ONCE):
        unit.session.execute(
            update(CopyRow)
            .where(CopyRow.record.in_(ids[start : start + AT_ONCE]), CopyRow.channel == channel)
            .values(swept_at=unit.now, state=CopyState.SHOWN.value),
            execution_options={"synchronize_session": False},
        )


def _said_at(told: Envelope, now: dt.datetime) -> dt.datetime:
    """When the owner said it, by its own clock; it is shown to people, nothing follows."""
    try:
        return instant(told.time)
    except ValueError:
        return now
