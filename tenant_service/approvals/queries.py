"""Every read of this room: reviews with who said what of them, for the office."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from tenant_service.identity import accounts
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.signing import queries as signing
from tenant_service.signing import rules
from tenant_service.signing.queries import Review, ReviewsWanted
from tenant_service.signing.reviews import REVIEWED_BY
from tenant_service.signing.rules import REVIEW, AtOnce, ReviewAct, ReviewState


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


def may(session: Session, actor: Actor, found: Iterable[Review]) -> dict[str, frozenset[ReviewAct]]:
    """What the actor may do about each of these now; the service decides anew when it is done."""
    return {
        each.row.id: frozenset(act for act in REVIEW.possible(each.row.state) if _is_theirs(session, actor, each, act))
        for each in found
    }


def settles(session: Session, actor: Actor, did_by: str, act: AtOnce) -> bool:
    """Whether 处理异议 is the actor's to do."""
    is_closed = not accounts.is_open(session, did_by)
    return rules.settles(did_by, actor.sub, is_closed=is_closed, reviews=actor.may(REVIEWED_BY[act]))


def _is_theirs(session: Session, actor: Actor, of: Review, act: ReviewAct) -> bool:
    if act in rules.OF_THE_REVIEWER:
        return actor.may(REVIEWED_BY[of.row.act]) and (of.row.did_by != actor.sub or actor.signs_own)
    return settles(session, actor, of.row.did_by, of.row.act)
