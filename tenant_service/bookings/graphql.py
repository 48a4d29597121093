"""Bookings in GraphQL, for the committee's own people: nothing of them is told to others."""

import datetime as dt
from functools import partial

import strawberry

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import Id
from sync.contract.shapes.bookings import BookingChannel, BookingKind, BookingState
from sync.contract.visibility import Visible, visible
from tenant_service.bookings import codes, queries, service
from tenant_service.bookings.models import BookingRow
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import plain
from tenant_service.graph.types import Home, contract_enum, shown
from tenant_service.identity import masks
from tenant_service.identity.policy import UseCase

TENANT = Visible.TENANT
MOST = 200
for each in (BookingKind, BookingState, BookingChannel):
    contract_enum(each)


@strawberry.type(description="预约: one booking of one space.")
class Booking:
    id: Id = visible(TENANT, "By which the desk acts on it.")
    venue_id: Id = visible(TENANT, "Where.")
    space_id: str = visible(TENANT, "Which of its spaces.")
    kind: BookingKind = visible(TENANT, "Seats, a visiting group, or the whole space.")
    state: BookingState = visible(TENANT, "How far it came.")
    channel: BookingChannel = visible(TENANT, "How it came in.")
    begins_at: dt.datetime = visible(TENANT, "From when.")
    ends_at: dt.datetime = visible(TENANT, "Until when.")
    headcount: int = visible(TENANT, "For how many.")
    came: int | None = visible(TENANT, "How many came; null: nobody has counted.")
    with_leaders: bool = visible(TENANT, "旁听 where leaders speak; approved first.")
    name: str | None = visible(TENANT, "Who booked; null when it was erased.")
    phone: str | None = visible(TENANT, "Their phone, masked.")
    group_name: str | None = visible(TENANT, "团组.")
    origin: str | None = visible(TENANT, "来源地.")
    purpose: str | None = visible(TENANT, "事由.")


@strawberry.type(description="预约回执: the booking and its code, which is told this once.")
class BookingReceipt:
    booking: Booking = visible(TENANT, "What was booked.")
    code: str = visible(TENANT, "核验码, without 0, O, 1 and I.")


@strawberry.input(description="A booking as the desk or a member asks for it.")
class BookingInput:
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


def _told(row: BookingRow) -> Booking:
    return Booking(
        id=Id(row.id), venue_id=Id(row.venue_id), space_id=row.space_id, kind=row.kind, state=row.state,
        channel=row.channel, begins_at=row.begins_at, ends_at=row.ends_at, headcount=row.headcount, came=row.came,
        with_leaders=row.with_leaders, name=row.name, phone=masks.phone(row.phone) if row.phone else None,
        group_name=row.group_name, origin=row.origin, purpose=row.purpose,
    )  # fmt: skip


@strawberry.type
class BookingQuery:
    @shown(TENANT, "预约: those of some days, at most 200, for the desk.", directives=[Home()])
    def bookings(
        self, info: Info, since: dt.date, until: dt.date, venue_id: Id | None = strawberry.UNSET,
        state: BookingState | None = strawberry.UNSET,
    ) -> list[Booking]:  # fmt: skip
        context = info.context
        context.actor.require(UseCase.HANDLE_BOOKINGS)
        wanted = queries.Wanted(since, until, (state,) if state else (), venue_id=venue_id or None)
        return [_told(row) for row in queries.listed(context.unit.session, wanted, MOST)]


@strawberry.type
class BookingMutation:
    @shown(TENANT, "登记预约: book a space; the desk for anybody, a member for themselves.")
    def book(self, info: Info, key: Id, booking: BookingInput) -> BookingReceipt:
        context, draft = info.context, service.Draft(**vars(booking))
        at_desk = context.actor.may(UseCase.HANDLE_BOOKINGS)
        channel, code = BookingChannel.DESK if at_desk else BookingChannel.ACCOUNT, codes.fresh()
        act = partial(service.book, actor=context.actor, draft=draft, channel=channel, code=code)
        done = context.perform("book", key, plain(booking=booking), act, kept_as=service.Booked)
        row = queries.BOOKINGS.ours(context.unit.session, done.id)
        return BookingReceipt(
            booking=_told(row), code=codes.shown(code) if row.code_digest == codes.digest(code) else ""
        )

    @shown(TENANT, "确认: who asked may come.")
    def confirm_booking(self, info: Info, key: Id, id: Id) -> Booking:
        return _done(info, "confirmBooking", key, partial(service.confirm, id=id), plain(id=id))

    @shown(TENANT, "核验: they are there; by the booking's id, or by the code that they show.")
    def check_in_booking(
        self, info: Info, key: Id, id: Id | None = strawberry.UNSET, code: str | None = strawberry.UNSET,
        came: int | None = strawberry.UNSET,
    ) -> Booking:  # fmt: skip
        told = plain(id=id or None, code=codes.digest(code) if code else None, came=came or None)
        if id:
            return _done(info, "checkInBooking", key, partial(service.check_in, id=id, came=came or None), told)
        if not code:
            raise Refusal(Code.NEEDS_ARGUMENT, name=Said("预约编号或核验码", "id or code"))
        return _done(info, "checkInBooking", key, partial(service.check_in_by_code, code=code), told)

    @shown(TENANT, "完成: they left; `came` puts right how many there were.")
    def finish_booking(self, info: Info, key: Id, id: Id, came: int | None = strawberry.UNSET) -> Booking:
        act = partial(service.finish, id=id, came=came or None)
        return _done(info, "finishBooking", key, act, plain(id=id, came=came or None))

    @shown(TENANT, "未到场: nobody came.")
    def miss_booking(self, info: Info, key: Id, id: Id) -> Booking:
        return _done(info, "missBooking", key, partial(service.miss, id=id), plain(id=id))

    @shown(TENANT, "撤销登记: it was checked in or missed by mistake.")
    def put_booking_back(self, info: Info, key: Id, id: Id) -> Booking:
        return _done(info, "putBookingBack", key, partial(service.put_back, id=id), plain(id=id))

    @shown(TENANT, "取消: the seats are free again; the desk says why.")
    def cancel_booking(self, info: Info, key: Id, id: Id, reason: str | None = strawberry.UNSET) -> Booking:
        act = partial(service.cancel, id=id, reason=reason or None)
        return _done(info, "cancelBooking", key, act, plain(id=id, reason=reason or None))


def _done(info: Info, name: str, key: Id, act: "partial[str]", told: dict[str, object]) -> Booking:
    context = info.context
    id = context.perform(name, key, told, partial(act, actor=context.actor), kept_as=str)
    return _told(queries.BOOKINGS.ours(context.unit.session, id))
