"""Tables of this room; private. Nothing of them leaves."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from tenant_service.spreadsheets.rules import ImportState, Outcome
from tenant_service.storage.columns import Ascii, Row
from tenant_service.storage.personal import Personal, personal


class BatchRow(Row):
    """One roster file: its preview, and what became of it."""

    __tablename__ = "roster_batch"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    by: Mapped[str] = mapped_column(Ascii)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    file_name: Mapped[str]
    heads: Mapped[list[str]]
    """The file's own column heads, for the download of the bad rows."""
    state: Mapped[ImportState]
    digest: Mapped[str] = mapped_column(Ascii)
    """Over all rows of the preview: whoever applies says which preview was looked at."""


class LineRow(Row):
    """One row of a roster file. `plan` and `before` are JSON, see `tenant_service.roster.matching`."""

    __tablename__ = "roster_line"
    batch_id: Mapped[str] = mapped_column(ForeignKey("roster_batch.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Row of the file as a spreadsheet counts, from 1."""
    name: Mapped[str] = personal(Personal.NAME)
    roster_no: Mapped[str | None] = personal(Personal.NUMBER)
    birth_month: Mapped[str | None] = personal(Personal.BIRTH, Ascii)
    verdict: Mapped[Outcome]
    reason: Mapped[str | None] = personal(Personal.TEXT)
    """Why it is an error, in Chinese; or why a good row was left out in the end."""
    cells: Mapped[list[str]] = personal(Personal.TEXT)
    """The row as it stood in the file, until it is taken."""
    plan: Mapped[bytes] = personal(Personal.TEXT, LargeBinary)
    person_id: Mapped[str | None] = personal(Personal.WHO, Ascii)
    revision: Mapped[int | None]
    """Of the person: when it was previewed; from then on, after it was applied."""
    before: Mapped[bytes | None] = personal(Personal.TEXT, LargeBinary)
    is_open: Mapped[bool]
    """Whether the act at hand (applying, undoing) has still to do something with it."""
    __table_args__ = (
        Index("roster_line_open", "batch_id", "is_open", "number"),
        Index("roster_line_by_person", "batch_id", "person_id"),
    )
