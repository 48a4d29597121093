"""What an owner's present state must be, from its journal alone, and whether its database agrees.

A restore takes back whatever was done after the backup; only what is certain is demanded:

    must    committed, and no restore since that the backup had not seen it in
    may     killed at the commit, or taken back by a restore (and perhaps salvaged since)
"""

from pathlib import Path
from typing import NamedTuple

from tests.faults.evidence import Evidence, Reading, Restored
from tests.faults.findings import Finding, Kind
from tests.faults.journal import Write, writes


class Own(NamedTuple):
    """A record as its owner has it now."""

    version: int
    canary: str
    deep: str
    channels: frozenset[str]


def present(database: Reading) -> dict[str, Own]:
    """Every record that is not deleted."""
    rows = database.rows("SELECT record, version, canary, deep, channels FROM mine WHERE NOT is_gone")
    return {row[0]: Own(row[1], row[2], row[3], frozenset(row[4].split())) for row in rows}


def is_certain(write: Write, restores: list[Restored]) -> bool:
    """Whether this act must still be in the database. `restores`: of this committee."""
    if not write.is_committed or write.ended is None:
        return False
    return all(write.ended <= each.backup_begun or write.intent.at >= each.ended for each in restores)


def check_journal(committee: str, journal: list[Write], database: Reading, evidence: Evidence) -> list[Finding]:
    """The last certain act on each record stands, or one that may have come after it."""
    restores = [each for each in evidence.restored if each.committee == committee]
    stands = {row[0]: row[1] for row in database.rows("SELECT record, canary FROM mine")}
    by_record: dict[str, list[Write]] = {}
    for each in journal:
        if each.intent.record:
            by_record.setdefault(each.intent.record, []).append(each)
    found = []
    for record, acts in by_record.items():
        certain = [at for at, each in enumerate(acts) if is_certain(each, restores)]
        last = certain[-1] if certain else -1
        allowed = {each.intent.canary for each in acts[max(last, 0) :] if each.is_committed or each.may_be_committed}
        canary = stands.get(record)
        if canary is None and certain:
            found.append(Finding(Kind.LOST, committee, f"{record}: an act that was committed is not there"))
        elif canary is not None and canary not in allowed:
            found.append(
                Finding(Kind.LOST, committee, f"{record}: its last version was committed, an older one stands")
            )
    unknown = stands.keys() - by_record.keys()
    found += [Finding(Kind.FOREIGN, committee, f"{each}: nobody wrote it") for each in sorted(unknown)]
    return found


def check_refusals(committee: str, journal: list[Write], evidence: Evidence) -> list[Finding]:
    """No act was refused but for the committee's own full disk or replaced database."""
    windows = [each for each in evidence.windows if each.committee == committee]
    return [
        Finding(Kind.REFUSED, committee, f"act {each.intent.number}: {each.error}")
        for each in journal
        if each.error and not any(_overlaps(each, window.begun, window.ended) for window in windows)
    ]


def _overlaps(write: Write, begun: int, ended: int) -> bool:
    return write.intent.at <= ended and (write.ended or write.intent.at) >= begun


def journals(folder: Path, evidence: Evidence) -> dict[str, list[Write]]:
    return {id: writes(folder / id / "journal") for id in evidence.databases}
