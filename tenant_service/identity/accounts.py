"""Accounts of this committee's own staff and members. One function, one use case, one transaction.

Passwords come here hashed already: hashing takes 30 ms, and the domain's thread has better things to do
(`tenant_service.identity.sign_in` hashes and then calls).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal, Said
from tenant_service import wording
from tenant_service.identity import audit, grants, rules, sessions
from tenant_service.identity.actor import Actor
from tenant_service.identity.models import AccountRow
from tenant_service.identity.policy import Role, UseCase, incompatible
from tenant_service.storage.unit_of_work import Unit

_LONGEST_NAME = 40
_SECOND = dt.timedelta(seconds=1)


@dataclass(frozen=True)
class Account:
    """An account as it is shown. `must_change`: its first password has not been changed yet."""

    id: str
    username: str
    name: str
    roles: frozenset[Role]
    person: str | None
    must_change: bool
    is_open: bool = True
    tokens_from: int = 0

    def actor(self, committee: str) -> Actor:
        """This account as somebody who asks its own committee; with a first password it carries nothing yet, because
        the administrator who set it knows it as well.
        """
        roles, person = (frozenset[Role](), None) if self.must_change else (self.roles, self.person)
        return Actor(
            committee=committee, iss=committee, sub=self.id, name=self.name, roles=roles, person=person,
            must_change=self.must_change,
        )  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """An account as an administrator describes it; `person` when it belongs to a member."""

    username: str
    name: str
    roles: frozenset[Role]
    person: str | None = None


@dataclass(frozen=True)
class Credentials:
    """What a password is checked against; `account` is None where there is no such open account."""

    account: Account | None
    password_hash: str | None


def console(committee: str) -> Actor:
    """Who works at the committee's own machine (a command line, a demo being filled) and so administers accounts."""
    return Actor(committee=committee, iss=committee, sub="console", roles=frozenset({Role.SYSTEM_ADMIN}))


def create(unit: Unit, actor: Actor, draft: Draft, password_hash: str, *, must_change: bool = True) -> Account:
    """The account can sign in; at first with a password that it has to change.

    Raises:
        Refusal: FORBIDDEN, BAD_VALUE, USERNAME_TAKEN, INCOMPATIBLE_ROLES.
    """
    actor.require(UseCase.MANAGE_ACCOUNTS)
    username = rules.username(draft.username)
    if unit.session.scalar(select(AccountRow.id).where(AccountRow.username == username)):
        raise Refusal(Code.USERNAME_TAKEN)
    row = AccountRow(
        id=unit.new_id("account"), username=username,
        name=wording.text(Said("姓名", "name"), draft.name, _LONGEST_NAME),
        roles=[], person_id=draft.person, password_hash=password_hash, must_change=must_change, is_open=True,
        tokens_from=unit.now.replace(microsecond=0),
    )  # fmt: skip
    _check_roles(unit, row, draft.roles)
    row.roles = _codes(draft.roles)
    unit.session.add(row)
    unit.session.flush()
    audit.note(unit, actor, "account.create", row.id)
    return shown(row)


def give_roles(unit: Unit, actor: Actor, id: str, roles: frozenset[Role]) -> Account:
    """The account has these roles and no others. Nobody changes their own.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, INCOMPATIBLE_ROLES, LAST_ADMINISTRATOR.
    """
    row = _of_another(unit, actor, id)
    _check_roles(unit, row, roles)
    if Role.SYSTEM_ADMIN not in roles:
        _leave_an_administrator(unit, row)
    row.roles = _codes(roles)
    _void_tokens(unit, row)
    audit.note(unit, actor, "account.roles", id)
    return shown(row)


def close(unit: Unit, actor: Actor, id: str) -> Account:
    """The account is signed out everywhere and cannot sign in any more; what it did keeps its id.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, LAST_ADMINISTRATOR.
    """
    row = _of_another(unit, actor, id)
    _leave_an_administrator(unit, row)
    row.is_open = False
    sign_out_everywhere(unit, id)
    audit.note(unit, actor, "account.close", id)
    return shown(row)


def set_password(unit: Unit, actor: Actor, id: str, password_hash: str) -> Account:
    """The account has a first password again and is signed out everywhere.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND.
    """
    row = _of_another(unit, actor, id)
    row.password_hash, row.must_change = password_hash, True
    sign_out_everywhere(unit, id)
    audit.note(unit, actor, "account.password", id)
    return shown(row)


