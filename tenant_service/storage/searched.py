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


def complete(session: Session, model: Any) -> int:
    """Puts the next rows of this table that are not in the index into it; returns how many: 0, all are.

    An earlier release, or a copy of a database, may have rows that were never indexed.
    """
    known = select(search.SearchTextRow.id).where(search.SearchTextRow.kind == model.SEARCHED_AS)
    missing = session.scalars(select(model).where(model.id.not_in(known)).limit(AT_ONCE)).all()
    _put(session, missing)
    return len(missing)


def _put(session: Session, rows: Iterable[Searched]) -> None:
    by_kind: dict[str, dict[str, str]] = {}
    for row in rows:
        by_kind.setdefault(row.SEARCHED_AS, {})[row.id] = row.words()
    for kind, words in by_kind.items():
        ids = list(words)
        for at in range(0, len(ids), AT_ONCE):
            search.index_all(session, kind, {id: words[id] for id in ids[at : at + AT_ONCE]})
