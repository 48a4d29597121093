"""What a committee tells a gateway that has changed: question and answer of `rpc.<committee>.changes`.

The question waits: it is answered at once if something has changed after `after`, else when something does, else when
`wait_ms` are over, with nothing. A place is opaque, and only the database that gave it takes it back.
"""

from typing import Annotated

import msgspec

from sync.contract.ids import MOST_IDS
from sync.contract.kinds import Kind
from sync.contract.records import LABELS
from sync.contract.strangers import reading

MOST_OWNERS = 5_000
LONGEST_WAIT_MS = 25_000
MOST_CHANGES = 100
"""Changes of one answer."""
MOST_OF_PERSON = 50
"""Subscriptions to changes of one person: at one gateway, and at their committee together with the questions that
gateways put for them.
"""


class RecordKind(Kind):
    """Kinds of records whose changes are told: those that `node` finds."""

    ACTIVITY = "ACTIVITY", LABELS["activity"]
    VENUE = "VENUE", LABELS["venue"]
    UNIT = "UNIT", LABELS["unit"]
    PARTICIPATION = "PARTICIPATION", LABELS["participation"]
    REQUEST = "REQUEST", LABELS["request"]
    CAMPAIGN = "CAMPAIGN", LABELS["campaign"]
    PROGRAMME = "PROGRAMME", LABELS["programme"]
    APPRAISAL = "APPRAISAL", LABELS["appraisal"]
    PROCEDURE = "PROCEDURE", LABELS["procedure"]
    TOPIC = "TOPIC", LABELS["topic"]
    ITEM = "ITEM", LABELS["item"]
    ASSIGNMENT = "ASSIGNMENT", LABELS["assignment"]
    CALL = "CALL", LABELS["call"]
    REPORT = "REPORT", LABELS["report"]
    PROPOSAL = "PROPOSAL", LABELS["proposal"]
    POST = "POST", LABELS["post"]
    RECOGNITION = "RECOGNITION", LABELS["recognition"]
    FORM = "FORM", LABELS["form"]

    @property
    def in_ids(self) -> str:
        """As the id of such a record names it."""
        return self.value.lower()


WATCHED = frozenset(kind.in_ids for kind in RecordKind)


class ChangesAsk(msgspec.Struct, rename="camel"):
    """After which place, of what, and for how long to wait.

    Attributes:
        after: Place behind which to look; None: behind the present end.
        kinds: As ids name them; None: all.
        owners: Committees; None: all.
        ids: Records; None: all.
    """

    after: str | None = None
    kinds: list[str] | None = None
    owners: Annotated[list[str], msgspec.Meta(max_length=MOST_OWNERS)] | None = None
    ids: Annotated[list[str], msgspec.Meta(max_length=MOST_IDS)] | None = None
    wait_ms: Annotated[int, msgspec.Meta(ge=0, le=LONGEST_WAIT_MS)] = 0


class Change(msgspec.Struct, rename="camel"):
    """One record that changed.

    Attributes:
        version: Grows with each change.
        is_gone: Whoever asks is shown it no longer.
        cursor: Place behind this change.
    """

    id: str
    version: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
    is_gone: bool
    cursor: str


class ChangesTold(msgspec.Struct, rename="camel"):
    """What has changed, or why nothing is told.

    Attributes:
        changes: In order; none, where the wait was over.
        cursor: Place behind everything that was looked at.
        code, zh, message: The refusal, where it is one.
    """

    changes: Annotated[list[Change], msgspec.Meta(max_length=MOST_CHANGES)] = []
    cursor: str = ""
    code: str = ""
    message: str = ""
    zh: str = ""


read_ask = reading(msgspec.json.Decoder(ChangesAsk).decode)
read_told = reading(msgspec.json.Decoder(ChangesTold).decode)
write = msgspec.json.Encoder().encode
