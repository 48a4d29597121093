"""How many rows of personal data one account may look at in a day: work needs some hundred, scraping needs all.

Counted before they are shown, in a transaction of its own, and by the day in Asia/Shanghai. What somebody sees of
themselves does not count. Each look counts; only who is on the list of one activity counts once a day, because its desk
is opened anew after everybody who comes.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.instants import SHANGHAI
from tenant_service.identity.actor import Actor
from tenant_service.identity.models import PersonalListRow, PersonalReadRow
from tenant_service.storage.paging import Page
from tenant_service.storage.unit_of_work import Unit, Units

MOST_A_DAY = 3_000
"""Where no setting says otherwise."""
KEPT_DAYS = 30


@dataclass(frozen=True)
class Standing:
    """How many rows an account was shown today, how many it may be shown, and when it is counted anew."""

    used: int
    most: int
    opens_at: dt.datetime

    @property
    def left(self) -> int:
        return max(self.most - self.used, 0)


def standing(units: Units, actor: Actor, most: int = MOST_A_DAY) -> Standing:
    """As it is now, what was just shown included."""
    with units.read() as unit:
        return Standing(used(unit.session, actor, unit.now), most, _opens_at(unit.now))


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
    counted = _insert(unit.session)(PersonalReadRow).values(iss=actor.iss, sub=actor.sub, day=_day(unit.now), rows=rows)
    counted = counted.on_conflict_do_update(
        index_elements=["iss", "sub", "day"], set_={"rows": PersonalReadRow.rows + rows}
    ).returning(PersonalReadRow.rows)
    if unit.session.scalars(counted).one() > most:
        raise Refusal(Code.QUOTA_REACHED, most=most, opens=f"{_opens_at(unit.now):%Y-%m-%d %H:%M}")


def counted(units: Units, actor: Actor, page: Page, most: int = MOST_A_DAY) -> Page:
    """The same page, whose rows are charged when they are read."""

    def telling(rows: Sequence[Any]) -> list[Any]:
        charge(units, actor, of_others(actor, rows), most)
        return page.telling(rows)

    return replace(page, telling=telling)


def charge_list(units: Units, actor: Actor, of: str, rows: int, most: int = MOST_A_DAY) -> None:
    """The whole list `of` one activity was shown to this account, on a page or in an answer: those count who were not
    on it when it was last shown to the account today.

    Raises:
        Refusal: QUOTA_REACHED; then nobody on it is to be shown, and nothing is counted.
    """
    if rows == 0:
        return
    with units.write() as unit:
        key = {"iss": actor.iss, "sub": actor.sub, "day": _day(unit.now), "list_id": of}
        first = _insert(unit.session)(PersonalListRow).values(**key, rows=0).on_conflict_do_nothing()
        unit.session.execute(first)
        row = unit.session.get_one(PersonalListRow, tuple(key.values()), with_for_update=True)
        if rows > row.rows:
            add(unit, actor, rows - row.rows, most)
            row.rows = rows


def of_others(actor: Actor, rows: Iterable[Any]) -> int:
    """How many of these rows tell of somebody else."""
    return sum(whose is not None and whose != actor.person for whose in map(_whose, rows))


def used(session: Session, actor: Actor, now: dt.datetime) -> int:
    """Rows that were shown to this account today."""
    row = session.get(PersonalReadRow, (actor.iss, actor.sub, _day(now)))
    return row.rows if row else 0


def forget(unit: Unit) -> int:
    """Counts of days long past are dropped; how many."""
    before = _day(unit.now) - dt.timedelta(days=KEPT_DAYS)
    unit.session.execute(delete(PersonalListRow).where(PersonalListRow.day < before))
    gone = unit.session.execute(
        delete(PersonalReadRow).where(PersonalReadRow.day < before).returning(PersonalReadRow.sub)
    )
    return len(gone.all())


def _whose(row: Any) -> str | None:
    """Of whom a row tells: a person is one, other rows name one or nobody."""
    found: str | None = getattr(row, "person_id", row.id)
    return found


def _day(now: dt.datetime) -> dt.date:
    return now.astimezone(SHANGHAI).date()


def _opens_at(now: dt.datetime) -> dt.datetime:
    return dt.datetime.combine(_day(now) + dt.timedelta(days=1), dt.time(), SHANGHAI)


def _insert(session: Session) -> Any:
    return (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
