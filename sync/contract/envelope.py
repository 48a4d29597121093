"""The envelope of what travels: CloudEvents 1.0, structured JSON, with the owner's log as extensions.

Bytes are hashed and signed as they are sent and never encoded again.
"""

from typing import Any, Literal

import msgspec

from sync.contract.channels import log_of
from sync.contract.strangers import reading

Op = Literal["put", "retract", "delete", "complete"]
"""put: the record's full state for this channel · retract: no longer shared here · delete: gone, everywhere ·
complete: the opening state of this epoch ends here."""


class Erased(msgspec.Struct, frozen=True):
    """An earlier word on a deleted record, whose bytes nobody is to keep; `data` of a delete is a list of these.

    Attributes:
        proof: The owner's signature that the event at this place of the log was erased (`sync.log.erasure_statement`).
    """

    epoch: str
    seq: int
    proof: str


class Envelope(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One event of one log.

    Attributes:
        id: Unique for one version of one record, the same on every channel.
        source: `urn:liandong:<owner>`.
        type: `cn.liandong.<kind>.changed`; `cn.liandong.log.changed` for what is not about a record's content.
        subject: Id of the record; empty for `complete`.
        time: ISO 8601, UTC; for people, no decision uses it.
        dataschema: `<kind>/<number>`, see `sync.contract.versions`.
        channel: Who may read it, see `sync.contract.channels`.
        epoch: The life of the owner's database in which this was said, see `sync.log`.
        seq: Place in the log, from 1 without a gap.
        prev: The chain before this event, 64 hex digits.
        version: Grows with every version of the record.
        op: What the reader is to do.
        data: The record as its readers on this channel are told it; in a partner channel a JWE to the partner and to
            the owner itself, who may have to read it back. Of a delete: the places of earlier versions on this channel
            (`Erased`).
    """

    specversion: str = msgspec.field(default_factory=lambda: "1.0")  # written always: CloudEvents asks for it
    id: str
    source: str
    type: str
    subject: str = ""
    time: str = ""
    dataschema: str = ""
    channel: str
    epoch: str
    seq: int
    prev: str
    version: int = 0
    op: Op
    data: Any = None

    @property
    def owner(self) -> str:
        return self.source.rpartition(":")[2]

    @property
    def log(self) -> str:
        return log_of(self.owner, self.channel)


encode = msgspec.json.Encoder().encode
decode = reading(msgspec.json.Decoder(Envelope).decode)
