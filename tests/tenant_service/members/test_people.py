"""People are private, have one pseudonym, and are what they are from a day to a day."""

import datetime as dt
from functools import partial
from typing import Any

import pytest

from sync.contract import records
from sync.contract.errors import Code, Refusal
from sync.contract.shapes.members import (
    BodyKind,
    MembershipEnding,
    MembershipEntry,
    MembershipKind,
    MembershipState,
    UnitKind,
)
from sync.contract.shapes.sectors import Party, Sector
from sync.contract.visibility import Visible
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.members import address_book, body_service, queries, service
from tenant_service.members import membership_service as memberships
from tenant_service.members.address_book import Wanted
from tenant_service.members.body_service import BodyDraft
from tenant_service.members.membership_service import Decision, MembershipDraft
from tenant_service.members.rules import Gender
from tenant_service.members.service import PersonDraft
from tenant_service.storage import search
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.members.office import act, look, new_person, new_unit, placed, refused, seated
from tests.tenant_service.told import told

K = MembershipKind
SPRING = places.SPRING.date()
MEETING = Decision("县政协十届三次常委会会议", dt.date(2026, 4, 8))


def found(units: Units, actor: Actor, day: dt.date = SPRING, **wanted: Any) -> list[str]:
    return [
        each.name
        for each in look(units, lambda s: address_book.members(s, actor, Wanted(**wanted), day, 50, None)).rows
    ]


# ── persons ──


def test_a_persons_name_leaves_this_committee_in_no_circle_but_its_own(units: Units, clerk: Actor) -> None:
    draft = PersonDraft("张三", Gender.MALE, "1968-05", "0573-8400000", "某公司总经理", "2022-017", ("法律",))
    person = act(units, lambda at: service.add_person(at, clerk, draft))
    assert person.name == "张三"
    for circle in Visible:
        if not Visible.TENANT.within(circle):
            assert set(records.written(person, circle)) <= {"id", "committee_id"}
    everything = str(records.written(person, Visible.SUBJECT))
    assert not [private for private in ("8400000", "1968", "某公司", "2022-017") if private in everything]
    assert told(units) == []


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (PersonDraft(""), Code.BAD_VALUE),
        (PersonDraft("张"), Code.BAD_VALUE),
        (PersonDraft("中共（12名）"), Code.BAD_VALUE),
        (PersonDraft("合计"), Code.BAD_VALUE),
        (PersonDraft("张三", birth_month="1968-13"), Code.BAD_VALUE),
        (PersonDraft("张三", birth_month="1968"), Code.BAD_VALUE),
        (PersonDraft("张三", work_phone="1" * 41), Code.BAD_VALUE),
        (PersonDraft("张三", tags=("甲" * 21,)), Code.BAD_VALUE),
        (PersonDraft("张三", tags=tuple(map(str, range(21)))), Code.BAD_VALUE),
        (PersonDraft("张三", employer="【机密】"), Code.CLASSIFIED),
    ],
)
def test_a_person_who_is_badly_described_is_refused(units: Units, clerk: Actor, draft: PersonDraft, code: Code) -> None:
    refused(units, code, lambda at: service.add_person(at, clerk, draft))


def test_nobody_is_on_the_list_twice(units: Units, clerk: Actor) -> None:
    new_person(units, clerk, "张三", birth_month="1968-05", roster_no="17")
    other = new_person(units, clerk, "张三", birth_month="1970-01")
    same = PersonDraft("张　三", birth_month="1968-05")
    refused(units, Code.DUPLICATE_PERSON, lambda at: service.add_person(at, clerk, same))
    refused(units, Code.DUPLICATE_PERSON, lambda at: service.change_person(at, clerk, other, same))
    taken = PersonDraft("李四", roster_no="17")
    refused(units, Code.ROSTER_NO_TAKEN, lambda at: service.add_person(at, clerk, taken))
    refused(units, Code.ROSTER_NO_TAKEN, lambda at: service.change_person(at, clerk, other, taken))


