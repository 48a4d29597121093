"""Accounts of this committee's own staff and members. One function, one use case, one transaction.

Passwords come here hashed already: hashing takes 30 ms, and the domain's thread has better things to do
(`tenant_service.identity.sign_in` hashes and then calls).
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import day_of
from tenant_service import wording
from tenant_service.identity import (
    account_acts,
    administrators,
    audit,
    bodies,
    deputies,
    grants,
    rules,
    sessions,
    tries,
)
from tenant_service.identity.actor import Actor
from tenant_service.identity.models import AccountRow
from tenant_service.identity.policy import ALLOWED, THREE, Role, UseCase
from tenant_service.storage.unit_of_work import Unit

_LONGEST_NAME = 40
_AT_FIRST = "初始设置"
"""Why there is an account that nobody of the committee could have opened yet."""
CONSOLE = "console"
"""Who works at the committee's own machine, in the audit log; behind a colon, as whom the machine knows them."""
_SECOND = dt.timedelta(seconds=1)


@dataclass(frozen=True)
class Account:
    """An account as it is shown. `must_change`: its first password has not been changed yet; `body`: for which body of
    our list its holder works.
    """

    id: str
    username: str
    name: str
    roles: frozenset[Role]
    person: str | None
    must_change: bool
    is_open: bool = True
    tokens_from: int = 0
    signed_in_at: dt.datetime | None = None
    body: str | None = None

    def actor(self, committee: str) -> Actor:
        """This account as somebody who asks its own committee; with a first password it carries nothing yet, because
        the administrator who set it knows it as well.
        """
        if self.must_change:
            return Actor(committee=committee, iss=committee, sub=self.id, name=self.name, must_change=True)
        return Actor(
            committee=committee, iss=committee, sub=self.id, name=self.name, roles=self.roles, person=self.person,
            body=self.body,
        )  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """An account as an administrator describes it; `person` when it belongs to a member, `body` when its holder works
    for one of our list.
    """

    username: str
    name: str
    roles: frozenset[Role]
    person: str | None = None
    body: str | None = None


@dataclass(frozen=True)
class Credentials:
    """What a password is checked against; `account` is None where there is no such open account."""

    account: Account | None
    password_hash: str | None


def console(committee: str, login: str = "") -> Actor:
    """Who works at the committee's own machine (a command line, a demo being filled) and so administers accounts.
    `login`: the user of its operating system.
    """
    sub = f"{CONSOLE}:{login}" if login else CONSOLE
    return Actor(committee=committee, iss=committee, sub=sub, roles=frozenset({Role.SYSTEM_ADMIN}))


def login_of(sub: str) -> str | None:
    """The user of the machine's operating system, empty where nobody asked for it; None: it is no console."""
    name, _, login = sub.partition(":")
    return login if name == CONSOLE else None


def founder(committee: str, login: str = "") -> Actor:
    """Who sets a committee up, when it has nobody yet who could give roles; nobody ever signs in as this."""
    return replace(console(committee, login), roles=frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}))


def create(
    unit: Unit, actor: Actor, draft: Draft, password_hash: str, *, must_change: bool = True, reason: str = _AT_FIRST
) -> Account:
    """The account can sign in; at first with a password that it has to change. Whoever opens it gives it no role: that
    is somebody else's to do, besides when a committee is set up.

    Raises:
        Refusal: FORBIDDEN, also to open it with roles; NEEDS_REASON, BAD_VALUE, USERNAME_TAKEN, INCOMPATIBLE_ROLES,
            BODY_NEEDED.
    """
    actor.require(UseCase.MANAGE_ACCOUNTS)
    if draft.roles:
        actor.require(UseCase.GIVE_ROLES)
    administrators.take_turn(unit.session)
    username = rules.username(draft.username)
    if unit.session.scalar(select(AccountRow.id).where(AccountRow.username == username)):
        raise Refusal(Code.USERNAME_TAKEN)
    row = AccountRow(
        id=unit.new_id("account"), username=username,
        name=wording.text(Said("姓名", "name"), draft.name, _LONGEST_NAME),
        roles=[], person_id=draft.person, body_id=draft.body, password_hash=password_hash,
        must_change=must_change, is_open=True, tokens_from=unit.now.replace(microsecond=0),
    )  # fmt: skip
    administrators.check(unit.session, row, draft.roles)
    bodies.check(draft.roles, draft.body)
    row.roles = _codes(draft.roles)
    unit.session.add(row)
    unit.session.flush()
    account_acts.note(unit, actor, "account.create", row.id, reason, given=row.roles)
    if draft.body:
        account_acts.note(unit, actor, account_acts.BODY, row.id, reason, given=[draft.body])
    return shown(row)


