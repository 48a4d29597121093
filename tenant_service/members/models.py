"""Tables of this room; private. What leaves is what `record()` lists, one by one."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from sync.contract.ids import Id
from sync.contract.shapes.members import (
    BodyKind,
    BodyRecord,
    MembershipEnding,
    MembershipEntry,
    MembershipKind,
    MembershipRecord,
    MembershipState,
    PersonRecord,
    UnitKind,
    UnitRecord,
)
from sync.contract.shapes.sectors import Party, Sector
from tenant_service.members.rules import Gender
from tenant_service.storage.columns import Ascii, CopyColumns, OwnColumns, Row
from tenant_service.storage.personal import Personal, personal
from tenant_service.storage.searched import Searched


class UnitColumns(Searched):
    """A unit as its record tells it, ours or another committee's."""

    SEARCHED_AS = "unit"
    SEARCHED = ("name",)
    id: Mapped[str]
    committee_id: Mapped[str]
    kind: Mapped[UnitKind]
    name: Mapped[str]
    sort_key: Mapped[str] = mapped_column(Ascii)
    sector: Mapped[Sector | None]
    parent_id: Mapped[str | None] = mapped_column(Ascii)
    since: Mapped[dt.date | None]
    until: Mapped[dt.date | None]
    merged_into_id: Mapped[str | None] = mapped_column(Ascii)

    def record(self) -> UnitRecord:
        return UnitRecord(
            id=Id(self.id), committee_id=Id(self.committee_id), kind=self.kind, name=self.name, sort_key=self.sort_key,
            sector=self.sector, parent_id=_id(self.parent_id), since=self.since, until=self.until,
            merged_into_id=_id(self.merged_into_id),
        )  # fmt: skip


class UnitRow(UnitColumns, OwnColumns, Row):
    """A unit of this committee."""

    __tablename__ = "org_unit"
    __table_args__ = (
        Index("org_unit_by_name", "sort_key", "committee_id", "id"),
        Index("org_unit_by_kind", "kind", "sort_key"),
        Index("org_unit_by_parent", "parent_id"),
    )


class SeenUnitRow(UnitColumns, CopyColumns, Row):
    """A unit that another committee shared with us."""

    __tablename__ = "seen_unit"
    __table_args__ = (Index("seen_unit_by_name", "sort_key", "committee_id", "id"),)


class PrivateColumns:
    """What stands beside a row that is shown to nobody outside this committee."""

    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    committee_id: Mapped[str] = mapped_column(Ascii)
    revision: Mapped[int]
    changed_at: Mapped[dt.datetime]


class BodyColumns:
    """A body as its record tells it, ours or another committee's."""

    id: Mapped[str]
    committee_id: Mapped[str]
    kind: Mapped[BodyKind]
    name: Mapped[str]
    sort_key: Mapped[str] = mapped_column(Ascii)
    until: Mapped[dt.date | None]

    def record(self) -> BodyRecord:
        return BodyRecord(
            id=Id(self.id), committee_id=Id(self.committee_id), kind=self.kind, name=self.name, sort_key=self.sort_key,
            until=self.until,
        )  # fmt: skip


class BodyRow(BodyColumns, PrivateColumns, Row):
    """A department, enterprise or organisation that the committee works with."""

    __tablename__ = "body"
    shares: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    """承办范围: whose assignments it takes, as the office chose; see `members.offer_service`."""
    coordinates: Mapped[bool] = mapped_column(default=False, server_default=false())
    """可任交办单位."""
    contact_name: Mapped[str | None] = personal(Personal.NAME)
    contact_phone: Mapped[str | None] = personal(Personal.PHONE)
    closed_because: Mapped[str | None]
    __table_args__ = (Index("body_by_name", "sort_key", "committee_id", "id"),)


class SeenBodyRow(BodyColumns, CopyColumns, Row):
    """A body of another committee's list that takes our assignments."""

    __tablename__ = "seen_body"


