"""A topic is looked after by whom the rules of its area and category name, and whoever follows it hears of it."""

from collections.abc import Callable

import pytest

from sync.contract.errors import Code
from sync.contract.shapes.members import UnitKind
from sync.contract.shapes.topics import TopicCategory, TopicState
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.disclosures import Told
from tenant_service.identity.policy import Role
from tenant_service.members import unit_service
from tenant_service.members.unit_service import UnitDraft
from tenant_service.topics import contact_service, following_service, queries, routing_queries, routing_service, service
from tenant_service.topics import handling_service as handling
from tenant_service.topics import screening_service as screening
from tenant_service.topics.descriptions import Described
from tests.tenant_service import places
from tests.tenant_service.browsing import Browser
from tests.tenant_service.topics.office import LIFTS, Office

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def unit_of(office: Office, name: str, kind: UnitKind = UnitKind.TOWN) -> str:
    draft = UnitDraft(name, kind)
    return office.do(lambda unit: unit_service.add_unit(unit, office.clerk, office.directory, draft, [])).id


def test_the_rule_that_says_most_names_who_looks_after_a_topic(office: Office, member: Actor) -> None:
    town, clerk = unit_of(office, "魏塘街道"), office.clerk
    both, area, category, all_ = (office.body(name) for name in ("住建局", "魏塘办", "城管局", "督查室"))
    housing = TopicCategory.HOUSING
    rules = ((housing, town, both), (None, town, area), (housing, None, category), (None, None, all_))
    for of, at, to in reversed(rules):
        office.do(lambda unit, a=of, b=at, c=to: routing_service.add_route(unit, clerk, a, b, c))  # type: ignore[misc]
    for told, to in (
        (Described("一", None, housing, town), both), (Described("二", None, TopicCategory.LAW, town), area),
        (Described("三", None, housing), category), (Described("四", None, TopicCategory.OTHER), all_),
    ):  # fmt: skip
        assert office.row(office.accepted(told)).in_charge_id == to
    office.do(lambda unit: routing_service.add_route(unit, clerk, None, None, town))
    with office.units.read() as unit:
        first, *_ = found = routing_queries.routes(unit.session)
        assert (len(found), routing_queries.target_for(unit.session, None, None)) == (4, town)
    office.refused(Code.FORBIDDEN, lambda unit: routing_service.add_route(unit, member, None, None, both))
    stranger = f"{places.HANGZHOU}.body.0192f0c1d2e34567890abcdef0000001"
    office.refused(Code.NOT_FOUND, lambda unit: routing_service.add_route(unit, clerk, None, None, stranger))
    office.do(lambda unit: routing_service.remove_route(unit, clerk, first.id))
    office.refused(Code.NOT_FOUND, lambda unit: routing_service.remove_route(unit, clerk, first.id))
    id = office.accepted()
    office.do(lambda unit: routing_service.entrust(unit, clerk, id, both))
    assert office.row(id).in_charge_id == both
    office.refused(Code.NOT_FOUND, lambda unit: routing_service.entrust(unit, clerk, id, stranger), id)


def test_a_topic_goes_from_hand_to_hand_and_is_taken_up_by_one_of_ours(
    office: Office, clerk_browser: Browser, member: Actor
) -> None:  # fmt: skip
    clerk, town, street = office.clerk, unit_of(office, "魏塘街道"), unit_of(office, "罗星街道")
    desk = office.body("联络站")
    office.do(lambda unit: routing_service.add_route(unit, clerk, None, None, desk))
    id = office.raised()
    assert (office.row(id).in_charge_id, office.one(member, id)) == (desk, None)
    with office.units.write() as unit:
        queries.locked(unit.session, id).in_charge_id = member.person
    assert office.one(member, id) is not None, "whoever looks after it sees it before it was screened"
    for to, name in ((None, "县信访局"), (town, ""), (street, "")):
        office.refused(Code.NEEDS_REASON, lambda unit, a=to, b=name: screening.forward(unit, clerk, id, b, "", a), id)  # type: ignore[misc]
        office.do(lambda unit, a=to, b=name: screening.forward(unit, clerk, id, b, "不归我们", a))  # type: ignore[misc]
        if to is None:
            office.refused(Code.OUT_OF_TURN, lambda unit: screening.accept(unit, clerk, id, LIFTS), id)
            assert f'href="/topics/{id}/accept"' not in clerk_browser.go(f"/topics/{id}").text
    assert f'href="/topics/{id}/accept"' in clerk_browser.go(f"/topics/{id}").text
    office.do(lambda unit: screening.accept(unit, clerk, id, LIFTS))
    row = office.row(id)
    assert (row.state, row.in_charge_id, row.forwarded_to) == (TopicState.ACCEPTED, street, None)
    office.do(lambda unit: screening.store(unit, clerk, id, TopicCategory.HOUSING))
    shown = clerk_browser.go(f"/topics/{id}").text.partition("办理经过")[2]
    assert [shown.count(f"转交 → {name}") for name in ("县信访局", "魏塘街道", "罗星街道")] == [1, 1, 1]
    assert shown.count("不归我们") == 3


