"""Jiashan's exchange in all its states: what Qingpu and Wujiang say, what is wrong with it, and what they confirm."""

from collections.abc import Mapping
from pathlib import Path

import uuid_utils
from sqlalchemy.orm import Session

from sync.contract.channels import log_of
from sync.contract.ids import record_id
from tenant_service.exchange.alarms import Alarms
from tenant_service.exchange.copies import Projections, Seen
from tenant_service.exchange.inbox import Inbox
from tenant_service.exchange.outbox import ExchangeOutbox
from tenant_service.exchange.own_logs import OwnLogs
from tenant_service.exchange.watching.confirmed import HubEnds, KeptReceipts
from tenant_service.storage.engine import open_engine
from tenant_service.storage.unit_of_work import Clock, Publication, Units
from tests.migrated import migrated
from tests.tenant_service.exchange.committees import value
from tests.tenant_service.places import DELTA, JIASHAN, QINGPU, WUJIANG, trust

MECHANISM = f"m_{DELTA.rpartition('.')[2]}"
MINE = log_of(JIASHAN, MECHANISM)


def _never(_session: Session, _seen: Seen) -> None:
    raise RuntimeError("这间不收")


class Neighbour:
    """A neighbour with a database of its own, whose pages the test carries."""

    def __init__(self, folder: Path, id: str, clock: Clock) -> None:
        engine = open_engine(migrated(folder / f"{id}.db"))
        self.id, self.trust, self.log = id, trust(id), log_of(id, MECHANISM)
        self.outbox = ExchangeOutbox(self.trust)
        self.units = Units(engine, id, self.outbox, clock)
        self.own = OwnLogs(self.units, self.trust)

    def says(self, count: int) -> list[str]:
        ids: list[str] = [record_id(self.id, "value", uuid_utils.uuid7().hex) for _ in range(count)]
        with self.units.write() as unit:
            told = [value(id, 1, month=f"2026-{month:02}") for month, id in enumerate(ids, 1)]
            self.outbox.put_all(unit, [Publication(each, 1, {MECHANISM}) for each in told])
        return ids

    def to(self, inbox: Inbox, after: int = 0) -> None:
        with self.own.view(self.log) as mine:
            page = mine.page(after)
        page[-1] = page[-1]._replace(proof=self.trust.sign(self.log, page[-1].head()))
        inbox.take({self.log: page}, caught_up=True)


def inbox(units: Units, projections: Projections) -> Inbox:
    made = Inbox(units, trust(JIASHAN), projections)
    made.entitle(made.trust.directory.follows(JIASHAN))
    return made


def neighbours(folder: Path, clock: Clock) -> Mapping[str, Neighbour]:
    return {id: Neighbour(folder, id, clock) for id in (QINGPU, WUJIANG)}


def says(units: Units, count: int) -> None:
    """Jiashan shares so many figures with the mechanism, and the hub has them all."""
    outbox = ExchangeOutbox(trust(JIASHAN))
    with units.write() as unit:
        made = [value(unit.new_id("value"), 1) for _ in range(count)]
        outbox.put_all(unit, [Publication(each, 1, {MECHANISM}) for each in made])
    with OwnLogs(units, trust(JIASHAN)).view(MINE) as mine:
        HubEnds(units, lambda: 0.0).note({MINE: (mine.head, 0.0)})


def confirms(units: Units, reader: str) -> None:
    """This reader confirms all of it."""
    with OwnLogs(units, trust(JIASHAN)).view(MINE) as mine:
        head = mine.head
    KeptReceipts(units).keep(reader, {MINE: head}, "signed")


def troubles(units: Units, folder: Path, clock: Clock) -> Mapping[str, Neighbour]:
    """Qingpu's figures cannot be shown, Wujiang's log has a gap, a stranger wrote on ours, one log is left."""
    others = neighbours(folder, clock)
    mine = inbox(units, {"value": _never})
    others[QINGPU].says(2)
    others[QINGPU].to(mine)
    others[WUJIANG].says(3)
    others[WUJIANG].to(mine, after=2)
    with others[WUJIANG].own.view(others[WUJIANG].log) as log:
        [second] = log.page(1, 2)
    forged = second._replace(prev=b"\1" * 32, seq=1)
    mine.take({others[WUJIANG].log: [forged]}, caught_up=True)
    Alarms(units)(MINE, "STRANGER", "message 7 on my subject is not mine")
    mine.entitle([each for each in mine.trust.directory.follows(JIASHAN) if each != log_of(QINGPU, "o")])
    says(units, 12)
    confirms(units, QINGPU)
    return others
