"""所属单位: an account names the body that its holder works for; a contact is shown nothing of our work."""

import re
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import select

from sync.contract.errors import Code
from sync.contract.shapes.members import BodyKind
from tenant_service.administration import service
from tenant_service.identity import account_acts, accounts
from tenant_service.identity.accounts import Draft
from tenant_service.identity.actor import Actor
from tenant_service.identity.audit_chain import digest_of
from tenant_service.identity.models import AuditRow
from tenant_service.identity.policy import Role
from tenant_service.members import body_service
from tenant_service.members.body_service import BodyDraft
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.administration.test_separation import ask, kept, refused
from tests.tenant_service.browsing import Browser
from tests.tenant_service.members.office import idle
from tests.tenant_service.members.office import refused as is_refused
from tests.tenant_service.places import JIASHAN, WUJIANG, Clock, staff

# What an account says of a body is read and written by its key alone, on both databases alike.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
Open = Callable[..., Browser]
SYSTEM = staff(JIASHAN, Role.SYSTEM_ADMIN, sub="system")
SECURITY = staff(JIASHAN, Role.SECURITY_ADMIN, sub="security")
CONTACT = frozenset({Role.DEPARTMENT})
WHY = "联系人更换"
GIVE = "mutation($id: ID!, $body: ID, $key: ID!, $reason: String!) { giveBody(key: $key, id: $id, bodyId: $body, reason: $reason) { id bodyId } }"  # noqa: E501


@pytest.fixture
def water(units: Units, clerk: Actor) -> str:
    """县水务局, on the list."""
    with units.write() as unit:
        return str(body_service.add_body(unit, clerk, BodyDraft("县水务局", BodyKind.DEPARTMENT)).id)


@pytest.fixture
def qian(units: Units) -> str:
    """An account without a role and without a body."""
    with units.write() as unit:
        return service.open_account(unit, SYSTEM, Draft("qian", "钱一", frozenset()), "unused", "新到岗位").id


def body_of(units: Units, id: str) -> str | None:
    with units.read() as unit:
        found = accounts.by_id(unit, id)
    assert found is not None
    return found.body


def test_a_contact_is_opened_by_one_administrator_and_named_by_another(
    units: Units, water: str, anybody: Open, clock: Clock
) -> None:
    system, security = anybody(Role.SYSTEM_ADMIN, name="系统员"), anybody(Role.SECURITY_ADMIN, name="安全员")
    new = {"username": "sun", "name": "孙二", "password": "jia-shan-first", "reason": "新到岗位"}
    page = system.go("/accounts").send("/accounts/open", **new, bodyId=water)
    assert "县水务局" in page.text
    assert "变更所属单位</h2>" not in page.text, "who opens it says for whom only once"
    with units.read() as unit:
        made = accounts.by_username(unit, "sun").account
    assert made is not None
    assert (made.body, made.actor(JIASHAN).body) == (water, None), "a first password carries nothing"
    at = f"/accounts/{made.id}"
    page = security.go(at).send(f"{at}/roles", role="department", reason=WHY)
    assert "授予 承办单位联系人" in page.text
    page = security.go(at).send(f"{at}/body", bodyId="", reason=WHY)
    assert "须先填写所属单位" in page.text, "the role is nothing without it"
    assert body_of(units, made.id) == water
    assert page.send(f"{at}/body", bodyId=water, reason=WHY).status == 409
    assert "县水务局" in system.go("/accounts").text
    with units.write() as unit:
        body_service.close_body(unit, staff(JIASHAN, Role.CLERK), water, clock.now.date(), "机构改革", idle)
    assert security.go("/").tile("所属单位已撤销的账号") == 0
    clock.on(days=1)
    assert security.go("/").tile("所属单位已撤销的账号") == 1
    assert "已撤销" in security.go(at).text
    assert "Works for" in security.go(f"{at}?lang=en").text


