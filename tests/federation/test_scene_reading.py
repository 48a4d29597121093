"""Scene 13, 书香政协·文化上街: Shangjie's members read in the library and at a workshop, special committees are
inspected, and reading counts in the yearly assessment of members and of special committees.
"""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sync.contract.instants import day_of
from sync.contract.shapes.members import MembershipKind, UnitKind
from sync.contract.trust.directory import Contents, Directory
from tenant_service.identity.accounts import Draft
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.members import membership_service as memberships
from tenant_service.members import unit_service
from tenant_service.members.membership_service import Decision, MembershipDraft
from tenant_service.members.unit_service import UnitDraft
from tenant_service.storage.unit_of_work import Unit
from tests.federation.one_committee import Act, Committee, person, serving

pytestmark = [pytest.mark.federation, pytest.mark.timeout(240)]
LARGE, SMALL = ("甲委员", "乙委员", "丙委员", "丁委员", "戊委员"), ("己委员", "庚委员")
ID, SIGN = "$id: ID!", "$id: ID!, $unclassified: Boolean!"


def opens(unit: Unit) -> Iterator[Draft]:
    """Everybody has a seat; five belong to one special committee, two to another one."""
    office = Actor(unit.committee, unit.committee, "office", roles=frozenset({Role.CLERK}))
    yield Draft("clerk", "办公室", frozenset({Role.CLERK}))
    yield Draft("secretary", "秘书长", frozenset({Role.SECRETARY}))
    nobody = Directory(Contents(serial=1, issued_at=0, expires_at=2**40, entries=[]))
    for name, members in (("文化文史委", LARGE), ("提案委", SMALL)):
        told = UnitDraft(name, UnitKind.SPECIAL_COMMITTEE)
        committee = unit_service.add_unit(unit, office, nobody, told, []).id
        for each in members:
            who = person(unit, each)
            seat = memberships.propose(unit, office, MembershipDraft(MembershipKind.MEMBER, who, title="委员"))
            memberships.confirm(unit, office, seat.id, Decision("区政协一次会议", day_of(unit.now)))
            memberships.place(unit, office, MembershipDraft(MembershipKind.MEMBER, who, unit_id=committee))
            yield Draft(each, each, frozenset({Role.MEMBER}), who)


@pytest.fixture
def shangjie(tmp_path: Path) -> Iterator[Committee]:
    with serving(tmp_path, "410106", "郑州市上街区政协", opens) as committee:
        yield committee


def published(at: Committee, title: str, kind: str) -> str:
    books = ["《乡土中国》"] if kind == "BOOK_LIST" else []
    post = {"kind": kind, "title": title, "text": "文化上街荐读。", "books": books}
    types = "$post: PostInput!, $shares: [ShareInput!]!"
    id: str = at.act("clerk", "draftPost", types, post=post, shares=[])["id"]
    at.act("clerk", "submitPost", ID, id=id)
    at.act("secretary", "signOffPost", SIGN, id=id, unclassified=True)
    at.act("clerk", "publishPost", ID, id=id)
    return id


def held(at: Committee, title: str, kind: str, *members: str) -> None:
    """An activity that begins now, to which these came."""
    told = {"title": title, "kind": kind, "startsAt": dt.datetime.now(dt.UTC).isoformat(), "place": "读书驿站"}
    types = "$activity: ActivityInput!, $shares: [ShareInput!]!"
    id = at.act("clerk", "draftActivity", types, activity=told, shares=[])["id"]
    at.act("clerk", "submitActivity", ID, id=id)
    at.act("secretary", "signOffActivity", SIGN, id=id, unclassified=True)
    acts = [
        Act("checkInByList", "$activityId: ID!, $guest: GuestInput!",
            {"activityId": id, "guest": {"id": person_of(at, each), "name": each}})
        for each in members
    ]  # fmt: skip
    at.acts("clerk", acts)


def person_of(at: Committee, name: str) -> str:
    return str(at.data(name, "{ viewer { personId } }")["viewer"]["personId"])


@pytest.mark.seed(101)
def test_reading_counts_in_the_yearly_assessment_of_members_and_committees(shangjie: Committee) -> None:
    year = day_of(dt.datetime.now(dt.UTC)).year
    types = "$template: String!, $year: Int!"
    scheme = shangjie.act("clerk", "adoptScheme", types, template="reading", year=year)["id"]
    shangjie.act("secretary", "enactScheme", SIGN, id=scheme, unclassified=True)
    posts = [published(shangjie, "两会报告解读", "READING"), published(shangjie, "荐读书单", "BOOK_LIST")]
    notice = published(shangjie, "开馆通知", "NOTICE")
    for reader, read in (("甲委员", [*posts, posts[0], notice]), ("乙委员", posts[:1])):
        shangjie.acts(reader, [Act("readPost", ID, {"id": each}) for each in read])
    held(shangjie, "读书工作坊", "READING", "甲委员", "己委员")
    held(shangjie, "检查专委会读书情况", "INSPECTION", "乙委员")

    def points(who: str) -> dict[str, Any]:
        found: dict[str, Any] = shangjie.data(
            who,
            f"{{ pointsSoFar(year: {year}) {{ points lines {{ points cut }} short {{ deed did least points }} }} }}",
        )["pointsSoFar"]
        return found

    first = points("甲委员")
    assert sorted(each["points"] for each in first["lines"]) == [1, 1, 5], "each post once, the notice not at all"
    assert first["short"] == [{"deed": "READING", "did": 1, "least": 2, "points": 0.0}], "the year is not over"
    assert first["points"] == 40 + 1 + 1 + 5
    assert {(each["points"], each["cut"]) for each in points("乙委员")["lines"]} == {(1.0, None), (0.0, "NO_POINTS")}
    result = shangjie.act("clerk", "computeResult", "$year: Int!", year=year)["id"]
    until = str(day_of(dt.datetime.now(dt.UTC)) + dt.timedelta(days=7))
    types = "$id: ID!, $until: Date!, $unclassified: Boolean!"
    shangjie.act("secretary", "publishResult", types, id=result, until=until, unclassified=True)
    [own] = shangjie.data("甲委员", "{ yearlyResults { members { personId points } } }")["yearlyResults"]
    deducted = 5  # two workshops were to be attended
    assert own["members"] == [{"personId": person_of(shangjie, "甲委员"), "points": 47.0 - deducted}], (
        "one's own, and no other's"
    )
    ask = f"""{{ unitScores(resultId: "{result}", kind: SPECIAL_COMMITTEE, deeds: [READING, ONLINE_READING]) {{
        name members deeds doing mean }} }}"""
    [unit] = shangjie.data("secretary", ask)["unitScores"]
    assert (unit["name"], unit["members"], unit["deeds"], unit["doing"]) == ("文化文史委", 5, 4, 2)
    assert unit["mean"] == (47 + 41 + 3 * 40) / 5 - deducted
    page = shangjie.browser("甲委员").go(f"/performance/results/{result}/units?heading=STUDIES")
    assert "文化文史委" in page.text
    assert "提案委" not in page.text, "two members are no list"
