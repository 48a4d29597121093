"""Posts in GraphQL: what can be asked, and what can be done."""

from collections.abc import Callable
from typing import Any

import strawberry

from sync.contract.asking.cursors import Cursor
from sync.contract.ids import Id
from sync.contract.shapes.posts import PostOrder, PostOrigin, PostRecord
from sync.contract.visibility import Visible
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import ShareInput, plain, shares_of
from tenant_service.graph.lists import Connection
from tenant_service.graph.types import Merge, shown
from tenant_service.identity.actor import Actor
from tenant_service.posts import comment_service, queries, service
from tenant_service.posts.entries import writes
from tenant_service.posts.graphql_types import Post, PostFilter, PostInput
from tenant_service.storage.unit_of_work import Unit

PUBLIC, TENANT = Visible.PUBLIC, Visible.TENANT


@strawberry.type
class PostQuery:
    @shown(PUBLIC, "Posts, one page.", directives=[Merge(by="orderBy")])
    def posts(
        self, info: Info, where: PostFilter | None = strawberry.UNSET, first: int = 20,
        order_by: PostOrder = PostOrder.CHANGED_AT_DESC, after: Cursor | None = strawberry.UNSET,
    ) -> Connection[Post]:  # fmt: skip
        context, wanted = info.context, where.wanted() if where else queries.Wanted()
        found = queries.listed(
            context.unit.session, context.actor, wanted, order_by, first, after or None, context.owners
        )
        return Connection(page=found)

    @shown(PUBLIC, "One post.")
    def post(self, info: Info, id: Id) -> Post | None:
        return queries.one(info.context.unit.session, info.context.actor, id)  # type: ignore[return-value]


@strawberry.type
class PostMutation:
    @shown(TENANT, "拟稿: write a post down.")
    def draft_post(self, info: Info, key: Id, post: PostInput, shares: list[ShareInput]) -> Post:
        told, directory = plain(post=post, shares=shares), info.context.directory
        return _act(
            info, "draftPost", key, told,
            lambda unit, who: service.draft(unit, who, directory, post.draft(), shares_of(shares)),
        )  # fmt: skip

    @shown(TENANT, "Describe a draft anew that is not signed.")
    def redraft_post(self, info: Info, key: Id, id: Id, post: PostInput, shares: list[ShareInput]) -> Post:
        told, directory = plain(id=id, post=post, shares=shares), info.context.directory
        return _act(
            info, "redraftPost", key, told,
            lambda unit, who: service.redraft(unit, who, directory, id, post.draft(), shares_of(shares)),
        )  # fmt: skip

    @shown(TENANT, "作废: a draft that was never signed is not there any more; as it was.")
    def discard_post(self, info: Info, key: Id, id: Id) -> Post:
        return _act(info, "discardPost", key, plain(id=id), lambda unit, who: service.discard(unit, who, id))

    @shown(TENANT, "送审.")
    def submit_post(self, info: Info, key: Id, id: Id) -> Post:
        return _act(info, "submitPost", key, plain(id=id), lambda unit, who: service.submit(unit, who, id))

    @shown(TENANT, "退回, with the reason.")
    def send_back_post(self, info: Info, key: Id, id: Id, reason: str) -> Post:
        told = plain(id=id, reason=reason)
        return _act(info, "sendBackPost", key, told, lambda unit, who: service.send_back(unit, who, id, reason))

    @shown(TENANT, "签发; `unclassified` confirms 已经保密审查，不涉密.")
    def sign_off_post(self, info: Info, key: Id, id: Id, unclassified: bool) -> Post:  # noqa: FBT001
        return _act(
            info, "signOffPost", key, plain(id=id, unclassified=unclassified),
            lambda unit, who: service.sign_off(unit, who, id, unclassified=unclassified),
        )  # fmt: skip

    @shown(TENANT, "发布: what is signed is shown to whom it is shared with.")
    def publish_post(self, info: Info, key: Id, id: Id) -> Post:
        return _act(info, "publishPost", key, plain(id=id), lambda unit, who: service.publish(unit, who, id))

    @shown(TENANT, "撤下, with the reason; it stays readable as withdrawn.")
    def withdraw_post(self, info: Info, key: Id, id: Id, reason: str) -> Post:
        told = plain(id=id, reason=reason)
        return _act(info, "withdrawPost", key, told, lambda unit, who: service.withdraw(unit, who, id, reason))

    @shown(TENANT, "Share a post with exactly these.")
    def share_post(self, info: Info, key: Id, id: Id, shares: list[ShareInput]) -> Post:
        told, directory = plain(id=id, shares=shares), info.context.directory
        return _act(
            info, "sharePost", key, told,
            lambda unit, who: service.share(unit, who, directory, id, shares_of(shares)),
        )  # fmt: skip

    @shown(TENANT, "留言, in one's own name or for people of a sector.")
    def comment_on_post(
        self, info: Info, key: Id, id: Id, text: str, origin: PostOrigin | None = None, sector: str | None = None
    ) -> Post:
        def said(unit: Unit, who: Actor) -> PostRecord:
            writes(who)
            held = info.context.services.holds_comments
            return comment_service.comment(unit, who, id, text, origin, sector, held=held)

        return _act(info, "commentOnPost", key, plain(id=id, text=text, origin=origin, sector=sector), said)

    @shown(TENANT, "显示留言.")
    def show_comment(self, info: Info, key: Id, comment_id: Id) -> Post:
        told = plain(comment_id=comment_id)
        return _act(
            info, "showComment", key, told, lambda unit, who: comment_service.show_comment(unit, who, comment_id)
        )

    @shown(TENANT, "隐藏留言, with the reason.")
    def hide_comment(self, info: Info, key: Id, comment_id: Id, reason: str) -> Post:
        return _act(
            info, "hideComment", key, plain(comment_id=comment_id, reason=reason),
            lambda unit, who: comment_service.hide_comment(unit, who, comment_id, reason),
        )  # fmt: skip

    @shown(TENANT, "撤回本人的留言.")
    def take_back_comment(self, info: Info, key: Id, comment_id: Id) -> Post:
        return _act(
            info, "takeBackComment", key, plain(comment_id=comment_id),
            lambda unit, who: comment_service.take_back_comment(unit, who, comment_id),
        )  # fmt: skip

    @shown(TENANT, "已读.")
    def read_post(self, info: Info, key: Id, id: Id) -> Post:
        return _act(info, "readPost", key, plain(id=id), lambda unit, who: comment_service.read(unit, who, id))

    @shown(TENANT, "关注.")
    def follow_post(self, info: Info, key: Id, id: Id) -> Post:
        return _act(info, "followPost", key, plain(id=id), lambda unit, who: comment_service.follow(unit, who, id))

    @shown(TENANT, "取消关注.")
    def unfollow_post(self, info: Info, key: Id, id: Id) -> Post:
        return _act(info, "unfollowPost", key, plain(id=id), lambda unit, who: comment_service.unfollow(unit, who, id))


def _act(info: Info, name: str, key: Id, told: dict[str, Any], act: Callable[[Unit, Actor], PostRecord]) -> Post:
    """The post after what its caller does; asked twice under one key, it is done once."""
    context = info.context
    return context.perform(name, key, told, lambda unit: act(unit, context.actor))  # type: ignore[return-value]
