"""From a document to what each committee is asked.

A root list is never forwarded as the client wrote it. Its selection is taken apart one level deep, and each committee
is asked, under names of our own, for
    f0, f1 …    its `nodes` or `edges` lists, verbatim below
    cursors     where each row belongs in the total order
    pageInfo    whether it has more rows                        totalCount  how many rows it has
The lists run parallel to the cursors, so no row is opened to be merged, and nothing has to be cut out of a row
afterwards.
What one committee alone answers (`committee(id)`, mutations …) is passed on as the client wrote it.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Annotated, Any

import msgspec
from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    GraphQLField,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableDefinitionNode,
    get_named_type,
    parse,
    parse_type,
    print_ast,
    value_from_ast_untyped,
)
from graphql.execution.values import VariableValues

from gateway.federation import circles
from gateway.federation.documents import Collector, fragments_in, keys_in, name_node, variable_node, variables_in
from gateway.federation.older import Reducer, since, unused
from gateway.federation.roots import ITSELF, Root, reader
from gateway.federation.shapes import Shape, answer_of, item_of
from gateway.joint import Joint, Route
from gateway.schema import LIST_FIELDS
from sync.edge.budget import Fragments, Limits, Measure

_OWN = parse(
    """{ cursors pageInfo { hasNextPage } totalCount __typename
         values { committeeId indicator month days jointIds computedAt }
         apart: values { mechanismDays mechanismJointIds } }""",
    no_location=True,
)
_CURSORS, _MORE, _TOTAL, _TYPENAME, _VALUES, _APART = _OWN.definitions[0].selection_set.selections  # type: ignore[attr-defined]
_PLAN, _BYTES_A_FIELD, _QUESTION, _BYTES_A_ROOT = 10_000, 1_100, 25_000, 8_500
"""What a plan weighs at most, in bytes, as it was measured (tests/gateway/test_remembered.py), and more for each field
with all that reads it; a question, and more for each root field in it.
"""
MOST_QUESTIONS = 64
"""Of one plan: by the roots that are put together, and by the releases of those who are asked."""
_WINDOW = {"indicators": "[IndicatorCode!]!", "from": "Date!", "to": "Date!"}
"""Arguments of the internal field `values`."""
APART = "if"
"""The variable that says whether what was done under each mechanism is asked for: it is as much again."""


class Fault(msgspec.Struct):
    """One GraphQL error of a committee."""

    message: Annotated[str, msgspec.Meta(max_length=10_000)]
    path: Annotated[list[str | int], msgspec.Meta(max_length=100)] = []
    extensions: dict[str, Any] = {}


MOST_FAULTS = 1_000
"""Errors in what one committee answers: more is none of a page's."""
_Faults = Annotated[list[Fault], msgspec.Meta(max_length=MOST_FAULTS)]


class Copy(msgspec.Struct, rename="camel"):
    """What the caller's home holds of one committee: since when, or that it has nothing to show.

    `reported`: indicators of which it was ever told a value; None: home does not say.
    """

    state: str = "STALE"
    as_of: dt.datetime | None = None
    reported: list[str] | None = None


class Extensions(msgspec.Struct, frozen=True):
    """`api`: number of the release that refused the document; see `sync.contract.versions`."""

    replica: dict[str, Copy] = {}
    api: int = 0


@dataclass(frozen=True)
class Question:
    """One document, for one set of root fields."""

    text: str
    json: bytes
    variables: tuple[str, ...]
    """Variables of the client that it uses."""
    is_personal: bool
    """Whether it selects anything that is shown to some of a committee's own people only."""
    read: Callable[[bytes], Any]
    """Raises: ValueError, the bytes are not of the shape that was asked for."""
    mark: str = ""
    """How the names begin under which `__typename` stands for what an older release does not know."""


