"""What a registrar does, as its ledger keeps it: a struct for each act. A field may be added; none changes its use."""

from typing import ClassVar

import msgspec

from sync.contract.levels import Level


class Invited(msgspec.Struct, frozen=True, kw_only=True, tag="invited"):
    """Somebody was invited to answer within a time. `expires_at`: Unix seconds."""

    id: str
    jti: str
    expires_at: int
    kind: str = "committee"
    level: Level = Level.COUNTY
    parent: str | None = None


class Answered(msgspec.Struct, frozen=True, kw_only=True, tag="answered"):
    """The candidate's descriptor came in, with proof that all its keys are in its hands."""

    id: str
    jti: str
    descriptor: str


class Approved(msgspec.Struct, frozen=True, kw_only=True, tag="approved"):
    """A person compared the fingerprint: `side` is `registrar`, or `committee` with that one's signed word as `proof`.
    With both sides the candidate is admitted.
    """

    id: str
    side: str
    by: str
    fingerprint: str
    proof: str = ""


class Rotated(msgspec.Struct, frozen=True, kw_only=True, tag="rotated"):
    """A newer descriptor took the place of the one before. `parent`: the new one, where it moved."""

    id: str
    descriptor: str
    parent: str | None = None


class Voided(msgspec.Struct, frozen=True, kw_only=True, tag="voided"):
    """Tokens that it issued before `nbf_tokens` (Unix seconds) are void."""

    id: str
    nbf_tokens: int
    why: str = ""


class Suspended(msgspec.Struct, frozen=True, kw_only=True, tag="suspended"):
    id: str
    why: str


class Resumed(msgspec.Struct, frozen=True, kw_only=True, tag="resumed"):
    id: str
    why: str = ""


class Closed(msgspec.Struct, frozen=True, kw_only=True, tag="closed"):
    """It is no more. `successor`: who took over; several that name the same one were merged."""

    id: str
    successor: str | None = None
    why: str = ""


class Recoded(msgspec.Struct, frozen=True, kw_only=True, tag="recoded"):
    """Its GB/T 2260 code changed; the id stays what it was."""

    id: str
    current_code: str


class Joined(msgspec.Struct, frozen=True, kw_only=True, tag="joined"):
    """These of our own are in the mechanism from now on, and nobody else of ours; none: all left it."""

    id: str
    name: str
    members: list[str]


Act = Invited | Answered | Approved | Rotated | Voided | Suspended | Resumed | Closed | Recoded | Joined


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the ledger.

    Attributes:
        n: From 1 without a gap; the serial of the part that is signed after it.
        at: Unix seconds.
        who: The person at the registrar, by name.
        prev, hash: Of the line before and of this one, SHA-256 in hex; see `sync.registrar.ledger`.
    """

    START: ClassVar[str] = "0" * 64

    n: int
    at: int
    who: str
    act: Act
    prev: str
    hash: str = ""
