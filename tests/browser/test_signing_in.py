"""Signing in and one's own password, on every width, for everybody, and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDTHS, Looked, Opening
from tests.browser.delta import World, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.federation, pytest.mark.timeout(900)]
WIDE = "[document.documentElement.scrollWidth, innerWidth]"


def test_the_form_is_for_everybody(world: World, opened: Opening, look: Callable[[Page], Looked]) -> None:
    look(opened().new_page()).at(f"{world.jiashan}/sign-in", "sign-in")


def test_ones_own_password_is_for_everybody(world: World, opened: Opening, look: Callable[[Page], Looked]) -> None:
    look(signed_in(opened(), world, "member")).at(f"{world.jiashan}/password", "password")


@pytest.mark.parametrize("width", WIDTHS)
def test_what_was_wrong_fits_and_is_said_beside_its_field(
    world: World, opened: Opening, look: Callable[[Page], Looked], width: int
) -> None:
    page = opened().new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{world.jiashan}/sign-in")
    page.get_by_label("用户名").fill("nobody-of-this-name")
    page.get_by_label("密码").fill("not the password")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator("#e-password")).to_have_text("用户名或密码不正确")
    expect(page.get_by_label("用户名")).to_have_value("nobody-of-this-name")
    wide, inner = page.evaluate(WIDE)
    assert wide <= inner
    look(page).is_for_everybody()


@pytest.mark.parametrize("width", WIDTHS)
def test_without_scripts_one_finds_the_password_signs_out_and_in_again(
    world: World, opened: Opening, width: int
) -> None:
    context = opened(scripts=False)
    page = signed_in(context, world, "clerk")
    page.set_viewport_size({"width": width, "height": 800})
    page.get_by_role("link", name="修改密码").click()
    page.wait_for_url(f"{world.jiashan}/password")
    page.locator("input[name=old]").fill("not the old one")
    page.locator("input[name=new]").fill("一句足够长的话做密码")
    page.locator("input[name=again]").fill("一句不一样的话做密码")
    page.get_by_role("button", name="修改密码").click()
    expect(page.locator("#e-again")).to_have_text("两次输入不一致")
    wide, inner = page.evaluate(WIDE)
    assert wide <= inner
    page.get_by_role("button", name="退出", exact=True).click()
    expect(page.get_by_role("link", name="修改密码")).to_have_count(0)
    page.goto(f"{world.jiashan}/password")
    expect(page.get_by_label("用户名")).to_be_visible()
    page.close()
    expect(signed_in(context, world, "clerk").get_by_role("link", name="修改密码")).to_be_visible()


def test_nobody_is_offered_a_password_to_change(world: World, opened: Opening) -> None:
    page = opened(scripts=False).new_page()
    page.goto(world.jiashan)
    expect(page.get_by_role("link", name="登录")).to_be_visible()
    expect(page.get_by_role("link", name="修改密码")).to_have_count(0)
