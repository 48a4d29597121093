"""A list that many committees answer together.

It is never forwarded as the client wrote it. Its selection is taken apart one level deep, and each committee is asked,
under names of our own, for
    f0, f1 …    its `nodes` or `edges` lists, verbatim below
    cursors     where each row belongs in the total order
    pageInfo    whether it has more rows                        totalCount  how many rows it has
The lists run parallel to the cursors, so no row is opened to be merged, and nothing has to be cut out of a row
afterwards.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Annotated, Any

import msgspec
from graphql import FieldNode, get_named_type, parse

from gateway.federation.address import Address, Standpoint
from gateway.federation.answering.merge import Connection, Wanted, merged, spoilt
from gateway.federation.answering.parts import Replies, parts_of
from gateway.federation.answering.pieces import Piece
from gateway.federation.roots.fanned import as_whole, fanned
from gateway.federation.roots.root import AskedRoot, Root
from gateway.federation.selecting.operation import Field
from gateway.federation.selecting.reading import reader
from gateway.federation.selecting.selections import name_node
from gateway.federation.selecting.shapes import item_of
from gateway.schema import LIST_FIELDS
from sync.contract.asking.cursors import key_of, page_size
from sync.contract.asking.searching import sought

_OWN: Any = parse("{ cursors pageInfo { hasNextPage } totalCount __typename }", no_location=True).definitions[0]
_CURSORS, _MORE, _TOTAL, _TYPENAME = _OWN.selection_set.selections
_Total = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class _More(msgspec.Struct):
    """`pageInfo` of one committee's page."""

    hasNextPage: bool  # noqa: N815 — as committees write it


class Merged(Root):
    """A list with `@merge`."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._listing = field.operation.joint.lists[field.node.name.value]
        # Page size and order are always said: a committee of another version may have another default.
        said = ("first", self._listing.order_argument)
        arguments = field.lift("at", "fan", *said) + tuple(field.left_open(each) for each in said)
        self._said = {each: field.variable(each) for each in said}
        self._connection = Connection()
        self.question = field.asking(arguments, self._taken_apart(field))

    def _taken_apart(self, field: Field) -> list[FieldNode]:
        """What to ask for, while `_connection` and `cost` are filled."""
        parts: list[FieldNode] = []
        connection: Any = get_named_type(field.type)
        of, entries = connection.fields, self._connection.entries
        for key, part in field.operation.collector.collect(connection, field.node.selection_set).items():
            name = part.name.value
            if name in LIST_FIELDS:
                own = f"f{len(parts)}"
                entries.append((key, "list", own))
                self._connection.rows[own] = field.shape(item_of(of[name].type), part)
                parts.append(replace(part, alias=name_node(own), directives=()))
                self.cost += field.cost(of[name], part)
            elif name in ("__typename", "totalCount"):
                entries.append((key, name, connection.name))
            else:
                below: Any = get_named_type(of[name].type)
                entries.append((key, name, reader(field.operation.collector, below, part)))
        if self._connection.needs_rows:
            parts += [_CURSORS, _MORE]
        if any(what == "totalCount" for _, what, _ in entries):
            parts.append(_TOTAL)
        return parts or [_TYPENAME]

    def address(self, arguments: dict[str, Any], standpoint: Standpoint) -> Address:
        """Raises: Refusal SEARCH_TOO_SHORT, BAD_PAGE or BAD_CURSOR, as each committee would say; what `at` refuses."""
        for name in self._listing.searched:
            if arguments.get(name) is not None:
                sought(arguments[name])
        wanted = self._wanted(arguments)
        page_size(wanted.first)
        if wanted.after is not None:
            key_of(wanted.after, wanted.kind)
        return fanned(arguments, standpoint)

    def price(self, address: Address) -> int:
        rows: int = address.arguments["first"]
        return rows * super().price(address)

    def variables(self, address: Address, of: Collection[str]) -> dict[str, Any]:
        own = {variable: address.arguments[argument] for argument, variable in self._said.items()}
        return super().variables(address, of) | own

    def answered(self) -> tuple[Any, Any]:
        rows = [("cursors", list[str]), ("pageInfo", _More)] if self._connection.needs_rows else []
        lists = [(each, list[msgspec.Raw]) for each in self._connection.lists]
        return msgspec.defstruct("Page", [*rows, *lists, ("totalCount", _Total | None, None)]) | None, None

    def spoilt(self, address: Address, data: Any) -> set[str]:
        return spoilt(self._connection, self._wanted(address.arguments), getattr(data, self.name, None))

    def written(self, asked: AskedRoot, replies: Replies, standpoint: Standpoint) -> Piece:
        sources, parts = parts_of(self.name, asked.address, replies, standpoint)
        wanted = self._wanted(asked.address.arguments)
        piece = merged(self.key, self.name, self._connection, wanted, sources, parts, asked.values)
        return as_whole(asked.address, sources, piece)

    def _wanted(self, arguments: dict[str, Any]) -> Wanted:
        descending, kind = self._listing.orders[arguments[self._listing.order_argument]]
        return Wanted(arguments["first"], arguments.get("after"), descending, kind)
