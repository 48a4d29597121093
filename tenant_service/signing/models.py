"""Tables of 审签; private to this package and to the room of who signs. None of it ever leaves this committee."""

import datetime as dt

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from tenant_service.identity.policy import Role
from tenant_service.signing.rules import AtOnce, ReviewState
from tenant_service.storage.columns import Ascii, Row


class SignatureRow(Row):
    """签发: who signed a record when, counted from 1; `behalf`: in whose place, where it was by a grant."""

    __tablename__ = "signature"
    subject: Mapped[str] = mapped_column(Ascii, primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime]
    sub: Mapped[str] = mapped_column(Ascii)
    behalf: Mapped[Role | None]


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
