"""Over GraphQL as on the page: one administrator closes accounts, another gives roles, and nobody rules alone."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service.exchange.models import OutboxRow
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema
from tenant_service.identity import accounts
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.models import AccountRow, AuditRow
from tenant_service.identity.policy import FOR_A_BODY, THREE, Role
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.places import BODY, JIASHAN, JIAXING, directory, stranger
from tests.tenant_service.services import SERVICES

EXECUTOR = Executor(schema, Limits())
WHY = "分工调整"
SYSTEM, SECURITY, AUDIT = THREE
GIVE = "mutation($id: ID!, $roles: [Role!]!, $key: ID!, $reason: String!) { giveRoles(key: $key, id: $id, roles: $roles, reason: $reason) { id roles state } }"  # noqa: E501
CLOSE = "mutation($id: ID!, $key: ID!, $reason: String!) { closeAccount(key: $key, id: $id, reason: $reason) { id roles state } }"  # noqa: E501
Hire = Callable[..., Actor]


@pytest.fixture
def hire(units: Units) -> Hire:
    """An account with these roles, as somebody who asks."""

    def made(*roles: Role, name: str = "", person: str | None = None) -> Actor:
        with units.write() as unit:
            username, body = name or "-".join(["x", *roles]), BODY if FOR_A_BODY & set(roles) else None
            draft = accounts.Draft(username, name or "某人", frozenset(roles), person, body)
            account = accounts.create(unit, accounts.founder(JIASHAN), draft, "no password", must_change=False)
        return account.actor(JIASHAN)

    return made


@pytest.fixture
def three(hire: Hire) -> dict[Role, Actor]:
    return {role: hire(role) for role in THREE}


def ask(units: Units, actor: Actor, text: str, **variables: Any) -> dict[str, Any]:
    told = {"key": "1", "reason": WHY, **variables}
    context = Context(actor, units, directory(), SERVICES)
    answer = EXECUTOR.perform(Asked(text, told), context, only_queries=not actor.is_home)
    found: dict[str, Any] = orjson.loads(answer.body)
    return found


def kept(units: Units) -> tuple[list[Any], list[str], int]:
    """Every account, everything noted, and how much was published."""
    with units.read() as unit:
        rows = unit.session.scalars(select(AccountRow).order_by(AccountRow.username))
        acts = list(unit.session.scalars(select(AuditRow.act).order_by(AuditRow.seq)))
        return (
            [(row.id, row.roles, row.is_open) for row in rows],
            acts,
            len(unit.session.scalars(select(OutboxRow)).all()),
        )


def refused(units: Units, actor: Actor, text: str, **variables: Any) -> str:
    """The code; nothing has changed, nothing is noted, nothing was published."""
    before = kept(units)
    told = ask(units, actor, text, **variables)
    assert not any((told.get("data") or {}).values()), told
    assert kept(units) == before
    return str(told["errors"][0]["extensions"]["code"])


def test_the_security_administrator_gives_roles_once_however_often_it_is_sent(
    units: Units, three: dict[Role, Actor], hire: Hire
) -> None:
    clerk = hire(name="qian")
    for _ in range(2):
        told = ask(units, three[SECURITY], GIVE, id=clerk.sub, roles=["CLERK", "STREET"])
        assert told["data"]["giveRoles"] == {"id": clerk.sub, "roles": ["CLERK", "STREET"], "state": "OPEN"}
    assert kept(units)[1].count("account.roles") == 1
    assert refused(units, three[SECURITY], GIVE, id=clerk.sub, roles=["CHAIR"]) == "IDEMPOTENCY_KEY_REUSED"


def test_the_system_administrator_closes_an_account_once_however_often_it_is_sent(
    units: Units, three: dict[Role, Actor], hire: Hire
) -> None:
    clerk = hire(Role.CLERK)
    for _ in range(2):
        told = ask(units, three[SYSTEM], CLOSE, id=clerk.sub)
        assert told["data"]["closeAccount"]["state"] == "CLOSED"
    assert kept(units)[1].count("account.close") == 1
    assert refused(units, three[SYSTEM], CLOSE, id=clerk.sub, key="2") == "NOT_FOUND"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SECURITY_ADMIN])
def test_nobody_but_the_security_administrator_gives_roles(
    units: Units, three: dict[Role, Actor], hire: Hire, role: Role
) -> None:
    clerk = hire(name="qian")
    asks = three.get(role) or hire(role)
    assert refused(units, asks, GIVE, id=clerk.sub, roles=["CLERK"]) == "FORBIDDEN"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM_ADMIN])
def test_nobody_but_the_system_administrator_closes_accounts(
    units: Units, three: dict[Role, Actor], hire: Hire, role: Role
) -> None:
    clerk = hire(name="qian")
    asks = three.get(role) or hire(role)
    assert refused(units, asks, CLOSE, id=clerk.sub) == "FORBIDDEN"


def test_nobody_and_no_administrator_of_another_committee_does_either(units: Units, hire: Hire) -> None:
    clerk = hire(Role.CLERK)
    assert refused(units, nobody(JIASHAN), GIVE, id=clerk.sub, roles=["CHAIR"])
    assert refused(units, nobody(JIASHAN), CLOSE, id=clerk.sub)
    assert refused(units, stranger(JIASHAN, JIAXING, SECURITY), GIVE, id=clerk.sub, roles=["CHAIR"])
    assert refused(units, stranger(JIASHAN, JIAXING, SYSTEM), CLOSE, id=clerk.sub)


def test_nobody_changes_or_closes_an_own_account_whichever_of_them(units: Units, hire: Hire) -> None:
    """One person's second account is theirs as well."""
    person = f"{JIASHAN}.person.0192f0c1d2e34567890abcdef0000001"
    security, system = hire(SECURITY, person=person), hire(SYSTEM)
    second = hire(Role.MEMBER, person=person)
    assert refused(units, security, GIVE, id=security.sub, roles=["CHAIR"]) == "OWN_ACCOUNT"
    assert refused(units, security, GIVE, id=second.sub, roles=["CHAIR"]) == "OWN_ACCOUNT"
    assert refused(units, system, CLOSE, id=system.sub) == "OWN_ACCOUNT"


