"""The total order of a list, and a place in it.

A list is ordered by (order value, committee, id). The direction turns the *whole* key round, and "no value" counts as
the smallest value; so descending is exactly ascending read backwards, for SQL, for an index and for a merge alike.
A cursor is that key and nothing else: any committee can continue after any other committee's row. Instants are in it
as whole microseconds since 1970, so that no two spellings of one moment exist.
An order's code names the field and the direction: `STARTS_AT_DESC`.
"""

import datetime as dt
from binascii import a2b_base64, b2a_base64
from typing import Annotated, Any, NewType

import msgspec

from sync.contract.errors import Code, Refusal

Cursor = NewType("Cursor", str)
Key = tuple[Any, str, str]

MAX_PAGE = 200
"""Rows of one page."""

_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_encode = msgspec.json.Encoder().encode
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_Int64 = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
_DECODERS: dict[type, msgspec.json.Decoder[Key]] = {
    str: msgspec.json.Decoder(tuple[str | None, str, str]),
    int: msgspec.json.Decoder(tuple[_Int64 | None, str, str]),
}


def order_of(code: str) -> tuple[str, bool]:
    """The attribute an order goes by, and whether it descends."""
    attribute, _, direction = code.lower().rpartition("_")
    return attribute, {"asc": False, "desc": True}[direction]


def order_value(value: Any) -> str | int | None:
    """The value as it is compared and written into a cursor."""
    return (value - _EPOCH) // _MICROSECOND if isinstance(value, dt.datetime) else value


def instant_of(value: int) -> dt.datetime:
    """The moment that `order_value` wrote.

    Raises:
        Refusal: BAD_CURSOR, no calendar has it.
    """
    try:
        return _EPOCH + value * _MICROSECOND
    except OverflowError:
        raise _not_a_place() from None


def day_of_text(value: str) -> dt.date:
    """The day as a cursor has it, as text.

    Raises:
        Refusal: BAD_CURSOR, no calendar has it.
    """
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise _not_a_place() from None


def cursor(key: Key) -> Cursor:
    return Cursor(b2a_base64(_encode(key), newline=False).translate(_URL_SAFE).decode())


def key_of(cursor: str, kind: type = str) -> Key:
    """The key that `cursor` was made from; `kind` is int for an order by number or time, else str.

    Raises:
        Refusal: BAD_CURSOR, nobody made it, or for a list in another order.
    """
    try:
        return _DECODERS[kind].decode(a2b_base64(cursor.replace("-", "+").replace("_", "/")))
    except ValueError:
        raise _not_a_place() from None


def page_size(first: int) -> int:
    """Raises: Refusal BAD_PAGE."""
    if not 0 <= first <= MAX_PAGE:
        raise Refusal(Code.BAD_PAGE, most=MAX_PAGE)
    return first


def _not_a_place() -> Refusal:
    return Refusal(Code.BAD_CURSOR)
