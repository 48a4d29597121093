"""委托审计: by its own consent a committee lets its parent's audit administrators read its audit log, and nothing else.

The consent lies here, at the log that it opens, and is looked at with every question: withdrawn it opens nothing more
from that moment on, whether the parent has heard of it or not.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id, is_committee
from sync.contract.shapes.audit import AuditConsentRecord
from sync.contract.trust.directory import Directory
from tenant_service.identity import administrators, audit, reasons
from tenant_service.identity.actor import Actor
from tenant_service.identity.audit_chain import digest_of
from tenant_service.identity.models import AuditConsentRow
from tenant_service.identity.policy import BY_CONSENT, UseCase
from tenant_service.storage.unit_of_work import Unit

GIVEN, WITHDRAWN = 1, 2
"""Versions of the record that the parent is told."""


@dataclass(frozen=True)
class Consent:
    """A consent as it is shown. `withdrawn_at`: None, it is in force."""

    id: str
    parent_id: str
    given_at: dt.datetime
    withdrawn_at: dt.datetime | None
    reason: str


def give(unit: Unit, actor: Actor, parent: str | None, reason: str, *, is_listed: bool = True) -> Consent:
    """The parent's audit administrators may read our log from now on. An earlier parent's may not any more.

    `is_listed`: False, the committee has joined nothing yet and no directory says who its parent is; until one names
    this very parent the consent opens nothing.

    Raises:
        Refusal: FORBIDDEN, NEEDS_REASON, BAD_VALUE; NO_PARENT, there is nobody above us; NOT_PARENT, it names another;
            BAD_ID; ALREADY_DONE. The consent before stands.
    """
    actor.require(UseCase.LEAVE_AUDIT)
    today = unit.directory.parent(unit.committee) if is_listed else parent
    if parent is None or today is None:
        raise Refusal(Code.NO_PARENT)
    if not is_committee(parent) or parent == unit.committee:
        raise Refusal(Code.BAD_ID, id=parent[:80])
    if parent != today:
        raise Refusal(Code.NOT_PARENT, told=parent, parent=today)
    administrators.take_turn(unit.session)
    before = in_force(unit.session)
    if before is not None and before.parent_id == parent:
        raise Refusal(Code.ALREADY_DONE)
    if before is not None:
        _end(unit, actor, before, reason)
    row = AuditConsentRow(
        id=unit.new_id("audit_consent"), parent_id=parent, given_at=unit.now, given_by=actor.sub,
        reason=reasons.checked(reason), withdrawn_at=None, withdrawn_by=None, withdrawn_reason=None, told=0,
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    audit.note(unit, actor, "audit.consent", row.id, digest_of(row.id, parent, row.reason))
    return shown(row)


def withdraw(unit: Unit, actor: Actor, reason: str) -> Consent:
    """Nobody of the parent may read our log any more, at once.

    Raises:
        Refusal: FORBIDDEN, NEEDS_REASON, BAD_VALUE; NOT_FOUND, no consent is in force.
    """
    actor.require(UseCase.LEAVE_AUDIT)
    administrators.take_turn(unit.session)
    row = in_force(unit.session)
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    _end(unit, actor, row, reason)
    return shown(row)


def in_force(session: Session) -> AuditConsentRow | None:
    return session.scalar(select(AuditConsentRow).where(AuditConsentRow.withdrawn_at.is_(None)))


def by_id(session: Session, id: str) -> AuditConsentRow | None:
    return session.get(AuditConsentRow, id)


def all_of(session: Session) -> list[AuditConsentRow]:
    """Every consent that was ever given, newest first."""
    return list(session.scalars(select(AuditConsentRow).order_by(AuditConsentRow.given_at.desc())))


def untold(session: Session) -> list[AuditConsentRow]:
    """Those of which the parent has to hear something yet."""
    rows = all_of(session)
    return [row for row in rows if row.told < (WITHDRAWN if row.withdrawn_at else GIVEN)]


def lets(session: Session, actor: Actor, directory: Directory, use: UseCase) -> bool:
    """Whether somebody of another committee may do this here by our consent: its home is our parent today, the consent
    names it, and the role there is the one that the table says. Who it is counts for nothing.
    """
    role = BY_CONSENT.get(use)
    if role is None or actor.is_home or role not in actor.roles:
        return False
    parent = directory.parent(actor.committee)
    if parent is None or actor.iss != parent or not directory.is_active(parent):
        return False
    row = in_force(session)
    return row is not None and row.parent_id == parent


def record(row: AuditConsentRow, committee: str) -> AuditConsentRecord:
    return AuditConsentRecord(
        id=Id(row.id), committee_id=Id(committee), parent_id=Id(row.parent_id), given_at=row.given_at,
        withdrawn_at=row.withdrawn_at,
    )  # fmt: skip


def shown(row: AuditConsentRow) -> Consent:
    return Consent(row.id, row.parent_id, row.given_at, row.withdrawn_at, row.reason)


def _end(unit: Unit, actor: Actor, row: AuditConsentRow, reason: str) -> None:
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = unit.now, actor.sub, reasons.checked(reason)
    unit.session.flush()
    audit.note(unit, actor, "audit.consent_withdrawn", row.id, digest_of(row.id, row.parent_id, row.withdrawn_reason))
