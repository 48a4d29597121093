"""The table of this room; private."""

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from tenant_service.storage.columns import Row


class WorkdayRow(Row):
    """A day that the committee put right: whether it works on it, and why."""

    __tablename__ = "workday"
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    works: Mapped[bool]
    note: Mapped[str]
    changed_at: Mapped[dt.datetime]
