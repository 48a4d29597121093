"""What 审签 writes into a row; where an act leads is the table of `rules`, and the room publishes and notes it."""

import datetime as dt
from typing import Any, Protocol

from sync.contract.errors import Code, Refusal
from tenant_service import wording
from tenant_service.identity.actor import Actor
from tenant_service.signing.rules import Approval


class Signed(Protocol):
    """A row that has the `SignedColumns`."""

    signed_by: Any
    signed_at: Any
    returned_because: Any


def drafted(actor: Actor) -> dict[str, Any]:
    """Columns of a row that is drafted now."""
    return {
        "approval": Approval.DRAFTING, "drafted_by": actor.sub, "signed_by": None, "signed_at": None,
        "returned_because": None,
    }  # fmt: skip


def sent_back(row: Signed, why: str) -> None:
    """The drafter reads why. Raises: Refusal NEEDS_REASON, BAD_VALUE, CLASSIFIED."""
    row.returned_because = wording.reason(why)


def confirmed(*, unclassified: bool) -> None:
    """Whoever signs confirms 已经保密审查，不涉密. Raises: Refusal SECRECY_UNCONFIRMED, that is missing."""
    if not unclassified:
        raise Refusal(Code.SECRECY_UNCONFIRMED)


def signed(row: Signed, actor: Actor, now: dt.datetime, *, unclassified: bool) -> None:
    """It says who signed. Raises: Refusal SECRECY_UNCONFIRMED."""
    confirmed(unclassified=unclassified)
    row.signed_by, row.signed_at, row.returned_because = actor.sub, now, None
