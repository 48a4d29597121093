"""The audit log in months (Asia/Shanghai): each that is over has its head signed, and is dropped after retention.

What is dropped leaves its head: the chain goes on from there, and whoever kept an entry of it can still prove it.
"""

import datetime as dt
from collections.abc import Iterator

from joserfc.jwk import ECKey
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from sync.contract.instants import SHANGHAI
from sync.contract.shapes.audit import Head, signed
from tenant_service.identity.audit_chain import GENESIS
from tenant_service.identity.models import AuditEndRow, AuditRow, AuditSegmentRow
from tenant_service.settings import LEAST_AUDIT_MONTHS
from tenant_service.storage.unit_of_work import Unit

AT_ONCE = 500
"""Entries of one slice that is dropped."""


def month_of(moment: dt.datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m}"


def begins(month: str) -> dt.datetime:
    """The first moment of a month."""
    return dt.datetime(int(month[:4]), int(month[5:]), 1, tzinfo=SHANGHAI)


def months_after(month: str, count: int) -> str:
    number = int(month[:4]) * 12 + int(month[5:]) - 1 + count
    return f"{number // 12:04}-{number % 12 + 1:02}"


def segments(session: Session) -> list[AuditSegmentRow]:
    """Months that are over, oldest first."""
    return list(session.scalars(select(AuditSegmentRow).order_by(AuditSegmentRow.first_seq)))


def seal(unit: Unit, key: ECKey) -> int:
    """The oldest month that is over and not signed yet has its signed head; how many months were sealed, 0 or 1.

    An entry belongs to the month in which it was appended: one that was dated a moment before midnight and stands
    behind one of the next month lies in the next.
    """
    session, last = unit.session, _last(unit.session)
    first_seq, before = (last.last_seq + 1, last.chain) if last else (1, GENESIS)
    oldest = session.get(AuditRow, first_seq)
    if oldest is None or month_of(oldest.at) >= month_of(unit.now):
        return 0
    month = max(month_of(oldest.at), months_after(last.month, 1)) if last else month_of(oldest.at)
    if month >= month_of(unit.now):
        return 0
    follows = select(func.min(AuditRow.seq)).where(
        AuditRow.seq >= first_seq, AuditRow.at >= begins(months_after(month, 1))
    )
    next_seq = session.scalar(follows) or session.get_one(AuditEndRow, 1).seq + 1
    end = session.get(AuditRow, next_seq - 1)
    if end is None or next_seq <= first_seq:  # it is not whole, which the check says; no head may hide it
        return 0
    told = Head(unit.committee, month, end.seq, end.chain.hex(), int(unit.now.timestamp()))
    session.add(
        AuditSegmentRow(
            month=month, first_seq=first_seq, last_seq=end.seq, before=before, chain=end.chain,
            head=signed(told, key), at=unit.now, dropped_at=None,
        )
    )  # fmt: skip
    return 1


def kept_from(now: dt.datetime, months: int) -> dt.datetime:
    """The first moment of the oldest month whose entries are kept."""
    return begins(months_after(month_of(now), -max(months, LEAST_AUDIT_MONTHS)))


def is_over(segment: AuditSegmentRow, months: int, now: dt.datetime) -> bool:
    """Whether a month's entries are kept no longer: `months` whole months have passed since its end."""
    return begins(segment.month) < kept_from(now, months)


def due(session: Session, months: int, now: dt.datetime) -> Iterator[tuple[AuditSegmentRow, int]]:
    """Months whose entries would be dropped now, and how many entries each still has."""
    for segment in segments(session):
        if is_over(segment, months, now):
            there = select(func.count()).where(AuditRow.seq.between(segment.first_seq, segment.last_seq))
            if count := session.scalar(there):
                yield segment, count


def drop(unit: Unit, months: int) -> int:
    """The oldest entries of months that are kept no longer are gone, at most AT_ONCE; how many."""
    for segment, _ in due(unit.session, months, unit.now):
        if segment.dropped_at is None:
            segment.dropped_at = unit.now
            unit.session.flush()
        inside = select(AuditRow.seq).where(AuditRow.seq.between(segment.first_seq, segment.last_seq))
        some = list(unit.session.scalars(inside.order_by(AuditRow.seq).limit(AT_ONCE)))
        unit.session.execute(delete(AuditRow).where(AuditRow.seq.between(some[0], some[-1])))
        return len(some)
    return 0


def _last(session: Session) -> AuditSegmentRow | None:
    return session.scalar(select(AuditSegmentRow).order_by(AuditSegmentRow.last_seq.desc()).limit(1))
