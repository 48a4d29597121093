"""A change that is delivered with a copy of its record says so, there where the listener has it."""

import json

from graphql import OperationDefinitionNode, parse

from gateway.joint import Joint
from gateway.schema import joint_sdl
from gateway.streams.delivering import Selected, selected
from sync.contract.asking.changes import Change
from sync.edge.streams.subscribed import subscribed

ID = f"330110.activity.{'0' * 32}"
CHANGE = Change(id=ID, version=3, is_gone=False, cursor="1.7")
SCHEMA = Joint(joint_sdl()).schema


def listening() -> Selected:
    operation = parse("subscription { change: recordChanged { version record: node { id } } }").definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return selected(SCHEMA, subscribed(SCHEMA, operation, {}, {}), operation, {}, {})


def test_a_copy_is_named_where_the_listener_sees_it() -> None:
    copy = {"committee": "330110", "state": "STALE", "asOf": "2026-11-01T00:00:00+00:00"}
    read = {"data": {"n1": {"id": ID}}, "extensions": {"stale": [{"path": ["n1"], **copy}]}}
    assert json.loads(listening().written(CHANGE, json.dumps(read).encode())) == {
        "data": {"change": {"version": 3, "record": {"id": ID}}},
        "extensions": {"stale": [{"path": ["change", "record"], **copy}]},
    }


def test_what_is_live_says_nothing_of_copies_and_an_error_keeps_its_place() -> None:
    read = {"data": {"n1": {"id": ID}}}
    told = {"data": {"change": {"version": 3, "record": {"id": ID}}}}
    assert json.loads(listening().written(CHANGE, json.dumps(read).encode())) == told
    error = {"message": "x", "extensions": {"code": "AWAY"}}
    lost = {"data": {"n1": None}, "errors": [{"path": ["n1"], **error}]}
    assert json.loads(listening().written(CHANGE, json.dumps(lost).encode())) == {
        "data": {"change": {"version": 3, "record": None}}, "errors": [{"path": ["change", "record"], **error}],
    }  # fmt: skip
