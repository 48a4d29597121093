"""What a transport needs to know of whoever stands behind it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

import orjson
from starlette.requests import HTTPConnection

from sync.contract.errors import Code, Refusal
from sync.edge.asking import Turned
from sync.edge.body import Asked
from sync.edge.documents import Unfit


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
            Turned, Unfit, Refusal: it cannot be begun. The iterator raises Refusal as well, where the viewer may not go
                on.
        """
        ...


def once(body: bytes, status: int, *, has_data: bool) -> AsyncIterator[Delivery]:
    """The delivery of a query or mutation that was answered so.

    Raises:
        Turned: 405, an act by GET. Unfit: it could not be begun.
    """
    if status == 405:  # noqa: PLR2004
        raise Turned(status, Refusal(Code.WRONG_METHOD, methods="POST"), Allow="POST")
    if not has_data:
        raise Unfit(orjson.loads(body)["errors"])
    return _only(Delivery(body))


async def _only(delivery: Delivery) -> AsyncIterator[Delivery]:
    yield delivery


Opening = Callable[[HTTPConnection, str | None], Awaitable[Viewer]]
"""Who stands behind a connection, by its headers or by a bearer token that was said in it. Raises: Refusal."""
