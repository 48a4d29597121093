"""A member finds the own ledger; the office finds everybody's, enters what no other list has, and closes a year."""

import re
from collections.abc import Callable

import pytest

from sync.contract.shapes.activities import ActivityKind
from tenant_service.identity.policy import Role
from tests.tenant_service.browsing import Browser
from tests.tenant_service.performance.ledger import Office

# A page does not know which database is below it; the room's other tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def entered(clerk: Browser, person: str, **more: str) -> Browser:
    told = {"person": person, "deed": "DUTY", "day": "2026-03-02", "title": "工作室值班", **more}
    return clerk.go(f"/performance/new?person={person}").send("/performance/new", **told)


def test_the_own_ledger_is_empty_at_first_and_says_what_comes_there(member_browser: Browser, visitor: Browser) -> None:
    assert "签到参加活动" in member_browser.go("/performance").text
    assert "/performance/new" not in member_browser.text
    assert member_browser.go("/performance/new").status == 403
    assert visitor.go("/performance").path == "/sign-in"


def test_the_office_enters_a_deed_and_takes_it_back_with_a_reason(clerk_browser: Browser, office: Office) -> None:
    person = office.person("郑四")
    at = entered(clerk_browser, person).path
    assert "工作室值班" in clerk_browser.go(f"/performance?person={person}&year=2026&deed=DUTY&stands=1").text
    page = clerk_browser.go(at).send(f"{at}/take-back", reason="")
    assert page.status == 400
    clerk_browser.go(at).send(f"{at}/take-back", reason="重复登记")
    assert "重复登记" in clerk_browser.text
    assert "take-back" not in clerk_browser.go(at).text
    assert "没有履职记录" in clerk_browser.go("/performance?stands=1").text
    assert "工作室值班" in clerk_browser.go("/performance.csv").text
    assert clerk_browser.go("/performance.xlsx").status == 200


def test_what_is_wrong_is_said_beside_its_field_and_what_was_written_stays(
    clerk_browser: Browser, office: Office
) -> None:
    page = entered(clerk_browser, office.person("郑四"), day="2031-01-01")
    assert (page.status, bool(page.error_of("day"))) == (400, True)
    assert 'value="工作室值班"' in page.text
    assert office.lines() == []


def test_a_persons_page_leads_to_the_ledger_and_a_year_is_closed(clerk_browser: Browser, office: Office) -> None:
    person, activity = office.person("郑四"), office.activity(ActivityKind.READING, "共读一本书")
    office.later()
    office.attend(activity, person)
    assert "2026年计入 1 项" in clerk_browser.go(f"/people/{person}").text
    entered(clerk_browser, person, day="2025-03-02")
    clerk_browser.go("/performance?year=2025").send("/performance/close-year", year="2025")
    assert "2025年度已结账" in clerk_browser.text
    entered(clerk_browser, person, day="2025-04-02")
    assert "补记" in clerk_browser.text


@pytest.mark.seed(10)
def test_a_years_report_says_16_times_of_which_3_and_7(
    clerk_browser: Browser, office: Office, anybody: Callable[..., Browser]
) -> None:
    """“参加16次：请你来协商3次，调查视察7次……”, counted from who was there."""
    person = office.person("郑四")
    held = {
        ActivityKind.INVITED_CONSULTATION: 3, ActivityKind.INSPECTION: 4, ActivityKind.RESEARCH: 3,
        ActivityKind.STUDY: 4, ActivityKind.STANDING_COMMITTEE: 2,
    }  # fmt: skip
    ids = [office.activity(kind, f"{kind.label}{number}") for kind, times in held.items() for number in range(times)]
    office.later()
    for each in ids:
        office.attend(each, person)
    said = [("会议", 2), ("请你来协商", 3), ("调查视察", 7), ("学习读书", 4)]
    year = office.units.clock().year
    for page in (
        clerk_browser.go(f"/performance?person={person}&year={year}"),
        anybody(Role.MEMBER, name="zhengsi", person=person).go("/performance"),
    ):
        assert "参加活动 16 次" in page.text
        assert re.findall(r'<th scope="row">(\w+)</th>.*?<td class="figure">(\d+)', page.text, re.DOTALL) == [
            (heading, str(number)) for heading, number in said
        ]
