"""A column of values as JSON shows it: what graphql-core makes of each value, made of all of them at once."""

from collections.abc import Callable, Sequence
from types import NoneType
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLID,
    GraphQLInt,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLString,
    get_nullable_type,
    is_list_type,
)

Show = Callable[[Sequence[Any]], Sequence[Any]]

_AS_THEY_ARE = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool, GraphQLInt: int}
_INT32 = 2**31


class Unlike(Exception):
    """The column holds what its type does not simply allow; graphql-core knows what to say about it."""


def show(type_: Any) -> Show | None:
    """How columns of a field's type are shown. None: it is not a type of leaves, or of lists of them.

    Showing raises Unlike, or whatever a scalar raises.
    """
    inner: Any = get_nullable_type(type_)
    nothing = set() if isinstance(type_, GraphQLNonNull) else {NoneType}
    if is_list_type(inner):
        below = show(inner.of_type)
        return _lists(below, {list} | nothing) if below else None
    if inner in _AS_THEY_ARE:
        allowed = {_AS_THEY_ARE[inner]} | nothing
        return _whole_numbers(allowed) if inner is GraphQLInt else _alike(allowed)
    if isinstance(inner, GraphQLEnumType):
        names = {each.value: name for name, each in inner.values.items()} | dict.fromkeys([None] if nothing else [])
        return lambda column: [names[value] for value in column]
    if isinstance(inner, GraphQLScalarType):
        return _scalars(inner.coerce_output_value, nothing)
    return None


def _alike(allowed: set[type]) -> Show:
    def shown(column: Sequence[Any]) -> Sequence[Any]:
        if not allowed.issuperset(map(type, column)):
            raise Unlike
        return column

    return shown


def _whole_numbers(allowed: set[type]) -> Show:
    alike = _alike(allowed)

    def shown(column: Sequence[Any]) -> Sequence[Any]:
        numbers = [value for value in alike(column) if value is not None]
        if numbers and not -_INT32 <= min(numbers) <= max(numbers) < _INT32:
            raise Unlike
        return column

    return shown


def _lists(below: Show, allowed: set[type]) -> Show:
    alike = _alike(allowed)
    return lambda column: [None if value is None else below(value) for value in alike(column)]


def _scalars(coerce: Callable[[Any], Any], nothing: set[type]) -> Show:
    def shown(column: Sequence[Any]) -> Sequence[Any]:
        made = [None if value is None else coerce(value) for value in column]
        nulls = made.count(None)
        if nulls and not (nothing and nulls == list(column).count(None)):
            raise Unlike
        return made

    return shown
