"""Tables whose rows people search: each flush puts what it changed into the index, in the same transaction.

A room says which columns of its table are searched, and has nothing else to do; whoever writes such a row, an act, the
inbox or a recovery, writes its words. Only columns that every reader of a record is told may be named: a hit tells that
the words are there.
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from sqlalchemy import event, select
from sqlalchemy.orm import Session, UOWTransaction

from tenant_service.storage import search

AT_ONCE = 200
"""Rows of one slice, below every database's limit of variables."""
LOOKED_AT = 500
"""Rows of a table that are looked at in one transaction."""


class Searched:
    """What stands beside a table whose rows are searched: the kind in the index, and the columns, the title first."""

    id: Any
    SEARCHED_AS: ClassVar[str]
    SEARCHED: ClassVar[tuple[str, ...]]

    def words(self) -> str:
        """What it is found by, one column a line, so that no pair of characters reaches from one into the next."""
        return "\n".join(value for name in self.SEARCHED if (value := getattr(self, name)))


@event.listens_for(Session, "after_flush")
def _follow(session: Session, _flushed: UOWTransaction) -> None:
    changed = [row for row in (*session.new, *session.dirty) if isinstance(row, Searched)]
    gone = [row.id for row in session.deleted if isinstance(row, Searched)]
    _put(session, changed)
    for at in range(0, len(gone), AT_ONCE):
        search.forget_all(session, gone[at : at + AT_ONCE])


def is_complete(session: Session, model: Any) -> bool:
    """Whether every row of this table is in the index."""
    indexed = select(search.SearchTextRow.seq).where(search.SearchTextRow.id == model.id).exists()
    return session.scalar(select(model.id).where(~indexed).limit(1)) is None


def complete(session: Session, model: Any, after: str = "") -> tuple[str | None, int]:
    """Puts those of the next rows of this table, by id behind `after`, that are not in the index into it; returns the
    last id that was looked at (None: there is no more) and how many were put.

    An earlier release, or a copy of a database, may have rows that were never indexed. Each row is looked at once.
    """
    ids = session.scalars(select(model.id).where(model.id > after).order_by(model.id).limit(LOOKED_AT)).all()
    if not ids:
        return None, 0
    known = set(session.scalars(select(search.SearchTextRow.id).where(search.SearchTextRow.id.in_(ids))))
    missing = [id for id in ids if id not in known]
    if missing:
        _put(session, session.scalars(select(model).where(model.id.in_(missing))).all())
    return ids[-1], len(missing)


def _put(session: Session, rows: Iterable[Searched]) -> None:
    by_kind: dict[str, dict[str, str]] = {}
    for row in rows:
        by_kind.setdefault(row.SEARCHED_AS, {})[row.id] = row.words()
    for kind, words in by_kind.items():
        ids = list(words)
        for at in range(0, len(ids), AT_ONCE):
            search.index_all(session, kind, {id: words[id] for id in ids[at : at + AT_ONCE]})
