"""What people do with bookings. One function, one use case, one transaction."""

import datetime as dt
from dataclasses import dataclass

from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import day_of
from sync.contract.shapes.bookings import BookingChannel, BookingKind, BookingState
from sync.contract.shapes.venues import VenueState
from tenant_service import wording
from tenant_service.bookings import codes, queries, rules
from tenant_service.bookings.models import BookingRow
from tenant_service.bookings.rules import Act, Held
from tenant_service.history import taken
from tenant_service.identity import audit, disclosures, quotas
from tenant_service.identity.actor import Actor
from tenant_service.identity.disclosures import Told
from tenant_service.identity.policy import SIGNS_OWN, UseCase
from tenant_service.storage.personal import number
from tenant_service.storage.unit_of_work import Unit
from tenant_service.venues import queries as venues

MOST_HEADS = 100_000
PHONE = "phone"
_LONGEST_REASON = 200


@dataclass(frozen=True)
class Draft:
    """A booking as somebody asks for it. `origin`: from where a group comes, in words."""

    space_id: str
    kind: BookingKind
    begins_at: dt.datetime
    ends_at: dt.datetime
    headcount: int
    name: str
    phone: str
    group_name: str | None = None
    origin: str | None = None
    purpose: str | None = None
    with_leaders: bool = False


@dataclass(frozen=True)
class Booked:
    """The booking is there; `is_new`: it was not before. `stands`: nobody has to confirm it."""

    id: str
    is_new: bool
    stands: bool


def citizen(committee: str) -> Actor:
    """Whoever booked without an account, in the history and in the audit log: never a name."""
    return Actor(committee, sub="booker")


def book(unit: Unit, actor: Actor, draft: Draft, channel: BookingChannel, code: str, venue: str = "") -> Booked:
    """The seats are held for whoever knows the code. `venue`: the space has to be of this one.

    Raises:
        Refusal: FORBIDDEN; NOT_FOUND, there is no such space; VENUE_NOT_OPEN; BAD_VALUE, BAD_TIME, CLASSIFIED;
            SPACE_SHUT, SPACE_TAKEN, SPACE_FULL; TOO_MANY_BOOKINGS of one phone.
    """
    known = queries.by_code(unit.session, code)
    if known is not None:
        return Booked(known.id, is_new=False, stands=known.state is not BookingState.REQUESTED)
    _may_book(actor, draft, channel)
    space = venues.locked_space(unit.session, draft.space_id)  # nobody counts the seats beside us
    at = venues.ours(unit.session, space.venue_id)
    if venue and at.id != venue:
        raise Refusal(Code.NOT_FOUND)
    if at.state is not VenueState.OPEN:
        raise Refusal(Code.VENUE_NOT_OPEN)
    row = _described(unit, actor, draft, channel)
    row.venue_id, row.space_id, row.code_digest = at.id, space.id, codes.digest(code)
    rules.open_at(row.begins_at, row.ends_at, (space.opens, space.closes), space.weekdays)
    _fits(unit, row, space.capacity)
    stands = rules.stands_at_once(draft.kind, channel, with_leaders=draft.with_leaders)
    row.state = BookingState.CONFIRMED if stands else BookingState.REQUESTED
    unit.session.add(row)
    unit.session.flush()
    taken.write(unit, actor, row.id, "book", None, row.state)
    audit.note(unit, actor, "booking.book", row.id)
    return Booked(row.id, is_new=True, stands=stands)


def confirm(unit: Unit, actor: Actor, id: str) -> str:
    """确认: who asked may come. Where leaders speak (旁听) a leader of ours says so, and not who wrote it down.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, OWN_DRAFT.
    """
    actor.require(UseCase.HANDLE_BOOKINGS)
    row = queries.BOOKINGS.locked(unit.session, id)
    if row.with_leaders:
        actor.require(UseCase.APPROVE_BOOKINGS)
        first = taken.of(unit.session, id)[0]
        if first.sub == actor.sub and not actor.roles & SIGNS_OWN:
            raise Refusal(Code.OWN_DRAFT)
    return _step(unit, actor, row, Act.CONFIRM)


