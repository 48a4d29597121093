"""The table of this room; private."""

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from tenant_service.storage.columns import Ascii, Row


class RetentionRunRow(Row):
    """When a rule of retention was last gone through and how much that removed; and the last time it was anything."""

    __tablename__ = "retention_run"
    rule: Mapped[str] = mapped_column(Ascii, primary_key=True)
    ran_at: Mapped[dt.datetime]
    removed: Mapped[int]
    emptied_at: Mapped[dt.datetime | None]
    emptied: Mapped[int]
