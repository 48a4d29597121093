"""Units stand in trees, have their days, and are shared by choice."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from sync.contract.channels import Scope, Share
from sync.contract.errors import Code
from sync.contract.shapes.members import MembershipKind, MembershipState, UnitKind, UnitOrder
from sync.contract.shapes.sectors import Sector
from sync.contract.trust.directory import Directory
from tenant_service.counting.rules import Span
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.members import membership_service as memberships
from tenant_service.members import queries, unit_service
from tenant_service.members.membership_service import MembershipDraft
from tenant_service.members.queries import UnitsWanted
from tenant_service.members.unit_service import UnitDraft
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.members.office import act, look, new_person, new_unit, placed, refused
from tests.tenant_service.told import told

K = UnitKind
SPRING = places.SPRING.date()
MARCH = dt.date(2026, 3, 1)


def shown(units: Units, actor: Actor, **wanted: Any) -> list[str]:
    found = look(units, lambda s: queries.units(s, actor, UnitsWanted(**wanted), UnitOrder.SORT_KEY_ASC, 50, None))
    return [each.name for each in found.rows]


def test_a_unit_stands_below_another_and_never_below_itself(units: Units, clerk: Actor) -> None:
    group = new_unit(units, clerk, "第一组", K.MEMBER_GROUP)
    sub = new_unit(units, clerk, "第一小组", K.MEMBER_GROUP, group.id)
    assert sub.parent_id == group.id
    assert shown(units, clerk, parent_id=group.id) == ["第一小组"]
    below = UnitDraft("第一组", K.MEMBER_GROUP, parent_id=sub.id)
    refused(units, Code.UNIT_CYCLE, lambda at: unit_service.change_unit(at, clerk, group.id, below))
    itself = UnitDraft("第一组", K.MEMBER_GROUP, parent_id=group.id)
    refused(units, Code.UNIT_CYCLE, lambda at: unit_service.change_unit(at, clerk, group.id, itself))


@pytest.mark.parametrize(
    ("kind", "above"),
    [
        (K.TOWN, K.TOWN),
        (K.COMMUNITY, K.GRID),
        (K.SECTOR, K.TOWN),
        (K.PARTY_GROUP, K.OFFICE),
        (K.OFFICE, K.PARTY_BRANCH),
    ],
)
def test_each_kind_has_its_own_tree(units: Units, clerk: Actor, directory: Directory, kind: K, above: K) -> None:
    town = new_unit(units, clerk, "魏塘街道", K.TOWN)
    community = new_unit(units, clerk, "里泽社区", K.COMMUNITY, town.id)
    parents = {K.TOWN: town, K.GRID: new_unit(units, clerk, "一网格", K.GRID, community.id)}
    parent = parents.get(above) or new_unit(units, clerk, "上级", above)
    draft = UnitDraft("下级", kind, parent_id=parent.id)
    refused(units, Code.UNIT_MISPLACED, lambda at: unit_service.add_unit(at, clerk, directory, draft, []))


def test_what_is_not_there_or_closed_takes_nothing_below_it(units: Units, clerk: Actor, directory: Directory) -> None:
    gone = new_unit(units, clerk, "旧组", K.MEMBER_GROUP)
    act(units, lambda at: unit_service.close_unit(at, clerk, gone.id, SPRING))

    def below(parent: str) -> Callable[[Any], Any]:
        draft = UnitDraft("新组", K.MEMBER_GROUP, parent_id=parent)
        return lambda at: unit_service.add_unit(at, clerk, directory, draft, [])

    refused(units, Code.OUT_OF_TURN, below(gone.id))
    refused(units, Code.NOT_FOUND, below(f"{gone.id[:-1]}{'0' if gone.id[-1] != '0' else '1'}"))
    refused(units, Code.BAD_ID, below("组"))


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (UnitDraft("", K.SECTOR), Code.BAD_VALUE),
        (UnitDraft("组" * 81, K.SECTOR), Code.BAD_VALUE),
        (UnitDraft("【秘密】组", K.SECTOR), Code.CLASSIFIED),
        (UnitDraft("提案委", K.SPECIAL_COMMITTEE, sector=Sector.ECONOMY), Code.BAD_VALUE),
    ],
)
def test_a_unit_that_is_badly_described_is_refused(
    units: Units, clerk: Actor, directory: Directory, draft: UnitDraft, code: Code
) -> None:
    refused(units, code, lambda at: unit_service.add_unit(at, clerk, directory, draft, []))


@pytest.mark.parametrize("role", [Role.MEMBER, Role.STREET, Role.CONVENER, Role.SYSTEM_ADMIN])
def test_only_the_office_keeps_the_list_of_units(units: Units, directory: Directory, role: Role) -> None:
    actor = places.staff(places.JIASHAN, role)
    draft = UnitDraft("组", K.MEMBER_GROUP)
    refused(units, Code.FORBIDDEN, lambda at: unit_service.add_unit(at, actor, directory, draft, []))


def test_staff_of_another_committee_may_not_act_here(units: Units, directory: Directory) -> None:
    actor = places.stranger(places.JIASHAN, places.JIAXING, Role.CLERK)
    draft = UnitDraft("组", K.MEMBER_GROUP)
    refused(units, Code.FORBIDDEN, lambda at: unit_service.add_unit(at, actor, directory, draft, []))


# ── days ──


def test_towns_count_on_the_days_on_which_they_stood(units: Units, clerk: Actor) -> None:
    old = new_unit(units, clerk, "魏塘镇", K.TOWN)
    new_unit(units, clerk, "姚庄镇", K.TOWN)
    new_unit(units, clerk, "罗星街道", K.TOWN, since=dt.date(2026, 3, 11))
    new_unit(units, clerk, "里泽社区", K.COMMUNITY, old.id, since=dt.date(2027, 1, 1))
    new_unit(units, clerk, "提案委", K.SPECIAL_COMMITTEE)
    community = look(units, lambda s: queries.children(s, old.id))[0]
    act(units, lambda at: unit_service.close_unit(at, clerk, community.id, dt.date(2027, 1, 2)))
    act(units, lambda at: unit_service.close_unit(at, clerk, old.id, dt.date(2027, 3, 10)))

    def towns(day: dt.date) -> list[str]:
        return [each.name for each in look(units, lambda s: queries.areas_on(s, day))]

    assert towns(dt.date(2026, 3, 10)) == ["魏塘镇", "姚庄镇"]
    assert towns(dt.date(2027, 3, 10)) == ["罗星街道", "魏塘镇", "姚庄镇"], "both ends are included"
    assert towns(dt.date(2027, 3, 11)) == ["罗星街道", "姚庄镇"]
    spans = look(units, queries.towns)
    assert spans[old.id] == Span("TOWN", dt.date(1949, 10, 1), dt.date(2027, 3, 11))
    assert len(spans) == 3


def test_a_unit_is_not_closed_over_the_units_below_it(units: Units, clerk: Actor) -> None:
    town = new_unit(units, clerk, "魏塘街道", K.TOWN)
    below = new_unit(units, clerk, "里泽社区", K.COMMUNITY, town.id)
    refused(units, Code.UNIT_IN_USE, lambda at: unit_service.close_unit(at, clerk, town.id, SPRING))
    act(units, lambda at: unit_service.close_unit(at, clerk, below.id, SPRING))
    act(units, lambda at: unit_service.close_unit(at, clerk, town.id, SPRING))
    refused(units, Code.OUT_OF_TURN, lambda at: unit_service.close_unit(at, clerk, town.id, SPRING))


def test_a_unit_does_not_end_before_it_began(units: Units, clerk: Actor) -> None:
    group = new_unit(units, clerk, "一组", K.MEMBER_GROUP, since=SPRING)
    refused(units, Code.BAD_TIME, lambda at: unit_service.close_unit(at, clerk, group.id, MARCH))


def test_whoever_is_in_a_unit_is_in_it_until_its_last_day(units: Units, clerk: Actor) -> None:
    group = new_unit(units, clerk, "一组", K.MEMBER_GROUP)
    person = new_person(units, clerk, "张三")
    placed(units, clerk, person, group.id)
    act(units, lambda at: unit_service.close_unit(at, clerk, group.id, SPRING))
    [held] = look(units, lambda s: queries.memberships_of(s, person))
    assert (held.state, held.until) == (MembershipState.ENDED, SPRING)
    assert look(units, lambda s: queries.persons_in(s, group.id, SPRING)) == {person}
    assert look(units, lambda s: queries.persons_in(s, group.id, SPRING + dt.timedelta(days=1))) == set()


def test_a_merged_unit_leaves_its_people_and_its_units_to_the_other(units: Units, clerk: Actor) -> None:
    one, two = (new_unit(units, clerk, name, K.MEMBER_GROUP) for name in ("一组", "二组"))
    sub = new_unit(units, clerk, "一组甲", K.MEMBER_GROUP, one.id)
    both, alone = new_person(units, clerk, "张三"), new_person(units, clerk, "李四")
    for person, unit in ((both, one), (both, two), (alone, one)):
        placed(units, clerk, person, unit.id)
    merged = act(units, lambda at: unit_service.merge_unit(at, clerk, one.id, two.id, SPRING))
    assert (merged.until, merged.merged_into_id) == (SPRING, two.id)
    after = SPRING + dt.timedelta(days=1)
    assert look(units, lambda s: queries.persons_in(s, one.id, SPRING)) == {both, alone}
    assert look(units, lambda s: queries.persons_in(s, one.id, after)) == set()
    assert look(units, lambda s: queries.persons_in(s, two.id, after)) == {both, alone}
    assert len([m for m in look(units, lambda s: queries.memberships_of(s, both)) if m.until is None]) == 1
    assert [each.id for each in look(units, lambda s: queries.children(s, two.id))] == [sub.id]


def test_a_unit_is_not_merged_into_one_below_it(units: Units, clerk: Actor) -> None:
    one = new_unit(units, clerk, "一组", K.MEMBER_GROUP)
    sub = new_unit(units, clerk, "一组甲", K.MEMBER_GROUP, one.id)
    refused(units, Code.UNIT_CYCLE, lambda at: unit_service.merge_unit(at, clerk, one.id, sub.id, SPRING))


def test_what_a_merged_unit_was_posted_to_the_other_is_posted_to(units: Units, clerk: Actor) -> None:
    one, two = (new_unit(units, clerk, name, K.SERVICE_GROUP) for name in ("一组", "二组"))
    town = new_unit(units, clerk, "姚庄镇", K.TOWN)
    draft = MembershipDraft(MembershipKind.POSTING, holder_unit_id=one.id, unit_id=town.id)
    act(units, lambda at: memberships.place(at, clerk, draft))
    act(units, lambda at: unit_service.merge_unit(at, clerk, one.id, two.id, SPRING))
    again = MembershipDraft(MembershipKind.POSTING, holder_unit_id=two.id, unit_id=town.id)
    refused(units, Code.ALREADY_HELD, lambda at: memberships.place(at, clerk, again))


# ── sharing ──


def test_a_unit_reaches_only_whom_it_is_shared_with(units: Units, clerk: Actor, directory: Directory) -> None:
    partner = places.stranger(places.JIASHAN, places.QINGPU, Role.CLERK)
    city = places.stranger(places.JIASHAN, places.HANGZHOU, Role.CLERK)
    unit = new_unit(units, clerk, "三地联络室", K.LIAISON)
    assert (shown(units, clerk), shown(units, partner), told(units)) == (["三地联络室"], [], [])
    shares = [Share(Scope.MECHANISM, places.DELTA)]
    act(units, lambda at: unit_service.share_unit(at, clerk, directory, unit.id, shares))
    assert (shown(units, partner), shown(units, city)) == (["三地联络室"], [])
    assert [(each.op, each.record) for each in told(units)] == [("put", unit.id)]
    act(units, lambda at: unit_service.share_unit(at, clerk, directory, unit.id, []))
    assert shown(units, partner) == []
    assert [each.op for each in told(units)] == ["put", "retract"]
    assert look(units, lambda s: queries.unit(s, partner, unit.id)) is None


def test_a_unit_is_shared_with_nobody_unknown(units: Units, clerk: Actor, directory: Directory) -> None:
    unit = new_unit(units, clerk, "联络室", K.LIAISON)
    elsewhere = Share(Scope.MECHANISM, f"{places.HANGZHOU}.mechanism.{'0' * 32}")
    for share, code in ((elsewhere, Code.UNKNOWN_MECHANISM), (Share(Scope.PARTNER, "999999"), Code.UNKNOWN_COMMITTEE)):
        refused(
            units, code, partial(unit_service.share_unit, actor=clerk, directory=directory, id=unit.id, shares=[share])
        )
