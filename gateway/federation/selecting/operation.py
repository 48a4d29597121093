"""One operation of a client, and each of its root fields as a root is made of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    NameNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableDefinitionNode,
    get_named_type,
    parse_type,
    value_from_ast_untyped,
)
from graphql.execution.values import VariableValues

from gateway.federation.selecting.selections import Collector, fragments_in, name_node, variable_node, variables_in
from gateway.federation.selecting.shapes import Shape
from gateway.joint import Joint, Route
from sync.edge.budget import Fragments, Limits, Measure

Lifted = dict[str, tuple[str, Any]]
"""Variables of our own: name to (type, value). A value that is None is known only when it is asked."""


class Operation:
    """One operation, read with the values of its deciding variables.

    Attributes:
        prefix: How the names of our own variables begin; none of the client's begins so.
    """

    def __init__(
        self, joint: Joint, node: OperationDefinitionNode, fragments: Fragments, values: VariableValues
    ) -> None:
        self.joint, self.node, self.fragments = joint, node, fragments
        self.collector = Collector(fragments, values)
        self.measure = Measure(joint.schema, fragments, Limits(repeated=10**9), values.coerced)
        self.prefix = "g"
        while any(each.variable.name.value.startswith(self.prefix) for each in node.variable_definitions or ()):
            self.prefix += "_"
        self._type: Any = joint.root_type(node.operation)

    @property
    def is_act(self) -> bool:
        """Whether something is changed by it."""
        return self.node.operation is OperationType.MUTATION

    @property
    def size(self) -> int:
        """Fields in it."""
        return self.measure.of(self.node.selection_set, self._type).fields

    def fields(self) -> Iterator["Field"]:
        """Its root fields, in the client's order."""
        for number, (key, node) in enumerate(self.collector.collect(self._type, self.node.selection_set).items()):
            yield Field(self, number, key, node, self._type.fields.get(node.name.value))

    def document(
        self, questions: Sequence[FieldNode], known: Fragments, ours: Lifted
    ) -> tuple[OperationDefinitionNode, list[FragmentDefinitionNode], tuple[str, ...]]:
        """The operation that asks these questions, the fragments that they use, and the client's variables in it."""
        fragments = [known[name] for name in fragments_in(questions, known)]
        used = variables_in([*questions, *fragments])
        clients = [each for each in self.node.variable_definitions or () if each.variable.name.value in used]
        own = [
            VariableDefinitionNode(variable=variable_node(name), type=parse_type(type_, no_location=True))
            for name, (type_, _) in ours.items()
        ]
        operation = OperationDefinitionNode(
            operation=self.node.operation, variable_definitions=(*clients, *own),
            selection_set=SelectionSetNode(selections=tuple(questions)),
        )  # fmt: skip
        return operation, fragments, tuple(each.variable.name.value for each in clients)


@dataclass
class Field:
    """One response key of the client's answer.

    Attributes:
        definition: None: `__typename`, `__schema` or `__type`.
        lifted: Literals that are sent as variables, so that every page of a list is one document.
    """

    operation: Operation
    number: int
    key: str
    node: FieldNode
    definition: GraphQLField | None
    lifted: Lifted = field(default_factory=dict)

    @property
    def route(self) -> Route:
        return self.operation.joint.route(self.operation.node.operation, self.node.name.value)

    @property
    def name(self) -> str:
        """Under which committees are asked for it."""
        return f"r{self.number}"

    @property
    def alias(self) -> NameNode:
        return name_node(self.name)

    @property
    def type(self) -> Any:
        assert self.definition
        return self.definition.type

    def variable(self, argument: str) -> str:
        """The name under which an argument is sent when the client did not name it so."""
        return f"{self.operation.prefix}{self.number}{argument}"

    def lift(self, *left_out: str) -> tuple[ArgumentNode, ...]:
        """The arguments to send: those with variables as they stand, the literals as variables of our own."""
        arguments: tuple[ArgumentNode, ...] = ()
        assert self.definition
        for argument in self.node.arguments or ():
            name = argument.name.value
            if name in left_out:
                continue
            if variables_in([argument]):
                arguments += (argument,)
                continue
            variable = self.variable(name)
            self.lifted[variable] = str(self.definition.args[name].type), value_from_ast_untyped(argument.value)
            arguments += (replace(argument, value=variable_node(variable)),)
        return arguments

    def left_open(self, argument: str, type_: str = "") -> ArgumentNode:
        """An argument whose value is known only when it is asked. `type_`: where the schema does not tell it."""
        if not type_:
            assert self.definition
            type_ = str(self.definition.args[argument].type)
        variable = self.variable(argument)
        self.lifted[variable] = type_, None
        return ArgumentNode(name=name_node(argument), value=variable_node(variable))

    def asking(self, arguments: tuple[ArgumentNode, ...], parts: Iterable[FieldNode] | None = None) -> FieldNode:
        """The client's field under our own name with these arguments, and with its own selection or with `parts`."""
        selected = self.node.selection_set if parts is None else SelectionSetNode(selections=tuple(parts))
        return replace(self.node, alias=self.alias, arguments=arguments, directives=(), selection_set=selected)

    def shape(self, type_: Any, node: FieldNode) -> Shape:
        return Shape(self.operation.collector, type_, node, self.operation.joint.kinds)

    def cost(self, of: GraphQLField | None, node: FieldNode) -> int:
        """Fields of one row, nested lists multiplied by their page sizes."""
        return self.operation.measure.of(node.selection_set, get_named_type(of.type)).cost if of else 1

    def alone(self) -> DocumentNode:
        """A document that asks for this field and nothing else, as the client wrote it."""
        question = self.asking(self.node.arguments or ())
        operation, fragments, _ = self.operation.document([question], self.operation.fragments, {})
        return DocumentNode(definitions=(operation, *fragments))
