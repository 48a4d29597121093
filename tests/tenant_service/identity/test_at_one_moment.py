"""What holds for the committee's administrators holds as well when two act at one moment, and for whoever signs in."""

import asyncio
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from sync.contract.errors import Code
from tenant_service.identity import accounts, links, passwords
from tenant_service.identity.accounts import Draft
from tenant_service.identity.actor import Actor
from tenant_service.identity.audit_log import consents
from tenant_service.identity.linked_sessions import There
from tenant_service.identity.models import AccountRow, AuditConsentRow, BrowserSessionRow
from tenant_service.identity.policy import Role
from tenant_service.identity.sign_in import SignIn
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service.identity.conftest import HASHED, MEMBER, PASSWORD, People
from tests.tenant_service.identity.moments import at_one_moment, written
from tests.tenant_service.places import JIASHAN

FOUNDER, CONSOLE = accounts.founder(JIASHAN), accounts.console(JIASHAN)
SECURITY = Actor(JIASHAN, JIASHAN, "sec", roles=frozenset({Role.SECURITY_ADMIN}))
PARENT, WHY = "330400", "人员调整"
AUDITOR = frozenset({Role.AUDIT_ADMIN})
Acts = Callable[[str, Unit], None]


def opened(units: Units, name: str, *roles: Role, person: str | None = None) -> str:
    draft = Draft(name, name, frozenset(roles), person)
    return str(written(units, lambda unit: accounts.create(unit, FOUNDER, draft, HASHED, must_change=False)).id)


def auditors(units: Units) -> int:
    with units.read() as unit:
        rows = unit.session.scalars(select(AccountRow).where(AccountRow.is_open.is_(True)))
        return len([row for row in rows if Role.AUDIT_ADMIN.value in row.roles])


def closes(id: str, unit: Unit) -> None:
    accounts.close(unit, CONSOLE, id, WHY)


def strips(id: str, unit: Unit) -> None:
    accounts.give_roles(unit, SECURITY, id, frozenset(), WHY)


@pytest.mark.parametrize("first", [closes, strips])
@pytest.mark.parametrize("second", [closes, strips])
def test_the_last_two_of_an_administrators_role_do_not_go_at_one_moment(
    units: Units, first: Acts, second: Acts
) -> None:
    one, other = opened(units, "zheng", Role.AUDIT_ADMIN), opened(units, "qian", Role.AUDIT_ADMIN)
    goes, follows = partial(first, one), partial(second, other)
    assert at_one_moment(units, goes, lambda: written(units, follows)) is Code.LAST_ADMINISTRATOR
    assert auditors(units) == 1


def test_one_persons_two_accounts_are_not_given_two_of_the_roles_at_one_moment(units: Units) -> None:
    one, other = opened(units, "one", person=MEMBER), opened(units, "other", person=MEMBER)

    def gives(id: str, role: Role, unit: Unit) -> None:
        accounts.give_roles(unit, SECURITY, id, frozenset({role}), WHY)

    second = partial(written, units, partial(gives, other, Role.AUDIT_ADMIN))
    assert at_one_moment(units, partial(gives, one, Role.SYSTEM_ADMIN), second) is Code.INCOMPATIBLE_ROLES
    assert auditors(units) == 0


def test_one_persons_second_account_is_not_opened_with_another_of_the_roles_at_one_moment(units: Units) -> None:
    one = opened(units, "one", person=MEMBER)
    draft = Draft("other", "other", AUDITOR, MEMBER)
    second = partial(written, units, lambda unit: accounts.create(unit, FOUNDER, draft, HASHED))
    gives = frozenset({Role.SYSTEM_ADMIN})
    act = partial(accounts.give_roles, actor=SECURITY, id=one, roles=gives, reason=WHY)
    assert at_one_moment(units, act, second) is Code.INCOMPATIBLE_ROLES
    assert auditors(units) == 0


def test_the_last_auditor_does_not_go_while_the_consent_is_withdrawn(units: Units) -> None:
    only = opened(units, "zheng", Role.AUDIT_ADMIN)
    written(units, lambda unit: consents.give(unit, SECURITY, PARENT, WHY))
    withdraws = partial(consents.withdraw, actor=SECURITY, reason=WHY)
    second = partial(written, units, partial(closes, only))
    assert at_one_moment(units, withdraws, second) is Code.LAST_ADMINISTRATOR
    assert auditors(units) == 1


# ── consents ──


def test_a_consent_that_is_given_twice_at_one_moment_is_given_once(units: Units) -> None:
    def gives(unit: Unit) -> None:
        consents.give(unit, SECURITY, PARENT, WHY)

    assert at_one_moment(units, gives, partial(written, units, gives)) is Code.ALREADY_DONE
    written(units, lambda unit: consents.withdraw(unit, SECURITY, WHY))
    with units.read() as unit:
        assert consents.in_force(unit.session) is None


def test_no_two_consents_are_in_force(units: Units) -> None:
    """On both databases, whatever a program believes."""

    def both(unit: Unit) -> None:
        for id, parent in (("a", PARENT), ("b", "330500")):
            told = AuditConsentRow(id=id, parent_id=parent, given_at=unit.now, given_by="sec", reason=WHY, told=0)
            unit.session.add(told)
        unit.session.flush()

    with pytest.raises(IntegrityError):
        written(units, both)


# ── signing in ──


def sessions_of(units: Units, account: str) -> int:
    with units.read() as unit:
        wanted = select(BrowserSessionRow).where(BrowserSessionRow.account_id == account)
        return len(unit.session.scalars(wanted).all())


def test_who_signs_in_by_a_password_that_is_being_reset_is_not_signed_in(
    units: Units, people: People, sign_in: SignIn
) -> None:
    hashed = passwords.hashed("another-one-2026")
    reset = partial(accounts.set_password, actor=CONSOLE, id=people.clerk.id, password_hash=hashed, reason=WHY)
    assert at_one_moment(units, reset, lambda: asyncio.run(sign_in.browser("clerk", PASSWORD))) is (
        Code.BAD_CREDENTIALS
    )
    assert sessions_of(units, people.clerk.id) == 0


def test_of_two_changes_of_one_password_at_one_moment_one_counts(units: Units, people: People) -> None:
    one, other = passwords.hashed("another-one-2026"), passwords.hashed("a-third-one-2026")

    def changes(hashed: str, unit: Unit) -> None:
        accounts.change_own_password(unit, people.clerk.id, HASHED, hashed)

    assert at_one_moment(units, partial(changes, one), lambda: written(units, partial(changes, other))) is (
        Code.SIGN_IN_ENDED
    )
    with units.read() as unit:
        assert accounts.by_username(unit, "clerk").password_hash == one


def test_who_comes_by_a_link_that_is_being_taken_away_is_not_signed_in(
    units: Units, people: People, sign_in: SignIn
) -> None:
    there = There("https://id.example", "s1")
    written(units, lambda unit: links.link(unit, CONSOLE, there.issuer, there.subject, "clerk"))
    takes = partial(links.unlink, actor=CONSOLE, issuer=there.issuer, subject=there.subject)
    assert at_one_moment(units, takes, lambda: asyncio.run(sign_in.linked(there))) is Code.NOT_LINKED
    assert sessions_of(units, people.clerk.id) == 0
