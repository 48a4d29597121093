"""Tables of this room; private. Nothing of it leaves as a record."""

import datetime as dt

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenant_service.performance.rules import Deed, LedgerSource
from tenant_service.storage.columns import Ascii, Row
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
