"""An activity's life: what is told to whom at each step, and what is refused without a trace."""

import datetime as dt
from collections.abc import Callable

import pytest

from sync.contract.channels import Scope, Share
from sync.contract.errors import Code, Refusal
from sync.contract.shapes.activities import ActivityKind, ActivityOrder, ActivityState
from sync.contract.shapes.values import IndicatorCode
from sync.contract.shapes.venues import VenueKind
from sync.contract.trust.directory import Directory
from tenant_service.activities import backfill_service, queries, service
from tenant_service.activities import figures_queries as figures
from tenant_service.activities.queries import Wanted
from tenant_service.activities.service import Draft, Report
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.policy import Role
from tenant_service.signing.rules import Approval
from tenant_service.storage.unit_of_work import Unit, Units
from tenant_service.venues import service as venues
from tests.tenant_service import places
from tests.tenant_service.told import told

DELTA = [Share(Scope.MECHANISM, places.DELTA)]
PARENT = [Share(Scope.PARENT)]
REPORT = Report(5, leader_present=False)
MARCH = dt.date(2026, 3, 1), dt.date(2026, 3, 31)


def draft(**changed: object) -> Draft:
    base: dict[str, object] = {
        "title": "惠通村夜间议事：土地确权第三轮", "kind": ActivityKind.HALL_SESSION, "place": "惠通村民生议事堂",
        "starts_at": places.SPRING + dt.timedelta(days=7), "ends_at": places.SPRING + dt.timedelta(days=7, hours=2),
        "organizer": "县政协社法委", "contact_phone": "canary-phone-1", "contact_name": "canary-contact",
    }  # fmt: skip
    return Draft(**(base | changed))  # type: ignore[arg-type]


class Office:
    """Jiashan's office at work."""

    def __init__(self, units: Units, directory: Directory, clerk: Actor, secretary: Actor) -> None:
        self.units, self.directory, self.clerk, self.secretary = units, directory, clerk, secretary

    def do(self, act: Callable[[Unit], object]) -> object:
        with self.units.write() as unit:
            return act(unit)

    def drafted(self, shares: list[Share], **changed: object) -> str:
        with self.units.write() as unit:
            return service.draft(unit, self.clerk, self.directory, draft(**changed), shares).id

    def published(self, shares: list[Share], **changed: object) -> str:
        id = self.drafted(shares, **changed)
        with self.units.write() as unit:
            service.submit(unit, self.clerk, id)
            service.sign_off(unit, self.secretary, id, unclassified=True)
        return id

    def venue(self) -> str:
        """A hall of ours."""
        hall = venues.Draft("惠通村民生议事堂", VenueKind.HALL, "惠通村文化礼堂二楼")
        with self.units.write() as unit:
            return venues.add(unit, self.clerk, self.directory, hall, []).id

    def backfilled(self, days_ago: int = 20, **changed: object) -> str:
        """A session that was entered after it was held, and waits for sign-off."""
        told_ = draft(starts_at=places.SPRING - dt.timedelta(days=days_ago), ends_at=None, **changed)
        with self.units.write() as unit:
            return backfill_service.backfill(unit, self.clerk, self.directory, told_, REPORT, "村里纸质签到", PARENT).id

    def held_in(self, since: dt.date, until: dt.date) -> int:
        """How many sessions our figures count."""
        with self.units.read() as unit:
            return sum(each.number for each in figures.daily(unit.session, IndicatorCode.ACTIVITIES_HELD, since, until))

    def row(self, id: str) -> dict[str, object]:
        with self.units.read() as unit:
            return vars(queries.locked(unit.session, id).record())

    def refused(self, code: Code, act: Callable[[Unit], object]) -> None:
        """The act is refused with this code, and neither a row nor an event has changed."""
        before = self.snapshot()
        with pytest.raises(Refusal) as refusal:
            self.do(act)
        assert refusal.value.code is code
        assert self.snapshot() == before

    def snapshot(self) -> object:
        with self.units.read() as unit:
            everything = queries.listed(unit.session, self.secretary, Wanted(), ActivityOrder.STARTS_AT_DESC, 200, None)
            return [vars(row) for row in everything.rows], told(self.units)


@pytest.fixture
def office(units: Units, directory: Directory, clerk: Actor, secretary: Actor) -> Office:
    return Office(units, directory, clerk, secretary)


def test_a_draft_tells_nobody_anything_until_it_is_signed(office: Office) -> None:
    id = office.drafted(DELTA)
    assert told(office.units) == []
    office.do(lambda unit: service.submit(unit, office.clerk, id))
    assert told(office.units) == []
    office.do(lambda unit: service.sign_off(unit, office.secretary, id, unclassified=True))
    [event] = told(office.units)
    assert (event.op, event.channel[:2], event.data["state"]) == ("put", "m_", "PUBLISHED")


def test_private_columns_never_travel(office: Office) -> None:
    office.published([*DELTA, *PARENT, Share(Scope.OPEN)])
    events = told(office.units)
    assert {event.channel[0] for event in events} == {"m", "c", "o"}
    assert not any(word in repr(events) for word in ("canary", "desk_secret", "drafted_by"))


