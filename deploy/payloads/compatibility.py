"""What changed between two schemas of one payload, and whether committees on both sides of it still understand each
other.

Neighbours upgrade on different days, so both directions count: an old reader of a new writer, a new reader of an old
one. A change that nobody has thought about here counts as one that is not understood.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from deploy.payloads.schema import Schema

_WORDS = {"title", "description", "$schema", "$id", "$defs", "x-deprecated"}
"""What people read, and definitions, which are compared where they are used."""


class Change(NamedTuple):
    """`where`: the path within the payload; "" is the whole."""

    where: str
    what: str
    is_compatible: bool

    def __str__(self) -> str:
        return f"{'compatible' if self.is_compatible else 'INCOMPATIBLE'}: {self.where or 'the whole'}: {self.what}"


def changes(was: Schema, now: Schema) -> list[Change]:
    """Every difference that is not merely one of words."""
    return list(_changes("", was, now, was, now))


def _changes(where: str, was: Schema, now: Schema, was_top: Schema, now_top: Schema) -> Iterator[Change]:
    was, now = _followed(was, was_top), _followed(now, now_top)
    for key in sorted((was.keys() | now.keys()) - _WORDS):
        before, after = was.get(key), now.get(key)
        if key in _PARTS:
            for name, one, other in _PARTS[key](before, after):
                at = f"{where}.{name}".strip(".")
                if isinstance(one, dict) and isinstance(other, dict):
                    yield from _changes(at, one, other, was_top, now_top)
                elif one != other:
                    yield Change(at, *_come_or_gone(key, name, one, other, now))
        elif key == "required":
            kept = was.get("properties", {}).keys() & now.get("properties", {}).keys()
            yield from (Change(where, *each) for each in _required(set(before or ()) & kept, set(after or ()) & kept))
        elif key == "default":  # whether there is one at all is told of as what is required
            if key in was and key in now and before != after:
                yield Change(where, f"what it means to leave it out: {before} → {after}", is_compatible=False)
        elif before != after:
            told = _RULES[key](before, after) if key in _RULES else iter([(f"{key} {before} → {after}", False)])
            yield from (Change(where, *each) for each in told)


def _come_or_gone(key: str, name: str, was: Any, now: Any, parent: Schema) -> tuple[str, bool]:
    if now is None:
        return "removed or renamed", False
    if was is not None or key not in ("properties", "prefixItems"):
        return f"{was} → {now}", False
    may_be_absent = name not in parent.get("required", ()) if key == "properties" else "default" in now
    return ("added", True) if may_be_absent else ("added, and older releases do not send it", False)


def _followed(schema: Schema, top: Schema) -> Schema:
    """With what `$ref` leads to in its place."""
    made = dict(schema)
    while "$ref" in made:
        name = made.pop("$ref").rpartition("/")[2]
        made = {**top["$defs"][name], **made}
    return made


# ── parts, side by side ──


def _named(was: Any, now: Any) -> Iterator[tuple[str, Any, Any]]:
    was, now = was or {}, now or {}
    for name in [*was, *(each for each in now if each not in was)]:
        yield name, was.get(name), now.get(name)


def _in_order(was: Any, now: Any) -> Iterator[tuple[str, Any, Any]]:
    was, now = was or [], now or []
    for at in range(max(len(was), len(now))):
        one, other = (each[at] if at < len(each) else None for each in (was, now))
        yield (other or one or {}).get("title", str(at)), one, other


def _single(name: str) -> Callable[[Any, Any], Iterator[tuple[str, Any, Any]]]:
    return lambda was, now: iter([(name, was, now)])


_PARTS: dict[str, Callable[[Any, Any], Iterator[tuple[str, Any, Any]]]] = {
    "properties": _named, "prefixItems": _in_order, "anyOf": _in_order,
    "items": _single("[]"), "additionalProperties": _single("*"), "propertyNames": _single("names"),
}  # fmt: skip


# ── what a changed word of a schema means ──

_Findings = Iterator[tuple[str, bool]]


def _required(was: set[str], now: set[str]) -> _Findings:
    yield from ((f"{each} became required, and older releases may leave it out", False) for each in sorted(now - was))
    yield from ((f"{each} may be left out, and older releases need it", False) for each in sorted(was - now))


def _codes(was: Any, now: Any) -> _Findings:
    """A list that is open to readers: what they do not know they keep unread, or show as it is."""
    yield from ((f"code {each} added", True) for each in now or () if each not in (was or ()))
    yield from ((f"code {each} removed", False) for each in was or () if each not in (now or ()))


def _enum(was: Any, now: Any) -> _Findings:
    """A list that is closed to readers: an older one refuses the whole message for a value it does not know."""
    yield from ((f"value {each} added, and older readers refuse it", False) for each in now or () if each not in was)
    yield from ((f"value {each} removed", False) for each in was or () if each not in (now or ()))


_CIRCLES = ["PUBLIC", "FEDERATION", "MECHANISM", "PARENT"]


def _visible(was: Any, now: Any) -> _Findings:
    """Wider shows to more readers what was entered for fewer: that must be somebody's decision, not a side effect."""
    if was in _CIRCLES and now in _CIRCLES and _CIRCLES.index(now) < _CIRCLES.index(was):
        yield f"shown to {now}, was {was} only: records written before would leak", False
    else:
        yield f"shown to {now}, was {was}: readers lose it", False


def _kept_home(was: Any, now: Any) -> _Findings:
    yield from ((f"{each} travels, and never did: it would leak", False) for each in was or () if each not in now)
    yield from ((f"{each} is kept at home", True) for each in now or () if each not in (was or ()))


def _longest(was: int | None, now: int | None) -> _Findings:
    yield f"longest text {was} → {now}", now is None or (was is not None and now > was)


_RULES: dict[str, Callable[[Any, Any], _Findings]] = {
    "x-codes": _codes, "enum": _enum, "x-visible": _visible, "x-never-travels": _kept_home, "maxLength": _longest,
}  # fmt: skip
