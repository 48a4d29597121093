"""Lists: connections with cursors, the same for every kind of record."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import strawberry
from sqlalchemy.orm import Session

from sync.contract.asking.cursors import Cursor
from sync.contract.ids import Id
from sync.contract.visibility import Visible, visible
from tenant_service.graph.types import shown
from tenant_service.identity.actor import Actor
from tenant_service.storage.paging import Page

T = TypeVar("T")
Find = Callable[[Session, Actor, str], Any]
"""Finds the record of an id as the actor is told it; None if it is not there or not for the actor."""
PUBLIC = Visible.PUBLIC


@strawberry.interface(description="Anything with a global id.")
class Node:
    id: Id = visible(PUBLIC, "Global id.")


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = visible(PUBLIC, "Whether more rows follow.")
    end_cursor: Cursor | None = visible(PUBLIC, "Give it as `after` for the next page.")


@strawberry.type(description="A row and its place.")
class Edge(Generic[T]):
    page: strawberry.Private[Page]
    node: T = visible(PUBLIC, "The row.")

    @shown(PUBLIC, "Its place in the list.")
    def cursor(self) -> Cursor:
        return self.page.cursor(self.node)


@strawberry.type(description="One page of a list.")
class Connection(Generic[T]):
    page: strawberry.Private[Page]

    @shown(PUBLIC, "The rows.")
    def nodes(self) -> list[T]:
        return self.page.rows

    @shown(PUBLIC, "The rows and their places.")
    def edges(self) -> list[Edge[T]]:
        return [Edge(page=self.page, node=row) for row in self.page.rows]

    @shown(PUBLIC, "The rows' places alone, in the order of `nodes`.")
    def cursors(self) -> list[Cursor]:
        return [self.page.cursor(row) for row in self.page.rows]

    @shown(PUBLIC, "Where this page stands.")
    def page_info(self) -> PageInfo:
        last = self.page.rows[-1:]
        return PageInfo(has_next_page=self.page.has_next, end_cursor=self.page.cursor(last[0]) if last else None)

    @shown(PUBLIC, "Rows of the whole list; over many committees, of those that answered.")
    def total_count(self) -> int | None:
        return self.page.count()
