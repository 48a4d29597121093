"""Posts in GraphQL: what can be asked, and what can be done."""

import strawberry

from sync.contract.asking.cursors import Cursor
from sync.contract.ids import Id
from sync.contract.shapes.posts import PostOrder, PostOrigin, PostRecord
from sync.contract.visibility import Visible
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import plain
from tenant_service.graph.lists import Connection
from tenant_service.graph.mutations import DescribedMutations, perform
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


POSTS = DescribedMutations(Post, "post", PostInput)


@strawberry.type
class PostMutation:
    draft_post = POSTS.new("拟稿: write a post down.", service.draft)
    redraft_post = POSTS.anew("Describe a draft anew that is not signed.", service.redraft)
    discard_post = POSTS.act("作废: a draft that was never signed is not there any more; as it was.", service.discard)
    submit_post = POSTS.act("送审.", service.submit)
    send_back_post = POSTS.act_because("退回, with the reason.", service.send_back)
    sign_off_post = POSTS.sign_off("签发; `unclassified` confirms 已经保密审查，不涉密.", service.sign_off)
    publish_post = POSTS.act("发布: what is signed is shown to whom it is shared with.", service.publish)
    withdraw_post = POSTS.act_because("撤下, with the reason; it stays readable as withdrawn.", service.withdraw)
    share_post = POSTS.share("Share a post with exactly these.", service.share)

    @shown(TENANT, "留言, in one's own name or for people of a sector.")
    def comment_on_post(
        self, info: Info, key: Id, id: Id, text: str, origin: PostOrigin | None = None, sector: str | None = None
    ) -> Post:
        def said(unit: Unit, who: Actor) -> PostRecord:
            writes(who)
            held = info.context.services.holds_comments
            return comment_service.comment(unit, who, id, text, origin, sector, held=held)

        return perform(  # type: ignore[return-value]
            info, key, plain(id=id, text=text, origin=origin, sector=sector), said
        )

    @shown(TENANT, "显示留言.")
    def show_comment(self, info: Info, key: Id, comment_id: Id) -> Post:
        told = plain(comment_id=comment_id)
        return perform(  # type: ignore[return-value]
            info, key, told, lambda unit, who: comment_service.show_comment(unit, who, comment_id)
        )

    @shown(TENANT, "隐藏留言, with the reason.")
    def hide_comment(self, info: Info, key: Id, comment_id: Id, reason: str) -> Post:
        return perform(  # type: ignore[return-value]
            info, key, plain(comment_id=comment_id, reason=reason),
            lambda unit, who: comment_service.hide_comment(unit, who, comment_id, reason),
        )  # fmt: skip

    @shown(TENANT, "撤回本人的留言.")
    def take_back_comment(self, info: Info, key: Id, comment_id: Id) -> Post:
        return perform(  # type: ignore[return-value]
            info, key, plain(comment_id=comment_id),
            lambda unit, who: comment_service.take_back_comment(unit, who, comment_id),
        )  # fmt: skip

    read_post = POSTS.act("已读.", comment_service.read)
    follow_post = POSTS.act("关注.", comment_service.follow)
    unfollow_post = POSTS.act("取消关注.", comment_service.unfollow)
