"""找回: units of ours that a restored backup had forgotten, as those last knew them whom they were shared with.

Persons, memberships and bodies are told to nobody, so of them nothing can come back.
"""

from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring.recovering import Recovered, gone, narrowed, stand, write
from tenant_service.members.models import UnitRow
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
