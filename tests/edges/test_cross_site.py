"""Another site's page cannot make a signed-in browser ask anything at either door, by whatever method."""

import re
from collections.abc import Iterable, Iterator

import pytest
from starlette.routing import BaseRoute, Mount, Route

from tests.edges.doors import CLIENT, Door

BY_THEMSELVES = {"/authorize", "/end-session"}
"""Other sites' pages may send these forms: like GET they change nothing, and ask."""
VIEWER = "{ viewer { roles } }"
FOREIGN: list[dict[str, str]] = [
    {"sec_fetch_site": "cross-site"},
    {"sec_fetch_site": "same-site"},
    {"origin": "https://elsewhere.example"},
    {"origin": "null"},
    {},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_another_sites_page_cannot_use_a_signed_in_browser(door: Door, headers: dict[str, str]) -> None:
    cookie = door.cookie()
    for answer in (
        door.get({"query": VIEWER}, cookie=cookie, **headers),
        door.post({"query": VIEWER}, cookie=cookie, **headers),
    ):
        assert answer.status_code == 403
        assert [each["extensions"]["code"] for each in answer.json()["errors"]] == ["CROSS_SITE"]
        assert "data" not in answer.json()


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_another_sites_form_signs_nobody_out(door: Door, headers: dict[str, str]) -> None:
    """Not even by an answer that takes the cookie away, where SameSite kept it at home."""
    cookie, sent = door.cookie(), {key.replace("_", "-"): value for key, value in headers.items()}
    answers = [CLIENT.post(f"{door.origin}/sign-out", headers={**sent, "cookie": cookie})]
    if headers:
        answers.append(CLIENT.post(f"{door.origin}/sign-out", headers=sent))
    for answer in answers:
        assert answer.status_code == 403
        assert "请求并非来自本站页面" in answer.text
        assert "set-cookie" not in answer.headers
    assert door.get({"query": VIEWER}, cookie=cookie, origin=door.origin).json()["data"]["viewer"]["roles"] == ["CLERK"]


@pytest.mark.parametrize("headers", [*FOREIGN[:-1], pytest.param({}, id="says nothing, with the cookie")], ids=str)
def test_no_path_that_a_form_can_be_sent_to_acts_for_another_site(door: Door, headers: dict[str, str]) -> None:
    cookie, sent = door.cookie(), {key.replace("_", "-"): value for key, value in headers.items()}
    found = {re.sub(r"{.*?}", "x", path) for path in posted(door.app.routes)} - BY_THEMSELVES
    assert "/sign-out" in found
    passed = {
        path
        for path in found
        if CLIENT.post(door.origin + path, headers={**sent, "cookie": cookie}, data={"a": "b"}).status_code != 403
    }
    assert passed == set()


def posted(routes: Iterable[BaseRoute]) -> Iterator[str]:
    """Every path that takes a POST."""
    for each in routes:
        if isinstance(each, Mount):
            yield from (each.path + path for path in posted(each.routes))
        elif isinstance(each, Route) and "POST" in (each.methods or ()):
            yield each.path


def test_a_page_of_its_own_can(door: Door) -> None:
    cookie = door.cookie()
    for headers in ({"sec_fetch_site": "same-origin"}, {"sec_fetch_site": "none"}, {"origin": door.origin}):
        for answer in (
            door.get({"query": VIEWER}, cookie=cookie, **headers),
            door.post({"query": VIEWER}, cookie=cookie, **headers),
        ):
            assert answer.status_code == 200
            assert answer.json()["data"]["viewer"]["roles"] == ["CLERK"]


def test_a_token_is_never_sent_by_itself_so_its_holder_may_ask_from_anywhere(door: Door) -> None:
    answer = door.get({"query": VIEWER}, origin="https://tool.example", **door.signed("clerk"))
    assert answer.json()["data"]["viewer"]["roles"] == ["CLERK"]
