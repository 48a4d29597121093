"""A column of values as orjson writes it: what graphql-core makes of each value, made of all of them at once."""

import datetime as dt
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
_IN_UTC = {dt.UTC}
_WRITTEN_ALIKE: dict[Any, type] = {dt.datetime.isoformat: dt.datetime, dt.date.isoformat: dt.date}
"""Scalars that orjson writes by itself as they do: days, and moments in UTC."""


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
        return lambda column: list(map(names.__getitem__, column))
    if isinstance(inner, GraphQLScalarType):
        scalars = _scalars(inner.coerce_output_value, nothing)
        alike = _WRITTEN_ALIKE.get(inner.coerce_output_value)
        return _moments(alike, {alike} | nothing, scalars) if alike else scalars
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


def _moments(kind: type, allowed: set[type], otherwise: Show) -> Show:
    def shown(column: Sequence[Any]) -> Sequence[Any]:
        if not allowed.issuperset(map(type, column)):
            return otherwise(column)
        is_utc = kind is dt.date or _IN_UTC.issuperset(moment.tzinfo for moment in column if moment is not None)
        return column if is_utc else otherwise(column)

    return shown


def _scalars(coerce: Callable[[Any], Any], nothing: set[type]) -> Show:
    def shown(column: Sequence[Any]) -> Sequence[Any]:
        made = [None if value is None else coerce(value) for value in column]
        nulls = made.count(None)
        if nulls and not (nothing and nulls == list(column).count(None)):
            raise Unlike
        return made

    return shown
