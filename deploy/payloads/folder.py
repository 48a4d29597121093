"""docs/schemas: one file for each payload and number, written anew from the code as long as nobody is harmed.

A file is a promise to committees that run another release. It changes only in ways that both sides of the change
understand; any other needs a new number, and the file of the old one stays.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from deploy.payloads.compatibility import Change, changes
from deploy.payloads.of_messages import of_message
from deploy.payloads.of_records import of_record
from deploy.payloads.schema import Schema
from deploy.reference_settings import ROOT
from sync.bus import receipts, wire
from sync.contract.asking.changes import ChangesAsk, ChangesTold
from sync.contract.asking.gateway_sign_in import TokenAsk, TokenTold
from sync.contract.envelope import Envelope, Erased
from sync.contract.shapes.audit import Head as AuditHead
from sync.contract.trust.admission import Answer, Approval, Invite
from sync.contract.trust.codes import CheckInCode
from sync.contract.trust.descriptors import Descriptor
from sync.contract.trust.directory_parts import Charter, Part
from sync.contract.trust.proofs import Proof
from sync.contract.trust.tokens import Claims
from sync.contract.versions import MESSAGES, SCHEMAS

FOLDER = ROOT / "docs" / "schemas"
STRUCTS: dict[str, type] = {
    "envelope": Envelope, "hole": wire.HoleBody, "erased-place": Erased, "rows-ask": wire.Ask,
    "rows-answer": wire.Answer, "receipt": receipts.Told, "receipt-sent": wire.Receipt,
    "receipt-answer": wire.Confirmed, "erase-ask": wire.Erase, "erase-answer": wire.Erased,
    "directory-ask": wire.DirectoryAsk, "directory-told": wire.DirectoryTold, "token": Claims,
    "proof": Proof, "check-in-code": CheckInCode, "audit-head": AuditHead,
    "sign-in-ask": TokenAsk, "sign-in-told": TokenTold, "charter": Charter,
    "directory-part": Part, "descriptor": Descriptor, "invite": Invite,
    "invite-answer": Answer, "approval": Approval, "changes-ask": ChangesAsk,
    "changes-told": ChangesTold,
}  # fmt: skip
"""What travels besides records."""


class Payload(NamedTuple):
    """One payload in its present number; `raise_it` says where the number is raised."""

    file: str
    schema: Schema
    raise_it: str


def payloads() -> list[Payload]:
    """Everything that committees send each other, as this release writes it."""
    records = [
        Payload(f"{kind}-{number}.json", of_record(kind), f'SCHEMAS["{kind}"]') for kind, number in SCHEMAS.items()
    ]
    messages = [
        Payload(f"messages/{name}-{number}.json", of_message(f"{name}/{number}", STRUCTS[name]), f'MESSAGES["{name}"]')
        for name, number in MESSAGES.items()
    ]
    return records + messages


def differences(folder: Path = FOLDER, now: Iterable[Payload] | None = None) -> Iterator[tuple[Payload, Change]]:
    """What the code changes in files that are there already; changed words are none."""
    for payload in payloads() if now is None else now:
        path = folder / payload.file
        if path.exists():
            yield from ((payload, change) for change in changes(msgspec.json.decode(path.read_bytes()), payload.schema))


def stale(folder: Path = FOLDER) -> list[str]:
    """Files that are not what the code says, and those of earlier numbers that are gone."""
    return [each.file for each in payloads() if _text_in(folder / each.file) != as_text(each.schema)] + [
        name for each in payloads() for name in _earlier(each.file) if not (folder / name).exists()
    ]


def write(folder: Path = FOLDER) -> None:
    """Every present number's file says what the code says; those of earlier numbers stay as they are."""
    for each in payloads():
        path = folder / each.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_text(each.schema), encoding="utf-8")


def refusal(payload: Payload, change: Change) -> str:
    """What somebody has to do who wants this incompatible change."""
    return (
        f"{payload.file}: {change}\n  raise {payload.raise_it} in sync/contract/versions.py or take the change back; "
        "where no release ever had this number, delete the file first"
    )


def as_text(schema: Schema) -> str:
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"


def _text_in(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _earlier(file: str) -> Iterator[str]:
    """The names that this payload's file had under smaller numbers."""
    name, _, number = file.removesuffix(".json").rpartition("-")
    return (f"{name}-{each}.json" for each in range(1, int(number)))
