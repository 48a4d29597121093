"""Looking at everything that was kept of logs, ours and others', and naming where it does not hold together.

Nothing is changed. A log's first break is named; what lies behind it in the same epoch is not looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from sync.bus import wire
from sync.bus.trust import Trust
from sync.contract.channels import log_of
from sync.contract.envelope import decode
from sync.log import Head, Verify, genesis
from tenant_service.exchange.models import (
    CopyRow,
    DeadLetterRow,
    OutboxRow,
    OwnLifeRow,
    OwnLogRow,
    ReadingRow,
    ReceivedRow,
    SharedOutRow,
    StashRow,
)

_AT_ONCE = 500


@dataclass
class Verified:
    """What was looked at, and what is broken.

    Attributes:
        erased: Events of which only the hole is kept.
        unknown: Proofs signed with a key that the directory does not show any more; they can't be judged.
        breaks: Where, and what; empty: everything holds together.
    """

    own_events: int = 0
    received_events: int = 0
    proofs: int = 0
    unknown: int = 0
    erased: int = 0
    copies: int = 0
    breaks: list[str] = field(default_factory=list)


def verified(session: Session, trust: Trust) -> Verified:
    """Chains of our outbox and of all received logs, signatures, and that each copy's bytes are here."""
    found = Verified()
    for check in (_own, _received, _readings, _copies, _shared_out):
        found.breaks += check(session, trust, found)
    return found


# ── chains ──


def _own(session: Session, trust: Trust, found: Verified) -> Iterator[str]:
    epoch = session.scalar(select(OwnLifeRow.epoch)) or ""
    for channel, seq, chain in session.execute(select(OwnLogRow.channel, OwnLogRow.seq, OwnLogRow.chain)).all():
        log = log_of(trust.me, channel)
        rows = select(OutboxRow.seq, OutboxRow.body, OutboxRow.chain).where(
            OutboxRow.channel == channel, OutboxRow.epoch == epoch
        )
        walk = _Walk(log, epoch, trust, found)
        for row in _each(session, rows.order_by(OutboxRow.seq)):
            if walk.step(*row):
                break
        found.own_events += walk.head.seq
        if not walk.broken and walk.head[:3] != (epoch, seq, chain):
            walk.broken = f"{log} {epoch}/{walk.head.seq}: the log should end at {seq}, and not so"
        if walk.broken:
            yield walk.broken


def _received(session: Session, trust: Trust, found: Verified) -> Iterator[str]:
    for log, epoch in session.execute(select(ReceivedRow.log, ReceivedRow.epoch).distinct()).all():
        rows = select(ReceivedRow.seq, ReceivedRow.body, ReceivedRow.chain, ReceivedRow.proof).where(
            ReceivedRow.log == log, ReceivedRow.epoch == epoch
        )
        walk = _Walk(log, epoch, trust, found)
        is_proven = True
        for seq, body, chain, proof in _each(session, rows.order_by(ReceivedRow.seq)):
            if walk.step(seq, body, chain) or walk.judge(proof):
                break
            is_proven = bool(proof)
        found.received_events += walk.head.seq
        if not (walk.broken or is_proven):
            walk.broken = f"{log} {epoch}/{walk.head.seq}: the last event is not signed"
        if walk.broken:
            yield walk.broken


class _Walk:
    """One epoch of a log from its genesis on."""

    def __init__(self, log: str, epoch: str, trust: Trust, found: Verified) -> None:
        self.log, self.head, self.broken = log, Head(epoch, 0, genesis(log, epoch)), ""
        self._trust, self._found = trust, found

    def step(self, seq: int, body: bytes, chain: bytes) -> bool:
        """Whether the walk ends here."""
        at = self.head
        if seq != at.seq + 1:
            return self._break(at.seq + 1, f"is missing; the next is {seq}")
        try:
            event = wire.event(body, log=self.log)
        except wire.Unreadable as error:
            return self._break(seq, f"is no event of this log: {error}")
        if (event.epoch, event.seq, event.prev) != (at.epoch, seq, at.chain):
            return self._break(seq, "says another place, or does not continue the event before it")
        if event.chain() != chain:
            return self._break(seq, "its bytes were changed, or its chain")
        self.head = Head(at.epoch, seq, chain)
        if event.hole is None:
            return False
        self._found.erased += 1
        return self._judge(self._trust.erased, event.hole.proof, "its owner did not erase this")

    def judge(self, proof: str) -> bool:
        return bool(proof) and self._judge(self._trust.verify, proof, "its owner did not sign this")

    def _judge(self, verify: Verify, proof: str, why: str) -> bool:
        good = verify(self.log, self.head._replace(proof=proof))
        self._found.proofs += 1
        self._found.unknown += good is None
        return good is False and self._break(self.head.seq, why)

    def _break(self, seq: int, why: str) -> bool:
        self.broken = f"{self.log} {self.head.epoch}/{seq}: {why}"
        return True


