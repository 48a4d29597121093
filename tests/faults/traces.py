"""No byte of a record lies with anybody whom it was never shared with: files are searched for canaries.

Each version of each record carries two texts that occur nowhere else, one of them in a field for partners and parents.
"""

import mmap
import re
from collections.abc import Iterator
from pathlib import Path

from tests.faults.evidence import Evidence, opened
from tests.faults.findings import Finding, Kind
from tests.faults.journal import Write
from tests.faults.parties import DEEP, HOSTILE, Parties

_CANARY = re.compile(rb"(?:canary|hidden)-[0-9]{6}-[0-9a-f]{16}")


def check(folder: Path, evidence: Evidence, journals: dict[str, list[Write]]) -> list[Finding]:
    parties, found = evidence.parties, []
    told = [each for journal in journals.values() for each in journal if each.intent.record]
    for id, url in evidence.databases.items():
        has = in_files(folder / id, "committee.db*") if url.startswith("sqlite") else in_tables(url)
        found += _strangers(id, has, allowed(id, told, parties))
    found += _strangers(HOSTILE, in_files(folder / HOSTILE, "*"), allowed(HOSTILE, told, parties))
    return found + _strangers("hub", in_files(folder / "hub" / "store", "**/*"), in_clear(told))


def allowed(reader: str, told: list[Write], parties: Parties) -> set[bytes]:
    """What may be found with this reader: its own, and what was ever shared on a channel that it may read."""
    found = set[str]()
    for each in told:
        owner = each.intent.canary.split("-")[1]
        reaching = [channel for channel in each.intent.channels if parties.may_read(reader, owner, channel)]
        if owner == reader or reaching:
            found.add(each.intent.canary)
        if owner == reader or any(channel[0] in DEEP for channel in reaching):
            found.add(each.intent.deep)
    return {each.encode() for each in found}


def in_clear(told: list[Write]) -> set[bytes]:
    """What may pass the hub in clear: what was shared with anybody but one named partner."""
    found = set[str]()
    for each in told:
        wide = [channel for channel in each.intent.channels if not channel.startswith("x_")]
        found |= {each.intent.canary} if wide else set()
        found |= {each.intent.deep} if any(channel[0] in DEEP for channel in wide) else set()
    return {each.encode() for each in found}


def in_files(folder: Path, pattern: str) -> set[bytes]:
    return {canary for path in folder.glob(pattern) if path.is_file() for canary in _in_file(path)}


def in_tables(url: str) -> set[bytes]:
    """Every text and every byte in the tables of a database whose files are not at hand."""
    found = set[bytes]()
    with opened(url) as database:
        for (table,) in database.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
            for row in database.rows(f'SELECT * FROM "{table}"'):
                for each in row:
                    found.update(_CANARY.findall(bytes(each) if isinstance(each, bytes) else str(each).encode()))
    return found


def _in_file(path: Path) -> Iterator[bytes]:
    if path.stat().st_size:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            yield from (found.group() for found in _CANARY.finditer(mapped))


def _strangers(where: str, has: set[bytes], may: set[bytes]) -> list[Finding]:
    return [Finding(Kind.FOREIGN, where, f"holds {each.decode()}") for each in sorted(has - may)]