@pytest.mark.parametrize("role", [Role.MEMBER, Role.STREET, Role.CHAIR, Role.DEPARTMENT])
def test_only_the_office_writes_about_people(units: Units, role: Role) -> None:
    actor = places.staff(places.JIASHAN, role)
    refused(units, Code.FORBIDDEN, lambda at: service.add_person(at, actor, PersonDraft("张三")))


def test_who_has_left_is_in_no_list_and_keeps_the_name_in_what_was_done(units: Units, clerk: Actor) -> None:
    person = new_person(units, clerk, "张三", tags=("法律",))
    seated(units, clerk, person)
    act(units, lambda at: service.part_with(at, clerk, person, MembershipEnding.DECEASED, dt.date(2026, 5, 1)))
    assert found(units, clerk, dt.date(2026, 5, 1)) == ["张三"]
    assert found(units, clerk, dt.date(2026, 5, 2)) == []
    assert look(units, lambda s: address_book.persons(s, clerk, Wanted(text="张三"), SPRING, 9, None)).rows == []
    assert look(units, lambda s: address_book.tags(s, clerk)) == []
    assert look(units, lambda s: s.scalars(search.matching(s, "person", "张三")).all()) == [], "nor in the index"
    assert look(units, lambda s: queries.persons_named(s, [person, "nobody"])) == {person: "张三"}
    for gone in (
        lambda at: service.part_with(at, clerk, person, MembershipEnding.MOVED, SPRING),
        lambda at: service.change_person(at, clerk, person, PersonDraft("张三")),
        lambda at: service.tag_person(at, clerk, person, ["教育"]),
        lambda at: memberships.propose(at, clerk, MembershipDraft(K.MEMBER, person_id=person)),
    ):
        refused(units, Code.OUT_OF_TURN, gone)


# ── memberships ──


@pytest.mark.practice(14)
def test_a_seat_is_proposed_confirmed_by_a_meeting_and_ended_by_one(units: Units, clerk: Actor) -> None:
    person = new_person(units, clerk, "张三")
    draft = MembershipDraft(
        K.MEMBER, person_id=person, title="常委", term=10, sector=Sector.ECONOMY, party=Party.CDL,
        entry=MembershipEntry.ADDED,
    )  # fmt: skip
    seat = act(units, lambda at: memberships.propose(at, clerk, draft))
    assert seat.state is MembershipState.PROPOSED
    assert found(units, clerk) == [], "proposed is not yet a member"
    seat = act(units, lambda at: memberships.confirm(at, clerk, seat.id, MEETING))
    assert (seat.state, seat.since, seat.decided_by, seat.decided_on) == (
        MembershipState.ACTIVE, MEETING.day, MEETING.meeting, MEETING.day,
    )  # fmt: skip
    assert found(units, clerk, MEETING.day) == ["张三"]
    refused(units, Code.OUT_OF_TURN, lambda at: memberships.confirm(at, clerk, seat.id, MEETING))

    last = dt.date(2026, 9, 30)
    resigns = (MembershipEnding.RESIGNED, last)
    refused(units, Code.NEEDS_MEETING, lambda at: memberships.end(at, clerk, seat.id, *resigns))
    early = dt.date(2026, 4, 1)
    refused(units, Code.BAD_TIME, lambda at: memberships.end(at, clerk, seat.id, resigns[0], early, MEETING))
    ended = act(units, lambda at: memberships.end(at, clerk, seat.id, *resigns, Decision("十届五次常委会会议", last)))
    assert (ended.state, ended.until, ended.ending, ended.ended_on) == (MembershipState.ENDED, last, resigns[0], last)
    assert found(units, clerk, last) == ["张三"]
    assert found(units, clerk, last + dt.timedelta(days=1)) == []
    assert found(units, clerk, dt.date(2027, 1, 1), term=10) == ["张三"], "who had a seat in a term stays found by it"
    refused(units, Code.OUT_OF_TURN, lambda at: memberships.end(at, clerk, seat.id, *resigns, MEETING))


