"""Finding Chinese text: which records of a kind contain all of some words.

Most Chinese words have two characters and no spaces around them, so text is cut into overlapping pairs of characters.
The index of pairs says quickly which texts can contain a word; the text itself, kept beside it, says whether they do.
So the answer is exactly what LIKE finds, on SQLite (FTS5) and PostgreSQL (tsvector with GIN) alike.
A pair is written as hex digits: neither database's own idea of words, nor anything a user types, can get between.
"""

from collections.abc import Collection, Mapping
from itertools import pairwise
from typing import Any

from sqlalchemy import DDL, Select, bindparam, delete, event, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from sync.contract.asking.searching import plain, runs, words_of
from tenant_service.storage.columns import Ascii, Row

MOST_CHARACTERS = 50_000
"""Of one text that are looked at; what stands behind is not found."""

TABLES = {
    "sqlite": ("CREATE VIRTUAL TABLE search_pairs USING fts5(pairs, tokenize='unicode61')",),
    "postgresql": (
        "CREATE TABLE search_pairs (rowid INTEGER PRIMARY KEY, pairs TSVECTOR NOT NULL)",
        "CREATE INDEX search_pairs_by_pair ON search_pairs USING gin (pairs)",
    ),
}
"""Beside `search_text`: the index of pairs, whose `rowid` is `search_text.seq`."""

_PUT = {
    "sqlite": text("INSERT INTO search_pairs (rowid, pairs) VALUES (:seq, :pairs)"),
    "postgresql": text("INSERT INTO search_pairs (rowid, pairs) VALUES (:seq, CAST(:pairs AS tsvector))"),
}
_DROP = text("DELETE FROM search_pairs WHERE rowid = :seq")
_HAS_ALL = {
    "sqlite": ("search_text.seq IN (SELECT rowid FROM search_pairs WHERE search_pairs MATCH :pairs)", " AND "),
    "postgresql": ("search_text.seq IN (SELECT rowid FROM search_pairs WHERE pairs @@ CAST(:pairs AS tsquery))", " & "),
}
"""The condition, and what stands between the pairs in it."""
_FOUND = {
    "sqlite": "SELECT t.id FROM search_pairs JOIN search_text t ON t.seq = search_pairs.rowid ",
    "postgresql": ("SELECT t.id FROM search_pairs p JOIN search_text t ON t.seq = p.rowid, CAST(:pairs AS tsquery) q "),
}
_HAS_SOME = {
    "sqlite": (
        "WHERE search_pairs MATCH :pairs AND t.kind = :kind ORDER BY rank, t.id LIMIT :most",
        " OR ",
    ),
    "postgresql": (
        "WHERE p.pairs @@ q AND t.kind = :kind ORDER BY ts_rank(p.pairs, q) DESC, t.id LIMIT :most",
        " | ",
    ),
}
"""The end of the statement for what has any of the pairs, best first, and what stands between the pairs in it."""
_MOST_PAIRS = 200
"""Of one text that others are compared with."""


class SearchTextRow(Row):
    """What a record is found by, as `plain` makes it."""

    __tablename__ = "search_text"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(Ascii, unique=True)
    kind: Mapped[str] = mapped_column(Ascii, index=True)
    text: Mapped[str]
    __table_args__ = ({"sqlite_autoincrement": True},)  # no number is given twice, so no pair outlives its text


_TEXTS: Any = SearchTextRow.__table__
_ddl: Any = DDL
for _dialect, _statements in TABLES.items():
    for _statement in _statements:
        event.listen(SearchTextRow.__table__, "after_create", _ddl(_statement).execute_if(dialect=_dialect))
event.listen(SearchTextRow.__table__, "before_drop", _ddl("DROP TABLE IF EXISTS search_pairs"))


def bigrams(words: str) -> list[str]:
    """Every pair of neighbouring letters or digits in `plain` text, in hex and in order; none across punctuation."""
    return [f"{ord(one):x}z{ord(two):x}" for run in runs(words) for one, two in pairwise(run)]


