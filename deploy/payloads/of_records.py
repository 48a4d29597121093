"""JSON Schemas of the records, made from their fields.

A schema says what a reader takes. Unknown fields are ignored, so none is forbidden but those that a circle is not told;
required is what no reader can do without. Closed lists are open to readers (`x-codes`): a newer release may know more
codes than an older one.
"""

from collections.abc import Iterator
from dataclasses import MISSING, Field, fields
from typing import Any, get_type_hints

import msgspec

from deploy.payloads.schema import Schema, named, one_line, plain_types, shortened
from sync.contract.bounds import Bound, bound_of
from sync.contract.channels import CHANNELS_OF
from sync.contract.kinds import Kind
from sync.contract.records import RECORDS
from sync.contract.versions import schema_of
from sync.contract.visibility import Visible, hidden_from

_DEEPEST = Visible.PARENT
"""The circle that is told all that travels."""
_FORMATS = {"datetime": "date-time", "date": "date"}


def of_record(kind: str) -> Schema:
    """The schema of this kind's records in the present number; `$defs` has one for each circle of readers."""
    return of_class(schema_of(kind), RECORDS[kind])


def of_class(name: str, cls: Any) -> Schema:
    written, hints = _written(cls), get_type_hints(cls)
    told = [each for each in fields(cls) if each.metadata["visible"].within(_DEEPEST)]
    lists = sorted(set(_kinds_in(cls)), key=lambda each: each.__name__)
    return named(name, {
        "description": one_line(cls.__doc__),
        "type": "object",
        "properties": {each.name: _property(each, written[each.name], hints[each.name]) for each in told},
        "required": [each.name for each in told if _is_needed(each)],
        "x-never-travels": [each.name for each in fields(cls) if each not in told],
        "$defs": {
            **{each.__name__: _open_list(each) for each in lists},
            **{each.value: _told_to(each, name, cls) for each in CHANNELS_OF},
        },
    })  # fmt: skip


def _written(cls: Any) -> Schema:
    found: Schema = msgspec.json.schema(cls)["$defs"][cls.__name__]["properties"]
    return found


def _property(field: Field[Any], schema: Schema, hint: Any) -> Schema:
    schema = shortened(schema)
    for each in plain_types(hint):
        if each.__name__ in _FORMATS:
            schema["format"] = _FORMATS[each.__name__]
    schema = _bounded(schema, bound_of(field))
    return {"description": field.metadata["description"], **schema, "x-visible": field.metadata["visible"].value}


def _bounded(schema: Schema, bound: Bound, depth: int = 0) -> Schema:
    """With how far numbers, texts, lists and objects may go; whose parts they are cannot be said so."""
    made, types = dict(schema), schema.get("type", [])
    if "integer" in types:
        made |= {"minimum": bound.least, "maximum": bound.most}
    if "string" in types and "format" not in schema:
        made |= {"maxLength": bound.longest} | ({"pattern": f"^({bound.form})$"} if bound.form else {})
    if "items" in schema:
        made |= {"items": _bounded(schema["items"], bound, depth), "maxItems": bound.items}
    if "additionalProperties" in schema:
        inner = _bounded(schema["additionalProperties"], bound, depth + 1)
        made |= {"additionalProperties": inner, "maxProperties": bound.names[depth]}
    return made


def _is_needed(field: Field[Any]) -> bool:
    """Whether `sync.contract.records.read` cannot do without it."""
    has_default = field.default is not MISSING or field.default_factory is not MISSING
    return field.metadata["visible"].within(Visible.FEDERATION) and not has_default


def _told_to(circle: Visible, name: str, cls: Any) -> Schema:
    """What readers in this circle are told: what lies deeper is not there."""
    hidden = hidden_from(cls, circle)
    return {
        "title": f"{name} {circle.value}",
        "description": f"{circle.label}: channels {', '.join(CHANNELS_OF[circle])}",
        "$ref": "#",
        "properties": {each.name: False for each in fields(cls) if each.name in hidden},
    }


def _open_list(kind: type[Kind]) -> Schema:
    codes = {each.value: each.label for each in kind}
    return {"title": kind.__name__, "description": one_line(kind.__doc__), "type": "string", "x-codes": codes}


def _kinds_in(cls: Any) -> Iterator[type[Kind]]:
    for hint in get_type_hints(cls).values():
        yield from (each for each in plain_types(hint) if issubclass(each, Kind))