def test_a_seat_is_not_just_placed_and_a_decision_names_its_meeting(units: Units, clerk: Actor) -> None:
    person = new_person(units, clerk, "张三")
    seat = MembershipDraft(K.MEMBER, person_id=person)
    refused(units, Code.NEEDS_MEETING, lambda at: memberships.place(at, clerk, seat))
    proposed = act(units, lambda at: memberships.propose(at, clerk, seat))
    refused(units, Code.BAD_VALUE, lambda at: memberships.confirm(at, clerk, proposed.id, Decision(" ", SPRING)))


def test_a_seat_of_one_term_is_held_once_and_another_term_is_another_seat(units: Units, clerk: Actor) -> None:
    person = new_person(units, clerk, "张三")
    seated(units, clerk, person, term=10)
    again = MembershipDraft(K.MEMBER, person_id=person, term=10)
    refused(units, Code.ALREADY_HELD, lambda at: memberships.propose(at, clerk, again))
    seated(units, clerk, person, term=11)
    assert found(units, clerk) == ["张三"], "two seats, one member"
    assert look(units, lambda s: address_book.counts(s, clerk, SPRING)).total == 1


@pytest.mark.parametrize(
    "draft",
    [
        {"kind": K.MEMBER},
        {"kind": K.MEMBER, "person_id": "P", "holder_unit_id": "U"},
        {"kind": K.MEMBER, "holder_unit_id": "U"},
        {"kind": K.MEMBER, "person_id": "P", "body_id": "B"},
        {"kind": K.POSTING, "person_id": "P"},
        {"kind": K.POSTING, "person_id": "P", "unit_id": "U", "body_id": "B"},
        {"kind": K.POSTING, "holder_unit_id": "U", "unit_id": "U"},
        {"kind": K.MEMBER, "person_id": "P", "term": 0},
        {"kind": K.MEMBER, "person_id": "P", "title": "委" * 41},
    ],
)
def test_a_membership_that_makes_no_sense_is_refused(units: Units, clerk: Actor, draft: dict[str, Any]) -> None:
    body = act(units, lambda at: body_service.add_body(at, clerk, BodyDraft("局", BodyKind.DEPARTMENT)))
    ids = {"P": new_person(units, clerk, "张三"), "U": new_unit(units, clerk, "组", UnitKind.OFFICE).id, "B": body.id}
    meant = MembershipDraft(**{name: ids.get(value, value) for name, value in draft.items()})
    refused(units, Code.BAD_VALUE, lambda at: memberships.propose(at, clerk, meant))


def test_what_is_not_ours_has_no_members(units: Units, clerk: Actor) -> None:
    nobody = f"{places.JIASHAN}.person.{'0' * 32}"
    refused(
        units,
        Code.NOT_FOUND,
        lambda at: memberships.propose(at, clerk, MembershipDraft(K.MEMBER, person_id=nobody)),
    )
    refused(units, Code.BAD_ID, lambda at: memberships.propose(at, clerk, MembershipDraft(K.MEMBER, person_id="x")))
    refused(units, Code.NOT_FOUND, lambda at: memberships.confirm(at, clerk, nobody, MEETING))


