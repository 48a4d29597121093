"""Signing in: nobody guesses for long, nobody learns which names exist, and the domain's thread never hashes."""

import asyncio

import pytest
from sqlalchemy import select

from sync.contract.errors import Code, Refusal
from tenant_service.identity import accounts, passwords, sessions
from tenant_service.identity.accounts import Draft
from tenant_service.identity.audit_log import checking as audit_checking
from tenant_service.identity.models import AuditRow, TriesRow
from tenant_service.identity.sign_in import SignIn
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.identity.conftest import PASSWORD, People
from tests.tenant_service.places import JIASHAN, Clock

pytestmark = pytest.mark.asyncio


async def code_of(sign_in: SignIn, name: str, password: str) -> Code | None:
    try:
        await sign_in.account(name, password)
    except Refusal as refusal:
        return refusal.code
    return None


async def test_who_knows_name_and_password_is_signed_in(sign_in: SignIn, people: People, units: Units) -> None:
    assert await sign_in.account("CLERK", PASSWORD) == people.clerk
    cookie = await sign_in.browser("clerk", PASSWORD)
    with units.read() as unit:
        found = sessions.by_cookie(unit, cookie, sign_in.lifetimes)
        assert found is not None
        assert found.account_id == people.clerk.id


@pytest.mark.parametrize("name", ["clerk", "nobody-of-this-name"])
async def test_five_failures_lock_a_name_whether_it_exists_or_not(
    sign_in: SignIn, people: People, units: Units, clock: Clock, name: str
) -> None:
    told = [await code_of(sign_in, name, "not-the-password") for _ in range(7)]
    assert told == [Code.BAD_CREDENTIALS] * 5 + [Code.LOCKED_OUT] * 2
    with pytest.raises(Refusal) as refused:
        await sign_in.account(name, PASSWORD)
    assert refused.value.zh == "登录失败次数过多，请于2026-04-01 10:01:00后再试"
    clock.on(seconds=59)
    assert await code_of(sign_in, name, PASSWORD) is Code.LOCKED_OUT
    clock.on(seconds=1)
    assert await code_of(sign_in, name, "not-the-password") is Code.BAD_CREDENTIALS
    clock.on(seconds=119)
    assert await code_of(sign_in, name, PASSWORD) is Code.LOCKED_OUT
    clock.on(seconds=1)
    assert await code_of(sign_in, name, PASSWORD) is (None if name == "clerk" else Code.BAD_CREDENTIALS)


async def test_the_right_password_lets_a_name_start_afresh(sign_in: SignIn, people: People, units: Units) -> None:
    for _ in range(2):
        for _ in range(4):
            assert await code_of(sign_in, "clerk", "not-the-password") is Code.BAD_CREDENTIALS
        assert await code_of(sign_in, "clerk", PASSWORD) is None
    with units.read() as unit:
        assert not list(unit.session.scalars(select(TriesRow)))


async def test_a_first_password_that_an_administrator_sets_opens_a_locked_name(
    sign_in: SignIn, people: People, units: Units
) -> None:
    for _ in range(6):
        await code_of(sign_in, "clerk", "not-the-password")
    assert await code_of(sign_in, "clerk", PASSWORD) is Code.LOCKED_OUT
    with units.write() as unit:
        hashed = passwords.hashed("another-one-2026")
        accounts.set_password(unit, people.administrator.actor(JIASHAN), people.clerk.id, hashed, "忘记密码")
    assert await code_of(sign_in, "clerk", "another-one-2026") is None


async def test_failures_are_forgotten_after_a_day(sign_in: SignIn, people: People, units: Units, clock: Clock) -> None:
    for _ in range(4):
        await code_of(sign_in, "clerk", "not-the-password")
    clock.on(hours=24)
    assert await code_of(sign_in, "clerk", "not-the-password") is Code.BAD_CREDENTIALS
    assert await code_of(sign_in, "clerk", "not-the-password") is Code.BAD_CREDENTIALS


async def test_many_tries_at_once_are_not_more_than_five(sign_in: SignIn, people: People) -> None:
    told = await asyncio.gather(*(code_of(sign_in, "clerk", f"guess-number-{n}") for n in range(12)))
    assert sorted(told, key=str) == [Code.BAD_CREDENTIALS] * 5 + [Code.LOCKED_OUT] * 7


