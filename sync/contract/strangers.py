"""Reading what strangers sent: whatever they do to the bytes, it is one kind of fault."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

T = TypeVar("T")


def reading(decode: Callable[[bytes], T]) -> Callable[[bytes], T]:
    """`decode`, which raises msgspec.DecodeError for bytes that are nested without end as well.

    msgspec's own word for those is RecursionError, which is no DecodeError: whoever reads a page
    of several owners would lose all of it to one of them.
    """

    def read(data: bytes) -> T:
        try:
            return decode(data)
        except RecursionError:
            raise msgspec.DecodeError("nested too deeply") from None

    return read