def check_in(unit: Unit, actor: Actor, id: str, came: int | None = None) -> str:
    """到场: they are there; `came`: how many, where that is not as booked.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN; BAD_VALUE; BAD_TIME, it is on another day.
    """
    actor.require(UseCase.HANDLE_BOOKINGS)
    row = queries.BOOKINGS.locked(unit.session, id)
    if row.day > day_of(unit.now):
        raise Refusal(Code.BAD_TIME, why=Said(f"预约在 {row.day}", f"it is booked for {row.day}"))
    row.came = _heads("came", came) if came is not None else row.headcount
    return _step(unit, actor, row, Act.CHECK_IN)


def check_in_by_code(unit: Unit, actor: Actor, code: str) -> str:
    """核验: whoever shows the code is there. Raises: Refusal NO_SUCH_BOOKING, and as `check_in`."""
    actor.require(UseCase.HANDLE_BOOKINGS)
    return check_in(unit, actor, _of_code(unit, code).id)


def finish(unit: Unit, actor: Actor, id: str, came: int | None = None) -> str:
    """完成: they left; `came` puts right how many there were. Raises: Refusal as `check_in`."""
    actor.require(UseCase.HANDLE_BOOKINGS)
    row = queries.BOOKINGS.locked(unit.session, id)
    row.came = _heads("came", came) if came is not None else row.came
    return _step(unit, actor, row, Act.FINISH)


def miss(unit: Unit, actor: Actor, id: str) -> str:
    """未到场: nobody came. Raises: Refusal FORBIDDEN, NOT_FOUND, OUT_OF_TURN; BAD_TIME, it has not begun."""
    actor.require(UseCase.HANDLE_BOOKINGS)
    row = queries.BOOKINGS.locked(unit.session, id)
    if row.begins_at > unit.now:
        raise Refusal(Code.BAD_TIME, why=Said("还没有开始", "it has not begun"))
    return _step(unit, actor, row, Act.MISS)


def put_back(unit: Unit, actor: Actor, id: str) -> str:
    """撤销登记: it was checked in or missed by mistake. Raises: Refusal as `confirm`; SPACE_FULL, SPACE_TAKEN."""
    actor.require(UseCase.HANDLE_BOOKINGS)
    found = queries.BOOKINGS.ours(unit.session, id)
    space = venues.locked_space(unit.session, found.space_id)
    row = queries.BOOKINGS.locked(unit.session, id)
    _fits(unit, row, space.capacity)
    row.came = None
    return _step(unit, actor, row, Act.PUT_BACK)


def cancel(unit: Unit, actor: Actor, id: str, reason: str | None = None) -> str:
    """取消: the seats are free again. Whoever booked it with their account needs no reason, the desk does.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN; NEEDS_REASON, CLASSIFIED.
    """
    if not actor.may(UseCase.HANDLE_BOOKINGS):
        actor.require(UseCase.BOOK)
    row = queries.BOOKINGS.locked(unit.session, id)
    is_own = actor.is_home and actor.person is not None and row.person_id == str(actor.person)
    if not is_own:
        actor.require(UseCase.HANDLE_BOOKINGS)
        if not reason:
            raise Refusal(Code.NEEDS_REASON)
    return _step(unit, actor, row, Act.CANCEL, wording.optional("reason", reason, _LONGEST_REASON))


def cancel_by_code(unit: Unit, code: str) -> str:
    """凭码取消. Raises: Refusal NO_SUCH_BOOKING, OUT_OF_TURN."""
    row = queries.BOOKINGS.locked(unit.session, _of_code(unit, code).id)
    return _step(unit, citizen(unit.committee), row, Act.CANCEL)


def reveal(unit: Unit, actor: Actor, id: str, told: Told, most: int) -> str:
    """查看号码: it stands in the register and the audit log that the phone is about to be seen, and counts as one row.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND; PURPOSE_NEEDED; NEEDS_REASON, BAD_VALUE, CLASSIFIED; QUOTA_REACHED.
    """
    actor.require(UseCase.REVEAL_CONTACTS)
    queries.BOOKINGS.ours(unit.session, id)
    disclosure = disclosures.reveal(unit, actor, id, PHONE, told)
    quotas.add(unit, actor, 1, most)
    return disclosure


