"""Records of one kind that committees share with each other: our rows, and the copies of others'."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from tenant_service.exchange.sharing import copies_shown, reach
from tenant_service.identity.actor import Actor
from tenant_service.storage.columns import Row
from tenant_service.storage.paging import Page, Telling, page
from tenant_service.storage.repository import Own, Repository

Copy = TypeVar("Copy", bound=Row)
Record = TypeVar("Record")
Wanted = TypeVar("Wanted")
Conditions = list[ColumnElement[bool]]


class SharedRepository(Repository[Own], Generic[Own, Copy, Record, Wanted]):
    """Our rows, and the copies that stand beside them. A list shows either, never both.

    Attributes:
        matching: What a filter asks of either table.
        visible: Which of our rows reach an actor: by default all to our own people, to others what is shared with them.
        telling: How much of those the actor is told: by default as its role and the channels of each row say.
    """

    def __init__(
        self, model: type[Own], copies: type[Copy], matching: Callable[[Any, Wanted], Conditions],
        visible: Callable[[Actor], Conditions] | None = None,
        telling: Callable[[Session, Actor], Telling] = reach.telling,
    ) -> None:  # fmt: skip
        super().__init__(model)
        self.copies, self.matching, self.telling = copies, matching, telling
        self.visible = visible or (lambda actor: reach.visible_to(actor, model))

    def listed(
        self, session: Session, actor: Actor, wanted: Wanted, order: str, first: int, after: str | None,
        owners: Sequence[str] | None = None,
    ) -> Page:  # fmt: skip
        """One page of ours that reach the actor; with `owners`, of what those committees shared with us."""
        model, where = self.reaching(actor, owners)
        telling = self.telling(session, actor) if owners is None else copies_shown.telling(actor)
        return page(session, model, order, first, after, [*self.matching(model, wanted), *where], telling)

    def reaching(self, actor: Actor, owners: Sequence[str] | None) -> tuple[Any, Conditions]:
        """The table of the list that the actor is shown, and which of its rows reach the actor."""
        if owners is not None:
            return self.copies, copies_shown.of(self.copies, owners, actor)
        return self.model, self.visible(actor)

    def one(self, session: Session, actor: Actor, id: str) -> Record | None:
        """The record, if it is ours and reaches the actor, or was shared with us and the actor belongs to us."""
        model: Any = self.model
        row = session.scalars(select(model).where(model.id == id, *self.visible(actor))).one_or_none()
        found: Record | None = (
            copies_shown.one(session, self.copies, id, actor) if row is None else self.telling(session, actor)([row])[0]
        )
        return found

    def at_work(self, session: Session, actor: Actor, id: str) -> Own | None:
        """Our row with what only our office sees of it; None to all others."""
        return session.get(self.model, id) if actor.sees_work else None

    def known(self, session: Session, id: str) -> Own | Copy:
        """Our row, or the copy of one that was shared with us. Raises: Refusal NOT_FOUND."""
        row = session.get(self.model, id) or session.get(self.copies, id)
        if row is None:
            raise Refusal(Code.NOT_FOUND)
        return row

    def newest_change(self, session: Session) -> dt.datetime | None:
        """When one of ours was last changed."""
        model: Any = self.model
        return session.scalar(select(func.max(model.changed_at)))
