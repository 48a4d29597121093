"""One connection to the hub, outward only, that comes back by itself."""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from nats.aio.client import Client, RawCredentials
from nats.errors import Error as NatsError

from sync.bus.ending import ended, finished
from sync.bus.headers import header_lines

log = logging.getLogger(__name__)

CLOSE_SECONDS = 3.0

Hook = Callable[[], Awaitable[None]]


class _Connection(Client):
    """A line that is given up is left at once. On one that fell silent, what it still holds would never go out, and
    nats-py waits for it: until the system gives up, a quarter of an hour, nobody would look for another line.
    """

    _parse_header_lines = staticmethod(header_lines)  # should nats-py call it otherwise one day, its own is used again

    def __init__(self) -> None:
        super().__init__()
        self._attempts = set[asyncio.Task[None]]()

    async def _attempt_reconnect(self) -> None:
        task = asyncio.current_task()
        assert task is not None, "nats-py makes it a task"
        self._attempts.add(task)
        task.add_done_callback(self._attempts.discard)
        await super()._attempt_reconnect()

    def working(self) -> list[asyncio.Task[None]]:
        """What nats-py has running for this connection. It cancels each once when it closes, and Python 3.11 may
        swallow that: then it would look for the hub for ever, and be connected again although it was closed.
        """
        named = (self._reading_task, self._ping_interval_task, self._flusher_task)
        reading = (each._wait_for_msgs_task for each in self._subs.values())  # noqa: SLF001 — nats-py shows it nowhere else
        return [each for each in (*named, *reading, *self._attempts) if each is not None and not each.done()]

    async def _process_op_err(self, e: Exception) -> None:
        if not (self.is_closed or self.is_reconnecting):
            self.drop()
        await super()._process_op_err(e)

    def drop(self) -> None:
        """The socket is closed, whatever it still holds."""
        writer = getattr(self._transport, "_io_writer", None)
        if writer is not None:
            writer.transport.abort()


async def connect(
    url: str,
    creds: Path | RawCredentials,
    name: str,
    *,
    disconnected: Hook | None = None,
    reconnected: Hook | None = None,
    closed: Hook | None = None,
    wait: float = 2.0,
    tls: ssl.SSLContext | None = None,
) -> Client:
    """A connection to the hub at `url`; tries until there is one, for ever. Any one of several servers will do, whose
    addresses stand there between commas.

    Nothing is buffered while it is cut: whatever is published then raises at once, so nothing goes out after its sender
    has given up. A file of `creds` is read again at every attempt, so one that was replaced counts.

    Args:
        name: Shown by the hub's monitoring.
        disconnected: Called when the line is cut.
        reconnected: Called after each reconnect; subscriptions are back by then, pull requests are not.
        closed: Called when the hub has ended it for good (a revoked account, a violated protocol).
        wait: Seconds between attempts; callers draw it, so that not all come back at one moment.
        tls: Whom to believe that it is the hub, where its address begins with `tls:`; None: the machine's authorities.
    """
    client = _Connection()
    await client.connect(
        [each.strip() for each in url.split(",")],
        user_credentials=str(creds) if isinstance(creds, Path) else creds,
        name=name,
        error_cb=_note,
        disconnected_cb=_coroutine(disconnected),
        reconnected_cb=_coroutine(reconnected),
        closed_cb=_coroutine(closed),
        max_reconnect_attempts=-1,
        reconnect_time_wait=wait,  # type: ignore[arg-type]
        connect_timeout=5,
        ping_interval=20,  # a line that is only half open is found within a minute
        max_outstanding_pings=2,
        pending_size=0,
        tls=tls,
    )
    return client


async def while_connected(
    url: str,
    creds: Path,
    name: str,
    work: Callable[[Client], Awaitable[None]],
    *,
    disconnected: Hook | None = None,
    reconnected: Hook | None = None,
    wait: float = 2.0,
) -> None:
    """Runs `work` on a connection, and anew on another whenever the hub has ended the first for good. Never returns.

    `work` is cancelled when its connection has ended; a committee that is suspended and admitted again so comes back
    without anybody's hand. What `work` raises is raised here, after the connection is closed.
    """
    while True:
        closed = asyncio.Event()

        async def end(closed: asyncio.Event = closed) -> None:
            closed.set()

        client = await connect(
            url, creds, name, disconnected=disconnected, reconnected=reconnected, closed=end, wait=wait
        )
        working = asyncio.ensure_future(work(client))
        watching = asyncio.ensure_future(closed.wait())
        try:
            await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                working.result()
                await watching
            log.warning("the hub has ended the connection of %s", name)
        finally:
            await ended([working, watching])
            await finished(close(client))
        await asyncio.sleep(wait)


async def close(client: Client) -> None:
    """The connection is closed, whatever state it was in; what does not go out within CLOSE_SECONDS never does."""
    working = client.working() if isinstance(client, _Connection) else []
    with suppress(NatsError, OSError, asyncio.TimeoutError):
        closing = asyncio.ensure_future(client.close())
        await asyncio.wait({closing}, timeout=CLOSE_SECONDS)
        if not closing.done() and isinstance(client, _Connection):
            client.drop()
        await closing
    await ended(each for each in working if each is not asyncio.current_task())


async def _note(error: Exception) -> None:
    log.debug("on the line to the hub: %r", error)


def _coroutine(hook: Hook | None) -> Hook | None:
    """nats-py takes only functions declared with `async def`."""
    if hook is None:
        return None

    async def call(hook: Hook = hook) -> None:
        await hook()

    return call
