"""What committees publish of their ordinary days, counted from rows over the real API of one of them."""

import datetime as dt
from collections.abc import Iterator

import pytest

from tenant_service.identity.accounts import Draft
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Unit
from tests.federation.desk import TODAY, about, accepted, answered, counted, held, selected
from tests.federation.one_committee import Act, Committee, serving

pytestmark = [pytest.mark.federation, pytest.mark.timeout(240)]


def staff(_unit: Unit) -> Iterator[Draft]:
    yield Draft("clerk", "办公室", frozenset({Role.CLERK}))
    yield Draft("secretary", "秘书长", frozenset({Role.SECRETARY}))


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Committee]:
    """One for all: what is counted is told apart by its kind."""
    with serving(tmp_path_factory.mktemp("county"), "330421", "嘉善县政协", staff) as committee:
        yield committee


def of_kind(at: Committee, kind: str, wanted: str) -> list[dict[str, object]]:
    document = "query ($kinds: [ActivityKind!]!) { activities(where: {kinds: $kinds}, first: 100) { nodes { %s } } }"
    found: list[dict[str, object]] = at.data("clerk", document % wanted, kinds=[kind])["activities"]["nodes"]
    return found


@pytest.mark.seed(44)
def test_six_special_consultations_with_the_party_secretary_are_counted_with_their_leaders(county: Committee) -> None:
    held(county, "INVITED_CONSULTATION", [f"请你来协商·第{number}期" for number in range(1, 7)])
    assert counted(county, "ACTIVITIES_HELD", "INVITED_CONSULTATION") == 6
    assert counted(county, "LEADER_ATTENDED", "INVITED_CONSULTATION") == 6


@pytest.mark.seed(54)
def test_two_deep_talks_of_a_sector_come_to_forty_suggestions(county: Committee) -> None:
    """40余条 are kept as they are, and rounded where people read them."""
    for number, several in ((1, 19), (2, 22)):
        told = {"suggestions": [f"第{number}场建议{each}" for each in range(several)]}
        held(county, "SECTOR_CONSULTATION", [f"界别深聊会第{number}场"], told)
    assert counted(county, "ACTIVITIES_HELD", "SECTOR_CONSULTATION") == 2
    assert counted(county, "SUGGESTIONS", "SECTOR_CONSULTATION") == 41


@pytest.mark.seed(56)
def test_each_issue_of_a_salon_has_one_theme_and_its_enterprises_stand_in_the_report(county: Committee) -> None:
    told = {"headcount": 16, "suggestions": ["简化审批", "设立服务专员"], "text": "16名企业代表参加，部门现场答复。"}
    held(county, "SALON", ["杭商荟：营商环境"], told, series="杭商荟", issueNo=25)
    [issue] = of_kind(county, "SALON", "series issueNo headcount suggestions")
    assert issue == {"series": "杭商荟", "issueNo": 25, "headcount": 16, "suggestions": ["简化审批", "设立服务专员"]}
    assert counted(county, "PUBLIC_TIMES", "SALON") == 16


@pytest.mark.seed(53)
def test_a_visit_and_a_small_consultation_settle_one_matter_in_days(county: Committee) -> None:
    [matter] = accepted(county, ["校门口交通"])
    [visited], [consulted] = (
        held(county, "INSPECTION", ["校门口实地察看"]),
        held(county, "MICRO_CONSULTATION", ["校门口微协商"]),
    )
    county.act("clerk", "handleTopic", "$id: ID!", id=matter)
    about(county, [(matter, visited), (matter, consulted)])
    answered(county, [matter])
    document = f'{{ topic(id: "{matter}") {{ state daysToAnswer }} }}'
    assert county.data("clerk", document)["topic"] == {"state": "CLOSED", "daysToAnswer": 0}


@pytest.mark.seed(106)
def test_sixty_sessions_in_parks_enterprises_and_courtyards_settle_thirty_matters(county: Committee) -> None:
    sessions = held(county, "HALL_SESSION", [f"有事来协商第{number}场" for number in range(1, 64)])
    matters = accepted(county, [f"协商事项{number}" for number in range(1, 33)])
    before = counted(county, "TOPICS_ANSWERED")
    county.acts("clerk", [Act("handleTopic", "$id: ID!", {"id": each}) for each in matters])
    about(county, list(zip(matters, sessions, strict=False)))
    answered(county, matters)
    assert counted(county, "ACTIVITIES_HELD", "HALL_SESSION") == 63
    assert counted(county, "TOPICS_ANSWERED") - before == 32


