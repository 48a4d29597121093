"""Another site's page cannot make a signed-in browser ask anything at either door, by whatever method."""

import pytest

from tests.edges.doors import Door

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
