"""Jiashan's members, and what the ledger says of them."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select

from sync.contract.shapes.activities import ActivityKind
from tenant_service.activities import service as activity_service
from tenant_service.activities.service import Draft
from tenant_service.attendance import service as attendance
from tenant_service.attendance.service import Invited
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.members import service as roster
from tenant_service.members.service import PersonDraft
from tenant_service.performance import queries
from tenant_service.performance.models import LedgerRow
from tenant_service.performance.rules import Deed
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service import places

T = TypeVar("T")
LONG_AGO = places.SPRING + dt.timedelta(days=1)


@dataclass
class Office:
    """Attributes: clerk: who enters what was done."""

    units: Units
    clock: places.Clock
    clerk: Actor
    secretary: Actor

    def do(self, act: Callable[[Unit], T]) -> T:
        with self.units.write() as unit:
            return act(unit)

    def later(self) -> None:
        """The day after the activities."""
        self.clock.on(days=2)

    def person(self, name: str) -> str:
        return self.do(lambda unit: roster.add_person(unit, self.clerk, PersonDraft(name=name)).id)

    def activity(self, kind: ActivityKind, title: str, at: dt.datetime = LONG_AGO) -> str:
        """An activity that is published and is held on that day."""

        def make(unit: Unit) -> str:
            draft = Draft(title, kind, at, "惠通村")
            made = activity_service.draft(unit, self.clerk, places.directory(), draft, [])
            activity_service.submit(unit, self.clerk, made.id)
            activity_service.sign_off(unit, self.secretary, made.id, unclassified=True)
            return made.id

        return self.do(make)

    def attend(self, activity: str, *persons: str) -> int:
        guests = [Invited(each, "到会者") for each in persons]
        return self.do(lambda unit: attendance.enter_list(unit, self.clerk, activity, guests))

    def lines(self) -> list[LedgerRow]:
        with self.units.read() as unit:
            rows = list(unit.session.scalars(select(LedgerRow).order_by(LedgerRow.id)))
            unit.session.expunge_all()
            return rows

    def deeds(self, person: str, year: int = places.SPRING.year) -> Counter[Deed]:
        with self.units.read() as unit:
            return queries.deeds(unit.session, person, year)


def member(person: str) -> Actor:
    return places.staff(places.JIASHAN, Role.MEMBER, person=person)
