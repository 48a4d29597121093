"""Somebody's browser at Jiashan's site; `clerk_browser`, `member_browser`, `visitor` and `anybody` open one."""

import html
import re
from dataclasses import replace
from types import SimpleNamespace

from starlette.testclient import TestClient

from tenant_service.web.site import Site

_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class Browser:
    """Somebody's browser: it follows links, and fills in forms of the page it is on, hidden fields included."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.status, self.text, self.path = 0, "", ""

    def go(self, path: str) -> "Browser":
        return self._on(self.client.get(path))

    def send(self, action: str, **fields: object) -> "Browser":
        """Sends the form of this page that goes to `action`: its hidden fields, and what is filled in."""
        found = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', self.text, re.DOTALL)
        assert found, f"{self.path} has no form to {action}"
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found[1]))
        told = {name: html.unescape(value) for name, value in hidden.items()} | fields
        return self._on(self.client.post(action, data=told))

    def post(self, action: str, **fields: object) -> "Browser":
        """Sends what no page offers."""
        return self._on(self.client.post(action, data=fields))

    def csrf(self) -> str:
        found = _CSRF.search(self.text)
        assert found
        return found[1]

    def error_of(self, field: str) -> str:
        """What is said beside a field; "" where nothing is."""
        found = re.search(rf'id="e-{field}">([^<]*)<', self.text)
        return html.unescape(found[1]) if found else ""

    def tile(self, label: str) -> int:
        """How many of what this first page counts; nothing is told of none."""
        found = re.search(rf"<b>(\d+)</b> ?<span>{re.escape(label)}</span>", self.text)
        return int(found[1]) if found else 0

    def _on(self, answer: object) -> "Browser":
        told: SimpleNamespace = answer  # type: ignore[assignment]
        self.status, self.text, self.path = told.status_code, told.text, told.url.path
        return self


def allow(site: Site, rows: int) -> None:
    """One account may look at so many rows of personal data in a day."""
    object.__setattr__(site, "services", replace(site.services, personal_rows_per_day=rows))