def index(session: Session, kind: str, id: str, words: str) -> None:
    """The record is found by these words from now on, and by no earlier ones."""
    index_all(session, kind, {id: words})


def index_all(session: Session, kind: str, words: Mapping[str, str]) -> None:
    """The same for some hundred records at once, by id, in a few statements. Works while the session is flushed."""
    told = {id: plain(each[:MOST_CHARACTERS]) for id, each in words.items()}
    known = {id: (seq, text) for id, seq, text in session.execute(_known(words))}
    new = [{"id": id, "kind": kind, "text": text} for id, text in told.items() if id not in known]
    changed = {id: known[id][0] for id, text in told.items() if id in known and known[id][1] != text}
    connection = session.connection()
    if changed:
        connection.execute(_DROP, [{"seq": seq} for seq in changed.values()])
        renewed = update(_TEXTS).where(_TEXTS.c.seq == bindparam("of"))
        connection.execute(renewed, [{"of": seq, "text": told[id]} for id, seq in changed.items()])
    if new:
        connection.execute(_TEXTS.insert(), new)
        put = {each["id"] for each in new}
        changed |= {id: seq for id, seq, _ in session.execute(_known(words)) if id in put}
    if changed:
        pairs = [{"seq": seq, "pairs": " ".join(bigrams(told[id]))} for id, seq in changed.items()]
        connection.execute(_PUT[_dialect_of(session)], pairs)


def _known(ids: Collection[str]) -> Select[str, int, str]:
    return select(SearchTextRow.id, SearchTextRow.seq, SearchTextRow.text).where(SearchTextRow.id.in_(list(ids)))


def forget(session: Session, id: str) -> None:
    """The record is not found any more."""
    forget_all(session, [id])


def forget_all(session: Session, ids: Collection[str]) -> None:
    """The same for some hundred records at once."""
    gone = session.scalars(select(SearchTextRow.seq).where(SearchTextRow.id.in_(ids))).all()
    if gone:
        session.connection().execute(_DROP, [{"seq": seq} for seq in gone])
        session.connection().execute(delete(_TEXTS).where(_TEXTS.c.seq.in_(gone)))


def matching(session: Session, kind: str, words: str) -> Select[str]:
    """Ids of the records of this kind that contain every word; of all of them, if no word is given.

    Whether the asker may see them is for the caller to say, in the statement that this one goes into.
    """
    found = select(SearchTextRow.id).where(SearchTextRow.kind == kind)
    wanted = words_of(words)
    pairs = sorted({pair for word in wanted for pair in bigrams(word)})
    if pairs:
        condition, joined_by = _HAS_ALL[_dialect_of(session)]
        found = found.where(text(condition).bindparams(bindparam("pairs", joined_by.join(pairs), unique=True)))
    return found.where(*(SearchTextRow.text.contains(word, autoescape=True) for word in wanted))


def akin(session: Session, kind: str, words: str, most: int) -> list[str]:
    """Records of this kind that have some of these words, those first that have most that is rare. How much alike two
    texts are, `likeness` says; whether the asker may see a record is for the caller to say.
    """
    pairs = list(dict.fromkeys(bigrams(plain(words[:MOST_CHARACTERS]))))[:_MOST_PAIRS]
    if not pairs:
        return []
    dialect = _dialect_of(session)
    condition, joined_by = _HAS_SOME[dialect]
    told = {"pairs": joined_by.join(pairs), "kind": kind, "most": most}
    return list(session.scalars(text(_FOUND[dialect] + condition), told))


def likeness(part: str, whole: str) -> float:
    """How much of the one text's pairs are in the other: 1 is all of them."""
    pairs = set(bigrams(plain(part)))
    return len(pairs.intersection(bigrams(plain(whole)))) / max(1, len(pairs))


def _dialect_of(session: Session) -> str:
    return session.get_bind().dialect.name
