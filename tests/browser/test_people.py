"""What each kind of person does, in the demo's Delta: three counties, their hub and the gateway, as real processes."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from sync.contract.instants import SHANGHAI
from tests.browser.conftest import Looked, Opening
from tests.browser.delta import JIASHAN, PASSWORD, QINGPU, World, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.federation, pytest.mark.timeout(900)]


def first(page: Page, address: str, prefix: str) -> str:
    """Where the first record of a list leads."""
    page.goto(address)
    link = page.locator(f"main #rows a[href^='{prefix}']").first.get_attribute("href")
    assert link
    return link


def named(who: str, path: str) -> str:
    """What the picture of a page is called."""
    return "-".join([who, *re.findall("[a-z]+", path)])


# ── every page, for everybody ──


@pytest.mark.parametrize("path", ["/", "/activities", "/venues", "/sign-in"])
def test_the_public_can_use(world: World, opened: Opening, look: Callable[[Page], Looked], path: str) -> None:
    look(opened().new_page()).at(world.jiashan + path, named("public", path))


def test_whoever_scans_a_door_can_use_its_page(world: World, opened: Opening, look: Callable[[Page], Looked]) -> None:
    clerk = signed_in(opened(), world, "clerk")
    clerk.goto(world.jiashan + first(clerk, f"{world.jiashan}/venues", "/venues/"))
    scanned = clerk.get_by_role("link", name="打开公开页").get_attribute("href")
    look(opened().new_page()).at(f"{world.jiashan}{scanned}", "public-scanned")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/activities",
        "/activities?from=others",
        "/activities/new",
        "/activities/backfill",
        "/venues",
        "/venues/new",
        "/exchange",
        "/personal",
        "/personal?q=%E9%99%88",
    ],
)
def test_a_clerk_can_use(world: World, opened: Opening, look: Callable[[Page], Looked], path: str) -> None:
    page = signed_in(opened(), world, "clerk")
    look(page).at(world.jiashan + path, named("clerk", path))


@pytest.mark.parametrize("path", ["/", "/audit", "/audit?act=account&from=2020-01-01", "/audit/heads"])
def test_the_audit_administrator_can_use(
    world: World, opened: Opening, look: Callable[[Page], Looked], path: str
) -> None:
    page = signed_in(opened(), world, "audit_admin")
    look(page).at(world.jiashan + path, named("audit", path))


def test_a_member_sees_what_is_held_without_scripts_too(
    world: World, opened: Opening, look: Callable[[Page], Looked]
) -> None:
    page = signed_in(opened(scripts=False), world, "member")
    page.goto(f"{world.jiashan}/personal/mine")
    expect(page.get_by_role("heading", name="离开过本会的")).to_be_visible()
    page = signed_in(opened(), world, "member")
    look(page).at(f"{world.jiashan}/personal/mine", "member-personal")


def test_a_clerk_reveals_one_field_without_scripts(
    world: World, opened: Opening, look: Callable[[Page], Looked]
) -> None:
    member = signed_in(opened(), world, "member")
    member.goto(f"{world.jiashan}/personal/mine")
    page = signed_in(opened(scripts=False), world, "clerk")
    page.goto(member.url)
    page.get_by_label("用途").select_option(index=1)
    page.get_by_label("事由").fill("核对联系方式")
    page.locator("form[action$='/reveal'] button").click()
    expect(page.locator("#shown")).to_be_visible()
    look(signed_in(opened(), world, "clerk")).at(member.url, "clerk-personal")


@pytest.mark.parametrize("part", ["", "/change", "/cancel", "/share", "/attendance"])
def test_a_clerk_can_use_what_an_activity_offers(
    world: World, opened: Opening, look: Callable[[Page], Looked], part: str
) -> None:
    page = signed_in(opened(), world, "clerk")
    at = first(page, f"{world.jiashan}/activities?state=PUBLISHED", "/activities/")
    look(page).at(world.jiashan + at + part, named("clerk-activity", part))


@pytest.mark.parametrize("part", ["", "/change", "/share"])
def test_a_clerk_can_use_what_a_venue_offers(
    world: World, opened: Opening, look: Callable[[Page], Looked], part: str
) -> None:
    page = signed_in(opened(), world, "clerk")
    at = first(page, f"{world.jiashan}/venues", "/venues/")
    look(page).at(world.jiashan + at + part, named("clerk-venue", part))


def test_a_secretary_can_use_what_waits_for_the_signature(
    world: World, opened: Opening, look: Callable[[Page], Looked]
) -> None:
    page = signed_in(opened(), world, "secretary")
    at = first(page, f"{world.jiashan}/activities?approval=IN_REVIEW", "/activities/")
    look(page).at(world.jiashan + at, "secretary-review")


def test_a_member_can_use(world: World, opened: Opening, look: Callable[[Page], Looked]) -> None:
    page = signed_in(opened(), world, "member")
    look(page).at(f"{world.jiashan}/", "member-home")
    at = first(page, f"{world.jiashan}/activities?state=PUBLISHED", "/activities/")
    look(page).at(world.jiashan + at, "member-activity")


@pytest.mark.parametrize("path", ["/activities", "/venues"])
def test_a_city_officer_can_drill_down(
    world: World, opened: Opening, look: Callable[[Page], Looked], path: str
) -> None:
    page = at_the_gateway(opened(), world)
    look(page).at(f"{world.gateway}/c/{JIASHAN}", "gateway-committee")
    look(page).at(f"{world.gateway}/c/{JIASHAN}{path}", f"gateway-{path[1:]}")
    link = page.locator("main a[href^='/r/']").first.get_attribute("href")
    look(page).at(f"{world.gateway}{link}", f"gateway-record-{path[1:]}")


def test_a_mechanism_has_its_own_cockpit(world: World, opened: Opening, look: Callable[[Page], Looked]) -> None:
    page = at_the_gateway(opened(), world)
    page.goto(f"{world.gateway}/m")
    link = page.locator("main a[href^='/m/']").first.get_attribute("href")
    look(page).at(f"{world.gateway}{link}", "gateway-mechanism")
    expect(page.locator("main section").first).to_contain_text("3/3 已计入")


@pytest.mark.parametrize("path", ["activities", "venues"])
def test_the_page_of_a_record_says_since_when_it_is_true_while_its_owner_is_away(
    world: World, opened: Opening, path: str
) -> None:
    page = at_the_gateway(opened(), world)
    page.goto(f"{world.gateway}/c/{QINGPU}/{path}")
    link = page.locator("main a[href^='/r/']").first.get_attribute("href")
    page.goto(f"{world.gateway}{link}")
    title = page.locator("h1").inner_text()
    expect(page.locator("main .tag.stale")).to_have_count(0)
    world.demo.run("stop", QINGPU)
    try:
        page.goto(f"{world.gateway}{link}")
        expect(page.locator("h1")).to_have_text(title)
        expect(page.locator("main .tag.stale")).to_contain_text("截至")
    finally:
        world.demo.run("start", QINGPU)


def at_the_gateway(context: BrowserContext, world: World) -> Page:
    """A clerk of Jiashan, who signed in through the gateway: there, at home, and back."""
    page = context.new_page()
    page.goto(f"{world.gateway}/sign-in/{JIASHAN}")
    page.locator("input[name=username]").fill("clerk")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=password]) button").click()
    page.wait_for_url(f"{world.gateway}/")
    return page


# ── what they do ──


def test_without_scripts_an_activity_goes_from_draft_to_the_public(world: World, opened: Opening) -> None:
    clerk = signed_in(opened(scripts=False), world, "clerk")
    clerk.goto(f"{world.jiashan}/activities/new")
    clerk.get_by_label("题名").fill("浏览器里的一次协商")
    clerk.get_by_label("类别").select_option(label="小微协商")
    clerk.get_by_label("开始").fill("2030-05-06T09:00")
    clerk.get_by_label("地点").fill("罗星议事堂")
    clerk.get_by_label("公开").check()
    clerk.get_by_role("button", name="保存并送审").click()
    address = clerk.url
    anybody = opened(scripts=False).new_page()
    assert anybody.goto(address).status == 404  # type: ignore[union-attr]
    secretary = signed_in(opened(scripts=False), world, "secretary")
    secretary.goto(address)
    secretary.get_by_label("已经保密审查，不涉密").check()
    secretary.get_by_role("button", name="签发").click()
    anybody.goto(address)
    expect(anybody.locator("h1")).to_have_text("浏览器里的一次协商")


def test_without_scripts_a_member_takes_and_leaves_a_place(world: World, opened: Opening) -> None:
    page = signed_in(opened(scripts=False), world, "member")
    page.goto(world.jiashan + first(page, f"{world.jiashan}/activities?state=PUBLISHED", "/activities/"))
    page.get_by_role("button", name="报名", exact=True).click()
    expect(page.locator("main")).to_contain_text("履职码")
    page.get_by_role("button", name="取消报名").click()
    expect(page.locator("main")).to_contain_text("已取消报名")


def test_a_filter_swaps_the_list_without_leaving_the_page(world: World, opened: Opening) -> None:
    page = signed_in(opened(), world, "clerk")
    page.goto(f"{world.jiashan}/activities")
    page.evaluate("window.stayed = true")
    page.get_by_label("题名或地点").fill("没有这样的题名")
    page.get_by_role("button", name="查找").click()
    expect(page.locator("#rows")).to_contain_text("共 0 场")
    assert "q=" in page.url
    assert page.evaluate("window.stayed") is True
    page.go_back()
    expect(page.locator("#rows")).not_to_contain_text("共 0 场")


def test_who_will_see_it_is_shown_before_it_is_saved(world: World, opened: Opening) -> None:
    page = signed_in(opened(scripts=False), world, "clerk")
    page.goto(world.jiashan + first(page, f"{world.jiashan}/venues", "/venues/") + "/share")
    for box in page.get_by_role("checkbox").all():
        if box.is_visible():
            box.uncheck()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="先看谁将看到").click()
    expect(page.locator("#readers")).to_contain_text("青浦")
    expect(page.locator("#readers")).to_contain_text("吴江")


def test_what_is_wrong_is_said_beside_its_field(world: World, opened: Opening) -> None:
    page = signed_in(opened(), world, "clerk")
    page.goto(f"{world.jiashan}/venues/new")
    page.get_by_label("名称", exact=False).first.fill("测试阵地")
    page.get_by_label("类别").select_option(label="民生议事堂")
    page.get_by_label("地址").fill("某路1号")
    page.get_by_label("空间").fill("没有座位数")
    page.get_by_role("button", name="保存").click()
    wrong = page.get_by_label("空间")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#e-spaces")).to_contain_text("名称 座位数")
    expect(page.get_by_label("地址")).to_have_value("某路1号")


def test_an_activity_that_is_entered_moves_the_cockpit(world: World, opened: Opening) -> None:
    cockpit = at_the_gateway(opened(), world)
    expect(cockpit.locator("html")).to_have_attribute("data-stream-state", "live")
    tile = cockpit.locator(f"a[data-key='{JIASHAN}'] b")
    before = int(tile.inner_text())
    clerk = signed_in(opened(), world, "clerk")
    clerk.goto(f"{world.jiashan}/activities/backfill")
    clerk.get_by_label("题名").fill("补录的一次协商")
    clerk.get_by_label("类别").select_option(label="小微协商")
    clerk.get_by_label("开始").fill(this_year())
    clerk.get_by_label("地点").fill("罗星议事堂")
    clerk.get_by_label("群众到场人数").fill("12")
    clerk.get_by_label("补录理由").fill("现场无网络")
    clerk.get_by_role("button", name="补录并送审").click()
    expect(clerk.locator("h1")).to_have_text("补录的一次协商")
    expect(tile).to_have_text(str(before))  # what one person enters moves no figure
    secretary = signed_in(opened(), world, "secretary")
    secretary.goto(clerk.url)
    secretary.get_by_label("已经保密审查，不涉密").check()
    secretary.get_by_role("button", name="签发").click()
    expect(tile).to_have_text(str(before + 1), timeout=30_000)


def this_year() -> str:
    """A moment of this year that is over, as a form takes it: its first."""
    return f"{dt.datetime.now(SHANGHAI).year}-01-01T00:00"
