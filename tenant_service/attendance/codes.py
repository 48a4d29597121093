"""履职码: what a member's own home writes for the host's desk."""

import datetime as dt
import secrets

from joserfc.jwk import ECKey

from sync.contract.errors import Code, Refusal
from sync.contract.instants import SHANGHAI
from sync.contract.trust import codes
from tenant_service.activities import queries as activities
from tenant_service.attendance import queries
from tenant_service.attendance.models import IssuedCodeRow
from tenant_service.attendance.rules import CLOSES_AFTER, TAKES_A_PLACE
from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Unit, Units


def code_for(unit: Unit, units: Units, actor: Actor, key: ECKey, activity: str | None) -> str:
    """A code for the signed-in member: with a place at this activity it is valid until its end and may be printed,
    else it is a walk-in's and lives for a minute. That it was shown is noted first, once a day.

    Raises:
        Refusal: NOT_FOUND, nobody's account, or no activity that we know of.
    """
    if actor.person is None:
        raise Refusal(Code.NOT_FOUND)
    now = int(unit.now.timestamp())
    until, where = unit.now + dt.timedelta(seconds=codes.WALK_IN), ""
    if activity is not None:
        told = activities.known(unit.session, activity)
        mine = queries.mine(unit.session, actor, activity)
        if mine is not None and mine.state in TAKES_A_PLACE:
            until, where = (told.ends_at or told.starts_at) + CLOSES_AFTER, activity
    _note(unit, units, actor.person, where, until)
    return codes.issued(
        codes.CheckInCode(
            person=actor.person, name=actor.name, activity=where, jti=secrets.token_urlsafe(12), iat=now,
            exp=int(until.timestamp()),
        ),
        key,
    )  # fmt: skip


def _note(unit: Unit, units: Units, person: str, activity: str, until: dt.datetime) -> None:
    day = unit.now.astimezone(SHANGHAI).date()
    if unit.session.get(IssuedCodeRow, (person, activity, day)) is not None:
        return
    with units.write() as writing:
        row = IssuedCodeRow(person_id=person, activity_id=activity, day=day, at=unit.now, until=until)
        writing.session.merge(row)