class PersonRow(PrivateColumns, Row):
    """A member, expert or staff person of this committee."""

    __tablename__ = "person"
    name: Mapped[str] = personal(Personal.NAME)
    sort_key: Mapped[str] = personal(Personal.NAME, Ascii)
    """By roster number, else by strokes of the surname: `tenant_service.members.names.sort_key`."""
    tags: Mapped[list[str]] = personal(Personal.TEXT)
    gender: Mapped[Gender | None] = personal(Personal.GENDER)
    birth_month: Mapped[str | None] = personal(Personal.BIRTH, Ascii)
    """YYYY-MM."""
    work_phone: Mapped[str | None] = personal(Personal.PHONE)
    employer: Mapped[str | None] = personal(Personal.WORK)
    roster_no: Mapped[str | None] = personal(Personal.NUMBER, unique=True)
    left_on: Mapped[dt.date | None]
    """First day on which this committee had nothing to do with the person any more."""
    __table_args__ = (
        Index("person_by_place", "sort_key", "committee_id", "id"),
        Index("person_by_name", "name", "birth_month"),
    )

    def record(self) -> PersonRecord:
        return PersonRecord(
            id=Id(self.id), committee_id=Id(self.committee_id), name=self.name, sort_key=self.sort_key,
            tags=list(self.tags),
        )  # fmt: skip


class PersonTagRow(Row):
    """标签: persons by tag; `PersonRow.tags` has the same in the order in which they were given."""

    __tablename__ = "person_tag"
    tag: Mapped[str] = personal(Personal.TEXT, primary_key=True)
    person_id: Mapped[str] = personal(Personal.WHO, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)


class MembershipRow(PrivateColumns, Row):
    """What a person is in a unit or in the committee, or what a unit is posted to, and for how long."""

    __tablename__ = "membership"
    kind: Mapped[MembershipKind]
    state: Mapped[MembershipState]
    person_id: Mapped[str | None] = personal(Personal.WHO, ForeignKey("person.id"), index=True)
    holder_unit_id: Mapped[str | None] = mapped_column(ForeignKey("org_unit.id"), index=True)
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("org_unit.id"))
    body_id: Mapped[str | None] = mapped_column(ForeignKey("body.id"), index=True)
    with_person_id: Mapped[str | None] = personal(Personal.WHO, Ascii, index=True)
    """一对一联系: whom the person is in touch with."""
    title: Mapped[str | None] = personal(Personal.WORK)
    term: Mapped[int | None]
    sector: Mapped[Sector | None]
    party: Mapped[Party | None] = personal(Personal.PARTY)
    since: Mapped[dt.date | None]
    until: Mapped[dt.date | None]
    entry: Mapped[MembershipEntry | None]
    decided_by: Mapped[str | None]
    decided_on: Mapped[dt.date | None]
    ending: Mapped[MembershipEnding | None]
    ended_by: Mapped[str | None]
    ended_on: Mapped[dt.date | None]
    __table_args__ = (
        Index("membership_by_unit", "unit_id", "kind", "person_id"),
        Index("membership_by_seat", "kind", "unit_id", "term", "sector", "person_id"),
    )

    def record(self) -> MembershipRecord:
        return MembershipRecord(
            id=Id(self.id), committee_id=Id(self.committee_id), kind=self.kind, state=self.state,
            person_id=_id(self.person_id), unit_id=_id(self.unit_id), body_id=_id(self.body_id),
            holder_unit_id=_id(self.holder_unit_id), with_person_id=_id(self.with_person_id),
            title=self.title, term=self.term, sector=self.sector,
            party=self.party, since=self.since, until=self.until, entry=self.entry, decided_by=self.decided_by,
            decided_on=self.decided_on, ending=self.ending, ended_by=self.ended_by, ended_on=self.ended_on,
        )  # fmt: skip


class SegmentRow(Row):
    """名单: a question about members that the office asks again and again, under a name. It holds nobody: who is meant
    is looked up anew each time.
    """

    __tablename__ = "member_segment"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    wanted: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_by: Mapped[str] = mapped_column(Ascii)
    saved_at: Mapped[dt.datetime]


def _id(id: str | None) -> Id | None:
    return Id(id) if id else None
