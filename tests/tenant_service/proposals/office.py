"""Jiashan's members write proposals, others co-sign them, and its office reviews and files them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

import pytest

from sync.contract.errors import Code, Refusal
from sync.contract.instants import day_of
from sync.contract.shapes.posts import PostOrigin
from sync.contract.shapes.proposals import ProposerKind
from sync.contract.shapes.topics import TopicCategory
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.members import service as members
from tenant_service.members.service import PersonDraft
from tenant_service.proposals import queries, service
from tenant_service.proposals import review_service as review
from tenant_service.proposals import signer_service as signers
from tenant_service.proposals.models import ProposalRow
from tenant_service.proposals.service import Draft, Source
from tenant_service.settings import Filing
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service import places
from tests.tenant_service.told import told

T = TypeVar("T")
FILING = Filing()
HEARD = Source(PostOrigin.SECTOR, "教育界", None, "多位教师在联络室反映", 12)
LIFTS = Draft(
    "关于统一老旧小区加装电梯标准的建议", ProposerKind.INDIVIDUAL, TopicCategory.HOUSING, "多处小区反映标准不一。",
    "部门间缺少衔接。", ("统一技术标准", "简化审批"), ("沈一",), sources=(HEARD,), bodies_wanted=("县建设局",),
)  # fmt: skip
JOINT = replace(LIFTS, kind=ProposerKind.JOINT, signers=("沈一", "陆二", "顾三"))


@dataclass
class Office:
    """Who acts, and where."""

    units: Units
    clerk: Actor = field(default_factory=lambda: places.staff(places.JIASHAN, Role.CLERK))
    secretary: Actor = field(default_factory=lambda: places.staff(places.JIASHAN, Role.SECRETARY))

    def do(self, act: Callable[[Unit], T]) -> T:
        with self.units.write() as unit:
            return act(unit)

    def member(self, name: str) -> Actor:
        """A member of that name, new on the roster, with an account."""
        draft = PersonDraft(name=name)
        person = self.do(lambda unit: members.add_person(unit, self.clerk, draft)).id
        return places.staff(places.JIASHAN, Role.MEMBER, sub=name, person=person)

    def written(self, draft: Draft = LIFTS, by: Actor | None = None) -> str:
        return self.do(lambda unit: service.write(unit, by or self.clerk, draft)).id

    def called(self, draft: Draft = JOINT, by: Actor | None = None) -> str:
        """Co-signers are asked, until the same day."""
        id = self.written(draft, by)
        self.do(lambda unit: signers.call_signers(unit, by or self.clerk, id, day_of(unit.now)))
        return id

    def signs(self, who: Actor, id: str) -> None:
        self.do(lambda unit: signers.sign(unit, who, id))

    def handed_in(self, draft: Draft = LIFTS, by: Actor | None = None) -> str:
        id = self.written(draft, by)
        self.do(lambda unit: service.hand_in(unit, by or self.clerk, id))
        return id

    def reviewed(self, draft: Draft = LIFTS, by: Actor | None = None) -> str:
        """Passed 初审 and 复审: it waits to be filed."""
        id = self.handed_in(draft, by)
        self.reviews(id)
        return id

    def reviews(self, id: str) -> None:
        self.do(lambda unit: review.review_first(unit, self.clerk, id))
        self.do(lambda unit: review.review_second(unit, self.clerk, id))

    def files(self, id: str, filing: Filing = FILING) -> None:
        """What was handed in passes both reviews, and is signed as filed."""
        self.reviews(id)
        self.do(lambda unit: review.sign_off(unit, self.secretary, filing, id, unclassified=True))

    def filed(self, draft: Draft = LIFTS, by: Actor | None = None, filing: Filing = FILING) -> str:
        id = self.handed_in(draft, by)
        self.files(id, filing)
        return id

    def row(self, id: str) -> ProposalRow:
        with self.units.read() as unit:
            return queries.ours(unit.session, id)

    def signed_as(self, id: str) -> list[tuple[str, str]]:
        """Who stands on it, with what they said."""
        with self.units.read() as unit:
            return [(each.name, each.state.value) for each in queries.signers(unit.session, id)]

    def steps(self, id: str) -> list[str]:
        with self.units.read() as unit:
            return [each.act for each in taken.of(unit.session, id)]

    def refused(self, code: Code, act: Callable[[Unit], object], *ids: str) -> None:
        """Refused by this code; nothing changed, and nobody was told anything."""
        before = [(self.row(id).record(), self.signed_as(id), self.steps(id)) for id in ids], told(self.units)
        with pytest.raises(Refusal) as refusal:
            self.do(act)
        after = [(self.row(id).record(), self.signed_as(id), self.steps(id)) for id in ids], told(self.units)
        assert (refusal.value.code, after) == (code, before)
