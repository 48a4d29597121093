"""What is asked of one list, made ready to be read off a page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from operator import attrgetter
from typing import Any

from graphql import GraphQLNonNull, GraphQLObjectType, GraphQLSchema, get_named_type, is_list_type
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_subfields
from graphql.execution.values import VariableValues

from sync.edge.documents import Prepared
from tenant_service.graph.compiled.values import Show, show
from tenant_service.graph.lists import Connection, Edge
from tenant_service.storage.paging import Page, Table

Group = list[FieldDetails]
"""Field nodes that share a response key."""
Part = Callable[[Page, Table], Any]
"""Reads one part of the answer off a page."""
NO_PAGE: Any = None
NO_ROWS = Table(0, has_next=False, columns={})


class Unknown(Exception):
    """Something is asked that only graphql-core knows how to answer."""


@dataclass
class Selection:
    """What is asked of one list.

    Attributes:
        parts: Response key → what reads it.
        names: Fields of the rows' records that the parts read.
        reads_rows, reads_places: Whether any of them reads rows, and the rows' places in the list.
    """

    parts: dict[str, Part] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    reads_rows: bool = False
    reads_places: bool = False

    def shown(self, page: Page) -> dict[str, Any]:
        """The page as the client asked for it. Raises: Unlike, and whatever a scalar or the database raises."""
        names = self.names.union(page.place if self.reads_places else ())
        table = page.table(names) if self.reads_rows else NO_ROWS
        return {key: part(page, table) for key, part in self.parts.items()}


@dataclass
class PlainSelection:
    """What is asked of a list that is no page: its rows are whatever has the fields' attributes."""

    names: set[str]
    rows: Part

    def shown(self, found: Sequence[Any]) -> Any:
        """Raises: Unlike, and whatever a scalar raises."""
        columns: dict[str, Sequence[Any]] = {name: list(map(attrgetter(name), found)) for name in self.names}
        return self.rows(NO_PAGE, Table(len(found), has_next=False, columns=columns))


class Selector:
    """Reads selections of one operation; of the variables only those count that decide what is included.

    Attributes:
        fields: How many were read so far.
    """

    def __init__(self, schema: GraphQLSchema, prepared: Prepared, values: VariableValues) -> None:
        self._schema, self._operation, self._values = schema, prepared.operation, values
        self.fields = 0
        self.fragments = {name: FragmentDetails(each) for name, each in prepared.fragments.items()}

    def selection(self, of: Any, group: Group) -> Selection | PlainSelection:
        """Of a root field of this type. Raises: Unknown."""
        found = Selection()
        type_: Any = get_named_type(of) if of else None
        if is_plain_list(of):
            rows = self._rows(found, type_, group)
            return PlainSelection(found.names, rows)
        if _generic(type_) is not Connection:
            raise Unknown
        for key, below in self._below(type_, group).items():
            found.parts[key] = self._part(found, type_, below)
        return found

    def _below(self, type_: GraphQLObjectType, group: Group) -> dict[str, Group]:
        """What the group selects of this type, by response key and in the order in which it is answered."""
        collected = collect_subfields(
            self._schema, self.fragments, self._values, self._operation, type_, group, hide_suggestions=True
        )
        self.fields += len(collected.grouped_field_set)
        return collected.grouped_field_set

    def _part(self, found: Selection, connection: GraphQLObjectType, group: Group) -> Part:
        name = group[0].node.name.value
        below = connection.fields.get(name)
        type_: Any = below and get_named_type(below.type)
        match name:
            case "__typename":
                return lambda _page, _table: connection.name
            case "totalCount":
                return lambda page, _table: page.count()
            case "nodes":
                return self._rows(found, type_, group)
            case "cursors":
                return self._cursors(found)
            case "edges":
                return self._edges(found, type_, group)
            case "pageInfo":
                return self._page_info(found, type_, group)
        raise Unknown

    def _cursors(self, found: Selection) -> Part:
        found.reads_rows = found.reads_places = True
        return lambda page, table: page.cursors(table)

    def _page_info(self, found: Selection, type_: GraphQLObjectType, group: Group) -> Part:
        found.reads_rows = True
        parts: dict[str, Part] = {}
        for key, below in self._below(type_, group).items():
            match below[0].node.name.value:
                case "__typename":
                    parts[key] = lambda _page, _table: type_.name
                case "hasNextPage":
                    parts[key] = lambda _page, table: table.has_next
                case "endCursor":
                    found.reads_places = True
                    parts[key] = lambda page, table: page.cursors(table)[-1] if table.size else None
                case _:
                    raise Unknown
        return lambda page, table: {key: part(page, table) for key, part in parts.items()}

    def _edges(self, found: Selection, type_: GraphQLObjectType, group: Group) -> Part:
        if _generic(type_) is not Edge:
            raise Unknown
        columns: dict[str, Part] = {}
        for key, below in self._below(type_, group).items():
            match below[0].node.name.value:
                case "__typename":
                    columns[key] = lambda _page, table: [type_.name] * table.size
                case "cursor":
                    columns[key] = self._cursors(found)
                case "node":
                    columns[key] = self._rows(found, get_named_type(type_.fields["node"].type), below)
                case _:
                    raise Unknown
        return _turned(found, columns)

    def _rows(self, found: Selection, type_: Any, group: Group) -> Part:
        if not isinstance(type_, GraphQLObjectType):
            raise Unknown
        columns: dict[str, Part] = {}
        for key, below in self._below(type_, group).items():
            name = below[0].node.name.value
            if name == "__typename":
                columns[key] = lambda _page, table: [type_.name] * table.size
            else:
                columns[key] = _column(found, type_.fields[name])
        return _turned(found, columns)


def _turned(found: Selection, columns: dict[str, Part]) -> Part:
    """Rows, made of columns."""
    found.reads_rows = True
    keys, parts = tuple(columns), tuple(columns.values())

    def rows(page: Page, table: Table) -> list[dict[str, Any]]:
        shown = [part(page, table) for part in parts]
        return list(map(dict, map(zip, repeat(keys), zip(*shown, strict=True))))

    # Where a client has everything left out, rows are empty but there.
    return rows if keys else lambda _page, table: [{} for _ in range(table.size)]


def _column(found: Selection, of: Any) -> Part:
    """A field that is an attribute of the record. Raises: Unknown."""
    definition = of.extensions["strawberry-definition"]
    shown: Show | None = show(of.type)
    if shown is None or of.args or not definition.is_basic_field:
        raise Unknown
    name = definition.python_name
    found.names.add(name)
    return lambda _page, table: shown(table.columns[name])


def is_plain_list(type_: Any) -> bool:
    """Whether it is `[Thing!]!`: neither the list nor anything in it may be missing."""
    if not isinstance(type_, GraphQLNonNull) or not is_list_type(type_.of_type):
        return False
    return isinstance(type_.of_type.of_type, GraphQLNonNull)


def _generic(type_: Any) -> type | None:
    """The generic class that a type was made of, for exactly that class and none that extends it."""
    definition = getattr(type_, "extensions", {}).get("strawberry-definition")
    made_of = getattr(definition, "concrete_of", None)  # a scalar is made of none
    return made_of.origin if made_of else None
