"""What the server in front of a WebSocket must hold to: it reads and keeps messages before anybody can count them."""

from typing import Any

_MARGIN = 1_024
_MOST_WAITING = 4


def bounded(most_bytes: int) -> dict[str, Any]:
    """Options of uvicorn: messages of at most about so many bytes, a few of them waiting, and none that is unpacked to
    many times its size.
    """
    return {
        "ws_max_size": most_bytes + _MARGIN, "ws_max_queue": _MOST_WAITING, "ws_per_message_deflate": False,
    }  # fmt: skip
