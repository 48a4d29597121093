"""Two committees set themselves up over the real API: Xiaoshan's two chains of party units, and Jiashan's groups and
towns; and one sign-in opens every scene of a county, on a phone as well.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from tenant_service.identity.accounts import Draft
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Unit
from tests.federation.one_committee import Act, Committee, person, serving

pytestmark = [pytest.mark.federation, pytest.mark.timeout(240)]

SEATED = "周委员"
_MEMBERSHIP = "$membership: MembershipInput!"


def opened(unit: Unit) -> Iterator[Draft]:
    yield Draft("clerk", "办公室", frozenset({Role.CLERK}))
    yield Draft("secretary", "秘书长", frozenset({Role.SECRETARY}))
    yield Draft("member", SEATED, frozenset({Role.MEMBER}), person(unit, SEATED))


@pytest.fixture(scope="module")
def xiaoshan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Committee]:
    with serving(tmp_path_factory.mktemp("xiaoshan"), "330109", "杭州市萧山区政协", opened) as committee:
        yield committee


@pytest.fixture(scope="module")
def jiashan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Committee]:
    with serving(tmp_path_factory.mktemp("jiashan"), "330421", "嘉善县政协", opened) as committee:
        yield committee


# ── what the office does ──


def units(at: Committee, *told: tuple[str, str, str | None]) -> list[str]:
    """Units with name, kind and what they stand below; their ids."""
    types = "$unit: UnitInput!, $shares: [ShareInput!]!"
    made = at.acts("clerk", [
        Act("addUnit", types, {"unit": {"name": name, "kind": kind, "parentId": above}, "shares": []})
        for name, kind, above in told
    ])  # fmt: skip
    return [each["id"] for each in made]


def people(at: Committee, names: Iterable[str]) -> list[str]:
    made = at.acts("clerk", [Act("addPerson", "$person: PersonInput!", {"person": {"name": name}}) for name in names])
    return [each["id"] for each in made]


def placed(at: Committee, memberships: Iterable[dict[str, Any]]) -> None:
    at.acts("clerk", [Act("placeMember", _MEMBERSHIP, {"membership": each}) for each in memberships])


def inside(at: Committee, unit: str) -> int:
    """People in it and below it today, each once."""
    number: int = at.data("clerk", f'{{ unit(id: "{unit}") {{ people }} }}')["unit"]["people"]
    return number


def names_in(at: Committee, unit: str) -> set[str]:
    """The same, whoever it is."""
    found, after = set[str](), None
    document = """query ($unit: ID!, $after: Cursor) { persons(where: {unitId: $unit}, first: 50, after: $after) {
        nodes { id } pageInfo { hasNextPage endCursor } } }"""
    while True:
        page = at.data("clerk", document, unit=unit, after=after)["persons"]
        found |= {each["id"] for each in page["nodes"]}
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


# ── the scenes ──


@pytest.mark.seed(92)
def test_138_party_members_stand_in_two_chains_and_count_once(xiaoshan: Committee) -> None:
    """双线党建链: 2 office branches, 6 temporary branches, 11 temporary groups; ten people stand in both chains."""
    at = xiaoshan
    office, members = units(at, ("机关党组", "PARTY_LEADING_GROUP", None), ("政协党组", "PARTY_LEADING_GROUP", None))
    [general] = units(at, ("机关党总支", "PARTY_GENERAL_BRANCH", office))
    branches = units(at, *((f"机关第{n}党支部", "PARTY_BRANCH", general) for n in (1, 2)))
    temporary = units(at, *((f"第{n}专委会临时党支部", "TEMPORARY_PARTY_BRANCH", members) for n in range(1, 7)))
    groups = units(
        at, *((f"第{n}临时党小组", "TEMPORARY_PARTY_GROUP", temporary[n % len(temporary)]) for n in range(11))
    )
    all_of_them = people(at, (f"党员{chr(0x4E00 + n)}" for n in range(138)))
    placed(at, (
        {"kind": "PARTY_MEMBER", "personId": id, "unitId": branches[n % 2]} for n, id in enumerate(all_of_them[:20])
    ))  # fmt: skip
    placed(at, (
        {"kind": "PARTY_MEMBER", "personId": id, "unitId": groups[n % 11]} for n, id in enumerate(all_of_them[10:])
    ))  # fmt: skip
    assert (len(branches), len(temporary), len(groups)) == (2, 6, 11)
    assert (inside(at, office), inside(at, members)) == (20, 128)
    assert sum(inside(at, each) for each in temporary) == 128
    assert names_in(at, office) | names_in(at, members) == set(all_of_them), "138, not 148"
    again = {"kind": "PARTY_MEMBER", "personId": all_of_them[0], "unitId": branches[0]}
    assert at.refused("clerk", "placeMember", _MEMBERSHIP, membership=again)["code"] == "ALREADY_HELD"
    page = at.browser("clerk").go(f"/units/{office}")
    assert (page.status, "机关党总支" in page.text, ">20<" in page.text) == (200, True, True)


@pytest.mark.seed(96)
def test_nine_groups_are_linked_to_nine_towns_and_members_to_grids(jiashan: Committee) -> None:
    """双联 (Jiashan): 界别联镇街、委员联网格."""
    at = jiashan
    towns = units(at, *((f"第{n}镇", "TOWN", None) for n in range(9)))
    groups = units(at, *((f"第{n}服务团组", "SERVICE_GROUP", None) for n in range(9)))
    grids = units(at, *((f"第{n}镇一网格", "GRID", town) for n, town in enumerate(towns)))
    members = people(at, (f"委员{chr(0x4E00 + n)}" for n in range(27)))
    pairs = list(zip(groups, towns, strict=True))
    placed(at, ({"kind": "POSTING", "holderUnitId": group, "unitId": town} for group, town in pairs[:8]))
    reach = "query ($kind: UnitKind!) { postingReach(kind: $kind) { areas covered people units } }"
    found = at.data("clerk", reach, kind="TOWN")["postingReach"]
    assert found == {"areas": 9, "covered": 8, "people": 0, "units": 8}, "one town has no group yet"
    placed(at, [{"kind": "POSTING", "holderUnitId": pairs[8][0], "unitId": pairs[8][1]}])
    placed(at, ({"kind": "POSTING", "personId": id, "unitId": grids[n % 9]} for n, id in enumerate(members)))
    assert at.data("clerk", reach, kind="TOWN")["postingReach"]["covered"] == 9
    found = at.data("clerk", reach, kind="GRID")["postingReach"]
    assert found == {"areas": 9, "covered": 9, "people": 27, "units": 0}
    page = at.browser("clerk").go(f"/units/{groups[0]}")
    assert "第0镇" in page.text
    sheet = page.client.get("/postings.csv").content.decode("utf-8-sig")
    assert (sheet.count("服务团组"), sheet.count("委员")) == (9, 27)


@pytest.mark.seed(1, 5)
def test_one_sign_in_opens_every_scene_and_a_member_has_all_of_theirs_on_a_phone(jiashan: Committee) -> None:
    """数字政协: several scenes under one architecture, one account, one list of members; i履职: the member's part."""
    office = jiashan.browser("clerk")
    for scene in (
        "/", "/topics", "/activities", "/venues", "/supervision", "/assignments", "/items", "/procedures", "/figures",
        "/units", "/people", "/postings", "/bodies",
    ):  # fmt: skip
        assert office.go(scene).status == 200, scene
    seat = {"kind": "MEMBER", "title": "委员", "term": 16, "party": "CDL", "sector": "ECONOMY"}
    document = "query ($name: String!) { persons(where: {name: $name}) { nodes { id } } }"
    found = jiashan.data("clerk", document, name=SEATED)["persons"]["nodes"]
    proposed = jiashan.act(
        "clerk", "proposeMembership", _MEMBERSHIP, membership=seat | {"personId": found[0]["id"]}
    )["id"]  # fmt: skip
    decided = {"meeting": "县政协十六届一次会议", "day": "2026-01-20"}
    types = "$id: ID!, $decision: DecisionInput!"
    jiashan.act("clerk", "confirmMembership", types, id=proposed, decision=decided)
    member = jiashan.browser("member")
    assert 'name="viewport" content="width=device-width' in member.go("/").text, "it is made for a phone's width"
    for scene in ("/", "/activities", "/topics", "/people", "/notifications", "/personal/mine"):
        assert member.go(scene).status == 200, scene
    assert SEATED in member.go("/people").text
    assert member.go("/units/new").status == 403