async def test_many_right_ones_at_once_all_get_in(sign_in: SignIn, people: People) -> None:
    assert await asyncio.gather(*(code_of(sign_in, "clerk", PASSWORD) for _ in range(8))) == [None] * 8


async def test_a_locked_account_is_noted_and_the_note_names_nobody(
    sign_in: SignIn, people: People, units: Units
) -> None:
    for name in ("clerk", "no-such-name"):
        for _ in range(5):
            await code_of(sign_in, name, "not-the-password")
    with units.read() as unit:
        rows = [row for row in unit.session.scalars(select(AuditRow)) if row.act == "account.locked"]
        assert [(row.iss, row.sub, row.subject) for row in rows] == [("", "", people.clerk.id)]
        assert audit_checking.check(unit.session, []).fault is None


async def test_a_closed_account_looks_like_none(sign_in: SignIn, people: People, units: Units) -> None:
    with units.write() as unit:
        accounts.close(unit, accounts.console(JIASHAN), people.clerk.id, "人员调整")
    assert await code_of(sign_in, "clerk", PASSWORD) is Code.BAD_CREDENTIALS


async def test_signing_in_again_ends_the_browsers_old_session(sign_in: SignIn, people: People, units: Units) -> None:
    before = await sign_in.browser("clerk", PASSWORD)
    after = await sign_in.browser("clerk", PASSWORD, before)
    with units.read() as unit:
        assert sessions.by_cookie(unit, before, sign_in.lifetimes) is None
        assert sessions.by_cookie(unit, after, sign_in.lifetimes)


async def test_a_changed_password_ends_every_other_session(sign_in: SignIn, people: People, units: Units) -> None:
    other = await sign_in.browser("郑三", PASSWORD)
    with units.read() as unit:
        member = accounts.by_id(unit, people.member.id)
    assert member
    assert member.must_change
    mine = await sign_in.change_password(member, PASSWORD, "a-better-one-2026")
    with units.read() as unit:
        changed = accounts.by_id(unit, people.member.id)
        assert changed
        assert not changed.must_change
        assert sessions.by_cookie(unit, other, sign_in.lifetimes) is None
        assert sessions.by_cookie(unit, mine, sign_in.lifetimes)
    assert await code_of(sign_in, "郑三", PASSWORD) is Code.BAD_CREDENTIALS
    assert await code_of(sign_in, "郑三", "a-better-one-2026") is None


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (PASSWORD, "too-short", Code.WEAK_PASSWORD),
        (PASSWORD, PASSWORD, Code.WEAK_PASSWORD),
        ("not-the-password", "a-better-one-2026", Code.BAD_CREDENTIALS),
    ],
)
async def test_a_refused_change_leaves_the_password_as_it_was(
    sign_in: SignIn, people: People, old: str, new: str, code: Code
) -> None:
    with pytest.raises(Refusal) as refused:
        await sign_in.change_password(people.clerk, old, new)
    assert refused.value.code is code
    assert await code_of(sign_in, "clerk", PASSWORD) is None


async def test_an_administrators_first_password_has_to_be_changed(
    sign_in: SignIn, people: People, units: Units
) -> None:
    actor = people.administrator.actor(JIASHAN)
    with units.write() as unit:
        assert accounts.create(unit, actor, Draft("new", "李四", frozenset()), passwords.hashed(PASSWORD)).must_change
        hashed = passwords.hashed("another-one-2026")
        assert accounts.set_password(unit, actor, people.clerk.id, hashed, "忘记密码").must_change
    assert await code_of(sign_in, "clerk", PASSWORD) is Code.BAD_CREDENTIALS


async def test_a_password_that_changes_while_the_old_one_is_checked_does_not_sign_in(
    sign_in: SignIn, people: People, units: Units
) -> None:
    seen = sign_in._look("clerk")
    with units.write() as unit:
        hashed = passwords.hashed("another-one-2026")
        accounts.set_password(unit, accounts.console(JIASHAN), people.clerk.id, hashed, "忘记密码")
    assert sign_in._settle("clerk", seen, lambda _unit, account: account) is None
