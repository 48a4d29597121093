"""A member fills in the ballot on a plain page, once; the office counts, the leader publishes, and bars are shown."""

import re
from collections.abc import Callable

import pytest

from tenant_service.appraisals import ballots
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Units
from tenant_service.web.site import Site
from tests.tenant_service.appraisals.urn import Urn
from tests.tenant_service.browsing import Browser

# A page does not know which database is below it; the room's other tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def urn(units: Units) -> Urn:
    return Urn.at(units, voters=10)


@pytest.fixture
def leader(anybody: Callable[..., Browser]) -> Browser:
    return anybody(Role.SECRETARY)


@pytest.fixture
def voters(anybody: Callable[..., Browser], urn: Urn) -> list[Browser]:
    names = (f"委员{each}" for each in "甲乙丙丁戊己庚辛壬癸")
    return [anybody(Role.MEMBER, name=name, person=each.person) for name, each in zip(names, urn.voters, strict=True)]


def begun(clerk: Browser, urn: Urn) -> str:
    at = f"/supervision/{urn.campaign}"
    assert "开始评议" in clerk.go(at).text
    clerk.go(f"/appraisals/new?campaign={urn.campaign}")
    return clerk.send("/appraisals/new", bodyId=urn.bodies[0], questions="总体评价\n作风").path


def test_an_empty_list_says_so(clerk_browser: Browser, visitor: Browser) -> None:
    assert "暂无民主评议" in clerk_browser.go("/appraisals").text
    assert "暂无民主评议" in visitor.go("/appraisals").text


def test_a_ballot_is_given_once_and_what_was_forgotten_is_said(
    clerk_browser: Browser, voters: list[Browser], urn: Urn, site: Site
) -> None:
    at, voter = begun(clerk_browser, urn), voters[0]
    assert "待填评议票" in voter.go("/").text
    assert "填写评议票" in voter.go(at).text
    voter.go(f"{at}/ballot")
    page = voter.send(f"{at}/ballot", answer0="SATISFIED", remark="窗口好")
    assert (page.status, page.error_of("answers")) == (400, "每题须选一项")
    assert re.search(r'value="SATISFIED" required checked', page.text)
    assert "窗口好" in page.text
    voter.send(f"{at}/ballot", answer0="SATISFIED", answer1="UNKNOWN", remark="窗口好")
    assert "您已提交评议票" in voter.text
    assert voter.go(f"{at}/ballot").status == 409
    assert "待填评议票" not in voter.go("/").text
    with site.units.read() as unit:
        assert ballots.opinions(unit.session, at.rpartition("/")[2]) == [["SATISFIED", "UNKNOWN"]]
    assert clerk_browser.go(f"{at}/ballot").status == 403
    assert "已投票 1 人，共 10 人" in clerk_browser.go(at).text


def test_a_result_is_counted_published_shown_with_bars_and_exported(
    clerk_browser: Browser, leader: Browser, voters: list[Browser], urn: Urn
) -> None:
    at = begun(clerk_browser, urn)
    for number, voter in enumerate(voters):
        voter.go(f"{at}/ballot").send(f"{at}/ballot", answer0="SATISFIED", answer1="BASICALLY" if number else "UNKNOWN")
    clerk_browser.go(at).send(f"{at}/count")
    assert "评议结果待公布" in leader.go("/").text
    assert "尚未公布" in voters[0].go(at).text
    leader.go(at).send(f"{at}/publish", unclassified="yes")
    page = voters[0].go(at)
    assert page.text.count("<svg") == 8
    assert "90.0%" in page.text
    assert "作风,0,9,0,1" in voters[0].go(f"{at}/results.csv").text
    assert "市场监管局,2026,已公布,10,10,10,0,0,0" in clerk_browser.go("/appraisals.csv").text
    campaign = clerk_browser.go(f"/supervision/{urn.campaign}").text
    assert "100.0%" in campaign.partition("各单位满意票数和满意率</h3>")[2]
    assert f'href="/appraisals.csv?campaign={urn.campaign}"' in campaign
    assert f'href="{at}"' in clerk_browser.go(f"/bodies/{urn.bodies[0]}").text
    clerk_browser.go(at).send(f"{at}/object", objection="样本有误")
    leader.go(at).send(f"{at}/answer", answer="经核无误", unclassified="yes")
    assert "经核无误" in voters[0].go(at).text
    leader.go(at).send(f"{at}/finalize")
    assert "已定" in leader.text


def test_too_few_ballots_show_nothing(
    clerk_browser: Browser, leader: Browser, voters: list[Browser], urn: Urn
) -> None:  # fmt: skip
    at = begun(clerk_browser, urn)
    for voter in voters[:9]:
        voter.go(f"{at}/ballot").send(f"{at}/ballot", answer0="DISSATISFIED", answer1="UNKNOWN", remark="独一无二")
    clerk_browser.go(at).send(f"{at}/count")
    leader.go(at).send(f"{at}/publish", unclassified="yes")
    for browser in (clerk_browser, leader, voters[0]):
        page = browser.go(at)
        assert "收回的评议票不足" in page.text
        assert "独一无二" not in page.text
        assert "<svg" not in page.text
        assert "DISSATISFIED" not in page.text
    assert "总体评价" not in clerk_browser.go(f"{at}/results.csv").text


def test_results_are_not_exported_before_they_are_published(
    clerk_browser: Browser, voters: list[Browser], visitor: Browser, urn: Urn
) -> None:
    at = begun(clerk_browser, urn)
    assert voters[0].go(f"{at}/results.csv").status == 404
    assert visitor.go(f"{at}/results.csv").status == 404
    assert clerk_browser.go(f"/appraisals/new?campaign={urn.campaign}").status == 200
    assert voters[0].go(f"/appraisals/new?campaign={urn.campaign}").status == 403
