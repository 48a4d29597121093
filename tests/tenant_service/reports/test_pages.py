"""A member writes a report, the office reviews and edits it, a leader signs it; the higher office receives others."""

from collections.abc import Callable

import pytest

from sync.contract.shapes.reports import ReportKind, ReportState
from tenant_service.identity.policy import Role
from tenant_service.reports.models import ReportRow, SeenReportRow
from tests.tenant_service import places
from tests.tenant_service.browsing import Browser
from tests.tenant_service.reports.office import Office

# A page does not know which database is below it; the room's other tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

WRITTEN = {
    "title": "加装电梯", "kind": "OPINION_INFO", "text": "标准不一。", "advice": "统一标准\n简化审批",
    "authors": "民盟支部",
}  # fmt: skip
SENT = f"{places.QINGPU}.report.{'7' * 32}"


@pytest.fixture
def leader(anybody: Callable[..., Browser]) -> Browser:
    return anybody(Role.SECRETARY)


def test_an_empty_list_says_what_to_do(clerk_browser: Browser, member_browser: Browser, visitor: Browser) -> None:
    assert "撰写后提交，由办公室初审" in clerk_browser.go("/reports").text
    assert "暂无来稿" in clerk_browser.go("/reports/incoming").text
    assert "撰写成果" not in visitor.go("/reports").text
    assert member_browser.go("/reports/incoming").status == 403


def test_a_report_is_written_reviewed_edited_signed_and_sent(
    member_browser: Browser, clerk_browser: Browser, leader: Browser
) -> None:
    at = member_browser.go("/reports/new").send("/reports/new", **WRITTEN).path
    assert "民盟支部" in member_browser.text
    member_browser.send(f"{at}/hand-in")
    assert f'action="{at}/take-on"' not in member_browser.text
    assert "成果待初审" in clerk_browser.go("/").text
    clerk_browser.go(at).send(f"{at}/take-on")
    clerk_browser.go(f"{at}/edit").send(f"{at}/edit", **WRITTEN | {"title": "加装电梯标准应统一"})
    clerk_browser.send(f"{at}/submit")
    leader.go(at).send(f"{at}/sign-off", unclassified="yes")
    assert "《社情民意》第1期" in leader.text
    leader.send(f"{at}/send")
    assert "已报送" in leader.text
    assert "嘉兴市政协" in leader.text
    clerk_browser.go(at).send(f"{at}/take-back", reason="错字")
    clerk_browser.send(f"{at}/archive")
    assert "已归档" in clerk_browser.text
    file = clerk_browser.go("/reports.csv?kind=OPINION_INFO&year=2026").text
    assert "加装电梯标准应统一" in file
    assert "《社情民意》第1期" in file


def test_what_is_wrong_is_said_beside_its_field_and_what_was_written_stays(clerk_browser: Browser) -> None:
    page = clerk_browser.go("/reports/new").send("/reports/new", **WRITTEN | {"title": ""})
    assert (page.status, page.error_of("title")) == (400, "必填")
    assert "统一标准" in page.text
    page = clerk_browser.send("/reports/new", **WRITTEN | {"authors": ""})
    assert page.error_of("authors") == "必填"


def test_returned_declined_merged_and_discarded(clerk_browser: Browser, leader: Browser, office: Office) -> None:
    one, two, three, four = office.handed_in(), office.editing(), office.editing(), office.written()
    clerk_browser.go(f"/reports/{one}").send(f"/reports/{one}/give-back", reason="补充数据")
    assert "补充数据" in clerk_browser.text
    clerk_browser.go(f"/reports/{two}").send(f"/reports/{two}/merge", intoId=three)
    assert clerk_browser.path == f"/reports/{three}"
    clerk_browser.send(f"/reports/{three}/submit")
    leader.go(f"/reports/{three}").send(f"/reports/{three}/send-back", reason="核实数据")
    assert "核实数据" in clerk_browser.go(f"/reports/{three}").text
    clerk_browser.send(f"/reports/{three}/decline", reason="已有同类信息")
    assert "不予采编" in clerk_browser.text
    clerk_browser.go(f"/reports/{four}").send(f"/reports/{four}/discard")
    assert clerk_browser.go(f"/reports/{four}").status == 404


def test_what_was_sent_up_is_received_and_adopted_on_its_page(
    clerk_browser: Browser, leader: Browser, office: Office
) -> None:
    sent = SeenReportRow(
        id=SENT, committee_id=places.QINGPU, kind=ReportKind.RESEARCH, title="水乡客厅调研", state=ReportState.SENT,
        year=2026, sent_to=places.JIASHAN, revision=1, changed_at=places.SPRING, as_of=places.SPRING,
        channels=[f"x_{places.JIASHAN}"], authors=["某委员"], text="正文", advice=[],
    )  # fmt: skip
    office.do(lambda unit: unit.session.add(sent))
    assert "水乡客厅调研" in clerk_browser.go("/reports/incoming?state=WAITING").text
    clerk_browser.go(f"/reports/{SENT}").send(f"/reports/{SENT}/receive")
    assert "已收" in clerk_browser.text
    clerk_browser.send(f"/reports/{SENT}/work-in")
    assert f'action="/reports/{SENT}/adopt"' not in clerk_browser.text, "whoever signs decides"
    page = leader.go(f"/reports/{SENT}").send(f"/reports/{SENT}/adopt", unclassified="yes")
    assert page.error_of("bulletin") == "必填"
    leader.send(f"/reports/{SENT}/adopt", unclassified="yes", bulletin="《信息》第5期")
    assert "《信息》第5期" in leader.text
    assert "《信息》第5期" in clerk_browser.go("/reports/incoming.csv?state=ADOPTED").text


def test_an_activity_shows_what_grew_out_of_it(clerk_browser: Browser, office: Office) -> None:
    source = f"{places.JIASHAN}.topic.{'3' * 32}"
    at = clerk_browser.go(f"/reports/new?of={source}").send("/reports/new", **WRITTEN, sourceId=source).path
    assert clerk_browser.go(at).status == 200
    with office.units.read() as unit:
        assert unit.session.get(ReportRow, at.rpartition("/")[2]) is not None
