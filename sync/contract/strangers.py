"""Reading what strangers sent: whatever they do to the bytes, it is one kind of fault."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

T = TypeVar("T")


def reading(decode: Callable[[bytes], T]) -> Callable[[bytes], T]:
    """`decode`, which raises msgspec.DecodeError for bytes that are nested without end, and for text that is none, too.

    msgspec's own words for those are RecursionError and UnicodeDecodeError, which are no DecodeError: whoever reads a
    page of several owners would lose all of it to one of them.
    """

    def read(data: bytes) -> T:
        try:
            return decode(data)
        except RecursionError:
            raise msgspec.DecodeError("nested too deeply") from None
        except UnicodeDecodeError:
            raise msgspec.DecodeError("no UTF-8") from None

    return read
