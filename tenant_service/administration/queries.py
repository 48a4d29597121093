"""Accounts as administrators look through them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sync.contract.errors import Code, Refusal
from sync.contract.kinds import Kind
from tenant_service.identity import account_acts, accounts, tries
from tenant_service.identity.account_acts import Done
from tenant_service.identity.accounts import Account
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role, UseCase
from tenant_service.storage.unit_of_work import Unit

ON_A_PAGE = 50


class AccountState(Kind):
    """账号状态: how an account stands."""

    OPEN = "OPEN", "在用"
    FIRST_PASSWORD = "FIRST_PASSWORD", "首次密码未改"
    LOCKED = "LOCKED", "暂时锁定"
    CLOSED = "CLOSED", "已关闭"


@dataclass(frozen=True)
class Wanted:
    """Which accounts; everything given must hold. `text`: in the user name or the name; `without_roles`: open ones that
    may do nothing yet; `among`: of these accounts.
    """

    text: str = ""
    role: Role | None = None
    state: AccountState | None = None
    without_roles: bool = False
    among: frozenset[str] | None = None


@dataclass(frozen=True)
class Line:
    """An account, and until when its name is locked after failed tries."""

    account: Account
    locked_until: dt.datetime | None

    @property
    def state(self) -> AccountState:
        if not self.account.is_open:
            return AccountState.CLOSED
        if self.locked_until is not None:
            return AccountState.LOCKED
        return AccountState.FIRST_PASSWORD if self.account.must_change else AccountState.OPEN


def listed(unit: Unit, actor: Actor, wanted: Wanted) -> list[Line]:
    """All that are wanted, by user name; a committee has hundreds of them, so they are looked through here.

    Raises:
        Refusal: NOT_SIGNED_IN, PASSWORD_CHANGE_NEEDED, FORBIDDEN.
    """
    actor.require(UseCase.SEE_ACCOUNTS)
    return [line for line in _lines(unit, accounts.everybody(unit.session)) if _fits(line, wanted)]


def page(lines: Sequence[Line], after: str, most: int = ON_A_PAGE) -> tuple[list[Line], str | None]:
    """Those behind this user name, at most so many; and the place of the next, where there are more."""
    behind = [line for line in lines if line.account.username > after]
    return behind[:most], behind[most - 1].account.username if len(behind) > most else None


def one(unit: Unit, actor: Actor, id: str) -> tuple[Line, list[Done]]:
    """One account, and what was done to it, newest first.

    Raises:
        Refusal: NOT_SIGNED_IN, FORBIDDEN, NOT_FOUND.
    """
    found = next((line for line in listed(unit, actor, Wanted()) if line.account.id == id), None)
    if found is None:
        raise Refusal(Code.NOT_FOUND)
    return found, account_acts.of(unit.session, id)


def _lines(unit: Unit, found: Sequence[Account]) -> list[Line]:
    locked = tries.locked(unit, [each.username for each in found])
    return [Line(each, locked.get(each.username)) for each in found]


def _fits(line: Line, wanted: Wanted) -> bool:
    text, account = wanted.text.casefold(), line.account
    return (
        (text in account.username or text in account.name.casefold())
        and (wanted.role is None or wanted.role in account.roles)
        and (wanted.state is None or line.state is wanted.state)
        and (wanted.among is None or account.id in wanted.among)
        and not (wanted.without_roles and (account.roles or not account.is_open))
    )
