"""How a file came to its end, noted once, whoever ends it."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

LEFT, INTERNAL = "LEFT", "INTERNAL"


class File(StreamingResponse):
    """Pieces of a file as they are made. `note` is told `ending()` behind the last of them; LEFT where nobody took
    that, or not even the first; INTERNAL where it broke.
    """

    def __init__(
        self, pieces: AsyncGenerator[bytes, None], note: Callable[[str], None], ending: Callable[[], str],
        headers: Mapping[str, str], media_type: str,
    ) -> None:  # fmt: skip
        super().__init__(self._whole(pieces, ending), headers=headers, media_type=media_type)
        self._note, self._how = note, LEFT

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._note(self._how)

    async def _whole(self, pieces: AsyncGenerator[bytes, None], ending: Callable[[], str]) -> AsyncGenerator[bytes]:
        try:
            async with aclosing(pieces):
                async for piece in pieces:
                    yield piece
            self._how = ending()
        except Exception:
            self._how = INTERNAL
            raise
