"""Listening at a committee's door: who asks for it wrongly is refused as anybody is, and it keeps nobody signed in."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import event
from starlette.requests import HTTPConnection

from sync.contract.errors import Code, Refusal
from sync.edge.body import Asked
from tenant_service.edge.streams import Streams, TenantViewer
from tests.edges.mistakes import EVENTS, MISTAKES, MUTATION, SUBSCRIPTION, check, headers_of
from tests.tenant_service.edge.conftest import House
from tests.tenant_service.places import Clock


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


def listening(house: House) -> TenantViewer:
    """A connection that a browser which signed in has opened to listen."""
    [(name, value)] = house.browser().cookies.items()
    headers = [(b"cookie", f"{name}={value}".encode()), (b"sec-fetch-site", b"same-origin")]
    http = HTTPConnection({"type": "http", "headers": headers, "client": ("10.0.0.9", 50_000)})
    return asyncio.run(Streams(house.deps).open(http, None))


def test_whoever_only_listens_is_signed_out_when_idle(house: House, clock: Clock) -> None:
    viewer = listening(house)
    clock.on(minutes=20)
    assert viewer.actor().iss
    clock.on(minutes=11)
    with pytest.raises(Refusal) as no:
        viewer.actor()
    assert no.value.code is Code.SIGN_IN_ENDED


def test_whoever_asks_something_over_a_connection_uses_the_session(house: House, clock: Clock) -> None:
    viewer = listening(house)
    clock.on(minutes=20)
    asyncio.run(viewer.begin(Asked("{ viewer { iss } }")))
    clock.on(minutes=11)
    assert viewer.actor().iss


def test_who_listens_is_looked_for_in_the_view_that_is_open(house: House) -> None:
    viewer, begun = listening(house), list[Any]()

    def begins(connection: Any) -> None:
        begun.append(connection)

    with house.deps.site.units.read() as unit:
        unit.session.connection()
        event.listen(unit.session.get_bind(), "begin", begins)
        assert viewer.actor(unit).iss
        event.remove(unit.session.get_bind(), "begin", begins)
    assert begun == []
