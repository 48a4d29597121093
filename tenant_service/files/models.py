"""Tables of this room; private. None of it ever leaves: others are told at most how many files there are."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from tenant_service.files.rules import FileKind
from tenant_service.storage.columns import Ascii, Row
from tenant_service.storage.personal import Personal, personal


class FileBytesRow(Row):
    """What was uploaded, once, however many records it is attached to."""

    __tablename__ = "file_bytes"
    digest: Mapped[str] = mapped_column(Ascii, primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class FileRow(Row):
    """One file of one record. `sub`: account that attached it; empty: a reporter, who has none."""

    __tablename__ = "file"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    subject: Mapped[str] = mapped_column(Ascii)
    name: Mapped[str] = personal(Personal.TEXT)
    kind: Mapped[FileKind]
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    digest: Mapped[str] = mapped_column(ForeignKey("file_bytes.digest"), index=True)
    by_reporter: Mapped[bool]
    sub: Mapped[str] = mapped_column(Ascii)
    added_at: Mapped[dt.datetime]
    added_on: Mapped[dt.date]
    __table_args__ = (Index("file_by_subject", "subject", "added_at"), Index("file_by_day", "added_on", "sub"))
