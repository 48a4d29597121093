"""What a committee's bytes must look like before they are passed on as they are: JSON of exactly what was selected,
each value of the type that the schema tells, and of the record that it stands for. Nothing is taken out of them; they
are looked through once.

An enum's value is any text: a committee of a newer release may know more of them. What an interface stands for is only
JSON, because its type is not always asked for.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from functools import cached_property
from operator import attrgetter, itemgetter
from typing import Annotated, Any, Literal

import msgspec
from graphql import (
    FieldNode,
    get_nullable_type,
    is_abstract_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)

from gateway.federation.documents import Collector
from sync.contract.strangers import reading

MOST_VALUES = 500_000
"""Values in one answer. A page of the longest rows has fewer; millions of small ones would fill the memory."""
_INT = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]
_MOMENT = Annotated[dt.datetime, msgspec.Meta(tz=True)]
_SCALARS: dict[str, Any] = {"Int": _INT, "Float": float, "Boolean": bool, "DateTime": _MOMENT, "Date": dt.date}
_IDENTITY = ("committeeId", "id")
"""Fields by which a record says whose it is, and which."""


class Shape:
    """One value, as often as it is sent. Its reader is made when the first one comes."""

    def __init__(self, collector: Collector, type_: Any, node: FieldNode) -> None:
        self._collector, self._type, self._node = collector, type_, node

    def check(self, value: bytes | memoryview | msgspec.Raw, of: tuple[str, str] | None = None) -> None:
        """`of`: committee and id of the record that it must be.

        Raises:
            msgspec.DecodeError: it is something else, or no text; or it says to be another record.
        """
        told = self._read(value)
        if of is not None and not self._are([told], [of]):
            raise msgspec.DecodeError("another record")

    def are(self, values: bytes, of: list[tuple[str, str]]) -> bool:
        """Whether a list is of these records: as `check` of each, at less than half of what that takes."""
        try:
            told = self._read_all(values)
        except msgspec.DecodeError:
            return False
        return len(told) == len(of) and self._are(told, of)

    def _are(self, told: list[Any], of: list[tuple[str, str]]) -> bool:
        if self._says is None:
            return True
        said, meant = self._says
        return all(each is None or said(each) == meant(one) for each, one in zip(told, of, strict=True))

    @cached_property
    def _read(self) -> Callable[[Any], Any]:
        return reading(msgspec.json.Decoder(self._kind(self._type, self._node)).decode)

    @cached_property
    def _read_all(self) -> Callable[[Any], list[Any]]:
        return reading(msgspec.json.Decoder(list[self._kind(self._type, self._node)]).decode)  # type: ignore[misc]

    @cached_property
    def _says(self) -> tuple[Callable[[Any], Any], Callable[[tuple[str, str]], Any]] | None:
        """Reads what a record says of itself, and the same of the record that it must be; None: nothing was selected
        that says it.
        """
        of = get_nullable_type(self._type)
        found = list(self._identity(of, self._node)) if is_composite_type(of) else []
        if not found:
            return None
        names, meant = [name for name, _ in found], itemgetter(*[each for _, each in found])
        if not is_abstract_type(of):
            return attrgetter(*names), meant
        first, *others = names
        return lambda told: (told.get(first), *map(told.get, others)) if others else told.get(first), meant

    def _identity(self, type_: Any, node: FieldNode) -> Iterator[tuple[str, int]]:
        is_edge = {"cursor", "node"} <= getattr(type_, "fields", {}).keys()
        for number, (key, each) in enumerate(self._collector.collect(type_, node.selection_set).items()):
            name = key if is_abstract_type(type_) else f"f{number}"
            if each.name.value in _IDENTITY:
                yield name, _IDENTITY.index(each.name.value)
            elif is_edge and each.name.value == "node":
                below = self._identity(get_nullable_type(type_.fields["node"].type), each)
                yield from ((f"{name}.{inner}", which) for inner, which in below)

    def _kind(self, type_: Any, node: FieldNode) -> Any:
        of = get_nullable_type(type_)
        found: Any = Any
        if is_list_type(of):
            found = list[self._kind(of.of_type, node)]  # type: ignore[misc]
        elif is_object_type(of):
            found = self._object(of, node)
        elif not is_abstract_type(of):
            found = _SCALARS.get(of.name, str)
        return found if is_non_null_type(type_) or found is Any else found | None

    def _object(self, type_: Any, node: FieldNode) -> Any:
        fields: list[tuple[str, Any]] = []
        keys: dict[str, str] = {}
        for number, (key, each) in enumerate(self._collector.collect(type_, node.selection_set).items()):
            name, of = f"f{number}", type_.fields.get(each.name.value)
            fields.append((name, self._kind(of.type, each) if of else Literal[type_.name]))
            keys[name] = key
        return msgspec.defstruct(type_.name, fields, rename=keys, forbid_unknown_fields=True, gc=False)


def item_of(type_: Any) -> Any:
    """The type of a list's items."""
    return get_nullable_type(type_).of_type


def answer_of(kind: Any) -> Callable[[bytes], Any]:
    """A reader of whole answers of this kind. What it raises is a ValueError, whatever the bytes are."""
    read = reading(msgspec.json.Decoder(kind).decode)

    def bounded(body: bytes) -> Any:
        if len(body) > MOST_VALUES and body.count(b",") > MOST_VALUES:
            raise msgspec.DecodeError("too many values")
        return read(body)

    return bounded
