"""Who is told of what, and by which way. One function, one use case, one transaction.

Other rooms call `tell` within their own act: nothing is told of an act that was rolled back.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

import uuid_utils
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import Id, kind_of, owner_of, record_id
from tenant_service import wording
from tenant_service.identity import accounts, audit, masks
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role, UseCase
from tenant_service.notifications import queries, rules
from tenant_service.notifications.models import AudienceRow, ChoiceRow, ContactRow, DeliveryRow, NotificationRow
from tenant_service.notifications.rules import OUTSIDE, Act, DeliveryState, NotificationKind, Way
from tenant_service.storage.unit_of_work import Unit

LONGEST_TITLE = 120
LONGEST_TEXT = 500
_EMAIL = re.compile(r"[^@\s<>,;\"']{1,64}@[A-Za-z0-9.-]{1,180}\.[A-Za-z]{2,24}")


# ── for other rooms ──


class Telling(Protocol):
    """Where something is told: within an act of ours, or (`Heard`) where a record of another committee is taken in."""

    session: Session
    committee: str
    now: dt.datetime

    def new_id(self, kind: str) -> Id: ...


@dataclass
class Heard:
    """The moment at which a record of another committee is taken in."""

    session: Session
    committee: str
    now: dt.datetime

    def new_id(self, kind: str) -> Id:
        return record_id(self.committee, kind, uuid_utils.uuid7().hex)


def tell(
    unit: Telling, to: Iterable[str], kind: NotificationKind, subject: str, title: str, text: str = "", *,
    by: Actor | None = None,
) -> int:  # fmt: skip
    """Each of these knows one thing more: it lies in the inbox, and leaves by the ways they chose for its kind.

    `to`: people, accounts, or bodies (all contacts of theirs who have an account); each is told once, whichever they
    are named by. People of other committees are left out: their home tells them. `by`: whoever did it, who knows.
    `title`, `text`: Chinese; what is too long is cut. Returns how many were told.
    """
    told = _recipients(unit, to)
    if by is not None:
        told -= {by.sub, by.person or by.sub}
    ways = queries.chosen(unit.session, sorted(told), kind)
    contacts = queries.contacts(unit.session, sorted(told))
    rows = [_note(unit, recipient, kind, subject, title, text) for recipient in sorted(told)]
    unit.session.flush()  # deliveries hang on them
    for row in rows:
        daily = contacts.get(row.recipient)
        for way in ways[row.recipient]:
            _leave(unit, row, way, is_digest=way is Way.EMAIL and daily is not None and daily.is_digest)
    return len(told)


def belongs(unit: Telling, subject: str, whom: str, *, is_told: bool) -> None:
    """Whether this person or body is told from now on what becomes of this record."""
    row = unit.session.get(AudienceRow, (subject, whom))
    if is_told and row is None:
        unit.session.add(AudienceRow(subject=subject, recipient=whom))
    elif not is_told and row is not None:
        unit.session.delete(row)
    unit.session.flush()


def tell_audience(
    unit: Telling, kind: NotificationKind, subject: str, title: str, text: str = "", *, by: Actor | None = None
) -> int:
    """Everybody who is told what becomes of this record knows this now; how many."""
    return tell(unit, queries.audience(unit.session, subject), kind, subject, title, text, by=by)


def tell_signers(unit: Unit, use: UseCase, subject: str, title: str, *, by: Actor | None = None) -> int:
    """待签发: everybody who may sign this now, by a role or in somebody's place, knows that it waits."""
    return tell(unit, accounts.who_may(unit, use), NotificationKind.TO_SIGN, subject, title, by=by)


def tell_outside(
    unit: Unit, reporters: Iterable[str], kind: NotificationKind, subject: str, title: str, text: str = ""
) -> int:
    """The same by SMS to those who have no account and left a phone for this, by the ids of what they left it with: the
    number stays where it was left, and is asked for when the SMS leaves. How many were told.
    """
    rows = [_note(unit, each, kind, subject, title, text) for each in sorted(set(reporters))]
    unit.session.flush()
    for row in rows:
        _leave(unit, row, Way.SMS, is_digest=False)
    return len(rows)


def _recipients(unit: Telling, to: Iterable[str]) -> set[str]:
    """By whom each of these is known here: a person by the pseudonym, an account of nobody's by its own id."""
    wanted = {each for each in to if owner_of(each) == unit.committee}
    held = {each for each in wanted if kind_of(each) == "account"}
    for body in (each for each in wanted if kind_of(each) == "body"):
        held |= {each.id for each in accounts.of_body(unit.session, body, Role.DEPARTMENT)}
    persons = {each for each in wanted if kind_of(each) == "person"}
    whose = accounts.persons_of(unit.session, held)
    return persons | {whose.get(each) or each for each in held}


