"""Where our audit log ends, as it is told to the parent: one signed head an hour, each with those told before it."""

import datetime as dt
from hashlib import sha256

from joserfc.jwk import ECKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.contract.ids import Id, record_id
from sync.contract.shapes.audit import HOURLY, MOST_TRAIL, AuditHeadRecord, Head, signed
from tenant_service.identity.audit_log import checking as audit_checking
from tenant_service.identity.audit_log.segments import month_of
from tenant_service.identity.models import AuditEndRow, AuditRow, AuditSegmentRow, AuditToldRow
from tenant_service.storage.unit_of_work import Unit

_MINUTE = 60


def last_told(session: Session) -> AuditToldRow | None:
    return session.scalar(select(AuditToldRow).order_by(AuditToldRow.version.desc()).limit(1))


def is_due(session: Session, now: dt.datetime) -> bool:
    """Whether a head is to be told: there is a log, and none was told within the hour."""
    last = last_told(session)
    is_begun = session.get(AuditEndRow, 1) is not None
    return is_begun and (last is None or last.at <= now - HOURLY or last.at > now)


def head(unit: Unit, key: ECKey) -> tuple[AuditHeadRecord, int]:
    """The head of the log as it is now, and its version; what is told of earlier ones is read off the log, not off what
    was told: a log that was written anew does not continue them, and its parent sees it.
    """
    session = unit.session
    end = session.get_one(AuditEndRow, 1)
    entry = session.get(AuditRow, end.seq)
    month = month_of(entry.at if entry else unit.now)
    earlier = list(session.scalars(select(AuditToldRow.seq).order_by(AuditToldRow.seq.desc()).limit(MOST_TRAIL)))
    trail = {str(seq): chain.hex() for seq in sorted(earlier) if (chain := _chain_after(session, seq))}
    told = Head(unit.committee, month, end.seq, end.chain.hex(), int(unit.now.timestamp()))
    made = AuditHeadRecord(
        id=record_id(unit.committee, "audit_head", sha256(f"{unit.committee}/{month}".encode()).hexdigest()[:32]),
        committee_id=Id(unit.committee), month=month, seq=end.seq, chain=told.chain,
        at=unit.now.replace(microsecond=0), proof=signed(told, key), trail=trail,
        broken_at=audit_checking.gap(session),
    )  # fmt: skip
    return made, _remember(unit, end.seq)


def _remember(unit: Unit, seq: int) -> int:
    """That it is told now; returns the version. Of heads of one place only the last is kept, and of all the newest."""
    session, last = unit.session, last_told(unit.session)
    version = max(last.version + 1 if last else 0, int(unit.now.timestamp()) // _MINUTE)
    row = session.get(AuditToldRow, seq)
    if row is None:
        row = AuditToldRow(seq=seq)
        session.add(row)
    row.at, row.version = unit.now, version
    session.flush()
    for old in session.scalars(select(AuditToldRow).order_by(AuditToldRow.version.desc()).offset(2 * MOST_TRAIL)):
        session.delete(old)
    return version


def _chain_after(session: Session, seq: int) -> bytes | None:
    """None: that entry is not here, and no month ends with it."""
    row = session.get(AuditRow, seq)
    if row is not None:
        return row.chain
    return session.scalar(select(AuditSegmentRow.chain).where(AuditSegmentRow.last_seq == seq))
