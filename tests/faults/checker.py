"""Looks into the databases of a run, with nothing of the code under test, and says what is wrong.

python -m tests.faults.checker RUN
"""

import hashlib
import json
import sys
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from tests.faults import owners, traces
from tests.faults.evidence import Evidence, Reading, kept, opened
from tests.faults.findings import Finding, Kind
from tests.faults.owners import Own
from tests.faults.parties import DEEP


@dataclass
class Told:
    """What was found, and how much was looked at.

    Attributes:
        applied: Events that readers took in.
        digests: (owner, reader) → digest of what the owner shares with it, and of what it shows.
    """

    findings: list[Finding] = field(default_factory=list)
    written: int = 0
    applied: int = 0
    epochs: dict[str, int] = field(default_factory=dict)
    salvaged: int = 0
    digests: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def count(self, kind: Kind) -> int:
        return Counter(each.kind for each in self.findings)[kind]


class Shown(NamedTuple):
    version: int
    canary: str
    deep: str
    channels: frozenset[str]


def check(folder: Path, evidence: Evidence, *, bytes_too: bool = True) -> Told:
    """Everything; without `bytes_too` no file is searched, which is quick enough to be asked again and again."""
    told = Told()
    journals = owners.journals(folder, evidence)
    with ExitStack() as open_:
        databases = {id: open_.enter_context(opened(url)) for id, url in evidence.databases.items()}
        for id, database in databases.items():
            told.findings += owners.check_journal(id, journals[id], database, evidence)
            told.findings += owners.check_refusals(id, journals[id], evidence)
            told.epochs[id] = _epoch(database)
            told.salvaged += database.rows("SELECT count(*) FROM salvaged")[0][0]
            told.findings += _check_hub(id, database, evidence)
        for reader, database in databases.items():
            told.applied += database.rows("SELECT count(*) FROM applied")[0][0]
            _check_reader(reader, databases, evidence, told)
    told.written = sum(each.is_committed for journal in journals.values() for each in journal)
    if bytes_too:
        told.findings += traces.check(folder, evidence, journals)
    return told


def _epoch(database: Reading) -> int:
    rows = database.rows("SELECT epoch FROM own_life")
    return int(rows[0][0].partition("-")[0]) if rows else 0


def _check_hub(owner: str, database: Reading, evidence: Evidence) -> list[Finding]:
    """The hub's last message on each subject is the owner's last event."""
    ends = database.rows("SELECT own_log.channel, epoch, seq FROM own_log, own_life")
    found = []
    for channel, epoch, seq in ends:
        log = f"{owner}/{channel}"
        if log in evidence.hub_ends and evidence.hub_ends[log] != (epoch, seq):
            found.append(Finding(Kind.HUB, log, f"ends at {evidence.hub_ends[log]}, its owner at {epoch}/{seq}"))
    return found


def _check_reader(reader: str, databases: dict[str, Reading], evidence: Evidence, told: Told) -> None:
    mine, parties = databases[reader], evidence.parties
    logs = [log for log in parties.logs(reader) if log.partition("/")[0] in databases]
    for log in logs:
        told.findings += _check_log(log, reader, databases[log.partition("/")[0]], mine)
    told.findings += _check_order(reader, mine)
    told.findings += _check_strangers(reader, mine, parties.logs(reader), evidence)
    for owner in databases:
        if owner != reader:
            _check_shown(owner, reader, databases, evidence, told)


# ── what is shown ──


def _check_shown(owner: str, reader: str, databases: dict[str, Reading], evidence: Evidence, told: Told) -> None:
    """The reader shows of each record what its owner shares with it now, and nothing else of that owner."""
    may_read = evidence.parties.may_read
    wanted = {
        id: _as_told(own, {each for each in own.channels if may_read(reader, owner, each)})
        for id, own in owners.present(databases[owner]).items()
        if any(may_read(reader, owner, each) for each in own.channels)
    }
    rows = databases[reader].rows("SELECT record, version, canary, deep, channels FROM theirs WHERE owner = ?", owner)
    shown = {row[0]: Shown(row[1], row[2], row[3], frozenset(row[4].split())) for row in rows}
    told.digests[owner, reader] = _digest(wanted), _digest(shown)
    where = f"{reader} of {owner}"
    for id in sorted(wanted.keys() | shown.keys()):
        if id not in shown:
            told.findings.append(Finding(Kind.LOST, where, f"{id} is shared and not shown"))
        elif id not in wanted:
            told.findings.append(Finding(Kind.FOREIGN, where, f"{id} is shown and not shared"))
        elif shown[id].version < wanted[id].version:
            told.findings.append(
                Finding(Kind.LOST, where, f"{id} is shown in version {shown[id].version} of {wanted[id].version}")
            )
        elif shown[id] != wanted[id]:
            told.findings.append(Finding(Kind.DIGEST, where, f"{id}: {shown[id]} is shown, {wanted[id]} is shared"))


def _as_told(own: Own, channels: set[str]) -> Shown:
    deep = own.deep if any(each[0] in DEEP for each in channels) else ""
    return Shown(own.version, own.canary, deep, frozenset(channels))


