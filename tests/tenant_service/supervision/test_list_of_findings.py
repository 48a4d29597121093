"""A campaign and the list of what it found: each is reached from the other, and the one counts what becomes of the
other, from what was found to what was checked.
"""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import MetaData

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.items import ItemKind
from tenant_service.assignments import service as items
from tenant_service.assignments.descriptions import Draft
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Units
from tenant_service.supervision import service as campaigns
from tenant_service.supervision.rules import Counts
from tests.tenant_service import places
from tests.tenant_service.assignments.office import SOLVED, Office
from tests.tenant_service.browsing import Browser
from tests.tenant_service.restores import Backup, Restore
from tests.tenant_service.supervision.office import PARENT, WORKS
from tests.tenant_service.told import told

# What is counted is proven on both databases where the rooms' own tests count it.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
STAGES = ("已发现", "已交办", "已整改", "已复查", "不予交办")


@pytest.fixture
def office(units: Units) -> Office:
    return Office.at(units)


def stages(browser: Browser, id: str) -> list[str]:
    """The figures beside the bars of the campaign's page; none, where nothing is drawn."""
    drawn = browser.go(f"/supervision/{id}").text.partition("整改进度</h3>")[2].partition("</table>")[0]
    found = re.findall(r'scope="row">(\S+?)</th>.*?class="figure">(\d+)', drawn, re.DOTALL)
    assert tuple(label for label, _ in found) in (STAGES, ())
    return [number for _, number in found]


def test_a_finding_goes_from_the_list_to_what_was_checked(office: Office, clerk_browser: Browser) -> None:
    campaign = office.campaign()
    assert f'href="/items/of/{campaign}"' in clerk_browser.go(f"/supervision/{campaign}").text
    assert f'href="/supervision/{campaign}"' in clerk_browser.go(f"/items/of/{campaign}").text
    finding = office.proposed(campaign, draft=Draft(ItemKind.FINDING, "台账不全", office.bureau))
    assert stages(clerk_browser, campaign) == []
    office.do(lambda unit: items.agree(unit, office.secretary, finding, unclassified=True))
    other = office.agreed(campaign, draft=Draft(ItemKind.FINDING, "已另案处理"))
    assert stages(clerk_browser, campaign) == ["2", "0", "0", "0", "0"]
    office.do(lambda unit: items.not_adopt(unit, office.secretary, other, "另案处理"))
    [given] = office.in_progress(finding)
    assert stages(clerk_browser, campaign) == ["2", "1", "0", "0", "1"]
    office.replied(given, SOLVED)
    assert stages(clerk_browser, campaign) == ["2", "1", "1", "0", "1"]
    office.closed(given)
    assert stages(clerk_browser, campaign) == ["2", "1", "1", "1", "1"]
    office.do(lambda unit: items.reopen(unit, office.secretary, finding, "又发现台账缺页"))
    assert stages(clerk_browser, campaign) == ["2", "1", "0", "0", "1"], "what is taken up again was not put right"
    assert office.supervision.row(campaign).unsettled == 1


def test_a_campaign_counts_what_came_back_after_a_restore_and_stays_open(
    units: Units, tables: MetaData, office: Office
) -> None:  # fmt: skip
    kept = office.supervision.running(WORKS, PARENT)
    restore = Restore(units, places.trust(places.JIASHAN), Backup(units, tables))
    gone = office.supervision.running(WORKS, PARENT)
    draft = Draft(ItemKind.FINDING, "台账不全", office.bureau)
    for campaign in (kept, gone):
        [given] = office.in_progress(office.agreed(campaign, PARENT, draft=draft))
        office.replied(given)
    never_shared = office.agreed(gone, draft=draft)
    before = office.supervision.row(kept).counts()
    restore.lose()
    assert office.supervision.row(kept).counts() == Counts()
    come_back = restore.come_back()
    assert never_shared not in come_back
    one = before._replace(fixed=0)
    assert [office.supervision.row(id).counts() for id in (kept, gone)] == [one, one], "each has the one that came back"
    for id in (kept, gone):
        office.do(lambda unit, id=id: campaigns.write_report(unit, office.clerk, id, "报告"))  # type: ignore[misc]
        with pytest.raises(Refusal) as refusal:
            office.do(lambda unit, id=id: campaigns.close(unit, office.secretary, id, unclassified=True))  # type: ignore[misc]
        assert refusal.value.code is Code.UNSETTLED_FINDINGS


def test_what_a_list_comes_to_is_told_to_whoever_reads_the_campaign(office: Office) -> None:
    campaign = office.supervision.running(WORKS, PARENT)
    before = len(told(office.units))
    finding = office.proposed(campaign, draft=Draft(ItemKind.FINDING, "台账不全"))
    assert len(told(office.units)) == before, "what nobody confirmed is no figure"
    office.do(lambda unit: items.agree(unit, office.secretary, finding, unclassified=True))
    [*_, last] = told(office.units)
    assert (last.record, last.data["findings"], last.data["handed_over"]) == (campaign, 1, 0)


def test_a_posted_supervisor_comes_from_the_campaign_to_its_list_though_it_is_empty(
    office: Office, anybody: Callable[..., Browser], member_browser: Browser
) -> None:
    zhang = office.supervision.supervisor("张三", office.bureau)
    campaign = office.supervision.running(replace(WORKS, body_ids=(office.bureau,)))
    browser = anybody(Role.SUPERVISOR, name="张三", person=zhang.person)
    at = f"/items/of/{campaign}"
    assert f'href="{at}"' in browser.go(f"/supervision/{campaign}").text
    assert at not in member_browser.go(f"/supervision/{campaign}").text, "there is nothing to be seen yet"
    browser.go(at).send(f"{at}/propose", texts="台账不全", bodyId=office.bureau)
    assert "台账不全" in browser.text
