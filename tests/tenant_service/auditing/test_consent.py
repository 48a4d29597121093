"""By its consent a county's audit log is read by its parent's audit administrators: by nobody else, and no longer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, MetaData, select, update

from sync.contract.errors import Code, Refusal
from sync.contract.trust.tokens import Claims
from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service.auditing import consent_service
from tenant_service.auditing.models import HeardConsentRow
from tenant_service.exchange.models import OutboxRow
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema
from tenant_service.identity import accounts, administrators
from tenant_service.identity.actor import Actor, actor_of
from tenant_service.identity.audit_log import checking as audit_checking
from tenant_service.identity.audit_log import consents as audit_consents
from tenant_service.identity.models import AuditConsentRow, AuditRow
from tenant_service.identity.policy import Role
from tenant_service.storage.engine import open_engine
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.exchange.committees import CITY, COUNTY, Committee, World, carry
from tests.tenant_service.schema_walk.strangers import ANCESTOR, HOME, PARENT, PARTNER, SIBLING, SUSPENDED, directory
from tests.tenant_service.services import SERVICES

EXECUTOR = Executor(schema, Limits())
SECURITY = Actor(HOME, HOME, "sec", roles=frozenset({Role.SECURITY_ADMIN}))
WHY = "本会暂无人选"
LOG = f'{{ auditLog(id: "{HOME}") {{ seq iss sub act subject chain prior }} }}'
CHECK = f'{{ auditCheck(id: "{HOME}") {{ entries fault brokenAt }} }}'


def of(home: str, role: Role) -> Actor:
    """Somebody of `home`, as the county's own reading of a token makes them."""
    return actor_of(Claims(iss=home, sub="x", roles=[role], aud=[HOME], iat=0, exp=2**40, jti="1"), HOME, directory())


AUDITOR = of(PARENT, Role.AUDIT_ADMIN)


def ask(units: Units, actor: Actor, text: str) -> dict[str, Any]:
    context = Context(actor, units, directory(), SERVICES)
    told: dict[str, Any] = orjson.loads(EXECUTOR.perform(Asked(text, {}), context, may_act=actor.is_home).body)
    return told


def refused(units: Units, actor: Actor, text: str) -> str:
    """The code it is refused with; nothing is told, and nothing is noted."""
    before = acts(units)
    told = ask(units, actor, text)
    assert not any((told.get("data") or {}).values()), told
    assert acts(units) == before
    return str(told["errors"][0]["extensions"]["code"])


def acts(units: Units) -> list[tuple[str, str, str]]:
    with units.read() as unit:
        rows = unit.session.scalars(select(AuditRow).order_by(AuditRow.seq))
        return [(row.iss, row.sub, row.act) for row in rows]


def give(units: Units, parent: str = PARENT) -> None:
    with units.write() as unit:
        audit_consents.give(unit, SECURITY, parent, WHY)


def name(units: Units, parent: str) -> None:
    """The consent in force names this one, as when the directory has shown another parent since."""
    with units.write() as unit:
        unit.session.execute(update(AuditConsentRow).values(parent_id=parent))


def test_with_consent_the_parents_auditor_reads_and_verifies_and_that_is_noted(units: Units) -> None:
    assert refused(units, AUDITOR, LOG) == "FORBIDDEN"
    assert refused(units, AUDITOR, CHECK) == "FORBIDDEN"
    give(units)
    assert [each["act"] for each in ask(units, AUDITOR, LOG)["data"]["auditLog"]] == ["audit.consent"]
    assert ask(units, AUDITOR, CHECK)["data"]["auditCheck"]["fault"] is None
    assert acts(units)[1:] == [(PARENT, "x", "audit.look"), (PARENT, "x", "audit.verify")]
    with units.read() as unit:
        assert audit_checking.check(unit.session, []).fault is None


def test_withdrawn_it_is_refused_at_once(units: Units) -> None:
    give(units)
    assert ask(units, AUDITOR, LOG)["data"]["auditLog"]
    with units.write() as unit:
        audit_consents.withdraw(unit, SECURITY, "已有人选")
    assert refused(units, AUDITOR, LOG) == "FORBIDDEN"
    assert refused(units, AUDITOR, CHECK) == "FORBIDDEN"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDIT_ADMIN])
def test_no_other_role_of_the_parent_reads_it(units: Units, role: Role) -> None:
    give(units)
    assert refused(units, of(PARENT, role), LOG) == "FORBIDDEN"


@pytest.mark.parametrize("home", [ANCESTOR, SIBLING, PARTNER, SUSPENDED, "999999"])
def test_no_auditor_of_anybody_but_the_parent_reads_it(units: Units, home: str) -> None:
    give(units)
    assert refused(units, of(home, Role.AUDIT_ADMIN), LOG) == "FORBIDDEN"
    name(units, home)
    assert refused(units, of(home, Role.AUDIT_ADMIN), LOG) == "FORBIDDEN", "a consent makes nobody a parent"
    assert refused(units, AUDITOR, LOG) == "FORBIDDEN", "and the parent is named no more"


@pytest.mark.parametrize("told", [ANCESTOR, SIBLING, PARTNER, SUSPENDED, "999999"])
def test_it_is_given_to_today_s_parent_alone_and_another_name_leaves_the_one_before(units: Units, told: str) -> None:
    give(units)
    before = acts(units)
    with pytest.raises(Refusal) as refusal, units.write() as unit:
        audit_consents.give(unit, SECURITY, told, WHY)
    assert refusal.value.code is Code.NOT_PARENT
    assert acts(units) == before
    with units.read() as unit:
        row = audit_consents.in_force(unit.session)
        assert row is not None
        assert row.parent_id == PARENT


