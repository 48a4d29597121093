"""Tables of what has changed; see `tenant_service.storage.changed`."""

import datetime as dt

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from tenant_service.storage.columns import Ascii, Row


class ChangeRow(Row):
    """One change of a record, ours or another's as we know it; only ever appended, and dropped when it is old.

    Attributes:
        mark: Drawn by the transaction that wrote it: after a restore the same number has another one.
        is_gone: It is not here any more.
        was_open: Not only the office saw it, so others of this committee may be told that it is gone as well.
    """

    __tablename__ = "change"
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    mark: Mapped[str] = mapped_column(Ascii)
    record: Mapped[str] = mapped_column(Ascii)
    version: Mapped[int]
    is_gone: Mapped[bool]
    was_open: Mapped[bool]
    at: Mapped[dt.datetime]
    __table_args__ = (Index("change_by_age", "at"),)


class ChangeEndRow(Row):
    """One row: the last change. Whoever appends locks it, last of all, until the transaction ends."""

    __tablename__ = "change_end"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    mark: Mapped[str] = mapped_column(Ascii)
