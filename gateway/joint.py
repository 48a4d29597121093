"""The joint schema as the gateway serves it: read once, with the plan that its directives carry."""

from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationType,
    build_ast_schema,
    get_directive_values,
    get_named_type,
    parse,
)

from gateway.schema import for_clients, marked
from sync.contract.asking.cursors import order_of
from sync.contract.instants import day, instant


class Route(Enum):
    """Who answers a root field."""

    MERGED = auto()
    """Many committees, their lists joined."""
    STATISTICS = auto()
    """Many committees, their values added up here."""
    OWNER = auto()
    """The owner of the `id` it names."""
    OWNERS = auto()
    """The owners of the `ids` it names, each asked for its own."""
    HOME = auto()
    """The caller's own committee."""
    DIRECTORY = auto()
    """The gateway, from the directory."""
    SCHEMA = auto()
    """The gateway, from the schema: `__typename`, `__schema`, `__type`."""


@dataclass(frozen=True)
class MergedList:
    """A root list that many committees answer together."""

    order_argument: str
    orders: dict[str, tuple[bool, type]]
    """By code: whether it descends, and the Python type of its values."""
    searched: tuple[str, ...] = ()
    """Arguments that are words which are looked for."""


class Joint:
    """The joint schema, read once."""

    def __init__(self, sdl: str) -> None:
        self._sdl = sdl
        self.schema: GraphQLSchema = build_ast_schema(for_clients(sdl))
        # Scalars that are built from SDL take anything, and then every committee would refuse.
        for name, read in (("DateTime", instant), ("Date", day), ("Cursor", _text)):
            scalar: Any = self.schema.type_map[name]
            scalar.coerce_input_value = read
        query = self.schema.query_type
        assert query
        self.lists = {name: found for name, field in query.fields.items() if (found := self._list_of(field))}
        node: Any = self.schema.get_type("Node")
        self.kinds = {each.name.lower(): each for each in self.schema.get_possible_types(node)} if node else {}
        """Kind, as the ids of records say it → their type."""
        self._routes = {
            name: self._route_of(name, field) for name, field in query.fields.items()
        }  # fmt: skip

    @cached_property
    def whole(self) -> GraphQLSchema:
        """With what gateways alone ask committees: a release that is older does not know all of that either."""
        return build_ast_schema(parse(self._sdl))

    def root_type(self, operation: OperationType) -> GraphQLObjectType | None:
        return self.schema.get_root_type(operation)

    def route(self, operation: OperationType, name: str) -> Route:
        if name.startswith("__"):
            return Route.SCHEMA
        return self._routes[name] if operation is OperationType.QUERY else Route.HOME

    def _route_of(self, name: str, field: GraphQLField) -> Route:
        if name in self.lists:
            return Route.MERGED
        if marked(field.ast_node, "gateway"):
            return Route.STATISTICS if name == "statistics" else Route.DIRECTORY
        if marked(field.ast_node, "home"):
            return Route.HOME
        return Route.OWNERS if "ids" in field.args else Route.OWNER

    def _list_of(self, field: GraphQLField) -> MergedList | None:
        directive = self.schema.get_directive("merge")
        told = get_directive_values(directive, field.ast_node) if directive and field.ast_node else None
        if told is None:
            return None
        connection: Any = get_named_type(field.type)
        row: Any = get_named_type(connection.fields["nodes"].type)
        codes: Any = get_named_type(field.args[told["by"]].type)
        searched = tuple(name for name, each in field.args.items() if marked(each.ast_node, "searched"))
        return MergedList(told["by"], {code: _order(row, code) for code in codes.values}, searched)


def _order(row: GraphQLObjectType, code: str) -> tuple[bool, type]:
    attribute, descending = order_of(code)
    head, *rest = attribute.split("_")
    value: GraphQLNamedType = get_named_type(row.fields[head + "".join(map(str.capitalize, rest))].type)
    return descending, int if value.name in ("Int", "DateTime") else str


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise GraphQLError("a cursor is the text that a list gave")
    return value
