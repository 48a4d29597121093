"""How far anything in a record may go. Nobody writes beyond it, and nobody takes what lies beyond: one committee's
figure of 2⁶² would else be everybody's trouble who adds it up, or shows it.

Bounds hold by a field's type, for every number, text, list and moment within it; a field that is narrower, or wider,
says so where it is declared (`visible(…, bound=…)`).
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from operator import add
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

FIRST_YEAR, LAST_YEAR = 1900, 2999
LARGEST = 2**31 - 1
LONGEST_TEXT = 100_000


class Beyond(ValueError):
    """A field goes beyond its bound; which one, and how."""

    def __init__(self, field: str, how: str) -> None:
        self.field, self.how = field, how
        super().__init__(f"{field}: {how}")


@dataclass(frozen=True)
class Bound:
    """Of one field.

    Attributes:
        least, most: Of each number.
        longest: Characters of each text.
        form: A regular expression that each text is; empty: any.
        items: Of each list.
        names: Of each object, the outer one first.
        part_of: The field of which this one's parts, added up over the outer names, are no more than the whole.
    """

    least: int = -LARGEST
    most: int = LARGEST
    longest: int = LONGEST_TEXT
    form: str = ""
    items: int = 10_000
    names: tuple[int, ...] = (1_000, 1_000)
    part_of: str = ""


GENERAL = Bound()
Check = Callable[[Any], str | None]
"""What is wrong with a value that has its field's type; None: nothing."""


def check(record: Any) -> None:
    """Raises: Beyond."""
    shape: Any = type(record)
    for name, wrong in _checks(shape):
        value = getattr(record, name)
        if value is not None and (why := wrong(value)):
            raise Beyond(name, why)
    for name, whole in _parts(shape):
        if _is_more(getattr(record, name) or {}, getattr(record, whole) or ()):
            raise Beyond(name, f"its parts are more than {whole}")


def bound_of(field: Any) -> Bound:
    """What was declared with a field."""
    found: Bound = field.metadata.get("bound") or GENERAL
    return found


@cache
def _checks(cls: Any) -> tuple[tuple[str, Check], ...]:
    hints = get_type_hints(cls)
    made = ((each.name, _check_of(hints[each.name], bound_of(each))) for each in fields(cls))
    return tuple((name, wrong) for name, wrong in made if wrong)


@cache
def _parts(cls: Any) -> tuple[tuple[str, str], ...]:
    return tuple((each.name, bound_of(each).part_of) for each in fields(cls) if bound_of(each).part_of)


def _check_of(hint: Any, bound: Bound, depth: int = 0) -> Check | None:
    hint = getattr(hint, "__supertype__", hint)
    inner = [each for each in get_args(hint) if each is not NoneType]
    match get_origin(hint):
        case None:
            return _plain(hint, bound)
        case origin if origin is list:
            return _list(_check_of(inner[0], bound, depth), bound.items)
        case origin if origin is dict:
            return _object(_check_of(str, GENERAL), _check_of(inner[1], bound, depth + 1), bound.names[depth])
        case _:  # or None
            return _check_of(inner[0], bound, depth)


def _plain(type_: Any, bound: Bound) -> Check | None:
    if type_ is int:
        told = f"not from {bound.least} to {bound.most}"
        return lambda value: None if bound.least <= value <= bound.most else told
    if type_ is str:
        form = re.compile(bound.form, re.DOTALL) if bound.form else None
        return lambda value: (
            f"over {bound.longest} characters" if len(value) > bound.longest
            else None if form is None or form.fullmatch(value) else "not of its form"
        )  # fmt: skip
    if type_ in (dt.datetime, dt.date):
        told = f"not in the years {FIRST_YEAR} to {LAST_YEAR}"
        return lambda value: None if FIRST_YEAR <= value.year <= LAST_YEAR else told
    return None


def _list(each: Check | None, most: int) -> Check:
    def wrong(values: list[Any]) -> str | None:
        if len(values) > most:
            return f"over {most} in a list"
        return next((why for value in values if (why := each(value))), None) if each else None

    return wrong


def _object(name: Check | None, each: Check | None, most: int) -> Check:
    def wrong(values: Mapping[str, Any]) -> str | None:
        if len(values) > most:
            return f"over {most} in an object"
        if name and (why := next((why for key in values if (why := name(key))), None)):
            return why
        return next((why for value in values.values() if (why := each(value))), None) if each else None

    return wrong


def _is_more(parts: Mapping[str, Any], whole: Any) -> bool:
    """Whether the parts hold anything that the whole does not: something twice, or on any day of any kind more than was
    counted.
    """
    if not isinstance(whole, Mapping):
        told = [each for part in parts.values() for each in part]
        return len(set(told)) < len(told) or not set(told) <= set(whole)
    sums: dict[str, list[int]] = {}
    for part in parts.values():
        for kind, numbers in part.items():
            if len(numbers) > len(whole.get(kind, ())):
                return True
            had = sums.setdefault(kind, [0] * len(whole[kind]))
            had[: len(numbers)] = map(add, had, numbers)
    return any(more > all_ for kind, numbers in sums.items() for more, all_ in zip(numbers, whole[kind], strict=True))
