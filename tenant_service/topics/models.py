"""Tables of this room; private. What leaves is what `record()` lists, one by one."""

import datetime as dt

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sync.contract.ids import Id
from sync.contract.shapes.items import Satisfaction
from sync.contract.shapes.procedures import Need
from sync.contract.shapes.topics import (
    ReturnReason,
    TopicCategory,
    TopicChannel,
    TopicRecord,
    TopicSource,
    TopicState,
)
from tenant_service.signing.columns import SignedColumns
from tenant_service.storage.columns import Ascii, CopyColumns, OwnColumns, Row
from tenant_service.storage.personal import Personal, personal
from tenant_service.storage.searched import Searched


class TopicColumns(Searched):
    """A topic as its record tells it, ours or another committee's."""

    SEARCHED_AS = "topic"
    SEARCHED = ("title", "theme", "area", "answer")
    id: Mapped[str]
    committee_id: Mapped[str]
    title: Mapped[str]
    state: Mapped[TopicState]
    source: Mapped[TopicSource]
    category: Mapped[TopicCategory | None]
    area: Mapped[str | None]
    raised_at: Mapped[dt.datetime]
    year: Mapped[int | None]
    theme: Mapped[str | None]
    answer: Mapped[str | None]
    closed_at: Mapped[dt.datetime | None]
    channel: Mapped[TopicChannel | None]
    venue_id: Mapped[str | None] = mapped_column(Ascii)
    area_id: Mapped[str | None] = mapped_column(Ascii)
    procedure_id: Mapped[str | None] = mapped_column(Ascii)
    step: Mapped[str | None] = mapped_column(Ascii)
    reporters: Mapped[int | None]
    items_agreed: Mapped[int | None]
    items_done: Mapped[int | None]
    satisfied: Mapped[int | None]
    dissatisfied: Mapped[int | None]
    reopened: Mapped[int | None]
    accepted_at: Mapped[dt.datetime | None]
    decided_by: Mapped[str | None]
    decided_on: Mapped[dt.date | None]
    tracked_until: Mapped[dt.date | None]
    merged_into_id: Mapped[str | None] = mapped_column(Ascii)
    split_from_id: Mapped[str | None] = mapped_column(Ascii)
    follows_up_id: Mapped[str | None] = mapped_column(Ascii)
    generalises_ids: Mapped[list[str] | None]
    summary: Mapped[str | None]
    return_reason: Mapped[ReturnReason | None]
    forwarded_to: Mapped[str | None]
    photos: Mapped[int | None]
    revision: Mapped[int]
    changed_at: Mapped[dt.datetime]

    def record(self) -> TopicRecord:
        return TopicRecord(
            id=Id(self.id), committee_id=Id(self.committee_id), title=self.title, state=self.state,
            source=self.source, category=self.category, area=self.area, raised_at=self.raised_at, year=self.year,
            theme=self.theme, answer=self.answer, closed_at=self.closed_at, channel=self.channel,
            venue_id=Id(self.venue_id) if self.venue_id else None,
            area_id=Id(self.area_id) if self.area_id else None,
            procedure_id=Id(self.procedure_id) if self.procedure_id else None, step=self.step,
            reporters=self.reporters, items_agreed=self.items_agreed, items_done=self.items_done,
            satisfied=self.satisfied, dissatisfied=self.dissatisfied, reopened=self.reopened,
            accepted_at=self.accepted_at, decided_by=self.decided_by, decided_on=self.decided_on,
            tracked_until=self.tracked_until,
            merged_into_id=Id(self.merged_into_id) if self.merged_into_id else None,
            split_from_id=Id(self.split_from_id) if self.split_from_id else None,
            follows_up_id=Id(self.follows_up_id) if self.follows_up_id else None,
            generalises_ids=[Id(each) for each in self.generalises_ids] if self.generalises_ids else None,
            summary=self.summary, return_reason=self.return_reason, forwarded_to=self.forwarded_to,
            photos=self.photos, revision=self.revision, changed_at=self.changed_at,
        )  # fmt: skip


class TopicRow(TopicColumns, OwnColumns, SignedColumns, Row):
    """A topic of this committee; what is signed is its public answer."""

    __tablename__ = "topic"
    drafted_answer: Mapped[str | None]
    """The public answer before it is signed."""
    work_note: Mapped[str | None]
    """办理情况: for the office alone; the public answer is another text."""
    raised_on: Mapped[dt.date]
    accepted_on: Mapped[dt.date | None]
    answered_on: Mapped[dt.date | None]
    """Day of the answer that stands; null again where it was taken up anew."""
    accept_by: Mapped[dt.date]
    accept_by_is_estimate: Mapped[bool]
    receiver_id: Mapped[str | None] = mapped_column(Ascii)
    """首接: a person of ours, or a venue whose members who answer for it receive it; null: the desk does."""
    in_charge_id: Mapped[str | None] = mapped_column(Ascii)
    """Unit, body or person of ours that looks after it."""
    step_due_on: Mapped[dt.date | None]
    step_due_is_estimate: Mapped[bool]
    items_open: Mapped[int | None]
    items_unassigned: Mapped[int | None]
    __table_args__ = (
        Index("topic_by_raised", "raised_at", "committee_id", "id"),
        Index("topic_by_change", "changed_at", "committee_id", "id"),
        Index("topic_by_state", "state", "changed_at"),
        Index("topic_by_area", "area_id", "category"),
        Index("topic_by_in_charge", "in_charge_id", "state"),
        Index("topic_by_tracked", "tracked_until"),
        Index("topic_by_raised_on", "raised_on", "source"),
        Index("topic_by_accepted_on", "accepted_on", "source"),
        Index("topic_by_answered_on", "answered_on", "source"),
    )


