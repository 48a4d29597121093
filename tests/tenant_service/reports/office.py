"""Jiashan's office and members write reports, and Jiaxing's office receives what is sent up: two databases, and only
pages travel. The line is cut until `settle` is called.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Engine

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.reports import ReportKind
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.members import service as members
from tenant_service.members.service import PersonDraft
from tenant_service.reports import intake_queries as intakes
from tenant_service.reports import queries, sending_service, service
from tenant_service.reports.models import ReportIntakeRow, ReportRow, SeenReportRow
from tenant_service.reports.service import Draft
from tenant_service.requests import service as requests
from tenant_service.rooms import HANDLERS, RECOVERIES, projections
from tenant_service.storage.engine import open_engine
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service import places
from tests.tenant_service.assignments.neighbours import World
from tests.tenant_service.exchange.committees import Committee, carry
from tests.tenant_service.told import told

T = TypeVar("T")
BULLETIN = "《社情民意》第{n}期"
INFO, RESEARCH = ReportKind.OPINION_INFO, ReportKind.RESEARCH
PIECE = Draft(
    "老旧小区加装电梯应统一标准", INFO, "多处小区反映标准不一。", ("统一技术标准", "简化审批"), ("沈一", "民盟支部")
)


@dataclass
class Office:
    """Who acts at home, and where."""

    units: Units
    clerk: Actor = field(default_factory=lambda: places.staff(places.JIASHAN, Role.CLERK))
    secretary: Actor = field(default_factory=lambda: places.staff(places.JIASHAN, Role.SECRETARY))
    deputy: Actor = field(default_factory=lambda: places.staff(places.JIASHAN, Role.DEPUTY_SECRETARY))

    def do(self, act: Callable[[Unit], T]) -> T:
        with self.units.write() as unit:
            return act(unit)

    def member(self, name: str, birth_month: str | None = None) -> Actor:
        """A member of that name, new on the roster, with an account."""
        draft = PersonDraft(name=name, birth_month=birth_month)
        person = self.do(lambda unit: members.add_person(unit, self.clerk, draft)).id
        return places.staff(places.JIASHAN, Role.MEMBER, sub=name, person=person)

    def written(self, draft: Draft = PIECE, by: Actor | None = None) -> str:
        return self.do(lambda unit: service.write(unit, by or self.clerk, draft)).id

    def handed_in(self, draft: Draft = PIECE, by: Actor | None = None) -> str:
        id = self.written(draft, by)
        self.do(lambda unit: service.hand_in(unit, by or self.clerk, id))
        return id

    def editing(self, draft: Draft = PIECE, by: Actor | None = None) -> str:
        id = self.handed_in(draft, by)
        self.do(lambda unit: service.take_on(unit, self.clerk, id))
        return id

    def submitted(self, draft: Draft = PIECE, by: Actor | None = None) -> str:
        id = self.editing(draft, by)
        self.do(lambda unit: service.submit(unit, self.clerk, id))
        return id

    def signed(self, draft: Draft = PIECE, by: Actor | None = None) -> str:
        id = self.submitted(draft, by)
        self.do(lambda unit: service.sign_off(unit, self.secretary, BULLETIN, id, unclassified=True))
        return id

    def sent(self, draft: Draft = PIECE, by: Actor | None = None) -> str:
        id = self.signed(draft, by)
        self.do(lambda unit: sending_service.send(unit, self.secretary, id))
        return id

    def row(self, id: str) -> ReportRow:
        with self.units.read() as unit:
            return queries.ours(unit.session, id)

    def steps(self, id: str) -> list[str]:
        with self.units.read() as unit:
            return [each.act for each in taken.of(unit.session, id)]

    def refused(self, code: Code, act: Callable[[Unit], object], *ids: str) -> None:
        """Refused by this code; nothing changed, and nobody was told anything."""
        before = [self.row(id).record() for id in ids], [self.steps(id) for id in ids], told(self.units)
        with pytest.raises(Refusal) as refusal:
            self.do(act)
        after = [self.row(id).record() for id in ids], [self.steps(id) for id in ids], told(self.units)
        assert (refusal.value.code, after) == (code, before)


@dataclass
class Upward:
    """The office, and its parent's."""

    office: Office
    here: Committee
    there: Committee
    clerk: Actor = field(default_factory=lambda: places.staff(places.JIAXING, Role.CLERK))
    secretary: Actor = field(default_factory=lambda: places.staff(places.JIAXING, Role.SECRETARY))

    def above(self, act: Callable[[Unit], T]) -> T:
        with self.there.units.write() as unit:
            return act(unit)

    def settle(self) -> None:
        """Everything is carried, answered, and carried back."""
        for _ in range(2):
            carry(self.here, self.there)
            carry(self.there, self.here)
            while requests.answer_next(self.here.units, HANDLERS):
                pass
            carry(self.here, self.there)

    def seen(self) -> list[SeenReportRow]:
        return list(self.there.rows(SeenReportRow))

    def intake(self, id: str) -> ReportIntakeRow | None:
        with self.there.units.read() as unit:
            return intakes.of_report(unit.session, id)


def opened(engine: Engine, units: Units, clock: places.Clock, folder: Path) -> Iterator[Upward]:
    beside = open_engine(f"sqlite:///{folder / 'jiaxing.db'}")
    shown = projections(places.directory)
    here, there = (
        Committee(World(clock), id, of, shown, RECOVERIES)  # type: ignore[arg-type]
        for id, of in ((places.JIASHAN, engine), (places.JIAXING, beside))
    )
    yield Upward(Office(units), here, there)
    beside.dispose()