class Plan:
    """One operation, read with the values of its deciding variables."""

    def __init__(
        self, joint: Joint, operation: OperationDefinitionNode, fragments: Fragments, values: VariableValues
    ) -> None:
        self._operation, self._fragments, self._joint = operation, fragments, joint
        self._collector = Collector(fragments, values)
        self._measure = Measure(joint.schema, fragments, Limits(repeated=10**9), values.coerced)
        self._questions: dict[tuple[tuple[int, ...], int | None], Question] = {}
        self._prefix = "g"
        while any(each.variable.name.value.startswith(self._prefix) for each in operation.variable_definitions or ()):
            self._prefix += "_"
        root_type: Any = joint.root_type(operation.operation)
        self.roots: list[Root] = []
        for key, node in self._collector.collect(root_type, operation.selection_set).items():
            self.roots.append(self._root(key, node, root_type.fields.get(node.name.value)))
        fields = self._measure.of(operation.selection_set, root_type).fields
        self.weight = self._own_weight = _PLAN + _BYTES_A_FIELD * fields
        """Bytes, roughly and not too few; it grows with each question."""

    @property
    def is_act(self) -> bool:
        """Whether something is changed by it."""
        return self._operation.operation is OperationType.MUTATION

    def question(self, numbers: tuple[int, ...], release: int | None = None) -> Question:
        """The document for these roots: only the fragments and the variables that they use, and of what they select
        only what this release knows.
        """
        key = numbers, release
        if key not in self._questions:
            if len(self._questions) >= MOST_QUESTIONS:
                self._questions.clear()
                self.weight = self._own_weight
            self.weight += _QUESTION + _BYTES_A_ROOT * len(numbers)
            self._questions[key] = self._question([(n, self.roots[n]) for n in numbers], release)
        return self._questions[key]

    def known_to(self, numbers: tuple[int, ...], release: int | None) -> tuple[int, ...]:
        """Those of these roots that a release knows."""
        if release is None:
            return numbers
        return tuple(number for number in numbers if since(self.roots[number].definition) <= release)

    def variable(self, number: int, argument: str) -> str:
        """The name under which an argument of root `number` is sent when the client did not name it so."""
        return f"{self._prefix}{number}{argument}"

    def _root(self, key: str, node: FieldNode, of: GraphQLField | None) -> Root:
        route = self._joint.route(self._operation.operation, node.name.value)
        match route:
            case Route.MERGED:
                assert of
                return self._merged(key, node, of)
            case Route.OWNERS:
                assert of
                return self._owners(key, node, of)
            case Route.STATISTICS | Route.DIRECTORY:
                assert of
                return self._own(key, route, node, of)
            case _:
                lifted, arguments = self._lift(node, of, ()) if of else ({}, node.arguments)
                question = replace(node, alias=self._alias(), arguments=arguments, directives=())
                root = Root(key, route, node, of, question, lifted, self._cost(of, node))
                if of is not None:
                    root.rows[ITSELF] = self._shape(of.type, node)
                return root

    def _owners(self, key: str, node: FieldNode, of: GraphQLField) -> Root:
        """Which ids are sent is known only when it is known whom they are sent to."""
        lifted, arguments = self._lift(node, of, ("ids",))
        arguments += (self._say(lifted, "ids", str(of.args["ids"].type)),)
        question = replace(node, alias=self._alias(), arguments=arguments, directives=())
        root = Root(key, Route.OWNERS, node, of, question, lifted, self._cost(of, node))
        root.rows[ITSELF] = self._shape(item_of(of.type), node)
        return root

    def _merged(self, key: str, node: FieldNode, of: GraphQLField) -> Root:
        listing = self._joint.lists[node.name.value]
        # Page size and order are always said: a committee of another version may have another default.
        said = ("first", listing.order_argument)
        lifted, arguments = self._lift(node, of, ("at", "fan", *said))
        for name in said:
            arguments += (self._say(lifted, name, str(of.args[name].type)),)
        root = Root(key, Route.MERGED, node, of, node, lifted, listing=listing)
        parts = self._take_apart(root, get_named_type(of.type))
        root.question = FieldNode(
            alias=self._alias(), name=node.name, arguments=arguments,
            selection_set=SelectionSetNode(selections=tuple(parts)),
        )  # fmt: skip
        return root

    def _own(self, key: str, route: Route, node: FieldNode, of: GraphQLField) -> Root:
        lifted: dict[str, tuple[str, Any]] = {}
        question = node
        if route is Route.STATISTICS:
            question = self._values(lifted)
        read = reader(self._collector, get_named_type(of.type), node)  # type: ignore[arg-type]
        return Root(key, route, node, of, question, lifted, read=read)

    def _values(self, lifted: dict[str, tuple[str, Any]]) -> FieldNode:
        """What every committee is asked for a table of figures."""
        arguments = tuple(self._say(lifted, name, type_) for name, type_ in _WINDOW.items())
        condition = DirectiveNode(name=name_node("include"), arguments=(self._say(lifted, APART, "Boolean!"),))
        apart = [replace(each, directives=(condition,)) for each in _APART.selection_set.selections]
        selected = SelectionSetNode(selections=(*_VALUES.selection_set.selections, *apart))
        return FieldNode(alias=self._alias(), name=_VALUES.name, arguments=arguments, selection_set=selected)

    def _shape(self, type_: Any, node: FieldNode) -> Shape:
        return Shape(self._collector, type_, node, self._joint.kinds)

    def _alias(self) -> Any:
        return name_node(f"r{len(self.roots)}")

    def _say(self, lifted: dict[str, tuple[str, Any]], argument: str, type_: str) -> ArgumentNode:
        """An argument whose value is known only when it is asked."""
        variable = self.variable(len(self.roots), argument)
        lifted[variable] = type_, None
        return ArgumentNode(name=name_node(argument), value=variable_node(variable))

    def _take_apart(self, root: Root, connection: Any) -> list[FieldNode]:
        """Fills what the client's list is made of, and returns what to ask for."""
        parts: list[FieldNode] = []
        for key, part in self._collector.collect(connection, root.node.selection_set).items():
            name = part.name.value
            if name in LIST_FIELDS:
                root.entries.append((key, "list", f"f{len(parts)}"))
                root.rows[f"f{len(parts)}"] = self._shape(item_of(connection.fields[name].type), part)
                parts.append(replace(part, alias=name_node(f"f{len(parts)}"), directives=()))
                root.cost += self._cost(connection.fields[name], part)
            elif name in ("__typename", "totalCount"):
                root.entries.append((key, name, connection.name))
            else:
                below: Any = get_named_type(connection.fields[name].type)
                root.entries.append((key, name, reader(self._collector, below, part)))
        kinds = {what for _, what, _ in root.entries}
        root.needs_rows = not kinds <= {"__typename", "totalCount"}
        if root.needs_rows:
            parts += [_CURSORS, _MORE]
        if "totalCount" in kinds:
            parts.append(_TOTAL)
        return parts or [_TYPENAME]

    def _cost(self, of: GraphQLField | None, node: FieldNode) -> int:
        return self._measure.of(node.selection_set, get_named_type(of.type)).cost if of else 1

    def _lift(
        self, node: FieldNode, of: GraphQLField, left_out: Iterable[str]
    ) -> tuple[dict[str, tuple[str, Any]], tuple[ArgumentNode, ...]]:
        """The arguments to send: those with variables as they stand, the literals as variables of our own."""
        lifted: dict[str, tuple[str, Any]] = {}
        arguments: tuple[ArgumentNode, ...] = ()
        for argument in node.arguments or ():
            name = argument.name.value
            if name in left_out:
                continue
            if variables_in([argument]):
                arguments += (argument,)
                continue
            variable = self.variable(len(self.roots), name)
            lifted[variable] = str(of.args[name].type), value_from_ast_untyped(argument.value)
            arguments += (replace(argument, value=variable_node(variable)),)
        return lifted, arguments

    def _question(self, roots: list[tuple[int, Root]], release: int | None) -> Question:
        questions, known, mark = [root.question for _, root in roots], self._fragments, ""
        if release is not None:
            mark = unused("absent", keys_in([*questions, *known.values()]))
            reducer = Reducer(self._joint.whole, release, mark)
            questions = [reducer.field(self._operation.operation, each) for each in questions]
            known = {name: reducer.fragment(each) for name, each in known.items()}
            mark = mark if reducer.has_reduced else ""
        fragments = [known[name] for name in fragments_in(questions, known)]
        used = variables_in([*questions, *fragments])
        clients = [each for each in self._operation.variable_definitions or () if each.variable.name.value in used]
        ours = [
            VariableDefinitionNode(variable=variable_node(name), type=parse_type(type_, no_location=True))
            for _, root in roots for name, (type_, _) in root.lifted.items()
        ]  # fmt: skip
        operation = OperationDefinitionNode(
            operation=self._operation.operation, variable_definitions=(*clients, *ours),
            selection_set=SelectionSetNode(selections=tuple(questions)),
        )  # fmt: skip
        text = "\n".join(map(print_ast, [operation, *fragments]))
        data = msgspec.defstruct("Data", [(f"r{n}", *root.shape()) for n, root in roots])
        answer = msgspec.defstruct(
            "Answer",
            [("data", data | None, None), ("errors", _Faults, []), ("extensions", Extensions, Extensions())],
        )
        names = tuple(each.variable.name.value for each in clients)
        # What statistics are made of is not in the schema, and is the same for everybody whom a committee tells it.
        chosen = [root.question for _, root in roots if root.route is not Route.STATISTICS]
        shown = replace(operation, selection_set=SelectionSetNode(selections=tuple(chosen)))
        is_personal = circles.is_personal(self._joint.schema, DocumentNode(definitions=(shown, *fragments)))
        return Question(text, msgspec.json.encode(text), names, is_personal, answer_of(answer), mark)
