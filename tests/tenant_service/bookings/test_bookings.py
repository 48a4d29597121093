"""预约: a space never holds more than it has seats, whoever asks at one moment; and what becomes of who booked."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sync.contract.errors import Code, Refusal
from sync.contract.instants import SHANGHAI
from sync.contract.shapes.bookings import BookingChannel, BookingKind, BookingState
from sync.contract.shapes.venues import VenueKind, VenueState
from tenant_service.bookings import codes, personal, queries, service
from tenant_service.bookings.models import BookingRow
from tenant_service.bookings.service import Draft
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.storage.personal import Whom
from tenant_service.storage.unit_of_work import Unit, Units
from tenant_service.venues import queries as venues
from tenant_service.venues import service as venue_service
from tenant_service.venues.service import Draft as VenueDraft
from tenant_service.venues.service import Space
from tests.tenant_service import places
from tests.tenant_service.identity.moments import at_one_moment
from tests.tenant_service.told import told

HALL = "请你来协商厅"
DAY = dt.date(2026, 4, 2)  # a Thursday


def at(clock: str, day: dt.date = DAY) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), SHANGHAI)


class Centre:
    """The practice centre: its consultation hall holds 120, its members' room 8 (seed fact 24)."""

    def __init__(self, units: Units) -> None:
        self.units = units
        self.clerk = places.staff(places.JIASHAN, Role.CLERK)
        self.chair = places.staff(places.JIASHAN, Role.CHAIR)
        self.deputy = places.staff(places.JIASHAN, Role.DEPUTY_SECRETARY)
        self.drawn = 0
        self.told = VenueDraft(
            "新时代协商民主实践中心", VenueKind.PRACTICE_CENTRE, "之江路1号", opened_on=dt.date(2022, 10, 27),
            spaces=(Space(HALL, 120, "09:00", "17:00", "234567"), Space("委员履职室", 8)),
        )  # fmt: skip
        self.venue = self.do(lambda unit: venue_service.add(unit, self.clerk, places.directory(), self.told, [])).id
        with units.read() as unit:
            self.spaces = {row.name: row.id for row in venues.spaces(unit.session, self.venue)}

    def do(self, act: Callable[[Unit], Any]) -> Any:
        with self.units.write() as unit:
            return act(unit)

    def draft(self, heads: int = 1, since: str = "10:00", until: str = "11:00", **changed: Any) -> Draft:
        self.drawn += 1
        asked = Draft(
            self.spaces[HALL], BookingKind.SEAT, at(since), at(until), heads, "张大爷", f"1380000{self.drawn:04}"
        )
        return replace(asked, **changed)

    def book(
        self, draft: Draft, channel: BookingChannel = BookingChannel.QR, actor: Actor | None = None, code: str = ""
    ) -> str:
        who, drawn = actor or service.citizen(places.JIASHAN), code or codes.fresh()
        return str(self.do(lambda unit: service.book(unit, who, draft, channel, drawn)).id)

    def visit(self, heads: int, since: dt.datetime, until: dt.datetime) -> str:
        told = self.draft(
            heads, begins_at=since, ends_at=until, kind=BookingKind.VISIT, group_name="苏州市政协考察团",
            origin="江苏省苏州市",
        )  # fmt: skip
        return self.book(told, BookingChannel.DESK, self.clerk)

    def came(self, id: str, heads: int | None = None) -> None:
        self.do(lambda unit: service.check_in(unit, self.clerk, id, heads))

    def row(self, id: str) -> BookingRow:
        with self.units.read() as unit:
            return queries.BOOKINGS.ours(unit.session, id)

    def all(self) -> int:
        with self.units.read() as unit:
            return queries.count(unit.session, queries.Wanted())

    def refused(self, code: Code, act: Callable[[], Any]) -> Refusal:
        before = self.all(), told(self.units)
        with pytest.raises(Refusal) as refusal:
            act()
        assert refusal.value.code is code
        assert (self.all(), told(self.units)) == before
        return refusal.value


