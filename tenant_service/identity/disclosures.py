"""What personal data was shown or handed out, to whom, why: written before anything is read.

The audit log has the act, the id of the register's row and the digest of the words; the words stand here, so that they
can be erased with the person they speak of and cannot be changed unnoticed. Whoever hands out something writes here in
a transaction of its own, and reads only after that was committed: what cannot be written is not shown.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.kinds import Kind
from tenant_service.identity import audit, reasons
from tenant_service.identity.actor import Actor
from tenant_service.identity.audit_chain import digest_of
from tenant_service.identity.models import DisclosureRow
from tenant_service.storage import aging
from tenant_service.storage.unit_of_work import Unit

SHOWN_FOR = dt.timedelta(minutes=5)
"""How long what was revealed can be looked at again, by whom it was revealed to."""


class Purpose(Kind):
    """用途: what personal data is handed out for."""

    MEETING = "MEETING", "会议、活动组织"
    NOTICE = "NOTICE", "通知联络"
    ROSTER = "ROSTER", "名册维护"
    STATISTICS = "STATISTICS", "统计分析"
    REPORT = "REPORT", "报送上级"
    LAWFUL = "LAWFUL", "依法提供"
    SUBJECT = "SUBJECT", "本人要求"
    OTHER = "OTHER", "其他（须写明）"


@dataclass(frozen=True)
class Told:
    """Why: a purpose of the list, and what was typed."""

    reason: str = ""
    purpose: str = ""


def reveal(unit: Unit, actor: Actor, subject: str, field: str, told: Told) -> str:
    """It stands in the register and in the audit log that `actor` is about to see one field of one person, or of the
    contact of one record; its id.

    Raises:
        Refusal: PURPOSE_NEEDED; NEEDS_REASON; BAD_VALUE, too short or too long; CLASSIFIED.
    """
    if Purpose.known(told.purpose) is None:
        raise Refusal(Code.PURPOSE_NEEDED)
    return _write(unit, actor, "personal.reveal", subject, told, reasons.checked(told.reason), field, 1)


def export(unit: Unit, actor: Actor, act: str, subject: str, told: Told, rows: int) -> str:
    """It stands there that `actor` is about to take `rows` rows of personal data out, and what for; its id.

    Raises:
        Refusal: PURPOSE_NEEDED; NEEDS_REASON, of a purpose that is not in the list; BAD_VALUE, CLASSIFIED.
    """
    purpose = Purpose.known(told.purpose)
    if purpose is None:
        raise Refusal(Code.PURPOSE_NEEDED)
    reason = reasons.checked(told.reason) if purpose is Purpose.OTHER or told.reason.strip() else ""
    return _write(unit, actor, act, subject, told, reason, None, rows)


def shown_again(session: Session, actor: Actor, id: str, now: dt.datetime) -> DisclosureRow | None:
    """What was revealed to this actor some minutes ago; None: nothing of that id, to somebody else, or too long ago."""
    row = session.get(DisclosureRow, id)
    if row is None or row.act != "personal.reveal" or not actor.is_home or row.sub != actor.sub:
        return None
    return row if now - row.at <= SHOWN_FOR else None


def about(session: Session, subject: str) -> list[DisclosureRow]:
    """Everything that was shown or handed out of one person alone, oldest first."""
    wanted = select(DisclosureRow).where(DisclosureRow.subject == subject)
    return list(session.scalars(wanted.order_by(DisclosureRow.at, DisclosureRow.id)))


def count_before(session: Session, moment: dt.datetime) -> int:
    """How many rows of the register are older."""
    return aging.count_before(session, DisclosureRow, moment)


def forget_before(session: Session, moment: dt.datetime) -> int:
    """The oldest of them are gone, at most one slice; how many. The audit log's digests stay as long as its entries."""
    return aging.forget_before(session, DisclosureRow, moment)


def forget_words(session: Session, subjects: Sequence[str]) -> None:
    """What people wrote as a reason about these is gone; that it was shown, to whom and when, stays."""
    session.execute(update(DisclosureRow).where(DisclosureRow.subject.in_(subjects)).values(reason=None))


def _write(
    unit: Unit, actor: Actor, act: str, subject: str, told: Told, reason: str, field: str | None, rows: int
) -> str:  # fmt: skip
    row = DisclosureRow(
        id=unit.new_id("disclosure"), at=unit.now, iss=actor.iss, sub=actor.sub, act=act, subject=subject, field=field,
        purpose=Purpose.known(told.purpose), reason=reason or None, rows=rows,
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    audit.note(unit, actor, act, row.id, digest_of(row.id, subject, field or "", told.purpose, reason))
    return row.id
