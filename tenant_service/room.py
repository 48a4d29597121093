"""How a room hangs in the service: what it gives to whoever looks into all rooms at once.

Each room says it once, in its `room.py`; `rooms.py` lists them. A kind of record is told in full or the program does
not start: what it does without is written down with the reason.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from sync.contract.trust.directory import Directory
from tenant_service.exchange.answering import Handlers
from tenant_service.exchange.copies import Seen
from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring.recovering import Recovered
from tenant_service.graph.lists import Find
from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Unit
from tenant_service.web.site import RoomPages

Project = Callable[[Session, Seen], None]
Recover = Callable[[Unit, Recovered], Outcome]
Reaching = Callable[[Actor, Sequence[str] | None], tuple[Any, list[ColumnElement[bool]]]]


@dataclass(frozen=True)
class Without:
    """A part that a kind of record does without."""

    because: str


@dataclass(frozen=True)
class ByDirectory:
    """A projection that looks into the directory as it stands when a record comes in."""

    made: Callable[[Callable[[], Directory]], Project]


@dataclass(frozen=True)
class RoomKind:
    """One kind of record, told in full.

    Attributes:
        name: As ids and the contract's RECORDS name it.
        label: What people call it.
        project: What the room does with records of other committees.
        recover: How it takes back its own that came back after a restore.
        find: How `node` finds one for whoever asks.
        reaching: The table of its list and which rows of it reach an actor; with owners, the table of copies. Whatever
            has one is found by its words.
        after: Kinds whose own records come back before these, because rows of these refer to them.
        is_open: Everybody of this committee may hear that one is gone; others are about persons.
    """

    name: str
    label: str
    project: Project | ByDirectory | Without
    recover: Recover | Without
    find: Find | Without
    reaching: Reaching | Without
    after: tuple[str, ...] = ()
    is_open: bool = False


@dataclass(frozen=True)
class Room:
    """One room.

    Attributes:
        query, mutation: GraphQL types whose fields become those of the roots.
        of_committee: GraphQL type whose fields a committee has.
        forgets: What it keeps for a while only; each drops a slice of what is over, and says of how many rows.
        in_use: Whether it has something about one of these people, so that their entering cannot be undone.
        handlers: How it answers requests of other committees about its records.
        follows: Another room's kind → what this room does with it, after that room.
        acts: What its acts in the audit log begin with → what people call that, where it is no kind of record.
    """

    name: str
    kinds: tuple[RoomKind, ...] = ()
    pages: RoomPages | None = None
    query: type | None = None
    mutation: type | None = None
    of_committee: type | None = None
    forgets: tuple[Callable[[Unit], int], ...] = ()
    in_use: Callable[[Session, Sequence[str]], bool] | None = None
    handlers: Handlers = field(default_factory=dict)
    follows: Mapping[str, Project] = field(default_factory=dict)
    acts: Mapping[str, str] = field(default_factory=dict)
