"""Whether the audit log is whole: every entry follows from those before it, every month ends as its signed head says,
the log ends where it was left, and it contains every head that somebody outside was told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from joserfc.jwk import ECKey
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from sync.contract import jose
from sync.contract.kinds import Kind
from sync.contract.shapes.audit import Head, opened
from tenant_service.identity.audit_chain import GENESIS, link
from tenant_service.identity.audit_log import segments as audit_segments
from tenant_service.identity.models import AuditEndRow, AuditRow, AuditSegmentRow


class Fault(Kind):
    """审计日志异常: what was found."""

    CHANGED = "CHANGED", "内容被改动，或插入了一条"
    MISSING = "MISSING", "缺失"
    CUT = "CUT", "末尾被截断"
    TOO_LONG = "TOO_LONG", "末尾之后多出条目"
    MONTH = "MONTH", "与当月签名的审计头不符"
    UNSIGNED = "UNSIGNED", "当月审计头不是本会签名"
    NOT_AS_TOLD = "NOT_AS_TOLD", "与上级保存的审计头不符"


WHAT = {
    Fault.CHANGED: "it does not follow from those before it: it was changed, or one was put in",
    Fault.MISSING: "it is not there",
    Fault.CUT: "the log ended behind it, and does not any more: its tail was cut off",
    Fault.TOO_LONG: "it stands behind the end of the log",
    Fault.MONTH: "its month does not end as the signed head says",
    Fault.UNSIGNED: "the head of its month is not signed by this committee",
    Fault.NOT_AS_TOLD: "the log does not contain the head that was told of it",
}
"""The same in English, for the command line."""


@dataclass(frozen=True)
class Finding:
    """What a check came to. `broken_at`: number of the first entry that is wrong; None: the log is whole.

    Attributes:
        entries: How many were read; of dropped months only the heads were.
        dropped: Months of which only the heads are left.
    """

    entries: int
    dropped: int
    fault: Fault | None = None
    broken_at: int | None = None


class _Wrong(Exception):
    def __init__(self, fault: Fault, seq: int) -> None:
        super().__init__(fault)
        self.fault, self.seq = fault, seq


def check(session: Session, keys: Sequence[ECKey], told: Iterable[Head] = ()) -> Finding:
    """Reads the whole log. `keys`: this committee's event keys, old ones too; `told`: heads that others kept of it."""
    walk = _Walk(session, keys, {head.seq: head.chain for head in told})
    try:
        walk.months()
        walk.rest()
        walk.end()
    except _Wrong as wrong:
        return Finding(walk.read, walk.dropped, wrong.fault, wrong.seq)
    return Finding(walk.read, walk.dropped)


class _Walk:
    """Goes along the log: `chain` after entry `seq` is what everything so far comes to."""

    def __init__(self, session: Session, keys: Sequence[ECKey], told: dict[int, str]) -> None:
        self.session, self.keys, self.told = session, keys, told
        self.seq, self.chain, self.read, self.dropped = 0, GENESIS, 0, 0

    def months(self) -> None:
        for month in audit_segments.segments(self.session):
            if (month.first_seq, month.before) != (self.seq + 1, self.chain):
                raise _Wrong(Fault.MONTH, month.first_seq)
            self._signed(month)
            if month.dropped_at is not None:
                self.dropped += 1
                self.seq, self.chain = month.last_seq, month.chain
                self._as_told(self.seq)
                continue
            self._entries(month.last_seq)
            if self.seq < month.last_seq:
                raise _Wrong(Fault.MISSING, self.seq + 1)
            if self.chain != month.chain:
                raise _Wrong(Fault.MONTH, month.last_seq)

    def rest(self) -> None:
        self._entries(None)

    def end(self) -> None:
        """The tail is there, and nothing behind it."""
        end = self.session.get(AuditEndRow, 1)
        left = (end.seq, end.chain) if end is not None else (0, GENESIS)
        if left[0] > self.seq:
            raise _Wrong(Fault.CUT, self.seq + 1)
        if left != (self.seq, self.chain):
            raise _Wrong(Fault.TOO_LONG, min(left[0] + 1, self.seq))
        beyond = [seq for seq in self.told if seq > self.seq]
        if beyond:
            raise _Wrong(Fault.CUT, self.seq + 1)

    def _entries(self, last: int | None) -> None:
        rows = select(AuditRow).where(AuditRow.seq > self.seq).order_by(AuditRow.seq)
        if last is not None:
            rows = rows.where(AuditRow.seq <= last)
        for row in self.session.scalars(rows.execution_options(yield_per=1000)):
            if row.seq != self.seq + 1:
                raise _Wrong(Fault.MISSING, self.seq + 1)
            if row.chain != link(self.chain, row.seq, row):
                raise _Wrong(Fault.CHANGED, row.seq)
            self.seq, self.chain, self.read = row.seq, row.chain, self.read + 1
            self._as_told(row.seq)

    def _signed(self, month: AuditSegmentRow) -> None:
        try:
            head = opened(month.head, self.keys)
        except jose.Untrusted:
            raise _Wrong(Fault.UNSIGNED, month.last_seq) from None
        if (head.month, head.seq, head.chain) != (month.month, month.last_seq, month.chain.hex()):
            raise _Wrong(Fault.MONTH, month.last_seq)

    def _as_told(self, seq: int) -> None:
        if self.told.get(seq, self.chain.hex()) != self.chain.hex():
            raise _Wrong(Fault.NOT_AS_TOLD, seq)


def gap(session: Session) -> int | None:
    """Number of the first entry that should be there and is not, by counting alone; None: all are there.

    Cheap enough for every hour; whether they say what they said is for `check`.
    """
    end = session.get(AuditEndRow, 1)
    last = end.seq if end is not None else 0
    over = select(func.max(AuditSegmentRow.last_seq)).where(AuditSegmentRow.dropped_at.is_not(None))
    dropped = session.scalar(over) or 0
    count = session.scalar(select(func.count()).where(AuditRow.seq > dropped)) or 0
    if count == last - dropped:
        return None
    after = aliased(AuditRow)
    follows = select(after.seq).where(after.seq == AuditRow.seq + 1).exists()
    first = session.scalar(select(func.min(AuditRow.seq)).where(AuditRow.seq > dropped))
    before_gap = session.scalar(select(func.min(AuditRow.seq)).where(AuditRow.seq > dropped, ~follows))
    return dropped + 1 if first != dropped + 1 or before_gap is None else before_gap + 1


def oldest_kept(session: Session) -> int | None:
    """Number of the oldest entry that is there."""
    return session.scalar(select(func.min(AuditRow.seq)))
