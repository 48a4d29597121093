"""Jiashan's office asks: a quiz of the experience area, a survey, a call for mock proposals."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from sync.contract.channels import Scope, Share
from sync.contract.shapes.forms import FormAudience, FormKind, FormRecord, QuestionKind
from sync.contract.trust.directory import Directory
from tenant_service.forms import queries, service
from tenant_service.forms.models import FormRow
from tenant_service.forms.rules import Question
from tenant_service.forms.service import Draft
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.members import service as members
from tenant_service.members.service import PersonDraft
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service import places

T = TypeVar("T")
OPEN, PARENT = Share(Scope.OPEN), Share(Scope.PARENT)
CHOICE, MANY, TEXT, NUMBER = QuestionKind.SINGLE, QuestionKind.MULTI, QuestionKind.TEXT, QuestionKind.NUMBER
QUIZ = Draft(
    FormKind.QUIZ, "政协知识小测试", FormAudience.PUBLIC,
    (
        Question(CHOICE, "人民政协成立于哪一年", ("1949年", "1954年"), is_needed=True, key=(1,)),
        Question(MANY, "政协的主要职能有哪些", ("政治协商", "行政执法", "民主监督", "参政议政"), key=(1, 3, 4)),
    ),
)  # fmt: skip
SURVEY = Draft(
    FormKind.SURVEY, "充电设施问卷", FormAudience.MEMBERS,
    (
        Question(CHOICE, "小区有无充电桩", ("有", "没有"), is_needed=True), Question(NUMBER, "车位数"),
        Question(TEXT, "意见建议"),
    ),
)  # fmt: skip
MOCK = Draft(
    FormKind.MOCK_PROPOSAL, "青少年模拟提案", FormAudience.PUBLIC,
    (Question(TEXT, "案由", is_needed=True), Question(TEXT, "建议", is_needed=True)),
)  # fmt: skip
RIGHT, HALF = [["1"], ["1", "3", "4"]], [["1"], ["1"]]


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

    def member(self, name: str) -> Actor:
        """A member of ours with an account."""
        person = self.do(lambda unit: members.add_person(unit, self.clerk, PersonDraft(name=name))).id
        return replace(places.staff(places.JIASHAN, Role.MEMBER, sub=name, person=person), name=name)

    def drafted(self, draft: Draft, *shares: Share) -> FormRecord:
        return self.do(lambda unit: service.draft(unit, self.clerk, self.directory, draft, list(shares)))

    def signed(self, draft: Draft, *shares: Share) -> str:
        id = self.drafted(draft, *shares).id
        self.do(lambda unit: service.submit(unit, self.clerk, id))
        self.do(lambda unit: service.sign_off(unit, self.secretary, id, unclassified=True))
        return id

    def opened(self, draft: Draft, *shares: Share) -> str:
        id = self.signed(draft, *shares)
        self.do(lambda unit: service.open_form(unit, self.clerk, id))
        return id

    def row(self, id: str) -> FormRow:
        with self.units.read() as unit:
            return queries.ours(unit.session, id)

    def results(self, id: str, least: int = 5) -> queries.Results:
        with self.units.read() as unit:
            return queries.results(unit.session, queries.ours(unit.session, id), least)
