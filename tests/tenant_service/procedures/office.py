"""Jiashan's office and its procedures."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from sync.contract.channels import Scope, Share
from sync.contract.errors import Code, Refusal
from sync.contract.shapes.procedures import Need, ProcedureOrder, ProcedureRecord, ProcedureUse
from sync.contract.trust.directory import Directory
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.procedures import queries, service
from tenant_service.procedures.descriptions import Draft
from tenant_service.procedures.queries import Wanted
from tenant_service.procedures.rules import Step
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service.told import told

OPEN = [Share(Scope.OPEN)]
HALL = Draft(
    "民生议事堂协商", ProcedureUse.TOPIC,
    (
        Step("select", "选题", 5, (Need.DECISION,)),
        Step("research", "调研", 10, (Need.RESEARCH, Need.PAPER), ("调研报告",)),
        Step("consult", "协商", needs=(Need.SESSION,)),
    ),
)  # fmt: skip


@dataclass
class Office:
    """A clerk who drafts, and a secretary who puts in force."""

    units: Units
    directory: Directory
    clerk: Actor
    secretary: Actor

    def drafted(self, told: Draft = HALL, shares: list[Share] | None = None, code: str = "hall") -> ProcedureRecord:
        chosen = OPEN if shares is None else shares
        return self.do(lambda unit: service.draft(unit, self.clerk, self.directory, code, told, chosen))

    def enacted(self, id: str) -> ProcedureRecord:
        return self.do(lambda unit: service.enact(unit, self.secretary, id, unclassified=True))

    def do(self, act: Callable[[Unit], ProcedureRecord]) -> ProcedureRecord:
        with self.units.write() as unit:
            return act(unit)

    def all(self, actor: Actor | None = None) -> list[ProcedureRecord]:
        with self.units.read() as unit:
            order = ProcedureOrder.CODE_ASC
            return queries.listed(unit.session, actor or self.clerk, Wanted(), order, 50, None).rows

    def steps(self) -> list[taken.Step]:
        with self.units.read() as unit:
            return [step for each in self.all() for step in taken.of(unit.session, each.id)]

    def refused(self, code: Code, act: Callable[[Unit], object]) -> None:
        before = self.all(), told(self.units), self.steps()
        with pytest.raises(Refusal) as refusal, self.units.write() as unit:
            act(unit)
        assert refusal.value.code is code
        assert (self.all(), told(self.units), self.steps()) == before
