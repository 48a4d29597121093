"""What is delivered of one change: what the list says of it, and the record as its owner shows it to the viewer now; or
the copy at the viewer's home while the owner is silent, which says so.
"""

from dataclasses import dataclass
from typing import Any

import msgspec
import orjson
from graphql import (
    FieldNode,
    GraphQLObjectType,
    GraphQLSchema,
    NamedTypeNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableDefinitionNode,
    print_ast,
)
from graphql.language import ArgumentNode, DocumentNode

from gateway.federation.selecting.selections import Collector, fragments_in, name_node, variable_node, variables_in
from sync.contract.asking.changes import Change
from sync.contract.ids import kind_of, owner_of
from sync.edge.body import Asked
from sync.edge.budget import Fragments
from sync.edge.documents import Shown
from sync.edge.streams.subscribed import Subscribed

_ID = "changedRecord"


class _Read(msgspec.Struct):
    data: dict[str, msgspec.Raw] | None = None
    errors: list[dict[str, Any]] = []
    extensions: dict[str, Any] = {}


_read = msgspec.json.Decoder(_Read).decode


@dataclass
class Selected:
    """What the client selects of a change.

    Attributes:
        question: Asks the owner for the record; None: the client wants nothing of it.
    """

    key: str
    entries: list[tuple[str, str]]
    question: str | None
    variables: dict[str, Any]

    def asks(self, change: Change) -> Asked | None:
        """The query by which the record is read anew."""
        if self.question is None or change.is_gone:
            return None
        return Asked(self.question, self.variables | {_ID: change.id})

    def unread(self, change: Change, why: Shown) -> bytes:
        """The response where the record could not be read: it is null, and says why."""
        answer = {"errors": [why | {"path": [f"n{n}"]} for n, (_, name) in enumerate(self.entries) if name == "node"]}
        return self.written(change, orjson.dumps(answer))

    def written(self, change: Change, read: bytes | None) -> bytes:
        """The response; `read` is the answer to `asks`."""
        node = _read(read) if read is not None else _Read()
        told = {
            "id": change.id, "kind": kind_of(change.id).upper(), "committeeId": owner_of(change.id),
            "version": change.version, "isGone": change.is_gone, "cursor": change.cursor, "__typename": "RecordChange",
        }  # fmt: skip
        rows = []
        for number, (key, name) in enumerate(self.entries):
            value = (node.data or {}).get(f"n{number}", b"null") if name == "node" else orjson.dumps(told[name])
            rows.append(b"%s:%s" % (orjson.dumps(key), bytes(value)))
        data = b'{"data":{%s:{%s}}' % (orjson.dumps(self.key), b",".join(rows))
        more: dict[str, Any] = {}
        if node.errors:
            more["errors"] = [self._placed(error, "message", "extensions") for error in node.errors]
        if stale := node.extensions.get("stale"):
            more["extensions"] = {"stale": [self._placed(each, "committee", "state", "asOf") for each in stale]}
        return data + (b",%s" % orjson.dumps(more)[1:] if more else b"}")

    def _placed(self, told: dict[str, Any], *kept: str) -> dict[str, Any]:
        """What is told of a place, there where the client has it."""
        found = {name: told[name] for name in kept if name in told}
        path = told.get("path") or []
        if path and isinstance(path[0], str) and path[0][1:].isdecimal():
            return found | {"path": [self.key, self.entries[int(path[0][1:])][0], *path[1:]]}
        return found | {"path": [self.key]}


def selected(
    schema: GraphQLSchema, of: Subscribed, operation: OperationDefinitionNode, fragments: Fragments,
    variables: dict[str, Any],
) -> Selected:  # fmt: skip
    type_ = schema.type_map["RecordChange"]
    assert isinstance(type_, GraphQLObjectType)
    fields = Collector(fragments, of.values).collect(type_, of.node.selection_set)
    entries = [(key, node.name.value) for key, node in fields.items()]
    nodes = [
        FieldNode(
            alias=name_node(f"n{number}"), name=name_node("node"), selection_set=node.selection_set,
            arguments=(ArgumentNode(name=name_node("id"), value=variable_node(_ID)),),
        )
        for number, node in enumerate(fields.values()) if node.name.value == "node"
    ]  # fmt: skip
    if not nodes:
        return Selected(of.key, entries, None, {})
    spread = [fragments[name] for name in fragments_in(nodes, fragments)]
    used = variables_in([*nodes, *spread])
    asked = OperationDefinitionNode(
        operation=OperationType.QUERY, selection_set=SelectionSetNode(selections=tuple(nodes)),
        variable_definitions=(
            _definition(), *(each for each in operation.variable_definitions or () if each.variable.name.value in used)
        ),
    )  # fmt: skip
    given = {name: value for name, value in variables.items() if name in used}
    return Selected(of.key, entries, print_ast(DocumentNode(definitions=(asked, *spread))), given)


def _definition() -> VariableDefinitionNode:
    type_ = NonNullTypeNode(type=NamedTypeNode(name=name_node("ID")))
    return VariableDefinitionNode(variable=variable_node(_ID), type=type_)
