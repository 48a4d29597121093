"""How one asks for server-sent events wrongly, the same at a committee's door and at a gateway's."""

from typing import Any

SUBSCRIPTION = "subscription { recordChanged { id } }"
MUTATION = 'mutation { withdraw(key: "1", activityId: "330100.activity.00000000000000000000000000000000") { id } }'
EVENTS = "text/event-stream"

MISTAKES: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("POST", EVENTS, {"json": {"query": "subscription { nothing }"}}, 400, "INVALID"),
    ("POST", EVENTS, {"json": {"query": "subscription {"}}, 400, "INVALID"),
    ("POST", EVENTS, {"json": {"query": "query ($id: ID!) { node(id: $id) { id } }"}}, 400, "INVALID"),
    ("POST", EVENTS, {"json": ["no", "object"]}, 400, "BAD_REQUEST"),
    ("POST", EVENTS, {"content": "{}", "headers": {"Content-Type": "text/plain"}}, 415, "NEEDS_JSON"),
    ("GET", EVENTS, {"params": {"query": "subscription { nothing }"}}, 400, "INVALID"),
    ("GET", EVENTS, {"params": {"query": MUTATION}}, 405, "WRONG_METHOD"),
    ("GET", EVENTS, {}, 400, "NEEDS_QUERY"),
    ("PUT", EVENTS, {"json": {"query": SUBSCRIPTION}}, 405, "WRONG_METHOD"),
    ("POST", "text/html", {"json": {"query": SUBSCRIPTION}}, 406, "WRONG_ACCEPT"),
    ("POST", f"{EVENTS};q=0", {"json": {"query": SUBSCRIPTION}}, 406, "WRONG_ACCEPT"),
    ("POST", "application/graphql-response+json", {"json": {"query": SUBSCRIPTION}}, 400, "NEEDS_STREAM"),
    ("GET", "application/graphql-response+json", {"params": {"query": SUBSCRIPTION}}, 405, "WRONG_METHOD"),
]
"""Method, Accept, what is sent, status, code."""


def headers_of(accept: str, sent: dict[str, Any]) -> dict[str, str]:
    return {"Accept": accept, **sent.get("headers", {})}


def check(answer: Any, status: int, code: str) -> None:
    """It is refused in both languages, and is no stream."""
    assert answer.status_code == status, answer.text
    [error] = answer.json()["errors"]
    assert error["extensions"]["code"] == code
    assert error["extensions"]["zh"]
    assert error["message"]
    assert not answer.headers["content-type"].startswith(EVENTS)
    if status == 405:
        assert "POST" in answer.headers["allow"]
