"""Rows of the gateway's answers as the templates take them: codes as kinds, moments as moments. Pure."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sync.contract.instants import SHANGHAI, day, instant
from sync.contract.kinds import Kind
from sync.contract.shapes.activities import ActivityFormat, ActivityKind, ActivityState
from sync.contract.shapes.venues import VenueKind, VenueState, VenueType
from sync.contract.trust.directory import Listed
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say

_MOMENTS, _DAYS = ("startsAt", "endsAt", "changedAt"), ("openedOn", "closedOn")


def activity(told: Mapping[str, Any]) -> dict[str, Any]:
    return _read(told, kind=ActivityKind, format=ActivityFormat, state=ActivityState)


def venue(told: Mapping[str, Any]) -> dict[str, Any]:
    return _read(told, kind=VenueKind, type=VenueType, state=VenueState)


def _read(told: Mapping[str, Any], **kinds: type[Kind]) -> dict[str, Any]:
    """A code that this release does not know is told as it is, and so is what is no moment or no day."""
    read = dict(told)
    for name, kind in kinds.items():
        known = kind.known(told[name] or "")
        read[name] = known.label if known else told[name]
    read |= {name: _shown(_in_shanghai, told[name]) for name in _MOMENTS if told.get(name)}
    read |= {name: _shown(day, told[name]) for name in _DAYS if told.get(name)}
    return read


def _in_shanghai(said: Any) -> dt.datetime:
    return instant(said).astimezone(SHANGHAI)


def _shown(reading: Callable[[Any], dt.date], said: Any) -> dt.date | str:
    try:
        return reading(said)
    except (ValueError, OverflowError):
        return str(said)


def names(entries: Mapping[str, Listed], ids: Iterable[str]) -> list[str]:
    """The committees' short names; one that the directory does not know is told by its id."""
    return [entries[id].short_name or entries[id].name if id in entries else id for id in ids]


def state_tag(state: str) -> str:
    """A class of the style sheet for the state of an activity or a venue."""
    return {
        ActivityState.CANCELLED.label: "bad", VenueState.CLOSED.label: "bad", ActivityState.PUBLISHED.label: "good",
        VenueState.OPEN.label: "good", VenueState.PAUSED.label: "warn",
    }.get(state, "")  # fmt: skip


VENUE_COLUMNS = (
    Column(say("名称")), Column(say("类别")), Column(say("镇街")), Column(say("状态")),
    Column(say("座位"), is_figure=True),
)  # fmt: skip


def venue_table(told: Iterable[Mapping[str, Any]], caption: str, translated: Any) -> Table:
    rows = tuple(
        Row((each["name"], translated(each["kind"]), each["area"], translated(each["state"]), each["seats"]),
            f"/r/{each['id']}")
        for each in map(venue, told)
    )  # fmt: skip
    columns = tuple(Column(translated(each.label), each.is_figure) for each in VENUE_COLUMNS)
    return Table(caption, columns, rows, say("没有向您共享的阵地"))
