"""Whatever is asked, a gateway changes nothing but who is asked."""

import asyncio
import json
from random import Random
from typing import Any

import pytest
from graphql import parse, validate
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gateway.app import Parts
from gateway.joint import Joint
from sync.edge.body import Asked
from tests.gateway.committee import committees, rows_of
from tests.gateway.federation import JOINT_SDL, Federation, directory_of
from tests.gateway.operations import Operation

BELOW = committees(3)
ROWS = rows_of(BELOW, 40)
KNOWN: dict[str, list[Any]] = {"activities": ROWS.activities, "venues": ROWS.venues}
IDS = [*BELOW, "330199", "nonsense", ROWS.activities[3].id, ROWS.venues[6].id, f"330103.activity.{'f' * 32}"]
SCHEMA = Joint(JOINT_SDL).schema
MOST_PATIENT = 10_000
"""Milliseconds: here it is asked what is answered, and a busy machine must not make it less."""
WIDELY = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
luck = st.integers(0, 2**64 - 1).map(Random)


@pytest.fixture(scope="module")
def gateways(three: Federation, runner: asyncio.Runner) -> dict[str, Parts]:
    """One over each committee alone, and under "all" one over those below the city."""
    subsets = {**{id: {id: each} for id, each in three.below.items()}, "all": three.below}
    return {
        name: runner.run(three.parts(directory=directory_of(of, three.keys), deadline_ms=MOST_PATIENT))
        for name, of in subsets.items()
    }


def written(luck: Random) -> Operation:
    operation = Operation(luck, SCHEMA, KNOWN, IDS)
    assume(not validate(SCHEMA, parse(operation.text)))
    return operation


def compare(gateway_said: bytes, service_said: bytes, operation: Operation) -> None:
    about = operation.text, operation.variables
    ours, theirs = (dict(json.loads(told, object_pairs_hook=list)) for told in (gateway_said, service_said))
    assert ours.get("data") == theirs.get("data"), about  # pairs: the order of the keys counts
    if ours.get("data") is None:
        return  # a gateway refuses before it asks; a service may have met other errors before that one
    errors = [sorted(json.loads(told).get("errors", []), key=str_of) for told in (gateway_said, service_said)]
    assert errors[0] == errors[1], about


def str_of(fault: dict[str, Any]) -> str:
    return json.dumps(fault, sort_keys=True)


def body(operation: Operation) -> bytes:
    return json.dumps({"query": operation.text, "variables": operation.variables}).encode()


@WIDELY
@given(luck)
def test_over_one_committee_it_says_what_that_committee_says(
    three: Federation, gateways: dict[str, Parts], runner: asyncio.Runner, luck: Random
) -> None:
    operation = written(luck)
    only = luck.choice(list(three.below))
    told = runner.run(gateways[only].gateway.answer(Asked(operation.text, operation.variables)))
    compare(told.body, three.services[only].answer(body(operation)), operation)


@WIDELY
@given(luck)
def test_over_three_committees_it_says_what_one_service_holding_all_their_rows_says(
    three: Federation, gateways: dict[str, Parts], runner: asyncio.Runner, luck: Random
) -> None:
    operation = written(luck)
    told = runner.run(gateways["all"].gateway.answer(Asked(operation.text, operation.variables)))
    compare(told.body, three.union.answer(body(operation)), operation)
