"""A committee's database that is set back to a backup, and what readers still hold of what it had shared."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import MetaData, Table, select
from sqlalchemy.orm import Session

from sync.bus.trust import Trust
from sync.contract.channels import log_of
from sync.contract.envelope import decode
from sync.log import Event, Head
from tenant_service.exchange.copies import Projections
from tenant_service.exchange.inbox import Inbox
from tenant_service.exchange.models import RecoveredRow
from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.own_logs import OwnLogs
from tenant_service.exchange.restoring.recovering import Recoveries, Recovering
from tenant_service.rooms import RECOVERIES, projections
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.identity.tampering import arm, disarm


@dataclass
class Backup:
    """What stood in every table at one moment."""

    units: Units
    tables: MetaData
    rows: dict[Table, list[dict[str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with Session(self.units.engine) as session:
            for table in self.tables.sorted_tables:
                self.rows[table] = [dict(row._mapping) for row in session.execute(select(table))]

    def put_back(self) -> None:
        """It stands there again, and nothing else."""
        disarm(self.units.engine)  # a restore is another file: no trigger is asked
        with self.units.write() as unit:
            for table in reversed(self.tables.sorted_tables):
                unit.session.execute(table.delete())
            for table, rows in self.rows.items():
                if rows:
                    unit.session.execute(table.insert(), rows)
        arm(self.units.engine)


@dataclass
class Restore:
    """One committee, its backup, and what was shared since.

    `lose` is the restore; acts behind it are those of people who do not know of it; `come_back` is what the relay does
    when it finds the fork and readers answer.
    """

    units: Units
    trust: Trust
    backup: Backup
    projections: Projections = field(default_factory=lambda: projections(places.directory))
    recoveries: Recoveries = field(default_factory=lambda: RECOVERIES)
    held: dict[str, list[Event]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        inbox = Inbox(self.units, self.trust, self.projections)
        self.own = OwnLogs(self.units, self.trust, recovering=Recovering(self.trust, self.recoveries, inbox.projector))

    def lose(self) -> None:
        for channel in self.own.heads():
            with self.own.view(log_of(self.units.committee, channel)) as mine:
                self.held[mine.name] = [*mine.page(0)]
        self.backup.put_back()

    def come_back(self, *logs: str) -> dict[str, Outcome]:
        """Record → what became of it. `logs`: those of which readers answer; all without."""
        seen = []
        for log, events in self.held.items():
            with self.own.view(log) as mine:
                forgotten = [
                    each for each in events
                    if each.epoch != mine.head.epoch or mine.chain_at(each.seq) != each.head().chain
                ]  # fmt: skip
            if forgotten:
                seen.append((log, Head(*forgotten[-1].head()[:3], "signed")))
            if not logs or log in logs:
                self.own.salvage(log, forgotten)
        self.own.begin_epoch("restored", seen)
        with self.units.read() as unit:
            return {row.record: row.outcome for row in unit.session.scalars(select(RecoveredRow))}

    def shared_now(self, channel: str) -> dict[str, tuple[int, Any]]:
        """Record → version and what readers of this channel are told by the opening of the present epoch."""
        with self.own.view(log_of(self.units.committee, channel)) as mine:
            told = [decode(each.body) for each in mine.page(0)]
        return {each.subject: (each.version, each.data) for each in told if each.op == "put"}
