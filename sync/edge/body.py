"""What a client sends, read strictly: a bounded body, one JSON object, a GraphQL request. Whatever else came is refused
here, before any library that could break on it sees it.
"""

import json
import re
from collections.abc import AsyncIterable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sync.contract.errors import Code, Refusal, Said
from sync.edge.budget import Limits

_NUL = re.compile(rb"\\u(?:0000|\{0+\})")
"""NUL, escaped for JSON or for GraphQL: PostgreSQL cannot store it, so nobody may ask with it."""
_LONGEST_NUMBER = 40  # characters
_INT64 = 2**63


@dataclass(frozen=True)
class Asked:
    """A GraphQL request as GraphQL over HTTP writes it."""

    query: str
    variables: dict[str, Any] = field(default_factory=dict)
    name: str | None = None


async def received(pieces: AsyncIterable[bytes], said: str | None, most: int) -> bytes:
    """The whole body. `said` is the Content-Length, if the client told one.

    Raises:
        Refusal: TOO_LARGE, over `most` bytes; the rest is left unread.
    """
    body = bytearray()
    if said is not None and said.isdecimal() and int(said[:_LONGEST_NUMBER]) > most:
        raise Refusal(Code.TOO_LARGE, most=most)
    async for piece in pieces:
        body += piece
        if len(body) > most:
            raise Refusal(Code.TOO_LARGE, most=most)
    return bytes(body)


def object_in(body: bytes, limits: Limits) -> dict[str, Any]:
    """The JSON object that these bytes are: strict UTF-8, each name once, finite numbers within 64 bits.

    Raises:
        Refusal: BAD_REQUEST, TOO_LARGE; TOO_COMPLEX, nested too deep.
    """
    if len(body) > limits.bytes:
        raise Refusal(Code.TOO_LARGE, most=limits.bytes)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise Refusal(Code.BAD_REQUEST) from None
    # Nothing nests deeper than there are brackets, and to count them costs next to nothing.
    if text.count("{") + text.count("[") > limits.json_depth < _depth(text):
        raise Refusal(Code.TOO_COMPLEX, what=Said("嵌套层数", "depth"))
    if _NUL.search(body):
        raise Refusal(Code.BAD_REQUEST)
    try:
        found = _decoder.decode(text)
        text.encode() if "\\u" not in text else json.dumps(found, ensure_ascii=False).encode()  # no lone surrogates
    except (ValueError, RecursionError):
        raise Refusal(Code.BAD_REQUEST) from None
    if not isinstance(found, dict):
        raise Refusal(Code.BAD_REQUEST)
    return found


def asked_in(body: bytes, limits: Limits) -> Asked:
    """The request in a POST's body.

    Raises:
        Refusal: as `object_in`; BAD_REQUEST also when it is no GraphQL request; NEEDS_QUERY.
    """
    return asked_of(object_in(body, limits))


def asked_by(parameters: Iterable[tuple[str, str]], limits: Limits) -> Asked:
    """The request in a GET's query string; `variables` and `extensions` are JSON there.

    Raises:
        Refusal: as `asked_in`.
    """
    pairs = list(parameters)
    told: dict[str, Any] = dict(pairs)
    if len(told) != len(pairs) or any("\0" in value for value in told.values()):
        raise Refusal(Code.BAD_REQUEST)
    for name in ("variables", "extensions"):
        if told.get(name):
            told[name] = None if told[name] == "null" else object_in(told[name].encode("utf-8", "replace"), limits)
        else:
            told.pop(name, None)
    found = asked_of(told)
    if len(found.query.encode("utf-8", "replace")) > limits.bytes:
        raise Refusal(Code.TOO_LARGE, most=limits.bytes)
    return found


def asked_of(told: dict[str, Any]) -> Asked:
    """The request that a JSON object is. Raises: Refusal BAD_REQUEST, it is no GraphQL request; NEEDS_QUERY."""
    query, variables, name = told.get("query"), told.get("variables"), told.get("operationName")
    fits = (
        isinstance(query, str | None)
        and isinstance(variables, dict | None) and isinstance(name, str | None)
        and isinstance(told.get("extensions"), dict | None)
    )  # fmt: skip
    if not fits:
        raise Refusal(Code.BAD_REQUEST)
    if not query or not query.strip():
        raise Refusal(Code.NEEDS_QUERY)
    return Asked(query, variables or {}, name or None)


_STRING = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
"""Takes in a string that nobody closed as well: else every quote in it would be tried as another beginning."""


def _depth(text: str) -> int:
    """How deep brackets nest outside of strings; an end too many counts as nothing, the parser finds it."""
    deepest = depth = 0
    for each in re.findall(r"[\[\]{}]", _STRING.sub("", text)):
        depth += 1 if each in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _whole(text: str) -> int:
    number = int(text) if len(text) < _LONGEST_NUMBER else _INT64
    if not -_INT64 <= number < _INT64:
        raise ValueError("over 64 bits")
    return number


def _fraction(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("not finite")
    return number


def _no_constant(text: str) -> Any:
    raise ValueError(text)  # NaN, Infinity


_decoder = json.JSONDecoder(
    object_pairs_hook=_once, parse_int=_whole, parse_float=_fraction, parse_constant=_no_constant
)
