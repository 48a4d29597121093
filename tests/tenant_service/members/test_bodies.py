"""Bodies stand on the list before anything is handed over: who may put them there, what keeps them, who looks."""

import datetime as dt
import re
from collections.abc import Callable

import pytest

from sync.contract.errors import Code
from sync.contract.shapes.members import BodyKind, MembershipKind, MembershipState
from tenant_service.identity import accounts
from tenant_service.identity.accounts import Draft
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.members import body_queries, body_service, queries
from tenant_service.members import membership_service as memberships
from tenant_service.members.body_queries import Wanted
from tenant_service.members.body_service import BodyDraft
from tenant_service.members.membership_service import MembershipDraft
from tenant_service.members.rules import BodyState, Lacking
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.browsing import Browser
from tests.tenant_service.members.office import act, idle, look, new_person, refused
from tests.tenant_service.told import told

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
TODAY = places.SPRING.date()
WATER = BodyDraft("县水务局", BodyKind.DEPARTMENT, contact_name="周科长", contact_phone="13800001234")
DESK = BodyDraft("县府办督查室", BodyKind.PARTY_GOVERNMENT, coordinates=True)


def names(units: Units, actor: Actor, wanted: Wanted | None = None) -> list[str]:
    found = look(units, lambda s: body_queries.listed(s, actor, wanted or Wanted(), TODAY, 20, None))
    return [each.name for each in found.rows]


def test_a_body_is_listed_for_the_office_and_the_administrators_alone(
    units: Units, clerk: Actor, member: Actor
) -> None:
    body = act(units, lambda at: body_service.add_body(at, clerk, BodyDraft("县水利局", BodyKind.DEPARTMENT)))
    act(units, lambda at: body_service.change_body(at, clerk, body.id, WATER))
    admin = places.staff(places.JIASHAN, Role.SECURITY_ADMIN)
    assert names(units, clerk, Wanted("水务")) == names(units, admin) == ["县水务局"]
    for who in (member, places.stranger(places.JIASHAN, places.JIAXING, Role.SECRETARY)):
        refused(
            units,
            Code.FORBIDDEN,
            lambda at, who=who: body_queries.listed(at.session, who, Wanted(), TODAY, 20, None),  # type: ignore[misc]
        )
        refused(units, Code.FORBIDDEN, lambda at, who=who: body_service.add_body(at, who, DESK))  # type: ignore[misc]
    assert told(units) == []


def test_what_is_wanted_of_the_list_is_told_apart(units: Units, clerk: Actor) -> None:
    for draft in (WATER, DESK, BodyDraft("惠通村", BodyKind.VILLAGE_COMMITTEE)):
        act(units, lambda at, draft=draft: body_service.add_body(at, clerk, draft))  # type: ignore[misc]
    [water] = look(units, lambda s: body_queries.listed(s, clerk, Wanted("水务"), TODAY, 20, None)).rows
    founder, contact = accounts.founder(places.JIASHAN), Draft("zhou", "周一", frozenset(), body=water.id)
    act(units, lambda at: accounts.create(at, founder, contact, "unused"))
    assert names(units, clerk, Wanted(coordinates=True)) == ["县府办督查室"]
    assert names(units, clerk, Wanted(kind=BodyKind.VILLAGE_COMMITTEE)) == ["惠通村"]
    assert set(names(units, clerk, Wanted(lacks=Lacking.ACCOUNT))) == {"县府办督查室", "惠通村"}
    assert set(names(units, clerk, Wanted(lacks=Lacking.CONTACT))) == {"县府办督查室", "惠通村"}
    act(units, lambda at: body_service.close_body(at, clerk, water.id, TODAY - dt.timedelta(days=1), "合并", idle))
    assert names(units, clerk, Wanted(state=BodyState.CLOSED)) == ["县水务局"]


def test_no_two_bodies_of_one_name_stand_on_the_list(units: Units, clerk: Actor) -> None:
    water = act(units, lambda at: body_service.add_body(at, clerk, WATER))
    desk = act(units, lambda at: body_service.add_body(at, clerk, DESK))
    refused(units, Code.BODY_LISTED, lambda at: body_service.add_body(at, clerk, WATER))
    refused(units, Code.BODY_LISTED, lambda at: body_service.change_body(at, clerk, desk.id, WATER))
    act(units, lambda at: body_service.close_body(at, clerk, water.id, TODAY, "重复登记", idle))
    act(units, lambda at: body_service.add_body(at, clerk, WATER))
    refused(units, Code.BODY_LISTED, lambda at: body_service.reopen_body(at, clerk, water.id))


def test_a_closed_body_ends_the_postings_to_it_and_changes_no_more_until_it_is_reopened(
    units: Units, clerk: Actor
) -> None:
    body = act(units, lambda at: body_service.add_body(at, clerk, WATER))
    person = new_person(units, clerk, "张三")
    draft = MembershipDraft(MembershipKind.POSTING, person_id=person, body_id=body.id)
    act(units, lambda at: memberships.place(at, clerk, draft))
    refused(units, Code.NEEDS_REASON, lambda at: body_service.close_body(at, clerk, body.id, TODAY, " ", idle))
    refused(units, Code.OUT_OF_TURN, lambda at: body_service.reopen_body(at, clerk, body.id))
    act(units, lambda at: body_service.close_body(at, clerk, body.id, TODAY, "机构改革", idle))
    [posting] = look(units, lambda s: queries.memberships_of(s, person))
    assert (posting.until, posting.state) == (TODAY, MembershipState.ENDED)
    refused(units, Code.OUT_OF_TURN, lambda at: body_service.change_body(at, clerk, body.id, WATER))
    assert act(units, lambda at: body_service.reopen_body(at, clerk, body.id)).until is None
    [posting] = look(units, lambda s: queries.memberships_of(s, person))
    assert posting.state is MembershipState.ENDED