def test_members_of_a_mechanism_are_told_more_than_everybody(office: Office) -> None:
    id = office.published([*DELTA, Share(Scope.OPEN)])
    office.units.clock.on(days=8)  # type: ignore[attr-defined]
    report = Report(headcount=30, leader_present=True, suggestions=("早定边界", "邀请乡贤"), text="第三轮")
    office.do(lambda unit: service.enter_closing(unit, office.clerk, id, report))
    last = {event.channel[0]: event.data for event in told(office.units)}
    assert last["m"]["suggestions"] == ["早定边界", "邀请乡贤"]
    assert "suggestions" not in last["o"]
    assert "report" not in last["o"]
    assert last["o"]["headcount"] == 30


def test_a_clerk_cannot_sign_and_a_secretary_must_confirm_it_is_unclassified(office: Office) -> None:
    id = office.drafted(DELTA)
    office.do(lambda unit: service.submit(unit, office.clerk, id))
    office.refused(Code.FORBIDDEN, lambda unit: service.sign_off(unit, office.clerk, id, unclassified=True))
    office.refused(
        Code.SECRECY_UNCONFIRMED, lambda unit: service.sign_off(unit, office.secretary, id, unclassified=False)
    )


def test_what_is_sent_back_says_why_and_can_be_submitted_again(office: Office) -> None:
    id = office.drafted(DELTA)
    office.do(lambda unit: service.submit(unit, office.clerk, id))
    office.refused(Code.NEEDS_REASON, lambda unit: service.send_back(unit, office.secretary, id, " "))
    office.do(lambda unit: service.send_back(unit, office.secretary, id, "地点不详"))
    with office.units.read() as unit:
        row = queries.locked(unit.session, id)
        assert (row.approval, row.returned_because) == (Approval.RETURNED, "地点不详")
    office.do(lambda unit: service.redraft(unit, office.clerk, office.directory, id, draft(place="一号楼"), DELTA))
    office.do(lambda unit: service.submit(unit, office.clerk, id))
    office.do(lambda unit: service.sign_off(unit, office.secretary, id, unclassified=True))
    assert [event.data["place"] for event in told(office.units)] == ["一号楼"]


@pytest.mark.practice(3)
def test_a_change_of_time_goes_out_at_once_with_its_reason(office: Office) -> None:
    id = office.published(DELTA)
    later = places.SPRING + dt.timedelta(days=9)
    office.refused(Code.NEEDS_REASON, lambda unit: service.change(unit, office.clerk, id, "", starts_at=later))
    office.do(lambda unit: service.change(unit, office.clerk, id, "场地冲突", starts_at=later))
    event = told(office.units)[-1]
    assert dt.datetime.fromisoformat(event.data["starts_at"]) == later
    assert event.data["change_note"] == "场地冲突"
    ends_at = office.row(id)["ends_at"]
    assert ends_at == later + dt.timedelta(hours=2), "the length stays"


def test_cancelling_reaches_everybody_and_is_final(office: Office) -> None:
    id = office.published([*DELTA, *PARENT])
    office.do(lambda unit: service.cancel(unit, office.clerk, id, "台风"))
    assert {e.channel[0]: e.data["state"] for e in told(office.units)} == {"m": "CANCELLED", "c": "CANCELLED"}
    office.refused(Code.OUT_OF_TURN, lambda unit: service.cancel(unit, office.clerk, id, "又来"))
    office.refused(
        Code.OUT_OF_TURN, lambda unit: service.change(unit, office.clerk, id, "改期", starts_at=places.SPRING)
    )


def test_sharing_with_fewer_retracts_and_sharing_with_more_needs_a_signature(office: Office) -> None:
    id = office.published([*DELTA, *PARENT])
    office.do(lambda unit: service.share(unit, office.clerk, office.directory, id, PARENT))
    assert [(e.channel[0], e.op) for e in told(office.units)][-1] == ("m", "retract")
    wider = [*PARENT, Share(Scope.OPEN)]
    office.refused(Code.NOT_SIGNED_OFF, lambda unit: service.share(unit, office.clerk, office.directory, id, wider))
    office.do(lambda unit: service.share(unit, office.secretary, office.directory, id, wider))
    assert ("o", "put") in [(e.channel, e.op) for e in told(office.units)]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"title": ""}, Code.BAD_VALUE), ({"title": "长" * 121}, Code.BAD_VALUE),
        ({"title": "【机密】会议纪要"}, Code.CLASSIFIED), ({"capacity": 0}, Code.BAD_VALUE),
        ({"ends_at": places.SPRING}, Code.BAD_TIME), ({"host_ids": ("999999",)}, Code.UNKNOWN_COMMITTEE),
        ({"mechanism_id": f"310118.mechanism.{'0' * 32}"}, Code.UNKNOWN_MECHANISM), ({"venue_id": "x"}, Code.BAD_ID),
        ({"venue_id": f"{places.JIASHAN}.person.{'0' * 32}"}, Code.BAD_VALUE),
        ({"venue_id": f"{places.JIASHAN}.venue.{'0' * 32}"}, Code.NOT_FOUND),
    ],
)  # fmt: skip
def test_a_draft_that_does_not_hold_together_leaves_no_trace(
    office: Office, changed: dict[str, object], code: Code
) -> None:
    office.refused(code, lambda unit: service.draft(unit, office.clerk, office.directory, draft(**changed), []))


