"""Who takes in what an owner said takes turns, so that no older word on a record is ever shown after a newer one.

SQLite has one writer anyway. On PostgreSQL a page from the hub, a holder's answer and a replay by a command line may be
about one record at one moment, each on another log of its owner, and rows that are not there yet cannot be locked.
"""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.orm import Session

_CLASS = 0x4C44
"""Of our advisory locks, which all programs of a database share."""
_TAKE = text("SELECT pg_advisory_xact_lock(:class, number) FROM unnest(CAST(:numbers AS int[])) AS number")


def take_turn(session: Session, owners: Iterable[str]) -> None:
    """Until this transaction ends nobody else takes in, or shows anew, what these owners said.

    It comes before anything of theirs is read. All owners are named at once: turns are taken in one order.
    """
    numbers = sorted({_number(owner) for owner in owners})
    if numbers and session.get_bind().dialect.name == "postgresql":
        session.execute(_TAKE, {"class": _CLASS, "numbers": numbers})


def _number(owner: str) -> int:
    """Another for each committee: `330110r2` and its successor's `330110` differ."""
    return int(owner[:6]) * 10 + int(owner[7:] or 0)
