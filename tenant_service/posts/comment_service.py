"""留言、已读、关注: what members do with a post of ours. One function, one use case, one transaction."""

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.posts import PostOrigin, PostRecord, PostState
from tenant_service import wording
from tenant_service.exchange import way_out
from tenant_service.history import taken
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.posts import crediting, queries, rules
from tenant_service.posts.descriptions import sector_of
from tenant_service.posts.entries import channels_of, writes
from tenant_service.posts.models import PostCommentRow, PostFollowRow, PostReadingRow, PostRow
from tenant_service.posts.rules import COMMENTS, STATES, Act, CommentAct, CommentState
from tenant_service.storage.unit_of_work import Unit

LONGEST = 2_000


def comment(
    unit: Unit, actor: Actor, id: str, text: str, origin: PostOrigin | None = None, sector: str | None = None, *,
    held: bool,
) -> PostRecord:  # fmt: skip
    """留言: somebody says something to a published post, in their own name or for people of a sector.
    `held`: comments are looked at before they are shown, besides the office's own.

    Raises:
        Refusal: NOT_SIGNED_IN, FORBIDDEN; NOT_FOUND, it is not shown to the actor; OUT_OF_TURN, it is not published;
            BAD_VALUE, CLASSIFIED.
    """
    writes(actor)
    row = _shown(unit, actor, id)
    STATES.after(Act.COMMENT, row.state)
    is_office = actor.may(UseCase.EDIT_POSTS)
    said_for = origin or (PostOrigin.OFFICE if is_office else PostOrigin.MEMBER)
    made = PostCommentRow(
        id=unit.new_id("comment"), post_id=id, state=rules.first_state(held=held and not is_office), at=unit.now,
        sub=actor.sub, person_id=actor.person, author=actor.name, text=wording.text("text", text, LONGEST),
        origin=said_for, sector=sector_of(said_for, sector), hidden_because=None,
    )  # fmt: skip
    unit.session.add(made)
    unit.session.flush()
    taken.write(unit, actor, made.id, "comment", None, made.state)
    return _recounted(unit, actor, row, "post.comment")


def show_comment(unit: Unit, actor: Actor, comment_id: str) -> PostRecord:
    """显示: everybody inside reads it. Raises: Refusal FORBIDDEN, NOT_FOUND, OUT_OF_TURN."""
    actor.require(UseCase.EDIT_POSTS)
    said = _stepped(unit, actor, comment_id, CommentAct.SHOW)
    said.hidden_because = None
    return _recounted(unit, actor, queries.locked(unit.session, said.post_id), "post.show_comment")


def hide_comment(unit: Unit, actor: Actor, comment_id: str, why: str) -> PostRecord:
    """隐藏: nobody but the office and its author reads it, and the author reads why.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.EDIT_POSTS)
    said = _stepped(unit, actor, comment_id, CommentAct.HIDE, wording.reason(why))
    said.hidden_because = wording.reason(why)
    return _recounted(unit, actor, queries.locked(unit.session, said.post_id), "post.hide_comment")


def take_back_comment(unit: Unit, actor: Actor, comment_id: str) -> PostRecord:
    """撤回: whoever said it does not want it shown any more.

    Raises:
        Refusal: NOT_SIGNED_IN, FORBIDDEN, OUT_OF_TURN; NOT_FOUND, also where it is somebody else's.
    """
    writes(actor)
    if queries.comment(unit.session, comment_id).sub != actor.sub:
        raise Refusal(Code.NOT_FOUND)
    said = _stepped(unit, actor, comment_id, CommentAct.TAKE_BACK)
    return _recounted(unit, actor, queries.locked(unit.session, said.post_id), "post.take_back_comment")


def read(unit: Unit, actor: Actor, id: str) -> PostRecord:
    """已读: the account says that it read the post; said again, the first time stands.

    This is the one place where reading is credited, about the post in the revision that was read.

    Raises:
        Refusal: NOT_SIGNED_IN; NOT_FOUND, it is not shown to the actor; OUT_OF_TURN, it is not published.
    """
    row = _shown(unit, actor, id)
    STATES.after(Act.COMMENT, row.state)
    if not queries.has_read(unit.session, actor.sub, id):
        reading = PostReadingRow(post_id=id, sub=actor.sub, person_id=actor.person, name=actor.name, at=unit.now)
        unit.session.add(reading)
        unit.session.flush()
        crediting.credited(unit, row, reading)
        audit.note(unit, actor, "post.read", id)
    return row.record()


def follow(unit: Unit, actor: Actor, id: str) -> PostRecord:
    """关注: the account finds the post on its own list. Raises: Refusal NOT_SIGNED_IN, NOT_FOUND."""
    row = _shown(unit, actor, id)
    if not queries.follows(unit.session, actor.sub, id):
        unit.session.add(PostFollowRow(post_id=id, sub=actor.sub, since=unit.now))
        unit.session.flush()
        audit.note(unit, actor, "post.follow", id)
    return row.record()


def unfollow(unit: Unit, actor: Actor, id: str) -> PostRecord:
    """取消关注. Raises: Refusal NOT_SIGNED_IN; NOT_FOUND, the account does not follow it."""
    row, followed = _shown(unit, actor, id), unit.session.get(PostFollowRow, (id, actor.sub))
    if followed is None:
        raise Refusal(Code.NOT_FOUND)
    unit.session.delete(followed)
    audit.note(unit, actor, "post.unfollow", id)
    return row.record()


def _shown(unit: Unit, actor: Actor, id: str) -> PostRow:
    """Our post, locked, if somebody of ours is shown it. Raises: Refusal NOT_SIGNED_IN, FORBIDDEN, NOT_FOUND."""
    if not actor.iss:
        raise Refusal(Code.NOT_SIGNED_IN)
    if actor.must_change:
        raise Refusal(Code.PASSWORD_CHANGE_NEEDED)
    if not actor.is_inside:
        raise Refusal(Code.FORBIDDEN)
    if not queries.is_shown(unit.session, actor, id):
        raise Refusal(Code.NOT_FOUND)
    return queries.locked(unit.session, id)


def _stepped(unit: Unit, actor: Actor, id: str, act: CommentAct, because: str | None = None) -> PostCommentRow:
    said = queries.locked_comment(unit.session, id)
    taken.take(unit, actor, said, COMMENTS, act, because)
    return said


def _recounted(unit: Unit, actor: Actor, row: PostRow, act: str) -> PostRecord:
    """The post says how many comments are shown; a post that was taken down tells nobody of it."""
    unit.session.flush()
    row.comments = queries.count_comments(unit.session, CommentState.SHOWN, row.id)
    channels = channels_of(row) if row.state is PostState.PUBLISHED else None
    return way_out.changed(unit, actor, row, act, channels)
