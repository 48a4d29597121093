"""What administrators did to accounts, and why: beside the audit log, which has who, when, the account and a digest."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tenant_service.identity import audit, reasons
from tenant_service.identity.actor import Actor
from tenant_service.identity.audit_chain import digest_of
from tenant_service.identity.models import AccountActRow, AccountRow
from tenant_service.identity.policy import Role
from tenant_service.storage import aging
from tenant_service.storage.unit_of_work import Unit

RESET, BODY = "account.password", "account.body"


@dataclass(frozen=True)
class Done:
    """One act of administrator `sub`. `given`, `withdrawn`: codes of roles, or of BODY the ids of bodies;
    `reason`: None, it is erased.
    """

    id: str
    at: dt.datetime
    sub: str
    act: str
    account: str
    given: list[str]
    withdrawn: list[str]
    reason: str | None


def note(
    unit: Unit, actor: Actor, act: str, account: str, reason: str, *,
    given: Sequence[str] = (), withdrawn: Sequence[str] = (),
) -> None:  # fmt: skip
    """It stands there, and its digest in the audit log.

    Raises:
        Refusal: NEEDS_REASON; BAD_VALUE, too short or too long; CLASSIFIED.
    """
    row = AccountActRow(
        id=unit.new_id("account_act"), at=unit.now, sub=actor.sub, act=act, account_id=account, given=list(given),
        withdrawn=list(withdrawn), reason=reasons.checked(reason),
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    words = (row.id, account, ",".join(given), ",".join(withdrawn), row.reason or "")
    audit.note(unit, actor, act, account, digest_of(*words))


def of(session: Session, account: str) -> list[Done]:
    """What was done to one account, newest first."""
    wanted = select(AccountActRow).where(AccountActRow.account_id == account)
    rows = session.scalars(wanted.order_by(AccountActRow.at.desc(), AccountActRow.id.desc()))
    return [_shown(row) for row in rows]


def _shown(row: AccountActRow) -> Done:
    return Done(row.id, row.at, row.sub, row.act, row.account_id, row.given, row.withdrawn, row.reason)


def latest(session: Session, most: int) -> list[tuple[str, Done]]:
    """What was done last to any account, newest first; each with the account's name."""
    wanted = select(AccountActRow, AccountRow.name).join(AccountRow, AccountRow.id == AccountActRow.account_id)
    rows = session.execute(wanted.order_by(AccountActRow.at.desc(), AccountActRow.id.desc()).limit(most))
    return [(name, _shown(row)) for row, name in rows]


def reset_since(session: Session, accounts: Sequence[str], since: dt.datetime) -> frozenset[str]:
    """Which of these accounts had their password set by somebody else since that moment."""
    wanted = select(AccountActRow.account_id).where(AccountActRow.act == RESET, AccountActRow.account_id.in_(accounts))
    return frozenset(session.scalars(wanted.where(AccountActRow.at >= since)))


@dataclass(frozen=True)
class Held:
    """An account had a role since a moment (None: its beginning) until another (excluded; None: it has it)."""

    account: str
    since: dt.datetime | None
    until: dt.datetime | None


def held(session: Session, role: Role) -> list[Held]:
    """Who had this role when. What is older than what is kept here is told by what was done first: a role that was
    withdrawn had been there before, one that was given had not; without either it is as it is today.
    """
    since: dict[str, dt.datetime | None] = {}
    known: set[str] = set()
    found = []
    for row in session.scalars(select(AccountActRow).order_by(AccountActRow.at, AccountActRow.id)):
        id, given, withdrawn = row.account_id, role.value in row.given, role.value in row.withdrawn
        if given and id not in since:
            since[id] = row.at
        if withdrawn and (id in since or id not in known):
            found.append(Held(id, since.pop(id, None), row.at))
        known |= {id} if given or withdrawn else set()
    today = session.execute(select(AccountRow.id, AccountRow.roles))
    unsaid = [Held(id, None, None) for id, roles in today if id not in known and role.value in roles]
    return [*found, *(Held(id, at, None) for id, at in since.items()), *unsaid]


def count_before(session: Session, moment: dt.datetime) -> int:
    """How many rows are older."""
    return aging.count_before(session, AccountActRow, moment)


def forget_before(session: Session, moment: dt.datetime) -> int:
    """The oldest of them are gone, at most one slice; how many."""
    return aging.forget_before(session, AccountActRow, moment)


def forget_words(session: Session, accounts: Sequence[str]) -> None:
    """What was written about these accounts as a reason is gone."""
    session.execute(update(AccountActRow).where(AccountActRow.account_id.in_(accounts)).values(reason=None))
