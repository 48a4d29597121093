"""Accounts are administered by one administrator of three, and none of them rules alone."""

import dataclasses

import pytest
from sqlalchemy import select

from sync.contract.errors import Code, Refusal
from tenant_service.identity import account_acts, accounts, rules, sessions
from tenant_service.identity.accounts import Account, Draft
from tenant_service.identity.actor import Actor
from tenant_service.identity.audit_chain import digest_of
from tenant_service.identity.audit_log import checking as audit_checking
from tenant_service.identity.models import AuditRow, BrowserSessionRow
from tenant_service.identity.policy import Role
from tenant_service.identity.sessions import Lifetimes
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.identity.conftest import HASHED, MEMBER, People
from tests.tenant_service.places import JIASHAN, Clock

CONSOLE = accounts.founder(JIASHAN)
SECURITY = Actor(JIASHAN, JIASHAN, "sec", roles=frozenset({Role.SECURITY_ADMIN}))
WHY = "人员调整"
ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


def all_of(units: Units) -> list[Account]:
    with units.read() as unit:
        return accounts.everybody(unit.session)


def refused(units: Units, code: Code, act: object, *given: object, **more: object) -> None:
    """The act is refused with this code and changes nothing."""
    before = all_of(units)
    with pytest.raises(Refusal) as told, units.write() as unit:
        act(unit, *given, **more)  # type: ignore[operator]
    assert told.value.code is code
    assert all_of(units) == before


def test_a_created_account_is_found_by_its_name_however_it_is_typed(units: Units, people: People) -> None:
    with units.read() as unit:
        for typed in ("clerk", "CLERK", " ｃｌｅｒｋ "):
            found = accounts.by_username(unit, rules.folded(typed))
            assert found.account == people.clerk
            assert found.password_hash == HASHED
        assert accounts.by_username(unit, "nobody") == accounts.Credentials(None, None)
        assert audit_checking.check(unit.session, []).fault is None


@pytest.mark.parametrize("name", ["", "a", "a b", "x" * 61, "a/b", "<b>", "a\u200bb"])
def test_a_name_that_cannot_be_typed_is_refused(units: Units, people: People, name: str) -> None:
    refused(units, Code.BAD_VALUE, accounts.create, CONSOLE, Draft(name, "李四", frozenset()), HASHED)


def test_a_name_is_given_once(units: Units, people: People) -> None:
    refused(units, Code.USERNAME_TAKEN, accounts.create, CONSOLE, Draft("CLERK", "李四", frozenset()), HASHED)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM_ADMIN])
def test_nobody_but_the_system_administrator_opens_and_closes_accounts(
    units: Units, people: People, role: Role
) -> None:
    actor = dataclasses.replace(people.clerk, roles=frozenset({role})).actor(JIASHAN)
    refused(units, Code.FORBIDDEN, accounts.create, actor, Draft("new", "李四", frozenset()), HASHED)
    refused(units, Code.FORBIDDEN, accounts.close, actor, people.member.id, WHY)
    refused(units, Code.FORBIDDEN, accounts.set_password, actor, people.member.id, HASHED, WHY)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SECURITY_ADMIN])
def test_nobody_but_the_security_administrator_gives_roles(units: Units, people: People, role: Role) -> None:
    actor = dataclasses.replace(people.administrator, roles=frozenset({role})).actor(JIASHAN)
    refused(units, Code.FORBIDDEN, accounts.give_roles, actor, people.clerk.id, frozenset({Role.SECRETARY}), WHY)


def test_who_opens_an_account_gives_it_no_role(units: Units, people: People) -> None:
    actor, draft = people.administrator.actor(JIASHAN), Draft("new", "李四", frozenset({Role.MEMBER}))
    refused(units, Code.FORBIDDEN, accounts.create, actor, draft, HASHED)


