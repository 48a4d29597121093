"""NUL is no text, which PostgreSQL cannot even be asked for: every page that is asked with it says no in order."""

import re

import pytest
from starlette.datastructures import QueryParams

from tenant_service.app import build
from tenant_service.identity.policy import Role
from tests.tenant_service.oauth.tenant import Tenant

ROLES = (Role.SECRETARY, Role.AUDIT_ADMIN)
ALWAYS = ("lang", "theme", "next")
"""Looked at before a page is."""


def paths(tenant: Tenant) -> list[str]:
    """Every path that is read by GET."""
    found = build(tenant.committee).routes
    return sorted({each.path for each in found if "GET" in (getattr(each, "methods", None) or ())})  # type: ignore[attr-defined]


@pytest.fixture
def looked_for(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What pages look for in their addresses, as they do it."""
    seen: set[str] = set()
    for how in ("get", "getlist", "__getitem__", "__contains__"):

        def look(self: QueryParams, name: str, *more: object, _how: str = how) -> object:
            seen.add(str(name))
            return getattr(super(QueryParams, self), _how)(name, *more)

        monkeypatch.setattr(QueryParams, how, look, raising=False)
    return seen


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
@pytest.mark.parametrize("role", [None, *ROLES])
def test_no_page_breaks_when_it_is_asked_with_nul(tenant: Tenant, role: Role | None, looked_for: set[str]) -> None:
    """By each name that it looks for, also by those that it looks for only then."""
    if role:
        tenant.account(f"nul-{role}", role)
    browser = tenant.browser(f"nul-{role}" if role else "")
    broken, names = set(), set[str]()
    found = paths(tenant)
    assert {"/activities", "/audit", "/personal/{id}/data.json"} <= set(found)
    for path in found:
        plain, asked = re.sub(r"{.*?}", "x", path), set[str]()
        looked_for.clear()
        waiting = [re.sub(r"{.*?}", "%00", path), plain, *(f"{plain}?{name}=%00" for name in ALWAYS)]
        while waiting:
            each = waiting.pop()
            if browser.get(each).status_code >= 500:
                broken.add(each)
            new = looked_for - asked - set(ALWAYS)
            asked |= new
            waiting += [f"{plain}?{name}=%00" for name in sorted(new)]
        names |= asked
    assert broken == set()
    assert not role or {"q", "kind", "after", "sort"} <= names, "pages are seen to look"
