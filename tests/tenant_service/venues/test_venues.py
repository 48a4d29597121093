"""Venues: what is shown to whom, which steps there are, and which towns are covered."""

import datetime as dt
from collections.abc import Callable

import pytest

from sync.contract.channels import Scope, Share
from sync.contract.errors import Code, Refusal
from sync.contract.shapes.venues import VenueKind, VenueOrder, VenueRecord, VenueState
from sync.contract.trust.directory import Directory
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Unit, Units
from tenant_service.venues import queries, service
from tenant_service.venues.queries import Wanted
from tenant_service.venues.service import Draft, Space
from tests.tenant_service import places
from tests.tenant_service.told import told

OPEN = [Share(Scope.OPEN)]
MAY = dt.date(2025, 5, 1)


def draft(**changed: object) -> Draft:
    base: dict[str, object] = {
        "name": "惠通村民生议事堂", "kind": VenueKind.HALL, "address": "惠通村文化礼堂二楼", "area": "干窑镇",
        "opened_on": MAY, "spaces": (Space("议事厅", 60), Space("接待室", 8)), "contact_phone": "canary-phone-2",
    }  # fmt: skip
    return Draft(**(base | changed))  # type: ignore[arg-type]


class Office:
    """Jiashan's office."""

    def __init__(self, units: Units, directory: Directory, clerk: Actor) -> None:
        self.units, self.directory, self.clerk = units, directory, clerk

    def added(self, shares: list[Share] | None = None, **changed: object) -> VenueRecord:
        with self.units.write() as unit:
            chosen = OPEN if shares is None else shares
            return service.add(unit, self.clerk, self.directory, draft(**changed), chosen)

    def do(self, act: Callable[[Unit], VenueRecord]) -> VenueRecord:
        with self.units.write() as unit:
            return act(unit)

    def names(self, actor: Actor, wanted: Wanted | None = None) -> list[str]:
        with self.units.read() as unit:
            found = queries.listed(unit.session, actor, wanted or Wanted(), VenueOrder.SORT_KEY_ASC, 50, None)
            return [row.name for row in found.rows]

    def refused(self, code: Code, act: Callable[[Unit], VenueRecord]) -> None:
        before = self.names(self.clerk), told(self.units)
        with pytest.raises(Refusal) as refusal:
            self.do(act)
        assert refusal.value.code is code
        assert (self.names(self.clerk), told(self.units)) == before


@pytest.fixture
def office(units: Units, directory: Directory, clerk: Actor) -> Office:
    return Office(units, directory, clerk)


def test_a_venue_is_open_from_its_first_day_with_all_its_seats(office: Office) -> None:
    made = office.added()
    assert (made.state, made.seats, made.opened_on) == (VenueState.OPEN, 68, MAY)
    assert office.added(opened_on=None, spaces=()).state is VenueState.PLANNED
    [*_, event] = told(office.units)
    assert "canary" not in repr(told(office.units))
    assert "qr_token" not in event.data


def test_strangers_see_open_ones_and_the_office_all(office: Office, member: Actor) -> None:
    office.added(name="公开的")
    office.added([Share(Scope.PARENT)], name="给上级的")
    office.added([], name="自己的")
    assert set(office.names(office.clerk)) == set(office.names(member)) == {"公开的", "给上级的", "自己的"}
    assert office.names(nobody(places.JIASHAN)) == ["公开的"]
    assert set(office.names(places.stranger(places.JIASHAN, places.JIAXING, Role.CLERK))) == {"公开的", "给上级的"}
    assert office.names(places.stranger(places.JIASHAN, places.YUHANG, Role.CLERK)) == ["公开的"]


def test_names_come_in_the_order_of_their_sound(office: Office) -> None:
    for name in ("张江", "安吉", "嘉善", "北仑"):
        office.added(name=name)
    assert office.names(office.clerk) == ["安吉", "北仑", "嘉善", "张江"]


