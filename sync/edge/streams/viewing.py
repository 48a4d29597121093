"""What a transport needs to know of whoever stands behind it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from starlette.requests import HTTPConnection

from sync.edge.body import Asked


@dataclass(frozen=True)
class Delivery:
    """One GraphQL response; `cursor`: give it as `after` to go on behind it. Without a body it is only a place."""

    body: bytes = b""
    cursor: str = ""


class Viewer(Protocol):
    """Somebody who asks and listens over one connection."""

    name: tuple[str, str]
    """Home and account; empty: nobody."""

    async def begin(
        self, asked: Asked, *, after: str | None = None, only_reads: bool = False
    ) -> AsyncIterator[Delivery]:
        """What is delivered: of a query or mutation one response, of a subscription one for each change.

        Args:
            after: Overrules the `after` of a subscription.
            only_reads: A mutation is refused.

        Raises:
            Unfit, Refusal: it cannot be begun. The iterator raises them as well: Unfit where the variables do not fit,
                Refusal where the viewer may not go on.
        """
        ...


Opening = Callable[[HTTPConnection, str | None], Awaitable[Viewer]]
"""Who stands behind a connection, by its headers or by a bearer token that was said in it. Raises: Refusal."""
