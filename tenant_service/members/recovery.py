"""找回: units and bodies of ours that a restored backup had forgotten, as those last knew them who were told of them.

Persons and memberships are told to nobody, so of them nothing can come back.
"""

from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring.recovering import Recovered, gone, narrowed, stand, write
from tenant_service.members.models import BodyRow, UnitRow
from tenant_service.storage.unit_of_work import Unit


def recover(unit: Unit, told: Recovered) -> Outcome:
    """The unit stands as it was last told. Who is in it is known to this committee alone, and as the backup has it."""
    row = unit.session.get(UnitRow, told.id, with_for_update=True)
    if told.is_gone:
        return gone(unit, row, told)
    if told.record is None:
        return narrowed(unit, row, told)
    outcome = Outcome.UPDATED if row else Outcome.ANEW
    row = row or UnitRow(id=told.id, committee_id=unit.committee, revision=0, changed_at=told.said_at)
    write(row, told, is_new=outcome is Outcome.ANEW)
    stand(unit, row, told)
    return outcome


def recover_body(unit: Unit, told: Recovered) -> Outcome:
    """The body stands on the list as it was last told, and takes assignments from those who were told of it."""
    row = unit.session.get(BodyRow, told.id, with_for_update=True)
    if told.is_gone:
        return gone(unit, row, told)
    if told.record is None:
        return narrowed(unit, row, told)
    outcome = Outcome.UPDATED if row else Outcome.ANEW
    row = row or BodyRow(id=told.id, committee_id=unit.committee, revision=0, changed_at=told.said_at)
    write(row, told, is_new=outcome is Outcome.ANEW)
    stand(unit, row, told)
    return outcome
