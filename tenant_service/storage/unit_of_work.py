"""One act, one transaction: the rows it changes and what it tells other committees commit together, or not at all."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import uuid_utils
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from sync.contract.ids import Id, record_id
from tenant_service.storage.engine import WRITES

Clock = Callable[[], dt.datetime]
"""The present moment, aware and in UTC; tests move it."""


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Outbox(Protocol):
    """Where a transaction leaves what it tells other committees."""

    def put(self, unit: "Unit", record: Any, version: int, channels: set[str]) -> None: ...

    def delete(self, unit: "Unit", record: Any, version: int) -> None: ...


@dataclass
class Unit:
    """What a use case is given: a session, a clock, new ids, and a way to tell others."""

    session: Session
    committee: str
    now: dt.datetime
    outbox: Outbox
    published: bool = field(default=False, init=False)

    def new_id(self, kind: str) -> Id:
        """A fresh id of this committee, e.g. `330110.activity.0192…`; ids of one process grow with time."""
        return record_id(self.committee, kind, uuid_utils.uuid7().hex)

    def publish(self, record: Any, version: int, channels: set[str]) -> None:
        """Tell the readers of `channels` the present state of a record; on channels it was shared on before and is no
        longer, it is retracted. An empty set retracts it everywhere. `version` grows with every version.
        """
        self.outbox.put(self, record, version, channels)
        self.published = True

    def erase(self, record: Any, version: int) -> None:
        """Tell everybody who was ever told of this record that it is gone."""
        self.outbox.delete(self, record, version)
        self.published = True


class Units:
    """Makes units of work; the only place that commits."""

    def __init__(
        self, engine: Engine, committee: str, outbox: Outbox, clock: Clock = utc_now,
        after_publishing: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        self.engine, self.committee, self._outbox = engine, committee, outbox
        self.clock, self.after_publishing = clock, after_publishing

    @contextmanager
    def write(self) -> Iterator[Unit]:
        """Commits on leaving without an exception; a refusal or a fault leaves no trace."""
        with Session(self.engine, expire_on_commit=False) as session:
            session.connection(execution_options={WRITES: True})
            unit = Unit(session, self.committee, self.clock(), self._outbox)
            yield unit
            session.commit()
        if unit.published:
            self.after_publishing()

    @contextmanager
    def read(self) -> Iterator[Unit]:
        """One consistent view; whatever is changed in it is thrown away."""
        with Session(self.engine, autoflush=False) as session:
            yield Unit(session, self.committee, self.clock(), self._outbox)