@pytest.mark.seed(96)
def test_groups_are_linked_to_towns_and_members_to_grids(units: Units, clerk: Actor) -> None:
    """双联: nine service groups with one town each, every member with a grid (seed fact 96)."""
    grids = []
    for number in range(9):
        group = new_unit(units, clerk, f"第{number}服务团组", UnitKind.SERVICE_GROUP)
        town = new_unit(units, clerk, f"第{number}镇", UnitKind.TOWN)
        link = MembershipDraft(K.POSTING, holder_unit_id=group.id, unit_id=town.id)
        act(units, partial(memberships.place, actor=clerk, draft=link))
        if number < 2:
            grids.append(new_unit(units, clerk, "一网格", UnitKind.GRID, town.id))
    for grid, name in zip(grids, ("张三", "李四"), strict=True):
        placed(units, clerk, new_person(units, clerk, name), grid.id, K.POSTING)
    posted = look(units, lambda s: address_book.memberships(s, clerk, None, None, K.POSTING, 50, None)).rows
    assert sum(each.holder_unit_id is not None for each in posted) == 9
    assert sum(each.person_id is not None for each in posted) == 2
    assert look(units, lambda s: queries.persons_in(s, grids[0].id, SPRING)) == set(), "posted there, not part of it"


@pytest.mark.seed(92)
def test_each_party_member_is_in_the_right_chain_and_counted_once(units: Units, clerk: Actor) -> None:
    """双线党建链: 2 office branches, 6 temporary branches, 11 temporary groups, 138 party members (seed fact 92)."""
    kind = UnitKind
    office = new_unit(units, clerk, "机关党组", kind.PARTY_LEADING_GROUP)
    general = new_unit(units, clerk, "机关党总支", kind.PARTY_GENERAL_BRANCH, office.id)
    branches = [new_unit(units, clerk, f"机关第{n}支部", kind.PARTY_BRANCH, general.id) for n in (1, 2)]
    committee = new_unit(units, clerk, "政协党组", kind.PARTY_LEADING_GROUP)
    temporary = [new_unit(units, clerk, f"第{n}临时支部", kind.TEMPORARY_PARTY_BRANCH, committee.id) for n in range(6)]
    groups = [
        new_unit(units, clerk, f"第{n}临时小组", kind.TEMPORARY_PARTY_GROUP, temporary[n % 6].id) for n in range(11)
    ]
    people = []
    with units.write() as at:
        for number in range(138):
            person = service.add_person(at, clerk, PersonDraft(f"党员{chr(0x4E00 + number)}")).id
            people.append(person)
            if number < 20:
                draft = MembershipDraft(K.PARTY_MEMBER, person_id=person, unit_id=branches[number % 2].id)
                memberships.place(at, clerk, draft)
            if number >= 10:  # ten of the office are members as well, and stand in both chains
                draft = MembershipDraft(K.PARTY_MEMBER, person_id=person, unit_id=groups[number % 11].id)
                memberships.place(at, clerk, draft)

    def inside(unit: str) -> set[str]:
        return look(units, lambda s: queries.persons_in(s, unit, SPRING))

    assert (len(branches), len(temporary), len(groups)) == (2, 6, 11)
    assert (inside(office.id), inside(committee.id)) == (set(people[:20]), set(people[10:]))
    assert len(inside(office.id) | inside(committee.id)) == 138
    assert sum(len(inside(each.id)) for each in temporary) == 128
    twice = MembershipDraft(K.PARTY_MEMBER, person_id=people[0], unit_id=branches[0].id)
    refused(units, Code.ALREADY_HELD, lambda at: memberships.place(at, clerk, twice))


# ── looking people up ──


@pytest.fixture
def three(units: Units, clerk: Actor) -> dict[str, str]:
    """王五, 张三 and 丁一 (who sits by roster number), members of today; 李四, of the staff."""
    made = {
        "王五": new_person(units, clerk, "王五", tags=("法律", "科技")),
        "张三": new_person(units, clerk, "张三", tags=("法律",), work_phone="8400000"),
        "丁一": new_person(units, clerk, "丁一", roster_no="3"),
        "李四": new_person(units, clerk, "李四", tags=("文秘",)),
    }
    told = {"王五": (Sector.ECONOMY, Party.CDL), "张三": (Sector.EDUCATION, Party.CPC), "丁一": (Sector.ECONOMY, None)}
    for name, (sector, party) in told.items():
        seated(units, clerk, made[name], "常委" if name == "张三" else "委员", sector=sector, party=party, term=10)
    office = new_unit(units, clerk, "办公室", UnitKind.OFFICE)
    placed(units, clerk, made["李四"], office.id, K.STAFF)
    return made


