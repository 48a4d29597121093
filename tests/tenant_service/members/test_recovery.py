"""Units that a restored backup had forgotten come back, with their days and whom they are shared with."""

import datetime as dt

from sqlalchemy import MetaData

from sync.contract.channels import Scope, Share
from sync.contract.shapes.members import UnitKind
from sync.contract.trust.directory import Directory
from tenant_service.exchange.outcome import Outcome
from tenant_service.identity.actor import Actor
from tenant_service.members import queries, unit_service
from tenant_service.members.unit_service import UnitDraft
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.restores import Backup, Restore

LAST = dt.date(2026, 3, 31)


def test_forgotten_units_come_back_and_so_does_the_last_day_of_a_known_one(
    units: Units, tables: MetaData, directory: Directory, clerk: Actor
) -> None:
    with units.write() as unit:
        draft = UnitDraft("罗星街道", UnitKind.TOWN)
        known = unit_service.add_unit(unit, clerk, directory, draft, [Share(Scope.PARENT)]).id
    restore = Restore(units, places.trust(places.JIASHAN), Backup(units, tables))
    with units.write() as unit:
        town = unit_service.add_unit(
            unit, clerk, directory, UnitDraft("魏塘街道", UnitKind.TOWN), [Share(Scope.PARENT)]
        )
        below = UnitDraft("第一社区", UnitKind.COMMUNITY, parent_id=town.id)
        community = unit_service.add_unit(unit, clerk, directory, below, [Share(Scope.PARENT)])
        unit_service.close_unit(unit, clerk, known, LAST)
    restore.lose()
    assert restore.come_back() == {
        known: Outcome.UPDATED, town.id: Outcome.ANEW, community.id: Outcome.ANEW,
    }  # fmt: skip
    with units.read() as unit:
        rows = {id: queries.locked_unit(unit.session, id) for id in (known, town.id, community.id)}
    assert rows[known].until == LAST
    assert rows[community.id].record() == community
    assert rows[town.id].shares == ["PARENT"]
    assert restore.shared_now("c").keys() == rows.keys()
