"""The checker reports what is wrong: bugs planted into the databases of a run that ended well are each found."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from tests.faults.chaos import Chaos
from tests.faults.checker import check
from tests.faults.evidence import Evidence, kept
from tests.faults.federation import federation
from tests.faults.findings import Kind
from tests.faults.journal import Journal, writes
from tests.faults.parties import CITY, COUNTY, HOSTILE, PARTNER, PROVINCE

pytestmark = [pytest.mark.federation, pytest.mark.timeout(600)]
LOG = f"{COUNTY}/c"
HEARD = f"SELECT count(*) FROM received WHERE log LIKE '{COUNTY}/%'"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ended_well(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with a restored owner in it, so that there are two epochs."""
    folder = tmp_path_factory.mktemp("run") / "run"
    async with federation(folder, PROVINCE, CITY, COUNTY, PARTNER, seed=11, acts=20) as fed:
        chaos = Chaos(fed, 11, ["restore"])
        for id in (COUNTY, CITY):
            await chaos.scene.until(lambda id=id: len(chaos.scene.acts(id, 0)) > 40, within=60)  # type: ignore[misc]
        chaos.scene.backups[COUNTY].append(fed.backup(COUNTY))
        heard = chaos.scene.number(CITY, HEARD)  # what the backup does not have, and a reader does: so it forks
        await chaos.scene.until(lambda: chaos.scene.number(CITY, HEARD) > heard + 5, within=60)
        assert await chaos.inject("restore", chaos.scene) == 1
        await chaos.scene.until(lambda: chaos.scene.number(COUNTY, "SELECT count(*) FROM left_epoch"), within=30)
        await chaos.calm()
        await chaos.judge()
    assert chaos.outcome.is_good, [*chaos.outcome.told.findings, *chaos.outcome.broken]
    assert chaos.outcome.forks
    assert chaos.outcome.told.applied > 100
    return folder


Plant = Callable[[sqlite3.Connection], object]
ONE_SHOWN = f"(SELECT record FROM theirs WHERE owner = '{COUNTY}' AND version > 1 LIMIT 1)"
ONE_HELD = f"log = '{LOG}' AND seq = 2 AND epoch = (SELECT max(epoch) FROM received WHERE log = '{LOG}')"

READERS_BUGS: list[tuple[str, Kind, str]] = [
    ("a lost record", Kind.LOST, f"DELETE FROM theirs WHERE record = {ONE_SHOWN}"),
    ("an older version shown", Kind.LOST, f"UPDATE theirs SET version = 1 WHERE record = {ONE_SHOWN}"),
    ("another content shown", Kind.DIGEST, f"UPDATE theirs SET canary = 'else' WHERE record = {ONE_SHOWN}"),
    ("more told than its circle", Kind.DIGEST, f"UPDATE theirs SET deep = 'else' WHERE record = {ONE_SHOWN}"),
    ("a channel too many", Kind.DIGEST, f"UPDATE theirs SET channels = 'c d o' WHERE record = {ONE_SHOWN}"),
    ("a record nobody shared", Kind.FOREIGN, f"INSERT INTO theirs VALUES ('x', '{COUNTY}', 1, 'a', 'b', 'c')"),
    ("an event applied twice", Kind.TWICE,
     "INSERT INTO applied (log, epoch, seq) SELECT log, epoch, seq FROM applied LIMIT 1"),
    ("two events in the wrong order", Kind.ORDER,
     f"UPDATE applied SET seq = 5 - seq WHERE log = '{LOG}' AND seq IN (2, 3)"),
    ("an event left out", Kind.ORDER, f"DELETE FROM applied WHERE log = '{LOG}' AND seq = 2"),
    ("an event that is not held", Kind.CHAIN, f"DELETE FROM received WHERE {ONE_HELD}"),
    ("a byte altered", Kind.CHAIN,
     f"UPDATE received SET body = CAST(replace(CAST(body AS TEXT), 'urn', 'uRn') AS BLOB) WHERE {ONE_HELD}"),
    ("a chain altered", Kind.CHAIN, f"UPDATE received SET chain = zeroblob(32) WHERE {ONE_HELD}"),
    ("a log followed too short", Kind.BEHIND, f"UPDATE reading SET seq = seq - 1 WHERE log = '{LOG}'"),
    ("a log in trouble", Kind.BEHIND, f"UPDATE reading SET trouble = 'FORKED' WHERE log = '{LOG}'"),
    ("an event that waits for ever", Kind.BEHIND,
     f"INSERT INTO stash SELECT log, epoch, seq + 999, body, proof FROM received WHERE {ONE_HELD}"),
    ("a dead letter", Kind.BEHIND, f"INSERT INTO dead_letter VALUES ('{LOG}', 'e', 1, 'r', 'why', '2026-01-01')"),
    ("a log of strangers", Kind.FOREIGN,
     f"UPDATE copy SET log = '{COUNTY}/x_{PARTNER}' WHERE rowid = (SELECT max(rowid) FROM copy)"),
]  # fmt: skip
"""What is planted into the city's database, what it must be reported as, and the statement."""


