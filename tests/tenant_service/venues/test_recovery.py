"""Venues that a restored backup had forgotten come back; what was never told of them does not."""

import datetime as dt

from sqlalchemy import MetaData

from sync.contract.channels import Scope, Share
from sync.contract.shapes.venues import VenueKind, VenueState
from sync.contract.trust.directory import Directory
from tenant_service.exchange.outcome import Outcome
from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Units
from tenant_service.venues import queries, service
from tenant_service.venues.models import VenueRow
from tenant_service.venues.service import Draft, Space
from tests.tenant_service import places
from tests.tenant_service.restores import Backup, Restore

PARENT = Share(Scope.PARENT)
HALL = Draft(
    "罗星民生议事堂", VenueKind.HALL, "体育南路1号", opened_on=dt.date(2026, 3, 1), spaces=(Space("议事厅", 40),),
    contact_name="李二", contact_phone="13800000000",
)  # fmt: skip


def row(units: Units, id: str) -> VenueRow:
    with units.read() as unit:
        return queries.ours(unit.session, id)


def test_a_forgotten_venue_has_a_new_code_for_its_door(
    units: Units, tables: MetaData, directory: Directory, clerk: Actor
) -> None:
    restore = Restore(units, places.trust(places.JIASHAN), Backup(units, tables))
    with units.write() as unit:
        id = service.add(unit, clerk, directory, HALL, [PARENT]).id
    before = row(units, id)
    restore.lose()
    assert restore.come_back() == {id: Outcome.ANEW}
    after = row(units, id)
    assert after.record() == before.record()
    assert after.seats == 40
    assert after.qr_token != before.qr_token
    assert (after.contact_name, after.shares) == (None, ["PARENT"])
    assert restore.shared_now("c").keys() == {id}


def test_a_known_venue_keeps_its_code_and_its_contact(
    units: Units, tables: MetaData, directory: Directory, clerk: Actor
) -> None:
    with units.write() as unit:
        id = service.add(unit, clerk, directory, HALL, [PARENT]).id
    before = row(units, id)
    restore = Restore(units, places.trust(places.JIASHAN), Backup(units, tables))
    with units.write() as unit:
        service.move(unit, clerk, id, VenueState.PAUSED, dt.date(2026, 4, 1))
    restore.lose()
    assert restore.come_back() == {id: Outcome.UPDATED}
    after = row(units, id)
    assert (after.state, after.qr_token, after.contact_name) == (VenueState.PAUSED, before.qr_token, "李二")
    with units.read() as unit:
        assert [space.name for space in queries.spaces(unit.session, id)] == ["议事厅"]
