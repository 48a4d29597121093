"""找回: what a restored database had forgotten is given back to the rooms, before the new epoch says what there is.

Everything is one transaction with the new epoch: it happens whole, or is tried again from the same salvaged events.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from typing import Any, NamedTuple, Protocol

import msgspec
from sqlalchemy import select

from sync.bus.trust import Trust
from sync.contract import jose, records
from sync.contract.channels import circle_of, log_of, partner, partner_of
from sync.contract.ids import kind_of
from sync.contract.visibility import hidden_from
from tenant_service.exchange import erasing
from tenant_service.exchange.alarms import raise_alarm
from tenant_service.exchange.copies import copies_of, is_supported
from tenant_service.exchange.models import CopyRow, RecoveredRow, RestorationRow
from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.projecting import Projector
from tenant_service.exchange.restoring import salvaged
from tenant_service.exchange.restoring.salvaged import Forgotten, Word
from tenant_service.exchange.sharing import choices, reach
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Unit

log = logging.getLogger(__name__)

BY = "restore"
"""Who re-applies, where a row says by whom it was written."""
_ANSWERED_BY = {"request": "answer"}
"""Kinds of ours, and of the copies that speak of one: these may have come in before what they speak of was back."""


class Recovered(NamedTuple):
    """A record of ours as its readers last knew it, to be written again by its room.

    Attributes:
        record: The fullest that came back of it; None: no state of it did.
        fields: The names of what it tells; what lies deeper was not told to those who gave it back.
        version: The highest that was told.
        channels: On which it is shared, as far as they are there today.
        shares: The same, as a room's column keeps it.
        is_gone: It was deleted.
        said_at: When its owner, this committee, last told of it.
    """

    id: str
    record: Any
    fields: frozenset[str]
    version: int
    channels: AbstractSet[str]
    shares: list[str]
    is_gone: bool
    said_at: dt.datetime


Recoveries = Mapping[str, Callable[[Unit, Recovered], Outcome]]
"""Kind of record → what its room does with one that came back: it writes the row and publishes it, with a version above
`Recovered.version`. In the order in which rows refer to each other. Kinds that are left out are computed anew.
"""


class RecordRow(Protocol):
    """A row of ours as this module writes it."""

    revision: Any

    def record(self) -> Any: ...


def write(row: Any, told: Recovered, *, is_new: bool) -> None:
    """The row says what came back; of one that stands already, what was not told stays as it was."""
    for each in fields(told.record):
        if each.name not in ("id", "committee_id", "revision") and (is_new or each.name in told.fields):
            setattr(row, each.name, getattr(told.record, each.name))
    row.revision = max(row.revision or 0, told.version) + 1


def stand(unit: Unit, row: Any, told: Recovered) -> None:
    """The row is written, and told to whom it was shared with."""
    row.shares = list(told.shares)
    unit.session.add(row)
    unit.session.flush()
    unit.publish(row.record(), row.revision, told.channels)


def gone(unit: Unit, row: RecordRow | None, told: Recovered) -> Outcome:
    """The row is deleted, as its record was; everybody who was ever told of it hears so again."""
    if row is not None:
        record = row.record()
        unit.session.delete(row)
        unit.session.flush()
        unit.erase(record, told.version + 1)
    return Outcome.WITHDRAWN


def narrowed(unit: Unit, row: Any | None, told: Recovered) -> Outcome:
    """No state of it came back, only that it was shared with fewer: the row is, too."""
    if row is not None:
        row.shares, row.revision = list(told.shares), max(row.revision, told.version) + 1
        unit.session.flush()
        unit.publish(row.record(), row.revision, told.channels)
    return Outcome.WITHDRAWN


def restorer(committee: str) -> Actor:
    """Who stands in the audit log for what was re-applied."""
    return Actor(committee, committee, BY)


@dataclass
class Recovering:
    """Re-applies what came back. `projector`: shows others' records anew where one speaks of ours."""

    trust: Trust
    recoveries: Recoveries
    projector: Projector

    def take_back(self, unit: Unit, epoch: str) -> None:
        """Every room has back what it had forgotten; what cannot be given back is told to people, too.

        Called when `epoch`, the present one, is about to be left, with its lock held.
        """
        told = salvaged.told_of(unit.session, epoch)
        found = [each for each in told if not each.is_known()]
        restoration = _noted(unit, epoch, found)
        outcomes = self._give(unit, [each for each in found if kind_of(each.record) in self.recoveries], restoration)
        _delete_again(unit, told)
        salvaged.settled(unit.session, restoration.id)
        self._show_again(unit, outcomes)
        audit.note(unit, restorer(unit.committee), "restore.begin_epoch", unit.committee)
        unit.settle()

    def _give(self, unit: Unit, found: Sequence[Forgotten], restoration: RestorationRow) -> list[Recovered]:
        """All in one savepoint; only where a room cannot take one, each gets its own, so that it harms no other."""
        order = {kind: at for at, kind in enumerate(self.recoveries)}
        work = sorted(found, key=lambda each: (order[kind_of(each.record)], each.record))
        try:
            with unit.attempt():
                given = [self._give_one(unit, each, restoration) for each in work]
                unit.settle()
        except Exception:
            log.info("what came back is given to the rooms record by record", exc_info=True)
            given = [self._try_one(unit, each, restoration) for each in work]
        return [each for each in given if each is not None]

    def _try_one(self, unit: Unit, each: Forgotten, restoration: RestorationRow) -> Recovered | None:
        try:
            with unit.attempt():
                told = self._give_one(unit, each, restoration)
                unit.settle()
        except Exception as error:
            log.exception("%s is not given back", each.record)
            _note(unit, restoration, each, Outcome.FAILED, f"{type(error).__name__}: {error}"[:500])
            unit.session.flush()
            return None
        return told

    def _give_one(self, unit: Unit, each: Forgotten, restoration: RestorationRow) -> Recovered | None:
        told = None if each.is_changed_since else self._read(each)
        if told is not None:
            outcome = self.recoveries[kind_of(each.record)](unit, told)
        else:
            outcome = Outcome.KEPT if each.is_changed_since else Outcome.SEALED
        audit.note(unit, restorer(unit.committee), "restore.recover", each.record)
        _note(unit, restoration, each, outcome)
        return told

    def _read(self, each: Forgotten) -> Recovered | None:
        """What is known of it; None: it was told in partner channels only, and cannot be opened.

        Raises:
            ValueError: it is written in a way that this release does not read.
        """
        newest, kind = each.newest, kind_of(each.record)
        channels = self._writable(each.channels())
        told = Recovered(
            each.record, None, frozenset(), newest.version, channels,
            choices.codes_of(channels, self.trust.directory), newest.op == "delete", newest.said_at,
        )  # fmt: skip
        if told.is_gone or not each.puts:
            return told
        for word in each.states():
            if not is_supported(kind, word.schema):
                raise ValueError(f"{word.schema} is newer than this release")
            if (data := self._opened(word)) is not None:
                record = records.read(kind, data)
                hidden = hidden_from(records.RECORDS[kind], circle_of(word.channel))
                return told._replace(record=record, fields=frozenset(vars(record)) - hidden)
        return None

    def _opened(self, word: Word) -> Any:
        if not partner_of(word.channel):
            return word.data
        try:
            return msgspec.json.decode(self.trust.unsealed(word.data))
        except jose.Untrusted:
            return None

    def _writable(self, channels: Iterable[str]) -> set[str]:
        """Those that the directory gives us today."""
        directory = self.trust.directory
        there = set(directory.channels_of(self.trust.me)) & set(channels)
        return {each for each in there if not (to := partner_of(each)) or directory.keys(to, "enc")}

    def _show_again(self, unit: Unit, given: Iterable[Recovered]) -> None:
        """Copies that speak of what is back now are shown anew."""
        for kind, answer in _ANSWERED_BY.items():
            homes = {channel[2:] for each in given if kind_of(each.id) == kind for channel in each.channels}
            logs = [log_of(each, partner(self.trust.me)) for each in sorted(homes)]
            about = select(CopyRow.record).where(CopyRow.log.in_(logs), CopyRow.swept_at.is_(None))
            ids = sorted({id for id in unit.session.scalars(about) if kind_of(id) == answer})
            self.projector.project(unit.session, copies_of(unit.session, ids), unit.now)


