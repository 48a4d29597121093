"""Pieces of a client's answer, as they are put together."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from sync.contract.errors import Code


@dataclass(slots=True)
class StandIn:
    """A record in the answer that is a copy at the caller's home: its owner is silent, and told it by `as_of`."""

    path: list[Any]
    committee: str
    as_of: dt.datetime | None

    def shown(self) -> dict[str, Any]:
        return {"path": self.path, "committee": self.committee, "state": "STALE", "asOf": self.as_of}


@dataclass(slots=True)
class Piece:
    """One root field of the client's answer."""

    json: bytes
    errors: list[dict[str, Any]] = field(default_factory=list)
    complete: bool = True
    stand_ins: list[StandIn] = field(default_factory=list)


def away(path: list[Any], committee: str, state: str) -> dict[str, Any]:
    """The error of a place that is null because the one committee that could fill it is away."""
    shown = {"code": Code.AWAY, "zh": Code.AWAY.zh, "committee": committee, "state": state}
    return {"message": Code.AWAY.en, "path": path, "extensions": shown}