@pytest.mark.seed(91)
def test_the_three_micro_kinds_are_counted_each_by_itself(county: Committee) -> None:
    """微监督, 微服务 and 微建议: what is watched, what is done, and what is suggested."""
    held(county, "SUPERVISION", ["垃圾分类微监督"])
    held(county, "SERVICE_DAY", ["法律咨询微服务", "义诊微服务"], {"suggestions": ["延长窗口时间"]})
    assert counted(county, "ACTIVITIES_HELD", "SUPERVISION") == 1
    assert counted(county, "ACTIVITIES_HELD", "SERVICE_DAY") == 2
    assert counted(county, "SUGGESTIONS", "SERVICE_DAY") == 2, "one at each"


@pytest.mark.seed(22, 23)
def test_what_enterprises_ask_for_is_heard_at_their_monitoring_point_and_counted_as_theirs(county: Committee) -> None:
    venue = {"name": "智立方营商环境监测点", "kind": "CONTACT_POINT", "type": "PARK", "address": "前进智造园",
             "openedOn": str(TODAY)}  # fmt: skip
    at = county.act("clerk", "addVenue", "$venue: VenueInput!, $shares: [ShareInput!]!", venue=venue, shares=[])["id"]
    types = "$source: TopicSource!, $topic: TopicInput!, $report: TopicReportInput!, $venueId: ID"
    told = {"title": "用工证明办理慢", "category": "BUSINESS"}
    report = {"words": "证明要跑三个窗口"}
    county.act("clerk", "registerTopic", types, source="ENTERPRISE", topic=told, report=report, venueId=at)
    assert counted(county, "TOPICS_RAISED", "ENTERPRISE") == 1
    document = "{ topics(where: {sources: [ENTERPRISE]}) { nodes { venueId } } }"
    assert county.data("clerk", document)["topics"]["nodes"] == [{"venueId": at}]


@pytest.mark.seed(19)
def test_a_proposal_from_the_web_is_a_topic_and_no_formal_proposal(county: Committee) -> None:
    """在线提写网络提案: whoever sits in the experience area writes one without an account."""
    before = counted(county, "TOPICS_RAISED", "PUBLIC")
    told = county.browser().go("/report").send("/report", words="建议增设公园夜间照明", consent="yes")
    assert 'id="code"' in told.text
    assert counted(county, "TOPICS_RAISED", "PUBLIC") == before + 1
    document = "{ topics(where: {states: [RAISED], sources: [PUBLIC]}) { nodes { channel venueId } } }"
    assert {"channel": "WEB", "venueId": None} in county.data("clerk", document)["topics"]["nodes"]


@pytest.mark.seed(67)
def test_a_matter_is_looked_after_for_two_years(county: Committee) -> None:
    """空心村: researched, answered, and followed until the county's project stands."""
    [village] = accepted(county, ["空心村整治"])
    selected(county, [village])
    until = str(TODAY + dt.timedelta(730))
    county.act("clerk", "trackTopic", "$id: ID!, $until: Date", id=village, until=until)
    document = "{ topics(where: {isTracked: true}) { nodes { id trackedUntil } } }"
    assert county.data("clerk", document)["topics"]["nodes"] == [{"id": village, "trackedUntil": until}]


@pytest.mark.seed(68)
def test_a_lift_is_agreed_upon_at_a_hall_and_the_answer_is_public(county: Committee) -> None:
    venue = {"name": "红茶议事会", "kind": "HALL", "brand": "红茶议事会", "address": "和睦社区", "openedOn": str(TODAY)}
    hall = county.act("clerk", "addVenue", "$venue: VenueInput!, $shares: [ShareInput!]!", venue=venue, shares=[])["id"]
    [session] = held(county, "COUNTERPART_CONSULTATION", ["加装电梯协商"], venueId=hall)
    [lift] = accepted(county, ["老旧小区加装电梯"])
    county.act("secretary", "shareTopic", "$id: ID!, $shares: [ShareInput!]!", id=lift, shares=[{"scope": "OPEN"}])
    county.act("clerk", "handleTopic", "$id: ID!", id=lift)
    about(county, [(lift, session)])
    answered(county, [lift])
    assert county.data("", f'{{ topic(id: "{lift}") {{ answer }} }}')["topic"]["answer"] == "已办结，见现场。"