def change_own_password(unit: Unit, id: str, known_hash: str, new_hash: str) -> Account:
    """The account has the password it chose; every browser and token of it has to sign in again.

    Raises:
        Refusal: SIGN_IN_ENDED, the account or its password changed since `known_hash` was checked.
    """
    row = unit.session.get(AccountRow, id)
    if row is None or not row.is_open or row.password_hash != known_hash:
        raise Refusal(Code.SIGN_IN_ENDED)
    row.password_hash, row.must_change = new_hash, False
    sign_out_everywhere(unit, id)
    audit.note(unit, shown(row).actor(unit.committee), "account.own_password", id)
    return shown(row)


def sign_out_everywhere(unit: Unit, id: str) -> None:
    """No browser, no gateway, no application and no token of this account is signed in."""
    row = unit.session.get_one(AccountRow, id)
    sessions.end_all(unit, id)
    grants.end_all(unit, id)
    _void_tokens(unit, row)


def listed(unit: Unit, actor: Actor) -> list[Account]:
    """Every account, closed ones too, by user name.

    Raises:
        Refusal: FORBIDDEN.
    """
    actor.require(UseCase.MANAGE_ACCOUNTS)
    return [shown(row) for row in unit.session.scalars(select(AccountRow).order_by(AccountRow.username))]


def belong_to(session: Session, persons: Sequence[str]) -> bool:
    """Whether one of these people has an account."""
    held = select(AccountRow.id).where(AccountRow.person_id.in_(persons))
    return session.scalar(held.limit(1)) is not None


def by_id(unit: Unit, id: str) -> Account | None:
    """The open account with this id."""
    row = unit.session.get(AccountRow, id)
    return shown(row) if row is not None and row.is_open else None


def by_username(unit: Unit, username: str) -> Credentials:
    """The open account with this name, and what its password is checked against."""
    row = unit.session.scalar(select(AccountRow).where(AccountRow.username == username, AccountRow.is_open.is_(True)))
    return Credentials(shown(row), row.password_hash) if row is not None else Credentials(None, None)


def shown(row: AccountRow) -> Account:
    """Roles that this release does not know carry nothing."""
    return Account(
        id=row.id, username=row.username, name=row.name, person=row.person_id, must_change=row.must_change,
        roles=frozenset(role for code in row.roles if (role := Role.known(code))), is_open=row.is_open,
        tokens_from=int(row.tokens_from.timestamp()),
    )  # fmt: skip


def _of_another(unit: Unit, actor: Actor, id: str) -> AccountRow:
    """An open account that the administrator may change: not the administrator's own, or one could rule alone."""
    actor.require(UseCase.MANAGE_ACCOUNTS)
    row = unit.session.get(AccountRow, id)
    if row is None or not row.is_open:
        raise Refusal(Code.NOT_FOUND)
    if actor.sub == id:
        raise Refusal(Code.FORBIDDEN)
    return row


def _check_roles(unit: Unit, row: AccountRow, roles: frozenset[Role]) -> None:
    """三员: one person may not hold two of the three administrators' roles, in one account or in several."""
    held = set(roles)
    if row.person_id is not None:
        others = select(AccountRow).where(
            AccountRow.person_id == row.person_id, AccountRow.is_open.is_(True), AccountRow.id != row.id
        )
        for other in unit.session.scalars(others):
            held |= shown(other).roles
    if incompatible(held):
        raise Refusal(Code.INCOMPATIBLE_ROLES)


def _leave_an_administrator(unit: Unit, row: AccountRow) -> None:
    """Without a system administrator nobody could ever make one again."""
    if Role.SYSTEM_ADMIN.value not in row.roles:
        return
    others = unit.session.scalars(select(AccountRow).where(AccountRow.is_open.is_(True), AccountRow.id != row.id))
    if not any(Role.SYSTEM_ADMIN.value in other.roles for other in others):
        raise Refusal(Code.LAST_ADMINISTRATOR)


def _void_tokens(unit: Unit, row: AccountRow) -> None:
    """Tokens name whole seconds: those of this very second are void as well, new ones are dated after it."""
    row.tokens_from = max(row.tokens_from, unit.now.replace(microsecond=0) + _SECOND)


def _codes(roles: Iterable[Role]) -> list[str]:
    return [role.value for role in Role if role in set(roles)]
