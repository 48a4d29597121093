"""How a file came to its end, noted once, whoever ends it; one that nobody takes comes to it soon."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing

from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

LEFT, INTERNAL = "LEFT", "INTERNAL"
SLOWEST = 20.0
"""Seconds that a client may take to receive one piece; who is slower is cut off, as listeners are."""


class _TooSlow(Exception):
    """The client does not take it."""


class File(StreamingResponse):
    """Pieces of a file as they are made. `note` is told `ending()` behind the last of them; LEFT where nobody took
    that, or not even the first; INTERNAL where it broke.
    """

    def __init__(
        self, pieces: AsyncGenerator[bytes, None], note: Callable[[str], None], ending: Callable[[], str],
        headers: Mapping[str, str], media_type: str,
    ) -> None:  # fmt: skip
        self._made = self._whole(pieces, ending)
        super().__init__(self._made, headers=headers, media_type=media_type)
        self._note, self._how = note, LEFT

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            try:
                async with asyncio.timeout(SLOWEST):
                    await send(message)
            except TimeoutError:
                raise _TooSlow from None

        try:
            await super().__call__(scope, receive, sent)
        except _TooSlow:
            return  # the server closes what was not told to its end
        finally:
            self._note(self._how)
            await self._made.aclose()

    async def _whole(self, pieces: AsyncGenerator[bytes, None], ending: Callable[[], str]) -> AsyncGenerator[bytes]:
        try:
            async with aclosing(pieces):
                async for piece in pieces:
                    yield piece
            self._how = ending()
        except Exception:
            self._how = INTERNAL
            raise
