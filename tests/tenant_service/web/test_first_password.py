"""A first password opens one page: the one that changes it; an administrator's as well, whom another one opened."""

from collections.abc import Callable

import pytest

from tenant_service.identity import accounts
from tenant_service.identity.policy import Role
from tenant_service.web.site import Site
from tests.tenant_service.browsing import Browser


@pytest.mark.parametrize("path", ["/", "/activities", "/activities/new", "/venues", "/exchange"])
def test_every_page_leads_to_the_new_password(anybody: Callable[..., Browser], path: str) -> None:
    browser = anybody(Role.CLERK, must_change=True)
    answer = browser.client.get(path, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/password")
    assert anybody(Role.CLERK, name="赵二").client.get(path, follow_redirects=False).status_code == 200


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.SYSTEM_ADMIN, "/accounts"),
        (Role.SECURITY_ADMIN, "/accounts"),
        (Role.SECURITY_ADMIN, "/audit/consent"),
        (Role.AUDIT_ADMIN, "/audit"),
        (Role.AUDIT_ADMIN, "/audit.csv"),
    ],
)
def test_an_administrators_first_password_administers_nothing(
    anybody: Callable[..., Browser], role: Role, path: str
) -> None:
    answer = anybody(role, must_change=True).client.get(path, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/password")
    assert anybody(role, name="赵二").client.get(path, follow_redirects=False).status_code == 200


def test_an_administrators_first_password_opens_no_account(anybody: Callable[..., Browser], site: Site) -> None:
    """Also by a form that no page offers: the session's own token is in it, and what it asks is refused."""
    browser = anybody(Role.SYSTEM_ADMIN, must_change=True)
    found = site.callers.signed_in(browser.client.cookies[site.cookie])
    assert found
    opening = {
        "csrf": found.session.csrf,
        "username": "qian",
        "name": "钱四",
        "password": "jia-shan-first",
        "reason": "新来",
    }
    refused = browser.client.post("/accounts/open", data=opening, follow_redirects=False)
    assert (refused.status_code, refused.headers.get("location")) == (303, "/password")
    with site.units.read() as unit:
        assert {each.name for each in accounts.everybody(unit.session)} == {"王一"}
