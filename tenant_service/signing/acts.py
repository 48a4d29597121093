"""What 审签 writes into a row; where an act leads is the table of `rules`, and the room publishes and notes it."""

from typing import Any, Protocol, TypeVar

from sync.contract.errors import Code, Refusal
from tenant_service import wording
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.signing import queries
from tenant_service.signing.models import SignatureRow
from tenant_service.signing.rules import Approval
from tenant_service.storage.unit_of_work import Unit

ByT_contra = TypeVar("ByT_contra", contravariant=True)


class SignsOff(Protocol):
    """A use case that somebody signs; `unclassified` confirms 已经保密审查，不涉密."""

    def __call__(self, unit: Unit, actor: Actor, id: str, /, *, unclassified: bool) -> object: ...


class SignsOffBy(Protocol[ByT_contra]):
    """The same, which needs something of the service."""

    def __call__(self, unit: Unit, actor: Actor, by: ByT_contra, id: str, /, *, unclassified: bool) -> object: ...


class Signed(Protocol):
    """A row that has the `SignedColumns`."""

    id: Any
    drafted_by: Any
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


def sign(unit: Unit, actor: Actor, subject: str, use: UseCase, drafted_by: str, *, unclassified: bool) -> None:
    """The record says who signed it when, and in whose place; nobody signs what they drafted themselves, besides who
    signs their own (`policy.SIGNS_OWN`). `drafted_by`: the account that wrote what is signed; empty: none of ours did.

    Raises:
        Refusal: NOT_SIGNED_IN, FORBIDDEN; SECRECY_UNCONFIRMED, 已经保密审查，不涉密 is not confirmed;
            OWN_DRAFT.
    """
    actor.require(use)
    if not unclassified:
        raise Refusal(Code.SECRECY_UNCONFIRMED)
    if drafted_by == actor.sub and not actor.signs_own:
        raise Refusal(Code.OWN_DRAFT)
    seq = len(queries.signatures(unit.session, subject)) + 1
    unit.session.add(SignatureRow(subject=subject, seq=seq, at=unit.now, sub=actor.sub, behalf=actor.behalf(use)))
    unit.session.flush()


def may_sign(actor: Actor, use: UseCase, *wrote: str) -> bool:
    """Whether signing is offered to somebody at all: who signs it, and did not word it. `wrote`: the accounts that did;
    `sign` refuses whoever is not offered it.
    """
    return actor.may(use) and (actor.signs_own or actor.sub not in wrote)


def may_widen(actor: Actor, use: UseCase, *wrote: str) -> bool:
    """Whether somebody lets what is signed go to more than it was signed for: the same, as nobody signs what they
    worded.
    """
    return may_sign(actor, use, *wrote)


def signed(unit: Unit, row: Signed, actor: Actor, use: UseCase, *, unclassified: bool) -> None:
    """The same of a row that has the columns. Raises: Refusal as `sign`."""
    sign(unit, actor, row.id, use, row.drafted_by, unclassified=unclassified)
    row.signed_by, row.signed_at, row.returned_because = actor.sub, unit.now, None
