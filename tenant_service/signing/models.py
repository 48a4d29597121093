"""Tables of 审签; private to this package and to the room of who signs. None of it ever leaves this committee."""

import datetime as dt

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from tenant_service.signing.rules import AtOnce, ReviewState
from tenant_service.storage.columns import Ascii, Row


class ReviewRow(Row):
    """事后审核: an act that left at once, and where its review stands; who said what of it are steps of its history.

    `subject`: the record. `because`: why it was done, where the record's own history does not say so.
    """

    __tablename__ = "act_review"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    subject: Mapped[str] = mapped_column(Ascii, index=True)
    act: Mapped[AtOnce]
    state: Mapped[ReviewState]
    did_by: Mapped[str] = mapped_column(Ascii)  # accounts never leave this committee
    did_at: Mapped[dt.datetime]
    because: Mapped[str | None]
    __table_args__ = (Index("act_review_by_state", "state", "act"), Index("act_review_by_who", "did_by", "state"))
