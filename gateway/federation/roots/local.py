"""What the gateway answers itself, and asks nobody for: from the directory, and from the schema."""

from collections.abc import Mapping
from typing import Any

import orjson
from graphql import Undefined, execute_sync, get_named_type

from gateway.federation.address import Address, Standpoint
from gateway.federation.answering.parts import Replies
from gateway.federation.answering.pieces import Piece
from gateway.federation.roots.root import AskedRoot, Root
from gateway.federation.selecting.operation import Field
from gateway.federation.selecting.reading import reader
from sync.contract.errors import Code, Refusal


class Listing(Root):
    """Committees, as the directory tells them."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._read = reader(field.operation.collector, get_named_type(field.type), field.node)

    def address(self, arguments: dict[str, Any], standpoint: Standpoint) -> Address:
        return Address(arguments, standpoint.committees.addressed(arguments.get("at")))

    def written(self, asked: AskedRoot, replies: Replies, standpoint: Standpoint) -> Piece:
        shown: Mapping[str, dict[str, Any]] = standpoint.committees.shown
        return Piece(orjson.dumps([self._read(shown[id], asked.values) for id in asked.address.everyone]))


class OfSchema(Root):
    """`__typename`, `__schema` and `__type`: graphql-core answers from the joint schema."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._is_open = field.node.name.value == "__typename"
        self._schema, self._document = field.operation.joint.schema, field.alone()

    def address(self, arguments: dict[str, Any], standpoint: Standpoint) -> Address:
        """Raises: Refusal FORBIDDEN, this gateway shows its schema to administrators only."""
        if not (self._is_open or standpoint.shows_schema):
            raise Refusal(Code.FORBIDDEN)
        return Address(arguments)

    def written(self, asked: AskedRoot, replies: Replies, standpoint: Standpoint) -> Piece:
        sent = {name: each.value for name, each in asked.values.sources.items() if each.value is not Undefined}
        said = execute_sync(self._schema, self._document, variable_values=sent)
        return Piece(orjson.dumps((said.data or {}).get(self.name)))
