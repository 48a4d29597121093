"""One act, one transaction: the rows it changes and what it tells other committees commit together, or not at all."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import uuid_utils
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id, record_id
from sync.contract.records import bounded
from sync.contract.trust.directory import Directory
from tenant_service.storage import changed
from tenant_service.storage.changed import Noted
from tenant_service.storage.engine import WRITES

Clock = Callable[[], dt.datetime]
"""The present moment, aware and in UTC; tests move it."""


_GAVE_WAY = ("40001", "40P01")  # serialization failure, deadlock


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class Publication:
    """The present state of a record, and all channels it is shared on from now."""

    record: Any
    version: int
    channels: AbstractSet[str]


class Outbox(Protocol):
    """Where a transaction leaves what it tells other committees."""

    @property
    def directory(self) -> Directory:
        """The federation as it stands now."""

    def put_all(self, unit: "Unit", publications: Sequence[Publication]) -> None: ...

    def delete(self, unit: "Unit", record: Any, version: int) -> None: ...


class Unit:
    """What a use case is given: a session, a clock, new ids, and ways to tell others and to note what was done.

    What is told and noted is kept until the act is over and written once, in this order: rows, outbox, notes, and the
    list of what changed. So every act takes its locks in one order, whatever it does first, and a record that changed
    thrice is told once. The directory is the one that stood when the act began: what an act checks and what it then
    tells go by the same.
    """

    def __init__(self, session: Session, committee: str, now: dt.datetime, outbox: Outbox) -> None:
        self.session, self.committee, self.now, self.outbox = session, committee, now, outbox
        self.directory = outbox.directory
        self._told: dict[str, Publication] = {}
        self._gone: dict[str, tuple[Any, int]] = {}
        self._notes: list[tuple[Writer, Any]] = []
        self._has_told = False

    def new_id(self, kind: str) -> Id:
        """A fresh id of this committee, e.g. `330110.activity.0192…`; ids of one process grow with time."""
        return record_id(self.committee, kind, uuid_utils.uuid7().hex)

    def publish(self, record: Any, version: int, channels: AbstractSet[str]) -> None:
        """Tell the readers of `channels` the present state of a record; on channels it was shared on before and is no
        longer, it is retracted. An empty set retracts it everywhere. `version` grows with every version.

        Raises:
            Refusal: BAD_VALUE, a field goes beyond what any committee takes.
        """
        bounded(record)
        self._told[record.id] = Publication(record, version, channels)
        self.changed(record.id, version)

    def erase(self, record: Any, version: int) -> None:
        """Tell everybody who was ever told of this record that it is gone."""
        self._told.pop(record.id, None)
        self._gone[record.id] = record, version
        self.changed(record.id, version, is_gone=True, was_open=True)

    def changed(self, id: str, version: int, *, is_gone: bool = False, was_open: bool = False) -> None:
        """Whoever listens here is told that this record changed, or is gone; nobody outside hears of it by this.

        `was_open`: not only the office saw it.
        """
        changed.note(self.session, Noted(id, version, is_gone, was_open))

    def moves_figures(self) -> None:
        """What we count is another now although no record is told: it is counted anew as soon as after one that is."""
        self._has_told = True

    def note(self, writer: "Writer", entry: Any) -> None:
        """`writer` is given all its entries, in order, when everything else is written."""
        self._notes.append((writer, entry))

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """What is done inside is done whole or not at all, and the act goes on either way."""
        kept = dict(self._told), dict(self._gone), list(self._notes)
        changes = dict(changed.noted(self.session))
        try:
            with self.session.begin_nested():
                yield
        except BaseException:
            self._told, self._gone, self._notes = kept
            changed.noted(self.session).clear()
            changed.noted(self.session).update(changes)
            raise

    def settle(self) -> bool:
        """Writes what was told and noted until now; whether anything was told in this act.

        Called before the commit; and before it where the rest of an act builds on what others are told.

        Raises:
            Refusal: what the outbox refuses to tell.
        """
        self.session.flush()
        told, gone, notes = self._told, self._gone, self._notes
        self._told, self._gone, self._notes = {}, {}, []
        if told:
            self.outbox.put_all(self, list(told.values()))
        for record, version in gone.values():
            self.outbox.delete(self, record, version)
        for writer in dict.fromkeys(writer for writer, _ in notes):
            writer(self, [entry for of, entry in notes if of is writer])
        self.session.flush()
        self._has_told = self._has_told or bool(told or gone)
        return self._has_told


Writer = Callable[[Unit, list[Any]], None]
"""Writes entries of one kind, such as the audit log's."""


class Units:
    """Makes units of work; the only place that commits."""

    def __init__(self, engine: Engine, committee: str, outbox: Outbox, clock: Clock = utc_now) -> None:
        self.engine, self.committee, self._outbox = engine, committee, outbox
        self.clock = clock
        self._listeners: list[Callable[[], None]] = []
        self._change_listeners: list[Callable[[], None]] = []

    def after_publishing(self, call: Callable[[], None]) -> None:
        """`call` is called, in whatever thread commits, after each act that told others something."""
        self._listeners.append(call)

    def after_changing(self, call: Callable[[], None]) -> None:
        """`call` is called, in whatever thread commits, after each transaction that changed a watched record."""
        self._change_listeners.append(call)

    @contextmanager
    def write(self) -> Iterator[Unit]:
        """Commits on leaving without an exception; a refusal or a fault leaves no trace.

        Raises:
            Refusal: TRY_AGAIN, two acts wanted the same rows at one moment and this one gave way (PostgreSQL).
        """
        try:
            with Session(self.engine, expire_on_commit=False) as session:
                session.connection(execution_options={WRITES: True})
                unit = Unit(session, self.committee, self.clock(), self._outbox)
                yield unit
                published = unit.settle()
                has_changed = changed.write(session, unit.now)
                session.commit()
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) in _GAVE_WAY:
                raise Refusal(Code.TRY_AGAIN) from error
            raise
        for call in (*(self._listeners if published else ()), *(self._change_listeners if has_changed else ())):
            call()

    @contextmanager
    def read(self) -> Iterator[Unit]:
        """One consistent view; whatever is changed in it is thrown away."""
        with Session(self.engine, autoflush=False) as session:
            if self.engine.dialect.name == "postgresql":  # its default would show each statement another moment
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield Unit(session, self.committee, self.clock(), self._outbox)
