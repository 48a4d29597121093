"""找回: venues of ours that a restored backup had forgotten, as those last knew them whom they were shared with."""

from sqlalchemy import delete

from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring.recovering import Recovered, gone, narrowed, stand, write
from tenant_service.storage.unit_of_work import Unit
from tenant_service.venues.models import SpaceRow, VenueRow
from tenant_service.venues.service import new_token


def recover(unit: Unit, told: Recovered) -> Outcome:
    """The venue stands as it was last told. One that is written anew has a new code for its door, and no contact; of
    its spaces only the sum of their seats is known.
    """
    row = unit.session.get(VenueRow, told.id, with_for_update=True)
    if told.is_gone:
        unit.session.execute(delete(SpaceRow).where(SpaceRow.venue_id == told.id))
        return gone(unit, row, told)
    if told.record is None:
        return narrowed(unit, row, told)
    outcome = Outcome.UPDATED if row else Outcome.ANEW
    row = row or VenueRow(
        id=told.id, committee_id=unit.committee, revision=0, qr_token=new_token(), contact_name=None,
        contact_phone=None, changed_at=told.said_at,
    )  # fmt: skip
    write(row, told, is_new=outcome is Outcome.ANEW)
    stand(unit, row, told)
    return outcome
