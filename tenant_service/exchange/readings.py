"""How far each followed log was read: loaded before a step, stored after it, in the same transaction."""

import datetime as dt
from typing import Any

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from sync.bus import wire
from sync.contract.channels import parts_of
from sync.log import Head, Reading, Trouble
from tenant_service.exchange.models import FollowedRow, FollowedState, ReadingRow, StashRow, upsert


def following(session: Session) -> set[str]:
    return set(session.scalars(select(FollowedRow.log).where(FollowedRow.state == FollowedState.FOLLOWING)))


def of(session: Session, log: str) -> Reading:
    row = session.get(ReadingRow, log, populate_existing=True)
    if row is None:
        return Reading(log)
    stashed = session.execute(
        select(StashRow.epoch, StashRow.seq, StashRow.body, StashRow.proof).where(StashRow.log == log)
    )
    stash = {(epoch, seq): wire.event(body, proof) for epoch, seq, body, proof in stashed}
    return Reading(log, Head(row.epoch, row.seq, row.chain, row.proof), Trouble(row.trouble), stash)


def store(
    session: Session, was: Reading, now: Reading, *, is_completed: bool = False, told: Head | None = None,
    known_at: dt.datetime | None = None,
) -> None:  # fmt: skip
    """The log stands at `now`.

    Args:
        is_completed: The opening state of the epoch ended in what was applied.
        told: Where the owner says that the log ends.
        known_at: Everything said in it until then is known here; None: as it was.
    """
    row = session.get(ReadingRow, now.log)
    if row is None:
        row = ReadingRow(
            log=now.log, owner=parts_of(now.log)[0], is_complete=False, told_epoch="", told_seq=0, epoch=""
        )
        session.add(row)
    row.is_complete = is_completed or (bool(row.is_complete) and row.epoch == now.head.epoch)
    row.epoch, row.seq, row.chain, row.proof = now.head
    row.trouble = now.trouble.value
    before = told[:2] if told else (row.told_epoch, row.told_seq)  # the owner itself knows best
    row.told_epoch, row.told_seq = max(before, now.head[:2], *now.stash)
    if known_at and (row.known_at is None or known_at > row.known_at):
        row.known_at = known_at
    session.flush()
    _store_stash(session, was, now)


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
