"""Programmes at Jiashan's office, as seeds have them, and a year's rows for their targets to be counted from."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sync.contract.channels import Scope, Share
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.programmes import ProgrammeKind, ProgrammeRecord, TargetMeasure
from sync.contract.trust.directory import Directory
from tenant_service.activities.models import ActivityRow
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.members import service as members
from tenant_service.members.service import PersonDraft
from tenant_service.programmes import progress_queries, progress_service, queries, service
from tenant_service.programmes.descriptions import Draft, TargetDraft, TaskDraft
from tenant_service.programmes.models import ProgrammeRow
from tenant_service.programmes.progress_service import Deed
from tenant_service.rooms import COUNTING
from tenant_service.signing.rules import Approval
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service import places
from tests.tenant_service.activities.test_life import Office as Activities
from tests.tenant_service.members.office import seated

T = TypeVar("T")
DOWN = Share(Scope.SUBTREE)
PARENT = Share(Scope.PARENT)
DAY = places.SPRING.date()


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

    def planned(self, draft: Draft, *shares: Share) -> ProgrammeRecord:
        return self.do(lambda unit: service.plan(unit, self.clerk, self.directory, draft, list(shares)))

    def signed(self, draft: Draft, *shares: Share) -> str:
        id = self.planned(draft, *shares).id
        self.do(lambda unit: service.submit(unit, self.clerk, id))
        self.do(lambda unit: service.sign_off(unit, self.secretary, id, unclassified=True))
        return id

    def running(self, draft: Draft, *shares: Share) -> str:
        id = self.signed(draft, *shares)
        self.do(lambda unit: service.begin(unit, self.clerk, id, DAY))
        return id

    def row(self, id: str) -> ProgrammeRow:
        with self.units.read() as unit:
            return queries.ours(unit.session, id)

    def progress(self, id: str) -> dict[str, int | None]:
        """What each target has come to now, by its name."""
        with self.units.read() as unit:
            found = progress_queries.progress(unit, COUNTING, queries.ours(unit.session, id))
        return {each.name: each.counted for each in found}

    def enter(self, id: str, *deeds: Deed) -> None:
        def entered(unit: Unit) -> None:
            for each in deeds:
                progress_service.enter(unit, self.clerk, id, each)

        self.do(entered)

    def attach(self, id: str, *parts: str) -> None:
        def attached(unit: Unit) -> None:
            for each in parts:
                progress_service.attach(unit, self.clerk, id, each)

        self.do(attached)

    def held(self, many: int, kind: ActivityKind = ActivityKind.HALL_SESSION, **values: Any) -> list[str]:
        """Ids of so many sessions of ours that were held, closed and signed."""
        office = Activities(self.units, self.directory, self.clerk, self.secretary)
        first = office.backfilled(kind=kind)
        with self.units.write() as unit:
            row = unit.session.get_one(ActivityRow, first)
            for name, value in (values | {"approval": Approval.SIGNED}).items():
                setattr(row, name, value)
            unit.session.flush()
            copied = {each.key: getattr(row, each.key) for each in ActivityRow.__mapper__.column_attrs}
            ids = [first]
            for _ in range(many - 1):
                ids.append(unit.new_id("activity"))
                unit.session.add(ActivityRow(**copied | {"id": ids[-1]}))
        return ids

    def member(self, name: str) -> Actor:
        """Somebody with a seat, and with an account."""
        person = self.do(lambda unit: members.add_person(unit, self.clerk, PersonDraft(name=name))).id
        seated(self.units, self.clerk, person)
        return places.staff(places.JIASHAN, Role.MEMBER, sub=name, person=person)


def target(name: str, unit: str, goal: int, measure: TargetMeasure, detail: str = "") -> TargetDraft:
    return TargetDraft(name, unit, goal, measure, detail)


M = TargetMeasure
NANBU = Draft(
    "百千万行动", ProgrammeKind.SPECIAL, 2026, until=dt.date(2026, 12, 31),
    targets=(
        target("走访企业", "家", 100, M.ENTRY_SUBJECTS), target("走访农场", "家", 100, M.ENTRY_SUBJECTS),
        target("视察", "人次", 1000, M.MEMBER_TIMES, "INSPECTION"), target("联系群众", "人", 1000, M.ENTRIES),
        target("小微协商", "人次", 10_000, M.PEOPLE_TIMES, "HALL_SESSION"),
        target("读者", "人次", 10_000, M.ENTRY_PEOPLE),
    ),
)  # fmt: skip
"""百千万: 100 / 100 / 1,000 / 1,000 / 10,000 / 10,000 (seed fact 107)."""
FIVE = ("做一次服务", "提一条意见", "作一次宣讲", "帮一户家庭", "发一张联系卡")
FIVE_ONES = Draft(
    "五个一活动", ProgrammeKind.PERSONAL, 2026, targets=tuple(target(name, "次", 1, M.EACH_MEMBER) for name in FIVE)
)
"""五个一: five targets that each member has (seed fact 97)."""
SIX = Draft(
    "六大举措",
    ProgrammeKind.TASK_LIST,
    2026,
    tasks=tuple(TaskDraft(f"举措{number}", f"第{number}专委会", dt.date(2026, 6, number)) for number in range(1, 7)),
)
"""Six measures (seed fact 64)."""
KINDS: Mapping[str, int] = {"调研组": 14, "市直部门": 12, "区县": 13, "镇街": 20, "村": 50}
"""What the key task on low incomes came to (seed fact 65); of the last two it says 余."""
