"""Server-sent events at a committee's door: who asks for them wrongly is refused as anybody is."""

from typing import Any

import pytest

from tests.edges.mistakes import EVENTS, MISTAKES, MUTATION, SUBSCRIPTION, check, headers_of
from tests.tenant_service.edge.conftest import House


@pytest.mark.parametrize(("method", "accept", "sent", "status", "code"), MISTAKES)
def test_who_asks_for_events_wrongly_is_refused_as_anybody_is(
    house: House, method: str, accept: str, sent: dict[str, Any], status: int, code: str
) -> None:
    client = house.program()
    check(client.request(method, "/graphql", **sent | {"headers": headers_of(accept, sent)}), status, code)
    assert house.deps.audience.places.count == 0


def test_who_is_nobody_or_brings_a_wrong_token_hears_nothing(house: House) -> None:
    client = house.client()
    asked: dict[str, Any] = {"json": {"query": SUBSCRIPTION}}
    check(client.post("/graphql", **asked, headers={"Accept": EVENTS}), 401, "NOT_SIGNED_IN")
    wrong = {"Accept": EVENTS, "Authorization": "Bearer nonsense"}
    check(client.post("/graphql", **asked, headers=wrong), 401, "BAD_TOKEN")


def test_an_act_over_events_is_done_where_it_is_posted(house: House) -> None:
    told = house.program().post("/graphql", json={"query": MUTATION}, headers={"Accept": EVENTS})
    assert told.headers["content-type"].startswith(EVENTS)
    assert "event: complete" in told.text
