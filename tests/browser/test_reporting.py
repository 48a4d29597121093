"""Somebody scans a code at a door with an old phone: form, receipt and progress, with scripts and without."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy import text

from sync.contract.shapes.topics import TopicCategory, TopicSource
from sync.contract.shapes.venues import VenueKind
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import handling_service as handling
from tenant_service.topics import reporting_service
from tenant_service.topics import screening_service as screening
from tenant_service.topics.descriptions import Described, Report
from tenant_service.topics.reporting_service import Sent
from tenant_service.venues import service as venues
from tests.browser.conftest import Looked, Opening
from tests.browser.test_own_account import browsing
from tests.tenant_service import places
from tests.tenant_service.oauth.tenant import Tenant, served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PHONE = ViewportSize(width=360, height=740)
WIDE = "[document.documentElement.scrollWidth, innerWidth]"
CLERK, SECRETARY = places.staff(places.JIASHAN, Role.CLERK), places.staff(places.JIASHAN, Role.SECRETARY)


@pytest.fixture(scope="module")
def tenant(chromium: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    with served(tmp_path_factory.mktemp("reporting")) as made:
        yield made


@pytest.fixture(scope="module")
def door(tenant: Tenant) -> str:
    """What the code at the door opens."""

    def add(unit: Unit) -> str:
        draft = venues.Draft("惠民民生议事堂", VenueKind.HALL, "惠民路1号", opened_on=dt.date(2026, 1, 1))
        id = venues.add(unit, CLERK, tenant.committee.trust.directory, draft, []).id
        unit.session.flush()
        return str(unit.session.scalar(text("SELECT qr_token FROM venue WHERE id = :id"), {"id": id}))

    return f"{tenant.url}/q/{tenant.write(add)}"


def newest(unit: Unit) -> str:
    return str(unit.session.scalar(text("SELECT id FROM topic ORDER BY raised_at DESC LIMIT 1")))


def answer(tenant: Tenant) -> None:
    """The office answers the topic that was raised last."""
    id = tenant.write(newest)
    tenant.write(
        lambda unit: screening.accept(
            unit, CLERK, id, Described("惠民小区三幢加装电梯", category=TopicCategory.HOUSING)
        )
    )
    tenant.write(lambda unit: handling.handle(unit, CLERK, id))
    tenant.write(lambda unit: handling.resolve(unit, CLERK, id, "已列入今年改造计划，年底前装好。\n联系人：住建局。"))
    tenant.write(lambda unit: handling.answer(unit, SECRETARY, id, unclassified=True))


def pictured(page: Page, artifacts: Path, name: str) -> None:
    page.screenshot(path=artifacts / f"{name}.png", full_page=True)


def report(page: Page, door: str) -> str:
    """As somebody does who writes the least; the code."""
    page.goto(door)
    page.get_by_role("link", name="我要反映").first.click()
    page.get_by_label(re.compile("^问题或建议")).fill("三幢六层没有电梯，老人下不了楼。")
    page.get_by_label("我已阅读并同意上述告知").check()
    page.get_by_role("button", name="提交").click()
    code = page.locator("#code").text_content()
    assert code
    return code


def follow(page: Page, tenant: Tenant, code: str) -> None:
    page.goto(f"{tenant.url}/track")
    page.get_by_label(re.compile("^查询码")).fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="查询", exact=True).click()


def test_every_page_is_for_everybody(
    tenant: Tenant, door: str, opened: Opening, look: Callable[[Page], Looked], artifacts: Path
) -> None:
    page = opened().new_page()
    looked = look(page).at(f"{door}/report", "report").at(f"{tenant.url}/track", "track")
    looked.at(f"{tenant.url}/answers", "answers")
    page.set_viewport_size(PHONE)
    code = report(page, door)
    for name in ("report-receipt", "tracking-submitted", "tracking-answered"):
        if name == "tracking-answered":
            answer(tenant)
        if name != "report-receipt":
            follow(page, tenant, code)
        pictured(page, artifacts, name)
        looked.is_for_everybody()
        wide, inner = page.evaluate(WIDE)
        assert wide <= inner, f"{name} is {wide} wide in a window of {inner}"
    assert looked.complaints == []


def test_all_of_it_works_without_scripts(tenant: Tenant, door: str, opened: Opening, artifacts: Path) -> None:
    page = opened(scripts=False).new_page()
    page.set_viewport_size(PHONE)
    code = report(page, door)
    answer(tenant)
    follow(page, tenant, code)
    expect(page.locator("#answer-1")).to_contain_text("年底前装好")
    page.get_by_label("基本满意").check()
    page.get_by_role("button", name="评价").click()
    expect(page.get_by_role("status")).to_contain_text("基本满意")
    page.get_by_text("仍未解决", exact=True).click()
    page.get_by_label("哪些没有解决").fill("二单元没有装")
    page.get_by_role("button", name="提出仍未解决").click()
    expect(page.get_by_text("正在重新办理")).to_be_visible()
    pictured(page, artifacts, "tracking-reopened")
    expect(page.locator(".steps [aria-current]")).to_contain_text("办理中")


def test_the_desk_and_the_poster_are_for_everybody(
    tenant: Tenant, door: str, opened: Opening, look: Callable[[Page], Looked]
) -> None:
    told = Report("二单元的灯坏了", "惠民小区", "欧阳大爷", "13800005678")
    tenant.write(lambda unit: reporting_service.report(unit, Sent(told, TopicSource.PUBLIC, "AAAABBBBCCCC")))
    answer(tenant)
    looked = look(browsing(opened(), tenant, "clerk")).at(f"{tenant.url}/topics/desk", "topics-desk")
    venue = tenant.write(lambda unit: str(unit.session.scalar(text("SELECT id FROM venue"))))
    looked.at(f"{tenant.url}/topics/poster?venue={venue}", "topics-poster")
    looked.page.emulate_media(media="print")
    expect(looked.page.get_by_text(f"{door}/report")).to_be_visible()
