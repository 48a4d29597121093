"""The cockpit over thirteen districts, one of them silent for weeks."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Response, expect

from tests.browser.conftest import Looked, Opening
from tests.browser.thirteen import Thirteen, thirteen

pytestmark = [pytest.mark.browser, pytest.mark.timeout(720)]
MOST_BYTES = 40_000


@pytest.fixture(scope="module")
def gateway(chromium: object) -> Iterator[Thirteen]:
    with thirteen() as made:
        yield made


def clerk(context: BrowserContext, gateway: Thirteen) -> BrowserContext:
    context.add_cookies([{"name": gateway.cookie, "value": gateway.session, "url": gateway.url}])
    return context


@pytest.fixture
def page(opened: Opening, gateway: Thirteen) -> Page:
    return clerk(opened(), gateway).new_page()


def figure(page: Page) -> str:
    return page.locator(".kpi p.figure b").first.inner_text()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "cockpit"),
        ("/?period=custom&by=AREAS_COVERED", "cockpit-own-days"),
        ("/?theme=dark&lang=en", "cockpit-dark-english"),
        ("/?live=1", "cockpit-live-only"),
        ("/health", "health"),
        ("/m", "mechanisms"),
    ],
)
def test_everybody_can_use_it_at_every_width(
    page: Page, gateway: Thirteen, look: Callable[[Page], Looked], path: str, name: str
) -> None:
    look(page).at(gateway.url + path, name)


def test_freshness_comes_first_and_who_is_away_keeps_its_figure_with_its_time(page: Page, gateway: Thirteen) -> None:
    page.goto(gateway.url)
    first = page.locator("main section").first
    expect(first).to_contain_text("13/13 已计入")
    expect(first).to_contain_text("其中 12 实时，1 截至 11月1日 08:00")
    away = page.locator(".tile.away")
    expect(away).to_have_count(1)
    expect(away).to_contain_text("44")
    expect(away).to_contain_text("11月1日 08:00")


def test_live_only_names_who_is_missing(page: Page, gateway: Thirteen) -> None:
    page.goto(f"{gateway.url}/?live=1")
    first = page.locator("main section").first
    expect(first).to_contain_text("12/13 已计入")
    expect(first).to_contain_text("缺第13区")


def test_the_whole_page_is_at_most_forty_kilobytes(page: Page, gateway: Thirteen) -> None:
    came: list[Response] = []
    page.on("response", lambda response: came.append(response) if "/events" not in response.url else None)
    page.goto(gateway.url, wait_until="load")
    sizes = {each.url: each.request.sizes()["responseBodySize"] for each in came}
    assert len(sizes) >= 3
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def test_it_asks_nobody_else_for_anything(page: Page, gateway: Thirteen) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(gateway.url, wait_until="load")
    assert asked
    assert [url for url in asked if not url.startswith(gateway.url)] == []


def test_a_figure_that_changes_moves_on_the_page_by_itself(page: Page, gateway: Thirteen) -> None:
    page.goto(gateway.url)
    expect(page.locator("html")).to_have_attribute("data-stream-state", "live")
    before = int(figure(page))
    gateway.counts("330101", 8 + 100)
    try:
        expect(page.locator(".kpi p.figure b").first).to_have_text(str(before + 100))
        expect(page.locator(".tile.moved")).to_contain_text("108")
    finally:
        gateway.counts("330101", 8)


def test_without_scripts_every_choice_is_a_link_that_works(opened: Opening, gateway: Thirteen) -> None:
    page = clerk(opened(scripts=False), gateway).new_page()
    page.goto(gateway.url)
    total = figure(page)
    page.get_by_role("link", name="去年全年").click()
    assert figure(page) == "0"
    page.get_by_role("link", name="今年以来").click()
    page.get_by_role("link", name="协商建议").first.click()
    expect(page.locator("h2").filter(has_text="按政协")).to_be_visible()
    assert page.locator(".kpi h2 a[aria-current]").inner_text() == "协商建议"
    assert figure(page) == total
    page.get_by_role("link", name="自定时段").click()
    page.get_by_label("至").fill("2020-01-01")
    page.get_by_label("自", exact=True).fill("2019-01-01")
    page.get_by_role("button", name="统计").click()
    assert figure(page) == "0"


def test_the_way_in_by_keyboard_skips_to_the_content(page: Page, gateway: Thirteen) -> None:
    page.goto(gateway.url)
    page.keyboard.press("Tab")
    until_focused(page, ".skip")
    page.evaluate("document.body.dataset.same = 'yes'")
    page.keyboard.press("Enter")
    until_focused(page, "#main")
    assert page.locator("body").get_attribute("data-same") == "yes", "the page was fetched anew"


def until_focused(page: Page, selector: str) -> None:
    """Asked of the page: playwright wants the window active as well, and a busy browser may not call it so."""
    page.wait_for_function("selector => document.activeElement.matches(selector)", arg=selector)


def test_the_table_is_a_file_as_well(page: Page, gateway: Thirteen) -> None:
    page.goto(gateway.url)
    with page.expect_download() as told:
        page.get_by_role("link", name="XLSX").click()
    assert told.value.suggested_filename.endswith(".xlsx")


def test_who_has_not_signed_in_chooses_a_committee(opened: Opening, gateway: Thirteen) -> None:
    page = opened(scripts=False).new_page()
    page.goto(gateway.url)
    assert page.url == f"{gateway.url}/sign-in"


@pytest.mark.parametrize("scripts", [True, False])
def test_signing_out_ends_it(opened: Opening, gateway: Thirteen, scripts: bool) -> None:
    context = opened(scripts=scripts)
    session = gateway.another_session()
    context.add_cookies([{"name": gateway.cookie, "value": session, "url": gateway.url}])
    page = context.new_page()
    page.goto(gateway.url)
    page.get_by_role("button", name="退出").click()
    page.wait_for_url(f"{gateway.url}/sign-in")
    context.add_cookies([{"name": gateway.cookie, "value": session, "url": gateway.url}])
    page.goto(gateway.url)
    assert page.url == f"{gateway.url}/sign-in"
