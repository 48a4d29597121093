"""Posts in GraphQL: types and inputs."""

import datetime as dt

import strawberry

from sync.contract.ids import Id
from sync.contract.shapes.posts import PostKind, PostOrder, PostOrigin, PostRecord, PostState
from sync.contract.visibility import Visible, visible
from tenant_service.graph.context import Info
from tenant_service.graph.history import StepTaken, steps_of
from tenant_service.graph.inputs import given
from tenant_service.graph.lists import Node
from tenant_service.graph.types import contract_enum, record_type, shown
from tenant_service.posts import queries
from tenant_service.posts.descriptions import Draft
from tenant_service.posts.models import PostCommentRow, PostRow
from tenant_service.posts.rules import CommentState
from tenant_service.signing.rules import Approval

PUBLIC, TENANT = Visible.PUBLIC, Visible.TENANT
for each in (PostKind, PostState, PostOrigin, PostOrder, CommentState):
    contract_enum(each)


@strawberry.type(description="留言: what a member says to a post of the own committee.")
class PostComment:
    id: Id = visible(TENANT, "Its id.")
    state: CommentState = visible(TENANT, "Where it stands.")
    at: dt.datetime = visible(TENANT, "When it was said.")
    author: str = visible(TENANT, "Who said it, by name.")
    text: str = visible(TENANT, "What was said.")
    origin: PostOrigin = visible(TENANT, "Whose thought it is.")
    sector: str | None = visible(TENANT, "界别 whose people said it.")
    hidden_because: str | None = visible(TENANT, "Why it is hidden.")

    @classmethod
    def of(cls, row: PostCommentRow) -> "PostComment":
        return cls(
            id=Id(row.id), state=row.state, at=row.at, author=row.author, text=row.text, origin=row.origin,
            sector=row.sector, hidden_because=row.hidden_because,
        )  # fmt: skip


@record_type
class Post(PostRecord, Node):
    @shown(TENANT, "办理经过, the oldest step first, for the office.")
    def history(self, info: Info) -> list[StepTaken] | None:
        return steps_of(info, self.id)

    @shown(TENANT, "审签: where it stands before it may leave, for the office and its author.")
    def approval(self, info: Info) -> Approval | None:
        row = _row(info, self.id)
        return row.approval if row else None

    @shown(TENANT, "Why it was sent back, for the same.")
    def returned_because(self, info: Info) -> str | None:
        row = _row(info, self.id)
        return row.returned_because if row else None

    @shown(
        TENANT, "留言, the oldest first: what is shown, and one's own; for the office all. Null in other committees."
    )
    def said(self, info: Info) -> list[PostComment] | None:
        context = info.context
        if self.committee_id != context.actor.committee or not context.actor.is_inside:
            return None
        return [PostComment.of(each) for each in queries.comments(context.unit.session, context.actor, self.id)]

    @shown(TENANT, "How many said that they read it; null in other committees.")
    def readers(self, info: Info) -> int | None:
        if self.committee_id != info.context.actor.committee or not info.context.actor.is_inside:
            return None
        return len(queries.readings(info.context.unit.session, self.id))

    @shown(TENANT, "Whether the account said that it read it; null in other committees.")
    def is_read(self, info: Info) -> bool | None:
        if self.committee_id != info.context.actor.committee or not info.context.actor.is_inside:
            return None
        return queries.has_read(info.context.unit.session, info.context.actor.sub, self.id)


def _row(info: Info, id: str) -> PostRow | None:
    return queries.mine(info.context.unit.session, info.context.actor, id)


@strawberry.input(description="Which posts; everything given must hold.")
class PostFilter:
    kinds: list[PostKind] | None = strawberry.UNSET
    states: list[PostState] | None = strawberry.UNSET
    approvals: list[Approval] | None = strawberry.field(default=strawberry.UNSET, description="Own staff only.")
    text: str | None = strawberry.field(default=strawberry.UNSET, description="Words of title or text.")

    def wanted(self) -> queries.Wanted:
        return queries.Wanted(**given(self))


@strawberry.input(description="A post as somebody words it.")
class PostInput:
    kind: PostKind
    title: str
    text: str
    origin: PostOrigin = PostOrigin.OFFICE
    sector: str | None = None
    number: str | None = None
    source: str | None = None
    books: list[str] = strawberry.field(default_factory=list)
    links: list[str] = strawberry.field(default_factory=list)

    def draft(self) -> Draft:
        return Draft(**vars(self) | {"books": tuple(self.books), "links": tuple(self.links)})
