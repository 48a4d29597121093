"""What waits in 审签, and what is reviewed after it left."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from tenant_service.history import taken
from tenant_service.signing.models import ReviewRow, SignatureRow
from tenant_service.signing.rules import Approval, AtOnce, ReviewState
from tenant_service.storage.repository import Repository

_REVIEWS = Repository(ReviewRow)
locked_review = _REVIEWS.locked


def by_approval(session: Session, model: Any) -> dict[Approval, int]:
    """How many records of a kind stand at each step; what was signed long ago is not counted."""
    counts = select(model.approval, func.count()).where(model.approval != Approval.SIGNED).group_by(model.approval)
    return dict(session.execute(counts).all())


@dataclass(frozen=True)
class Review:
    """An act that left at once, with what was said of it.

    Attributes:
        steps: What was said, oldest first; the act itself is not among them.
    """

    row: ReviewRow
    steps: tuple[taken.Step, ...]

    @property
    def accounts(self) -> set[str]:
        """Everybody who did or said something."""
        return {self.row.did_by, *(each.sub for each in self.steps)}


def signatures(session: Session, subject: str) -> Sequence[SignatureRow]:
    """Who signed a record, oldest first."""
    return session.scalars(select(SignatureRow).where(SignatureRow.subject == subject).order_by(SignatureRow.seq)).all()


class ReviewsWanted(NamedTuple):
    """Which reviews; everything given must hold. `did_by`: the account that did what is reviewed."""

    states: Sequence[ReviewState] = ()
    acts: Sequence[AtOnce] = ()
    did_by: str = ""


def _holding(wanted: ReviewsWanted) -> list[ColumnElement[bool]]:
    held: list[ColumnElement[bool]] = []
    held += [ReviewRow.state.in_(wanted.states)] if wanted.states else []
    held += [ReviewRow.act.in_(wanted.acts)] if wanted.acts else []
    held += [ReviewRow.did_by == wanted.did_by] if wanted.did_by else []
    return held


def count_reviews(session: Session, wanted: ReviewsWanted) -> int:
    return session.scalar(select(func.count()).select_from(ReviewRow).where(*_holding(wanted))) or 0


def reviews(session: Session, wanted: ReviewsWanted, first: int, after: str | None = None) -> list[Review]:
    """So many of them, newest first, behind the one with the id `after`."""
    held = [*_holding(wanted), *([ReviewRow.id < after] if after else [])]
    return _told(session, select(ReviewRow).where(*held).order_by(ReviewRow.id.desc()).limit(first))


def reviews_of(session: Session, subject: str) -> list[Review]:
    """Every act on one record that left at once, oldest first."""
    return _told(session, select(ReviewRow).where(ReviewRow.subject == subject).order_by(ReviewRow.id))


def review(session: Session, id: str) -> Review:
    """Raises: Refusal NOT_FOUND."""
    return _with_steps(session, _REVIEWS.ours(session, id))


def _told(session: Session, wanted: Select[ReviewRow]) -> list[Review]:
    return [_with_steps(session, row) for row in session.scalars(wanted)]


def _with_steps(session: Session, row: ReviewRow) -> Review:
    return Review(row, tuple(taken.of(session, row.id)[1:]))
