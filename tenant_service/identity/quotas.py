"""How many rows of personal data one account may look at in a day: work needs some hundred, scraping needs all.

Counted before they are shown, in a transaction of its own, and by the day in Asia/Shanghai. What somebody sees of
themselves does not count.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.instants import SHANGHAI
from tenant_service.identity.actor import Actor
from tenant_service.identity.models import PersonalReadRow
from tenant_service.storage.paging import Page
from tenant_service.storage.unit_of_work import Unit, Units

MOST_A_DAY = 3_000
"""Where no setting says otherwise."""
KEPT_DAYS = 30
PART = "personal_rows_per_day"
"""Name of the setting, and of the part by which rooms find it."""


def charge(units: Units, actor: Actor, rows: int, most: int = MOST_A_DAY) -> None:
    """So many rows more were shown to this account today.

    Raises:
        Refusal: QUOTA_REACHED; then none of them is to be shown, and none is counted.
    """
    if rows == 0:
        return
    with units.write() as unit:
        add(unit, actor, rows, most)


def add(unit: Unit, actor: Actor, rows: int, most: int = MOST_A_DAY) -> None:
    """The same, in the transaction of an act that hands them out. Raises: Refusal QUOTA_REACHED."""
    on: Any = postgresql if unit.session.get_bind().dialect.name == "postgresql" else sqlite
    counted = on.insert(PersonalReadRow).values(iss=actor.iss, sub=actor.sub, day=_day(unit.now), rows=rows)
    counted = counted.on_conflict_do_update(
        index_elements=["iss", "sub", "day"], set_={"rows": PersonalReadRow.rows + rows}
    ).returning(PersonalReadRow.rows)
    if unit.session.scalars(counted).one() > most:
        raise Refusal(Code.QUOTA_REACHED, most=most)


def counted(units: Units, actor: Actor, page: Page, most: int = MOST_A_DAY) -> Page:
    """The same page, whose rows are charged when they are read."""

    def telling(rows: Sequence[Any]) -> list[Any]:
        charge(units, actor, sum(_whose(row) != actor.person for row in rows), most)
        return page.telling(rows)

    return replace(page, telling=telling)


def used(session: Session, actor: Actor, now: dt.datetime) -> int:
    """Rows that were shown to this account today."""
    row = session.get(PersonalReadRow, (actor.iss, actor.sub, _day(now)))
    return row.rows if row else 0


def forget(unit: Unit) -> int:
    """Counts of days long past are dropped; how many."""
    before = _day(unit.now) - dt.timedelta(days=KEPT_DAYS)
    gone = unit.session.execute(
        delete(PersonalReadRow).where(PersonalReadRow.day < before).returning(PersonalReadRow.sub)
    )
    return len(gone.all())


def _whose(row: Any) -> str | None:
    """Of whom a row tells: a membership names a person, a person is one."""
    found: str | None = getattr(row, "person_id", row.id)
    return found


def _day(now: dt.datetime) -> dt.date:
    return now.astimezone(SHANGHAI).date()
