"""What people do with the calendar of workdays. One function, one use case, one transaction.

A due date that was computed stays as it was told; only what is computed from now on goes by a change.
"""

import datetime as dt

from sync.contract.errors import Code, Refusal
from tenant_service import wording
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.storage.unit_of_work import Unit
from tenant_service.workdays.models import WorkdayRow


def put_right(unit: Unit, actor: Actor, day: dt.date, note: str, *, works: bool) -> None:
    """The committee works on this day, or does not, whatever is published.

    Raises:
        Refusal: FORBIDDEN; BAD_VALUE, without a note; CLASSIFIED.
    """
    actor.require(UseCase.EDIT_WORKDAYS)
    row = unit.session.get(WorkdayRow, day, with_for_update=True) or WorkdayRow(day=day)
    row.works, row.note, row.changed_at = works, wording.text("note", note, 60), unit.now
    unit.session.add(row)
    audit.note(unit, actor, "workday.put_right", day.isoformat())


def let_go(unit: Unit, actor: Actor, day: dt.date) -> None:
    """The day is again as it is published.

    Raises:
        Refusal: FORBIDDEN; NOT_FOUND, it was not put right.
    """
    actor.require(UseCase.EDIT_WORKDAYS)
    row = unit.session.get(WorkdayRow, day, with_for_update=True)
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    unit.session.delete(row)
    audit.note(unit, actor, "workday.let_go", day.isoformat())