@pytest.fixture
def centre(units: Units) -> Centre:
    return Centre(units)


# ── seats ──


@pytest.mark.seed(17, 24)
@pytest.mark.practice(8)
def test_a_hall_of_120_seats_refuses_the_121st(centre: Centre) -> None:
    centre.book(centre.draft(100))
    refusal = centre.refused(Code.SPACE_FULL, lambda: centre.book(centre.draft(21)))
    assert refusal.about["left"] == 20
    centre.book(centre.draft(20))
    centre.refused(Code.SPACE_FULL, lambda: centre.book(centre.draft(1)))
    centre.book(centre.draft(120, "11:00", "12:00"))  # the next hour is another one


def test_seats_count_at_every_moment_and_not_over_the_day(centre: Centre) -> None:
    centre.book(centre.draft(100, "09:00", "10:00"))
    centre.book(centre.draft(100, "11:00", "12:00"))
    centre.book(centre.draft(20, "09:30", "11:30"))
    centre.refused(Code.SPACE_FULL, lambda: centre.book(centre.draft(1, "09:00", "12:00")))
    centre.book(centre.draft(100, "10:00", "11:00"))


@pytest.mark.seed(24)
@pytest.mark.parametrize("engine", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_two_at_one_moment_do_not_get_the_last_seats(centre: Centre) -> None:
    centre.book(centre.draft(100))
    first, second = centre.draft(15), centre.draft(15)
    citizen = service.citizen(places.JIASHAN)
    late = at_one_moment(
        centre.units, lambda unit: service.book(unit, citizen, first, BookingChannel.QR, codes.fresh()),
        lambda: centre.book(second),
    )  # fmt: skip
    assert late is Code.SPACE_FULL
    assert centre.all() == 2


def test_what_is_occupied_is_nobody_elses(centre: Centre) -> None:
    told = centre.draft(40, kind=BookingKind.OCCUPANCY)
    centre.book(told, BookingChannel.DESK, centre.clerk)
    centre.refused(Code.SPACE_TAKEN, lambda: centre.book(centre.draft(1)))
    centre.book(centre.draft(1, "11:00", "12:00"))
    centre.refused(
        Code.SPACE_TAKEN,
        lambda: centre.book(replace(told, ends_at=at("12:00")), BookingChannel.DESK, centre.clerk),
    )


def test_who_cancelled_gives_the_seats_back(centre: Centre) -> None:
    code = codes.fresh()
    centre.book(centre.draft(120), code=code)
    centre.refused(Code.NO_SUCH_BOOKING, lambda: centre.do(lambda unit: service.cancel_by_code(unit, "ABCDE")))
    centre.do(lambda unit: service.cancel_by_code(unit, codes.shown(code).lower()))
    centre.book(centre.draft(120))


def test_a_form_that_is_sent_twice_books_once(centre: Centre) -> None:
    code, draft = codes.fresh(), centre.draft(3)
    assert centre.book(draft, code=code) == centre.book(draft, code=code)
    assert centre.all() == 1


def test_a_closed_hour_a_closed_day_and_a_closed_venue_are_not_booked(centre: Centre) -> None:
    centre.refused(Code.SPACE_SHUT, lambda: centre.book(centre.draft(1, "08:00", "10:00")))
    centre.refused(Code.SPACE_SHUT, lambda: centre.book(centre.draft(1, "16:00", "17:30")))
    monday = dt.date(2026, 4, 6)
    shut = centre.draft(1, begins_at=at("10:00", monday), ends_at=at("11:00", monday))
    centre.refused(Code.SPACE_SHUT, lambda: centre.book(shut))
    centre.do(lambda unit: venue_service.move(unit, centre.clerk, centre.venue, VenueState.PAUSED, DAY))
    centre.refused(Code.VENUE_NOT_OPEN, lambda: centre.book(centre.draft(1)))


def test_what_is_over_is_written_down_by_the_desk_alone(centre: Centre, clock: places.Clock) -> None:
    clock.on(days=2)
    centre.refused(Code.BAD_TIME, lambda: centre.book(centre.draft(1)))
    centre.book(centre.draft(1), BookingChannel.DESK, centre.clerk)


def test_one_phone_does_not_fill_a_hall(centre: Centre) -> None:
    for hour in (9, 10, 11):
        centre.book(centre.draft(1, f"{hour:02}:00", f"{hour + 1}:00", phone="138 0000 9999"))
    again = centre.draft(1, "13:00", "14:00", phone="13800009999")
    centre.refused(Code.TOO_MANY_BOOKINGS, lambda: centre.book(again))
    centre.book(again, BookingChannel.DESK, centre.clerk)


def test_a_hall_that_is_described_anew_keeps_its_bookings(centre: Centre) -> None:
    centre.book(centre.draft(100))
    smaller = replace(centre.told, spaces=(Space(HALL, 110),))
    centre.do(lambda unit: venue_service.change(unit, centre.clerk, centre.venue, smaller))
    refusal = centre.refused(Code.SPACE_FULL, lambda: centre.book(centre.draft(20)))
    assert refusal.about["left"] == 10
    gone = centre.draft(1, space_id=centre.spaces["委员履职室"])
    centre.refused(Code.NOT_FOUND, lambda: centre.book(gone))


# ── what becomes of it ──


@pytest.mark.practice(8)
def test_a_hearing_with_leaders_is_approved_by_a_leader(centre: Centre) -> None:
    id = centre.book(centre.draft(2, with_leaders=True))
    assert centre.row(id).state is BookingState.REQUESTED
    centre.refused(Code.FORBIDDEN, lambda: centre.do(lambda unit: service.confirm(unit, centre.clerk, id)))
    centre.do(lambda unit: service.confirm(unit, centre.chair, id))
    assert centre.row(id).state is BookingState.CONFIRMED
    own = centre.book(centre.draft(2, with_leaders=True), BookingChannel.DESK, centre.deputy)
    centre.refused(Code.OWN_DRAFT, lambda: centre.do(lambda unit: service.confirm(unit, centre.deputy, own)))


@pytest.mark.seed(25)
def test_a_delegation_that_announces_itself_waits_for_the_desk(centre: Centre) -> None:
    told = centre.draft(30, kind=BookingKind.VISIT, group_name="苏州市政协", origin="江苏省苏州市")
    id = centre.book(told)
    row = centre.row(id)
    assert (row.state, row.group_name, row.origin, row.headcount) == (
        BookingState.REQUESTED, "苏州市政协", "江苏省苏州市", 30,
    )  # fmt: skip
    centre.refused(Code.BAD_VALUE, lambda: centre.book(replace(told, origin=None)))
    centre.refused(Code.BAD_VALUE, lambda: centre.book(centre.draft(30, kind=BookingKind.OCCUPANCY)))


def test_a_booking_walks_its_steps_and_no_other(centre: Centre, clock: places.Clock) -> None:
    code = codes.fresh()
    id = centre.book(centre.draft(5), code=code)
    centre.refused(Code.BAD_TIME, lambda: centre.do(lambda unit: service.check_in(unit, centre.clerk, id)))
    centre.refused(Code.BAD_TIME, lambda: centre.do(lambda unit: service.miss(unit, centre.clerk, id)))
    clock.on(days=1, hours=1)
    centre.do(lambda unit: service.check_in_by_code(unit, centre.clerk, code))
    centre.refused(Code.OUT_OF_TURN, lambda: centre.do(lambda unit: service.cancel_by_code(unit, code)))
    centre.do(lambda unit: service.put_back(unit, centre.clerk, id))
    centre.do(lambda unit: service.miss(unit, centre.clerk, id))
    centre.do(lambda unit: service.put_back(unit, centre.clerk, id))
    centre.do(lambda unit: service.check_in(unit, centre.clerk, id, 4))
    centre.do(lambda unit: service.finish(unit, centre.clerk, id))
    centre.refused(Code.OUT_OF_TURN, lambda: centre.do(lambda unit: service.put_back(unit, centre.clerk, id)))
    assert centre.row(id).came == 4
    with centre.units.read() as unit:
        steps = [each.act for each in taken.of(unit.session, id)]
    assert steps == ["book", "check_in", "put_back", "miss", "put_back", "check_in", "finish"]


def test_the_desk_says_why_it_cancels_and_who_booked_need_not(centre: Centre, member: Actor) -> None:
    id = centre.book(centre.draft(2), BookingChannel.ACCOUNT, member)
    other = replace(member, person=f"{places.JIASHAN}.person.0192f0c1d2e34567890abcdef0000009")
    centre.refused(Code.FORBIDDEN, lambda: centre.do(lambda unit: service.cancel(unit, other, id)))
    centre.refused(Code.NEEDS_REASON, lambda: centre.do(lambda unit: service.cancel(unit, centre.clerk, id)))
    centre.do(lambda unit: service.cancel(unit, member, id))
    assert centre.row(id).state is BookingState.CANCELLED


def test_a_code_has_nothing_that_is_taken_for_another_letter() -> None:
    drawn = "".join(codes.fresh() for _ in range(200))
    assert not set(drawn) & set("0O1I")


# ── figures, and what is kept ──


@pytest.mark.seed(24, 25)
def test_105_delegations_and_12500_visitors_are_counted_from_who_came(centre: Centre, clock: places.Clock) -> None:
    clock.on(days=2)
    open_days = [day for n in range(130) if (day := DAY - dt.timedelta(days=n)).isoweekday() != 1][:105]
    for day in open_days:
        id = centre.visit(100, at("09:00", day), at("10:00", day))
        centre.came(id, 119)
    missed = centre.visit(100, at("11:00"), at("12:00"))
    centre.do(lambda unit: service.miss(unit, centre.clerk, missed))
    seats = centre.book(centre.draft(20, "13:00", "14:00"), BookingChannel.DESK, centre.clerk)
    centre.do(lambda unit: service.check_in(unit, centre.clerk, seats))
    with centre.units.read() as unit:
        window = DAY - dt.timedelta(days=200), DAY
        parties, heads = queries.received(unit.session, *window), queries.heads(unit.session, *window)
    assert sum(each.number for each in parties if each.kind == "VISIT") == 105
    assert sum(each.number for each in heads) == 105 * 119 + 20  # 12,515: “12500余人次”


def test_what_is_erased_or_over_leaves_the_count(centre: Centre, clock: places.Clock) -> None:
    id = centre.book(centre.draft(3, phone="13800001111", purpose="参观"))
    other = centre.book(centre.draft(2))
    clock.on(days=1, hours=1)
    for each in (id, other):
        centre.came(each)
    whom = Whom(f"{places.JIASHAN}.person.0192f0c1d2e34567890abcdef0000009", "张大爷", "138-0000-1111")
    with centre.units.read() as unit:
        assert [each.key for each in personal.about(unit.session, whom)] == [id]
    assert centre.do(lambda unit: personal.erase(unit, whom)) == 1
    row = centre.row(id)
    assert (row.name, row.phone, row.purpose, row.code_digest, row.came) == (None, None, None, None, 3)
    assert centre.row(other).phone
    assert centre.do(lambda unit: personal.forget_contacts(unit, DAY)) == 0
    assert centre.do(lambda unit: personal.forget_contacts(unit, DAY + dt.timedelta(days=1))) == 1
    assert centre.row(other).phone is None
    with centre.units.read() as unit:
        assert sum(each.number for each in queries.heads(unit.session, DAY, DAY)) == 5
