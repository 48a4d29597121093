"""A first password opens one page: the one that changes it."""

from collections.abc import Callable

import pytest

from tenant_service.identity.policy import Role
from tests.tenant_service.web.conftest import Browser


@pytest.mark.parametrize("path", ["/", "/activities", "/activities/new", "/venues", "/exchange"])
def test_every_page_leads_to_the_new_password(anybody: Callable[..., Browser], path: str) -> None:
    browser = anybody(Role.CLERK, must_change=True)
    answer = browser.client.get(path, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/password")
    assert anybody(Role.CLERK, name="赵二").client.get(path, follow_redirects=False).status_code == 200