@pytest.mark.parametrize("role", [Role.DEPARTMENT, Role.COORDINATOR])
def test_a_role_that_is_nothing_without_a_body_is_refused_without_one(units: Units, qian: str, role: Role) -> None:
    roles = frozenset({role, Role.CLERK})
    is_refused(units, Code.BODY_NEEDED, lambda unit: service.give_roles(unit, SECURITY, qian, roles, WHY))
    founder, draft = accounts.founder(JIASHAN), Draft("li", "李四", roles)
    is_refused(units, Code.BODY_NEEDED, lambda unit: accounts.create(unit, founder, draft, "unused"))


def test_a_body_that_ended_or_is_on_no_list_of_ours_is_refused(
    units: Units, qian: str, water: str, clerk: Actor, clock: Clock
) -> None:
    with units.write() as unit:
        service.give_body(unit, SECURITY, qian, water, WHY)
        body_service.close_body(unit, clerk, water, clock.now.date(), "机构改革", idle)
    clock.on(days=1)
    told = is_refused(units, Code.BODY_CLOSED, lambda unit: service.give_roles(unit, SECURITY, qian, CONTACT, WHY))
    assert told.zh == "单位“县水务局”已于2026-04-01撤销，请选择名录中在用的单位"
    draft = Draft("li", "李四", frozenset(), body=water)
    is_refused(units, Code.BODY_CLOSED, lambda unit: service.open_account(unit, SYSTEM, draft, "unused", WHY))
    with units.write() as unit:
        service.give_body(unit, SECURITY, qian, None, WHY)
    is_refused(units, Code.BODY_CLOSED, lambda unit: service.give_body(unit, SECURITY, qian, water, WHY))
    for stranger in (f"{WUJIANG}.body.{'0' * 32}", f"{JIASHAN}.unit.{'0' * 32}", "nonsense"):
        give = partial(service.give_body, actor=SECURITY, id=qian, body=stranger, reason=WHY)
        is_refused(units, Code.BAD_VALUE, give)


def test_only_the_security_administrator_says_for_whom_somebody_works(units: Units, qian: str, water: str) -> None:
    for role in set(Role) - {Role.SECURITY_ADMIN}:
        actor = staff(JIASHAN, role)
        give = partial(service.give_body, actor=actor, id=qian, body=water, reason=WHY)
        is_refused(units, Code.FORBIDDEN, give)
    told = [ask(units, SECURITY, GIVE, id=qian, body=water)["data"]["giveBody"] for _ in range(2)]
    assert told == [{"id": qian, "bodyId": water}] * 2
    assert kept(units)[1].count("account.body") == 1
    assert refused(units, SECURITY, GIVE, id=qian, body=water, key="2") == "ALREADY_DONE"
    assert refused(units, SYSTEM, GIVE, id=qian, body=None, key="3") == "FORBIDDEN"
    with units.read() as unit:
        newest = account_acts.of(unit.session, qian)[0]
        assert (newest.act, newest.given, newest.reason) == ("account.body", [water], "分工调整")
        entry = unit.session.scalars(select(AuditRow).order_by(AuditRow.seq.desc())).first()
        assert entry is not None
        assert (entry.act, entry.subject) == ("account.body", qian)
        assert entry.digest == digest_of(newest.id, qian, water, "", "分工调整")


# ── what a contact is shown ──


def test_a_contact_lands_on_a_page_of_his_own_and_is_shown_no_list(units: Units, water: str, anybody: Open) -> None:
    contact = anybody(Role.DEPARTMENT, name="钱一", body=water)
    page = contact.go("/")
    assert (page.status, page.path) == (200, "/")
    assert "今日无待办" in page.text
    nav = set(re.findall(r'href="([^"]+)"', page.text.partition("<nav")[2].partition("</nav>")[0]))
    assert nav == {"/", "/assignments", "/calls"}
    shut = ("/accounts", "/audit", "/exchange", "/personal", "/applications", "/recovered")
    assert {path: contact.go(path).status for path in shut} == dict.fromkeys(shut, 403)
    both = anybody(Role.DEPARTMENT, Role.MEMBER, name="郑四", body=water)
    assert 'href="/activities"' in both.go("/").text, "who is a member as well is one of ours"
