"""Tables of this room; private. What leaves is what `record()` lists, one by one."""

import datetime as dt

from sqlalchemy import Index, false
from sqlalchemy.orm import Mapped, mapped_column

from sync.contract.ids import Id
from sync.contract.shapes.activities import (
    ActivityFormat,
    ActivityKind,
    ActivityPart,
    ActivityRecord,
    ActivityState,
)
from tenant_service.activities.rules import Standing
from tenant_service.signing.columns import SignedColumns
from tenant_service.storage.columns import Ascii, CopyColumns, OwnColumns, Row
from tenant_service.storage.personal import Personal, personal
from tenant_service.storage.searched import Searched


class ActivityColumns(Searched):
    """An activity as its record tells it, ours or another committee's."""

    SEARCHED_AS = "activity"
    SEARCHED = ("title", "series", "place")
    id: Mapped[str]
    committee_id: Mapped[str]
    title: Mapped[str]
    kind: Mapped[ActivityKind]
    format: Mapped[ActivityFormat]
    state: Mapped[ActivityState]
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime | None]
    place: Mapped[str]
    venue_id: Mapped[str | None] = mapped_column(Ascii)
    host_ids: Mapped[list[str]]
    mechanism_id: Mapped[str | None] = mapped_column(Ascii)
    series: Mapped[str | None]
    issue_no: Mapped[int | None]
    ordinal: Mapped[int | None]
    organizer: Mapped[str]
    capacity: Mapped[int | None]
    sign_up_until: Mapped[dt.datetime | None]
    leader_present: Mapped[bool | None]
    members_present: Mapped[int | None]
    headcount: Mapped[int | None]
    suggestions: Mapped[list[str] | None]
    report: Mapped[str | None]
    backfilled: Mapped[bool]
    change_note: Mapped[str | None]
    parent_id: Mapped[str | None] = mapped_column(Ascii)
    part: Mapped[ActivityPart | None]
    is_by_member: Mapped[bool] = mapped_column(default=False, server_default=false())
    recurrence: Mapped[str | None]
    revision: Mapped[int]
    changed_at: Mapped[dt.datetime]

    def record(self) -> ActivityRecord:
        return ActivityRecord(
            id=Id(self.id), committee_id=Id(self.committee_id), title=self.title, kind=self.kind, format=self.format,
            state=self.state, starts_at=self.starts_at, ends_at=self.ends_at, place=self.place,
            venue_id=Id(self.venue_id) if self.venue_id else None, host_ids=[Id(each) for each in self.host_ids],
            mechanism_id=Id(self.mechanism_id) if self.mechanism_id else None, series=self.series,
            issue_no=self.issue_no, ordinal=self.ordinal, organizer=self.organizer, capacity=self.capacity,
            sign_up_until=self.sign_up_until, leader_present=self.leader_present,
            members_present=self.members_present, headcount=self.headcount, suggestions=self.suggestions,
            report=self.report, backfilled=self.backfilled, change_note=self.change_note, revision=self.revision,
            parent_id=Id(self.parent_id) if self.parent_id else None, part=self.part, is_by_member=self.is_by_member,
            recurrence=self.recurrence, changed_at=self.changed_at,
        )  # fmt: skip


class ActivityRow(ActivityColumns, OwnColumns, SignedColumns, Row):
    """An activity of this committee."""

    __tablename__ = "activity"
    held_on: Mapped[dt.date]  # the day it is counted on, Asia/Shanghai
    suggestion_count: Mapped[int] = mapped_column(default=0)
    contact_name: Mapped[str | None] = personal(Personal.NAME)
    contact_phone: Mapped[str | None] = personal(Personal.PHONE)
    checked_in: Mapped[int | None]
    """Members present by the list; `members_present`, which is told, follows when the activity was held."""
    ordinal_year: Mapped[int | None]
    """Of `ordinal`, which is given once in a year to one session of a kind at a venue."""
    initiated_by: Mapped[str | None] = personal(Personal.WHO, Ascii)
    """Member of ours who started it."""
    papers_open: Mapped[bool] = mapped_column(default=False, server_default=false())
    """会议材料: whoever is on its list opens what is attached to it."""
    root_id: Mapped[str | None] = mapped_column(Ascii)
    """Of one that is held again and again: the first of them."""
    desk_secret: Mapped[str]  # what the six digits at the check-in desk are made from

    def standing(self) -> Standing:
        return Standing(self.approval, self.state, self.starts_at)

    __table_args__ = (
        Index("activity_by_start", "starts_at", "committee_id", "id"),
        Index("activity_by_change", "changed_at", "committee_id", "id"),
        Index("activity_by_day", "held_on", "state", "kind"),
        Index("activity_by_venue", "venue_id", "kind", "held_on"),
        Index("activity_by_parent", "parent_id", "starts_at"),
        Index("activity_by_root", "root_id", "starts_at"),
        Index("activity_by_approval", "approval", "changed_at"),
        Index("activity_by_ordinal", "venue_id", "kind", "ordinal_year", "ordinal", unique=True),
    )


class SeenActivityRow(ActivityColumns, CopyColumns, Row):
    """An activity that another committee shared with us."""

    __tablename__ = "seen_activity"
    __table_args__ = (
        Index("seen_activity_by_start", "starts_at", "committee_id", "id"),
        Index("seen_activity_by_owner", "committee_id", "starts_at", "id"),
        Index("seen_activity_by_change", "changed_at", "committee_id", "id"),
        Index("seen_activity_by_parent", "parent_id"),
    )
