"""Browsers that another provider signed in: whom it named, in which of its own sessions, and by which ID token."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from tenant_service.identity import audit, sessions
from tenant_service.identity.actor import nobody
from tenant_service.identity.models import BrowserSessionRow, LinkedSessionRow
from tenant_service.storage.unit_of_work import Unit

LONGEST_SID, LONGEST_HINT = 255, 4_000
"""Characters. A provider that names its sessions at greater length ends them by whom it names alone; an ID token that
would not fit into an address is not sent back.
"""


@dataclass(frozen=True)
class There:
    """A sign-in at another provider.

    Attributes:
        sid: How it names its own session; empty: it does not.
        hint: Its ID token, by which it knows the session again that is to end.
    """

    issuer: str
    subject: str
    sid: str = ""
    hint: str = ""


def note(unit: Unit, cookie: str, there: There) -> None:
    """The session of this cookie came of that sign-in."""
    row = LinkedSessionRow(session_digest=sessions.digest(cookie), issuer=there.issuer, subject=there.subject)
    row.sid = there.sid if len(there.sid) <= LONGEST_SID else ""
    row.hint = there.hint if len(there.hint) <= LONGEST_HINT else ""
    unit.session.add(row)
    unit.session.flush()


def of(unit: Unit, session: str) -> There | None:
    """Of which sign-in elsewhere this session (its digest) came; None: of none."""
    row = unit.session.get(LinkedSessionRow, session)
    return There(row.issuer, row.subject, row.sid, row.hint) if row is not None else None


def end(unit: Unit, issuer: str, subject: str, sid: str) -> Sequence[str]:
    """What came of this session there is over, or of all that it had for this subject; digests of the sessions.

    Either of `subject` and `sid` may be empty, not both. With both, sessions of the subject of which it never said a
    `sid` are over as well: one of them may be the one that is meant.
    """
    found = select(BrowserSessionRow).join(LinkedSessionRow).where(LinkedSessionRow.issuer == issuer)
    if subject:
        found = found.where(LinkedSessionRow.subject == subject)
    if sid:
        found = found.where(LinkedSessionRow.sid.in_([sid, ""] if subject else [sid]))
    rows = [(row.digest, row.account_id) for row in unit.session.scalars(found)] if subject or sid else []
    for digest, _ in rows:
        sessions.end(unit, digest)
    for account in sorted({account for _, account in rows}):
        audit.note(unit, nobody(unit.committee), "session.ended_elsewhere", account)
    return [digest for digest, _ in rows]
