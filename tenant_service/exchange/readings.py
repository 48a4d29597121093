"""How far each log was read: loaded before a step, stored after it, in the same transaction."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from sync.bus import wire
from sync.contract.channels import parts_of
from sync.log import Event, Head, Reading, Trouble
from tenant_service.exchange.bulk import upsert
from tenant_service.exchange.models import FollowedRow, FollowedState, ReadingRow, StashRow

_HEAD = (ReadingRow.epoch, ReadingRow.seq, ReadingRow.chain, ReadingRow.proof)
_ROW = (
    ReadingRow.trouble, ReadingRow.stashed, ReadingRow.is_complete, ReadingRow.told_epoch, ReadingRow.told_seq,
    ReadingRow.known_at,
)  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """A reading and what is known besides; the columns are `ReadingRow`'s."""

    reading: Reading
    is_complete: bool = False
    told: tuple[str, int] = ("", 0)
    known_at: dt.datetime | None = None


def hold(session: Session, owners: Iterable[str]) -> None:
    """Nobody else takes in what these owners say until this transaction ends.

    A record's copies lie on several logs of its owner. On PostgreSQL two pages that tell of one record could be taken
    in at once, each blind to the other's copy, and the room would be told half of it. SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        theirs = select(FollowedRow.log).where(FollowedRow.owner.in_(sorted(set(owners))))
        session.execute(theirs.order_by(FollowedRow.log).with_for_update()).all()


def followed(session: Session, logs: Iterable[str]) -> dict[str, Standing]:
    """How far each of these was read; those that are not followed are left out."""
    rows = session.execute(
        select(FollowedRow.log, *_HEAD, *_ROW)
        .outerjoin(ReadingRow, ReadingRow.log == FollowedRow.log)
        .where(FollowedRow.log.in_(sorted(logs)), FollowedRow.state == FollowedState.FOLLOWING)
    )
    return {log: _standing(session, log, *row) for log, *row in rows.all()}


def of(session: Session, log: str) -> Standing:
    """How far this log was read, followed or not."""
    row = session.execute(select(*_HEAD, *_ROW).where(ReadingRow.log == log)).one_or_none()
    return _standing(session, log, *row) if row else Standing(Reading(log))


def _standing(session: Session, log: str, *row: Any) -> Standing:
    epoch, seq, chain, proof, trouble, stashed, is_complete, told_epoch, told_seq, known_at = row
    if epoch is None:
        return Standing(Reading(log))
    stash = _stash(session, log) if stashed else {}
    reading = Reading(log, Head(epoch, seq, chain, proof), Trouble(trouble), stash)
    return Standing(reading, is_complete, (told_epoch, told_seq), known_at)


def _stash(session: Session, log: str) -> dict[tuple[str, int], Event]:
    rows = session.execute(
        select(StashRow.epoch, StashRow.seq, StashRow.body, StashRow.proof).where(StashRow.log == log)
    )
    return {(row.epoch, row.seq): wire.event(row.body, row.proof) for row in rows}


def store(
    session: Session, was: Standing, now: Reading, *, is_completed: bool = False, told: Head | None = None,
    known_at: dt.datetime | None = None,
) -> None:  # fmt: skip
    """The log stands at `now`.

    Args:
        is_completed: The opening state of the epoch ended in what was applied.
        told: Where the owner says that the log ends; it knows best.
        known_at: Everything said in it until then is known here; None: as it was.
    """
    before = told[:2] if told else was.told
    told_epoch, told_seq = max(before, now.head[:2], *now.stash)
    moments = [each for each in (was.known_at, known_at) if each is not None]
    row = {
        "log": now.log, "owner": parts_of(now.log)[0], "epoch": now.head.epoch, "seq": now.head.seq,
        "chain": now.head.chain, "proof": now.head.proof, "trouble": now.trouble.value, "stashed": len(now.stash),
        "is_complete": is_completed or (was.is_complete and was.reading.head.epoch == now.head.epoch),
        "told_epoch": told_epoch, "told_seq": told_seq, "known_at": max(moments, default=None),
    }  # fmt: skip
    upsert(session, ReadingRow, [row])
    _store_stash(session, was.reading, now)


def _store_stash(session: Session, was: Reading, now: Reading) -> None:
    if gone := sorted(was.stash.keys() - now.stash.keys()):
        key: Any = tuple_(StashRow.epoch, StashRow.seq)
        session.execute(delete(StashRow).where(StashRow.log == now.log, key.in_(gone)))
    upsert(
        session, StashRow,
        [
            {"log": now.log, "epoch": each.epoch, "seq": each.seq, "body": each.body, "proof": each.proof}
            for key, each in now.stash.items() if was.stash.get(key) != each
        ],
    )  # fmt: skip