@pytest.mark.parametrize(("reason", "code"), [("", Code.NEEDS_REASON), ("换人", Code.BAD_VALUE)])
def test_without_a_reason_nothing_is_done_to_an_account(units: Units, people: People, reason: str, code: Code) -> None:
    admin, draft = people.administrator.actor(JIASHAN), Draft("new", "李四", frozenset())
    refused(units, code, lambda unit: accounts.create(unit, admin, draft, HASHED, reason=reason))
    refused(units, code, accounts.close, admin, people.clerk.id, reason)
    refused(units, code, accounts.set_password, admin, people.clerk.id, HASHED, reason)
    refused(units, code, accounts.give_roles, SECURITY, people.clerk.id, frozenset({Role.CHAIR}), reason)


def test_who_gave_and_withdrew_which_role_and_why_is_kept_and_proven_by_the_audit_log(
    units: Units, people: People
) -> None:
    with units.write() as unit:
        accounts.give_roles(unit, SECURITY, people.clerk.id, frozenset({Role.SECRETARY}), "换届调整")
    with units.read() as unit:
        newest = account_acts.of(unit.session, people.clerk.id)[0]
        told = (newest.sub, newest.act, newest.given, newest.withdrawn, newest.reason)
        assert told == ("sec", "account.roles", ["secretary"], ["clerk"], "换届调整")
        entry = unit.session.scalars(select(AuditRow).order_by(AuditRow.seq.desc())).first()
        assert entry is not None
        assert (entry.sub, entry.act, entry.subject) == ("sec", "account.roles", people.clerk.id)
        assert entry.digest == digest_of(newest.id, people.clerk.id, "secretary", "clerk", "换届调整")


def test_roles_that_somebody_has_are_not_given_again(units: Units, people: People) -> None:
    refused(units, Code.ALREADY_DONE, accounts.give_roles, SECURITY, people.clerk.id, people.clerk.roles, WHY)


@pytest.mark.parametrize("pair", [(a, b) for a in ADMINISTRATORS for b in ADMINISTRATORS if a < b])
def test_one_person_holds_one_of_the_three_administrators_roles(
    units: Units, people: People, pair: tuple[Role, Role]
) -> None:
    refused(units, Code.INCOMPATIBLE_ROLES, accounts.create, CONSOLE, Draft("two", "李四", frozenset(pair)), HASHED)
    refused(units, Code.INCOMPATIBLE_ROLES, accounts.give_roles, SECURITY, people.clerk.id, frozenset(pair), WHY)


def test_a_second_account_does_not_help_one_person_to_a_second_administrators_role(
    units: Units, people: People
) -> None:
    with units.write() as unit:
        accounts.give_roles(unit, SECURITY, people.member.id, frozenset({Role.AUDIT_ADMIN}), WHY)
    draft = Draft("second", "郑三", frozenset({Role.SECURITY_ADMIN}), MEMBER)
    refused(units, Code.INCOMPATIBLE_ROLES, accounts.create, CONSOLE, draft, HASHED)
    with units.write() as unit:
        accounts.give_roles(unit, SECURITY, people.clerk.id, frozenset({Role.AUDIT_ADMIN}), WHY)
        accounts.close(unit, CONSOLE, people.member.id, WHY)
        accounts.create(unit, CONSOLE, draft, HASHED)


