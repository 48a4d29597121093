"""Where each committee stands in one root field of an answer, and how complete that makes it."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from gateway.federation.answering.reply import FAILED, FRESH, OUTDATED, STALE, STATES, Fault, words_of
from sync.contract.errors import Code, Said
from sync.contract.shapes.committees import CommitteeRecord

NAMED = 5
"""Committees that a refusal names; the answer to the same question without `require` names all."""


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


def report_of(sources: list[Source]) -> dict[str, Any]:
    """How complete an answer is, for the reader of `Fanout`."""
    answered = [source for source in sources if source.counts]
    moments: list[dt.datetime] = [source.as_of for source in answered if source.as_of]

    def said(asked: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            {
                "committee": source.shown, "state": source.state, "rows": source.rows,
                "asOf": source.as_of, "error": _why_not(source),
                "latencyMs": None if source.seconds is None else int(source.seconds * 1000),
            }
            for source in sources if source.state not in asked["not"]
        ]  # fmt: skip

    return {
        "complete": all(source.is_whole for source in sources), "asked": len(sources), "answered": len(answered),
        "asOf": min(moments, default=None), "sources": said,
    }  # fmt: skip


def missing(sources: list[Source]) -> Said:
    """`余杭（应答超时）、嘉善（未共享）`: five of them, and how many there are."""
    away = [each for each in sources if not each.is_whole]
    zh = "、".join(f"{each.committee.short_name}（{STATES.get(each.state, each.state)}）" for each in away[:NAMED])
    en = ", ".join(f"{each.committee.id} ({each.state})" for each in away[:NAMED])
    if len(away) > NAMED:
        zh, en = f"{zh}等{len(away)}家", f"{en} and {len(away) - NAMED} more"
    return Said(zh, en)


def _why_not(source: Source) -> dict[str, str] | None:
    """Why a committee has no part in an answer, as `SourceError`. That it shows nothing of this to whoever asks is said
    as that: its own words would speak of a role.
    """
    if source.fault is None or source.counts:
        return None
    told = words_of(source.fault)
    if told["code"] != Code.FORBIDDEN:
        return told
    return {"code": Code.NOT_SHARED, "message": Code.NOT_SHARED.en, "zh": Code.NOT_SHARED.zh}
