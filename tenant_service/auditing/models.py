"""Tables of this room; private."""

import datetime as dt

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from tenant_service.auditing.rules import Standing
from tenant_service.storage.columns import Ascii, Row


class HeardHeadRow(Row):
    """A head of another committee's audit log, kept for good: evidence of what that log contained.

    Attributes:
        signed_at, heard_at: When the head was signed there, and first heard here.
        last_at: When the same head was heard last; a log into which nobody writes has one for long.
        standing: How it stood to the heads before it.
        broken_at: Number of the entry at which it contradicts an earlier head.
    """

    __tablename__ = "heard_audit_head"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    committee_id: Mapped[str] = mapped_column(Ascii)
    month: Mapped[str] = mapped_column(Ascii)
    seq: Mapped[int]
    chain: Mapped[str] = mapped_column(Ascii)
    signed_at: Mapped[dt.datetime]
    heard_at: Mapped[dt.datetime]
    last_at: Mapped[dt.datetime]
    proof: Mapped[str] = mapped_column(Text)
    standing: Mapped[Standing]
    broken_at: Mapped[int | None]
    __table_args__ = (Index("heard_audit_head_by_committee", "committee_id", "id"),)


class HeardConsentRow(Row):
    """A committee below lets our audit administrators read its audit log, or did until `withdrawn_at`."""

    __tablename__ = "heard_audit_consent"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    committee_id: Mapped[str] = mapped_column(Ascii, index=True)
    given_at: Mapped[dt.datetime]
    withdrawn_at: Mapped[dt.datetime | None]
    heard_at: Mapped[dt.datetime]
