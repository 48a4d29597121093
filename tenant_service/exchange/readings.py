"""How far each log was read: loaded before a step, stored after it, in the same transaction."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, select, tuple_
from sqlalchemy.orm import Session

from sync.bus import wire
from sync.contract.channels import parts_of
from sync.log import Event, Head, Reading, Step, Trouble
from tenant_service.exchange.bulk import upsert
from tenant_service.exchange.models import FollowedRow, FollowedState, ReadingRow, StashRow

_HEAD = (ReadingRow.epoch, ReadingRow.seq, ReadingRow.chain, ReadingRow.proof)
_ROW = (
    ReadingRow.trouble, ReadingRow.stashed, ReadingRow.is_complete, ReadingRow.told_epoch, ReadingRow.told_seq,
    ReadingRow.known_at, ReadingRow.naks, ReadingRow.quarantined, ReadingRow.trouble_since,
)  # fmt: skip
# Built once, as in `own_logs`.
_SELECT_FOLLOWED = (
    select(FollowedRow.log, *_HEAD, *_ROW)
    .outerjoin(ReadingRow, ReadingRow.log == FollowedRow.log)
    .where(FollowedRow.log.in_(bindparam("logs", expanding=True)), FollowedRow.state == FollowedState.FOLLOWING)
)
_SELECT_OF = select(*_HEAD, *_ROW).where(ReadingRow.log == bindparam("log"))


@dataclass(frozen=True)
class Standing:
    """A reading and what is known besides; the columns are `ReadingRow`'s."""

    reading: Reading
    is_complete: bool = False
    told: tuple[str, int] = ("", 0)
    known_at: dt.datetime | None = None
    naks: int = 0
    quarantined: int = 0
    trouble_since: dt.datetime | None = None


class Troubles(NamedTuple):
    """What went wrong in one step; the columns are `ReadingRow`'s."""

    naks: int = 0
    quarantined: int = 0


NO_TROUBLES = Troubles()


def troubles(was: Reading, arrived: Iterable[Event], step: Step) -> Troubles:
    """Whether something is newly missing or wrong, and how many events were dropped because they could not be right:
    neither applied, nor overtaken, nor kept.
    """
    now = step.reading
    naks = int(step.ask and (bool(step.alarm) or not (was.stash or was.trouble)))
    if now.trouble not in (Trouble.FORKED, Trouble.FORGED):
        return Troubles(naks)
    pending = was.stash.keys() | {(each.epoch, each.seq) for each in arrived}
    return Troubles(naks, sum(key > now.head[:2] and key not in now.stash for key in pending))


def followed(session: Session, logs: Iterable[str]) -> dict[str, Standing]:
    """How far each of these was read; those that are not followed are left out."""
    rows = session.execute(_SELECT_FOLLOWED, {"logs": sorted(logs)})
    return {log: _standing(session, log, *row) for log, *row in rows.all()}


def heads(session: Session) -> dict[str, Head]:
    """Log that is followed → where its reading stands; those of which nothing was applied are left out."""
    rows = session.execute(
        select(ReadingRow.log, *_HEAD)
        .join(FollowedRow, FollowedRow.log == ReadingRow.log)
        .where(FollowedRow.state == FollowedState.FOLLOWING, ReadingRow.seq > 0)
    )
    return {row.log: Head(row.epoch, row.seq, row.chain, row.proof) for row in rows}


def of(session: Session, log: str) -> Standing:
    """How far this log was read, followed or not."""
    row = session.execute(_SELECT_OF, {"log": log}).one_or_none()
    return _standing(session, log, *row) if row else Standing(Reading(log))


def _standing(session: Session, log: str, *row: Any) -> Standing:
    epoch, seq, chain, proof, trouble, stashed, is_complete, told_epoch, told_seq, *counted = row
    if epoch is None:
        return Standing(Reading(log))
    stash = _stash(session, log) if stashed else {}
    reading = Reading(log, Head(epoch, seq, chain, proof), Trouble(trouble), stash)
    return Standing(reading, is_complete, (told_epoch, told_seq), *counted)


def _stash(session: Session, log: str) -> dict[tuple[str, int], Event]:
    rows = session.execute(
        select(StashRow.epoch, StashRow.seq, StashRow.body, StashRow.proof).where(StashRow.log == log)
    )
    return {(row.epoch, row.seq): wire.event(row.body, row.proof) for row in rows}


def store(
    session: Session, was: Standing, now: Reading, *, is_completed: bool = False, told: Head | None = None,
    known_at: dt.datetime | None = None, at: dt.datetime, troubles: Troubles = NO_TROUBLES,
) -> None:  # fmt: skip
    """The log stands at `now`, since the moment `at`.

    Args:
        is_completed: The opening state of the epoch ended in what was applied.
        told: Where the owner says that the log ends; it knows best.
        known_at: Everything said in it until then is known here; None: as it was.
        troubles: What is to be added to those columns.
    """
    before = told[:2] if told else was.told
    told_epoch, told_seq = max(before, now.head[:2], *now.stash)
    since = (was.trouble_since or at) if now.trouble else None
    moments = [each for each in (was.known_at, known_at) if each is not None]
    row = {
        "log": now.log, "owner": parts_of(now.log)[0], "epoch": now.head.epoch, "seq": now.head.seq,
        "chain": now.head.chain, "proof": now.head.proof, "trouble": now.trouble.value, "stashed": len(now.stash),
        "is_complete": is_completed or (was.is_complete and was.reading.head.epoch == now.head.epoch),
        "told_epoch": told_epoch, "told_seq": told_seq, "known_at": max(moments, default=None),
        "naks": was.naks + troubles.naks, "quarantined": was.quarantined + troubles.quarantined, "trouble_since": since,
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
