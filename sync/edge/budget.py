"""What one document may ask for; counted in time linear in its length, before anything else looks at it."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
    type_from_ast,
)

from sync.contract.asking.cursors import MAX_PAGE
from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import MOST_IDS

Fragments = dict[str, FragmentDefinitionNode]
_HUGE = 10**9
_GUESS = 20
"""Rows of a list that knows no `first`."""
_DIGITS = 9
"""Digits of a page size that are read; more is far over any limit."""
_MEASURED = {
    "depth": "嵌套层数", "fields": "字段数", "aliases": "别名数", "fragments": "片段数", "variables": "变量",
    "rows": "行数", "lines": "文档的行数", "fields of one name": "同名字段",
    "one field repeated": "同一字段重复",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How large a request may be. All but bytes, tokens and items count what is left after fragments are expanded.

    Attributes:
        bytes: Of a body.
        json_depth: Objects and lists of the body in one another.
        items: Values that the variables hold together.
        tokens: Words of the document.
        fragments: Named ones.
        depth: Fields in one another.
        fields, aliases: Of all operations together.
        repeated: Times that one response key may stand in one selection.
        cost: Fields × page sizes (× pages made for it, at a gateway).
    """

    bytes: int = 100_000
    json_depth: int = 32
    tokens: int = 1_000
    items: int = 4_000
    depth: int = 12
    fields: int = 500
    aliases: int = 50
    fragments: int = 30
    repeated: int = 10
    cost: int = 200_000


class Size(NamedTuple):
    depth: int = 0
    fields: int = 0
    aliases: int = 0
    cost: int = 0


class Measure:
    """Sizes of selections; each fragment is measured once, however often it is spread.

    Counts before validation, so a field or type that does not exist is met with patience.
    """

    def __init__(self, schema: GraphQLSchema, fragments: Fragments, limits: Limits, values: dict[str, Any]) -> None:
        self._schema, self._fragments, self._limits, self._values = schema, fragments, limits, values
        self._known = dict[str, Size]()

    def of(self, selected: SelectionSetNode | None, type_: Any, inside: tuple[str, ...] = ()) -> Size:
        """Raises: Refusal TOO_COMPLEX; GraphQLError, a fragment holds itself.

        What `__schema` and `__type` select is left to graphql-core's own rule.
        """
        total, keys = Size(), dict[str, int]()
        for each in selected.selections if selected else ():
            if isinstance(each, FieldNode):
                key = (each.alias or each.name).value
                keys[key] = keys.get(key, 0) + 1
                if keys[key] > self._limits.repeated:
                    raise too_complex("one field repeated")
                found = self._field(each, type_, inside)
            elif isinstance(each, FragmentSpreadNode):
                found = self._spread(each.name.value, inside)
            else:
                found = self._inline(each, type_, inside)
            sums = (min(_HUGE, one + other) for one, other in zip(total[1:], found[1:], strict=True))
            total = Size(max(total.depth, found.depth), *sums)
        return total

    def of_fragment(self, fragment: FragmentDefinitionNode) -> Size:
        """The same for what a fragment selects."""
        return self._spread(fragment.name.value, ())

    def knows(self, fragment: FragmentDefinitionNode) -> bool:
        """Whether it was measured, with whatever spreads it."""
        return fragment.name.value in self._known

    def _field(self, node: FieldNode, type_: Any, inside: tuple[str, ...]) -> Size:
        field = getattr(type_, "fields", {}).get(node.name.value)
        hidden = node.name.value.startswith("__")
        below = Size() if hidden else self.of(node.selection_set, field and get_named_type(field.type), inside)
        cost = 1 + below.cost * self._rows(node, field, type_)
        return Size(below.depth + 1, below.fields + 1, below.aliases + (node.alias is not None), cost)

    def _spread(self, name: str, inside: tuple[str, ...]) -> Size:
        if name not in self._fragments:
            return Size()  # validation reports it
        if name in inside:
            raise GraphQLError(f"Cannot spread fragment '{name}' within itself.")
        if name not in self._known:
            of = self._fragments[name]
            self._known[name] = self.of(of.selection_set, self._named(of.type_condition), (*inside, name))
        return self._known[name]

    def _inline(self, node: Any, type_: Any, inside: tuple[str, ...]) -> Size:
        assert isinstance(node, InlineFragmentNode)
        on = self._named(node.type_condition) if node.type_condition else type_
        return self.of(node.selection_set, on, inside)

    def _named(self, node: Any) -> Any:
        return type_from_ast(self._schema, node)

    def _rows(self, node: FieldNode, field: GraphQLField | None, type_: Any) -> int:
        """How many rows a field may stand for: as many as its `first` says, or by default would. A connection's own
        lists count once, because the connection counted them.
        """
        if field is None:
            return 1
        if "first" in field.args:
            return self._page(node, field)
        if "ids" in field.args:
            return self._ids(node)
        in_a_connection = "pageInfo" in getattr(type_, "fields", {})
        return _GUESS if is_list_type(get_nullable_type(field.type)) and not in_a_connection else 1

    def _ids(self, node: FieldNode) -> int:
        """One row for each id; ids that nobody has told yet count as many as there may be."""
        said: Any = next((each.value for each in node.arguments or () if each.name.value == "ids"), None)
        if isinstance(said, VariableNode):
            said = self._values.get(said.name.value)
            return max(1, len(said)) if isinstance(said, list) else MOST_IDS
        return max(1, len(said.values)) if isinstance(said, ListValueNode) else 1

    def _page(self, node: FieldNode, field: GraphQLField) -> int:
        # A schema that was read from text has its defaults as literals, one that was made of types as values.
        argument = field.args["first"]
        said: Any = argument.default.literal if argument.default else argument.default_value
        for given in node.arguments or ():
            if given.name.value == "first":
                said = given.value
        if isinstance(said, VariableNode):
            said = self._values.get(said.name.value, MAX_PAGE)
        elif isinstance(said, IntValueNode):
            said = int(said.value[:_DIGITS])
        return max(1, said) if isinstance(said, int) else _GUESS


