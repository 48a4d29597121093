"""Jiashan with three accounts: an administrator, a clerk, and a member who has not signed in yet."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine

from tenant_service.identity import accounts, passwords
from tenant_service.identity.accounts import Account, Draft
from tenant_service.identity.callers import Callers
from tenant_service.identity.issuing import Issuer
from tenant_service.identity.policy import Role
from tenant_service.identity.sessions import Lifetimes
from tenant_service.identity.sign_in import SignIn
from tenant_service.storage.engine import Domain
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.identity import federation
from tests.tenant_service.identity.federation import Keeper
from tests.tenant_service.places import JIASHAN, Clock

PASSWORD = "jia-shan-2026"
HASHED = passwords.hashed(PASSWORD)
MEMBER = f"{JIASHAN}.person.0192f0c1d2e34567890abcdef0123456"


@dataclass(frozen=True)
class People:
    """Accounts as they were created."""

    administrator: Account
    clerk: Account
    member: Account


@pytest.fixture
def people(units: Units) -> People:
    console = accounts.founder(JIASHAN)
    with units.write() as unit:
        return People(
            accounts.create(
                unit, console, Draft("admin", "周一", frozenset({Role.SYSTEM_ADMIN})), HASHED, must_change=False
            ),
            accounts.create(unit, console, Draft("Clerk", "吴二", frozenset({Role.CLERK})), HASHED, must_change=False),
            accounts.create(unit, console, Draft("郑三", "郑三", frozenset({Role.MEMBER}), MEMBER), HASHED),
        )


@pytest.fixture
def domain(engine: Engine) -> Iterator[Domain]:
    made = Domain(engine)
    yield made
    made.close()


@pytest.fixture
def sign_in(domain: Domain, units: Units) -> SignIn:
    return SignIn(domain, units, Lifetimes())


@pytest.fixture
def keeper() -> Keeper:
    return Keeper(federation.directory())


@pytest.fixture
def callers(units: Units, keeper: Keeper, clock: Clock) -> Callers:
    return Callers(JIASHAN, units, keeper, clock, Lifetimes())


@pytest.fixture
def issuer() -> Issuer:
    return Issuer(JIASHAN, federation.key(JIASHAN, "token"))
