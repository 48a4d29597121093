"""The envelope of what travels: CloudEvents 1.0, structured JSON, with the owner's log as extensions.

Bytes are hashed and signed as they are sent and never encoded again.
"""

from typing import Any, Literal

import msgspec

from sync.contract.channels import log_of

Op = Literal["put", "retract", "delete", "complete"]
"""put: the record's full state for this channel · retract: no longer shared here · delete: gone, everywhere ·
complete: the opening state of this epoch ends here."""


class Envelope(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One event of one log.

    Attributes:
        id: Unique for one version of one record, the same on every channel.
        source: `urn:liandong:<owner>`.
        subject: Id of the record; empty for `complete`.
        time: ISO 8601, UTC; for people, no decision uses it.
        dataschema: `<kind>/<number>`, see `sync.contract.versions`.
        epoch, seq, prev: Place in the log; `prev` is the chain before this event, hex.
        version: Grows with every version of the record.
        data: The record as its readers on this channel are told it; in a partner channel a JWE to the partner
            and to the owner itself, who may have to read it back.
    """

    specversion: str = "1.0"
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
decode = msgspec.json.Decoder(Envelope).decode
