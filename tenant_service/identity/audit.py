"""审计: an append-only log of who did what to which record; each entry's hash covers all before it.

Entries are written when the rest of an act is, behind one row that says where the log ends: whoever writes waits there.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from tenant_service.identity.actor import Actor
from tenant_service.identity.audit_chain import GENESIS, link
from tenant_service.identity.models import AuditEndRow, AuditRow
from tenant_service.storage.unit_of_work import Unit

_BEGINNING = text("INSERT INTO audit_end (id, seq, chain) VALUES (1, 0, :chain) ON CONFLICT DO NOTHING")


@dataclass(frozen=True)
class _Entry:
    at: dt.datetime
    iss: str
    sub: str
    act: str
    subject: str
    digest: bytes | None = None


def note(unit: Unit, actor: Actor, act: str, subject: str, digest: bytes | None = None) -> None:
    """The act stands in the log, in the act's own transaction. Only ids are written: no name, no text; of a text that
    is kept elsewhere, such as a reason, the digest.
    """
    unit.note(_write, _Entry(unit.now, actor.iss, actor.sub, act, subject, digest))


def note_heard(session: Session, iss: str, act: str, subject: str, at: dt.datetime) -> None:
    """What another committee did stands in our log, in the transaction in which we hear of it."""
    _append(session, [_Entry(at, iss, "", act, subject)])


def last_before(unit: Unit, moment: dt.datetime | None) -> dt.datetime | None:
    """When the last act before that moment was noted, or the last at all; None: none was. It is shown to people."""
    wanted = select(func.max(AuditRow.at))
    found: dt.datetime | None = unit.session.scalar(wanted.where(AuditRow.at < moment) if moment else wanted)
    return found


def _write(unit: Unit, entries: Sequence[_Entry]) -> None:
    _append(unit.session, entries)


def _append(session: Session, entries: Sequence[_Entry]) -> None:
    session.execute(_BEGINNING, {"chain": GENESIS})
    end = session.get_one(AuditEndRow, 1, with_for_update=True, populate_existing=True)
    rows = []
    for entry in entries:
        end.seq, end.chain = end.seq + 1, link(end.chain, end.seq + 1, entry)
        rows.append({**vars(entry), "seq": end.seq, "chain": end.chain})
    session.execute(insert(AuditRow), rows)
