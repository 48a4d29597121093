"""A county's audit heads reach its parent every hour, and what was done to the county's log is found there; with a hub
and two committees as processes of their own.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from deploy.command import app
from sync.contract import jose
from sync.contract.trust.directory import NOBODY_LISTED
from sync.hub.server import Place
from tenant_service.auditing.models import HeardHeadRow
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.audit_chain import link
from tenant_service.identity.audit_log import segments as audit_segments
from tenant_service.identity.keys import keys_in
from tenant_service.identity.models import AuditRow, AuditToldRow
from tenant_service.identity.policy import Role
from tenant_service.storage.engine import open_engine
from tenant_service.storage.migrate import migrate
from tenant_service.storage.unit_of_work import Units, utc_now
from tests.federation.audited_committee import ahead
from tests.federation.exchanges import declared
from tests.sync.hubs import CITY, COUNTY, Hub, free_port
from tests.tenant_service.identity.tampering import disarm, run
from tests.waiting import eventually

pytestmark = [pytest.mark.federation, pytest.mark.asyncio, pytest.mark.timeout(300)]
CLERK = Actor(COUNTY, COUNTY, "clerk", roles=frozenset({Role.CLERK}))


class _Untold:
    directory = NOBODY_LISTED

    def put_all(self, *_: object) -> None: ...
    def delete(self, *_: object) -> None: ...


class Site:
    """One committee: its folder, its database beside the running process, its commands."""

    def __init__(self, folder: Path, id: str, hub: Hub) -> None:
        self.folder, self.id, self.hub = folder / id, id, hub
        self.folder.mkdir()
        (self.folder / "looks").touch()
        self.hours(0)
        self.engine = open_engine(f"sqlite:///{self.folder}/{id}.db")
        migrate(self.engine)
        self.units = Units(self.engine, id, _Untold(), lambda: utc_now() + ahead(self.folder))
        hub.keys[id] = keys_in(self.folder / "keys").event

    def write(self) -> None:
        """Its settings and the directory, once that shows everybody's keys."""
        (self.folder / "root.jwk").write_text(json.dumps(jose.public(self.hub.root)))
        (self.folder / "directory.jws").write_text(self.hub.text)
        (self.folder / "tenant.toml").write_text(
            f'committee = "{self.id}"\ndatabase = "sqlite:///{self.folder}/{self.id}.db"\nhub = "{self.hub.url}"\n'
            f'creds = "{self.hub.creds / f"{self.id}.creds"}"\n'
        )

    @contextmanager
    def running(self) -> Iterator[None]:
        words = [sys.executable, "-m", "tests.federation.audited_committee", str(self.folder)]
        with (self.folder / "log").open("wb") as log:
            process = subprocess.Popen(words, stdout=log, stderr=log)
        try:
            yield
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()

    def hours(self, count: float) -> None:
        """Its clock is so far ahead, for whoever reads it at any moment: the file is replaced whole."""
        new = self.folder / "hours.new"
        new.write_text(str(count))
        new.replace(self.folder / "hours")

    def act(self, count: int = 1) -> None:
        """So many entries of one moment."""
        with self.units.write() as unit:
            for _ in range(count):
                audit.note(unit, CLERK, "venue.change", f"{COUNTY}.venue.1")

    def told(self) -> list[int]:
        """The last entry of each head that it told, whether anybody heard it or not."""
        with self.units.read() as unit:
            return list(unit.session.scalars(select(AuditToldRow.seq).order_by(AuditToldRow.seq)))

    def sealed(self) -> list[tuple[int, int]]:
        """First and last entry of each month that is over and signed."""
        with self.units.read() as unit:
            return [(month.first_seq, month.last_seq) for month in audit_segments.segments(unit.session)]

    async def looks_again(self) -> None:
        """It looked whether a head is due, and began to after this was asked: the first look may have begun before."""
        enough = self._looks() + 2

        async def look() -> bool:
            return self._looks() >= enough

        await eventually(look, within=40, what=f"{enough} looks of {self.id}")

    def _looks(self) -> int:
        return (self.folder / "looks").stat().st_size

    def command(self, *words: str) -> tuple[int, str]:
        told = CliRunner().invoke(app, ["tenant", "audit", *words, "--config", str(self.folder / "tenant.toml")])
        return told.exit_code, told.output


class Pair:
    """The county and the city above it."""

    def __init__(self, county: Site, city: Site) -> None:
        self.county, self.city = county, city

    def hours(self, count: float) -> None:
        for each in (self.county, self.city):
            each.hours(count)

    def heard(self) -> list[tuple[int, str]]:
        with self.city.units.read() as unit:
            rows = unit.session.scalars(select(HeardHeadRow).order_by(HeardHeadRow.id))
            return [(row.seq, row.standing.value) for row in rows if row.committee_id == COUNTY]

    async def hears(self, seq: int, standing: str, within: float = 40) -> None:
        async def look() -> bool:
            return (seq, standing) in self.heard()

        try:
            await eventually(look, within=within, what=f"{seq} {standing}")
        except AssertionError:
            raise AssertionError((self.heard(), (self.county.folder / "log").read_text()[-2000:])) from None

    def line(self) -> str:
        """What the city's command says of the county."""
        code, said = self.city.command("heads")
        assert code == 1, "another county never told a head"
        return next(line for line in said.splitlines() if line.startswith(COUNTY))

    def verified(self) -> tuple[int, str]:
        """The county's own check, with the heads that its parent kept."""
        with self.city.units.read() as unit:
            rows = unit.session.scalars(select(HeardHeadRow).where(HeardHeadRow.committee_id == COUNTY))
            proofs = [msgspec.json.encode({"proof": row.proof}) for row in rows if row.standing.value != "BROKEN"]
        (self.county.folder / "heads.jsonl").write_bytes(b"\n".join(proofs))
        return self.county.command("verify", "--heads", str(self.county.folder / "heads.jsonl"))


