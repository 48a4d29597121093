"""What the first page shows of posts: what waits for somebody."""

from sync.contract.shapes.posts import PostState
from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.identity.policy import UseCase
from tenant_service.posts import queries
from tenant_service.posts.models import PostRow
from tenant_service.posts.rules import CommentState
from tenant_service.signing import queries as signing
from tenant_service.signing.rules import Approval
from tenant_service.web.site import Todo, Visit, Waits


def starts(visit: Visit) -> list[Link]:
    if visit.may(UseCase.EDIT_POSTS):
        return [Link("/posts/new", say("拟写发布"))]
    return [Link("/posts/new", say("发帖商量"))] if visit.may(UseCase.WRITE_POSTS) else []


def todos(visit: Visit) -> list[Todo]:
    if not visit.actor.sees_work:
        return _own(visit)
    session, waiting = visit.unit.session, signing.by_approval(visit.unit.session, PostRow)
    return [
        Todo(
            say("发布待审签"), waiting.get(Approval.IN_REVIEW, 0), "/posts?approval=IN_REVIEW",
            visit.waits(Waits.TO_REVIEW, UseCase.SIGN_OFF_POSTS),
        ),
        Todo(
            say("发布已退回"), waiting.get(Approval.RETURNED, 0), "/posts?approval=RETURNED",
            visit.waits(Waits.TO_DO, UseCase.EDIT_POSTS),
        ),
        Todo(
            say("已签发待发布"), queries.count(session, PostState.REVIEWED), "/posts?state=REVIEWED",
            visit.waits(Waits.TO_DO, UseCase.EDIT_POSTS),
        ),
        Todo(
            say("留言待审看"), queries.count_comments(session, CommentState.HELD), "/posts/comments",
            visit.waits(Waits.TO_DO, UseCase.EDIT_POSTS),
        ),
    ]  # fmt: skip


def _own(visit: Visit) -> list[Todo]:
    """What a member wrote and got back."""
    if not visit.may(UseCase.WRITE_POSTS):
        return []
    returned = queries.count_drafted(visit.unit.session, visit.actor.sub, Approval.RETURNED)
    return [Todo(say("我的发布已退回"), returned, "/posts?mine=drafted&approval=RETURNED", Waits.TO_DO)]