# ── on pages ──


def test_a_new_county_puts_its_bodies_on_the_list_from_its_pages(
    clerk_browser: Browser, anybody: Callable[..., Browser]
) -> None:
    clerk = clerk_browser
    assert "登记第一个单位" in clerk.go("/").text
    assert "名录还没有单位" in clerk.go("/bodies").text
    assert clerk.go("/bodies/new").send("/bodies/new", name="").status == 400
    page = clerk.send(
        "/bodies/new", name="县水务局", kind="DEPARTMENT", contactName="周科长", contactPhone="13800001234"
    )
    at = page.path
    assert "138****1234" in page.text
    assert "没有账号" in page.text
    assert "没有对该单位的吹哨" in page.text
    assert "名录中已有“县水务局”" in clerk.go("/bodies/new").send("/bodies/new", name="县水务局", kind="SCHOOL").text
    page = clerk.go(f"{at}/change").send(f"{at}/change", name="水务局", kind="DEPARTMENT", contactPhone="138****1234")
    assert "138****1234" in page.text, "the number that stood masked in the form stays"
    assert "水务局" in clerk.go("/bodies?q=水务&lacks=ACCOUNT").text
    assert "水务局" in clerk.go("/bodies.csv").text
    assert "周科长" not in clerk.text, "contacts are people, and stand in no file"
    assert clerk.go("/bodies.xlsx").status == 200
    page = clerk.go(at).send(f"{at}/close", last="2026-04-01", reason="")
    assert page.status == 400
    clerk.go(at).send(f"{at}/close", last="2026-03-31", reason="机构改革")
    assert "机构改革" in clerk.text
    assert "没有符合条件的单位" in clerk.go("/bodies").text
    assert "水务局" in clerk.go("/bodies?state=CLOSED").text
    clerk.go(at).send(f"{at}/reopen")
    assert "水务局" in clerk.go("/bodies").text
    assert "List of bodies" in clerk.go("/bodies?lang=en").text
    for who in (anybody(Role.MEMBER, name="委员"), anybody(Role.DEPARTMENT, name="联系人")):
        assert {who.go(path).status for path in ("/bodies", at, "/bodies/new", "/postings")} == {403}


def test_the_security_administrator_gives_a_body_an_account_from_its_page(
    units: Units, clerk: Actor, anybody: Callable[..., Browser]
) -> None:
    body = act(units, lambda at: body_service.add_body(at, clerk, WATER))
    founder, qian = accounts.founder(places.JIASHAN), Draft("qian", "钱一", frozenset())
    made = act(units, lambda at: accounts.create(at, founder, qian, "unused"))
    security, system, office = anybody(Role.SECURITY_ADMIN), anybody(Role.SYSTEM_ADMIN), anybody(Role.CLERK)
    at, give = f"/bodies/{body.id}", f"/accounts/for-body/{body.id}"
    assert f'href="/accounts?body={body.id}#open"' in system.go(at).text
    assert "周科长" not in system.text, "contacts are the office's to see"
    assert "县水务局</option>" in system.go(f"/accounts?body={body.id}").text
    assert f'value="{body.id}" selected' in system.text
    assert give not in office.go(at).text
    assert security.go(at).send(give, account=made.id, reason="").status == 400
    security.go(at).send(give, account=made.id, reason="县水务局新联系人")
    assert security.path == at
    assert f'href="/accounts/{made.id}"' in security.text
    assert "钱一" in office.go(at).text
    page = security.go(f"/accounts/{made.id}").send(f"/accounts/{made.id}/roles", role="coordinator", reason="新到岗位")
    assert "未列为交办单位" in page.text
    act(
        units, lambda at: body_service.change_body(at, clerk, body.id, BodyDraft("县水务局", BodyKind.DEPARTMENT, True))
    )
    page = security.go(f"/accounts/{made.id}").send(f"/accounts/{made.id}/roles", role="coordinator", reason="新到岗位")
    assert page.status == 200


def test_a_posting_is_entered_from_the_bodys_page_and_ended_with_a_day(
    units: Units, clerk: Actor, clerk_browser: Browser
) -> None:
    browser = clerk_browser
    body = act(units, lambda at: body_service.add_body(at, clerk, WATER))
    new_person(units, clerk, "张三")
    assert "没有符合条件的派驻" in browser.go("/postings").text
    assert f"/postings/new?to={body.id}" in browser.go(f"/bodies/{body.id}").text
    browser.go(f"/postings/new?to={body.id}")
    assert f'value="{body.id}" selected' in browser.text
    assert '<option value="张三">' in browser.text, "whoever is on the roster is offered"
    assert "请先导入名册" in browser.send("/postings/new", personId="李四", unitId=body.id).error_of("personId")
    browser.send("/postings/new", personId="张三", unitId=body.id, term="10", since="2026-03-01")
    assert browser.path == f"/bodies/{body.id}"
    assert "2026-03-01" in browser.text
    assert "张三" in browser.go("/postings?q=水务").text
    assert "张三" in browser.go("/postings.csv").text
    assert "张三" in browser.go("/supervision/postings").text
    [posting] = re.findall(r'href="/postings/([^"?]*membership[^"?]*)"', browser.go("/postings").text)
    at = f"/postings/{posting}"
    assert browser.go(at).send(f"{at}/end", last="2026-02-01").status == 400
    browser.go(at).send(f"{at}/end", last="2026-03-31")
    assert f'action="{at}/end"' not in browser.text
    assert "张三" not in browser.go("/postings").text
    assert "张三" in browser.go("/postings?state=ended").text
