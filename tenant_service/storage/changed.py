"""What changed, one after the other: written in the transaction of the change, read by whoever wants to hear of it.

A number is drawn from the one row of `change_end`, which stays locked until the transaction ends: on PostgreSQL, too,
a smaller number is never seen after a larger one, so no reader passes over a change. It is the last lock of every
transaction; whoever holds it waits for nothing but the disk.
"""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from sync.contract.asking.changes import WATCHED
from sync.contract.errors import Code, Refusal
from sync.contract.ids import kind_of
from tenant_service.storage.models import ChangeEndRow, ChangeRow

KEPT = dt.timedelta(days=7)
"""How long a change is told of to who was away."""
MOST_KEPT = 200_000
"""Changes that are kept, however young."""
AT_ONCE = 500
"""Rows of one slice that is dropped."""
Entry = ChangeRow
"""One change as it is listed."""
_NOTED = "storage.changed"
_END = 1
_LONGEST = 60


@dataclass(frozen=True)
class Noted:
    """A record that changed in this transaction; see `ChangeRow`."""

    record: str
    version: int
    is_gone: bool = False
    was_open: bool = False


@dataclass(frozen=True)
class Place:
    """A place between two changes, as a client keeps it: behind the change `seq`."""

    seq: int
    mark: str = ""

    def __str__(self) -> str:
        return f"{self.seq}.{self.mark}"

    @classmethod
    def read(cls, told: str) -> "Place":
        """Raises: Refusal BAD_CURSOR."""
        seq, dot, mark = told[:_LONGEST].partition(".")
        if not dot or not seq.isascii() or not seq.isdecimal() or len(seq) > 18:  # noqa: PLR2004 — fits 64 bits
            raise Refusal(Code.BAD_CURSOR)
        return cls(int(seq), mark)


# ── writing ──

_INSERT = insert(ChangeRow.__table__)  # type: ignore[arg-type]


def note(session: Session, *changes: Noted) -> None:
    """They are listed when the transaction ends; of a record that changes again in it, only the last."""
    noted(session).update({each.record: each for each in changes if kind_of(each.record) in WATCHED})


def noted(session: Session) -> dict[str, Noted]:
    """What was noted in this transaction so far, by record."""
    found: dict[str, Noted] = session.info.setdefault(_NOTED, {})
    return found


def write(session: Session, now: dt.datetime) -> bool:
    """Lists what was noted; whether that was anything. The last step before the commit."""
    told = session.info.pop(_NOTED, None)
    if not told:
        return False
    session.flush()
    mark = secrets.token_hex(6)
    on: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    drawn = on.insert(ChangeEndRow).values(id=_END, seq=len(told), mark=mark)
    drawn = drawn.on_conflict_do_update(
        index_elements=["id"], set_={"seq": ChangeEndRow.seq + len(told), "mark": mark}
    ).returning(ChangeEndRow.seq)
    end = session.scalars(drawn).one()
    rows = [
        {
            "seq": seq, "mark": mark, "record": each.record, "version": each.version, "is_gone": each.is_gone,
            "was_open": each.was_open, "at": now,
        }
        for seq, each in enumerate(told.values(), end - len(told) + 1)
    ]  # fmt: skip
    session.connection().execute(_INSERT, rows)  # past the ORM: a page of the inbox lists hundreds
    return True


# ── reading ──


def end(session: Session) -> Place:
    """Behind the last change."""
    found = session.execute(select(ChangeEndRow.seq, ChangeEndRow.mark)).one_or_none()
    return Place(*found) if found else Place(0)


def after(session: Session, place: Place, most: int) -> list[ChangeRow]:
    """The next changes behind `place`, at most so many.

    Raises:
        Refusal: CURSOR_TOO_OLD, this database does not know the place, or no longer: it was restored from a backup, or
            what followed has been dropped.
    """
    if place != end(session) and not _is_known(session, place):
        raise Refusal(Code.CURSOR_TOO_OLD)
    return list(session.scalars(select(ChangeRow).where(ChangeRow.seq > place.seq).order_by(ChangeRow.seq).limit(most)))


def records_between(session: Session, place: Place, upto: Place) -> list[str]:
    """What changed behind one place, up to another."""
    wanted = select(ChangeRow.record).where(ChangeRow.seq > place.seq, ChangeRow.seq <= upto.seq)
    return list(session.scalars(wanted))


def _is_known(session: Session, place: Place) -> bool:
    if place.seq == 0:  # the beginning has no change of its own
        first = session.scalar(select(func.min(ChangeRow.seq)))
        return not place.mark and first in (None, 1)
    return session.scalar(select(ChangeRow.mark).where(ChangeRow.seq == place.seq)) == place.mark


# ── forgetting ──


def forget(session: Session, now: dt.datetime) -> int:
    """The oldest changes are dropped, at most AT_ONCE: those older than KEPT, and those beyond MOST_KEPT."""
    last = end(session).seq
    old = select(func.max(ChangeRow.seq)).where(ChangeRow.at < now - KEPT)
    upto = max(session.scalar(old) or 0, last - MOST_KEPT)
    first = session.scalar(select(func.min(ChangeRow.seq)))
    if first is None or first > upto:
        return 0
    upto = min(upto, first + AT_ONCE - 1)
    session.execute(delete(ChangeRow).where(ChangeRow.seq <= upto))
    return int(upto - first + 1)
