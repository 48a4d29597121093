"""What the worker does in the domain's thread: it takes what is due, and writes down what became of it.

A delivery counts as tried before it leaves: a service that ends between both tries again after a pause, so somebody may
be told twice, and nobody never. Both messages carry the same id, by which the other side may know them as one.
"""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tenant_service.identity import masks
from tenant_service.notifications import queries, rules
from tenant_service.notifications.models import ContactRow, DeliveryRow
from tenant_service.notifications.queries import Sent
from tenant_service.notifications.rules import Act, Failure, NotificationKind, Way
from tenant_service.storage.unit_of_work import Unit

AT_ONCE = 20
"""Deliveries of one slice."""
_LONGEST_DETAIL = 200

Phones = Callable[[Session, Collection[str]], dict[str, str]]
"""Person → the phone of the roster, report → the one left with it; without who has none, or is not ours any more."""


@dataclass(frozen=True)
class Line:
    """One notification as it is written in a message."""

    id: str
    kind: NotificationKind
    subject: str
    title: str
    text: str
    at: dt.datetime


@dataclass(frozen=True)
class Parcel:
    """One message to one address: a notification, or a day's together.

    Attributes:
        ids: Deliveries that it is for; the first is the message's own id.
        address: Phone or e-mail; of the webhook the recipient's id.
        name: By whom the recipient is known here.
    """

    ids: tuple[str, ...]
    way: Way
    address: str
    lines: tuple[Line, ...]

    @property
    def id(self) -> str:
        return self.ids[0]


@dataclass(frozen=True)
class Outcome:
    """What became of a try. `failure`: None, it arrived; `may_retry`: another try may succeed."""

    failure: Failure | None = None
    detail: str = ""
    may_retry: bool = False


def take(unit: Unit, open_ways: Collection[Way], phones: Phones) -> list[Parcel]:
    """A slice of what is due, each counted as tried now. What has no address fails at once, and so does nothing else;
    a way that is not set up is 未启用.
    """
    due = queries.due(unit.session, unit.now, AT_ONCE)
    live = []
    for each in due:
        if each.delivery.way in open_ways:
            live.append(each)
        else:
            each.delivery.state = rules.DELIVERY.after(Act.SWITCH_OFF, each.delivery.state)
    addresses = _addresses(unit.session, live, phones)
    parcels: dict[tuple[str, str], list[Sent]] = {}
    for each in live:
        row, address = each.delivery, addresses.get(each.delivery.id)
        if address is None:
            _fail(row, Outcome(Failure.NO_ADDRESS))
            continue
        row.tries += 1
        row.due_at = unit.now + (rules.pause(row.tries) or dt.timedelta(seconds=rules.PAUSES[-1]))
        row.address = address if row.way is Way.WEBHOOK else masked(row.way, address)
        together = each.notification.recipient if row.is_digest else row.id
        parcels.setdefault((address, together), []).append(each)
    return [_parcel(address, found) for (address, _), found in parcels.items()]


def arrived(unit: Unit, parcel: Parcel, outcome: Outcome) -> None:
    """What became of the message stands beside each delivery that it was for; given up is it after the last pause."""
    for id in parcel.ids:
        row = unit.session.get(DeliveryRow, id, with_for_update=True)
        if row is None or row.state is not rules.DeliveryState.WAITING:
            continue  # forgotten meanwhile, or settled by another worker
        if outcome.failure is None:
            row.state, row.sent_at = rules.DELIVERY.after(Act.SEND, row.state), unit.now
            row.failure, row.detail = None, outcome.detail[:_LONGEST_DETAIL] or None
        elif not outcome.may_retry or rules.pause(row.tries) is None:
            _fail(row, outcome)
        else:
            row.detail = outcome.detail[:_LONGEST_DETAIL]


def masked(way: Way, address: str) -> str:
    """Where it went, as the office is shown it."""
    if way is Way.SMS:
        return masks.phone(address)
    name, at, host = address.partition("@")
    return f"{name[:1]}***{at}{host}"


def _fail(row: DeliveryRow, outcome: Outcome) -> None:
    row.state = rules.DELIVERY.after(Act.FAIL, row.state)
    row.failure, row.detail = outcome.failure, outcome.detail[:_LONGEST_DETAIL] or None


def _parcel(address: str, found: list[Sent]) -> Parcel:
    lines = tuple(
        Line(each.notification.id, each.notification.kind, each.notification.subject, each.notification.title,
             each.notification.text, each.notification.at)
        for each in found
    )  # fmt: skip
    return Parcel(tuple(each.delivery.id for each in found), found[0].delivery.way, address, lines)


def _addresses(session: Session, due: Collection[Sent], phones: Phones) -> dict[str, str]:
    """Delivery → where it goes; without those that have nowhere to go."""
    whom = {each.notification.recipient for each in due if each.notification.recipient}
    said, roster = queries.contacts(session, whom), phones(session, whom)
    found = {each.delivery.id: _address(each, said, roster) for each in due}
    return {id: address for id, address in found.items() if address}


def _address(of: Sent, said: dict[str, ContactRow], roster: dict[str, str]) -> str | None:
    who, way = of.notification.recipient, of.delivery.way
    if way is Way.WEBHOOK:
        return who or None
    if way is Way.EMAIL:
        return said[who].email if who in said else None
    return (said[who].mobile if who in said else None) or roster.get(who)
