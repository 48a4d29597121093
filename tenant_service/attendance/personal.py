"""What this room holds of a person. Where somebody was present stays counted, under the pseudonym."""

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from tenant_service.attendance.models import ParticipationRow, SeenParticipationRow
from tenant_service.storage.personal import ERASED, Held, Whom, held
from tenant_service.storage.unit_of_work import Unit


def about(session: Session, whom: Whom) -> list[Held]:
    here = or_(ParticipationRow.person_id == whom.id, ParticipationRow.participant == whom.id)
    return [
        *held(session, ParticipationRow, here),
        *held(session, SeenParticipationRow, SeenParticipationRow.person_id == whom.id),
    ]


def erase(unit: Unit, whom: Whom) -> int:
    here = or_(ParticipationRow.person_id == whom.id, ParticipationRow.participant == whom.id)
    own = unit.session.scalars(select(ParticipationRow).where(here)).all()
    for row in own:
        row.name, row.reason = ERASED, None
        row.revision, row.changed_at = row.revision + 1, unit.now
    abroad = unit.session.scalars(select(SeenParticipationRow).where(SeenParticipationRow.person_id == whom.id)).all()
    for copy in abroad:
        copy.reason = None
    return len(own) + len(abroad)


def forget_guest(session: Session, activity: str, person: str) -> None:
    """The home of a guest of ours has erased what it had asked for that person: the name goes from our list."""
    here = (ParticipationRow.activity_id == activity) & (ParticipationRow.person_id == person)
    session.execute(update(ParticipationRow).where(here).values(name=ERASED, reason=None))
