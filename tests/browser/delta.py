"""The demo's Delta as a browser meets it, and how its people sign in."""

from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page

from tests.federation.demos import Demo

JIASHAN, QINGPU = "330421", "310118"
PASSWORD = "liandong-demo"


@dataclass(frozen=True)
class World:
    """The running demo, and two of its addresses."""

    gateway: str
    jiashan: str
    demo: Demo


def signed_in(context: BrowserContext, world: World, role: str) -> Page:
    """Somebody of Jiashan, signed in at home by name and password."""
    page = context.new_page()
    page.goto(f"{world.jiashan}/sign-in")
    page.locator("input[name=username]").fill(role)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=password]) button").click()
    page.wait_for_url(f"{world.jiashan}/")
    return page
