"""What is said of acts that left at once. One function, one use case, one transaction."""

from sync.contract.errors import Code, Refusal
from tenant_service import wording
from tenant_service.approvals import queries
from tenant_service.history import taken
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.signing import queries as signing
from tenant_service.signing.reviews import REVIEWED_BY
from tenant_service.signing.rules import OF_THE_REVIEWER, REVIEW, ReviewAct
from tenant_service.storage.unit_of_work import Unit

_NOTED = {
    ReviewAct.CONFIRM: "review.confirm", ReviewAct.OBJECT: "review.object", ReviewAct.SETTLE: "review.settle",
}  # fmt: skip


def confirm(unit: Unit, actor: Actor, id: str) -> str:
    """复核: whoever signs has looked at it, and it stands; returns the review's id, as do the others.

    Raises:
        Refusal: NOT_SIGNED_IN, FORBIDDEN, NOT_FOUND, OUT_OF_TURN; OWN_DRAFT, the actor did it, and leaves it to others.
    """
    actor.require(UseCase.SEE_WORK)
    return _said(unit, actor, id, ReviewAct.CONFIRM)


def object_to(unit: Unit, actor: Actor, id: str, why: str) -> str:
    """提出异议: it should not have left so, with the reason, and whoever did it has that to do. The record stays as it
    is until somebody changes it.

    Raises:
        Refusal: NOT_SIGNED_IN, FORBIDDEN, NOT_FOUND, OUT_OF_TURN, OWN_DRAFT, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.SEE_WORK)
    return _said(unit, actor, id, ReviewAct.OBJECT, wording.reason(why))


def settle(unit: Unit, actor: Actor, id: str, how: str) -> str:
    """处理异议: what was done about the objection, in words. It is for whoever did what was objected to, or for whoever
    reviews it where that account is closed; a further act on the record settles it by itself.

    Raises:
        Refusal: NOT_SIGNED_IN, FORBIDDEN, NOT_FOUND, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.SEE_WORK)
    return _said(unit, actor, id, ReviewAct.SETTLE, wording.reason(how))


def _said(unit: Unit, actor: Actor, id: str, act: ReviewAct, because: str | None = None) -> str:
    row = signing.locked_review(unit.session, id)
    if act in OF_THE_REVIEWER:
        actor.require(REVIEWED_BY[row.act])
        if row.did_by == actor.sub and not actor.signs_own:
            raise Refusal(Code.OWN_DRAFT)
    elif not queries.settles(unit.session, actor, row.did_by, row.act):
        raise Refusal(Code.FORBIDDEN)
    taken.take(unit, actor, row, REVIEW, act, because)
    audit.note(unit, actor, _NOTED[act], row.subject)
    return row.id