@asynccontextmanager
async def pair_in(folder: Path, written: int, hours_ago: float = 0) -> AsyncIterator[Pair]:
    """Both run; the county's log had so many entries before, or its first head might be told between two of them."""
    hub = Hub(Place(folder / "hub", free_port()))
    county, city = Site(folder, COUNTY, hub), Site(folder, CITY, hub)
    entries = [
        msgspec.structs.replace(each, keys={"event": [jose.public(hub.keys[each.id])]}) for each in hub.contents.entries
    ]
    hub.contents = msgspec.structs.replace(hub.contents, entries=entries)
    try:
        await hub.start()
        county.write()
        city.write()
        county.hours(-hours_ago)
        county.act(written)
        county.hours(0)
        with county.running(), city.running():
            yield Pair(county, city)
    finally:
        await hub.stop()
        for each in (county, city):
            each.engine.dispose()


def cut(county: Site) -> None:
    """The tail is gone, and with it the row that says where the log ends."""
    run(county.engine, "DELETE FROM audit_entry WHERE seq > 4")
    run(county.engine, "UPDATE audit_end SET seq = 4, chain = (SELECT chain FROM audit_entry WHERE seq = 4)")


def rewrite(county: Site) -> None:
    """An entry says something else, and every hash after it was made anew."""
    run(county.engine, "UPDATE audit_entry SET sub = 'somebody' WHERE seq = 3")
    with county.units.read() as unit:
        rows = list(unit.session.scalars(select(AuditRow).order_by(AuditRow.seq)))
        chain = rows[1].chain
        for row in rows[2:]:
            chain = link(chain, row.seq, row)
            run(county.engine, "UPDATE audit_entry SET chain = :chain WHERE seq = :seq", chain=chain, seq=row.seq)
    run(county.engine, "UPDATE audit_end SET chain = :chain", chain=chain)


def delete_some(county: Site) -> None:
    """A stretch in the middle of the month is gone."""
    run(county.engine, "DELETE FROM audit_entry WHERE seq BETWEEN 2 AND 4")


def delete_month(county: Site) -> None:
    """A month that is over and signed is gone; its head is still there, and continues what was told."""
    ((first, last),) = county.sealed()
    run(county.engine, "DELETE FROM audit_entry WHERE seq BETWEEN :first AND :last", first=first, last=last)


async def test_heads_come_every_hour_and_those_of_a_cut_line_come_later(tmp_path: Path) -> None:
    async with pair_in(tmp_path, 3) as pair:
        await pair.hears(3, "FIRST")
        pair.county.act(2)
        await pair.county.looks_again()
        assert pair.county.told() == [3], "within the hour none is told"
        pair.hours(1.1)
        await pair.hears(5, "CONTINUES")
        assert f"{COUNTY}  OK  last entry 5" in pair.line()

        hub = pair.county.hub
        hub.server.kill()
        pair.county.act(1)
        pair.hours(2.2)
        await pair.county.looks_again()
        assert pair.county.told() == [3, 5, 6], "it is told into the outbox, hub or not"
        assert pair.heard() == [(3, "FIRST"), (5, "CONTINUES")]
        await hub.server.start()
        await declared(hub)
        await pair.hears(6, "CONTINUES", within=60)
        assert f"{COUNTY}  OK  last entry 6" in pair.line()
        assert pair.verified()[0] == 0


@pytest.mark.parametrize(
    ("harm", "seq", "standing", "at"),
    [(cut, 4, "BROKEN", 5), (rewrite, 6, "BROKEN", 5), (delete_some, 6, "NOT_WHOLE", 2)],
)
async def test_what_was_done_to_the_log_is_found_above_and_at_home(
    tmp_path: Path, harm: object, seq: int, standing: str, at: int
) -> None:
    async with pair_in(tmp_path, 5) as pair:
        await pair.hears(5, "FIRST")
        pair.county.act(1)
        disarm(pair.county.engine)
        harm(pair.county)  # type: ignore[operator]
        pair.hours(1.1)
        await pair.hears(seq, standing)
        assert f"{COUNTY}  {standing} at entry {at}" in pair.line()
        code, said = pair.verified()
        assert code == 1
        assert "BROKEN at entry" in said


async def test_a_sealed_month_that_was_deleted_is_found_above_and_at_home(tmp_path: Path) -> None:
    """Nothing contradicts the heads that were told: the month's own head stands in for its last entry."""
    async with pair_in(tmp_path, 5, hours_ago=40 * 24) as pair:
        await pair.hears(5, "FIRST")

        async def is_sealed() -> bool:
            return pair.county.sealed() == [(1, 5)]

        await eventually(is_sealed, within=40, what="the month is sealed")
        pair.county.act(1)
        disarm(pair.county.engine)
        delete_month(pair.county)
        pair.hours(1.1)
        await pair.hears(6, "NOT_WHOLE")
        assert f"{COUNTY}  NOT_WHOLE at entry 1" in pair.line()
        code, said = pair.verified()
        assert code == 1
        assert "BROKEN at entry 1" in said
