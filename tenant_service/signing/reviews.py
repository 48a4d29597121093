"""事后审核 (practice rule 3): what cannot wait for a signature goes at once, and whoever signs looks at it after."""

from sqlalchemy import select

from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.signing import queries
from tenant_service.signing.models import ReviewRow
from tenant_service.signing.rules import REVIEW, AtOnce, ReviewAct, ReviewState
from tenant_service.storage.unit_of_work import Unit

REVIEWED_BY = {
    AtOnce.ACTIVITY_CHANGE: UseCase.SIGN_OFF_ACTIVITY, AtOnce.ACTIVITY_CANCEL: UseCase.SIGN_OFF_ACTIVITY,
    AtOnce.ACTIVITY_CLOSE: UseCase.SIGN_OFF_ACTIVITY, AtOnce.TOPIC_TURN_DOWN: UseCase.SIGN_OFF_TOPICS,
    AtOnce.TOPIC_FORWARD: UseCase.SIGN_OFF_TOPICS, AtOnce.CAMPAIGN_CANCEL: UseCase.SIGN_OFF_SUPERVISION,
    AtOnce.PROGRAMME_CANCEL: UseCase.SIGN_OFF_PROGRAMMES,
    AtOnce.APPRAISAL_OBJECT: UseCase.SIGN_OFF_SUPERVISION, AtOnce.APPRAISAL_CANCEL: UseCase.SIGN_OFF_SUPERVISION,
    AtOnce.ASSIGNMENT_WITHDRAW: UseCase.SIGN_OFF_ITEMS, AtOnce.CALL_CANCEL: UseCase.SIGN_OFF_ITEMS,
    AtOnce.POST_WITHDRAW: UseCase.SIGN_OFF_POSTS,
    AtOnce.FORM_WITHDRAW: UseCase.SIGN_OFF_FORMS,
}  # fmt: skip
"""Whoever signs records of that kind."""


def left_at_once(unit: Unit, actor: Actor, subject: str, act: AtOnce, because: str | None = None) -> None:
    """The act waits to be reviewed; done by somebody who signs what is their own, it has been. What was objected to
    before on this record is settled by it.

    Called by the room of the record, in the act's transaction. `because`: where the record's history says no reason.
    """
    for before in queries.reviews_of(unit.session, subject):
        if before.row.state is ReviewState.OBJECTED:
            taken.take(unit, actor, before.row, REVIEW, ReviewAct.SETTLE)
    row = ReviewRow(
        id=unit.new_id("review"), subject=subject, act=act, state=ReviewState.WAITING, did_by=actor.sub,
        did_at=unit.now, because=because,
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    taken.write(unit, actor, row.id, "do", None, row.state)
    if actor.may(REVIEWED_BY[act]) and actor.signs_own:
        taken.take(unit, actor, row, REVIEW, ReviewAct.CONFIRM)


def forget_reasons(unit: Unit, subject: str) -> None:
    """What was typed about a record whose personal data is erased is gone from its reviews as well."""
    for id in unit.session.scalars(select(ReviewRow.id).where(ReviewRow.subject == subject)):
        taken.forget_reasons(unit, id)