def give_roles(unit: Unit, actor: Actor, id: str, roles: frozenset[Role], reason: str) -> Account:
    """The account has these roles and no others, and is signed out everywhere. Nobody changes their own.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OWN_ACCOUNT, NEEDS_REASON, INCOMPATIBLE_ROLES, LAST_ADMINISTRATOR; BODY_NEEDED,
            it works for none; ALREADY_DONE, it has just these.
    """
    row = _of_another(unit, actor, id, UseCase.GIVE_ROLES)
    before, after = row.roles, _codes(roles)
    if set(before) == set(after):
        raise Refusal(Code.ALREADY_DONE)
    administrators.check(unit.session, row, roles)
    bodies.check(roles, row.body_id)
    administrators.leave_one(unit, row, roles)
    row.roles = after
    sign_out_everywhere(unit, id)
    given = [code for code in after if code not in before]
    withdrawn = [code for code in before if code not in after]
    account_acts.note(unit, actor, "account.roles", id, reason, given=given, withdrawn=withdrawn)
    return shown(row)


def give_body(unit: Unit, actor: Actor, id: str, body: str | None, reason: str) -> Account:
    """所属单位: the account's holder works for this body (None: for none) and is signed out everywhere. As with roles,
    what somebody reaches hangs on it, so it is the security administrator's to say.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OWN_ACCOUNT, NEEDS_REASON; BODY_NEEDED, a role of the account is nothing without
            one; ALREADY_DONE, it is so.
    """
    row = _of_another(unit, actor, id, UseCase.GIVE_ROLES)
    before = row.body_id
    if before == body:
        raise Refusal(Code.ALREADY_DONE)
    bodies.check(administrators.roles_of(row), body)
    row.body_id = body
    sign_out_everywhere(unit, id)
    given, withdrawn = ([each] if each else [] for each in (body, before))
    account_acts.note(unit, actor, account_acts.BODY, id, reason, given=given, withdrawn=withdrawn)
    return shown(row)


def close(unit: Unit, actor: Actor, id: str, reason: str) -> Account:
    """The account is signed out everywhere and cannot sign in any more; what it did keeps its id.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OWN_ACCOUNT, NEEDS_REASON, LAST_ADMINISTRATOR.
    """
    row = _of_another(unit, actor, id, UseCase.MANAGE_ACCOUNTS)
    administrators.leave_one(unit, row, frozenset())
    row.is_open = False
    sign_out_everywhere(unit, id)
    account_acts.note(unit, actor, "account.close", id, reason)
    return shown(row)


def set_password(unit: Unit, actor: Actor, id: str, password_hash: str, reason: str) -> Account:
    """The account has a first password again and is signed out everywhere; failed tries count no more.

    One of the three has it from the machine alone (`console`): over the network the system administrator could become
    the other two by it.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OWN_ACCOUNT, NEEDS_REASON, RESET_AT_MACHINE.
    """
    row = _of_another(unit, actor, id, UseCase.MANAGE_ACCOUNTS)
    if administrators.roles_of(row) & set(THREE) and login_of(actor.sub) is None:
        raise Refusal(Code.RESET_AT_MACHINE)
    row.password_hash, row.must_change = password_hash, True
    tries.forget(unit, row.username)
    sign_out_everywhere(unit, id)
    account_acts.note(unit, actor, account_acts.RESET, id, reason)
    return shown(row)


def signed_in(unit: Unit, id: str) -> None:
    """It is known that the account was signed in now."""
    unit.session.get_one(AccountRow, id).signed_in_at = unit.now


def change_own_password(unit: Unit, id: str, known_hash: str, new_hash: str) -> Account:
    """The account has the password it chose; every browser and token of it has to sign in again.

    Raises:
        Refusal: SIGN_IN_ENDED, the account or its password changed since `known_hash` was checked.
    """
    row = _locked(unit, AccountRow.id == id)
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


def everybody(session: Session) -> list[Account]:
    """Every account, closed ones too, by user name; whoever shows them to somebody asks first whether it may."""
    return [shown(row) for row in session.scalars(select(AccountRow).order_by(AccountRow.username))]


def bodies_with(session: Session, role: Role) -> frozenset[str]:
    """Bodies for which somebody in this role has an open account."""
    wanted = select(AccountRow.body_id, AccountRow.roles).where(AccountRow.body_id.is_not(None), AccountRow.is_open)
    return frozenset(body for body, roles in session.execute(wanted) if body and role.value in roles)


def with_bodies(session: Session) -> Counter[str]:
    """Body → how many open accounts there are whose holders work for it."""
    wanted = select(AccountRow.body_id).where(AccountRow.body_id.is_not(None), AccountRow.is_open)
    return Counter(body for body in session.scalars(wanted) if body)