def test_who_follows_hears_of_each_change_until_it_was_seen(
    office: Office, member: Actor, clock: places.Clock
) -> None:  # fmt: skip
    id = office.do(lambda unit: service.recommend(unit, member, LIFTS, "建议加装")).id

    def news(actor: Actor) -> list[str]:
        with office.units.read() as unit:
            return [each.id for each in queries.news(unit.session, actor, 8)]

    assert news(member) == [], "whoever recommends follows, and knows what was just written"
    clock.on(hours=1)
    office.do(lambda unit: screening.accept(unit, office.clerk, id, LIFTS))
    assert (news(member), news(office.clerk)) == ([id], [])
    clock.on(hours=1)
    assert office.do(lambda unit: following_service.look(unit, member)) == 1
    office.do(lambda unit: following_service.follow(unit, office.clerk, id))
    assert (news(member), news(office.clerk)) == ([], [])
    clock.on(hours=1)
    office.do(lambda unit: handling.handle(unit, office.clerk, id))
    assert news(office.clerk) == [id]
    office.do(lambda unit: following_service.unfollow(unit, office.clerk, id))
    assert (news(member), news(office.clerk)) == ([id], [])
    raised, abroad = office.raised(), places.stranger(places.JIASHAN, places.JIAXING, Role.CLERK)
    anybody = nobody(places.JIASHAN)
    for actor, code in ((member, Code.NOT_FOUND), (abroad, Code.FORBIDDEN), (anybody, Code.NOT_SIGNED_IN)):
        office.refused(code, lambda unit, a=actor: following_service.follow(unit, a, raised))  # type: ignore[misc]
    office.refused(Code.NOT_FOUND, lambda unit: following_service.unfollow(unit, office.clerk, id))


def test_a_reporter_is_called_back_for_a_reason_and_by_the_office_alone(office: Office, member: Actor) -> None:
    id, told = office.raised(), Told("告知已受理", "NOTICE")
    with office.units.read() as unit:
        [report] = queries.reports(unit.session, id)
    for actor, said, code in (
        (member, told, Code.FORBIDDEN), (office.clerk, Told("", "NOTICE"), Code.NEEDS_REASON),
        (office.clerk, Told("告知已受理"), Code.PURPOSE_NEEDED),
    ):  # fmt: skip
        office.refused(
            code, lambda unit, a=actor, s=said: contact_service.reveal_reporter(unit, a, report.id, s, 9)  # type: ignore[misc]
        )  # fmt: skip
    shown = office.do(lambda unit: contact_service.reveal_reporter(unit, office.clerk, report.id, told, 9))
    other = places.staff(places.JIASHAN, Role.CLERK, sub="另一人")
    with office.units.read() as unit:
        found = contact_service.revealed(unit, office.clerk, shown, report.id)
        assert found is not None
        assert found.phone == "13800005678"
        assert contact_service.revealed(unit, other, shown, report.id) is None


def test_rules_phones_and_news_on_the_pages(
    clerk_browser: Browser, member_browser: Browser, office: Office, clock: places.Clock,
    anybody: Callable[..., Browser],
) -> None:  # fmt: skip
    body = office.body("住建局")
    assert "暂无分派规则" in clerk_browser.go("/topics/routes").text
    assert clerk_browser.send("/topics/routes", category="HOUSING").error_of("targetId") == "必选"
    clerk_browser.go("/topics/routes").send("/topics/routes", category="HOUSING", targetId=body)
    assert "住房与老旧小区 → 住建局" in clerk_browser.text
    at = member_browser.go("/topics/recommend").send("/topics/recommend", title="电梯", words="加装").path
    clock.on(hours=1)
    id = at.rpartition("/")[2]
    office.do(lambda unit: screening.accept(unit, office.clerk, id, LIFTS))
    assert "住建局" in clerk_browser.go(at).text
    assert LIFTS.title in member_browser.go("/").text.partition("关注的议题有新进展")[2]
    clock.on(hours=1)
    assert "关注的议题有新进展" not in member_browser.send("/topics/looked").text
    assert member_browser.go(at).send(f"{at}/unfollow").status == 200
    assert f'action="{at}/follow"' in member_browser.text
    clerk_browser.go(at).send(f"{at}/entrust", targetId="")
    assert "住建局" not in clerk_browser.text.partition("<h2>基本情况</h2>")[2].partition("</section>")[0]
    raised = office.raised()
    with office.units.read() as unit:
        [report] = queries.reports(unit.session, raised)
    page = f"/topics/reports/{report.id}"
    assert "13800005678" not in clerk_browser.go(page).text
    assert "13800005678" in clerk_browser.send(page, purpose="NOTICE", reason="告知已受理").text
    assert anybody(Role.CLERK, name="李二").go(clerk_browser.path).text.count("13800005678") == 0
    assert member_browser.go(page).status == 403
