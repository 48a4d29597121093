"""Pages say what is so: that the line to the hub is cut, that nothing is shared, that there is no such page."""

import asyncio
import re
import time
from collections.abc import Callable

import httpx2
import msgspec
import pytest

from gateway.app import Parts
from gateway.console.pages import console_of, site, templates
from gateway.console.visitors import HUB_AWAY
from tests.gateway.federation import HOME, MECHANISM, Federation

Get = Callable[..., httpx2.Response]


@pytest.fixture
def parts(three: Federation, runner: asyncio.Runner) -> Parts:
    return runner.run(three.parts(secure_cookies=False))


@pytest.fixture
def get(three: Federation, parts: Parts, runner: asyncio.Runner) -> Get:
    """A browser at the console: a clerk's, or of somebody in other roles."""
    pages = site(console_of(parts, templates(), time.time, title="市政协驾驶舱"))
    clerks = {parts.cookie: parts.sessions.open(three.token())}

    def got(path: str, *, signed_in: bool = True, roles: tuple[str, ...] = ()) -> httpx2.Response:
        cookie = {parts.cookie: parts.sessions.open(three.token(roles=list(roles)))} if roles else clerks

        async def ask() -> httpx2.Response:
            async with httpx2.AsyncClient(
                transport=httpx2.ASGITransport(app=pages), base_url="http://gateway.example",
                cookies=cookie if signed_in else {}, timeout=60,
            ) as client:  # fmt: skip
                return await client.get(path)

        return runner.run(ask())

    return got


def test_a_cut_line_stands_above_every_page_and_only_then(get: Get, three: Federation, runner: asyncio.Runner) -> None:
    paths = ("/", "/health", "/m", f"/m/{MECHANISM}", "/sign-in", "/nowhere")
    assert not any(HUB_AWAY in get(path).text for path in paths)
    runner.run(three.connections[-1].close())
    assert all(HUB_AWAY in get(path).text for path in paths)
    assert "This gateway has lost its line to the hub" in get("/health?lang=en").text


@pytest.mark.parametrize("signed_in", [True, False])
def test_an_unknown_address_is_a_page_with_a_way_home(get: Get, *, signed_in: bool) -> None:
    told = get("/nowhere/at/all", signed_in=signed_in)
    assert told.status_code == 404
    assert "没有此页面，请核对网址" in told.text
    assert 'href="/"' in told.text
    assert "there is no such page" in get("/nowhere?lang=en", signed_in=signed_in).text
    assert get("/health/").status_code == 307


def test_a_committee_that_is_silent_is_that_on_every_page_and_has_no_time_of_answering(
    get: Get, three: Federation
) -> None:
    async def hang(_question: object, _honest: bytes) -> bytes | None:
        return None

    three.behaving = {"330102": hang}
    try:
        health, cockpit = get("/health").text, get("/?live=1").text
    finally:
        three.behaving = {}
    row = health.partition('href="/c/330102"')[2].partition("</tr>")[0]
    assert "未应答" in row.partition("</td>")[0]
    assert row.partition('class="figure">')[2].startswith("—")
    assert "应答超时" not in cockpit
    assert cockpit.count("未应答") >= 2


def test_a_mechanisms_page_begins_with_what_was_done_under_it(get: Get) -> None:
    page = get(f"/m/{MECHANISM}").text
    assert page.index("本机制下举办的活动") < page.index("成员的全部活动") < page.index("委员参与")
    assert "<title>驾驶舱" not in page


@pytest.mark.parametrize(
    ("roles", "told"),
    [(("system_admin",), {"账号", "交换状态", "下级审计"}), (("security_admin",), {"角色", "下级审计"}),
     (("audit_admin",), {"审计日志", "下级审计"}), (("department",), {"交办事项"}), (("coordinator",), {"交办事项"})],
)  # fmt: skip
def test_whom_no_figure_concerns_lands_on_the_own_work_and_on_no_cockpit(
    get: Get, parts: Parts, monkeypatch: pytest.MonkeyPatch, roles: tuple[str, ...], told: set[str]
) -> None:
    entries = parts.federation.now().directory.entries
    entrance = msgspec.structs.replace(entries[HOME], login_url="https://home.example/gateway-sign-in")
    monkeypatch.setitem(entries, HOME, entrance)
    page = get("/", roles=roles).text
    main = page.partition("<main")[2]
    assert set(re.findall(r'<li><a href="[^"]+">([^<]+)</a><br>', main)) == told
    assert 'href="https://home.example/' in main
    assert (">驾驶舱</a>" in page, "/13" in page, 'class="kpis"' in page) == (False, False, False)
    assert ">驾驶舱</a>" in get("/", roles=(*roles, "clerk")).text, "a clerk has figures"
