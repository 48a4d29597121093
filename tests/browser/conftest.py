"""Debian's chromium, driven as people use it. Without it these tests skip, and say so."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.browser.delta import JIASHAN, World
from tests.federation import demos
from tests.gateway.federation import free_port

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
)  # fmt: skip
WIDTHS = (360, 390, 1440)
expect.set_options(timeout=60_000)  # milliseconds; costs nothing when all is well
_MEASURE = "[document.documentElement.scrollWidth, innerWidth]"

Opening = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def world(chromium: object, tmp_path_factory: pytest.TempPathFactory, artifacts: Path) -> Iterator[World]:
    """Three counties, their hub and the gateway, as real processes; the files of tests share them."""
    folder, said = tmp_path_factory.mktemp("people") / "demo", artifacts / "browser-demo.log"
    with demos.running(folder, "delta", free_port(), said) as demo:
        yield World(demo.told["gateway"]["url"], demo.committee(JIASHAN)["url"], demo)


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Opening]:
    """A fresh browser profile, with scripts or without; closed after the test."""
    contexts: list[BrowserContext] = []

    def open_context(*, scripts: bool = True) -> BrowserContext:
        contexts.append(chromium.new_context(java_script_enabled=scripts, locale="zh-CN"))
        return contexts[-1]

    yield open_context
    for context in contexts:
        context.close()


class Looked:
    """One page as it is looked at: what it complains of, whether it fits, whether everybody can use it."""

    def __init__(self, page: Page, artifacts: Path) -> None:
        self.page, self._artifacts = page, artifacts
        self.complaints: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def at(self, address: str, name: str) -> "Looked":
        """The page fits every width, axe finds nothing, the browser complains of nothing; a picture is kept."""
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 800})
            answer = self.page.goto(address, wait_until="domcontentloaded")
            assert answer is not None
            assert answer.ok, f"{address}: {answer.status}"
            wide, inner = self.page.evaluate(_MEASURE)
            assert wide <= inner, f"{address} is {wide} wide in a window of {inner}"
            if width != WIDTHS[0]:
                self.page.screenshot(path=self._artifacts / f"{name}-{width}.png", full_page=True)
                self.is_for_everybody()
        assert self.complaints == [], address
        return self

    def is_for_everybody(self) -> None:
        found = Axe().run(self.page)
        seen = [
            f"{each['id']}: {each['help']} {[node['target'] for node in each['nodes']][:3]}"
            for each in found.response["violations"]
        ]
        assert seen == [], self.page.url

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@pytest.fixture
def look(artifacts: Path) -> Callable[[Page], Looked]:
    return lambda page: Looked(page, artifacts)