# ── what rests on them ──


def _readings(session: Session, trust: Trust, found: Verified) -> Iterator[str]:
    here = and_(
        ReceivedRow.log == ReadingRow.log, ReceivedRow.epoch == ReadingRow.epoch, ReceivedRow.seq == ReadingRow.seq
    )
    waiting = session.execute(select(StashRow.log, func.count()).group_by(StashRow.log))
    stashed: dict[str, int] = {row[0]: row[1] for row in waiting}
    for reading, chain in session.execute(select(ReadingRow, ReceivedRow.chain).outerjoin(ReceivedRow, here)).all():
        if reading.stashed != stashed.get(reading.log, 0):
            yield f"{reading.log}: {reading.stashed} events should wait, {stashed.get(reading.log, 0)} do"
        if not reading.seq:
            continue
        at = f"{reading.log} {reading.epoch}/{reading.seq}"
        good = trust.verify(reading.log, Head(reading.epoch, reading.seq, reading.chain, reading.proof))
        found.proofs += 1
        found.unknown += good is None
        if chain != reading.chain:
            yield f"{at}: it was read so far, and the event there is missing or another"
        elif good is False:
            yield f"{at}: the head it was read to is not signed by its owner"


def _copies(session: Session, _trust: Trust, found: Verified) -> Iterator[str]:
    here = and_(ReceivedRow.log == CopyRow.log, ReceivedRow.epoch == CopyRow.epoch, ReceivedRow.seq == CopyRow.seq)
    wanted = select(CopyRow.record, CopyRow.channel, CopyRow.version, CopyRow.op, ReceivedRow.body).outerjoin(
        ReceivedRow, here
    )
    for record, channel, version, op, body in _each(session, wanted.where(CopyRow.swept_at.is_(None))):
        found.copies += 1
        if body is None:
            yield f"{record} on {channel}: the event it was told by is not here"
        elif not _tells(body, record, version, op):
            yield f"{record} on {channel}: the event it should have been told by says something else"
    lost = and_(
        ReceivedRow.log == DeadLetterRow.log, ReceivedRow.epoch == DeadLetterRow.epoch,
        ReceivedRow.seq == DeadLetterRow.seq,
    )  # fmt: skip
    letters = select(DeadLetterRow.log, DeadLetterRow.epoch, DeadLetterRow.seq).outerjoin(ReceivedRow, lost)
    for log, epoch, seq in session.execute(letters.where(ReceivedRow.log.is_(None))).all():
        yield f"{log} {epoch}/{seq}: a dead letter whose event is not here"


def _shared_out(session: Session, _trust: Trust, _found: Verified) -> Iterator[str]:
    """What our records are said to be shared by was said so."""
    epoch = session.scalar(select(OwnLifeRow.epoch)) or ""
    here = and_(OutboxRow.channel == SharedOutRow.channel, OutboxRow.epoch == epoch, OutboxRow.seq == SharedOutRow.seq)
    wanted = select(SharedOutRow.record, SharedOutRow.channel, SharedOutRow.version, OutboxRow.body).outerjoin(
        OutboxRow, here
    )
    for record, channel, version, body in _each(session, wanted.where(SharedOutRow.is_shared)):
        if body is None or not _tells(body, record, version, "put"):
            yield f"{record} is shared on {channel}, and our log there does not say so"


def _tells(body: bytes, record: str, version: int, op: str) -> bool:
    try:
        told = decode(body)
    except msgspec.DecodeError:
        return False
    return (told.subject, told.version, told.op) == (record, version, op)


def _each(session: Session, wanted: Any) -> Iterator[Any]:
    """Rows one by one: a log may be larger than the memory."""
    return iter(session.execute(wanted.execution_options(yield_per=_AT_ONCE)))