def copied(run: Path, to: Path) -> tuple[Path, Evidence]:
    shutil.copytree(run, to, ignore=shutil.ignore_patterns("*.sock"))
    evidence = kept(to)
    evidence.databases = {id: f"sqlite:///{to / id / 'committee.db'}" for id in evidence.databases}
    return to, evidence


def planted(folder: Path, id: str, statement: str, *values: object) -> None:
    with sqlite3.connect(folder / id / "committee.db") as database:
        database.execute("DROP TRIGGER IF EXISTS noted_again")
        assert database.execute(statement, values).rowcount > 0, "the bug is really planted"
    database.close()


def kinds(folder: Path, evidence: Evidence) -> set[Kind]:
    return {each.kind for each in check(folder, evidence).findings}


def test_a_run_that_ended_well_has_nothing_wrong(ended_well: Path, tmp_path: Path) -> None:
    told = check(*copied(ended_well, tmp_path / "run"))
    assert told.findings == []
    assert len(told.digests) == 12
    assert told.epochs[COUNTY] == 2


@pytest.mark.parametrize(("kind", "statement"), [each[1:] for each in READERS_BUGS], ids=[e[0] for e in READERS_BUGS])
def test_a_bug_planted_into_a_readers_database_is_reported(
    ended_well: Path, tmp_path: Path, kind: Kind, statement: str
) -> None:
    folder, evidence = copied(ended_well, tmp_path / "run")
    planted(folder, CITY, statement)
    assert kind in kinds(folder, evidence)


def test_a_committed_act_that_its_owner_forgot_is_reported(ended_well: Path, tmp_path: Path) -> None:
    folder, evidence = copied(ended_well, tmp_path / "run")
    last = writes(folder / COUNTY / "journal")[-1]
    assert last.is_committed
    planted(folder, COUNTY, "DELETE FROM mine WHERE record = ?", last.intent.record)
    assert Kind.LOST in kinds(folder, evidence)


def test_an_older_version_at_its_owner_is_reported(ended_well: Path, tmp_path: Path) -> None:
    folder, evidence = copied(ended_well, tmp_path / "run")
    acts = writes(folder / COUNTY / "journal")
    last = next(each for each in reversed(acts) if each.intent.version > 1)
    planted(folder, COUNTY, "UPDATE mine SET canary = 'older' WHERE record = ?", last.intent.record)
    assert Kind.LOST in kinds(folder, evidence)


def test_a_refused_act_is_reported_unless_its_own_disk_was_full(ended_well: Path, tmp_path: Path) -> None:
    folder, evidence = copied(ended_well, tmp_path / "run")
    acts = writes(folder / CITY / "journal")
    journal = Journal(folder / CITY / "journal")
    journal.came(journal.intends(msgspec.structs.replace(acts[-1].intent, record="")), "OperationalError: locked")
    assert Kind.REFUSED in kinds(folder, evidence)


def test_a_hub_that_ends_elsewhere_is_reported(ended_well: Path, tmp_path: Path) -> None:
    folder, evidence = copied(ended_well, tmp_path / "run")
    assert evidence.hub_ends[LOG]
    evidence.hub_ends[LOG] = None
    assert kinds(folder, evidence) == {Kind.HUB}


@pytest.mark.parametrize("where", ["hub/store/stray.blk", f"{HOSTILE}/heard.bin", f"{PROVINCE}/committee.db-wal"])
def test_bytes_of_a_private_record_are_reported_wherever_they_lie(ended_well: Path, tmp_path: Path, where: str) -> None:
    folder, evidence = copied(ended_well, tmp_path / "run")
    private = next(each for each in writes(folder / COUNTY / "journal") if not each.intent.channels)
    with (folder / where).open("ab") as file:
        file.write(b"\0" * 99 + private.intent.canary.encode() + b"\0")
    assert kinds(folder, evidence) == {Kind.FOREIGN}


def test_a_field_beyond_its_circle_is_reported(ended_well: Path, tmp_path: Path) -> None:
    """What is for partners and parents alone, in the bytes of a reader of the channel downwards."""
    folder, evidence = copied(ended_well, tmp_path / "run")
    told = next(each for each in writes(folder / PROVINCE / "journal") if "d" in each.intent.channels)
    planted(folder, COUNTY, "UPDATE mine SET deep = ? WHERE record = (SELECT min(record) FROM mine)", told.intent.deep)
    assert Kind.FOREIGN in kinds(folder, evidence)
