"""Xupu's way at Jiashan's office: bodies on the list, people posted to them, a campaign over four of them."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sync.contract.channels import Scope, Share
from sync.contract.shapes.members import BodyKind, MembershipKind
from sync.contract.shapes.supervision import CampaignKind, CampaignRecord
from sync.contract.trust.directory import Directory
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.members import body_service, membership_service
from tenant_service.members import service as members
from tenant_service.members.body_service import BodyDraft
from tenant_service.members.membership_service import MembershipDraft
from tenant_service.members.service import PersonDraft
from tenant_service.storage.unit_of_work import Unit, Units
from tenant_service.supervision import queries, service
from tenant_service.supervision.models import CampaignRow
from tenant_service.supervision.service import Draft
from tests.tenant_service import places

T = TypeVar("T")
APPRAISED = ("市场监管局", "自然资源局", "城管执法局", "供电公司")
PARENT = Share(Scope.PARENT)


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

    def bodies(self, *names: str) -> list[str]:
        """Ids of bodies of these names, new on the list."""
        drafts = [BodyDraft(name, BodyKind.DEPARTMENT) for name in names]
        with self.units.write() as unit:
            return [body_service.add_body(unit, self.clerk, each).id for each in drafts]

    def supervisor(self, name: str, *bodies: str, roles: Sequence[Role] = (Role.SUPERVISOR,)) -> Actor:
        """Somebody who is posted to these bodies."""
        person = self.do(lambda unit: members.add_person(unit, self.clerk, PersonDraft(name=name))).id
        for body in bodies:
            self.post(person, body)
        return places.staff(places.JIASHAN, *roles, sub=name, person=person)

    def post(self, person: str, body: str, since: dt.date | None = None) -> str:
        draft = MembershipDraft(MembershipKind.POSTING, person_id=person, body_id=body, term=11, since=since)
        return self.do(lambda unit: membership_service.place(unit, self.clerk, draft)).id

    def planned(self, draft: Draft, *shares: Share) -> CampaignRecord:
        return self.do(lambda unit: service.plan(unit, self.clerk, self.directory, draft, list(shares)))

    def signed(self, draft: Draft, *shares: Share) -> str:
        id = self.planned(draft, *shares).id
        self.do(lambda unit: service.submit(unit, self.clerk, id))
        self.do(lambda unit: service.sign_off(unit, self.secretary, id, unclassified=True))
        return id

    def running(self, draft: Draft, *shares: Share) -> str:
        id = self.signed(draft, *shares)
        self.do(lambda unit: service.begin(unit, self.clerk, id))
        return id

    def row(self, id: str) -> CampaignRow:
        with self.units.read() as unit:
            return queries.ours(unit.session, id)


def appraisal(office: Office) -> Draft:
    """民主评议 of four bodies (seed fact 85)."""
    return Draft("2026年度民主评议", CampaignKind.APPRAISAL, 2026, body_ids=tuple(office.bodies(*APPRAISED)))


WORKS = Draft(
    "专项集体民主监督", CampaignKind.COLLECTIVE, 2022, works=tuple(f"第{number}项重点工作" for number in range(1, 12))
)
"""11 works (seed fact 87)."""
MEASURES = Draft(
    "十五条措施落实监督", CampaignKind.POLICY, 2026, policy="优化营商环境十五条措施",
    measures=tuple(f"措施{number}" for number in range(1, 16)),
)  # fmt: skip
"""A policy with 15 measures (seed fact 86)."""
