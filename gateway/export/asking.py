"""What is exported: the list and its arguments as the link names them, and the document that asks for one page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from graphql import (
    GraphQLField,
    GraphQLInputType,
    get_named_type,
    get_nullable_type,
    is_input_object_type,
    is_list_type,
    is_required_argument,
)

from gateway.export.columns import Column
from sync.contract.errors import Code, Refusal, Said

OWN = {"first", "after"}
"""Arguments that the walk says itself."""
SOURCES = """fanout { complete asked answered asOf
    sources(not: []) { committee { id name } state asOf error { zh } } }"""
_AS_JSON = {"Int", "Float", "Boolean"}


@dataclass(frozen=True)
class Wanted:
    """A root field and the arguments given, by name: (type, value)."""

    name: str
    given: dict[str, tuple[str, Any]]

    @property
    def variables(self) -> dict[str, Any]:
        return {name: value for name, (_, value) in self.given.items()}

    def document(self, selection: str, **own: str) -> str:
        """The document that asks for this field with these arguments, and those of our own (name: type)."""
        types = own | {name: type_ for name, (type_, _) in self.given.items()}
        declared = ", ".join(f"${name}: {type_}" for name, type_ in types.items())
        said = ", ".join(f"{name}: ${name}" for name in types)
        return f"query Export({declared}) {{ it: {self.name}({said}) {{ {selection} }} }}"


def wanted(name: str, field: GraphQLField, told: Mapping[str, str]) -> Wanted:
    """The arguments as the address has them: what the API takes as an object, a list or a number, as JSON; all else as
    it is.

    Raises:
        Refusal: BAD_VALUE, no such argument, or not JSON; NEEDS_ARGUMENT.
    """
    for argument, needed in field.args.items():
        if is_required_argument(needed) and argument not in told:
            raise Refusal(Code.NEEDS_ARGUMENT, name=argument)
    given = {}
    for argument, text in told.items():
        of = field.args.get(argument)
        if of is None or argument in OWN:
            raise Refusal(Code.BAD_VALUE, field=argument, why=Said("没有此参数", "there is no such argument"))
        given[argument] = str(of.type), _value(argument, of.type, text)
    return Wanted(name, given)


def page_of(columns: list[Column], more: str = "") -> str:
    """What is selected of one page. `more`: beside that."""
    rows = " ".join(["committeeId", *(each.selection for each in columns)])
    return f"nodes {{ {rows} }} pageInfo {{ hasNextPage endCursor }} {more} {SOURCES}"


def _value(name: str, type_: GraphQLInputType, text: str) -> Any:
    inner: Any = get_nullable_type(type_)
    if not (is_list_type(inner) or is_input_object_type(inner) or get_named_type(inner).name in _AS_JSON):
        return text
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        raise Refusal(Code.BAD_VALUE, field=name, why=Said("不是JSON", "it is not JSON")) from None
