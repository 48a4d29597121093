"""How a room hangs in the service: what it gives to whoever looks into all rooms at once.

Each room says it once, in its `room.py`; `rooms.py` lists them. A kind of record is told in full or the program does
not start: what it does without is written down with the reason.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from sync.contract.instants import day_of
from sync.contract.records import LABELS
from sync.contract.shapes.values import IndicatorCode
from sync.contract.trust.directory import Directory
from tenant_service.counting.figures import Flow, Stock
from tenant_service.exchange.answering import Handlers
from tenant_service.exchange.copies import Seen
from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring.recovering import Recovered
from tenant_service.graph.lists import Find
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.importing import Sheet
from tenant_service.services import Opens
from tenant_service.storage.personal import Holder
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
class Masked:
    """遮蔽: what is masked of a kind of record, and shown one by one for a reason.

    Attributes:
        fields: Columns of it.
        use: Who may have them shown.
        row: Our row of such a record. Raises: Refusal NOT_FOUND.
        has_contact: Whom it is about is no person of ours but the contact that stands on it.
    """

    fields: tuple[str, ...]
    use: UseCase
    row: Callable[[Session, str], Any]
    has_contact: bool = False


@dataclass(frozen=True)
class RoomKind:
    """One kind of record, told in full.

    Attributes:
        name: As ids and the contract's RECORDS name it.
        project: What the room does with records of other committees.
        recover: How it takes back its own that came back after a restore.
        find: How `node` finds one for whoever asks.
        reaching: The table of its list and which rows of it reach an actor; with owners, the table of copies. Whatever
            has one is found by its words.
        after: Kinds whose own records come back before these, because rows of these refer to them.
        opens: Who may open what is attached to such a record; None: nothing is.
        is_open: Everybody of this committee may hear that one is gone; others are about persons.
        masked: What of it is masked, where something is.
    """

    name: str
    project: Project | ByDirectory | Without
    recover: Recover | Without
    find: Find | Without
    reaching: Reaching | Without
    after: tuple[str, ...] = ()
    is_open: bool = False
    masked: Masked | None = None
    opens: Opens | None = None

    @property
    def label(self) -> str:
        """What people call it."""
        return LABELS[self.name]


@dataclass(frozen=True)
class Retention:
    """留存: one thing that is kept for a while, as long as a setting says.

    Attributes:
        code: By which it is remembered when it was gone through last.
        setting: Its name; 0 there: for good.
        what, kept: In words for a terminal; `{}` stands for the setting's number.
        said: The same for people, with `%(n)s`.
        due: How many rows are over at a moment, where the setting has this number.
        drop: Drops some of them; how many, 0 when none is left.
    """

    code: str
    setting: str
    what: str
    kept: str
    said: str
    due: Callable[[Session, dt.datetime, int], int]
    drop: Callable[[Unit, int], int]


def days_before(now: dt.datetime, days: int) -> dt.date:
    """The day, in Asia/Shanghai, that was so many days ago."""
    return day_of(now) - dt.timedelta(days=days)


@dataclass(frozen=True)
class Room:
    """One room.

    Attributes:
        query, mutation: GraphQL types whose fields become those of the roots.
        of_committee: GraphQL type whose fields a committee has.
        personal: What it holds of a person.
        keeps: What of it is kept as long as a setting says.
        forgets: What it keeps for a while only; each drops a slice of what is over, and says of how many rows.
        credits: Writes lines of the ledger (履职台账) for a slice of rows that were there before it was kept, or of
            which it no longer says the same; how many lines, 0 when nothing is left.
        in_use: Whether it has something about one of these people, so that their entering cannot be undone.
        in_hands: Titles of what it has in the hands of a body, which so long stays on the list.
        handlers: How it answers requests of other committees about its records.
        follows: Another room's kind → what this room does with it, after that room.
        acts: What its acts in the audit log begin with → what people call that, where it is no kind of record.
        does: What its acts in the audit log begin with → step of its histories → what people call that.
        flows, stocks: Indicator → how its rows are counted for it.
        sheets: Lists of it that come in from a spreadsheet.
        newest_change: The newest change of whatever its figures are counted from; None: there is nothing.
    """

    name: str
    kinds: tuple[RoomKind, ...] = ()
    pages: RoomPages | None = None
    query: type | None = None
    mutation: type | None = None
    of_committee: type | None = None
    personal: Holder | None = None
    keeps: tuple[Retention, ...] = ()
    forgets: tuple[Callable[[Unit], int], ...] = ()
    credits: Callable[[Unit], int] | None = None
    in_use: Callable[[Session, Sequence[str]], bool] | None = None
    in_hands: Callable[[Session, str], Sequence[str]] | None = None
    handlers: Handlers = field(default_factory=dict)
    follows: Mapping[str, Project] = field(default_factory=dict)
    acts: Mapping[str, str] = field(default_factory=dict)
    does: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    flows: Mapping[IndicatorCode, Flow] = field(default_factory=dict)
    stocks: Mapping[IndicatorCode, Stock] = field(default_factory=dict)
    sheets: tuple[Sheet, ...] = ()
    newest_change: Callable[[Session], dt.datetime | None] | None = None
