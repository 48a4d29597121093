"""Every read of this room: reviews with who said what of them, for the office."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.signing import queries as signing
from tenant_service.signing.queries import Review, ReviewsWanted
from tenant_service.signing.reviews import REVIEWED_BY
from tenant_service.signing.rules import OF_THE_REVIEWER, REVIEW, AtOnce, ReviewAct, ReviewState


def listed(
    session: Session, actor: Actor, wanted: ReviewsWanted, first: int, after: str | None
) -> tuple[list[Review], str | None]:  # fmt: skip
    """One page, newest first, and behind which id the next one begins. Raises: Refusal NOT_SIGNED_IN, FORBIDDEN."""
    actor.require(UseCase.SEE_WORK)
    found = signing.reviews(session, wanted, first + 1, after)
    return found[:first], found[first - 1].row.id if len(found) > first else None


def count(session: Session, wanted: ReviewsWanted) -> int:
    """How many there are of them, on all pages."""
    return signing.count_reviews(session, wanted)


def one(session: Session, actor: Actor, id: str) -> Review:
    """Raises: Refusal NOT_SIGNED_IN, FORBIDDEN, NOT_FOUND."""
    actor.require(UseCase.SEE_WORK)
    return signing.review(session, id)


def waiting(session: Session, actor: Actor) -> int:
    """待事后审核: how many acts wait for a review, of those that the actor reviews."""
    acts = reviewed_by(actor)
    return signing.count_reviews(session, ReviewsWanted((ReviewState.WAITING,), acts)) if acts else 0


def objected(session: Session, actor: Actor) -> int:
    """有异议: how many of the actor's own acts were objected to, and nobody has done anything about it yet."""
    return signing.count_reviews(session, ReviewsWanted((ReviewState.OBJECTED,), did_by=actor.sub))


def reviewed_by(actor: Actor) -> tuple[AtOnce, ...]:
    """What the actor reviews."""
    return tuple(act for act, use in REVIEWED_BY.items() if actor.may(use))


def may(actor: Actor, found: Iterable[Review]) -> dict[str, frozenset[ReviewAct]]:
    """What the actor may do about each of these now; the service decides anew when it is done."""
    return {
        each.row.id: frozenset(act for act in REVIEW.possible(each.row.state) if _is_theirs(actor, each, act))
        for each in found
    }


def _is_theirs(actor: Actor, of: Review, act: ReviewAct) -> bool:
    if act in OF_THE_REVIEWER:
        return actor.may(REVIEWED_BY[of.row.act]) and (of.row.did_by != actor.sub or actor.signs_own)
    return actor.may(UseCase.SEE_WORK)
