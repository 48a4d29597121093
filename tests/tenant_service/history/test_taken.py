"""Steps of a record: in order, without a gap, each going on from where the last one led."""

import datetime as dt

import pytest

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.venues import VenueState
from tenant_service.history import taken
from tenant_service.identity.actor import Actor, nobody
from tenant_service.storage.personal import ERASED
from tenant_service.storage.unit_of_work import Units
from tenant_service.venues.rules import STATES
from tests.tenant_service import places

HALL = f"{places.JIASHAN}.venue.0192f0c1d2e34567890abcdef0000001"
OTHER = f"{places.JIASHAN}.venue.0192f0c1d2e34567890abcdef0000002"


def test_who_did_what_when_and_why(units: Units, clerk: Actor, clock: places.Clock) -> None:
    begun = clock()
    with units.write() as unit:
        taken.write(unit, nobody(places.JIASHAN), HALL, "venue.add", None, VenueState.PLANNED)
    clock.now += dt.timedelta(days=2)
    with units.write() as unit:
        taken.write(unit, clerk, HALL, "venue.move", VenueState.PLANNED, VenueState.OPEN, "装修完工")
        taken.write(unit, clerk, OTHER, "venue.add", None, VenueState.PLANNED)
    with units.read() as unit:
        first, second = taken.of(unit.session, HALL)
        assert [each.seq for each in taken.of(unit.session, OTHER)] == [1]
        opened = taken.since(unit.session, [HALL, OTHER], VenueState.OPEN)
    assert (first.seq, first.was, first.now, first.iss, first.sub) == (1, None, "PLANNED", "", "")
    assert (second.seq, second.was, second.now, second.because) == (2, first.now, "OPEN", "装修完工")
    assert (second.iss, second.sub, second.act) == (clerk.iss, clerk.sub, "venue.move")
    assert (first.at, second.at) == (begun, begun + dt.timedelta(days=2))
    assert opened == {HALL: second.at}


def test_reasons_go_and_the_steps_stay(units: Units, clerk: Actor) -> None:
    with units.write() as unit:
        taken.write(unit, clerk, HALL, "venue.add", None, VenueState.PLANNED, "王某要求")
        taken.write(unit, clerk, HALL, "venue.move", VenueState.PLANNED, VenueState.OPEN)
        assert taken.forget_reasons(unit, HALL) == 1
        assert taken.forget_reasons(unit, HALL) == 0
        assert [each.because for each in taken.of(unit.session, HALL)] == [ERASED, None]


class Hall:
    """What `take` needs of a row."""

    def __init__(self, id: str, state: VenueState) -> None:
        self.id, self.state = id, state


def test_a_step_leads_where_the_table_says_or_is_refused_and_not_written(units: Units, clerk: Actor) -> None:
    hall = Hall(HALL, VenueState.PLANNED)
    with units.write() as unit:
        taken.take(unit, clerk, hall, STATES, VenueState.OPEN, "装修完工")
    with pytest.raises(Refusal) as refusal, units.write() as unit:
        taken.take(unit, clerk, hall, STATES, VenueState.PLANNED)
    assert refusal.value.code is Code.OUT_OF_TURN
    assert hall.state is VenueState.OPEN
    with units.read() as unit:
        assert [(each.was, each.now) for each in taken.of(unit.session, HALL)] == [("PLANNED", "OPEN")]
