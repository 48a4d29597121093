"""What others shared with us, as a whole: of whom, as of when, and how each log stands."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.contract.channels import parts_of
from sync.log import Trouble
from tenant_service.exchange.models import FollowedRow, FollowedState, ReadingRow
from tenant_service.exchange.watching import dead_letters

_HOW_FAR = (ReadingRow.trouble, ReadingRow.told_epoch, ReadingRow.told_seq, ReadingRow.epoch, ReadingRow.seq)
AT_ONCE = 500
"""Committees in one statement."""


@dataclass(frozen=True)
class LogStatus:
    """How one log stands that is followed, or once was.

    Attributes:
        head_seq: The furthest end of it that we heard of.
        lag_seconds: Since when we have not known all of it; 0 where nothing is known to be missing.
        as_of: Everything said in it until then is known here; None: never.
        chain_ok: Nothing arrived that its owner did not sign, or that does not continue what was applied.
        trouble: Why it does not advance; "" where it does.
        trouble_since: When that was seen.
        naks: How often something was missing or wrong, so that a holder was asked.
        quarantined: Events dropped because their bytes could not be right.
        state: What is left of a log that we may no longer read: its copies (FROZEN), or nothing (REMOVED).
        since: When it came to its state.
    """

    owner: str
    channel: str
    epoch: str
    applied_seq: int
    head_seq: int
    lag_seconds: int
    as_of: dt.datetime | None
    chain_ok: bool
    trouble: str
    dead_letters: int
    trouble_since: dt.datetime | None = None
    naks: int = 0
    quarantined: int = 0
    state: FollowedState = FollowedState.FOLLOWING
    since: dt.datetime | None = None

    @property
    def is_followed(self) -> bool:
        return self.state is FollowedState.FOLLOWING

    @property
    def is_whole(self) -> bool:
        """Nothing is known to be missing or wrong, and that was known at least once."""
        return not (self.lag_seconds or self.trouble or self.as_of is None)


def followed_owners(session: Session) -> list[str]:
    """Committees of which at least one log is followed, by id."""
    followed = select(FollowedRow.owner).where(FollowedRow.state == FollowedState.FOLLOWING)
    return list(session.scalars(followed.distinct().order_by(FollowedRow.owner)))


def as_of(session: Session, owners: Collection[str]) -> dict[str, dt.datetime | None]:
    """Those of these committees of which a log is followed, each with the moment until which we know everything that it
    shares with us. None: one of its logs was never known to its end.

    An owner's logs come through one hub in the order in which it said things, and a log counts as known only when the
    hub had nothing more for us. So of logs of which nothing is known to be missing the one known furthest stands for
    all: the others were silent until then. (What came on it is older than this moment, or is it.) Where something is
    missing, it is the one known least far.
    """
    known: dict[str, list[tuple[dt.datetime | None, bool]]] = {}
    for start in range(0, len(owners), AT_ONCE):
        some = (
            select(FollowedRow.owner, ReadingRow.known_at, *_HOW_FAR)
            .outerjoin(ReadingRow, ReadingRow.log == FollowedRow.log)
            .where(
                FollowedRow.owner.in_(list(owners)[start : start + AT_ONCE]),
                FollowedRow.state == FollowedState.FOLLOWING,
            )
        )
        for owner, moment, *far in session.execute(some):
            is_missing = moment is None or _is_behind(*far)
            known.setdefault(owner, []).append((moment, is_missing))
    return {owner: _told_until(logs) for owner, logs in known.items()}


def _told_until(logs: Sequence[tuple[dt.datetime | None, bool]]) -> dt.datetime | None:
    """Of one owner's logs, each with whether something of it is missing."""
    least = known_until(moment for moment, _ in logs)
    if least is None or any(is_behind for _, is_behind in logs):
        return least
    return max(moment for moment, _ in logs if moment)


def _is_behind(*far: Any) -> bool:
    """Whether anything is known to be missing, by the columns of `_HOW_FAR`. Of an owner that said nothing on a channel
    nothing is.
    """
    trouble, told_epoch, told_seq, epoch, seq = far
    return bool(trouble) or (told_seq > 0 and (told_epoch, told_seq) > (epoch, seq))


def known_until(moments: Iterable[dt.datetime | None]) -> dt.datetime | None:
    """Of these logs the moment of the one known least far; None: one was never known to its end, or there is none."""
    least: dt.datetime | None = None
    for each in moments:
        if each is None:
            return None
        least = each if least is None else min(least, each)
    return least


def never_known(session: Session) -> set[str]:
    """Followed logs of which we never knew the end."""
    wanted = (
        select(FollowedRow.log)
        .outerjoin(ReadingRow, ReadingRow.log == FollowedRow.log)
        .where(FollowedRow.state == FollowedState.FOLLOWING, ReadingRow.known_at.is_(None))
    )
    return set(session.scalars(wanted))


def status(session: Session, now: dt.datetime) -> list[LogStatus]:
    """Every log that is followed or once was, by owner and channel."""
    known = (
        select(FollowedRow, ReadingRow)
        .outerjoin(ReadingRow, ReadingRow.log == FollowedRow.log)
        .order_by(FollowedRow.owner, FollowedRow.log)
    )
    letters = dead_letters.counted(session)
    return [
        _status(followed, reading, letters.get(followed.log, 0), now) for followed, reading in session.execute(known)
    ]


def _status(followed: FollowedRow, reading: ReadingRow | None, letters: int, now: dt.datetime) -> LogStatus:
    owner, channel = parts_of(followed.log)
    if reading is None:
        return LogStatus(
            owner, channel, "", 0, 0, 0, None, True, "", letters, state=followed.state, since=followed.since
        )  # fmt: skip
    is_behind = _is_behind(reading.trouble, reading.told_epoch, reading.told_seq, reading.epoch, reading.seq)
    since = int((now - reading.known_at).total_seconds()) if reading.known_at else 0
    return LogStatus(
        owner, channel, reading.epoch, reading.seq,
        head_seq=reading.told_seq, lag_seconds=max(since, 1) if is_behind else 0, as_of=reading.known_at,
        chain_ok=reading.trouble not in (Trouble.FORKED, Trouble.FORGED), trouble=reading.trouble,
        dead_letters=letters, trouble_since=reading.trouble_since, naks=reading.naks, quarantined=reading.quarantined,
        state=followed.state, since=followed.since,
    )  # fmt: skip
