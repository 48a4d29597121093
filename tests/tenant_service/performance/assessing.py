"""Jiashan's office assesses its members by a scheme, and publishes what came of it."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from sync.contract.shapes.members import UnitKind
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.members import unit_service
from tenant_service.members.unit_service import UnitDraft
from tenant_service.performance import result_service, scheme_service, service
from tenant_service.performance.rules import Deed
from tenant_service.performance.scheme_rules import HUNDRED, DeedPoints, RoleExtra, SchemeRules
from tenant_service.performance.scheme_service import SchemeDraft
from tenant_service.performance.service import Draft
from tenant_service.rooms import PEOPLE
from tenant_service.storage.unit_of_work import Unit
from tests.tenant_service import places
from tests.tenant_service.members.office import new_person, placed, seated
from tests.tenant_service.performance.ledger import Office

YEAR = 2026
DAY = dt.date(2026, 3, 2)
UNTIL = dt.date(2026, 4, 10)


def worth(deed: Deed, each: float, cap: float | None = None, least: int = 0, short: float = 0) -> DeedPoints:
    most = None if cap is None else round(cap * HUNDRED)
    return DeedPoints(deed, round(each * HUNDRED), most, least, round(short * HUNDRED))


RULES = SchemeRules(
    [worth(Deed.SERVICE, 5, 12), worth(Deed.DUTY, 2.5), worth(Deed.READING, 3), worth(Deed.CRITICISM, -10)],
    [RoleExtra("SPEAKER", HUNDRED)], 20 * HUNDRED, 10 * HUNDRED, 5 * HUNDRED, base=2 * HUNDRED,
    warn_below=4 * HUNDRED, sample=3, shows_place=True,
)  # fmt: skip
"""2 of everybody; service 5 each and 12 at most, duty 2.5, reading 3; 优秀 from 20, warned below 4."""


@dataclass
class Assessing:
    """Attributes: office: who enters and computes; its secretary signs."""

    office: Office
    people: dict[str, str] = field(default_factory=dict)

    def seat(self, *names: str, unit: str | None = None) -> list[str]:
        """Members of these names, each with a seat, and in the unit where there is one."""
        found = []
        for name in names:
            if name not in self.people:
                self.people[name] = new_person(self.office.units, self.office.clerk, name)
                seated(self.office.units, self.office.clerk, self.people[name])
            if unit:
                placed(self.office.units, self.office.clerk, self.people[name], unit)
            found.append(self.people[name])
        return found

    def unit(self, name: str, kind: UnitKind = UnitKind.SPECIAL_COMMITTEE) -> str:
        draft, clerk = UnitDraft(name, kind), self.office.clerk
        return self.office.do(lambda on: unit_service.add_unit(on, clerk, places.directory(), draft, [])).id

    def did(self, person: str, *deeds: Deed, day: dt.date = DAY) -> list[str]:
        """The office enters one line for each; their ids."""

        def enter(on: Unit) -> list[str]:
            told = [Draft(person, deed, day, deed.label) for deed in deeds]
            return [service.enter(on, self.office.clerk, PEOPLE, each).id for each in told]

        return self.office.do(enter)

    def scheme(self, rules: SchemeRules = RULES, year: int = YEAR) -> str:
        """A scheme that is in force."""
        office = self.office
        id = office.do(lambda on: scheme_service.draft(on, office.clerk, SchemeDraft("履职积分", year, rules)).id)
        office.do(lambda on: scheme_service.enact(on, office.secretary, id, unclassified=True).id)
        return id

    def computed(self) -> str:
        return self.office.do(lambda on: result_service.compute(on, self.office.clerk, PEOPLE, YEAR).id)

    def publish(self, id: str, until: dt.date = UNTIL, **more: Any) -> str:
        told = {"unclassified": True, **more}
        return self.office.do(
            lambda on: result_service.publish(on, self.office.secretary, PEOPLE, id, until, **told).id
        )

    def published(self) -> str:
        return self.publish(self.computed())


def actor(person: str) -> Actor:
    return places.staff(places.JIASHAN, Role.MEMBER, sub=f"account-{person}", person=person)
