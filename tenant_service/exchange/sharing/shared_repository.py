"""Records of one kind that committees share with each other: our rows, and the copies of others'."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from tenant_service.exchange.sharing import copies_shown, reach
from tenant_service.exchange.sharing.at_home import AtHome, Conditions
from tenant_service.identity.actor import Actor
from tenant_service.storage.columns import Row
from tenant_service.storage.paging import Page, page
from tenant_service.storage.repository import Own, Repository

Copy = TypeVar("Copy", bound=Row)
Record = TypeVar("Record")
Wanted = TypeVar("Wanted")


class SharedRepository(Repository[Own], Generic[Own, Copy, Record, Wanted]):
    """Our rows, and the copies that stand beside them. A list shows either, never both.

    Attributes:
        matching: What a filter asks of either table.
        home: Whom at home our rows are shown to.
    """

    def __init__(
        self, model: type[Own], copies: type[Copy], matching: Callable[[Any, Wanted], Conditions], home: AtHome
    ) -> None:
        super().__init__(model)
        self.copies, self.matching, self.home = copies, matching, home

    def listed(
        self, session: Session, actor: Actor, wanted: Wanted, order: str, first: int, after: str | None,
        owners: Sequence[str] | None = None,
    ) -> Page:  # fmt: skip
        """One page of ours that reach the actor; with `owners`, of what those committees shared with us."""
        model, where = self.reaching(actor, owners)
        telling = reach.telling(session, actor, self.home) if owners is None else copies_shown.telling(actor)
        return page(session, model, order, first, after, [*self.matching(model, wanted), *where], telling)

    def reaching(self, actor: Actor, owners: Sequence[str] | None) -> tuple[Any, Conditions]:
        """The table of the list that the actor is shown, and which of its rows reach the actor."""
        if owners is not None:
            return self.copies, copies_shown.of(self.copies, owners, actor)
        return self.model, self.visible(actor)

    def visible(self, actor: Actor) -> Conditions:
        """Which of our rows reach the actor."""
        return reach.visible_to(actor, self.model, self.home)

    def told(self, session: Session, rows: Sequence[Own], actor: Actor) -> list[Record]:
        """The records of our rows as the actor is told them."""
        return reach.telling(session, actor, self.home)(rows)

    def one(self, session: Session, actor: Actor, id: str) -> Record | None:
        """The record, if it is ours and reaches the actor, or was shared with us and the actor belongs to us."""
        model: Any = self.model
        row = session.scalars(select(model).where(model.id == id, *self.visible(actor))).one_or_none()
        found: Record | None = (
            copies_shown.one(session, self.copies, id, actor) if row is None else self.told(session, [row], actor)[0]
        )
        return found

    def at_work(self, session: Session, actor: Actor, id: str) -> Own | None:
        """Our row with what only those see of it who work on it: our office, and whom the kind names; None to all
        others.
        """
        if actor.sees_work:
            return session.get(self.model, id)
        model: Any = self.model
        theirs = self.home.more_for(actor, at_work=True)
        wanted = select(model).where(model.id == id, or_(*theirs)) if theirs else None
        return None if wanted is None else session.scalars(wanted).one_or_none()

    def is_at_work(self, session: Session, actor: Actor, id: str) -> bool:
        """Whether it is one of ours that the actor works on."""
        return self.at_work(session, actor, id) is not None

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
