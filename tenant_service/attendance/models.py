"""Tables of this room; private."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sync.contract.ids import Id
from sync.contract.shapes.participations import LeaveKind, ParticipationRecord, ParticipationRole, ParticipationState
from tenant_service.storage.columns import Ascii, CopyColumns, Row
from tenant_service.storage.personal import Personal, personal


class ParticipationColumns:
    """A participation as its record tells it, ours or another host's."""

    id: Mapped[str]
    committee_id: Mapped[str]
    activity_id: Mapped[str]
    person_id: Mapped[str | None] = personal(Personal.WHO, Ascii)
    home_id: Mapped[str | None] = mapped_column(Ascii)
    role: Mapped[ParticipationRole]
    state: Mapped[ParticipationState]
    checked_in_at: Mapped[dt.datetime | None]
    checked_out_at: Mapped[dt.datetime | None]
    reason: Mapped[str | None] = personal(Personal.TEXT)
    revision: Mapped[int]

    def record(self) -> ParticipationRecord:
        return ParticipationRecord(
            id=Id(self.id), committee_id=Id(self.committee_id), activity_id=Id(self.activity_id),
            person_id=Id(self.person_id) if self.person_id else None,
            home_id=Id(self.home_id) if self.home_id else None, role=self.role, state=self.state,
            checked_in_at=self.checked_in_at, checked_out_at=self.checked_out_at, reason=self.reason,
            revision=self.revision,
        )  # fmt: skip


class ParticipationRow(ParticipationColumns, Row):
    """One person, or one body that must answer, at one activity of ours."""

    __tablename__ = "participation"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    committee_id: Mapped[str] = mapped_column(Ascii)
    activity_id: Mapped[str] = mapped_column(ForeignKey("activity.id"))
    participant: Mapped[str] = personal(Personal.WHO, Ascii)  # id of the person or of the body
    name: Mapped[str] = personal(Personal.NAME)  # shown at the desk; never travels with the record
    group_name: Mapped[str | None] = personal(Personal.TEXT)
    seat: Mapped[str | None] = personal(Personal.TEXT)
    must_answer: Mapped[bool]  # 部门报到: a body that was called has to answer
    leave: Mapped[LeaveKind | None]
    recorded_by: Mapped[str] = mapped_column(Ascii)  # account, or the home that asked
    changed_at: Mapped[dt.datetime]
    queued_at: Mapped[dt.datetime]  # the waiting list goes by it
    __table_args__ = (
        UniqueConstraint("activity_id", "participant"),
        Index("participation_by_state", "activity_id", "state", "queued_at"),
        Index("participation_by_person", "person_id", "activity_id"),
    )


class SeenParticipationRow(ParticipationColumns, CopyColumns, Row):
    """What another host told us about one of our people."""

    __tablename__ = "seen_participation"
    activity_id: Mapped[str] = mapped_column(Ascii)
    __table_args__ = (Index("seen_participation_by_person", "person_id", "activity_id"),)


class IssuedCodeRow(Row):
    """That one of our people was shown a check-in code on a day, Asia/Shanghai: it says the name to whoever takes it.

    `activity_id`: "" for a walk-in's. `until`: the last moment at which the code is taken.
    """

    __tablename__ = "issued_code"
    person_id: Mapped[str] = personal(Personal.WHO, Ascii, primary_key=True)
    activity_id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    until: Mapped[dt.datetime] = mapped_column(index=True)


class UsedCodeRow(Row):
    """A check-in code that was taken; it is not taken again."""

    __tablename__ = "used_code"
    jti: Mapped[str] = mapped_column(Ascii, primary_key=True)
    activity_id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    at: Mapped[dt.datetime]
