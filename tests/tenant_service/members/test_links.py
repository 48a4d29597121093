"""Whom members are linked with, how far that reaches, and what share of them is so: figures that committees publish."""

from functools import partial

import pytest

from sync.contract.errors import Code
from sync.contract.shapes.members import BodyKind, MembershipEnding, MembershipKind, UnitKind
from sync.contract.shapes.sectors import Party, Sector
from tenant_service.identity.actor import Actor
from tenant_service.members import address_book, body_service, posting_queries, queries, segment_service, service
from tenant_service.members import linking_queries as linking
from tenant_service.members import membership_service as memberships
from tenant_service.members.address_book import Wanted
from tenant_service.members.body_service import BodyDraft
from tenant_service.members.linking_queries import InTouch, Reach
from tenant_service.members.membership_service import Decision, MembershipDraft
from tenant_service.members.service import PersonDraft
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service import places
from tests.tenant_service.members.office import act, look, new_person, new_unit, refused, seated

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
K = MembershipKind
SPRING = places.SPRING.date()


def sitting(at: Unit, clerk: Actor, number: int, *tags: str, **seat: object) -> str:
    """One of many, with a seat since spring."""
    id = service.add_person(at, clerk, PersonDraft(f"委员{chr(0x4E00 + number)}", tags=tags)).id
    draft = MembershipDraft(K.MEMBER, person_id=id, title="委员", term=10, **seat)  # type: ignore[arg-type]
    proposed = memberships.propose(at, clerk, draft)
    memberships.confirm(at, clerk, proposed.id, Decision("县政协十届一次会议", SPRING))
    return id


def posting(at: Unit, clerk: Actor, **told: str) -> None:
    memberships.place(at, clerk, MembershipDraft(K.POSTING, **told))  # type: ignore[arg-type]


@pytest.mark.seed(94)
def test_party_members_are_in_touch_one_to_one_and_it_says_how_far_that_reaches(units: Units, clerk: Actor) -> None:
    """Shenzhen: 党员委员一对一联系党外委员."""
    party = [new_person(units, clerk, name) for name in ("张三", "李四")]
    others = [new_person(units, clerk, name) for name in ("王五", "赵六", "孙七")]
    unknown = new_person(units, clerk, "周八")
    for id in party:
        seated(units, clerk, id, party=Party.CPC, term=10)
    for id in others:
        seated(units, clerk, id, party=Party.CDL, term=10)
    seated(units, clerk, unknown, term=10)

    def touch(one: str, other: str) -> object:
        return partial(
            memberships.place, actor=clerk, draft=MembershipDraft(K.CONTACT, person_id=one, with_person_id=other)
        )  # fmt: skip

    made = act(units, touch(party[0], others[0]))  # type: ignore[arg-type, var-annotated]
    for code, one, other in (
        (Code.ALREADY_HELD, party[0], others[1]), (Code.ALREADY_HELD, party[1], others[0]),
        (Code.BAD_VALUE, others[1], others[2]), (Code.BAD_VALUE, party[1], party[0]),
        (Code.BAD_VALUE, party[1], unknown), (Code.BAD_VALUE, party[1], party[1]),
    ):  # fmt: skip
        refused(units, code, touch(one, other))  # type: ignore[arg-type]
    act(units, touch(party[1], others[1]))  # type: ignore[arg-type]
    reach = look(units, lambda s: linking.in_touch(s, clerk, SPRING))
    assert reach == InTouch(party_members=2, others=3, unknown=1, pairs=2)
    pairs = look(units, lambda s: linking.pairs(s, clerk, SPRING))
    assert [(each.person, each.with_person) for each in pairs] == [("张三", "王五"), ("李四", "赵六")]
    act(units, lambda at: memberships.end(at, clerk, made.id, MembershipEnding.MOVED, SPRING))
    act(units, lambda at: service.part_with(at, clerk, others[1], MembershipEnding.RESIGNED, SPRING))
    tomorrow = SPRING.replace(day=SPRING.day + 1)
    assert look(units, lambda s: linking.pairs(s, clerk, tomorrow)) == [], "whoever leaves is in touch with nobody"