@pytest.mark.parametrize("two", [(SYSTEM, SECURITY), (SYSTEM, AUDIT), (SECURITY, AUDIT)])
def test_nobody_holds_two_of_the_three_in_one_account_or_in_two(
    units: Units, three: dict[Role, Actor], hire: Hire, two: tuple[Role, Role]
) -> None:
    clerk, first = hire(name="qian"), f"{JIASHAN}.person.0192f0c1d2e34567890abcdef0000001"
    names = [role.name for role in two]
    assert refused(units, three[SECURITY], GIVE, id=clerk.sub, roles=names) == "INCOMPATIBLE_ROLES"
    hire(two[0], name="sun", person=first)
    other = hire(name="li", person=first)
    assert refused(units, three[SECURITY], GIVE, id=other.sub, roles=[two[1].name]) == "INCOMPATIBLE_ROLES"


def test_the_last_of_each_of_the_three_stays(units: Units, three: dict[Role, Actor], hire: Hire) -> None:
    for role in (SECURITY, AUDIT):
        assert refused(units, three[SYSTEM], CLOSE, id=three[role].sub) == "LAST_ADMINISTRATOR"
    for role in (SYSTEM, AUDIT):
        assert refused(units, three[SECURITY], GIVE, id=three[role].sub, roles=["CLERK"]) == "LAST_ADMINISTRATOR"
    hire(AUDIT, name="second")
    assert ask(units, three[SYSTEM], CLOSE, id=three[AUDIT].sub)["data"]["closeAccount"]["state"] == "CLOSED"


@pytest.mark.parametrize(("reason", "code"), [("", "NEEDS_REASON"), ("无", "BAD_VALUE")])
def test_without_a_reason_nothing_is_done(
    units: Units, three: dict[Role, Actor], hire: Hire, reason: str, code: str
) -> None:
    clerk = hire(Role.CLERK)
    assert refused(units, three[SECURITY], GIVE, id=clerk.sub, roles=["CHAIR"], reason=reason) == code
    assert refused(units, three[SYSTEM], CLOSE, id=clerk.sub, reason=reason) == code


def test_roles_that_it_has_already_are_not_given(units: Units, three: dict[Role, Actor], hire: Hire) -> None:
    clerk = hire(Role.CLERK)
    assert refused(units, three[SECURITY], GIVE, id=clerk.sub, roles=["CLERK"]) == "ALREADY_DONE"
    assert refused(units, three[SECURITY], GIVE, id=f"{JIASHAN}.account.x", roles=["CLERK"]) == "NOT_FOUND"