class SeenTopicRow(TopicColumns, CopyColumns, Row):
    """A topic that another committee shared with us."""

    __tablename__ = "seen_topic"
    __table_args__ = (
        Index("seen_topic_by_raised", "raised_at", "committee_id", "id"),
        Index("seen_topic_by_change", "changed_at", "committee_id", "id"),
    )


class TopicReporterRow(Row):
    """反映: what somebody reported, in their own words, and how they hear of what became of it. None of it ever leaves.

    `code_digest`: of the tracking code, which stands nowhere. `person_id`: a member of ours who recommended it.
    `told_step`: what was last told to them by phone; null: nothing was.
    """

    __tablename__ = "topic_reporter"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    topic_id: Mapped[str] = mapped_column(ForeignKey("topic.id"), index=True)
    at: Mapped[dt.datetime]
    channel: Mapped[TopicChannel]
    words: Mapped[str] = personal(Personal.TEXT)
    place: Mapped[str | None] = personal(Personal.TEXT)
    name: Mapped[str | None] = personal(Personal.NAME)
    phone: Mapped[str | None] = personal(Personal.PHONE, index=True)
    shows_name: Mapped[bool]
    person_id: Mapped[str | None] = personal(Personal.WHO, Ascii, index=True)
    code_digest: Mapped[str | None] = mapped_column(Ascii, unique=True)
    told_step: Mapped[str | None] = mapped_column(Ascii)
    told_at: Mapped[dt.datetime | None]
    rating: Mapped[Satisfaction | None]
    rated_at: Mapped[dt.datetime | None]
    remark: Mapped[str | None] = personal(Personal.TEXT)
    unsettled_at: Mapped[dt.datetime | None]
    """These four stand in `TopicRatingRow`; they are here for the release before, which asks for them."""


class TopicRatingRow(Row):
    """评价: what one reporter said of the answer to one topic that the report stands as. None of it ever leaves.

    `rating`, `remark`: the last word, of the answer that stood at `rated_at`. `unsettled_at`, `unsettled_words`: when
    仍未解决 was said, once of a topic, and how. `for_department`: who handles it may read both.
    """

    __tablename__ = "topic_rating"
    topic_id: Mapped[str] = mapped_column(ForeignKey("topic.id"), primary_key=True)
    reporter_id: Mapped[str] = mapped_column(ForeignKey("topic_reporter.id"), primary_key=True, index=True)
    rating: Mapped[Satisfaction | None]
    rated_at: Mapped[dt.datetime | None]
    remark: Mapped[str | None] = personal(Personal.TEXT)
    unsettled_at: Mapped[dt.datetime | None]
    unsettled_words: Mapped[str | None] = personal(Personal.TEXT)
    for_department: Mapped[bool]


class TopicStandingRow(Row):
    """Which topics the reports of a topic stand as: itself, or what it was merged into in the end, or all its parts."""

    __tablename__ = "topic_standing"
    topic_id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    stands_as_id: Mapped[str] = mapped_column(Ascii, primary_key=True, index=True)


class TopicProofRow(Row):
    """依据: what the office says is there, of a need that no record shows."""

    __tablename__ = "topic_proof"
    topic_id: Mapped[str] = mapped_column(ForeignKey("topic.id"), primary_key=True)
    need: Mapped[Need] = mapped_column(primary_key=True)
    day: Mapped[dt.date]
    note: Mapped[str]
    sub: Mapped[str] = mapped_column(Ascii)


class TopicHandRow(Row):
    """转交: to whom it was forwarded, counted from 1; `unit_id`: where that is a unit of ours."""

    __tablename__ = "topic_hand"
    topic_id: Mapped[str] = mapped_column(ForeignKey("topic.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    given_to: Mapped[str]
    unit_id: Mapped[str | None] = mapped_column(Ascii)


class TopicFollowRow(Row):
    """关注: an account that is told of changes; `seen_at`: when it looked last."""

    __tablename__ = "topic_follow"
    topic_id: Mapped[str] = mapped_column(ForeignKey("topic.id"), primary_key=True)
    sub: Mapped[str] = mapped_column(Ascii, primary_key=True, index=True)
    seen_at: Mapped[dt.datetime]


class TopicPictureShareRow(Row):
    """Pictures that came in a day by one door, or from one network or device: `came_by` names it, the latter two as a
    digest that says nothing of who it was and is another one on the next day.
    """

    __tablename__ = "topic_picture_share"
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    came_by: Mapped[str] = mapped_column(Ascii, primary_key=True)
    files: Mapped[int]
    bytes: Mapped[int] = mapped_column(BigInteger)


class TopicRouteRow(Row):
    """分派规则: who looks after topics of an area and a category; null stands for any.

    `covers`: both in one word, of which there is one rule.
    """

    __tablename__ = "topic_route"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    category: Mapped[TopicCategory | None]
    area_id: Mapped[str | None] = mapped_column(Ascii)
    target_id: Mapped[str] = mapped_column(Ascii)
    changed_at: Mapped[dt.datetime]
    covers: Mapped[str | None] = mapped_column(Ascii)
    __table_args__ = (Index("topic_route_covers", "covers", unique=True),)