@pytest.mark.seed(52)
def test_320_members_are_posted_to_35_communities_and_these_are_covered(units: Units, clerk: Actor) -> None:
    """三级委员力量整合, the home part: full coverage is counted from postings, each member once."""
    town = new_unit(units, clerk, "南苑街道", UnitKind.TOWN)
    communities = [new_unit(units, clerk, f"第{n}社区", UnitKind.COMMUNITY, town.id).id for n in range(35)]
    with units.write() as at:
        people = [service.add_person(at, clerk, PersonDraft(f"委员{chr(0x4E00 + n)}")).id for n in range(320)]
        for n, id in enumerate(people):
            posting(at, clerk, person_id=id, unit_id=communities[n % 34])
    reach = look(units, lambda s: linking.reach(s, clerk, UnitKind.COMMUNITY, SPRING))
    assert reach == Reach(areas=35, covered=34, people=320, units=0), "one has nobody yet"
    act(units, lambda at: posting(at, clerk, person_id=people[0], unit_id=communities[34]))
    reach = look(units, lambda s: linking.reach(s, clerk, UnitKind.COMMUNITY, SPRING))
    assert (reach.covered, reach.people) == (35, 320), "who is posted to two counts once"


@pytest.mark.seed(96)
def test_nine_groups_reach_all_nine_towns_and_members_their_grids(units: Units, clerk: Actor) -> None:
    """双联: 界别联镇街、委员联网格. Of the towns all are reached, of the grids those with a member."""
    towns = [new_unit(units, clerk, f"第{n}镇", UnitKind.TOWN).id for n in range(9)]
    groups = [new_unit(units, clerk, f"第{n}服务团组", UnitKind.SERVICE_GROUP).id for n in range(9)]
    grids = [new_unit(units, clerk, "一网格", UnitKind.GRID, town).id for town in towns]
    with units.write() as at:
        for group, town in zip(groups, towns, strict=True):
            posting(at, clerk, holder_unit_id=group, unit_id=town)
        for n in range(27):
            posting(at, clerk, person_id=sitting(at, clerk, n), unit_id=grids[n % 8])
    assert look(units, lambda s: linking.reach(s, clerk, UnitKind.TOWN, SPRING)) == Reach(9, 9, 0, 9)
    assert look(units, lambda s: linking.reach(s, clerk, UnitKind.GRID, SPRING)) == Reach(9, 8, 27, 0)
    assert look(units, lambda s: linking.posted_from(s, groups[0], SPRING)) == ["第0镇"]


