"""The columns of a list's file, read off the joint schema, and how a value stands in a cell. Pure."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_object_type,
    is_required_argument,
)

from sync.contract.fields import FIELDS
from sync.contract.instants import SHANGHAI, instant
from sync.contract.visibility import Visible
from sync.edge.shell.sheets import Cell

_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_NAMES = ("title", "name")
LONGEST_CELL = 32_000
"""Characters; spreadsheets take 32,767."""
LARGEST_CELL = 2**53
"""Whole numbers that a spreadsheet keeps as they are."""


@dataclass(frozen=True)
class Column:
    """One column: what is selected for it, where its value is in a row, and how it is written."""

    label: str
    selection: str
    path: tuple[str, ...]
    write: Callable[[Any], Cell]

    def cell(self, row: dict[str, Any]) -> Cell:
        """What cannot be written as what it should be is written as the text that it is: no row breaks the file."""
        value: Any = row
        try:
            for step in self.path:
                value = value and value.get(step)
            told = None if value is None else self.write(value)
            is_plain = told is None or isinstance(told, str | float) or -LARGEST_CELL <= told <= LARGEST_CELL
        except (AttributeError, TypeError, ValueError, OverflowError):
            told, is_plain = value, False
        told = told if is_plain else str(told)
        return told[:LONGEST_CELL] if isinstance(told, str) else told


def columns_of(row: GraphQLObjectType, circle: Visible) -> list[Column]:
    """What a reader in `circle` may be told of such rows, in the schema's order: their plain fields, and of a record
    that they point to its title.
    """
    found = []
    for name, field in row.fields.items():
        if any(is_required_argument(each) for each in field.args.values()) or not _circle_of(field).within(circle):
            continue
        inner: Any = get_nullable_type(field.type)
        if is_leaf_type(get_named_type(field.type)):
            found.append(Column(_headed(row.name, name, field), name, (name,), _writer(field.type)))
        elif is_object_type(inner) and (title := next((each for each in _NAMES if each in inner.fields), None)):
            label = f"{label_of(row.name, name, field)}名称 ({name}.{title})"
            found.append(Column(label, f"{name} {{ {title} }}", (name, title), str))
    return found


def label_of(type_: str, name: str, field: GraphQLField) -> str:
    """What people call a field in Chinese: as refusals do, else as its description begins; else the API's name."""
    found = _CHINESE.match(field.description or "")
    return FIELDS.get(f"{type_}.{name}") or FIELDS.get(name) or (found[0] if found else name)


def title_of(row: GraphQLObjectType) -> str:
    """What people call such rows in Chinese: as the type's description begins."""
    found = _CHINESE.match(row.description or "")
    return found[0] if found else row.name


def moment(value: dt.datetime) -> str:
    """`2026-03-01 12:00`, Asia/Shanghai."""
    return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _headed(type_: str, name: str, field: GraphQLField) -> str:
    label = label_of(type_, name, field)
    return f"{label} ({name})" if label != name else name


def _circle_of(field: GraphQLField) -> Visible:
    """Whom the field is shown to; one that does not say is nobody's."""
    for directive in field.ast_node.directives or () if field.ast_node else ():
        if directive.name.value == "visible":
            [said] = directive.arguments or ()
            circle: Any = said.value
            return Visible[circle.value]
    return Visible.SUBJECT


def _moment(said: str) -> Cell:
    """As people read it. Raises: ValueError, OverflowError, it has no moment here, as the last hours of 9999."""
    return moment(instant(said))


def _writer(type_: Any) -> Callable[[Any], Cell]:
    inner: Any = get_nullable_type(type_)
    if is_list_type(inner):
        each, between = _writer(inner.of_type), "\n" if get_named_type(inner).name == "String" else "、"
        return lambda values: between.join(str(each(value)) for value in values if value is not None)
    if isinstance(inner, GraphQLEnumType):
        labels = {code: value.description or code for code, value in inner.values.items()}
        return lambda code: labels.get(code, code)
    match inner.name:
        case "DateTime":
            return _moment
        case "Boolean":
            return lambda value: "是" if value else "否"
        case "Int" | "Float":
            return lambda value: value
        case _:
            return str
