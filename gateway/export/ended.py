"""How a file came to its end, noted once, whoever ends it."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing


async def counted(
    pieces: AsyncGenerator[bytes, None], note: Callable[[str], None], ending: Callable[[], str]
) -> AsyncGenerator[bytes, None]:
    """The same pieces. `note` is told `ending()` behind the last of them, LEFT where nobody took that, INTERNAL where
    it broke.
    """
    told = "LEFT"
    try:
        async with aclosing(pieces):
            async for piece in pieces:
                yield piece
        told = ending()
    except Exception:
        told = "INTERNAL"
        raise
    finally:
        note(told)
