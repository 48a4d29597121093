"""What came of a question: a committee's part in an answer, or why it has none."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from gateway.federation.older import filled
from gateway.federation.plan import Copy, Extensions, Fault, Question
from gateway.federation.words import steps
from gateway.federation.words import words as passed_on
from sync.bus.rpc import Outcome, Reply
from sync.contract.committees import CommitteeRecord
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

_STATE = {
    Family.UNKNOWN_SELF: FORBIDDEN, Family.FORBIDDEN: FORBIDDEN, Family.TOO_MUCH: REFUSED, Family.AWAY: REFUSED,
}  # fmt: skip


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


@dataclass(slots=True)
class Source:
    """One committee's part in one root field; `seconds` is None if it was not asked itself."""

    committee: CommitteeRecord
    shown: dict[str, Any]
    """The committee as clients see it."""
    state: str
    seconds: float | None = None
    fault: Fault | None = None
    as_of: dt.datetime | None = None
    reported: list[str] | None = None
    """Of copies: see `Copy`."""
    rows: int = 0
    lacks_fields: bool = False
    """Of copies: home runs an older release and has no value for what that does not know."""

    def fail(self) -> None:
        """What it said cannot be used."""
        self.state, self.as_of, self.rows = FAILED, None, 0

    @property
    def counts(self) -> bool:
        """Whether it has a part in the answer."""
        return self.state in (FRESH, STALE) or (self.state == OUTDATED and self.as_of is not None)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing from its part. An older release's has no value for what it does not know."""
        return self.state in (FRESH, STALE) and not self.lacks_fields


@dataclass(slots=True)
class Part:
    """One body of rows, and the committees that may have rows in it: one, or all that a home had copies of."""

    sources: dict[str, Source]
    data: Any
    faults: list[Fault]
    asked: Collection[str] = ()
    """Those whose rows were asked for, whether or not they may have any."""

    def fail(self) -> None:
        self.data = None
        for source in self.sources.values():
            source.fail()


def heard(reply: Reply, question: Question) -> Heard:
    """The reply, judged: what is not JSON or not of the shape asked for is a failure of that committee alone."""
    if reply.outcome is not Outcome.ANSWERED:
        return Heard(FAILED if reply.outcome is Outcome.UNREADABLE else str(reply.outcome), reply.seconds)
    try:
        answer = question.read(filled(reply.body, question.mark) if question.mark else reply.body)
    except ValueError:
        return Heard(FAILED, reply.seconds)
    extensions: Extensions = answer.extensions
    state = _state(answer.errors) if answer.data is None else OUTDATED if question.mark else FRESH
    return Heard(state, reply.seconds, answer.data, _once(answer.errors), extensions.replica, extensions.api)


def _once(faults: list[Fault]) -> list[Fault]:
    """One at each place: whoever repeats itself fills the answer of others."""
    return list({tuple(each.path): each for each in reversed(faults)}.values())[::-1] if len(faults) > 1 else faults


def _state(faults: list[Fault]) -> str:
    told = faults[0].extensions.get("code") if faults else None
    if told == Code.INVALID:
        return OUTDATED
    known = Code.known(told)
    return _STATE.get(known.family, FAILED) if known else FAILED


def error(fault: Fault, path: list[Any] | None = None) -> dict[str, Any]:
    """A committee's error as clients see it: a refusal with its code, anything else in our words, which say nothing."""
    told = words(fault)
    shown = {"message": told["message"], "extensions": {"code": told["code"], "zh": told["zh"]}}
    return shown if path is None else shown | {"path": steps(path)}


def said_of(source: Source) -> dict[str, str] | None:
    """Why a committee has no part in an answer, as `SourceError`. That it shows nothing of this to whoever asks is said
    as that: its own words would speak of a role.
    """
    if source.fault is None or source.counts:
        return None
    told = words(source.fault)
    if told["code"] != Code.FORBIDDEN:
        return told
    return {"code": Code.NOT_SHARED, "message": Code.NOT_SHARED.en, "zh": Code.NOT_SHARED.zh}


def words(fault: Fault) -> dict[str, str]:
    """Code, and the words in both languages; see `gateway.federation.words`."""
    return passed_on(fault.message, fault.extensions)
