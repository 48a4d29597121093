"""Places in a committee's work at which it can be killed: `page-stored:3` dies when that is reached for the third time.

The process kills itself with SIGKILL there: nothing is flushed, nothing is said, as when the power of that one machine
fails between two lines of our code.
"""

import functools
import inspect
import os
import signal
from collections.abc import Callable
from itertools import count
from typing import Any

from sync.bus.line import Line
from sync.bus.source import PullSource, Receipt
from tenant_service.exchange.inbox import Inbox
from tenant_service.exchange.own_logs import OwnLogs
from tenant_service.storage.unit_of_work import Unit

Reached = Callable[..., bool]
"""(arguments) → whether this call counts."""


def _always(*_args: Any) -> bool:
    return True


POINTS: dict[str, tuple[type, str, str, Reached]] = {
    "written": (Unit, "settle", "after", _always),  # the act and its events stand, and are not committed
    "page-sent": (Line, "publish", "after", _always),  # the hub has acknowledged a page, and we have not noted it
    "applied": (Inbox, "_moved", "after", _always),  # an event's effects stand, and are not committed
    "page-stored": (PullSource, "done", "before", lambda _self, receipt: isinstance(receipt, Receipt)),
    "epoch-begun": (OwnLogs, "begin_epoch", "after", _always),
}
"""Name → class, method, before or after it, which calls count."""


def plant(told: str) -> None:
    """This process dies at the place that `told` names."""
    name, _, number = told.partition(":")
    owner, method, when, counts = POINTS[name]
    plain, passes = getattr(owner, method), count(1)

    def pass_by(*args: Any) -> None:
        if counts(*args) and next(passes) >= int(number or 1):
            os.kill(os.getpid(), signal.SIGKILL)

    @functools.wraps(plain)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            pass_by(*args)
        came = plain(*args, **kwargs)
        if when == "after":
            pass_by(*args)
        return came

    @functools.wraps(plain)
    async def awaited(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            pass_by(*args)
        came = await plain(*args, **kwargs)
        if when == "after":
            pass_by(*args)
        return came

    setattr(owner, method, awaited if inspect.iscoroutinefunction(plain) else wrapped)