def test_a_venue_pauses_and_reopens_but_closes_for_good(office: Office) -> None:
    id, day = office.added().id, dt.date(2026, 3, 1)

    def move(to: VenueState) -> Callable[[Unit], VenueRecord]:
        return lambda unit: service.move(unit, office.clerk, id, to, day)

    assert office.do(move(VenueState.PAUSED)).state is VenueState.PAUSED
    assert office.do(move(VenueState.OPEN)).opened_on == MAY, "a pause does not change the first day"
    assert office.do(move(VenueState.CLOSED)).closed_on == day
    for to in (VenueState.OPEN, VenueState.PAUSED, VenueState.CLOSED):
        office.refused(Code.OUT_OF_TURN, move(to))
    office.refused(Code.OUT_OF_TURN, lambda unit: service.change(unit, office.clerk, id, draft()))


def test_nothing_closes_before_it_opened(office: Office) -> None:
    id = office.added().id
    early = MAY - dt.timedelta(days=1)
    office.refused(Code.BAD_TIME, lambda unit: service.move(unit, office.clerk, id, VenueState.CLOSED, early))


def test_centres_and_their_posts_form_a_tree(office: Office) -> None:
    centre = office.added(kind=VenueKind.PRACTICE_CENTRE, name="中心").id
    post = office.added(kind=VenueKind.POST, name="驿站", parent_id=centre).id
    assert office.names(office.clerk, Wanted(parent_id=centre)) == ["驿站"]
    office.refused(Code.VENUE_CYCLE, lambda unit: service.change(unit, office.clerk, centre, draft(parent_id=post)))
    office.refused(Code.VENUE_CYCLE, lambda unit: service.change(unit, office.clerk, centre, draft(parent_id=centre)))
    nowhere = f"{places.JIASHAN}.venue.{'0' * 32}"
    office.refused(Code.NOT_FOUND, lambda unit: service.change(unit, office.clerk, centre, draft(parent_id=nowhere)))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": " "}, Code.BAD_VALUE), ({"spaces": (Space("厅", 0),)}, Code.BAD_VALUE),
        ({"address": "（内部资料）三号楼"}, Code.CLASSIFIED), ({"area_id": "nowhere"}, Code.BAD_ID),
    ],
)  # fmt: skip
def test_a_description_that_cannot_be_leaves_no_trace(office: Office, changed: dict[str, object], code: Code) -> None:
    office.refused(code, lambda unit: service.add(unit, office.clerk, office.directory, draft(**changed), OPEN))


def test_members_and_strangers_change_nothing(office: Office, member: Actor) -> None:
    id = office.added().id
    for actor in (member, places.stranger(places.JIASHAN, places.JIAXING, Role.CLERK)):
        office.refused(Code.FORBIDDEN, lambda unit, a=actor: service.renew_code(unit, a, id))  # type: ignore[misc]


def test_a_new_code_ends_the_old_one(office: Office) -> None:
    id = office.added().id
    with office.units.read() as unit:
        old = queries.locked(unit.session, id).qr_token
        assert queries.by_token(unit.session, old).id == id
    office.do(lambda unit: service.renew_code(unit, office.clerk, id))
    with office.units.read() as unit, pytest.raises(Refusal) as refusal:
        queries.by_token(unit.session, old)
    assert refusal.value.code is Code.QR_INVALID


def test_sharing_with_nobody_takes_it_back_everywhere(office: Office) -> None:
    id = office.added([*OPEN, Share(Scope.PARENT)]).id
    office.do(lambda unit: service.share(unit, office.clerk, office.directory, id, []))
    assert sorted(event.channel for event in told(office.units) if event.op == "retract") == ["c", "o"]
    assert office.names(nobody(places.JIASHAN)) == []


@pytest.mark.parametrize("typed", ["%", "_", "站%", "\\"])
def test_what_is_typed_means_no_more_than_itself(office: Office, typed: str) -> None:
    office.added(name="驿站")
    office.added(name=f"甲{typed}乙")
    assert office.names(office.clerk, Wanted(name=typed)) == [f"甲{typed}乙"]
