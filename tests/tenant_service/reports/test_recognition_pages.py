"""The office records what was recognised on its pages and over GraphQL, and a leader confirms it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from sync.contract.shapes.reports import ReportKind
from tenant_service.identity.policy import Role
from tests.tenant_service.browsing import Browser
from tests.tenant_service.reports.office import PIECE, Office
from tests.tenant_service.reports.test_graphql import ask
from tests.tenant_service.topics.office import Office as Topics

# A page does not know which database is below it; the room's other tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
GIVEN = {"kind": "INSTRUCTION", "level": "CITY_MAIN", "day": "2026-03-20", "title": "专题报告", "favourable": "yes"}


@pytest.fixture
def leader(anybody: Callable[..., Browser]) -> Browser:
    return anybody(Role.SECRETARY)


def test_an_instruction_is_recorded_put_right_and_confirmed(
    clerk_browser: Browser, leader: Browser, visitor: Browser, office: Office
) -> None:
    assert "登记后由领导确认" in clerk_browser.go("/recognitions").text
    report = office.signed()
    assert "登记认定" in clerk_browser.go(f"/reports/{report}").text
    at = clerk_browser.go(f"/recognitions/new?of={report}").send("/recognitions/new", **GIVEN, subjectId=report).path
    assert PIECE.title in clerk_browser.text
    clerk_browser.go(f"{at}/correct").send(f"{at}/correct", **GIVEN | {"level": "CITY_LEADER"}, subjectId=report)
    assert clerk_browser.error_of("reason")
    clerk_browser.send(f"{at}/correct", **GIVEN | {"level": "CITY_LEADER"}, subjectId=report, reason="核对层级")
    assert f'action="{at}/confirm"' not in clerk_browser.text
    leader.go(at).send(f"{at}/confirm", unclassified="yes")
    assert "已确认" in leader.text
    assert "市领导" in clerk_browser.go(f"/reports/{report}").text
    assert "市领导" in clerk_browser.go("/recognitions.csv?kind=INSTRUCTION&level=CITY_LEADER").text
    assert visitor.go(at).status == 404
    clerk_browser.go(at).send(f"{at}/withdraw", reason="误登")
    assert "已撤销" in clerk_browser.text


def test_what_is_wrong_is_said_beside_its_field(clerk_browser: Browser) -> None:
    page = clerk_browser.go("/recognitions/new").send("/recognitions/new", **GIVEN | {"document": "请某局阅处"})
    assert (page.status, page.error_of("document")) == (400, "批示只记层级、日期和是否肯定")
    page = clerk_browser.send("/recognitions/new", **GIVEN | {"kind": "AWARD", "level": "CITY"})
    assert page.error_of("document") == "必填"


def test_a_report_from_a_topics_page_is_a_conversion(
    clerk_browser: Browser, member_browser: Browser, office: Office
) -> None:
    topic = Topics.at(office.units).raised()
    assert "期间没有意见转化" in clerk_browser.go("/recognitions/conversions?since=2026-01-01&until=2026-12-31").text
    written = {
        "title": "由意见形成的信息",
        "kind": "OPINION_INFO",
        "text": "正文",
        "authors": "民盟支部",
        "sourceId": topic,
    }
    at = clerk_browser.go(f"/reports/new?of={topic}").send("/reports/new", **written).path
    clerk_browser.send(f"{at}/hand-in")
    assert "由意见形成的信息" in clerk_browser.go(f"/topics/{topic}").text
    page = clerk_browser.go("/recognitions/conversions?since=2026-01-01&until=2026-12-31").text
    assert "转化率 100.0%" in page
    assert "社情民意信息" in page
    assert member_browser.go("/recognitions/conversions").status == 403


def test_over_the_api(office: Office) -> None:
    units, report = office.units, office.signed()
    told = f'{{kind: INSTRUCTION, level: CITY_MAIN, day: "2026-03-20", favourable: true, subjectId: "{report}"}}'
    made = ask(
        units, office.clerk, f'mutation {{ recordRecognition(key: "1", recognition: {told}) {{ id title state }} }}'
    )
    id = made["data"]["recordRecognition"]["id"]
    for who, act in (
        (office.clerk, f'correctRecognition(key: "2", id: "{id}", recognition: {told}, reason: "核对")'),
        (office.clerk, f'shareRecognition(key: "3", id: "{id}", shares: [{{scope: OPEN}}])'),
        (office.secretary, f'confirmRecognition(key: "4", id: "{id}", unclassified: true)'),
    ):
        assert "errors" not in ask(units, who, f"mutation {{ {act} {{ state }} }}"), act
    text = "{ recognitions(where: {favourable: true, levels: [CITY_MAIN]}) { totalCount nodes { title day state } } }"
    found = ask(units, office.member("沈一"), text)["data"]["recognitions"]
    assert found["nodes"] == [{"title": PIECE.title, "day": "2026-03-20", "state": "CONFIRMED"}]
    assert "errors" not in ask(
        units, office.clerk, f'mutation {{ withdrawRecognition(key: "5", id: "{id}", reason: "误登") {{ state }} }}'
    )
    topic = Topics.at(units).raised()
    office.handed_in(replace(PIECE, kind=ReportKind.SPEECH, source_id=topic))
    funnel = 'conversions(since: "2026-01-01", until: "2026-12-31") { raised converted made { kind number } }'
    told_ = ask(units, office.clerk, f"{{ {funnel} }}")["data"]["conversions"]
    assert told_ == {"raised": 1, "converted": 1, "made": [{"kind": "SPEECH", "number": 1}]}
