"""A campaign of democratic appraisal at Jiashan, with members who have a seat."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sync.contract.channels import Share
from sync.contract.shapes.members import MembershipKind
from sync.contract.shapes.supervision import BallotOpinion
from tenant_service.appraisals import queries, service
from tenant_service.appraisals.models import AppraisalRow
from tenant_service.appraisals.service import Ballot, Draft
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.members import membership_service
from tenant_service.members import service as members
from tenant_service.members.membership_service import Decision, MembershipDraft
from tenant_service.members.service import PersonDraft
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.supervision.office import Office, appraisal

YES, FAIR, NO, BLANK = BallotOpinion
NAMES = "赵钱孙李周吴郑王冯陈褚卫"
LEAST = 5


@dataclass
class Urn:
    """A running campaign, its first body, and its voters."""

    office: Office
    campaign: str
    bodies: Sequence[str]
    voters: list[Actor]

    @classmethod
    def at(cls, units: Units, voters: int = 6) -> "Urn":
        office = Office.at(units)
        seated = [cls._seated(office, f"{NAMES[number]}委员") for number in range(voters)]
        draft = appraisal(office)
        return cls(office, office.running(draft), draft.body_ids, seated)

    @staticmethod
    def _seated(office: Office, name: str) -> Actor:
        person = office.do(lambda unit: members.add_person(unit, office.clerk, PersonDraft(name=name))).id
        draft = MembershipDraft(MembershipKind.MEMBER, person_id=person, term=11)
        seat = office.do(lambda unit: membership_service.propose(unit, office.clerk, draft)).id
        decision = Decision("常委会会议", dt.date(2026, 1, 10))
        office.do(lambda unit: membership_service.confirm(unit, office.clerk, seat, decision))
        return places.staff(places.JIASHAN, Role.MEMBER, sub=name, person=person)

    def begun(self, *shares: Share, body: int = 0, questions: tuple[str, ...] = ("总体评价", "服务效能")) -> str:
        draft = Draft(self.campaign, self.bodies[body], questions)
        return self.office.do(
            lambda unit: service.begin(unit, self.office.clerk, self.office.directory, draft, list(shares), LEAST)
        ).id

    def give(self, id: str, voter: Actor, *answers: BallotOpinion, remark: str | None = None) -> None:
        self.office.do(lambda unit: service.give_ballot(unit, voter, id, Ballot(answers, remark)))

    def given(self, *shares: Share, number: int = 6) -> str:
        """An appraisal in which so many voted: each 满意 in all, the last 不满意."""
        id = self.begun(*shares)
        for at, voter in enumerate(self.voters[:number]):
            said = NO if at == number - 1 else YES
            self.give(id, voter, said, said, remark=f"意见{at}")
        return id

    def counted(self, *shares: Share, number: int = 6) -> str:
        id = self.given(*shares, number=number)
        self.office.do(lambda unit: service.count(unit, self.office.clerk, id))
        return id

    def published(self, *shares: Share, number: int = 6) -> str:
        id = self.counted(*shares, number=number)
        self.office.do(lambda unit: service.publish(unit, self.office.secretary, id, unclassified=True))
        return id

    def row(self, id: str) -> AppraisalRow:
        with self.office.units.read() as unit:
            return queries.ours(unit.session, id)
