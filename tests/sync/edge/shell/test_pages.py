"""The frame: languages, static files, headers, and that a page which misses a word says so at once."""

import datetime as dt
from pathlib import Path

import jinja2
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from sync.contract.errors import Code, Refusal
from sync.edge.shell.headers import BrowserHeaders
from sync.edge.shell.pages import Frame, Pages

NOW = dt.datetime(2026, 12, 3, 2, 0, tzinfo=dt.UTC)
FRAME = Frame(owner="余杭区政协", who="王一", csrf="c", version="1")


@pytest.fixture
def browser(tmp_path: Path) -> TestClient:
    (tmp_path / "hello.html").write_text(
        '{% extends "shell.html" %}{% block title %}问候{% endblock %}'
        '{% block main %}{{ _("回到首页") }} {{ name }}{% endblock %}'
    )
    (tmp_path / "broken.html").write_text("{{ nobody_gave_this }}")
    pages = Pages([tmp_path], clock=lambda: NOW)

    async def hello(request: Request) -> Response:
        return pages.show(request, "hello.html", FRAME, name="<b>", packed=True)

    async def broken(request: Request) -> Response:
        return pages.show(request, "broken.html", FRAME)

    async def refused(request: Request) -> Response:
        return pages.refuse(request, Refusal(Code.NOT_FOUND), FRAME)

    routes = [Route("/", hello), Route("/broken", broken), Route("/refused", refused), *pages.routes()]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(BrowserHeaders)]))


def test_a_page_is_chinese_until_somebody_switches_and_then_stays_so(browser: TestClient) -> None:
    assert "回到首页" in browser.get("/").text
    english = browser.get("/?lang=en")
    assert 'lang="en"' in english.text
    assert "Back to the first page" in english.text
    assert "Back to the first page" in browser.get("/").text


def test_an_unknown_language_is_chinese(browser: TestClient) -> None:
    assert 'lang="zh-CN"' in browser.get("/?lang=xx").text


def test_what_people_wrote_is_never_markup(browser: TestClient) -> None:
    assert "&lt;b&gt;" in browser.get("/").text


def test_a_page_that_misses_a_value_is_not_shown_half(browser: TestClient) -> None:
    with pytest.raises(jinja2.UndefinedError):
        browser.get("/broken")


def test_a_refusal_is_a_page_with_its_status(browser: TestClient) -> None:
    refused = browser.get("/refused")
    assert refused.status_code == 404
    assert "没有此记录" in refused.text
    assert "NOT_FOUND" in refused.text


def test_every_answer_forbids_what_is_inline_or_from_elsewhere(browser: TestClient) -> None:
    headers = browser.get("/").headers
    assert headers["content-security-policy"].startswith("default-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"


def test_a_static_file_is_kept_for_a_year_under_a_name_that_changes_with_it(browser: TestClient) -> None:
    path = Pages().static.path("app.css")
    sheet = browser.get(path)
    assert sheet.status_code == 200
    assert "immutable" in sheet.headers["cache-control"]
    assert sheet.headers["content-type"].startswith("text/css")
    assert browser.get("/static/app.css").status_code == 404


def test_a_page_names_only_static_files_that_are_there() -> None:
    with pytest.raises(KeyError):
        Pages().static.path("nowhere.css")