@pytest.mark.practice(14)
def test_members_are_listed_by_roster_number_and_then_by_strokes(
    units: Units, clerk: Actor, member: Actor, three: dict[str, str]
) -> None:
    assert found(units, clerk) == found(units, member) == ["丁一", "王五", "张三"]


@pytest.mark.seed(11)
def test_members_are_found_by_tag_sector_party_title_name_and_words(
    units: Units, member: Actor, three: dict[str, str]
) -> None:
    assert found(units, member, tag="法律") == ["王五", "张三"]
    assert found(units, member, tag="法") == [], "a tag is one whole word"
    assert found(units, member, sector=Sector.ECONOMY) == ["丁一", "王五"]
    assert found(units, member, party=Party.CPC) == ["张三"]
    assert found(units, member, title="常委") == ["张三"]
    assert found(units, member, name="五") == ["王五"]
    assert found(units, member, text="法律 王五") == ["王五"]
    assert found(units, member, text="常委") == ["张三"]
    assert found(units, member, text="文秘") == [], "staff is not in the members' address book"
    assert found(units, member, term=9) == []
    assert found(units, member, text="法律", sector=Sector.EDUCATION) == ["张三"]


def test_members_are_found_by_unit_and_by_what_stands_above_it(
    units: Units, clerk: Actor, three: dict[str, str]
) -> None:
    above = new_unit(units, clerk, "提案委", UnitKind.SPECIAL_COMMITTEE)
    below = new_unit(units, clerk, "一组", UnitKind.MEMBER_GROUP, above.id)
    placed(units, clerk, three["张三"], below.id)
    assert found(units, clerk, unit_id=above.id) == found(units, clerk, unit_id=below.id) == ["张三"]


def test_an_ended_title_finds_nobody_any_more(units: Units, clerk: Actor, three: dict[str, str]) -> None:
    [seat] = look(units, lambda s: queries.memberships_of(s, three["张三"]))
    act(units, lambda at: memberships.end(at, clerk, seat.id, MembershipEnding.MOVED, MEETING.day))
    assert look(units, lambda s: address_book.persons(s, clerk, Wanted(text="常委"), SPRING, 9, None)).rows == []


@pytest.mark.practice(15)
def test_the_address_book_shows_own_people_the_work_phone(units: Units, member: Actor, three: dict[str, str]) -> None:
    [zhang] = look(units, lambda s: address_book.members(s, member, Wanted(name="张三"), SPRING, 9, None)).rows
    assert (zhang.title, zhang.sector, zhang.work_phone, zhang.term) == ("常委", Sector.EDUCATION, "8400000", 10)


def test_pages_of_the_address_book_are_the_whole_of_it(units: Units, clerk: Actor, three: dict[str, str]) -> None:
    names, after = [], None
    while True:
        page = partial(address_book.members, actor=clerk, wanted=Wanted(), day=SPRING, first=1, after=after)
        at = look(units, page)
        names += [each.name for each in at.rows]
        if not at.has_next:
            break
        after = at.cursor(at.rows[-1])
    assert names == ["丁一", "王五", "张三"]


def outsiders() -> list[Actor]:
    here = places.JIASHAN
    return [
        places.staff(here, Role.DEPARTMENT), places.staff(here, Role.SYSTEM_ADMIN), places.staff(here, Role.SUPERVISOR),
        places.stranger(here, places.QINGPU, Role.SECRETARY), places.stranger(here, places.JIAXING, Role.SECRETARY),
        places.stranger(here, places.HANGZHOU, Role.MEMBER),
    ]  # fmt: skip


