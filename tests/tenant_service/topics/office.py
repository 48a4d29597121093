"""Langya's way at Jiashan's office: what somebody reported becomes a topic, is consulted about and answered."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import pytest

from sync.contract.channels import Scope, Share
from sync.contract.errors import Code, Refusal
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.members import BodyKind
from sync.contract.shapes.topics import TopicCategory, TopicRecord, TopicSource
from sync.contract.trust.directory import Directory
from tenant_service.activities import service as activities
from tenant_service.activities.service import Draft as ActivityDraft
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.members import body_service
from tenant_service.members.body_service import BodyDraft
from tenant_service.procedures import service as procedures
from tenant_service.storage.unit_of_work import Unit, Units
from tenant_service.topics import handling_service as handling
from tenant_service.topics import queries, service
from tenant_service.topics import screening_service as screening
from tenant_service.topics.descriptions import Described, Plan, Report
from tenant_service.topics.models import TopicRow
from tests.tenant_service import places
from tests.tenant_service.told import told

T = TypeVar("T")
OPEN, PARENT = Share(Scope.OPEN), Share(Scope.PARENT)
LIFTS = Described("老旧小区加装电梯", "三个小区意见不一。", TopicCategory.HOUSING)
WORDS = Report("我们楼没有电梯，老人下不了楼。", "惠民小区3幢", "张大爷", "13800005678")
TODAY = dt.date(2026, 4, 1)


@dataclass
class Office:
    """Who acts, and where."""

    units: Units
    directory: Directory
    clerk: Actor
    secretary: Actor

    @classmethod
    def at(cls, units: Units) -> "Office":
        clerk, secretary = places.staff(places.JIASHAN, Role.CLERK), places.staff(places.JIASHAN, Role.SECRETARY)
        return cls(units, places.directory(), clerk, secretary)

    def do(self, act: Callable[[Unit], T]) -> T:
        with self.units.write() as unit:
            return act(unit)

    def raised(self, told: Described = LIFTS, report: Report = WORDS) -> str:
        return self.do(lambda unit: service.register(unit, self.clerk, TopicSource.PUBLIC, told, report)).id

    def accepted(self, told: Described = LIFTS, report: Report = WORDS, *shares: Share) -> str:
        id = self.raised(told, report)
        self.do(lambda unit: screening.accept(unit, self.clerk, id, told))
        if shares:
            self.do(lambda unit: service.share(unit, self.secretary, self.directory, id, list(shares)))
        return id

    def selected(self, *shares: Share) -> str:
        id = self.accepted(LIFTS, WORDS, *shares)
        self.do(lambda unit: screening.store(unit, self.clerk, id, TopicCategory.HOUSING))
        self.do(lambda unit: handling.select(unit, self.clerk, id, Plan("主席会议", TODAY, 2026)))
        return id

    def handled(self, *shares: Share) -> str:
        id = self.accepted(LIFTS, WORDS, *shares)
        self.do(lambda unit: handling.handle(unit, self.clerk, id))
        return id

    def answered(self, *shares: Share, answer: str = "已列入改造计划。") -> str:
        id = self.handled(*shares)
        self.do(lambda unit: handling.resolve(unit, self.clerk, id, answer))
        self.do(lambda unit: handling.answer(unit, self.secretary, id, unclassified=True))
        return id

    def procedure(self) -> str:
        """四三三 as it is shipped, in force."""
        id = self.do(lambda unit: procedures.adopt_shipped(unit, self.clerk, "433")).id
        return self.do(lambda unit: procedures.enact(unit, self.secretary, id, unclassified=True)).id

    def held(self, kind: ActivityKind) -> str:
        """An activity of that kind, which was held."""
        told = ActivityDraft("走进惠民小区", kind, self.units.clock() + dt.timedelta(hours=1), "惠民小区")
        id = self.do(lambda unit: activities.draft(unit, self.clerk, self.directory, told, [])).id
        self.do(lambda unit: activities.submit(unit, self.clerk, id))
        self.do(lambda unit: activities.sign_off(unit, self.secretary, id, unclassified=True))
        clock: places.Clock = self.units.clock  # type: ignore[assignment]
        clock.on(hours=2)
        self.do(lambda unit: activities.hold(unit, self.clerk, id))
        return id

    def body(self, name: str) -> str:
        """A body new on the list."""
        draft = BodyDraft(name, BodyKind.DEPARTMENT)
        return self.do(lambda unit: body_service.add_body(unit, self.clerk, draft)).id

    def row(self, id: str) -> TopicRow:
        with self.units.read() as unit:
            return queries.ours(unit.session, id)

    def one(self, actor: Actor, id: str) -> TopicRecord | None:
        with self.units.read() as unit:
            return queries.one(unit.session, actor, id)

    def steps(self, id: str) -> list[tuple[str, str]]:
        with self.units.read() as unit:
            return [(each.act, each.now) for each in taken.of(unit.session, id)]

    def refused(self, code: Code, act: Callable[[Unit], object], *ids: str) -> Refusal:
        """The act is refused so, and nothing changed, nothing was told and no step was written."""
        before = [(self.row(id).record(), self.row(id).approval, self.steps(id)) for id in ids], told(self.units)
        with pytest.raises(Refusal) as refusal:
            self.do(act)
        assert refusal.value.code is code
        after = [(self.row(id).record(), self.row(id).approval, self.steps(id)) for id in ids], told(self.units)
        assert after == before
        return refusal.value
