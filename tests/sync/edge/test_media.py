"""Both media types of GraphQL over HTTP are spoken, each with its own rule of status codes."""

import pytest

from sync.edge.media import Media, accepted, is_json


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, Media.JSON),
        ("", Media.JSON),
        ("*/*", Media.JSON),
        ("application/*", Media.JSON),
        ("application/json; charset=utf-8", Media.JSON),
        ("application/graphql-response+json", Media.GRAPHQL),
        ("application/graphql-response+json; charset=utf-8, application/json; q=0.9", Media.GRAPHQL),
        ("application/json, application/graphql-response+json;q=0.5", Media.JSON),
        ("application/json;q=0.2, application/graphql-response+json", Media.GRAPHQL),
        ("text/html, */*;q=0.1", Media.JSON),
        ("text/html", None),
        ("application/json;q=0", None),
        ("application/json;q=much", None),
    ],
)
def test_the_client_gets_what_it_likes_best(accept: str | None, media: Media | None) -> None:
    assert accepted(accept) is media


def test_a_document_that_is_not_valid_is_200_only_in_plain_json() -> None:
    assert [Media.JSON.status(told) for told in (200, 400, 403, 405, 500)] == [200, 200, 403, 405, 500]
    assert [Media.GRAPHQL.status(told) for told in (200, 400, 403)] == [200, 400, 403]


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ("application/json", True),
        ("Application/JSON; charset=UTF-8", True),
        ('application/json; charset="utf-8"', True),
        ("application/json; charset=gbk", False),
        ("application/x-www-form-urlencoded", False),
        ("text/plain", False),
        (None, False),
    ],
)
def test_a_body_says_that_it_is_json(said: str | None, fits: bool) -> None:
    assert is_json(said) is fits