def test_sharing_with_a_stranger_is_refused(office: Office) -> None:
    other = [Share(Scope.MECHANISM, f"310118.mechanism.{'1' * 32}")]
    office.refused(
        Code.UNKNOWN_MECHANISM, lambda unit: service.draft(unit, office.clerk, office.directory, draft(), other)
    )
    far = [Share(Scope.PARTNER, places.YUHANG)]
    office.refused(
        Code.UNKNOWN_COMMITTEE, lambda unit: service.draft(unit, office.clerk, office.directory, draft(), far)
    )


def test_members_and_strangers_draft_nothing(office: Office, member: Actor) -> None:
    office.refused(Code.FORBIDDEN, lambda unit: service.draft(unit, member, office.directory, draft(), []))
    foreign = places.stranger(places.JIASHAN, places.JIAXING, Role.SECRETARY)
    office.refused(Code.FORBIDDEN, lambda unit: service.draft(unit, foreign, office.directory, draft(), []))
    office.refused(
        Code.NOT_SIGNED_IN,
        lambda unit: service.draft(unit, nobody(places.JIASHAN), office.directory, draft(), []),
    )


def test_nothing_is_reported_before_it_began(office: Office) -> None:
    id = office.published(DELTA)
    office.refused(
        Code.BAD_TIME, lambda unit: service.enter_closing(unit, office.clerk, id, Report(3, leader_present=False))
    )
    office.refused(Code.BAD_TIME, lambda unit: service.hold(unit, office.clerk, id))


@pytest.mark.practice(5)
@pytest.mark.seed(41)
def test_the_ordinal_counts_a_venues_sessions_of_one_year(office: Office) -> None:
    """第N次: given at closing, or when what was backfilled is signed, by venue, kind and year (seed fact 41)."""
    venue = office.venue()
    ordinals = []
    for day in (300, 200, 100, 20, 10):
        told_ = draft(venue_id=venue, starts_at=places.SPRING - dt.timedelta(days=day), ends_at=None)
        with office.units.write() as unit:
            made = backfill_service.backfill(
                unit, office.clerk, office.directory, told_, Report(5, leader_present=False), "纸质记录补录", PARENT
            )
            assert made.ordinal is None, "a session that may still be sent back has none"
            made = service.sign_off(unit, office.secretary, made.id, unclassified=True)
        ordinals.append(made.ordinal)
    assert ordinals == [1, 2, 3, 1, 2], "three in 2025, then 2026 begins anew"


@pytest.mark.practice(5)
def test_a_backfilled_session_is_closed_at_once_and_leaves_only_when_signed(office: Office) -> None:
    told_ = draft(starts_at=places.SPRING - dt.timedelta(days=20), ends_at=None)
    with office.units.write() as unit:
        made = backfill_service.backfill(
            unit, office.clerk, office.directory, told_, Report(5, leader_present=False), "村里纸质签到", PARENT
        )
    assert (made.state, made.backfilled) == (ActivityState.CLOSED, True)
    assert told(office.units) == []
    office.do(lambda unit: service.sign_off(unit, office.secretary, made.id, unclassified=True))
    assert [(e.op, e.data["backfilled"], e.data["state"]) for e in told(office.units)] == [("put", True, "CLOSED")]


def test_each_reader_sees_what_was_shared_with_them(office: Office, member: Actor) -> None:
    shared, open_, hidden = office.published(DELTA), office.published([Share(Scope.OPEN)]), office.drafted([])

    def seen(actor: Actor) -> set[str]:
        with office.units.read() as unit:
            page = queries.listed(unit.session, actor, Wanted(), ActivityOrder.STARTS_AT_DESC, 50, None)
            assert page.count() == len(page.rows)
            return {row.id for row in page.rows}

    assert seen(office.clerk) == {shared, open_, hidden}
    assert seen(member) == {shared, open_}
    assert seen(places.stranger(places.JIASHAN, places.QINGPU, Role.MEMBER)) == {shared, open_}
    assert seen(places.stranger(places.JIASHAN, places.HANGZHOU, Role.SECRETARY)) == {open_}
    assert seen(nobody(places.JIASHAN)) == {open_}
    with office.units.read() as unit:
        assert queries.one(unit.session, nobody(places.JIASHAN), shared) is None


def test_pages_walk_through_everything_once_in_order(office: Office) -> None:
    made = {office.published([], starts_at=places.SPRING + dt.timedelta(days=n % 3), ends_at=None) for n in range(7)}
    for order in ActivityOrder:
        walked: list[str] = []
        after = None
        with office.units.read() as unit:
            while True:
                page = queries.listed(unit.session, office.clerk, Wanted(), order, 3, after)
                walked += [row.id for row in page.rows]
                if not page.has_next:
                    break
                after = page.cursor(page.rows[-1])
        assert len(walked) == len(set(walked)) == 7
        assert set(walked) == made
