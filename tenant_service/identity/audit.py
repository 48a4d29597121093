"""审计: an append-only log of who did what to which record; each entry's hash covers all before it."""

from hashlib import sha256

from sqlalchemy import select

from tenant_service.identity.actor import Actor
from tenant_service.identity.models import AuditRow
from tenant_service.storage.unit_of_work import Unit

_GENESIS = sha256(b"liandong-audit/1\n").digest()


def note(unit: Unit, actor: Actor, act: str, subject: str) -> None:
    """The act stands in the log, in the act's own transaction. Only ids are written: no name, no text."""
    last = unit.session.scalars(select(AuditRow).order_by(AuditRow.seq.desc()).limit(1).with_for_update()).one_or_none()
    row = AuditRow(
        seq=last.seq + 1 if last else 1, at=unit.now, iss=actor.iss, sub=actor.sub, act=act, subject=subject,
    )  # fmt: skip
    row.chain = _link(last.chain if last else _GENESIS, row)
    unit.session.add(row)
    unit.session.flush()


def broken_at(unit: Unit) -> int | None:
    """The first entry whose hash does not follow from those before it, or None when the log is whole."""
    chain, expected = _GENESIS, 1
    for row in unit.session.scalars(select(AuditRow).order_by(AuditRow.seq).execution_options(yield_per=1000)):
        if row.seq != expected or row.chain != _link(chain, row):
            return expected
        chain, expected = row.chain, expected + 1
    return None


def _link(chain: bytes, row: AuditRow) -> bytes:
    told = "\n".join([str(row.seq), row.at.isoformat(), row.iss, row.sub, row.act, row.subject])
    return sha256(chain + sha256(told.encode()).digest()).digest()
