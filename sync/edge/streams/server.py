"""What the server in front must hold to: it keeps connections and messages before anybody can count them."""

from typing import Any

from sync.edge.connections import patient

_MARGIN = 1_024
_MOST_WAITING = 4
_BACKLOG = 256
"""Connections that are taken at once, before any is looked at."""


def bounded(most_bytes: int) -> dict[str, Any]:
    """Options of uvicorn: connections that wait for a request no longer and no more than `sync.edge.connections` says;
    messages of at most about so many bytes, a few of them waiting, and none that is unpacked to many times its size.
    """
    return {
        "http": patient(), "backlog": _BACKLOG,
        "ws_max_size": most_bytes + _MARGIN, "ws_max_queue": _MOST_WAITING, "ws_per_message_deflate": False,
    }  # fmt: skip
