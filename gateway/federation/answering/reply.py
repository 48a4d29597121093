"""One committee's reply, read and judged."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

import msgspec

from gateway.federation.answering.words import steps, words
from sync.bus.asker import Outcome, Reply
from sync.contract.errors import Code, Family
from sync.edge.shell.words import say

FRESH, STALE, FAILED, OUTDATED = "FRESH", "STALE", "FAILED", "OUTDATED"
FORBIDDEN, REFUSED, UNREACHABLE = "FORBIDDEN", "REFUSED", "UNREACHABLE"
STATES = {
    "FORBIDDEN": say("未共享"), "OUTDATED": say("版本较旧"), "FAILED": say("应答有误"), "TIMEOUT": say("应答超时"),
    "UNREACHABLE": say("未连接"), "REFUSED": say("暂不应答"),
}  # fmt: skip
"""Why a committee has no part in an answer, or not all of it."""
SILENT = {"TIMEOUT", "UNREACHABLE", "REFUSED"}
"""States in which what a committee has shared may stand in for it."""
MOST_FAULTS = 1_000
"""Errors in what one committee answers: more is none of a page's."""
_STATE = {
    Family.UNKNOWN_SELF: FORBIDDEN, Family.FORBIDDEN: FORBIDDEN, Family.TOO_MUCH: REFUSED, Family.AWAY: REFUSED,
}  # fmt: skip


class Fault(msgspec.Struct):
    """One GraphQL error of a committee."""

    message: Annotated[str, msgspec.Meta(max_length=10_000)]
    path: Annotated[list[str | int], msgspec.Meta(max_length=100)] = []
    extensions: dict[str, Any] = {}


Faults = Annotated[list[Fault], msgspec.Meta(max_length=MOST_FAULTS)]


class Copy(msgspec.Struct, rename="camel"):
    """What the caller's home holds of one committee: since when, or that it has nothing to show.

    `reported`: indicators of which it was ever told a value; None: home does not say.
    """

    state: str = "STALE"
    as_of: dt.datetime | None = None
    reported: list[str] | None = None


class Extensions(msgspec.Struct, frozen=True):
    """`api`: number of the release that refused the document; see `sync.contract.versions`."""

    replica: dict[str, Copy] = {}
    api: int = 0


@dataclass(slots=True)
class Heard:
    """One reply, judged: `data` is there exactly when it counts."""

    state: str
    seconds: float
    data: Any = None
    faults: list[Fault] = field(default_factory=list)
    copies: dict[str, Copy] = field(default_factory=dict)
    api: int = 0
    """Of an older release that refused the document: its number."""

    @property
    def fault(self) -> Fault | None:
        return self.faults[0] if self.data is None and self.faults else None


def heard(reply: Reply, read: Callable[[bytes], Any], *, is_reduced: bool) -> Heard:
    """The reply, judged: what is not JSON or not of the shape asked for is a failure of that committee alone.

    Args:
        read: Reads an answer of that shape. Raises: ValueError.
        is_reduced: It was asked for less, because its release does not know all of it.
    """
    if reply.outcome is not Outcome.ANSWERED:
        return Heard(FAILED if reply.outcome is Outcome.UNREADABLE else str(reply.outcome), reply.seconds)
    try:
        answer = read(reply.body)
    except ValueError:
        return Heard(FAILED, reply.seconds)
    extensions: Extensions = answer.extensions
    state = _state(answer.errors) if answer.data is None else OUTDATED if is_reduced else FRESH
    return Heard(state, reply.seconds, answer.data, _once(answer.errors), extensions.replica, extensions.api)


def is_stale(said: Heard, owner: str) -> bool:
    """Whether home's answer holds what this committee shared."""
    return owner in said.copies and said.copies[owner].state == STALE


def error(fault: Fault, path: list[Any] | None = None) -> dict[str, Any]:
    """A committee's error as clients see it: a refusal with its code, anything else in our words, which say nothing."""
    told = words_of(fault)
    shown = {"message": told["message"], "extensions": {"code": told["code"], "zh": told["zh"]}}
    return shown if path is None else shown | {"path": steps(path)}


def words_of(fault: Fault) -> dict[str, str]:
    """Code, and the words in both languages, as far as they are passed on."""
    return words(fault.message, fault.extensions)


def _once(faults: list[Fault]) -> list[Fault]:
    """One at each place: whoever repeats itself fills the answer of others."""
    return list({tuple(each.path): each for each in reversed(faults)}.values())[::-1] if len(faults) > 1 else faults


def _state(faults: list[Fault]) -> str:
    told = faults[0].extensions.get("code") if faults else None
    if told == Code.INVALID:
        return OUTDATED
    known = Code.known(told)
    return _STATE.get(known.family, FAILED) if known else FAILED
