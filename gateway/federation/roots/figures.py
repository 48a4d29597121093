"""`statistics`: each committee is asked for its values, which are added up here."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import orjson
from graphql import DirectiveNode, FieldNode, SelectionSetNode, get_named_type, parse

from gateway.federation.address import Address, Standpoint
from gateway.federation.answering.parts import Replies, parts_of
from gateway.federation.answering.pieces import Piece
from gateway.federation.figures.statistics import VALUES_AT_ONCE, asked_for, size, statistics, window_of
from gateway.federation.roots.fanned import as_whole, fanned
from gateway.federation.roots.root import AskedRoot, Root
from gateway.federation.selecting.operation import Field
from gateway.federation.selecting.reading import reader
from gateway.federation.selecting.selections import name_node

_OWN: Any = parse(
    """{ values { committeeId indicator month days jointIds computedAt imported }
         apart: values { mechanismDays mechanismJointIds } }""",
    no_location=True,
).definitions[0]
_VALUES, _APART = _OWN.selection_set.selections
_WINDOW = {"indicators": "[IndicatorCode!]!", "from": "Date!", "to": "Date!"}
"""Arguments of the internal field `values`."""
_IF = "if"
"""The variable that says whether what was done under each mechanism is asked for: it is as much again."""


class Figures(Root):
    """What is asked is not in the schema for clients, and is the same for everybody whom a committee tells it."""

    is_for_clients = False

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._said = {each: field.variable(each) for each in (*_WINDOW, _IF)}
        self.question = self._values(field)
        self._read = reader(field.operation.collector, get_named_type(field.type), field.node)

    def _values(self, field: Field) -> FieldNode:
        """What every committee is asked for a table of figures."""
        arguments = tuple(field.left_open(name, type_) for name, type_ in _WINDOW.items())
        condition = DirectiveNode(name=name_node("include"), arguments=(field.left_open(_IF, "Boolean!"),))
        apart = [replace(each, directives=(condition,)) for each in _APART.selection_set.selections]
        selected = SelectionSetNode(selections=(*_VALUES.selection_set.selections, *apart))
        return FieldNode(alias=field.alias, name=_VALUES.name, arguments=arguments, selection_set=selected)

    def address(self, arguments: dict[str, Any], standpoint: Standpoint) -> Address:
        """Raises: Refusal BAD_TIME; what `at` refuses."""
        told = asked_for(arguments, window_of(arguments, standpoint.now))
        address = fanned(told, standpoint)
        address.copies_at_once = max(1, VALUES_AT_ONCE // size(told))
        return address

    def price(self, address: Address) -> int:
        return size(address.arguments) * len(address.everyone)

    def variables(self, address: Address, of: Collection[str]) -> dict[str, Any]:
        told = address.arguments
        own = {self._said[argument]: told[argument] for argument in _WINDOW}
        return super().variables(address, of) | own | {self._said[_IF]: "MECHANISM" in told["by"]}

    def written(self, asked: AskedRoot, replies: Replies, standpoint: Standpoint) -> Piece:
        sources, parts = parts_of(self.name, asked.address, replies, standpoint)
        table = statistics(sources, parts, asked.address.arguments, standpoint)
        written = orjson.dumps(self._read(table, asked.values))
        return as_whole(asked.address, sources, Piece(written, complete=all(each.is_whole for each in sources)))
