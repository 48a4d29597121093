"""NUL is no text, which PostgreSQL cannot even be asked for: every page that is asked with it says no in order."""

import re

import pytest

from tenant_service.app import build
from tenant_service.identity.policy import Role
from tests.tenant_service.oauth.tenant import Tenant

NAMES = (
    "q", "who", "act", "subject", "after", "from", "to", "on", "since", "kind", "state", "venue", "sort", "replayed",
    "record", "shown", "purpose", "reason", "client_id", "nonce", "state", "code", "gateway", "next", "lang", "theme",
    "iss", "redirect_uri", "id_token_hint", "month", "role", "type", "verdict", "preview",
)  # fmt: skip
ROLES = (Role.SECRETARY, Role.AUDIT_ADMIN)


def paths(tenant: Tenant) -> list[str]:
    """Every path that is read by GET."""
    found = build(tenant.committee).routes
    return sorted({each.path for each in found if "GET" in (getattr(each, "methods", None) or ())})  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", [None, *ROLES])
def test_no_page_breaks_when_it_is_asked_with_nul(tenant: Tenant, role: Role | None) -> None:
    if role:
        tenant.account(f"nul-{role}", role)
    browser = tenant.browser(f"nul-{role}" if role else "")
    broken = set()
    found = paths(tenant)
    assert {"/activities", "/audit", "/personal/{id}/data.json"} <= set(found)
    for path in found:
        asked = [re.sub(r"{.*?}", "%00", path)] if "{" in path else []
        asked += [re.sub(r"{.*?}", "x", path) + f"?{name}=%00" for name in NAMES]
        broken |= {each for each in asked if browser.get(each).status_code >= 500}
    assert broken == set()
