"""Every read of this room: hits in the rooms' tables, under the rule that each room's own list follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from sync.contract.asking.cursors import order_of, page_size
from sync.contract.asking.searching import SearchKind, sought
from sync.contract.ids import Id
from tenant_service.identity.actor import Actor
from tenant_service.room import Reaching
from tenant_service.rooms import REACHING
from tenant_service.search.rules import snippet
from tenant_service.storage import search
from tenant_service.storage.columns import Ascii
from tenant_service.storage.paging import Page, Table, behind, in_order

SEARCHED: dict[SearchKind, Reaching] = {SearchKind[kind.upper()]: reaching for kind, reaching in REACHING.items()}
"""Kind → the table of its list, and which rows of it reach an actor."""
_UNIQUE = 32
"""Characters at the end of an id that grow with the time at which the record was entered."""


@dataclass(frozen=True)
class Hit:
    """A record that was found."""

    id: Id
    kind: SearchKind
    committee_id: Id
    title: str
    snippet: str
    entered: str


def found(
    session: Session, actor: Actor, text: str, kinds: Sequence[SearchKind], order: str, first: int, after: str | None,
    owners: Sequence[str] | None = None,
) -> Page:  # fmt: skip
    """One page of our records that reach the actor and have all of the words; with `owners`, of what those committees
    shared with us. No kinds: all of them.

    Raises:
        Refusal: SEARCH_TOO_SHORT, no two characters that stand together; BAD_PAGE, BAD_CURSOR.
    """
    words = sought(text)
    of = [_hits(session, actor, text, kind, owners) for kind in SEARCHED if not kinds or kind in kinds]
    hits = union_all(*of).subquery("hits").c
    attribute, descending = order_of(order)
    size = page_size(first)
    later = [] if after is None else [behind(hits, attribute, descending, after)]

    def chosen(*what: Any) -> Select[Any]:
        return in_order(what, hits, attribute, descending, size + 1).where(*later)

    def telling(rows: Sequence[Any]) -> list[Any]:
        return [
            Hit(row.id, SearchKind[row.kind], row.committee_id, row.title, snippet(row[5:], words), row.entered)
            for row in rows
        ]

    return Hits(session, hits, chosen, (), size, attribute, telling)


class Hits(Page):
    """A page over several tables at once."""

    @cached_property
    def _found(self) -> Sequence[Any]:
        return self.session.execute(self.chosen(*self.model)).all()

    def count(self) -> int:
        return self.session.scalar(select(func.count()).select_from(select(self.model.id).subquery())) or 0

    def table(self, names: Any) -> Table:
        columns: dict[str, Sequence[Any]] = {name: [getattr(row, name) for row in self.rows] for name in names}
        return Table(len(self.rows), self.has_next, columns)


def _hits(session: Session, actor: Actor, text: str, kind: SearchKind, owners: Sequence[str] | None) -> Select[Any]:
    model, reaching = SEARCHED[kind](actor, owners)
    title, *others = [getattr(model, name) for name in model.SEARCHED]
    texts: list[Any] = [func.coalesce(each, "") for each in (title, *others)]
    texts += [literal("")] * (_most_texts(actor) - len(texts))
    unique = func.substr(model.id, func.length(model.id) - (_UNIQUE - 1), type_=Ascii)
    return select(
        model.id.label("id"), literal(kind.value).label("kind"), model.committee_id.label("committee_id"),
        title.label("title"), unique.label("entered"), *(each.label(f"text{n}") for n, each in enumerate(texts)),
    ).where(model.id.in_(search.matching(session, model.SEARCHED_AS, text)), *reaching)  # fmt: skip


def _most_texts(actor: Actor) -> int:
    return max(len(of(actor, None)[0].SEARCHED) for of in SEARCHED.values())
