"""Tables of this room; private. Nothing of them leaves."""

import datetime as dt

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from tenant_service.spreadsheets.rules import ImportState
from tenant_service.storage.columns import Ascii, Row


class ImportRow(Row):
    """One file: its preview, and what became of it."""

    __tablename__ = "import_file"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    sheet: Mapped[str] = mapped_column(Ascii)
    """Code of the list."""
    by: Mapped[str] = mapped_column(Ascii)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    file_name: Mapped[str]
    heads: Mapped[list[str]]
    """The file's own, for the download of the bad rows."""
    state: Mapped[ImportState]
    lines: Mapped[bytes] = mapped_column(LargeBinary)
    """JSON: `tenant_service.imports.rules.Line`, row by row. Columns about people are not read."""