def _note(
    unit: Telling, recipient: str, kind: NotificationKind, subject: str, title: str, text: str
) -> NotificationRow:  # fmt: skip
    row = NotificationRow(
        id=unit.new_id("notification"), at=unit.now, recipient=recipient, kind=kind, subject=subject,
        title=title[:LONGEST_TITLE], text=text[:LONGEST_TEXT], read_at=None,
    )  # fmt: skip
    unit.session.add(row)
    return row


def _leave(unit: Telling, row: NotificationRow, way: Way, *, is_digest: bool) -> None:
    unit.session.add(DeliveryRow(
        id=unit.new_id("delivery"), notification_id=row.id, way=way, state=DeliveryState.WAITING,
        is_digest=is_digest, due_at=rules.next_digest(unit.now) if is_digest else unit.now, tries=0, address=None,
        failure=None, detail=None, sent_at=None, settled_by=None,
    ))  # fmt: skip


# ── one's own inbox ──


def read(unit: Unit, actor: Actor, id: str) -> NotificationRow:
    """已读: it was opened; the first time counts.

    Raises:
        Refusal: what `has_inbox` refuses; NOT_FOUND, it is not one's own.
    """
    has_inbox(actor)
    row = queries.own(unit.session, actor, id)
    if row.read_at is None:
        row.read_at = unit.now
        audit.note(unit, actor, "notification.read", row.id)
    return row


def read_all(unit: Unit, actor: Actor) -> int:
    """全部已读: whatever lies unopened in one's inbox; how many it was. Raises: what `has_inbox` raises."""
    has_inbox(actor)
    rows = queries.unread_rows(unit.session, actor)
    for row in rows:
        row.read_at = unit.now
    if rows:
        audit.note(unit, actor, "notification.read_all", actor.sub)
    return len(rows)


def choose(unit: Unit, actor: Actor, chosen: dict[NotificationKind, Collection[Way]]) -> None:
    """By these ways these kinds come to whoever asks from now on; the inbox has them in any case.

    Raises:
        Refusal: what `has_inbox` refuses.
    """
    has_inbox(actor)
    for kind, ways in chosen.items():
        codes = [way.value for way in OUTSIDE if way in ways]
        unit.session.merge(ChoiceRow(recipient=recipient_of(actor), kind=kind, ways=codes))
    audit.note(unit, actor, "notification.choose", actor.sub)


def reach(unit: Unit, actor: Actor, mobile: str | None, email: str | None, *, is_digest: bool) -> None:
    """Where whoever asks is reached: nothing written as mobile, the roster's; nothing as e-mail, by none.

    Raises:
        Refusal: what `has_inbox` refuses; BAD_VALUE, no phone or no e-mail address.
    """
    has_inbox(actor)
    who = recipient_of(actor)
    standing = queries.contact(unit.session, who)
    told = masks.unmasked("mobile", (mobile or "").strip() or None, standing.mobile if standing else None)
    unit.session.merge(ContactRow(
        recipient=who, mobile=wording.phone("mobile", told, 30) if told else None, email=_email(email),
        is_digest=is_digest,
    ))  # fmt: skip
    audit.note(unit, actor, "notification.reach", actor.sub)


def recipient_of(actor: Actor) -> str:
    """By whom somebody is known in this room."""
    return actor.person or actor.sub


def _email(told: str | None) -> str | None:
    plain = wording.optional("email", told, 254)
    if plain is not None and not _EMAIL.fullmatch(plain):
        raise Refusal(Code.BAD_VALUE, field="email", why=Said("请填写电子邮件地址", "an e-mail address"))
    return plain


def has_inbox(actor: Actor) -> None:
    """Raises: Refusal NOT_SIGNED_IN, PASSWORD_CHANGE_NEEDED; FORBIDDEN, somebody of another committee."""
    if not actor.iss:
        raise Refusal(Code.NOT_SIGNED_IN)
    if actor.must_change:
        raise Refusal(Code.PASSWORD_CHANGE_NEEDED)
    if not actor.is_home:
        raise Refusal(Code.FORBIDDEN)


# ── the office, about what did not arrive ──


def resend(unit: Unit, actor: Actor, id: str) -> str:
    """再次发送: what did not arrive is tried again from the beginning; returns the record that it is about.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN.
    """
    actor.require(UseCase.SEE_NOTICES)
    row = queries.delivery(unit.session, id)
    row.state = rules.DELIVERY.after(Act.RESEND, row.state)
    row.tries, row.due_at, row.failure, row.detail = 0, unit.now, None, None
    audit.note(unit, actor, "notification.resend", id)
    return unit.session.get_one(NotificationRow, row.notification_id).subject


def settle(unit: Unit, actor: Actor, id: str) -> str:
    """已另行告知: whoever it was for was told otherwise; it is no longer counted as not arrived.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN.
    """
    actor.require(UseCase.SEE_NOTICES)
    row = queries.delivery(unit.session, id)
    row.state = rules.DELIVERY.after(Act.SETTLE, row.state)
    row.settled_by = actor.sub
    audit.note(unit, actor, "notification.settle", id)
    return unit.session.get_one(NotificationRow, row.notification_id).subject