def revealed(unit: Unit, actor: Actor, disclosure: str, id: str) -> str | None:
    """The phone, for some minutes, to whom it was revealed; None: to nobody."""
    row = disclosures.shown_again(unit.session, actor, disclosure, unit.now)
    if row is None or (row.subject, row.field) != (id, PHONE) or not actor.may(UseCase.REVEAL_CONTACTS):
        return None
    return queries.BOOKINGS.ours(unit.session, id).phone


# ── parts ──


def _may_book(actor: Actor, draft: Draft, channel: BookingChannel) -> None:
    if channel is BookingChannel.DESK:
        actor.require(UseCase.HANDLE_BOOKINGS)
    elif channel is BookingChannel.ACCOUNT:
        actor.require(UseCase.BOOK)
    elif draft.kind is BookingKind.OCCUPANCY:  # a whole hall is not given to who is nobody here
        raise Refusal(Code.BAD_VALUE, field="kind", why=Said("请联系前台", "ask at the desk"))


def _described(unit: Unit, actor: Actor, draft: Draft, channel: BookingChannel) -> BookingRow:
    _in_time(unit, draft, channel)
    phone = number(wording.text(PHONE, draft.phone, 40))
    if (
        channel is not BookingChannel.DESK
        and queries.standing_of(unit.session, phone, unit.now) >= rules.MOST_OF_A_PHONE
    ):
        raise Refusal(Code.TOO_MANY_BOOKINGS, most=rules.MOST_OF_A_PHONE)
    is_visit = draft.kind is BookingKind.VISIT
    return BookingRow(
        id=unit.new_id("booking"), kind=draft.kind, channel=channel, day=day_of(draft.begins_at),
        begins_at=draft.begins_at, ends_at=draft.ends_at, headcount=_heads("headcount", draft.headcount), came=None,
        with_leaders=draft.with_leaders, name=wording.text("name", draft.name, 40), phone=phone,
        group_name=wording.text("groupName", draft.group_name or "", 80) if is_visit else None,
        origin=wording.text("origin", draft.origin or "", 60) if is_visit else None,
        purpose=wording.optional("purpose", draft.purpose, 200), booked_at=unit.now, changed_at=unit.now,
        person_id=str(actor.person) if channel is BookingChannel.ACCOUNT and actor.person else None,
    )  # fmt: skip


def _in_time(unit: Unit, draft: Draft, channel: BookingChannel) -> None:
    """Raises: Refusal BAD_TIME. The desk writes down later what was (补录)."""
    if draft.ends_at <= draft.begins_at:
        raise Refusal(Code.BAD_TIME, why=Said("结束须晚于开始", "it ends before it begins"))
    if channel is BookingChannel.DESK:
        return
    if draft.begins_at < unit.now:
        raise Refusal(Code.BAD_TIME, why=Said("这个时间已经过了", "that time is over"))
    if draft.begins_at > unit.now + dt.timedelta(days=rules.MOST_DAYS_AHEAD):
        why = Said(f"只能预约{rules.MOST_DAYS_AHEAD}天内的", f"within {rules.MOST_DAYS_AHEAD} days")
        raise Refusal(Code.BAD_TIME, why=why)


def _heads(field: str, told: int) -> int:
    if not 0 < told <= MOST_HEADS:
        raise Refusal(Code.BAD_VALUE, field=field, why=f"1–{MOST_HEADS}")
    return told


def _fits(unit: Unit, row: BookingRow, capacity: int) -> None:
    others = queries.held(unit.session, row.space_id, row.begins_at, row.ends_at, row.id)
    wanted = Held(row.begins_at, row.ends_at, row.headcount, row.kind is BookingKind.OCCUPANCY)
    rules.fits(capacity, wanted, others)


def _of_code(unit: Unit, code: str) -> BookingRow:
    row = queries.by_code(unit.session, code)
    if row is None:
        raise Refusal(Code.NO_SUCH_BOOKING)
    return row


def _step(unit: Unit, actor: Actor, row: BookingRow, act: Act, because: str | None = None) -> str:
    taken.take(unit, actor, row, rules.STATES, act, because)
    row.changed_at = unit.now
    audit.note(unit, actor, f"booking.{act.value}", row.id)
    return row.id
