"""Signing in with a name and a password: the database is asked in the domain's thread, hashing is done outside it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar
from weakref import WeakValueDictionary

from sync.contract.errors import Code, Refusal, Said
from tenant_service.identity import (
    accounts,
    audit,
    gateway_sign_in,
    grants,
    linked_sessions,
    links,
    passwords,
    rules,
    sessions,
    tries,
)
from tenant_service.identity.accounts import Account, Credentials
from tenant_service.identity.actor import nobody
from tenant_service.identity.linked_sessions import There
from tenant_service.identity.sessions import NOWHERE, Lifetimes, Whence
from tenant_service.storage.engine import Domain
from tenant_service.storage.unit_of_work import Unit, Units

T = TypeVar("T")


@dataclass
class SignIn:
    """Checks passwords. Tries under one name wait for each other, so that many at once are not more than five."""

    domain: Domain
    units: Units
    lifetimes: Lifetimes
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def account(self, username: str, password: str) -> Account:
        """The account with this name and password; nobody is signed in by that yet.

        Raises:
            Refusal: BAD_CREDENTIALS, the same whether the name or the password is wrong; LOCKED_OUT.
        """
        return await self._checked(username, password, lambda _, account: account)

    async def noted(self, account: Account) -> None:
        """It is known, and stands in the audit log, that the account was signed in now, by a token."""

        def note(unit: Unit) -> None:
            accounts.signed_in(unit, account.id)
            audit.note(unit, account.actor(unit.committee), "session.token", account.id)

        await self.domain.run(self._write, note)

    async def browser(self, username: str, password: str, before: str | None = None, whence: Whence = NOWHERE) -> str:
        """The cookie value of a browser that is signed in now, from `whence`; the session it had `before` is over.

        Raises:
            Refusal: as `account`.
        """
        return await self._checked(username, password, lambda unit, account: self._begin(unit, account, before, whence))

    async def change_password(self, account: Account, old: str, new: str, whence: Whence = NOWHERE) -> str:
        """The account has the new password; it is signed out everywhere but by the cookie value that is returned.

        Raises:
            Refusal: WEAK_PASSWORD; as `account`, `old` is wrong; SIGN_IN_ENDED.
        """
        chosen = rules.password(new, account.username)
        if chosen == rules.typed(old):
            raise Refusal(Code.WEAK_PASSWORD, why=Said("不得与原密码相同", "it must differ from the old one"))
        credentials = await self._checked(account.username, old, lambda unit, _: _credentials(unit, account))
        hashed = await passwords.hashed_soon(chosen)
        return await self.domain.run(
            self._write, lambda unit: self._changed(unit, account, credentials, hashed, whence)
        )

    async def as_demo_account(self, username: str, before: str | None = None, whence: Whence = NOWHERE) -> str:
        """A browser signed in without a password. Only what runs in demo mode may call this.

        Raises:
            Refusal: BAD_CREDENTIALS, there is no such account.
        """

        def begin(unit: Unit) -> str:
            account = accounts.by_username(unit, rules.folded(username)).account
            if account is None:
                raise Refusal(Code.BAD_CREDENTIALS)
            return self._begin(unit, account, before, whence)

        return await self.domain.run(self._write, begin)

    async def linked(self, there: There, before: str | None = None, whence: Whence = NOWHERE) -> str:
        """The cookie value of a browser whose user another provider signed in.

        Raises:
            Refusal: NOT_LINKED, the subject is no open account here.
        """

        def begin(unit: Unit) -> str:
            account = links.linked(unit, there.issuer, there.subject)
            if account is None:
                raise Refusal(Code.NOT_LINKED, subject=there.subject)
            cookie = self._begin(unit, account, before, whence)
            linked_sessions.note(unit, cookie, there)
            return cookie

        return await self.domain.run(self._write, begin)

    async def unlinked(self, username: str, password: str, link: tuple[str, str], whence: Whence = NOWHERE) -> str:
        """The account has this link (issuer, subject) no more; it is signed out everywhere but by the cookie value that
        is returned. Who knows the password keeps a way in.

        Raises:
            Refusal: as `account`; as `links.unlink_own`.
        """

        def act(unit: Unit, account: Account) -> str:
            links.unlink_own(unit, account.actor(unit.committee), *link)
            return self._begin(unit, account, None, whence)

        return await self._checked(username, password, act)

    async def _checked(self, username: str, password: str, then: Callable[[Unit, Account], T]) -> T:
        name = rules.folded(username)
        turn = self._turns.setdefault(name, asyncio.Lock())
        async with turn:
            credentials = await self.domain.run(self._look, name)
            fits = await passwords.matches_soon(rules.typed(password), credentials.password_hash)
            done = await self.domain.run(self._settle, name, credentials if fits else None, then)
        if done is None:  # raised here: inside the transaction it would take the failure's trace with it
            raise Refusal(Code.BAD_CREDENTIALS)
        return done[0]

    def _look(self, name: str) -> Credentials:
        """Raises: Refusal LOCKED_OUT."""
        with self.units.read() as unit:
            tries.check(unit, name)
            return accounts.by_username(unit, name)

    def _settle(self, name: str, fits: Credentials | None, then: Callable[[Unit, Account], T]) -> tuple[T] | None:
        with self.units.write() as unit:
            now = accounts.locked(unit, name)
            if fits is None or now.account is None or now.password_hash != fits.password_hash:
                if tries.failed(unit, name) and now.account is not None:
                    audit.note(unit, nobody(unit.committee), "account.locked", now.account.id)
                return None
            tries.forget(unit, name)
            return (then(unit, now.account),)

    def _write(self, act: Callable[[Unit], T]) -> T:
        with self.units.write() as unit:
            return act(unit)

    def _begin(self, unit: Unit, account: Account, before: str | None, whence: Whence) -> str:
        if before:
            sessions.end(unit, sessions.digest(before))
        sessions.sweep(unit, self.lifetimes)
        gateway_sign_in.sweep(unit)
        grants.sweep(unit)
        tries.sweep(unit)
        accounts.signed_in(unit, account.id)
        audit.note(unit, account.actor(unit.committee), "session.begin", account.id)
        return sessions.begin(unit, account.id, whence)

    def _changed(self, unit: Unit, account: Account, credentials: Credentials, hashed: str, whence: Whence) -> str:
        if credentials.account is None or credentials.account.id != account.id:
            raise Refusal(Code.SIGN_IN_ENDED)
        changed = accounts.change_own_password(unit, account.id, str(credentials.password_hash), hashed)
        return self._begin(unit, changed, None, whence)


def _credentials(unit: Unit, account: Account) -> Credentials:
    return accounts.by_username(unit, account.username)