@pytest.mark.parametrize("told", ["33O4OO", HOME, f"{HOME}.activity.{'0' * 32}", ""])
def test_before_joining_it_names_a_committee_above(units: Units, told: str) -> None:
    with pytest.raises(Refusal) as refusal, units.write() as unit:
        audit_consents.give(unit, SECURITY, told, WHY, is_listed=False)
    assert refusal.value.code is Code.BAD_ID
    assert acts(units) == []


def test_the_auditor_of_the_parent_gets_nothing_else_by_it(units: Units) -> None:
    give(units)
    for text in ("{ accounts { id } }", "{ syncAlarms { code } }", "{ members { nodes { id } } }"):
        assert refused(units, AUDITOR, text) == "FORBIDDEN"
    text = 'mutation { withdrawAudit(key: "1", reason: "不再需要") { id } }'
    assert ask(units, AUDITOR, text).get("data") is None
    with units.read() as unit:
        assert audit_consents.in_force(unit.session) is not None


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SECURITY_ADMIN])
def test_only_the_security_administrator_consents(units: Units, role: Role) -> None:
    actor = Actor(HOME, HOME, "x", roles=frozenset({role}))
    with pytest.raises(Refusal) as told, units.write() as unit:
        audit_consents.give(unit, actor, PARENT, WHY)
    assert told.value.code is Code.FORBIDDEN
    with pytest.raises(Refusal) as told, units.write() as unit:
        audit_consents.withdraw(unit, actor, WHY)
    assert told.value.code is Code.FORBIDDEN
    assert acts(units) == []


@pytest.mark.parametrize(
    ("parent", "why", "code"),
    [(None, WHY, Code.NO_PARENT), (PARENT, "", Code.NEEDS_REASON), (PARENT, "无", Code.BAD_VALUE)],
)
def test_a_consent_needs_a_parent_and_a_reason(units: Units, parent: str | None, why: str, code: Code) -> None:
    with pytest.raises(Refusal) as told, units.write() as unit:
        audit_consents.give(unit, SECURITY, parent, why)
    assert told.value.code is code
    assert acts(units) == []


def test_with_consent_the_last_audit_administrator_may_go(units: Units) -> None:
    with units.write() as unit:
        draft = accounts.Draft("zheng", "郑三", frozenset({Role.AUDIT_ADMIN}))
        id = accounts.create(unit, accounts.founder(HOME), draft, "no password").id
    with pytest.raises(Refusal) as told, units.write() as unit:
        accounts.give_roles(unit, SECURITY, id, frozenset(), WHY)
    assert told.value.code is Code.LAST_ADMINISTRATOR
    give(units)
    name(units, SIBLING)
    with pytest.raises(Refusal) as told, units.write() as unit:
        accounts.close(unit, accounts.console(HOME), id, WHY)
    assert told.value.code is Code.LAST_ADMINISTRATOR, "nobody reads the log by a consent that names another"
    with units.read() as unit:
        assert Role.AUDIT_ADMIN not in administrators.without_anybody(unit)
    name(units, PARENT)
    with units.write() as unit:
        assert accounts.give_roles(unit, SECURITY, id, frozenset(), WHY).roles == frozenset()


class Pair:
    """A county on the engine at hand, and the city above it, which keeps consents."""

    def __init__(self, county: Engine, city: Engine) -> None:
        self.world = World()
        project = consent_service.projection(self.world.directory)
        self.city = Committee(self.world, CITY, city, {"audit_consent": project})
        self.county = Committee(self.world, COUNTY, county, {})
        self.security = Actor(COUNTY, COUNTY, "sec", roles=frozenset({Role.SECURITY_ADMIN}))

    def tell(self) -> int:
        with self.county.units.write() as unit:
            told = consent_service.tell(unit, self.county.trust.directory.channels_of(COUNTY))
        carry(self.county, self.city)
        return told


@pytest.fixture
def pair(engine: Engine, tmp_path: Path, tables: MetaData) -> Iterator[Pair]:
    city = open_engine(f"sqlite:///{tmp_path}/city.db")
    yield Pair(engine, city)
    city.dispose()


def test_the_parent_hears_that_it_was_given_and_withdrawn_and_both_logs_have_it(pair: Pair) -> None:
    assert pair.tell() == 0
    with pair.county.units.write() as unit:
        audit_consents.give(unit, pair.security, CITY, WHY)
    assert (pair.tell(), pair.tell()) == (1, 0)
    with pair.city.units.read() as unit:
        assert set(consent_service.heard(unit.session)) == {COUNTY}
    with pair.county.units.write() as unit:
        audit_consents.withdraw(unit, pair.security, WHY)
    assert pair.tell() == 1
    (row,) = pair.city.rows(HeardConsentRow)
    assert row.withdrawn_at is not None
    assert [each.act for each in pair.city.rows(AuditRow)] == ["audit.consent", "audit.consent_withdrawn"]
    assert [each.iss for each in pair.city.rows(AuditRow)] == [COUNTY, COUNTY]
    assert [each.act for each in pair.county.rows(AuditRow)] == ["audit.consent", "audit.consent_withdrawn"]
    with pair.city.units.read() as unit:
        assert audit_checking.check(unit.session, []).fault is None


def test_why_it_was_given_does_not_travel(pair: Pair) -> None:
    with pair.county.units.write() as unit:
        audit_consents.give(unit, pair.security, CITY, WHY)
    pair.tell()
    assert not [row for row in pair.county.rows(OutboxRow) if row.body and WHY.encode() in row.body]
    assert {row.channel for row in pair.county.rows(OutboxRow)} == {"c"}