@pytest.mark.seed(89)
def test_supervisors_are_posted_in_twelve_departments(units: Units, clerk: Actor) -> None:
    """派驻民主监督员: of the departments on the list, how many have somebody."""
    with units.write() as at:
        bodies = [body_service.add_body(at, clerk, BodyDraft(f"第{n}局", BodyKind.DEPARTMENT)).id for n in range(14)]
        people = [service.add_person(at, clerk, PersonDraft(f"监督员{chr(0x4E00 + n)}")).id for n in range(6)]
        for n in range(12):
            posting(at, clerk, person_id=people[n // 2], body_id=bodies[n])
    assert look(units, lambda s: posting_queries.bodies_with_somebody(s, SPRING)) == 12


@pytest.mark.seed(37)
def test_a_members_group_works_with_47_social_organisations(units: Units, clerk: Actor) -> None:
    """龙池社区委员活动组: the group as a whole is linked with each, and each once."""
    group = new_unit(units, clerk, "龙池社区委员活动组", UnitKind.MEMBER_GROUP).id
    with units.write() as at:
        for n in range(47):
            body = body_service.add_body(at, clerk, BodyDraft(f"第{n}协会", BodyKind.SOCIAL_ORGANISATION))
            posting(at, clerk, holder_unit_id=group, body_id=body.id)
    found = look(units, lambda s: posting_queries.postings(s, clerk, posting_queries.Wanted(), SPRING, 100, None))
    assert len({each.where_id for each in found.rows if each.who == "龙池社区委员活动组"}) == 47
    twice = MembershipDraft(K.POSTING, holder_unit_id=group, body_id=found.rows[0].where_id)
    refused(units, Code.ALREADY_HELD, lambda at: memberships.place(at, clerk, twice))


@pytest.mark.seed(21, 95)
def test_seven_in_ten_members_are_of_enterprises_and_entrepreneurs_are_a_list_that_is_looked_up_anew(
    units: Units, clerk: Actor, member: Actor
) -> None:
    of_enterprises = Wanted(tag="企业委员")
    with units.write() as at:
        people = [sitting(at, clerk, n, *(("企业委员",) if n < 14 else ())) for n in range(20)]
    assert look(units, lambda s: linking.share(s, clerk, of_enterprises, SPRING)) == (14, 20)
    refused(units, Code.FORBIDDEN, lambda at: segment_service.save_segment(at, member, "企业家委员", of_enterprises))
    refused(units, Code.BAD_VALUE, lambda at: segment_service.save_segment(at, clerk, "所有人", Wanted()))
    kept = act(units, lambda at: segment_service.save_segment(at, clerk, "企业家委员", of_enterprises).id)
    act(units, lambda at: service.tag_person(at, clerk, people[19], ["企业委员"]))
    with units.read() as at:
        [segment] = address_book.segments(at.session, member)
        wanted = segment_service.wanted_of(segment)
        assert address_book.members(at.session, member, wanted, SPRING, 1, None).count() == 15
    assert act(units, lambda at: segment_service.save_segment(at, clerk, "企业家委员", Wanted(tag="企业家")).id) == kept
    act(units, lambda at: segment_service.remove_segment(at, clerk, kept))
    refused(units, Code.NOT_FOUND, lambda at: segment_service.remove_segment(at, clerk, kept))


@pytest.mark.seed(104)
def test_the_same_members_are_grouped_by_sector_by_town_and_by_who_is_a_star(units: Units, clerk: Actor) -> None:
    """条块点 (Linping): each grouping adds up to the same members."""
    towns = [new_unit(units, clerk, name, UnitKind.TOWN).id for name in ("东湖街道", "南苑街道")]
    grid = new_unit(units, clerk, "一网格", UnitKind.GRID, towns[0]).id
    with units.write() as at:
        sectors = [Sector.ECONOMY, Sector.ECONOMY, Sector.EDUCATION, None]
        people = [
            sitting(at, clerk, n, *(("明星委员",) if n == 1 else ()), sector=sector) for n, sector in enumerate(sectors)
        ]
        posting(at, clerk, person_id=people[0], unit_id=towns[0])
        posting(at, clerk, person_id=people[0], unit_id=grid)
        posting(at, clerk, person_id=people[1], unit_id=grid)
        posting(at, clerk, person_id=people[2], unit_id=towns[1])
    found = look(units, lambda s: linking.grouped(s, clerk, SPRING, "明星委员"))
    assert found.by_sector == {Sector.ECONOMY: 2, Sector.EDUCATION: 1, None: 1}
    assert found.by_town == {"东湖街道": 2, "南苑街道": 1, None: 1}
    assert (found.total, found.stars) == (4, 1)
    assert sum(found.by_sector.values()) == sum(found.by_town.values()) == 4


@pytest.mark.practice(14)
def test_who_is_added_in_the_term_and_who_steps_down_stands_with_the_meeting_that_decided(
    units: Units, clerk: Actor
) -> None:
    person = new_person(units, clerk, "张三")
    draft = MembershipDraft(K.MEMBER, person_id=person, title="常委", term=10, party=Party.CDL, sector=Sector.ECONOMY)
    proposed = act(units, lambda at: memberships.propose(at, clerk, draft))
    decided = Decision("县政协十届八次常委会会议", SPRING)
    act(units, lambda at: memberships.confirm(at, clerk, proposed.id, decided))
    last = SPRING.replace(month=9)
    refused(
        units, Code.NEEDS_MEETING,
        lambda at: memberships.end(at, clerk, proposed.id, MembershipEnding.RESIGNED, last),
    )  # fmt: skip
    over = Decision("县政协十届九次常委会会议", last)
    told = act(units, lambda at: memberships.end(at, clerk, proposed.id, MembershipEnding.RESIGNED, last, over))
    assert (told.decided_by, told.ended_by, told.ending) == (decided.meeting, over.meeting, MembershipEnding.RESIGNED)
    assert look(units, lambda s: queries.seat_holders(s, last)) == {person}
    assert look(units, lambda s: queries.seat_holders(s, last.replace(day=last.day + 1))) == set()
