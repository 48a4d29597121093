"""委托审计: the parent hears of our consent, we keep those of committees below, and both logs have an entry of each."""

from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.contract.channels import PLAIN, Scope
from sync.contract.errors import Code, Refusal
from sync.contract.shapes.audit import AuditConsentRecord
from sync.contract.trust.directory import Directory
from tenant_service.auditing.models import HeardConsentRow
from tenant_service.exchange.copies import Seen
from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring.recovering import Recovered
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.audit_log import checking as audit_checking
from tenant_service.identity.audit_log import consents as audit_consents
from tenant_service.identity.audit_log import listing as audit_listing
from tenant_service.identity.audit_log.checking import Finding
from tenant_service.identity.audit_log.consents import GIVEN, WITHDRAWN
from tenant_service.identity.keys import Keys
from tenant_service.storage.unit_of_work import Unit, Units

_TO_PARENT = PLAIN[Scope.PARENT]


def tell(unit: Unit, channels: Sequence[str]) -> int:
    """The parent hears of consents that it does not know yet; of how many. `channels`: those that we may write."""
    if _TO_PARENT not in channels:
        return 0
    rows = audit_consents.untold(unit.session)
    for row in rows:
        row.told = WITHDRAWN if row.withdrawn_at else GIVEN
        unit.publish(audit_consents.record(row, unit.committee), row.told, {_TO_PARENT})
    return len(rows)


def projection(directory: Callable[[], Directory]) -> Callable[[Session, Seen], None]:
    """Keeps what committees below consented to; a consent that names another than its committee's parent is none."""

    def project(session: Session, seen: Seen) -> None:
        told = seen.record
        if isinstance(told, AuditConsentRecord) and told.given_at and told.parent_id == directory().parent(seen.owner):
            _heard(session, seen, told)

    return project


def _heard(session: Session, seen: Seen, told: AuditConsentRecord) -> None:
    row = session.get(HeardConsentRow, seen.id)
    if row is None:
        row = HeardConsentRow(id=seen.id, committee_id=seen.owner, given_at=told.given_at, heard_at=seen.as_of)
        session.add(row)
        audit.note_heard(session, seen.owner, "audit.consent", seen.id, seen.as_of)
    if told.withdrawn_at is not None and row.withdrawn_at is None:
        row.withdrawn_at = told.withdrawn_at
        audit.note_heard(session, seen.owner, "audit.consent_withdrawn", seen.id, seen.as_of)
    session.flush()


def recover(unit: Unit, told: Recovered) -> Outcome:
    """A consent that the parent knew to be withdrawn stays withdrawn; one that a backup had forgotten is not given
    anew, because nobody can say here for what reason it was.
    """
    row = audit_consents.by_id(unit.session, told.id)
    if row is None or told.record is None:
        return Outcome.WITHDRAWN
    if told.record.withdrawn_at is not None:
        row.withdrawn_at, row.told = told.record.withdrawn_at, WITHDRAWN
    unit.publish(audit_consents.record(row, unit.committee), max(told.version, row.told), told.channels)
    return Outcome.UPDATED


def heard(session: Session) -> dict[str, HeardConsentRow]:
    """Committee below → its consent that is in force, as far as we have heard."""
    rows = session.scalars(select(HeardConsentRow).where(HeardConsentRow.withdrawn_at.is_(None)))
    return {row.committee_id: row for row in rows}


# ── what the parent's auditors do here ──


def looked(units: Units, session: Session, actor: Actor, directory: Directory, act: str) -> None:
    """It stands in our log that somebody is about to look through it, if they may.

    Raises:
        Refusal: NOT_SIGNED_IN, PASSWORD_CHANGE_NEEDED, FORBIDDEN.
    """
    audit_listing.require(session, actor, directory)
    with units.write() as unit:
        audit.note(unit, actor, act, unit.committee)


def checked(session: Session, actor: Actor, directory: Directory, keys: Keys) -> Finding:
    """Whether our log is whole, for who may see all of it.

    Raises:
        Refusal: NOT_SIGNED_IN, PASSWORD_CHANGE_NEEDED, FORBIDDEN.
    """
    if not audit_listing.sees_all(session, actor, directory):
        raise Refusal(Code.FORBIDDEN)
    return audit_checking.check(session, [keys.event, *keys.older["event"]])
