"""All pages of a list, one after the other, and what became of each committee meanwhile."""

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from gateway.export.asking import Wanted, page_of
from gateway.export.columns import Column
from sync.contract.asking.cursors import MAX_PAGE
from sync.contract.errors import Code, Refusal
from sync.contract.instants import instant

Ask = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]
"""Puts a document for the caller; the value of its one root field. Raises: Refusal."""
_SMALLEST = 10
"""Rows of a page below which the question is refused as too much."""


@dataclass
class Course:
    """One committee during the walk: (from page, state, since when true, what it said) wherever that changed."""

    name: str
    turns: list[tuple[int, str, dt.datetime | None, str]] = field(default_factory=list)

    @property
    def is_in_all(self) -> bool:
        return all(state in ("FRESH", "STALE") for _, state, _, _ in self.turns)


def turn_of(source: dict[str, Any]) -> tuple[str, dt.datetime | None, str]:
    """State, since when what it shared is true, and what it said, of one of `fanout.sources`."""
    is_copy = source["asOf"] and source["state"] == "STALE"
    since = instant(source["asOf"]) if is_copy else None
    return source["state"], since, (source["error"] or {}).get("zh", "")


def how(courses: Iterable[Course]) -> str:
    """Whether somebody's part is missing in what is there."""
    return "COMPLETE" if all(each.is_in_all for each in courses) else "PARTIAL"


@dataclass
class Walk:
    """One list from its first page to its last.

    Attributes:
        most: Rows after which it ends, whatever is left.
        total: Rows that there were when it began; None: nobody has told.
        is_cut: Whether it ended there.
        broken: Why it ended before its last page.
        is_left: Whether it ended because all who have more are away.
    """

    wanted: Wanted
    columns: list[Column]
    ask: Ask
    most: int
    rows: int = 0
    pages: int = 0
    total: int | None = None
    is_cut: bool = False
    broken: Refusal | None = None
    is_left: bool = False
    courses: dict[str, Course] = field(default_factory=dict)
    _size: int = MAX_PAGE

    @property
    def is_part(self) -> bool:
        """Whether it ended before the list did."""
        return self.is_cut or self.is_left or self.broken is not None

    @property
    def how(self) -> str:
        """How it ended, in a word."""
        return "CUT" if self.is_cut else "BROKEN" if self.broken else how(self.courses.values())

    async def run(self) -> AsyncIterator[list[dict[str, Any]]]:
        """Page by page.

        Raises:
            Refusal: the first page is refused. What is refused later ends the walk, and stands in `broken`.
        """
        own, after = {"first": "Int!", "after": "Cursor"}, None
        document = self.wanted.document(page_of(self.columns), **own)
        while True:
            try:
                if self.pages:
                    page = await self._page(document, after)
                else:  # to count costs each committee a look at all its rows: once is enough
                    page = await self._page(self.wanted.document(page_of(self.columns, "totalCount"), **own), None)
                    self.total = page["totalCount"]
            except Refusal as refusal:
                if not self.pages:
                    raise
                self.broken = refusal
                return
            self.pages += 1
            self._note(page["fanout"]["sources"])
            rows: list[dict[str, Any]] = page["nodes"][: self.most - self.rows]
            self.rows += len(rows)
            yield rows
            more = page["pageInfo"]["hasNextPage"]
            self.is_cut = self.rows >= self.most and (more or len(rows) < len(page["nodes"]))
            if self.is_cut or not more:
                return
            if page["pageInfo"]["endCursor"] is None:  # all who have more are away by now
                self.is_left = True
                return
            after = page["pageInfo"]["endCursor"]

    async def _page(self, document: str, after: str | None) -> dict[str, Any]:
        """A page as large as one question may be. Raises: Refusal."""
        while True:
            variables = {**self.wanted.variables, "first": self._size, "after": after}
            try:
                return await self.ask(document, variables)
            except Refusal as refusal:
                if refusal.code is not Code.TOO_COMPLEX or self._size <= _SMALLEST:
                    raise
                self._size //= 2

    def _note(self, sources: list[dict[str, Any]]) -> None:
        for each in sources:
            course = self.courses.setdefault(each["committee"]["id"], Course(each["committee"]["name"]))
            turn = turn_of(each)
            if not course.turns or course.turns[-1][1:] != turn:
                course.turns.append((self.pages, *turn))
