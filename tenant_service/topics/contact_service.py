"""How somebody who reported something is called back: shown one by one, for a reason. One function, one use case."""

import datetime as dt
from dataclasses import dataclass

from tenant_service.identity import disclosures, quotas
from tenant_service.identity.actor import Actor
from tenant_service.identity.disclosures import Told
from tenant_service.identity.policy import UseCase
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import queries

PHONE = "phone"


@dataclass(frozen=True)
class Revealed:
    """The phone of a reporter; None: none was left. `until`: how long it may be looked at again."""

    phone: str | None
    until: dt.datetime


def reveal_reporter(unit: Unit, actor: Actor, report: str, told: Told, most: int) -> str:
    """It stands in the register and the audit log that the phone is about to be seen, and it counts as one row; only
    who comes back with the id that is returned sees it, for some minutes.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND; PURPOSE_NEEDED; NEEDS_REASON, BAD_VALUE, CLASSIFIED; QUOTA_REACHED.
    """
    actor.require(UseCase.REVEAL_CONTACTS)
    queries.REPORTS.ours(unit.session, report)
    disclosure = disclosures.reveal(unit, actor, report, PHONE, told)
    quotas.add(unit, actor, 1, most)
    return disclosure


def revealed(unit: Unit, actor: Actor, disclosure: str, report: str) -> Revealed | None:
    """What was revealed to this account of this report; None: nothing was, or it is over, or it may not see it."""
    row = disclosures.shown_again(unit.session, actor, disclosure, unit.now)
    if row is None or (row.subject, row.field) != (report, PHONE) or not actor.may(UseCase.REVEAL_CONTACTS):
        return None
    return Revealed(queries.REPORTS.ours(unit.session, report).phone, row.at + disclosures.SHOWN_FOR)
