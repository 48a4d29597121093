"""Every read of this room."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.posts import PostKind, PostOrigin, PostRecord, PostState
from tenant_service.exchange.sharing.at_home import AtHome, to_author
from tenant_service.exchange.sharing.shared_repository import SharedRepository
from tenant_service.identity.actor import Actor
from tenant_service.posts.models import PostCommentRow, PostFollowRow, PostReadingRow, PostRow, SeenPostRow
from tenant_service.posts.rules import TELLING, CommentState
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.signing.rules import Approval
from tenant_service.storage.repository import Repository


@dataclass(frozen=True)
class Wanted:
    """Which posts; everything given must hold. `followed_by`, `drafted_by`: accounts; of ours alone."""

    kinds: Sequence[PostKind] = ()
    states: Sequence[PostState] = ()
    approvals: Sequence[Approval] = ()
    text: str | None = None
    followed_by: str | None = None
    drafted_by: str | None = None


def _matching(model: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, values in ((model.kind, wanted.kinds), (model.state, wanted.states)):
        if values:
            found.append(column.in_(values))
    if wanted.text:
        words = (column.contains(wanted.text, autoescape=True) for column in (model.title, model.text))
        found.append(or_(*words))
    return [*found, *(_of_ours(wanted) if model is PostRow else ())]


def _of_ours(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.approvals:
        found.append(PostRow.approval.in_(wanted.approvals))
    if wanted.drafted_by:
        found.append(PostRow.drafted_by == wanted.drafted_by)
    if wanted.followed_by:
        followed = select(PostFollowRow.post_id).where(PostFollowRow.sub == wanted.followed_by)
        found.append(PostRow.id.in_(followed))
    return found


_HOME = AtHome(insiders=[PostRow.state.in_(TELLING), PostRow.published_on.is_not(None)],
               ways=(to_author(PostRow.drafted_by),))  # fmt: skip
"""Whoever belongs to this committee is shown what was published; who wrote a post sees it before."""
POSTS: SharedRepository[PostRow, SeenPostRow, PostRecord, Wanted] = SharedRepository(
    PostRow, SeenPostRow, _matching, _HOME
)
listed, reaching, one, at_work = POSTS.listed, POSTS.reaching, POSTS.one, POSTS.at_work
ours, locked, newest_change = POSTS.ours, POSTS.locked, POSTS.newest_change
_COMMENTS = Repository(PostCommentRow)
comment, locked_comment = _COMMENTS.ours, _COMMENTS.locked


def mine(session: Session, actor: Actor, id: str) -> PostRow | None:
    """Our post as whoever wrote it or works on it sees it; None to all others."""
    row = at_work(session, actor, id)
    if row is None and actor.is_inside:
        row = session.get(PostRow, id)
        return row if row is not None and row.drafted_by == actor.sub else None
    return row


def is_shown(session: Session, actor: Actor, id: str) -> bool:
    """Whether it is a post of ours that the actor is shown: what is attached to it is shown to the same."""
    found = one(session, actor, id)
    return found is not None and found.committee_id == actor.committee


def takes_files(session: Session, actor: Actor, id: str) -> bool:
    """Whether whoever wrote it, or the office, may still attach something: what is signed stays as it was signed."""
    row = mine(session, actor, id)
    return row is not None and row.state is PostState.DRAFT and row.approval is not Approval.IN_REVIEW


def count_drafted(session: Session, sub: str, approval: Approval) -> int:
    """How many posts of this account stand there in 审签."""
    held = (PostRow.drafted_by == sub, PostRow.approval == approval)
    return session.scalar(select(func.count()).select_from(PostRow).where(*held)) or 0


def count(session: Session, state: PostState) -> int:
    """How many of our posts stand there."""
    return session.scalar(select(func.count()).select_from(PostRow).where(PostRow.state == state)) or 0


# ── comments, readers, followers ──


def comments(session: Session, actor: Actor, post: str) -> list[PostCommentRow]:
    """What was said to a post of ours, the oldest first: what is shown to everybody inside, and to the office and
    whoever said it also what is held or hidden; nothing to others.
    """
    if not actor.is_inside or not is_shown(session, actor, post):
        return []
    wanted = select(PostCommentRow).where(PostCommentRow.post_id == post)
    if not actor.sees_work:
        wanted = wanted.where(or_(PostCommentRow.state == CommentState.SHOWN, PostCommentRow.sub == actor.sub))
    return list(session.scalars(wanted.order_by(PostCommentRow.at, PostCommentRow.id)))


def held_comments(session: Session) -> list[tuple[PostCommentRow, str]]:
    """Every comment that waits to be looked at, the oldest first, each with the title of its post."""
    wanted = select(PostCommentRow, PostRow.title).join(PostRow, PostRow.id == PostCommentRow.post_id)
    rows = session.execute(wanted.where(PostCommentRow.state == CommentState.HELD).order_by(PostCommentRow.at))
    return [(row, title) for row, title in rows]


def count_comments(session: Session, state: CommentState, post: str | None = None) -> int:
    """How many comments stand there, of one post or of all."""
    held = [PostCommentRow.state == state, *([PostCommentRow.post_id == post] if post else [])]
    return session.scalar(select(func.count()).select_from(PostCommentRow).where(*held)) or 0


def readings(session: Session, post: str) -> list[PostReadingRow]:
    """Who said that they read it, the first one first."""
    wanted = select(PostReadingRow).where(PostReadingRow.post_id == post)
    return list(session.scalars(wanted.order_by(PostReadingRow.at, PostReadingRow.sub)))


def has_read(session: Session, sub: str, post: str) -> bool:
    return session.get(PostReadingRow, (post, sub)) is not None


def follows(session: Session, sub: str, post: str) -> bool:
    return session.get(PostFollowRow, (post, sub)) is not None


def followers(session: Session, post: str) -> list[str]:
    """Accounts that follow it, as they came."""
    wanted = select(PostFollowRow.sub).where(PostFollowRow.post_id == post)
    return list(session.scalars(wanted.order_by(PostFollowRow.since, PostFollowRow.sub)))


# ── what a proposal came from ──


@dataclass(frozen=True)
class Voice:
    """One who had a part in a thread: its author, or somebody who said something to it.

    Attributes:
        person: Pseudonym of the member; None: no member of ours, or erased.
        origin, sector: Whose thought it was, and of which 界别 (界别群众).
        comment: The comment's id; None: the thread itself.
    """

    person: str | None
    name: str
    origin: PostOrigin
    sector: str | None
    text: str
    at: dt.datetime | None
    comment: str | None = None


@dataclass(frozen=True)
class Thread:
    """来源: a thread of ours with everybody who had a part in it, as a proposal that grew out of it tells it.

    Attributes:
        voices: The author first, then the comments that are shown, the oldest first.
        converted_to: Records that it became, the first one first.
    """

    id: str
    title: str
    kind: PostKind
    state: PostState
    voices: tuple[Voice, ...]
    converted_to: tuple[str, ...]

    @property
    def from_sectors(self) -> bool:
        """Whether people of a sector (界别群众) are among its sources."""
        return any(each.origin is PostOrigin.SECTOR for each in self.voices)


def thread_of(session: Session, id: str) -> Thread:
    """A published post of ours, with where each thought in it came from. Who may see that is for the caller to know.

    Raises:
        Refusal: NOT_FOUND, there is no such post, or it was never published.
    """
    row = ours(session, id)
    if row.published_on is None:
        raise Refusal(Code.NOT_FOUND)
    wanted = select(PostCommentRow).where(PostCommentRow.post_id == id, PostCommentRow.state == CommentState.SHOWN)
    said = session.scalars(wanted.order_by(PostCommentRow.at, PostCommentRow.id))
    author = Voice(row.author_id, row.author or "", row.origin, row.sector, row.text, row.signed_at)
    others = (Voice(each.person_id, each.author, each.origin, each.sector, each.text, each.at, each.id)
              for each in said)  # fmt: skip
    became = links.targets(session, id, Relation.CONVERTED_TO)
    return Thread(row.id, row.title, row.kind, row.state, (author, *others), tuple(became))