class Joined:
    """Fields as they are joined under their response keys.

    Validation compares the fields of one key in pairs, and below each pair their selections in pairs again, for as long
    as it takes. Whatever stands at one path of the answer is compared with all that stands there.
    """

    def __init__(self, fragments: Fragments, most: int) -> None:
        """`most`: comparisons of the whole document."""
        self._fragments, self._most = fragments, most

    def enter(self, selected: list[SelectionSetNode]) -> None:
        """Raises: Refusal TOO_COMPLEX. Fragments must not hold themselves, and fields be counted before."""
        keys = dict[str, list[SelectionSetNode | None]]()
        self._collect(selected, keys, set())
        for below in keys.values():
            self._most -= len(below) ** 2
            if self._most < 0:
                raise too_complex("fields of one name")
            self.enter([each for each in below if each])

    def _collect(
        self, selected: list[SelectionSetNode], keys: dict[str, list[SelectionSetNode | None]], seen: set[str]
    ) -> None:
        for each in (one for of in selected for one in of.selections):
            if isinstance(each, FieldNode):
                keys.setdefault((each.alias or each.name).value, []).append(each.selection_set)
            elif isinstance(each, InlineFragmentNode):
                self._collect([each.selection_set], keys, seen)
            elif isinstance(each, FragmentSpreadNode) and each.name.value in self._fragments.keys() - seen:
                seen.add(each.name.value)
                self._collect([self._fragments[each.name.value].selection_set], keys, seen)


def fragments_of(document: DocumentNode) -> Fragments:
    return {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}


def check_text(text: str, limits: Limits) -> None:
    """Comments are no words, and each line is looked at again for the place of an error.

    Raises:
        Refusal: TOO_COMPLEX.
    """
    if text.count("\n") + text.count("\r") > 2 * limits.tokens:
        raise too_complex("lines")


def check(schema: GraphQLSchema, document: DocumentNode, fragments: Fragments, limits: Limits) -> None:
    """Cost is left out: it depends on variables, and on whom the document is put to.

    Raises:
        Refusal: TOO_COMPLEX.
        GraphQLError: a fragment holds itself.
    """
    if len(fragments) > limits.fragments:
        raise too_complex("fragments")
    measure, total = Measure(schema, fragments, limits, {}), Size()
    joined = Joined(fragments, 2 * limits.fields * limits.repeated)
    for each in document.definitions:
        if isinstance(each, OperationDefinitionNode):
            size = measure.of(each.selection_set, schema.get_root_type(each.operation))
        elif isinstance(each, FragmentDefinitionNode) and not measure.knows(each):
            size = measure.of_fragment(each)  # nobody spreads it so far; it is validated all the same
        else:
            continue
        total = Size(max(total.depth, size.depth), total.fields + size.fields, total.aliases + size.aliases)
        for what in ("depth", "fields", "aliases"):
            if getattr(total, what) > getattr(limits, what):
                raise too_complex(what)
        joined.enter([each.selection_set])


def afford(
    schema: GraphQLSchema, operation: OperationDefinitionNode, fragments: Fragments, limits: Limits,
    values: dict[str, Any],
) -> None:  # fmt: skip
    """Raises: Refusal TOO_COMPLEX, with these values of variables it would hold or cost too much."""
    check_items(values, limits)
    measure = Measure(schema, fragments, limits, values)
    if measure.of(operation.selection_set, schema.get_root_type(operation.operation)).cost > limits.cost:
        raise too_complex("rows")


def check_items(values: dict[str, Any], limits: Limits) -> None:
    """Raises: Refusal TOO_COMPLEX, variables hold too many values; no more of them are looked at than that."""
    left, waiting = limits.items, [iter(values.values())]
    while waiting:
        for value in waiting.pop():
            left -= 1
            if left < 0:
                raise too_complex("variables")
            if isinstance(value, dict | list):
                waiting.append(iter(value.values() if isinstance(value, dict) else value))


def too_complex(what: str) -> Refusal:
    """What is too much, by its English word of `_MEASURED`."""
    return Refusal(Code.TOO_COMPLEX, what=Said(_MEASURED[what], what))
