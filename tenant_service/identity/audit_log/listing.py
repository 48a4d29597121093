"""The audit log as its administrator looks through it: entries by time, by who, by what and about what."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.trust.directory import Directory
from tenant_service.identity import account_acts
from tenant_service.identity.actor import Actor
from tenant_service.identity.audit_chain import GENESIS, digest_of
from tenant_service.identity.audit_log import consents as audit_consents
from tenant_service.identity.models import AccountRow, AuditRow, AuditSegmentRow
from tenant_service.identity.policy import Role, UseCase

ON_A_PAGE = 100
A_LOOK = dt.timedelta(hours=1)
"""How long further pages are the same look."""
LOOK = "audit.look"
OF_AUDITORS = "audit."
"""What begins the acts of whoever looks through the log."""


@dataclass(frozen=True)
class Wanted:
    """Which entries; everything given must hold.

    Attributes:
        since, before: Moments, the second excluded.
        who: Ids of accounts, one of which did it.
        act: The act, or what it begins with: `account` finds `account.create`.
        subject: Id of the record that it was done to.
    """

    since: dt.datetime | None = None
    before: dt.datetime | None = None
    who: tuple[str, ...] | None = None
    act: str = ""
    subject: str = ""

    @property
    def digest(self) -> bytes | None:
        """What stands beside a look with these filters; None: it had none."""
        told = ("\t".join(self.who or ()), self.act, self.subject)
        words = (*(each.isoformat() if each else "" for each in (self.since, self.before)), *told)
        return digest_of(*words) if any(words) else None


@dataclass(frozen=True)
class Entry:
    """One entry. `prior`: the chain before it, so that each proves itself; None: it is not here any more."""

    seq: int
    at: dt.datetime
    iss: str
    sub: str
    act: str
    subject: str
    digest: bytes | None
    chain: bytes
    prior: bytes | None


def may_look(actor: Actor) -> bool:
    return actor.may(UseCase.SEE_AUDIT) or actor.may(UseCase.SEE_AUDITORS)


def sees_all(session: Session, actor: Actor, directory: Directory | None = None) -> bool:
    """Whether all entries are this actor's to see: our audit administrator's, and by our consent the parent's, whom
    `directory` tells.
    """
    is_left = directory is not None and audit_consents.lets(session, actor, directory, UseCase.SEE_AUDIT)
    return is_left or actor.may(UseCase.SEE_AUDIT)


def is_looking(session: Session, actor: Actor, wanted: Wanted, now: dt.datetime) -> bool:
    """Whether it stands in the log that this actor looked of late for just these entries: a further page of them is no
    further look then. Whoever asks for a later page alone looks as well.
    """
    mine = (AuditRow.sub == actor.sub, AuditRow.iss == actor.iss, AuditRow.act == LOOK, AuditRow.at > now - A_LOOK,
            AuditRow.digest == wanted.digest)  # fmt: skip
    return session.scalar(select(AuditRow.seq).where(*mine).limit(1)) is not None


def require(session: Session, actor: Actor, directory: Directory | None = None) -> None:
    """Raises: Refusal NOT_SIGNED_IN, PASSWORD_CHANGE_NEEDED, FORBIDDEN."""
    if not may_look(actor) and not sees_all(session, actor, directory):
        actor.require(UseCase.SEE_AUDIT)


def page(
    session: Session, actor: Actor, wanted: Wanted, behind: int | None, most: int = ON_A_PAGE,
    directory: Directory | None = None,
) -> list[Entry]:  # fmt: skip
    """The newest entries, of those below number `behind`, at most so many.

    The audit administrator sees all of them. The security administrator sees what audit administrators did while they
    were, so that nobody looks through their own acts alone; and nothing else.

    Raises:
        Refusal: NOT_SIGNED_IN, FORBIDDEN.
    """
    require(session, actor, directory)
    where = [*_matching(wanted), *_shown_to(session, actor, directory)]
    if behind is not None:
        where.append(AuditRow.seq < behind)
    rows = session.scalars(select(AuditRow).where(*where).order_by(AuditRow.seq.desc()).limit(most)).all()
    chains = _chains(session, {row.seq - 1 for row in rows})
    return [
        Entry(row.seq, row.at, row.iss, row.sub, row.act, row.subject, row.digest, row.chain, chains.get(row.seq - 1))
        for row in rows
    ]  # fmt: skip


def count(session: Session, actor: Actor, wanted: Wanted) -> int:
    """Raises: Refusal NOT_SIGNED_IN, FORBIDDEN."""
    require(session, actor)
    where = [*_matching(wanted), *_shown_to(session, actor, None)]
    return session.scalar(select(func.count()).select_from(AuditRow).where(*where)) or 0


def exported(session: Session, actor: Actor, wanted: Wanted, most: int) -> list[Entry]:
    """All of them, oldest first.

    Raises:
        Refusal: NOT_SIGNED_IN, FORBIDDEN; TOO_MANY_ROWS, more than `most`.
    """
    if count(session, actor, wanted) > most:
        raise Refusal(Code.TOO_MANY_ROWS, most=most)
    return page(session, actor, wanted, None, most)[::-1]


def _matching(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.since:
        found.append(AuditRow.at >= wanted.since)
    if wanted.before:
        found.append(AuditRow.at < wanted.before)
    if wanted.who is not None:
        found.append(AuditRow.sub.in_(wanted.who))
    if wanted.act:
        begins = f"{wanted.act.rstrip('.')}."
        found.append(or_(AuditRow.act == wanted.act, AuditRow.act.startswith(begins, autoescape=True)))
    if wanted.subject:
        found.append(AuditRow.subject == wanted.subject)
    return found


def _shown_to(session: Session, actor: Actor, directory: Directory | None) -> Sequence[ColumnElement[bool]]:
    if sees_all(session, actor, directory):
        return ()
    as_auditors = [_while(held) for held in account_acts.held(session, Role.AUDIT_ADMIN)]
    return (or_(AuditRow.act.startswith(OF_AUDITORS), *as_auditors),)


def _while(held: account_acts.Held) -> ColumnElement[bool]:
    """What the account did while it had the role: whoever gives a role today looks through nobody's past by that."""
    since = [AuditRow.at >= held.since] if held.since else []
    until = [AuditRow.at < held.until] if held.until else []
    return and_(AuditRow.sub == held.account, *since, *until)


def _chains(session: Session, seqs: set[int]) -> dict[int, bytes]:
    """Number of an entry → the chain after it, of those that are here or whose month's head is."""
    if not seqs:
        return {}
    span = (min(seqs), max(seqs))
    months = select(AuditSegmentRow.last_seq, AuditSegmentRow.chain).where(AuditSegmentRow.last_seq.between(*span))
    rows = select(AuditRow.seq, AuditRow.chain).where(AuditRow.seq.between(*span))
    found = {0: GENESIS}
    for statement in (months, rows):
        found |= {seq: chain for seq, chain in session.execute(statement) if seq in seqs}
    return found


def accounts_called(session: Session, told: str) -> list[str]:
    """Accounts of this committee, closed ones too, whose id, user name or name this is."""
    called = or_(AccountRow.id == told, AccountRow.username == told, AccountRow.name == told)
    return list(session.scalars(select(AccountRow.id).where(called)))


def names_of(session: Session, accounts: Iterable[str]) -> dict[str, str]:
    """What each of these accounts is called today; the log itself has ids only."""
    wanted = select(AccountRow.id, AccountRow.name).where(AccountRow.id.in_(set(accounts)))
    return dict(session.execute(wanted).all())