def of_body(session: Session, body: str, role: Role | None = None) -> list[Account]:
    """Open accounts whose holders work for this body, in this role if one is named, by user name."""
    wanted = select(AccountRow).where(AccountRow.body_id == body, AccountRow.is_open).order_by(AccountRow.username)
    return [each for each in map(shown, session.scalars(wanted)) if role in (None, *each.roles)]


def named(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Account → whose it is, closed ones too."""
    return dict(session.execute(select(AccountRow.id, AccountRow.name).where(AccountRow.id.in_(list(ids)))).all())


def open_of(session: Session, persons: Iterable[str], roles: Collection[Role]) -> set[str]:
    """Those of these people who have an open account in one of these roles."""
    wanted, codes = set(persons), {each.value for each in roles}
    held = select(AccountRow.person_id, AccountRow.roles).where(
        AccountRow.person_id.in_(wanted), AccountRow.is_open.is_(True)
    )
    return {person for person, given in session.execute(held) if person and codes & set(given)}


def persons_of(session: Session, ids: Iterable[str]) -> dict[str, str | None]:
    """Open account → the person whose it is, or None."""
    wanted = select(AccountRow.id, AccountRow.person_id).where(AccountRow.id.in_(list(ids)), AccountRow.is_open)
    return dict(session.execute(wanted).all())


def bodies_of(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Open account → the body for which its holder works; without those who work for none."""
    wanted = select(AccountRow.id, AccountRow.body_id).where(AccountRow.id.in_(list(ids)), AccountRow.is_open)
    return {id: body for id, body in session.execute(wanted) if body}


def who_may(unit: Unit, use: UseCase) -> set[str]:
    """Open accounts that may do this today, by a role or in somebody's place."""
    rows = unit.session.scalars(select(AccountRow).where(AccountRow.is_open.is_(True)))
    held = {row.id for row in rows if administrators.roles_of(row) & ALLOWED[use]}
    return held | deputies.signing(unit.session, use, day_of(unit.now))


def belong_to(session: Session, persons: Sequence[str]) -> bool:
    """Whether one of these people has an account."""
    held = select(AccountRow.id).where(AccountRow.person_id.in_(persons))
    return session.scalar(held.limit(1)) is not None


def by_id(unit: Unit, id: str) -> Account | None:
    """The open account with this id."""
    row = unit.session.get(AccountRow, id)
    return shown(row) if row is not None and row.is_open else None


def is_open(session: Session, id: str) -> bool:
    """Whether there is an account with this id that nobody closed."""
    return session.scalar(select(AccountRow.id).where(AccountRow.id == id, AccountRow.is_open)) is not None


def by_username(unit: Unit, username: str) -> Credentials:
    """The open account with this name, and what its password is checked against."""
    row = unit.session.scalar(select(AccountRow).where(AccountRow.username == username, AccountRow.is_open.is_(True)))
    return Credentials(shown(row), row.password_hash) if row is not None else Credentials(None, None)


def locked(unit: Unit, username: str) -> Credentials:
    """As `by_username`, and until this transaction ends nobody else changes the account: whoever signs in by a password
    that is being reset has a session that ends with the others, or none.
    """
    row = _locked(unit, AccountRow.username == username, AccountRow.is_open.is_(True))
    return Credentials(shown(row), row.password_hash) if row is not None else Credentials(None, None)


def shown(row: AccountRow) -> Account:
    """Roles that this release does not know carry nothing."""
    return Account(
        id=row.id, username=row.username, name=row.name, person=row.person_id, must_change=row.must_change,
        roles=administrators.roles_of(row), is_open=row.is_open,
        tokens_from=int(row.tokens_from.timestamp()), signed_in_at=row.signed_in_at,
        body=row.body_id,
    )  # fmt: skip


def _of_another(unit: Unit, actor: Actor, id: str, use: UseCase) -> AccountRow:
    """An open account that the administrator may change: none of the administrator's own, or one could rule alone."""
    actor.require(use)
    administrators.take_turn(unit.session)
    row = _locked(unit, AccountRow.id == id)
    if row is None or not row.is_open:
        raise Refusal(Code.NOT_FOUND)
    if actor.sub == id or (actor.person is not None and actor.person == row.person_id):
        raise Refusal(Code.OWN_ACCOUNT)
    return row


def _locked(unit: Unit, *which: ColumnElement[bool]) -> AccountRow | None:
    wanted = select(AccountRow).where(*which).with_for_update()
    return unit.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def _void_tokens(unit: Unit, row: AccountRow) -> None:
    """Tokens name whole seconds: those of this very second are void as well, new ones are dated after it."""
    row.tokens_from = max(row.tokens_from, unit.now.replace(microsecond=0) + _SECOND)


def _codes(roles: Iterable[Role]) -> list[str]:
    return [role.value for role in Role if role in set(roles)]
