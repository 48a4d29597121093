"""Which fields of a record are columns of its table as they stand.

`record()` alone says what of a row may leave, and nobody says it a second time. To read only some fields, without
making records, its source is read: a field whose value is written in one of the few forms below is its column; any
other field is known only by making the record.
"""

import ast
import inspect
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field, is_dataclass
from functools import cache
from typing import Any, NewType

from sqlalchemy import ColumnElement, Enum, String, type_coerce


@dataclass(frozen=True)
class Passed:
    """A field that hands on a column. `or_none`: what is empty is handed on as None."""

    column: str
    or_none: bool = False


@dataclass(frozen=True)
class RecordColumns:
    """What is known of a model's records without making one.

    Attributes:
        shape: The record's class.
        fields: Field → the column that it hands on. Fields that are made in any other way are left out.
    """

    shape: type = object
    fields: Mapping[str, Passed] = field(default_factory=dict)


@cache
def columns_of(model: Any) -> RecordColumns:
    """What the source of the model's `record()` says. Nothing, where it says it in a way that is not known here."""
    function = inspect.getattr_static(model, "record", None)
    if not inspect.isfunction(function):  # some tables have a column of that name
        return RecordColumns()
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except OSError:
        return RecordColumns()
    match tree.body:
        case [ast.FunctionDef(args=ast.arguments(args=[ast.arg("self")]), body=body, decorator_list=[])]:
            return _read(model, body, function.__globals__)
    return RecordColumns()


@cache
def column(model: Any, name: str) -> ColumnElement[Any]:
    """The column behind an attribute of the model; that of a closed list is read as the code that it is stored as."""
    found: ColumnElement[Any] = model.__mapper__.columns[name]
    return type_coerce(found, String) if isinstance(found.type, Enum) else found


def _read(model: Any, body: list[ast.stmt], names: dict[str, Any]) -> RecordColumns:
    match [each for each in body if not _is_docstring(each)]:
        case [ast.Return(ast.Call(ast.Name(made), [], keywords))] if is_dataclass(names.get(made)):
            found = {each.arg: _passed(each.value, names) for each in keywords}
            fields = {
                name: passed for name, passed in found.items()
                if name is not None and passed is not None and passed.column in model.__mapper__.columns
            }  # fmt: skip
            shape = names[made]
            return RecordColumns() if hasattr(shape, "__post_init__") else RecordColumns(shape, fields)
    return RecordColumns()


def _passed(value: ast.expr, names: dict[str, Any]) -> Passed | None:
    """What `self.x`, `Id(self.x)`, `list(self.x)`, `[Id(each) for each in self.x]` or one of these with
    `if self.x else None` behind it hands on. `Id` stands for any NewType, which is nothing when the program runs.
    """
    match value:
        case ast.Attribute(ast.Name("self"), column):
            return Passed(column)
        case ast.Call(ast.Name(name), [inner], []) if name == "list" or isinstance(names.get(name), NewType):
            return _passed(inner, names)
        case ast.ListComp(
            ast.Call(ast.Name(name), [ast.Name(each)], []), [ast.comprehension(ast.Name(same), inner, [])]
        ) if isinstance(names.get(name), NewType) and each == same:
            return _passed(inner, names)
        case ast.IfExp(ast.Attribute(ast.Name("self"), asked), inner, ast.Constant(None)):
            passed = _passed(inner, names)
            return Passed(asked, or_none=True) if passed and passed.column == asked else None
    return None


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