def _delete_again(unit: Unit, found: Iterable[Forgotten]) -> None:
    """What was deleted after the backup is, for those as well who had missed it. What is shared all the same lives on:
    people changed it since, or its room took no delete back.
    """
    unit.session.flush()
    gone = [each for each in found if each.newest.op == "delete"]
    living = reach.channels_of(unit.session, [each.record for each in gone])
    for each in gone:
        for channel, word in each.last.items():
            if word.op == "delete" and each.record not in living:
                erasing.take_over(unit, each.record, word.version, channel, word.data)


def _noted(unit: Unit, epoch: str, found: Sequence[Forgotten]) -> RestorationRow:
    """The restoration stands in the database, with the span of what is lost."""
    said = [word.said_at for each in found for word in each.last.values()]
    made = RestorationRow(
        at=unit.now, left_epoch=epoch, known_until=audit.last_before(unit, min(said, default=None)),
        shared_until=max(said, default=None), salvaged=salvaged.waiting(unit.session),
    )  # fmt: skip
    unit.session.add(made)
    unit.session.flush()
    return made


def _note(
    unit: Unit, restoration: RestorationRow, each: Forgotten, outcome: Outcome, error: str | None = None
) -> None:  # fmt: skip
    """The record stands in the list that people look through."""
    newest = each.newest
    row = unit.session.get(RecoveredRow, each.record) or RecoveredRow(record=each.record)
    row.restoration_id, row.kind, row.outcome, row.error = restoration.id, kind_of(each.record), outcome, error
    row.epoch, row.version, row.said_at = newest.epoch, newest.version, newest.said_at
    row.channels, row.checked_at, row.checked_by = sorted(each.last), None, None
    unit.session.add(row)
    if outcome is Outcome.FAILED:
        raise_alarm(unit, log_of(unit.committee, min(each.last)), "NOT_RECOVERED", f"{each.record}: {error}")
