"""The table of this room; private. It never leaves this committee."""

import datetime as dt

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenant_service.on_behalf.rules import Entered, EntryState
from tenant_service.storage.columns import Ascii, Row
from tenant_service.storage.personal import Personal, personal


class EntryRow(Row):
    """代录: that an account entered something for one of our members, and what the member says to that.

    `record_id`: what it was entered at, ours or another committee's. `because`: why the member objects. `answer`: what
    the office did about that.
    """

    __tablename__ = "entry"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    record_id: Mapped[str] = mapped_column(Ascii)
    person_id: Mapped[str] = personal(Personal.WHO, Ascii)
    kind: Mapped[Entered]
    state: Mapped[EntryState]
    entered_by: Mapped[str] = mapped_column(Ascii)
    entered_at: Mapped[dt.datetime]
    because: Mapped[str | None] = personal(Personal.TEXT)
    answer: Mapped[str | None] = personal(Personal.TEXT)
    changed_at: Mapped[dt.datetime]
    __table_args__ = (
        UniqueConstraint("record_id", "person_id", "kind"),
        Index("entry_by_state", "state", "entered_at"),
        Index("entry_by_person", "person_id", "state"),
    )
