"""Tables of this room; private. Nothing of it leaves as a record."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenant_service.performance.result_rules import ObjectionState, ResultState
from tenant_service.performance.rules import Deed, LedgerSource
from tenant_service.performance.scheme_rules import Grade, SchemeRules, SchemeState, Scored, Shortfall
from tenant_service.storage.columns import Ascii, Listing, Row
from tenant_service.storage.personal import Personal, personal


class LedgerRow(Row):
    """One line of the ledger (履职台账): written once and never changed.

    Attributes:
        subject: The record for which it is: a participation, a topic, a proposal; of what the office entered, the line.
        version: Of that record.
        seq: The how-many-th line of this person for this record: two acts at one moment never write the same line.
        day: On which it was done, Asia/Shanghai; the line counts in that day's year.
        role: As what (主持, 发言), as the record says; null: nothing of that kind.
        is_late: It was written when its year was closed already.
        counters_id: The line that this one takes back (冲销); null: it takes back none.
        note: Why the office entered it, or took it back.
        written_by: Account of the office; null: it came of the record.
    """

    __tablename__ = "ledger_line"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    person_id: Mapped[str] = personal(Personal.WHO, Ascii)
    subject: Mapped[str] = mapped_column(Ascii)
    version: Mapped[int]
    seq: Mapped[int]
    deed: Mapped[Deed]
    day: Mapped[dt.date]
    role: Mapped[str | None] = mapped_column(Ascii)
    title: Mapped[str] = personal(Personal.TEXT)
    source: Mapped[LedgerSource]
    is_late: Mapped[bool]
    counters_id: Mapped[str | None] = mapped_column(Ascii, unique=True)
    note: Mapped[str | None] = personal(Personal.TEXT)
    written_at: Mapped[dt.datetime]
    written_by: Mapped[str | None] = mapped_column(Ascii)
    __table_args__ = (
        UniqueConstraint("person_id", "subject", "seq"),
        Index("ledger_line_by_person", "person_id", "day", "id"),
        Index("ledger_line_by_subject", "subject", "person_id"),
        Index("ledger_line_by_day", "day", "id"),
    )


class LedgerYearRow(Row):
    """结账: a year whose ledger is closed; whatever still comes for it is marked late."""

    __tablename__ = "ledger_year"
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    closed_at: Mapped[dt.datetime]
    closed_by: Mapped[str] = mapped_column(Ascii)


class SchemeRow(Row):
    """履职积分方案: one version, as data. What is in force is never edited.

    Attributes:
        year: For which it is.
        version: Of that year, from 1.
        origin: The scheme that it was made of; null: none of ours.
        note: What its source says, and what it leaves open.
    """

    __tablename__ = "scheme"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    year: Mapped[int]
    version: Mapped[int]
    name: Mapped[str]
    state: Mapped[SchemeState]
    rules: Mapped[SchemeRules] = mapped_column(Listing(SchemeRules))
    note: Mapped[str | None]
    origin: Mapped[str | None] = mapped_column(Ascii)
    drafted_by: Mapped[str] = mapped_column(Ascii)
    changed_at: Mapped[dt.datetime]
    __table_args__ = (UniqueConstraint("year", "version"),)


class ResultRow(Row):
    """年度履职结果: what a scheme made of everybody's ledger of one year; frozen when it is published.

    Attributes:
        id: Of the record; there is one for a year.
        until: Last day on which members may object; null: it is not published.
    """

    __tablename__ = "yearly_result"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    scheme_id: Mapped[str] = mapped_column(ForeignKey("scheme.id"))
    state: Mapped[ResultState]
    computed_at: Mapped[dt.datetime]
    computed_by: Mapped[str] = mapped_column(Ascii)
    published_at: Mapped[dt.datetime | None]
    until: Mapped[dt.date | None]
    final_at: Mapped[dt.datetime | None]


class MemberResultRow(Row):
    """One member in a yearly result, with what each line brought: titles stand in the ledger alone.

    Attributes:
        first_points, first_grade: As they were published, where they were put right since.
    """

    __tablename__ = "member_result"
    result_id: Mapped[str] = mapped_column(ForeignKey("yearly_result.id"), primary_key=True)
    person_id: Mapped[str] = personal(Personal.WHO, Ascii, primary_key=True)
    points: Mapped[int]
    grade: Mapped[Grade]
    is_warned: Mapped[bool]
    is_capped: Mapped[bool]
    scored: Mapped[list[Scored]] = mapped_column(Listing(list[Scored]))
    short: Mapped[list[Shortfall]] = mapped_column(Listing(list[Shortfall]))
    first_points: Mapped[int | None]
    first_grade: Mapped[Grade | None]
    __table_args__ = (Index("member_result_by_points", "result_id", "points"),)


class ObjectionRow(Row):
    """异议: what a member says is wrong in the own result, and what became of it.

    Attributes:
        line_id: The line that it is about; null: one is missing.
        answer: Why it was put right, or was not.
        was, became: Points before and after it was put right.
    """

    __tablename__ = "objection"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    result_id: Mapped[str] = mapped_column(ForeignKey("yearly_result.id"))
    person_id: Mapped[str] = personal(Personal.WHO, Ascii)
    line_id: Mapped[str | None] = mapped_column(Ascii)
    state: Mapped[ObjectionState]
    text: Mapped[str] = personal(Personal.TEXT)
    at: Mapped[dt.datetime]
    answer: Mapped[str | None] = personal(Personal.TEXT)
    answered_at: Mapped[dt.datetime | None]
    was: Mapped[int | None]
    became: Mapped[int | None]
    __table_args__ = (
        Index("objection_by_state", "state", "at"),
        Index("objection_by_person", "person_id", "result_id"),
    )
