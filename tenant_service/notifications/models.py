"""Tables of this room; private. Nothing of it leaves as a record."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenant_service.notifications.rules import DeliveryState, Failure, NotificationKind, Way
from tenant_service.storage.columns import Ascii, Row
from tenant_service.storage.personal import Personal, personal


class NotificationRow(Row):
    """One thing that somebody should know, once; it lies in the inbox until it is forgotten.

    Attributes:
        recipient: Person of ours, or the account of who is none; of somebody without either, what they left a phone
            with (反映).
        subject: The record that it is about.
    """

    __tablename__ = "notification"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    recipient: Mapped[str] = personal(Personal.WHO, Ascii)
    kind: Mapped[NotificationKind]
    subject: Mapped[str] = mapped_column(Ascii)
    title: Mapped[str] = personal(Personal.TEXT)
    text: Mapped[str] = personal(Personal.TEXT)
    read_at: Mapped[dt.datetime | None]
    __table_args__ = (
        Index("notification_by_recipient", "recipient", "read_at", "id"),
        Index("notification_by_subject", "subject", "kind"),
    )


class AudienceRow(Row):
    """知会对象: somebody who is told what becomes of a record, as whoever takes part in an activity is."""

    __tablename__ = "notification_audience"
    subject: Mapped[str] = mapped_column(Ascii, primary_key=True)
    recipient: Mapped[str] = personal(Personal.WHO, Ascii, primary_key=True)
    """Person, account or body, as they were named."""


class DeliveryRow(Row):
    """One way by which a notification leaves the house, and what became of it.

    Attributes:
        is_digest: It waits for the day's digest.
        due_at: When it is tried next.
        tries: How often it was tried.
        address: Where it went, masked.
        failure, detail: Why it did not arrive, and what the other side said.
    """

    __tablename__ = "notification_delivery"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    notification_id: Mapped[str] = mapped_column(ForeignKey("notification.id", ondelete="CASCADE"))
    way: Mapped[Way]
    state: Mapped[DeliveryState]
    is_digest: Mapped[bool]
    due_at: Mapped[dt.datetime]
    tries: Mapped[int]
    address: Mapped[str | None] = personal(Personal.PHONE)
    failure: Mapped[Failure | None]
    detail: Mapped[str | None]
    sent_at: Mapped[dt.datetime | None]
    settled_by: Mapped[str | None] = mapped_column(Ascii)
    __table_args__ = (
        UniqueConstraint("notification_id", "way"),
        Index("notification_delivery_by_state", "state", "due_at"),
    )


class ChoiceRow(Row):
    """By which ways a kind comes to somebody who chose so."""

    __tablename__ = "notification_choice"
    recipient: Mapped[str] = personal(Personal.WHO, Ascii, primary_key=True)
    kind: Mapped[NotificationKind] = mapped_column(primary_key=True)
    ways: Mapped[list[str]]


class ContactRow(Row):
    """Where somebody is reached, as they said themselves.

    Attributes:
        mobile: In the place of the roster's.
        is_digest: E-mails come once a day together (每日汇总).
    """

    __tablename__ = "notification_contact"
    recipient: Mapped[str] = personal(Personal.WHO, Ascii, primary_key=True)
    mobile: Mapped[str | None] = personal(Personal.PHONE)
    email: Mapped[str | None] = personal(Personal.NUMBER)
    is_digest: Mapped[bool]
