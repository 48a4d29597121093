"""JSON Schemas of whatever else travels, made from the structs and the sentences of their docstrings.

One that is written as an array names its places by `title`; bytes within it (`x-bytes`) are msgpack's own. A closed
list is closed here: `enum` says all that a reader takes.
"""

import inspect
import re
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from deploy.payloads.schema import Schema, named, one_line, plain_types, shortened

_ATTRIBUTES = re.compile(r"^    (\w+(?:, \w+)*): (.+(?:\n {5,}.*)*)", re.MULTILINE)


def of_message(name: str, cls: type) -> Schema:
    written = msgspec.json.schema(cls)["$defs"]
    structs = {each.__name__: each for each in _structs_in(cls)}
    made = {
        each: _described(shortened(schema), structs[each]) if each in structs else shortened(schema)
        for each, schema in written.items()
    }
    top = made.pop(cls.__name__)
    return named(name, top | ({"$defs": made} if made else {}))


def _structs_in(cls: Any) -> Iterator[Any]:
    """The struct and all that it is made of, named tuples too."""
    yield cls
    for hint in get_type_hints(cls).values():
        for each in plain_types(hint):
            if issubclass(each, msgspec.Struct) or hasattr(each, "_fields"):
                yield from _structs_in(each)


def _described(schema: Schema, cls: Any) -> Schema:
    """With the docstring's sentences beside the attributes that they are about."""
    about, _, attributes = inspect.cleandoc(cls.__doc__ or "").partition("Attributes:")
    told = {
        name: one_line(text) for names, text in _ATTRIBUTES.findall(attributes) for name in names.split(", ")
    }  # fmt: skip
    hints = get_type_hints(cls)
    made = {key: value for key, value in schema.items() if key != "description"}
    if not about.startswith(f"{cls.__name__}("):  # what a named tuple says of itself
        made = {"description": one_line(about)} | made
    if "prefixItems" in made:
        made["prefixItems"] = [
            {"title": name} | _about(told, name) | _bytes(part)
            for name, part in zip([*_tag(cls), *hints], made["prefixItems"], strict=True)
        ]
    if "properties" in made:
        of = {each.encode_name: each.name for each in msgspec.structs.fields(cls)}
        made["properties"] = {
            name: _about(told, of[name]) | part | _names_in(hints[of[name]])
            for name, part in made["properties"].items()
        }
    return made


def _tag(cls: Any) -> list[str]:
    """The place before all others, where an array says first what it is."""
    config = getattr(cls, "__struct_config__", None)
    return ["type"] if config is not None and config.tag is not None else []


def _about(told: dict[str, str], name: str) -> Schema:
    return {"description": told[name]} if name in told else {}


def _bytes(schema: Any) -> Any:
    """As they travel in msgpack; msgspec tells how they would be written in JSON."""
    if isinstance(schema, list):
        return [_bytes(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _bytes(value) for key, value in schema.items() if key != "contentEncoding"}
    return made | {"x-bytes": True} if len(made) < len(schema) else made


def _names_in(hint: Any) -> Schema:
    """The names that a mapping may have, where its type says so: msgspec takes no others."""
    key = get_args(hint)[0] if get_origin(hint) is dict else None
    return {"propertyNames": {"enum": list(get_args(key))}} if get_origin(key) is Literal else {}