def test_nobody_changes_an_account_of_their_own(units: Units, people: People) -> None:
    actor = people.administrator.actor(JIASHAN)
    refused(units, Code.OWN_ACCOUNT, accounts.close, actor, actor.sub, WHY)
    refused(units, Code.OWN_ACCOUNT, accounts.set_password, actor, actor.sub, HASHED, WHY)
    own = dataclasses.replace(SECURITY, sub=people.clerk.id)
    refused(units, Code.OWN_ACCOUNT, accounts.give_roles, own, people.clerk.id, frozenset({Role.CHAIR}), WHY)
    second = dataclasses.replace(SECURITY, person=MEMBER)
    refused(units, Code.OWN_ACCOUNT, accounts.give_roles, second, people.member.id, frozenset({Role.CHAIR}), WHY)


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_the_last_of_each_kind_of_administrator_stays_until_there_is_another(
    units: Units, people: People, role: Role
) -> None:
    with units.write() as unit:
        accounts.give_roles(unit, SECURITY, people.clerk.id, frozenset({role}), WHY)
        if role is Role.SYSTEM_ADMIN:
            accounts.give_roles(unit, SECURITY, people.administrator.id, frozenset(), WHY)
    refused(units, Code.LAST_ADMINISTRATOR, accounts.close, CONSOLE, people.clerk.id, WHY)
    refused(units, Code.LAST_ADMINISTRATOR, accounts.give_roles, SECURITY, people.clerk.id, frozenset(), WHY)
    with units.write() as unit:
        accounts.give_roles(unit, SECURITY, people.member.id, frozenset({role}), WHY)
        accounts.close(unit, CONSOLE, people.clerk.id, WHY)
    assert not next(each for each in all_of(units) if each.id == people.clerk.id).is_open


def test_a_closed_account_is_signed_out_and_cannot_be_changed_any_more(units: Units, people: People) -> None:
    with units.write() as unit:
        cookie = sessions.begin(unit, people.clerk.id)
        accounts.close(unit, people.administrator.actor(JIASHAN), people.clerk.id, WHY)
    with units.read() as unit:
        assert sessions.by_cookie(unit, cookie, Lifetimes()) is None
        assert accounts.by_id(unit, people.clerk.id) is None
        assert accounts.by_username(unit, "clerk").account is None
    refused(units, Code.NOT_FOUND, accounts.give_roles, SECURITY, people.clerk.id, frozenset(), WHY)
    refused(units, Code.NOT_FOUND, accounts.close, CONSOLE, people.clerk.id, WHY)


def test_other_roles_end_what_is_signed_in_with_the_old_ones(units: Units, people: People, clock: Clock) -> None:
    clock.on(milliseconds=300)
    with units.write() as unit:
        cookie = sessions.begin(unit, people.clerk.id)
        changed = accounts.give_roles(unit, SECURITY, people.clerk.id, frozenset({Role.SECRETARY}), WHY)
    assert changed.tokens_from > people.clerk.tokens_from
    assert changed.tokens_from > int(clock.now.timestamp())
    with units.read() as unit:
        assert sessions.by_cookie(unit, cookie, Lifetimes()) is None


def test_a_session_ends_when_idle_and_in_any_case(units: Units, people: People, clock: Clock) -> None:
    lifetimes = Lifetimes()
    with units.write() as unit:
        cookie = sessions.begin(unit, people.clerk.id)
    for _ in range(28):
        clock.on(minutes=25)
        with units.write() as unit:
            found = sessions.by_cookie(unit, cookie, lifetimes)
            assert found
            assert found.is_due
            sessions.notice(unit, found)
    clock.on(minutes=25)
    with units.read() as unit:
        assert sessions.by_cookie(unit, cookie, lifetimes) is None, "12 hours and 5 minutes after it began"
    with units.write() as unit:
        other = sessions.begin(unit, people.clerk.id)
    clock.on(minutes=30)
    with units.write() as unit:
        assert sessions.by_cookie(unit, other, lifetimes) is None
        sessions.sweep(unit, lifetimes)
        assert sessions.listed(unit, people.clerk.id, Lifetimes(lifetimes.longest * 9, lifetimes.longest * 9)) == []


def test_the_database_does_not_hold_what_signs_in(units: Units, people: People) -> None:
    with units.write() as unit:
        cookie = sessions.begin(unit, people.clerk.id)
        (row,) = unit.session.scalars(select(BrowserSessionRow))
        assert cookie not in (row.digest, row.csrf)
        assert len(cookie) >= 43, "256 bits"
        assert sessions.by_cookie(unit, row.digest, Lifetimes()) is None
