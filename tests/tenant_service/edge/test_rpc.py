"""What a gateway asks over HTTP is believed for the same reasons as over the hub, and for no other."""

import asyncio
import datetime as dt
import time
from typing import Any

import httpx2
import pytest

from sync.bus.answerer import Question
from sync.bus.rpc import OVER_HTTP
from tenant_service.edge.rpc import MOST_BYTES
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.edge.conftest import House
from tests.tenant_service.identity.federation import headers, token
from tests.tenant_service.places import JIASHAN, ZHEJIANG

BODY = b'{"query":"{ apiVersion }"}'


def over_http(told: dict[str, str]) -> dict[str, str]:
    return {OVER_HTTP[name]: value for name, value in told.items()}


def asked(house: House, body: bytes, told: dict[str, str], verb: str = "graphql") -> httpx2.Response:
    answer: Any = house.client().post(f"/rpc/{verb}", content=body, headers=over_http(told))
    return answer  # type: ignore[no-any-return]


async def over_the_hub(house: House, question: Question) -> bytes:
    return await house.deps.rpc(question) or b""


def codes(answer: httpx2.Response) -> list[str]:
    assert answer.status_code == 200
    return [each["extensions"]["code"] for each in answer.json()["errors"]]


def test_a_proven_question_is_answered_as_over_the_hub(house: House) -> None:
    told = headers(BODY, token())
    answer = asked(house, BODY, told)
    again = headers(BODY, token(), jti="b")
    question = Question("graphql", BODY, again, time.monotonic() + 10)
    assert answer.json()["data"]["apiVersion"]
    assert answer.content == asyncio.run(over_the_hub(house, question))
    assert answer.headers["cache-control"] == "no-store"


def test_a_proof_counts_once_whichever_way_it_comes(house: House) -> None:
    told = headers(BODY, token())
    question = Question("graphql", BODY, told, time.monotonic() + 10)
    assert b'"apiVersion"' in asyncio.run(over_the_hub(house, question))
    assert codes(asked(house, BODY, told)) == ["BAD_PROOF"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (BODY, {}),
        (BODY.replace(b"apiVersion", b"__typename"), headers(BODY, token())),
        (BODY, headers(BODY, token(), to=(ZHEJIANG,))),
        (BODY, headers(BODY, token(), to=(JIASHAN, ZHEJIANG))),
        (BODY, headers(BODY, "") | {"Token": token()}),
    ],
    ids=["no proof", "another body", "for another committee", "for several", "another's token"],
)
def test_what_is_not_proven_is_refused(house: House, body: bytes, told: dict[str, str]) -> None:
    assert codes(asked(house, body, told)) == ["BAD_PROOF"]


def test_nobodys_copies_are_shown_to_people_of_others(house: House) -> None:
    body = b'{"query":"{ apiVersion }","owners":["330000"]}'
    assert codes(asked(house, body, headers(body, token()), "replica")) == ["FORBIDDEN"]


def test_other_verbs_and_methods_lead_nowhere(house: House) -> None:
    assert codes(asked(house, BODY, headers(BODY, token()), "nonsense")) == ["BAD_REQUEST"]
    assert house.client().get("/rpc/graphql").status_code == 405
    assert asked(house, b"x" * (MOST_BYTES + 1), {}).status_code == 413


def test_nobody_is_answered_who_waits_no_more(house: House) -> None:
    told = headers(BODY, token()) | {"Deadline-Ms": "0"}
    assert asked(house, BODY, told).status_code == 503


@pytest.mark.parametrize("door", ["program", "browser", "gateway"])
def test_who_asks_is_found_in_the_view_that_answers(
    house: House, units: Units, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Roles that are taken away between two views would show one the rows of the other. Views are counted by the clock
    that each asks once: one in which nothing is read begins nothing in the database.
    """
    body = b'{"query":"{ viewer { sub } units { nodes { id } } }"}'
    client: Any = house.client()
    if door == "browser":
        client = house.browser()
    elif door == "program":
        client = house.program()
    client.headers["Content-Type"] = "application/json"
    begun, now = 0, units.clock

    def counting() -> dt.datetime:
        nonlocal begun
        begun += 1
        return now()

    monkeypatch.setattr(units, "clock", counting)
    by_gateway = door == "gateway"
    answer = asked(house, body, headers(body, token())) if by_gateway else client.post("/graphql", content=body)
    assert "errors" not in answer.json()
    assert begun == 1