def _digest(state: dict[str, Shown]) -> str:
    lines = [
        f"{id} {each.version} {each.canary} {each.deep} {sorted(each.channels)}" for id, each in sorted(state.items())
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


# ── logs ──


def _check_log(log: str, reader: str, owner: Reading, mine: Reading) -> list[Finding]:
    """The reader holds the owner's log byte for byte to its end, and each earlier epoch as an unbroken chain."""
    where, channel = f"{reader} of {log}", log.partition("/")[2]
    ends = owner.rows("SELECT epoch, seq, chain FROM own_log, own_life WHERE channel = ?", channel)
    at = mine.rows("SELECT epoch, seq, chain, trouble FROM reading WHERE log = ?", log)
    end = (ends[0][0], ends[0][1], bytes(ends[0][2]), "") if ends else None
    now = (at[0][0], at[0][1], bytes(at[0][2]), at[0][3]) if at and (at[0][1] or at[0][3]) else None
    if now is None and end is None:
        return []
    if now != end:
        return [Finding(Kind.BEHIND, where, f"at {now and (*now[:2], now[3])}, its owner at {end and end[:2]}")]
    assert end is not None, "no events, no reading"
    found = _check_chains(where, log, mine, end)
    said = owner.rows("SELECT seq, body FROM outbox WHERE channel = ? AND epoch = ? ORDER BY seq", channel, end[0])
    held = mine.rows("SELECT seq, body FROM received WHERE log = ? AND epoch = ? ORDER BY seq", log, end[0])
    if [(seq, bytes(body)) for seq, body in said] != [(seq, bytes(body)) for seq, body in held]:
        found.append(Finding(Kind.CHAIN, where, f"its bytes of {end[0]} are not the owner's"))
    found += _check_erased(where, owner, held)
    if mine.rows("SELECT 1 FROM stash WHERE log = ?", log):
        found.append(Finding(Kind.BEHIND, where, "events are waiting"))
    found += [
        Finding(Kind.BEHIND, where, f"dead letter: {error}")
        for (error,) in mine.rows("SELECT error FROM dead_letter WHERE log = ?", log)
    ]
    return found


def _check_chains(where: str, log: str, mine: Reading, end: tuple[str, int, bytes, str]) -> list[Finding]:
    found = []
    epoch, seq, chain = "", 0, b""
    for at, number, body, linked in mine.rows(
        "SELECT epoch, seq, body, chain FROM received WHERE log = ? ORDER BY epoch, seq", log
    ):
        if at != epoch:
            epoch, seq, chain = at, 0, hashlib.sha256(f"liandong-log/1\n{log}\n{at}\n".encode()).digest()
        told: dict[str, Any] = json.loads(bytes(body))
        if (told["epoch"], told["seq"], told["prev"]) != (at, number, chain.hex()) or number != seq + 1:
            found.append(Finding(Kind.CHAIN, where, f"{at}/{number} does not continue {epoch}/{seq}"))
        seq, chain = number, _linked(chain, bytes(body), told)
        if chain != bytes(linked):
            found.append(Finding(Kind.CHAIN, where, f"the chain kept with {at}/{number} is not that of its bytes"))
    if (epoch, seq, chain) != end[:3]:
        found.append(Finding(Kind.CHAIN, where, f"what it holds ends at {epoch}/{seq}, it says {end[0]}/{end[1]}"))
    return found


def _linked(chain: bytes, body: bytes, told: dict[str, Any]) -> bytes:
    """The chain after this event; an erased one's hole says it, and those after it bear it out."""
    if told["op"] == "erased":
        return bytes.fromhex(told["chain"])
    return hashlib.sha256(chain + hashlib.sha256(body).digest()).digest()


def _check_erased(where: str, owner: Reading, held: list[tuple[Any, ...]]) -> list[Finding]:
    """Of what its owner has deleted, the log keeps nothing but that it was."""
    gone = {id for (id,) in owner.rows("SELECT record FROM mine WHERE is_gone")}
    said = [json.loads(bytes(body)) for _, body in held]
    return [
        Finding(
            Kind.FOREIGN, where, f"{each['epoch']}/{each['seq']} still tells of {each['subject']}, which is deleted"
        )
        for each in said
        if each["op"] not in ("erased", "delete") and each.get("subject") in gone
    ]


def _check_order(reader: str, mine: Reading) -> list[Finding]:
    """Each event was taken in once, in its turn; only a newer epoch begins again."""
    found: list[Finding] = []
    last: dict[str, tuple[str, int]] = {}
    seen = set[tuple[str, str, int]]()
    for log, epoch, seq in mine.rows("SELECT log, epoch, seq FROM applied ORDER BY n"):
        before, now = last.get(log, ("", 0)), (epoch, seq)
        if (log, *now) in seen:
            found.append(Finding(Kind.TWICE, reader, f"{log} {epoch}/{seq} was applied again"))
        elif not ((epoch == before[0] and seq == before[1] + 1) or (epoch > before[0] and seq == 1)):
            found.append(Finding(Kind.ORDER, reader, f"{log} {epoch}/{seq} was applied after {before[0]}/{before[1]}"))
        seen.add((log, *now))
        last[log] = now
    return found


def _check_strangers(reader: str, mine: Reading, logs: list[str], evidence: Evidence) -> list[Finding]:
    """No table of the exchange holds anything of a log that is not this reader's to read."""
    found = []
    for table in ("received", "copy", "reading", "stash"):
        for (log,) in mine.rows(f"SELECT DISTINCT log FROM {table}"):
            if log not in logs and log.partition("/")[0] in evidence.databases:
                found.append(Finding(Kind.FOREIGN, reader, f"{table} holds {log}"))
    return found


if __name__ == "__main__":
    looked = check(Path(sys.argv[1]), kept(Path(sys.argv[1])))
    print(*map(str, looked.findings), f"{len(looked.findings)} findings", sep="\n")  # noqa: T201 — what it found is its product
    raise SystemExit(bool(looked.findings))
