"""The security administrator sees what somebody did as audit administrator, and nothing from before or after."""

import pytest

from tenant_service.identity import account_acts, accounts, audit
from tenant_service.identity.account_acts import Held
from tenant_service.identity.accounts import Draft
from tenant_service.identity.actor import Actor
from tenant_service.identity.audit_log import listing as audit_listing
from tenant_service.identity.audit_log.listing import Wanted
from tenant_service.identity.models import AccountRow
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.places import JIASHAN, SPRING, Clock

SECURITY = Actor(JIASHAN, JIASHAN, "sec", roles=frozenset({Role.SECURITY_ADMIN}))
WHY = "临时调整"


@pytest.fixture
def clerk_account(units: Units) -> str:
    with units.write() as unit:
        founder = accounts.founder(JIASHAN)
        accounts.create(unit, founder, Draft("shen", "沈审计", frozenset({Role.AUDIT_ADMIN})), "no password")
        return accounts.create(unit, founder, Draft("clerk", "吴二", frozenset({Role.CLERK})), "no password").id


def gives(units: Units, id: str, *roles: Role) -> None:
    with units.write() as unit:
        accounts.give_roles(unit, SECURITY, id, frozenset(roles), WHY)


def does(units: Units, id: str, act: str) -> None:
    with units.write() as unit:
        audit.note(unit, Actor(JIASHAN, JIASHAN, id), act, "x")


def seen(units: Units, id: str) -> list[str]:
    with units.read() as unit:
        found = audit_listing.exported(unit.session, SECURITY, Wanted(), 1_000)
        return [entry.act for entry in found if entry.sub == id]


def test_who_is_made_an_auditor_shows_nothing_of_what_was_done_before(
    units: Units, clock: Clock, clerk_account: str
) -> None:
    does(units, clerk_account, "venue.add")
    clock.on(minutes=1)
    gives(units, clerk_account, Role.CLERK, Role.AUDIT_ADMIN)
    assert seen(units, clerk_account) == []
    does(units, clerk_account, "venue.change")
    clock.on(minutes=1)
    assert seen(units, clerk_account) == ["venue.change"]
    gives(units, clerk_account, Role.CLERK)
    does(units, clerk_account, "venue.close")
    assert seen(units, clerk_account) == ["venue.change"], "nor of what was done after; what an auditor did stays seen"


def test_of_an_account_older_than_what_is_kept_of_it_the_first_act_tells(
    units: Units, clock: Clock, clerk_account: str
) -> None:
    with units.write() as unit:
        shared = {"name": "x", "password_hash": "!", "must_change": False, "is_open": True, "tokens_from": unit.now}
        for id, roles in (("old", [Role.AUDIT_ADMIN.value]), ("gone", [Role.AUDIT_ADMIN.value]), ("other", [])):
            unit.session.add(AccountRow(id=id, username=id, roles=roles, **shared))
    clock.on(minutes=1)
    gives(units, "gone", Role.CLERK)
    with units.read() as unit:
        found = {held.account: held for held in account_acts.held(unit.session, Role.AUDIT_ADMIN)}
    assert found["old"] == Held("old", None, None)
    assert found["gone"] == Held("gone", None, clock())
    assert [held.since for id, held in found.items() if id not in ("old", "gone")] == [SPRING]
