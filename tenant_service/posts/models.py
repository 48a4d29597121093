"""Tables of this room; private. What leaves is what `record()` lists, one by one."""

import datetime as dt

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sync.contract.ids import Id
from sync.contract.shapes.posts import PostKind, PostOrigin, PostRecord, PostState
from tenant_service.posts.rules import CommentState, Standing, may_be_told
from tenant_service.signing.columns import SignedColumns
from tenant_service.storage.columns import Ascii, CopyColumns, OwnColumns, Row
from tenant_service.storage.personal import Personal, personal
from tenant_service.storage.searched import Searched


class PostColumns(Searched):
    """A post as its record tells it, ours or another committee's."""

    SEARCHED_AS = "post"
    SEARCHED = ("title", "text")
    id: Mapped[str]
    committee_id: Mapped[str]
    kind: Mapped[PostKind]
    title: Mapped[str]
    text: Mapped[str]
    state: Mapped[PostState]
    origin: Mapped[PostOrigin]
    sector: Mapped[str | None]
    author: Mapped[str | None]
    """A byline, which is published with the text; it is erased with the rest of whoever it names."""
    number: Mapped[str | None]
    source: Mapped[str | None]
    books: Mapped[list[str] | None]
    links: Mapped[list[str] | None]
    published_on: Mapped[dt.date | None]
    withdrawn_because: Mapped[str | None]
    comments: Mapped[int | None]
    revision: Mapped[int]
    changed_at: Mapped[dt.datetime]

    def record(self) -> PostRecord:
        return PostRecord(
            id=Id(self.id), committee_id=Id(self.committee_id), kind=self.kind, title=self.title, text=self.text,
            state=self.state, origin=self.origin, sector=self.sector, author=self.author, number=self.number,
            source=self.source, books=self.books, links=self.links, published_on=self.published_on,
            withdrawn_because=self.withdrawn_because, comments=self.comments, revision=self.revision,
            changed_at=self.changed_at,
        )  # fmt: skip


class PostRow(PostColumns, OwnColumns, SignedColumns, Row):
    """A post of this committee."""

    __tablename__ = "post"
    author_id: Mapped[str | None] = personal(Personal.WHO, Ascii)
    """The member who wrote it, where one did."""
    converted_on: Mapped[dt.date | None]
    """Day on which it first became a proposal."""
    __table_args__ = (
        Index("post_by_change", "changed_at", "committee_id", "id"),
        Index("post_by_day", "published_on", "committee_id", "id"),
        Index("post_by_approval", "approval", "changed_at"),
        Index("post_by_author", "author_id"),
        Index("post_by_conversion", "converted_on", "kind"),
    )

    def standing(self) -> Standing:
        return Standing(self.approval, self.state)

    def may_be_told(self) -> bool:
        """Whether the record may leave this committee now."""
        return may_be_told(self.standing(), was_published=self.published_on is not None)


class SeenPostRow(PostColumns, CopyColumns, Row):
    """A post that another committee shared with us."""

    __tablename__ = "seen_post"
    __table_args__ = (
        Index("seen_post_by_change", "changed_at", "committee_id", "id"),
        Index("seen_post_by_day", "published_on", "committee_id", "id"),
    )


class PostCommentRow(Row):
    """留言: what a member says to a post of ours. It is hidden with a reason, never deleted."""

    __tablename__ = "post_comment"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    post_id: Mapped[str] = mapped_column(ForeignKey("post.id"))
    state: Mapped[CommentState]
    at: Mapped[dt.datetime]
    sub: Mapped[str] = mapped_column(Ascii)  # accounts never leave this committee
    person_id: Mapped[str | None] = personal(Personal.WHO, Ascii, index=True)
    author: Mapped[str] = personal(Personal.NAME)
    text: Mapped[str] = personal(Personal.TEXT)
    origin: Mapped[PostOrigin]
    sector: Mapped[str | None]
    hidden_because: Mapped[str | None]
    __table_args__ = (Index("post_comment_of", "post_id", "at", "id"), Index("post_comment_by_state", "state", "at"))


class PostReadingRow(Row):
    """已读: who of ours said that they read a post, when."""

    __tablename__ = "post_reading"
    post_id: Mapped[str] = mapped_column(ForeignKey("post.id"), primary_key=True)
    sub: Mapped[str] = mapped_column(Ascii, primary_key=True)
    person_id: Mapped[str | None] = personal(Personal.WHO, Ascii, index=True)
    name: Mapped[str] = personal(Personal.NAME)
    at: Mapped[dt.datetime]


class PostFollowRow(Row):
    """关注: which account follows a post."""

    __tablename__ = "post_follow"
    post_id: Mapped[str] = mapped_column(ForeignKey("post.id"), primary_key=True)
    sub: Mapped[str] = mapped_column(Ascii, primary_key=True, index=True)
    since: Mapped[dt.datetime]
