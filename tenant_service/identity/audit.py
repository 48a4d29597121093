"""审计: an append-only log of who did what to which record; each entry's hash covers all before it.

Entries are written when the rest of an act is, behind one row that says where the log ends: whoever writes waits there.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func, insert, select, text

from tenant_service.identity.actor import Actor
from tenant_service.identity.models import AuditEndRow, AuditRow
from tenant_service.storage.unit_of_work import Unit

_GENESIS = sha256(b"liandong-audit/1\n").digest()
_BEGINNING = text("INSERT INTO audit_end (id, seq, chain) VALUES (1, 0, :chain) ON CONFLICT DO NOTHING")


@dataclass(frozen=True)
class _Entry:
    at: dt.datetime
    iss: str
    sub: str
    act: str
    subject: str


def note(unit: Unit, actor: Actor, act: str, subject: str) -> None:
    """The act stands in the log, in the act's own transaction. Only ids are written: no name, no text."""
    unit.note(_write, _Entry(unit.now, actor.iss, actor.sub, act, subject))


def last_before(unit: Unit, moment: dt.datetime | None) -> dt.datetime | None:
    """When the last act before that moment was noted, or the last at all; None: none was. It is shown to people."""
    wanted = select(func.max(AuditRow.at))
    found: dt.datetime | None = unit.session.scalar(wanted.where(AuditRow.at < moment) if moment else wanted)
    return found


def broken_at(unit: Unit) -> int | None:
    """The first entry whose hash does not follow from those before it, or None when the log is whole."""
    chain, expected = _GENESIS, 1
    for row in unit.session.scalars(select(AuditRow).order_by(AuditRow.seq).execution_options(yield_per=1000)):
        if row.seq != expected or row.chain != _link(chain, row.seq, row):
            return expected
        chain, expected = row.chain, expected + 1
    end = unit.session.get(AuditEndRow, 1)
    is_cut = end is not None and (end.seq, end.chain) != (expected - 1, chain)
    return expected if is_cut else None


def _write(unit: Unit, entries: Sequence[_Entry]) -> None:
    unit.session.execute(_BEGINNING, {"chain": _GENESIS})
    end = unit.session.get_one(AuditEndRow, 1, with_for_update=True, populate_existing=True)
    rows = []
    for entry in entries:
        end.seq, end.chain = end.seq + 1, _link(end.chain, end.seq + 1, entry)
        rows.append({**vars(entry), "seq": end.seq, "chain": end.chain})
    unit.session.execute(insert(AuditRow), rows)


def _link(chain: bytes, seq: int, entry: _Entry | AuditRow) -> bytes:
    at = entry.at.astimezone(dt.UTC).isoformat()  # as a database gives it back, wherever the clock was
    told = "\n".join([str(seq), at, entry.iss, entry.sub, entry.act, entry.subject])
    return sha256(chain + sha256(told.encode()).digest()).digest()
