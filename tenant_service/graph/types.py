"""GraphQL types made from contract records, and a schema in which every field says who may see it."""

import datetime as dt
from collections.abc import Callable
from inspect import getdoc
from typing import Any, NewType, TypeVar

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.types.scalar import DEFAULT_SCALAR_REGISTRY
from strawberry.schema_directive import Location
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from sync.contract.asking.cursors import Cursor
from sync.contract.ids import Id
from sync.contract.instants import day, instant
from sync.contract.visibility import Undeclared, Visible

T = TypeVar("T")
JSONObject = NewType("JSONObject", dict[str, Any])
"""One leaf whatever is in it: what gateways add up is a hundred times as many numbers as fields."""


def _first_line(cls: type) -> str | None:
    return (getdoc(cls) or "").partition("\n")[0] or None


def contract_enum(cls: type[T]) -> type[T]:
    """Show a closed list; a member's Chinese label becomes its description. Rooms that show the same list each say so:
    it is one type of the schema.
    """
    if "__strawberry_definition__" in vars(cls):
        return cls
    strawberry.enum(cls, description=_first_line(cls))  # type: ignore[call-overload]
    for value in cls.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = getattr(cls(value.value), "label", None)  # type: ignore[call-arg]
    return cls


contract_enum(Visible)


@strawberry.schema_directive(
    name="visible", locations=[Location.FIELD_DEFINITION], description="The widest circle this field is shown to."
)
class VisibleTo:
    to: Visible


@strawberry.schema_directive(
    name="merge", locations=[Location.FIELD_DEFINITION],
    description="A gateway joins the lists of many committees in the order that this argument names.",
)  # fmt: skip
class Merge:
    by: str


@strawberry.schema_directive(
    name="internal", locations=[Location.FIELD_DEFINITION],
    description="Asked by gateways to make an answer of their own from; they do not offer it.",
)  # fmt: skip
class Internal:
    pass


@strawberry.schema_directive(
    name="home", locations=[Location.FIELD_DEFINITION],
    description="A gateway asks the caller's own home committee.",
)  # fmt: skip
class Home:
    pass


@strawberry.schema_directive(
    name="since",
    locations=[
        Location.FIELD_DEFINITION, Location.ARGUMENT_DEFINITION, Location.INPUT_FIELD_DEFINITION, Location.ENUM_VALUE
    ],
    description="The release that brought it. Of a committee that runs an older one, a gateway answers null.",
)  # fmt: skip
class Since:
    version: int


@strawberry.schema_directive(
    name="searched", locations=[Location.ARGUMENT_DEFINITION],
    description="Words that are looked for: two characters that stand together, at least.",
)  # fmt: skip
class Searched:
    pass


def shown(to: Visible, description: str, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """A field that is resolved: an edge to another record, or a root field."""
    made: Any = strawberry.field(description=description, metadata={"visible": to}, **options)
    return made  # type: ignore[no-any-return]


def record_type(cls: type[T]) -> type[T]:
    """The GraphQL type of the record that `cls` extends: the record's fields as they are, plus the edges added here.

    Resolvers may hand out the plain record: without `is_type_of` a type that implements an interface refuses it.
    """
    shape = cls.__mro__[1]
    cls.is_type_of = classmethod(lambda _cls, value, _info: isinstance(value, shape))  # type: ignore[attr-defined]
    return strawberry.type(cls, description=_first_line(shape))


SCALARS: dict[object, Any] = {
    Id: DEFAULT_SCALAR_REGISTRY[strawberry.ID],
    Cursor: strawberry.scalar(name="Cursor", description="A place in a list; opaque."),
    dt.datetime: strawberry.scalar(
        name="DateTime", description="A moment with its offset, ISO 8601.",
        parse_value=instant, serialize=dt.datetime.isoformat,
    ),
    dt.date: strawberry.scalar(
        name="Date", description="A day in Asia/Shanghai, YYYY-MM-DD.", parse_value=day, serialize=dt.date.isoformat
    ),
    JSONObject: strawberry.scalar(name="JSONObject", description="A JSON object, as its field describes it."),
}  # fmt: skip


class Schema(strawberry.Schema):
    """Puts each field's description and `@visible` into the schema, wherever the field was declared.

    Raises:
        Undeclared: a field of an output type that says nothing about who may see it.
    """

    def __init__(self, query: type, **options: Any) -> None:
        super().__init__(query, config=StrawberryConfig(scalar_map=SCALARS), **options)

    def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        """The one place that every type passes: records, edges, generics, Query and Mutation."""
        fields = super().get_fields(type_definition)
        if not type_definition.is_input:
            for each in fields:
                _declare(type_definition, each)
        return fields

    def process_errors(self, errors: Any, execution_context: Any = None) -> None:
        """Strawberry would log the query and the stack; whoever answers logs what is its own fault."""


def _declare(owner: StrawberryObjectDefinition, field: StrawberryField) -> None:
    if any(isinstance(directive, VisibleTo) for directive in field.directives):
        return  # a field object is shared with the interface it comes from, and asked for again by each schema
    # Strawberry makes its own field objects of a plain dataclass's and drops their metadata: read the origin's.
    declared = owner.origin.__dataclass_fields__.get(field.python_name)
    told = {**(declared.metadata if declared else {}), **field.metadata}
    if "visible" not in told:
        raise Undeclared(f"{owner.name}.{field.python_name}")
    field.description = field.description or told.get("description")
    field.directives = [*field.directives, VisibleTo(to=told["visible"])]
