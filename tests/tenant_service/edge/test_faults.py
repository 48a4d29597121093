"""What breaks is told in the house's words, with a reference that the log has too, and nothing of it gets out."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import text

from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.edge.conftest import House

WITHIN = ("Traceback", "sqlalchemy", "away", "account", "SELECT", "File ")
PROGRAM = {"grant_type": "authorization_code", "client_id": "330421.client.0", "code": "x"}


@contextmanager
def without(units: Units, table: str) -> Iterator[None]:
    """The database lacks this table meanwhile."""
    with units.write() as unit:
        unit.session.execute(text(f"ALTER TABLE {table} RENAME TO away"))
    yield
    with units.write() as unit:
        unit.session.execute(text(f"ALTER TABLE away RENAME TO {table}"))


def referred(log: str) -> str:
    """The one reference in the log."""
    (found,) = re.findall(r"reference ([0-9a-f]{8})\n", log)
    assert "Traceback" in log
    return str(found)


@pytest.mark.parametrize(
    ("language", "said"), [("zh-CN", "系统内部错误，请稍后重试"), ("en", "internal error")], ids=["zh-CN", "en"]
)
def test_a_page_that_breaks_is_a_page_that_says_so(
    house: House, units: Units, caplog: pytest.LogCaptureFixture, language: str, said: str
) -> None:
    browser = house.browser()
    browser.cookies.set("lang", language)
    with without(units, "browser_session"):
        told = browser.get("/password")
    assert (told.status_code, told.headers["content-type"]) == (500, "text/html; charset=utf-8")
    assert said in told.text
    assert "INTERNAL" in told.text
    assert f"<code>{referred(caplog.text)}</code>" in told.text
    assert "default-src 'self'" in told.headers["content-security-policy"]
    assert told.headers["cache-control"] == "no-store"
    page = told.text.partition("<main")[2].partition("</main>")[0]
    assert page
    assert not [each for each in WITHIN if each in page]
    assert browser.get("/password").status_code == 200, "nothing else has changed"


def test_a_form_that_breaks_signs_nobody_in(house: House, units: Units, caplog: pytest.LogCaptureFixture) -> None:
    browser = house.client()
    with without(units, "account"):
        told = browser.post("/sign-in", data={"username": "clerk", "password": "x" * 12})
    assert told.status_code == 500
    assert referred(caplog.text) in told.text
    assert "set-cookie" not in told.headers


@pytest.mark.parametrize(
    ("table", "path", "sent"),
    [
        ("oauth_client", "/token", {"data": PROGRAM}),
        ("oauth_client", "/revoke", {"data": PROGRAM | {"token": "x"}}),
        ("account", "/token", {"json": {"username": "clerk", "password": "x" * 12}}),
    ],
    ids=["/token", "/revoke", "/token by password"],
)
def test_a_program_is_told_as_programs_are(
    house: House, units: Units, caplog: pytest.LogCaptureFixture, table: str, path: str, sent: dict[str, Any]
) -> None:
    with without(units, table):
        told = house.client().post(path, **sent)
    assert (told.status_code, told.headers["content-type"]) == (500, "application/problem+json")
    said = told.json()
    assert (said["status"], said["code"], said["error"]) == (500, "INTERNAL", "server_error")
    assert (said["zh"], said["reference"]) == ("系统内部错误，请稍后重试", referred(caplog.text))
    assert not [each for each in WITHIN if each in told.text]
