"""What JSON Schemas of records and of messages are both made with: types looked into, texts on one line."""

from collections.abc import Iterator
from typing import Any, get_args

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def named(name: str, schema: Schema) -> Schema:
    """The schema as a document of its own, `activity/1`."""
    about = {"$schema": DIALECT, "$id": f"urn:liandong:schema:{name}", "title": name}
    return about | {key: value for key, value in schema.items() if key != "title"}


def plain_types(hint: Any) -> Iterator[type]:
    """The types that a field's type is made of: `list[Id] | None` is made of list, str and None's."""
    hint = getattr(hint, "__supertype__", hint)
    if isinstance(hint, type) and not get_args(hint):
        yield hint
    for each in get_args(hint):
        yield from plain_types(each)


def shortened(schema: Schema) -> Schema:
    """Nullable plain types as one list of types, in this schema and below it."""
    made = {key: _below(value) for key, value in schema.items()}
    first, *rest = made.get("anyOf", [{}])
    if rest == [{"type": "null"}] and isinstance(first.get("type"), str):
        del made["anyOf"]
        made = first | {"type": [first["type"], "null"]} | made
    return made


def _below(value: Any) -> Any:
    if isinstance(value, dict):
        return shortened(value)
    return [_below(each) for each in value] if isinstance(value, list) else value


def one_line(text: str | None) -> str:
    return " ".join((text or "").split())
