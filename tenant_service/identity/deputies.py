"""授权: somebody who does not sign by a role of theirs signs on a leader's behalf, from one day to another.

A grant is never changed: it ends with its last day or is revoked, and stands on record. It carries nothing for who is
not of the office any more.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import day_of
from tenant_service.identity import audit, reasons
from tenant_service.identity.actor import Actor
from tenant_service.identity.administrators import roles_of
from tenant_service.identity.models import AccountRow, DeputyRow
from tenant_service.identity.policy import SIGNABLE, STAFF, Role, UseCase
from tenant_service.storage.unit_of_work import Unit

LONGEST = dt.timedelta(days=366)
"""What is left to somebody for longer is a role."""


@dataclass(frozen=True)
class Draft:
    """A grant as it is given. `uses`: what may be signed; empty: all of it."""

    account_id: str
    since: dt.date
    until: dt.date
    uses: tuple[UseCase, ...] = ()


@dataclass(frozen=True)
class Deputy:
    """A grant as it is shown. `behalf`: whose place they take; `revoked_on`: from this day on it carries nothing."""

    id: str
    account_id: str
    uses: tuple[UseCase, ...]
    behalf: Role
    since: dt.date
    until: dt.date
    given_by: str
    given_at: dt.datetime
    reason: str
    revoked_at: dt.datetime | None
    revoked_by: str | None
    revoked_reason: str | None

    def is_in_force(self, day: dt.date) -> bool:
        return self.revoked_at is None and self.since <= day <= self.until


def grant(unit: Unit, actor: Actor, told: Draft, why: str) -> Deputy:
    """The account signs these kinds of records from the first of these days to the last, on the secretary's or chair's
    behalf, whoever of both gives it; the security administrator gives it on the secretary's.

    Raises:
        Refusal: FORBIDDEN, NEEDS_REASON, BAD_VALUE, CLASSIFIED; NOT_FOUND, there is no such open account; OWN_ACCOUNT;
            BAD_TIME, the days are over, or too many.
    """
    actor.require(UseCase.GIVE_SIGNING)
    if told.account_id == actor.sub:
        raise Refusal(Code.OWN_ACCOUNT)
    account = unit.session.get(AccountRow, told.account_id)
    if account is None or not account.is_open:
        raise Refusal(Code.NOT_FOUND)
    if not roles_of(account) & STAFF:
        raise Refusal(Code.BAD_VALUE, field="accountId", why=Said("须为本会工作人员", "somebody of the office"))
    _fit(told, day_of(unit.now))
    row = DeputyRow(
        id=unit.new_id("deputy"), account_id=account.id, uses=[each.value for each in told.uses], since=told.since,
        until=told.until, behalf=Role.CHAIR if Role.CHAIR in actor.roles else Role.SECRETARY, given_by=actor.sub,
        given_at=unit.now, reason=reasons.checked(why), revoked_at=None, revoked_by=None, revoked_reason=None,
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    audit.note(unit, actor, "deputy.grant", row.id)
    return _shown(row)


def revoke(unit: Unit, actor: Actor, id: str, why: str) -> Deputy:
    """收回: it carries nothing any more, at once.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, NEEDS_REASON, BAD_VALUE, CLASSIFIED; ALREADY_DONE.
    """
    actor.require(UseCase.GIVE_SIGNING)
    row = unit.session.get(DeputyRow, id, with_for_update=True)
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    if row.revoked_at is not None:
        raise Refusal(Code.ALREADY_DONE)
    row.revoked_at, row.revoked_by, row.revoked_reason = unit.now, actor.sub, reasons.checked(why)
    audit.note(unit, actor, "deputy.revoke", row.id)
    return _shown(row)


def listed(session: Session, actor: Actor) -> list[Deputy]:
    """Every grant there ever was, newest first. Raises: Refusal NOT_SIGNED_IN, FORBIDDEN."""
    if not actor.may(UseCase.SEE_WORK):
        actor.require(UseCase.GIVE_SIGNING)
    return list(map(_shown, session.scalars(select(DeputyRow).order_by(DeputyRow.id.desc()))))


def signs_for(session: Session, account: str, day: dt.date) -> frozenset[tuple[UseCase, Role]]:
    """What the account signs on this day on whose behalf."""
    held = (
        DeputyRow.account_id == account,
        DeputyRow.revoked_at.is_(None),
        DeputyRow.since <= day,
        DeputyRow.until >= day,
    )
    rows = map(_shown, session.scalars(select(DeputyRow).where(*held)))
    return frozenset((use, row.behalf) for row in rows for use in row.uses or SIGNABLE)


def signing(session: Session, use: UseCase, day: dt.date) -> set[str]:
    """Open accounts that sign this in somebody's place on this day, while they are of the office."""
    held = (DeputyRow.revoked_at.is_(None), DeputyRow.since <= day, DeputyRow.until >= day)
    rows = map(_shown, session.scalars(select(DeputyRow).where(*held)))
    named = {row.account_id for row in rows if use in (row.uses or SIGNABLE)}
    there = session.scalars(select(AccountRow).where(AccountRow.id.in_(named), AccountRow.is_open.is_(True)))
    return {row.id for row in there if roles_of(row) & STAFF}


def people(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Open accounts of the office to whom signing can be left, by name."""
    rows = session.scalars(select(AccountRow).where(AccountRow.is_open.is_(True)).order_by(AccountRow.username))
    return [(row.id, row.name) for row in rows if roles_of(row) & STAFF and row.id != actor.sub]


def _fit(told: Draft, today: dt.date) -> None:
    if told.until < told.since or told.until < today:
        raise Refusal(
            Code.BAD_TIME, field="until", why=Said("不早于开始日期和今天", "not before its first day, nor today")
        )
    if told.until - told.since > LONGEST:
        raise Refusal(Code.BAD_TIME, field="until", why=Said("最长一年", "a year at most"))
    if set(told.uses) - set(SIGNABLE):
        raise Refusal(Code.BAD_VALUE, field="uses", why=Said("请从列表选择", "choose from the list"))


def _shown(row: DeputyRow) -> Deputy:
    uses = tuple(use for code in row.uses if (use := UseCase.known(code)))
    return Deputy(
        row.id, row.account_id, uses, row.behalf, row.since, row.until, row.given_by, row.given_at, row.reason,
        row.revoked_at, row.revoked_by, row.revoked_reason,
    )  # fmt: skip
