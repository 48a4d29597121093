"""Whoever signs finds on the first page what left at once; whoever did it, what was objected to."""

from collections.abc import Callable

import pytest

from tenant_service.identity.policy import Role
from tests.tenant_service.activities.test_pages import published
from tests.tenant_service.browsing import Browser

# A page does not know which database is below it; the room's other tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def leader(anybody: Callable[..., Browser]) -> Browser:
    return anybody(Role.SECRETARY, name="孙三")


def form_to(browser: Browser, last: str) -> str:
    """The address of the first form on this page that ends so."""
    return browser.text.partition('action="/reviews/')[2].partition("/")[0].join(("/reviews/", f"/{last}"))


def test_a_cancellation_is_found_by_whoever_signs_objected_to_and_settled_by_whoever_did_it(
    clerk_browser: Browser, leader: Browser, member_browser: Browser, visitor: Browser
) -> None:
    at = f"/activities/{published(clerk_browser, leader)}"
    assert "没有需要事后审核的事项" in leader.go("/reviews").text
    clerk_browser.go(f"{at}/cancel").send(f"{at}/cancel", reason="场地停电")
    assert "已取消" in visitor.go(at).text, "it went at once"
    assert 'href="/reviews?state=WAITING&amp;mine=review"><b>1</b><span>待事后审核' in leader.go("/").text
    page = leader.go("/reviews?state=WAITING&mine=review").text
    assert [each in page for each in ("老旧小区加装电梯协商", "王一", "场地停电", "待事后审核")] == [True] * 4
    leader.go(at)
    assert leader.send(form_to(leader, "object"), reason="").status == 400
    leader.go(at).send(form_to(leader, "object"), reason="未报主席")
    assert (leader.path, "孙三" in leader.text, "未报主席" in leader.text) == (at, True, True)
    assert "已取消" in visitor.go(at).text, "what left stays"
    assert "未报主席" not in visitor.text
    assert "<b>1</b><span>审核有异议" in clerk_browser.go("/").text
    clerk_browser.go(at).send(form_to(clerk_browser, "settle"), reason="已补报")
    assert ("异议已处理" in clerk_browser.text, "审核有异议" in clerk_browser.go("/").text) == (True, False)
    told = leader.go("/reviews.csv").text.splitlines()
    assert (told[0].lstrip("\ufeff").startswith("事项,类型,办理,办理人"), "已补报" in told[1]) == (True, True)
    assert (member_browser.go("/reviews").status, visitor.go("/reviews").path) == (403, "/sign-in")


def test_what_is_confirmed_says_so_in_both_languages(clerk_browser: Browser, leader: Browser) -> None:
    at = f"/activities/{published(clerk_browser, leader)}"
    clerk_browser.go(f"{at}/change").send(f"{at}/change", note="嘉宾改期", place="魏塘议事堂")
    leader.go(at).send(form_to(leader, "confirm"))
    assert "已复核" in leader.text
    assert "Reviewed" in leader.go(f"{at}?lang=en").text
