"""The first page says what waits for whoever looks, and each number leads to a list of exactly so many."""

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Units
from tenant_service.web.site import Todo
from tests.tenant_service import places
from tests.tenant_service.browsing import Browser
from tests.tenant_service.web.filled import Filled

# A page does not know which database is below it; the rooms' own tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
_TILE = re.compile(r'<li><a href="([^"]+)"><b>([\d,]+)</b> ?<span>([^<]+)</span>')
_GROUP = re.compile(r"<h2>(待办|待审|逾期)</h2>(.*?)</section>", re.DOTALL)
NOBODY_BELOW = {"下级审计头异常"}
"""Jiashan has nobody below it."""


def tiles(page: Browser) -> list[tuple[str, int, str]]:
    """What is counted, how many, and where they are."""
    return [(label, int(n.replace(",", "")), html.unescape(href)) for href, n, label in _TILE.findall(page.text)]


def rows(page: Browser, href: str) -> int:
    """How many the list at the address shows: that with the address's fragment, or the one list of the page."""
    path, _, part = href.partition("#")
    shown = page.go(path).text.partition(f'id="{part or "rows"}"')[2].partition("</section>")[0]
    assert page.status == 200, href
    body = re.search(r"<tbody>.*?</tbody>", shown, re.DOTALL)
    return body[0].count("<tr") if body else shown.partition("</ul>")[0].count("<li>")


@pytest.fixture
def filled(units: Units, clock: places.Clock, tmp_path: Path) -> Filled:
    return Filled(units, clock, tmp_path)


@pytest.fixture
def labels(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What any page counted, be it none."""
    found: set[str] = set()
    plain = Todo.__init__

    def noted(self: Todo, label: str, *told: Any, **more: Any) -> None:
        found.add(label)
        plain(self, label, *told, **more)

    monkeypatch.setattr(Todo, "__init__", noted)
    return found


@pytest.mark.practice(22)
def test_every_number_is_that_of_the_rows_behind_it(
    filled: Filled, anybody: Callable[..., Browser], labels: set[str]
) -> None:
    who: dict[Role, dict[str, str | None]] = {
        Role.DEPARTMENT: {"body": filled.office.bureau}, Role.COORDINATOR: {"body": filled.office.desk},
        Role.MEMBER: {"person": filled.member},
    }  # fmt: skip
    seen: set[str] = set()
    last = Role.AUDIT_ADMIN  # before there is one, somebody is missing
    for role in (*(each for each in Role if each is not last), last, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
        if role is last:
            filled.of_accounts(anybody)
        browser = anybody(role, name=f"{role}{len(seen)}", **who.get(role, {}))
        if role is Role.STREET:
            filled.of_objections(f"{role}{len(seen)}-{role}".lower())
        if role is Role.MEMBER:
            filled.of_own_posts(f"{role}{len(seen)}-{role}".lower())
        for label, number, href in tiles(browser.go("/")):
            assert rows(browser, href) == number, (role, label, href)
            seen.add(label)
    assert seen == labels - NOBODY_BELOW


@pytest.mark.practice(22)
def test_groups_are_those_of_who_looks_and_the_rest_is_only_told(
    filled: Filled, anybody: Callable[..., Browser]
) -> None:
    def groups(browser: Browser) -> dict[str, set[str]]:
        found = {
            name: {label for _, _, label in _TILE.findall(part)} for name, part in _GROUP.findall(browser.go("/").text)
        }
        return found | {"": {label for label, _, _ in tiles(browser)} - set().union(*found.values())}

    clerk, secretary = groups(anybody(Role.CLERK)), groups(anybody(Role.SECRETARY))
    assert "活动已退回" in clerk["待办"]
    assert "活动待审签" in clerk[""]
    assert "活动待审签" in secretary["待审"]
    assert "交办逾期" in clerk["逾期"]
    contact = groups(anybody(Role.DEPARTMENT, body=filled.office.bureau))
    assert contact["待办"] >= {"待签收", "吹哨待报到"}
    assert contact["逾期"] == {"交办逾期", "吹哨逾期未报到"}


def test_where_nothing_waits_one_line_says_what_may_be_begun(anybody: Callable[..., Browser]) -> None:
    for role, words in (
        (Role.CLERK, "/activities/new"), (Role.DEPARTMENT, "交办给本单位的事项"), (Role.CHAIR, "/topics/recommend"),
    ):  # fmt: skip
        page = anybody(role).go("/").text
        assert "今日无待办" in page
        assert words in page
        assert not _TILE.search(page)


def test_the_frame_offers_everybody_only_what_they_may_open(anybody: Callable[..., Browser]) -> None:
    for role in Role:
        browser = anybody(role, name=f"frame-{role.value}", body=places.BODY)
        frame = re.search(r"<nav.*?</nav>", browser.go("/").text, re.DOTALL)
        assert frame
        offered = re.findall(r'href="(/[^"]*)"', frame[0])
        assert "/" in offered
        assert [href for href in offered if browser.go(href).status != 200] == [], role
