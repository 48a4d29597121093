"""三员: of the three administrators' roles one person holds one at most, and none is ever left without anybody.

What is looked at here are the accounts of other people, which no lock of one account guards: so whoever opens or closes
an account, gives roles, or gives or withdraws a consent takes its turn first.
"""

from collections.abc import Iterable

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from tenant_service.identity.models import AccountRow, AuditConsentRow
from tenant_service.identity.policy import THREE, Role, incompatible
from tenant_service.storage.unit_of_work import Unit

_TURN = text("SELECT pg_advisory_xact_lock(:class, 1)")
_CLASS = 0x4C45
"""Of our advisory locks, which all programs of a database share; `exchange.turns` has another."""


def take_turn(session: Session) -> None:
    """Until this transaction ends nobody else changes who the administrators are. It comes before anything of theirs is
    read, or of two acts at one moment each would count on what the other takes away. SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_TURN, {"class": _CLASS})


def roles_of(row: AccountRow) -> frozenset[Role]:
    """Roles that this release does not know carry nothing."""
    return frozenset(role for code in row.roles if (role := Role.known(code)))


def check(session: Session, row: AccountRow, roles: frozenset[Role]) -> None:
    """Nothing, where the account may have these, beside what the same person's other accounts have.

    Raises:
        Refusal: INCOMPATIBLE_ROLES.
    """
    held = set(roles)
    if row.person_id is not None:
        for other in _others(session, row):
            held |= roles_of(other) if other.person_id == row.person_id else set()
    if incompatible(held):
        raise Refusal(Code.INCOMPATIBLE_ROLES)


def leave_one(unit: Unit, row: AccountRow, kept: frozenset[Role]) -> None:
    """Nothing, where somebody else does what this account does no more when it has `kept` alone: an account here, or
    the parent's auditors by our consent.

    Raises:
        Refusal: LAST_ADMINISTRATOR.
    """
    gone = (roles_of(row) - kept) & set(THREE)
    if audit_is_left(unit):
        gone -= {Role.AUDIT_ADMIN}
    if missing := sorted(gone - held(_others(unit.session, row)), key=THREE.index):
        raise Refusal(Code.LAST_ADMINISTRATOR, role=missing[0])


def all_of(session: Session) -> list[str]:
    """Open accounts that have one of the three roles."""
    rows = session.scalars(select(AccountRow).where(AccountRow.is_open.is_(True)))
    return [row.id for row in rows if roles_of(row) & set(THREE)]


def without_anybody(unit: Unit) -> list[Role]:
    """Administrators' roles that nobody has."""
    there = held(unit.session.scalars(select(AccountRow).where(AccountRow.is_open.is_(True))))
    there |= {Role.AUDIT_ADMIN} if audit_is_left(unit) else frozenset()
    return [role for role in THREE if role not in there]


def audit_is_left(unit: Unit) -> bool:
    """Whether a consent is in force by which today's parent's audit administrators read our log: one that names
    somebody else opens nothing, so nobody looks.
    """
    parent = unit.directory.parent(unit.committee)
    if parent is None or not unit.directory.is_active(parent):
        return False
    named = select(AuditConsentRow.parent_id).where(AuditConsentRow.withdrawn_at.is_(None))
    return parent in unit.session.scalars(named).all()


def held(rows: Iterable[AccountRow]) -> frozenset[Role]:
    """Roles that one of these accounts has."""
    return frozenset().union(*map(roles_of, rows))


def _others(session: Session, row: AccountRow) -> list[AccountRow]:
    others = select(AccountRow).where(AccountRow.is_open.is_(True), AccountRow.id != row.id)
    return list(session.scalars(others.execution_options(populate_existing=True)))
