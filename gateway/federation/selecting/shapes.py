"""What a committee's bytes must look like before they are passed on as they are: JSON of exactly what was selected,
each value of the type that the schema tells, and of the record that it stands for. Nothing is taken out of them; they
are looked through once.

An enum's value is any text: a committee of a newer release may know more of them. What an interface stands for is a
record of the kind that its id says.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from operator import attrgetter, itemgetter
from typing import Annotated, Any, Literal

import msgspec
from graphql import (
    FieldNode,
    GraphQLNonNull,
    GraphQLObjectType,
    get_nullable_type,
    is_abstract_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)

from gateway.federation.selecting.selections import Collector
from sync.contract.ids import kind_of
from sync.contract.strangers import reading

MOST_VALUES = 500_000
"""Values in one answer. A page of the longest rows has fewer; millions of small ones would fill the memory."""
MOST_BYTES = 8 * 1024 * 1024
"""Of one answer. A hundred records with the longest of reports are two."""
_INT = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]
_MOMENT = Annotated[dt.datetime, msgspec.Meta(tz=True)]
_TEXT = Annotated[str, msgspec.Meta(max_length=100_000)]
"""Longer than any text that a form takes."""
_SCALARS: dict[str, Any] = {
    "Int": _INT, "Float": float, "Boolean": bool, "DateTime": _MOMENT, "Date": dt.date, "JSONObject": dict[str, Any],
}  # fmt: skip
_IDENTITY = ("committeeId", "id")
"""Fields by which a record says whose it is, and which."""
Kinds = Mapping[str, GraphQLObjectType]
"""Kind, as ids say it → the type of such records."""


class Shape:
    """One value, as often as it is sent. Its reader is made when the first one comes.

    What an interface stands for is a record of the kind that its id says: with the id it is looked through as such.
    """

    def __init__(self, collector: Collector, type_: Any, node: FieldNode, kinds: Kinds) -> None:
        self._collector, self._type, self._node, self._kinds = collector, type_, node, kinds
        self._concrete: dict[str, Shape] = {}

    def check(self, value: bytes | memoryview | msgspec.Raw, of: tuple[str, str] | None = None) -> None:
        """`of`: committee and id of the record that it must be.

        Raises:
            msgspec.DecodeError: it is something else, or no text; or it says to be another record.
        """
        if of is not None and (concrete := self._as(kind_of(of[1]))) is not None:
            concrete.check(value, of)
            return
        told = self._read(value)
        if of is not None and not self._are([told], [of]):
            raise msgspec.DecodeError("another record")

    def are(self, values: bytes, of: list[tuple[str, str]]) -> bool:
        """Whether a list is of these records: as `check` of each, at less than half of what that takes."""
        try:
            told = self._read_all(values)
            return len(told) == len(of) and self._are(told, of)
        except msgspec.DecodeError:
            return False

    def _as(self, kind: str) -> "Shape | None":
        """The same of a record of this kind; None: this is no interface, or no kind that this release knows."""
        if not is_abstract_type(get_nullable_type(self._type)) or kind not in self._kinds:
            return None
        if kind not in self._concrete:
            of: Any = self._kinds[kind]
            type_ = GraphQLNonNull(of) if is_non_null_type(self._type) else of
            self._concrete[kind] = Shape(self._collector, type_, self._node, self._kinds)
        return self._concrete[kind]

    def _are(self, told: list[Any], of: list[tuple[str, str]]) -> bool:
        """Raises: msgspec.DecodeError, a record that is handed on with a row is none."""
        for below, shape in self._handed_on:
            for each, one in zip(told, of, strict=True):
                if each is not None:
                    shape.check(below(each), one)
        if self._says is None:
            return True
        said, meant = self._says
        return all(each is None or said(each) == meant(one) for each, one in zip(told, of, strict=True))

    @cached_property
    def _read(self) -> Callable[[Any], Any]:
        return reading(msgspec.json.Decoder(self._kind(self._type, self._node, is_row=True)).decode)

    @cached_property
    def _read_all(self) -> Callable[[Any], list[Any]]:
        row = self._kind(self._type, self._node, is_row=True)
        return reading(msgspec.json.Decoder(list[row]).decode)  # type: ignore[valid-type]

    @cached_property
    def _says(self) -> tuple[Callable[[Any], Any], Callable[[tuple[str, str]], Any]] | None:
        """Reads what a record says of itself, and the same of the record that it must be; None: nothing was selected
        that says it.
        """
        found = [
            (path, _IDENTITY.index(each.name.value)) for path, _, each in self._fields if each.name.value in _IDENTITY
        ]
        if not found:
            return None
        names, meant = [path for path, _ in found], itemgetter(*[which for _, which in found])
        if is_object_type(get_nullable_type(self._type)):
            return attrgetter(*names), meant
        first, *others = names
        return lambda told: (told.get(first), *map(told.get, others)) if others else told.get(first), meant

    @cached_property
    def _handed_on(self) -> list[tuple[Callable[[Any], Any], "Shape"]]:
        """Whole records in a row, which must be the row's own: a hit's `node`."""
        return [
            (attrgetter(path), Shape(self._collector, of.type, each, self._kinds))
            for path, of, each in self._fields if of is not None and is_abstract_type(get_nullable_type(of.type))
        ]  # fmt: skip

    @cached_property
    def _fields(self) -> list[tuple[str, Any, FieldNode]]:
        """Of the record, below an edge where it is one: where it is in what was read, its definition, its selection."""
        of = get_nullable_type(self._type)
        return list(self._fields_of(of, self._node)) if is_composite_type(of) else []

    def _fields_of(self, type_: Any, node: FieldNode) -> Iterator[tuple[str, Any, FieldNode]]:
        for number, (key, each) in enumerate(self._collector.collect(type_, node.selection_set).items()):
            of, path = type_.fields.get(each.name.value), key if is_abstract_type(type_) else f"f{number}"
            if _is_edge(type_) and each.name.value == "node":
                below = self._fields_of(get_nullable_type(of.type), each)
                yield from ((f"{path}.{inner}", field, node) for inner, field, node in below)
            elif not _is_edge(type_):
                yield path, of, each

    def _kind(self, type_: Any, node: FieldNode, *, is_row: bool = False) -> Any:
        of = get_nullable_type(type_)
        if is_list_type(of):
            found: Any = list[self._kind(of.of_type, node)]  # type: ignore[misc]
        elif is_object_type(of):
            found = self._object(of, node, is_row=is_row)
        else:
            found = dict[str, Any] if is_abstract_type(of) else _SCALARS.get(of.name, _TEXT)
        return found if is_non_null_type(type_) else found | None

    def _object(self, type_: Any, node: FieldNode, *, is_row: bool) -> Any:
        fields: list[tuple[str, Any]] = []
        keys: dict[str, str] = {}
        for number, (key, each) in enumerate(self._collector.collect(type_, node.selection_set).items()):
            name, of = f"f{number}", type_.fields.get(each.name.value)
            if of is None:
                kind: Any = Literal[type_.name]
            elif is_row and not _is_edge(type_) and is_abstract_type(get_nullable_type(of.type)):
                kind = msgspec.Raw  # looked through by itself: see `_handed_on`
            else:
                kind = self._kind(of.type, each, is_row=is_row and _is_edge(type_) and each.name.value == "node")
            fields.append((name, kind))
            keys[name] = key
        return msgspec.defstruct(type_.name, fields, rename=keys, forbid_unknown_fields=True, gc=False)


def _is_edge(type_: Any) -> bool:
    return {"cursor", "node"} == getattr(type_, "fields", {}).keys()


def item_of(type_: Any) -> Any:
    """The type of a list's items."""
    return get_nullable_type(type_).of_type


def answer_of(kind: Any) -> Callable[[bytes], Any]:
    """A reader of whole answers of this kind. What it raises is a ValueError, whatever the bytes are."""
    read = reading(msgspec.json.Decoder(kind).decode)

    def bounded(body: bytes) -> Any:
        if len(body) > MOST_BYTES or (len(body) > MOST_VALUES and body.count(b",") > MOST_VALUES):
            raise msgspec.DecodeError("too much")
        return read(body)

    return bounded
