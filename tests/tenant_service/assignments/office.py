"""Jiashan's lists: a running campaign with items, a 交办单位 that assigns them, and departments that handle them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import pytest

from sync.contract.channels import Share
from sync.contract.errors import Code, Refusal
from sync.contract.shapes.items import AssignmentRole, ItemKind, ReplyClass, Satisfaction
from tenant_service.assignments import handing_over_service as over
from tenant_service.assignments import handling_queries, queries, service
from tenant_service.assignments import handling_service as handling
from tenant_service.assignments.descriptions import Draft, Reply
from tenant_service.assignments.models import AssignmentRow, ItemRow
from tenant_service.assignments.rules import Part
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.settings import Periods
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service import places
from tests.tenant_service.supervision.office import PARENT, WORKS
from tests.tenant_service.supervision.office import Office as Supervision
from tests.tenant_service.told import told

T = TypeVar("T")
TERMS = Periods()
LEAD, ASSIST, SEPARATE = AssignmentRole.LEAD, AssignmentRole.ASSIST, AssignmentRole.SEPARATE
SOLVED = Reply("已加装路灯12盏。", ReplyClass.SOLVED, "周科长", "13800001234")
LAMPS = Draft(ItemKind.SUGGESTION, "在惠通村主干道加装路灯")


@dataclass
class Office:
    """Who acts, and where. `bureau` and `roads` are departments, `desk` is the 督查室; each has a contact."""

    supervision: Supervision
    desk: str
    bureau: str
    roads: str
    coordinator: Actor
    contact: Actor
    other: Actor

    @classmethod
    def at(cls, units: Units) -> "Office":
        supervision = Supervision.at(units)
        desk, bureau, roads = supervision.bodies("县府办督查室", "住建局", "交通局")
        return cls(
            supervision, desk, bureau, roads, contact_of(desk, Role.COORDINATOR), contact_of(bureau),
            contact_of(roads),
        )  # fmt: skip

    @property
    def units(self) -> Units:
        return self.supervision.units

    @property
    def clerk(self) -> Actor:
        return self.supervision.clerk

    @property
    def secretary(self) -> Actor:
        return self.supervision.secretary

    def do(self, act: Callable[[Unit], T]) -> T:
        return self.supervision.do(act)

    def campaign(self) -> str:
        return self.supervision.running(WORKS, PARENT)

    def proposed(self, list_id: str, *shares: Share, draft: Draft = LAMPS) -> str:
        directory = self.supervision.directory
        return self.do(lambda unit: service.propose(unit, self.clerk, directory, list_id, draft, list(shares))).id

    def agreed(self, list_id: str, *shares: Share, draft: Draft = LAMPS) -> str:
        id = self.proposed(list_id, *shares, draft=draft)
        self.do(lambda unit: service.agree(unit, self.secretary, id, unclassified=True))
        return id

    def forwarded(self, item: str) -> str:
        return self.do(lambda unit: over.forward(unit, self.clerk, item, self.desk)).id

    def assigned(self, item: str, *parts: Part) -> list[str]:
        """To the bureau alone, if nobody is named."""
        id, given = self.forwarded(item), parts or (Part(self.bureau, LEAD),)
        return [each.id for each in self.do(lambda unit: over.assign(unit, self.coordinator, TERMS, id, given))]

    def in_progress(self, item: str, *parts: Part) -> list[str]:
        made = self.assigned(item, *parts)
        for id in made:
            self.do(lambda unit, id=id: handling.accept(unit, self.of(id), id))  # type: ignore[misc]
        return made

    def replied(self, id: str, reply: Reply = SOLVED) -> None:
        self.do(lambda unit: handling.reply(unit, self.of(id), id, reply))

    def closed(self, id: str, rated: Satisfaction = Satisfaction.SATISFIED) -> None:
        self.do(lambda unit: handling.verify(unit, self.clerk, id))
        self.do(lambda unit: handling.close(unit, self.secretary, id, rated, unclassified=True))

    def of(self, id: str) -> Actor:
        """The contact of whoever has it."""
        return contact_of(self.row(id).body_id or "")

    def item(self, id: str) -> ItemRow:
        with self.units.read() as unit:
            return queries.ours(unit.session, id)

    def row(self, id: str) -> AssignmentRow:
        with self.units.read() as unit:
            return handling_queries.ours(unit.session, id)

    def history(self, id: str) -> list[taken.Step]:
        with self.units.read() as unit:
            return taken.of(unit.session, id)

    def steps(self, id: str) -> list[tuple[str, str | None, str]]:
        return [(each.act, each.was, each.now) for each in self.history(id)]

    def stands(self, *ids: str) -> object:
        """Everything that could change by an act on these."""
        rows = [self.item(id) if ".item." in id else self.row(id) for id in ids]
        return [
            ({name: value for name, value in vars(row).items() if not name.startswith("_")}, self.steps(row.id))
            for row in rows
        ]

    def refused(self, code: Code, act: Callable[[Unit], object], *ids: str) -> None:
        """The act is refused so, and nothing of these changed, nothing was told and no step was written."""
        before, heard = self.stands(*ids), told(self.units)
        with pytest.raises(Refusal) as refusal:
            self.do(act)
        assert refusal.value.code is code
        assert (self.stands(*ids), told(self.units)) == (before, heard)


def contact_of(body: str, role: Role = Role.DEPARTMENT) -> Actor:
    return places.staff(places.JIASHAN, role, sub=f"{role}-{body}", body=body)
