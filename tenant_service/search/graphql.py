"""Search in GraphQL."""

from typing import Annotated, Any

import strawberry

from sync.contract.asking.cursors import Cursor
from sync.contract.asking.searching import SearchKind, SearchOrder
from sync.contract.ids import Id
from sync.contract.visibility import Visible, visible
from tenant_service.graph.context import Info
from tenant_service.graph.lists import Connection, Node
from tenant_service.graph.types import Merge, Searched, contract_enum, shown
from tenant_service.rooms import NODES
from tenant_service.search import queries

PUBLIC = Visible.PUBLIC
for each in (SearchKind, SearchOrder):
    contract_enum(each)


@strawberry.type(description="检索结果: a record in which the words were found.")
class SearchHit:
    id: Id = visible(PUBLIC, "The record's id.")
    kind: SearchKind = visible(PUBLIC, "What it is.")
    committee_id: Id = visible(PUBLIC, "Whose it is.")
    title: str = visible(PUBLIC, "Its title or name.")
    snippet: str = visible(PUBLIC, "Where the words are: one line of plain text, at most 82 characters.")
    entered: str = visible(PUBLIC, "Digits that grow with the time at which it was entered; lists go by it.")

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        return isinstance(value, queries.Hit)

    @shown(PUBLIC, "The whole record, as the caller is told it.")
    def node(self, info: Info) -> Node | None:
        find = NODES[self.kind.lower()]
        return find(info.context.unit.session, info.context.actor, self.id)  # type: ignore[no-any-return]


@strawberry.type
class SearchQuery:
    @shown(
        PUBLIC,
        "检索: records that have all of the words, in what everybody is told of them; two characters at least.",
        directives=[Merge(by="orderBy")],
    )
    def search(
        self, info: Info, text: Annotated[str, strawberry.argument(directives=[Searched()])],
        kinds: list[SearchKind] | None = strawberry.UNSET, first: int = 20,
        order_by: SearchOrder = SearchOrder.ENTERED_DESC, after: Cursor | None = strawberry.UNSET,
    ) -> Connection[SearchHit]:  # fmt: skip
        context = info.context
        page = queries.found(
            context.unit.session, context.actor, text, kinds or (), order_by, first, after or None, context.owners
        )
        return Connection(page=page)