@pytest.mark.parametrize("actor", outsiders(), ids=lambda each: f"{each.iss} {'-'.join(each.roles)}")
def test_nobody_else_looks_anybody_up(units: Units, clerk: Actor, three: dict[str, str], actor: Actor) -> None:
    wanted = Wanted()
    refused(units, Code.FORBIDDEN, lambda at: address_book.members(at.session, actor, wanted, SPRING, 9, None))
    refused(units, Code.FORBIDDEN, lambda at: address_book.persons(at.session, actor, wanted, SPRING, 9, None))
    refused(units, Code.FORBIDDEN, lambda at: address_book.memberships(at.session, actor, None, None, None, 9, None))
    refused(units, Code.FORBIDDEN, lambda at: address_book.tags(at.session, actor))
    assert look(units, lambda s: address_book.own(s, actor, three["张三"])) is None


def test_members_look_up_members_and_nobody_of_the_staff(units: Units, member: Actor, three: dict[str, str]) -> None:
    refused(units, Code.FORBIDDEN, lambda at: address_book.persons(at.session, member, Wanted(), SPRING, 9, None))
    assert look(units, lambda s: address_book.own(s, member, three["张三"]))
    assert look(units, lambda s: address_book.own(s, member, three["李四"])) is None


def test_committees_above_are_told_how_many_and_others_nothing(
    units: Units, clerk: Actor, three: dict[str, str]
) -> None:
    above = places.stranger(places.JIASHAN, places.JIAXING, Role.CLERK)
    counts = look(units, lambda s: address_book.counts(s, above, SPRING))
    assert (counts.total, counts.by_sector) == (3, {Sector.ECONOMY: 2, Sector.EDUCATION: 1})
    assert counts.by_party == {Party.CDL: 1, Party.CPC: 1, None: 1}
    for other in (places.QINGPU, places.HANGZHOU):
        who = places.stranger(places.JIASHAN, other, Role.CLERK)
        with pytest.raises(Refusal, match=Code.FORBIDDEN):
            look(units, partial(address_book.counts, actor=who, day=SPRING))
    plain = places.stranger(places.JIASHAN, places.JIAXING, Role.MEMBER)
    refused(units, Code.FORBIDDEN, lambda at: address_book.counts(at.session, plain, SPRING))


@pytest.mark.seed(11)
def test_the_wall_of_tags_counts_people(units: Units, clerk: Actor, member: Actor, three: dict[str, str]) -> None:
    assert look(units, lambda s: address_book.tags(s, member)) == [("法律", 2), ("科技", 1), ("文秘", 1)]
    act(units, lambda at: service.tag_person(at, clerk, three["王五"], ["教育", "教育 "]))
    assert look(units, lambda s: address_book.tags(s, member)) == [("法律", 1), ("教育", 1), ("文秘", 1)]


def test_an_account_is_a_members_as_long_as_the_seat_lasts(units: Units, clerk: Actor, three: dict[str, str]) -> None:
    account = places.staff(places.JIASHAN, Role.MEMBER, person=three["张三"])
    staff = places.staff(places.JIASHAN, Role.CLERK, person=three["李四"])

    def behind(actor: Actor) -> str | None:
        found = look(units, lambda s: queries.member_of_account(s, actor, SPRING))
        return found.name if found else None

    assert (behind(account), behind(staff), behind(clerk)) == ("张三", None, None)
    [seat] = look(units, lambda s: queries.memberships_of(s, three["张三"]))
    before = SPRING - dt.timedelta(days=1)
    assert look(units, lambda s: queries.member_of_account(s, account, before)) is None
    act(units, lambda at: memberships.end(at, clerk, seat.id, MembershipEnding.TERM_OVER, SPRING))
    assert behind(account) == "张三"
    assert look(units, lambda s: queries.member_of_account(s, account, SPRING + dt.timedelta(days=1))) is None
