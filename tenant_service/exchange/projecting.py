"""Giving what others told us to the rooms: each touched record once, in the state that counts.

All of a page goes in one savepoint. Only when a room cannot take something in, each record gets a savepoint of its own,
so that one bad record is a dead letter and harms no other.
"""

import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import bindparam, delete, update
from sqlalchemy.orm import Session

from sync.bus.trust import Trust
from sync.contract.channels import is_for_members
from sync.contract.envelope import Envelope
from sync.contract.ids import kind_of
from sync.contract.records import UnknownCode
from tenant_service.exchange.copies import (
    AT_ONCE,
    Copy,
    Place,
    Projections,
    bodies_of,
    is_known_already,
    is_supported,
    seen,
    shown_of,
    withdrawn,
)
from tenant_service.exchange.models import CopyRow, CopyState, DeadLetterRow
from tenant_service.storage import changed
from tenant_service.storage.changed import Noted

log = logging.getLogger(__name__)

_STATE = (
    update(CopyRow.__table__)  # type: ignore[arg-type]
    .where(CopyRow.record == bindparam("of_record"), CopyRow.channel == bindparam("of_channel"))
    .values(state=bindparam("now_state"))
)


class _Work(NamedTuple):
    """One touched record: its copies that count, best first, and all that stand; `state` is the best one's if its room
    takes it in.
    """

    id: str
    kind: str
    shown: list[Copy]
    all: list[Copy]
    state: CopyState


@dataclass
class Projector:
    """Gives records to the rooms of one committee. Called within the transaction of what brought them."""

    trust: Trust
    projections: Projections

    def project(
        self, session: Session, copies: Mapping[str, list[Copy]], now: dt.datetime, *,
        fresh: Mapping[Place, Envelope] | None = None, before: Mapping[str, Sequence[Copy]] | None = None,
    ) -> int:  # fmt: skip
        """Every one of these records is shown as it counts now, or says why not; returns how many are shown.

        Args:
            copies: Record → all copies that stand.
            fresh: Events at hand, so that they need not be read again.
            before: The copies as they were; whose room would be told the same again is left out.
        """
        work = [self._work(id, each) for id, each in sorted(copies.items())]
        if before is not None:
            work = [each for each in work if not is_known_already(shown_of(before[each.id]), each.shown)]
        _forget_dead_letters(session, work, before or copies)
        told = dict(fresh or {})
        known = [each for each in work if each.state is CopyState.SHOWN]
        told |= bodies_of(session, {each.shown[0].place for each in known if each.shown} - told.keys())
        failed = self._give(session, known, told, now)
        self._note_states(session, work, failed)
        changed.note(session, *(_change(each) for each in known if each.id not in failed))
        return len(known) - len(failed)

    def _work(self, id: str, copies: list[Copy]) -> _Work:
        kind, shown, state = kind_of(id), shown_of(copies), CopyState.SHOWN
        if kind not in self.projections:
            state = CopyState.WAITING
        elif shown and not is_supported(kind, shown[0].schema):
            state = CopyState.UNSUPPORTED
        return _Work(id, kind, shown, copies, state)

    def _give(
        self, session: Session, work: Sequence[_Work], told: Mapping[Place, Envelope], now: dt.datetime
    ) -> dict[str, CopyState]:
        """Ids of those that could not be taken in: dead letters, and what only a newer release can read."""
        try:
            with session.begin_nested():
                for each in work:
                    self._give_one(session, each, told, now)
                session.flush()
        except Exception:
            log.info("a page is given to the rooms record by record", exc_info=True)
        else:
            return {}
        failed: dict[str, CopyState] = {}
        for each in work:
            try:
                with session.begin_nested():
                    self._give_one(session, each, told, now)
                    session.flush()
            except UnknownCode as error:
                log.info("%s is kept until the upgrade: %s", each.id, error)
                failed[each.id] = CopyState.UNSUPPORTED
            except Exception as error:
                log.exception("%s is not taken in", each.id)
                _bury(session, each, error, now)
                failed[each.id] = CopyState.FAILED
        return failed

    def _give_one(self, session: Session, work: _Work, told: Mapping[Place, Envelope], now: dt.datetime) -> None:
        if work.shown:
            given = seen(work.kind, work.shown, told[work.shown[0].place], self.trust)
        else:
            given = withdrawn(work.id, work.all, now)
        self.projections[given.kind](session, given)

    def _note_states(self, session: Session, work: Sequence[_Work], failed: Mapping[str, CopyState]) -> None:
        changes: list[dict[str, str]] = []
        for each in work:
            state = failed.get(each.id, each.state)
            best = each.shown[:1]
            changes += [
                {"of_record": copy.record, "of_channel": copy.channel, "now_state": wanted.value}
                for copy in each.all
                for wanted in [state if copy in best else CopyState.SHOWN]
                if copy.state != wanted
            ]
        if changes:
            session.execute(_STATE, changes)


def _change(work: _Work) -> Noted:
    version = max((each.version for each in work.all), default=0)
    was_open = any(is_for_members(copy.channel) for copy in work.all)
    return Noted(work.id, version, not work.shown, was_open)


def _forget_dead_letters(session: Session, work: Sequence[_Work], before: Mapping[str, Sequence[Copy]]) -> None:
    """What is tried again, or was overtaken, is no dead letter until it fails again."""
    failed = [each.id for each in work if any(copy.state == CopyState.FAILED for copy in before[each.id])]
    for start in range(0, len(failed), AT_ONCE):
        session.execute(delete(DeadLetterRow).where(DeadLetterRow.record.in_(failed[start : start + AT_ONCE])))


def _bury(session: Session, work: _Work, error: Exception, now: dt.datetime) -> None:
    place = (work.shown or work.all)[0].place
    session.merge(
        DeadLetterRow(**place._asdict(), record=work.id, error=f"{type(error).__name__}: {error}"[:500], at=now)
    )
    session.flush()
