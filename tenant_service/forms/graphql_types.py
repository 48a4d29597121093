"""Forms in GraphQL: types and inputs."""

import datetime as dt

import strawberry

from sync.contract.shapes.forms import FormAudience, FormKind, FormOrder, FormRecord, FormState, QuestionKind
from sync.contract.visibility import Visible, visible
from tenant_service.forms import queries
from tenant_service.forms.descriptions import Draft
from tenant_service.forms.rules import Question
from tenant_service.graph.context import Info
from tenant_service.graph.history import StepTaken, steps_of
from tenant_service.graph.inputs import given
from tenant_service.graph.lists import Node
from tenant_service.graph.types import contract_enum, record_type, shown
from tenant_service.signing.rules import Approval

PUBLIC, TENANT = Visible.PUBLIC, Visible.TENANT
for each in (FormKind, FormState, FormAudience, FormOrder, QuestionKind):
    contract_enum(each)


@strawberry.type(description="选项: how many chose one option of a question.")
class FormOption:
    text: str = visible(TENANT, "What it says.")
    chosen: int = visible(TENANT, "How many chose it.")


@strawberry.type(description="题目统计: one question of a form as it was answered.")
class FormQuestionResult:
    text: str = visible(TENANT, "What was asked.")
    answered: int = visible(TENANT, "How many answered it.")
    options: list[FormOption] = visible(TENANT, "Of a choice, each option.")
    mean: float | None = visible(TENANT, "Of numbers, their mean.")


@strawberry.type(description="作答统计: what a form came to.")
class FormResults:
    answers: int = visible(TENANT, "How many answered.")
    passed: int | None = visible(TENANT, "Of a quiz, how many passed; null where too few answered.")
    pass_rate: float | None = visible(TENANT, "合格率, 0–1; null likewise.")
    is_enough: bool = visible(TENANT, "Whether enough answered for its questions to be shown.")
    questions: list[FormQuestionResult] = visible(TENANT, "Each question; none where too few answered.")

    @classmethod
    def of(cls, found: queries.Results) -> "FormResults":
        questions = [
            FormQuestionResult(
                text=each.text, answered=each.answered, mean=each.mean,
                options=[FormOption(text=text, chosen=number) for text, number in each.options],
            )
            for each in found.questions
        ]  # fmt: skip
        return cls(
            answers=found.answers, passed=found.passed, pass_rate=found.pass_rate, is_enough=found.is_enough,
            questions=questions,
        )  # fmt: skip


@record_type
class Form(FormRecord, Node):
    @shown(TENANT, "办理经过, the oldest step first, for the office.")
    def history(self, info: Info) -> list[StepTaken] | None:
        return steps_of(info, self.id)

    @shown(TENANT, "审签: where it stands before it may leave; null to all but the office.")
    def approval(self, info: Info) -> Approval | None:
        row = queries.at_work(info.context.unit.session, info.context.actor, self.id)
        return row.approval if row else None

    @shown(TENANT, "Why it was sent back.")
    def returned_because(self, info: Info) -> str | None:
        row = queries.at_work(info.context.unit.session, info.context.actor, self.id)
        return row.returned_because if row else None

    @shown(
        TENANT, "作答统计: for the office once it is opened, for whoever belongs to the committee once it is closed."
    )
    def results(self, info: Info) -> FormResults | None:
        context = info.context
        if self.committee_id != context.actor.committee or not context.actor.is_inside or self.opened_on is None:
            return None
        if not (context.actor.sees_work or self.state is FormState.CLOSED):
            return None
        row = queries.ours(context.unit.session, self.id)
        return FormResults.of(queries.results(context.unit.session, row, context.services.least_answers))

    @shown(TENANT, "What the account answered, per question; null: nothing yet.")
    def my_answer(self, info: Info) -> list[list[str]] | None:
        context = info.context
        if self.committee_id != context.actor.committee or not context.actor.is_inside:
            return None
        found = queries.answer_of(context.unit.session, self.id, f"s:{context.actor.sub}")
        return found.given if found else None


@strawberry.input(description="Which forms; everything given must hold.")
class FormFilter:
    kinds: list[FormKind] | None = strawberry.UNSET
    states: list[FormState] | None = strawberry.UNSET
    approvals: list[Approval] | None = strawberry.field(default=strawberry.UNSET, description="Own staff only.")
    text: str | None = strawberry.field(default=strawberry.UNSET, description="Words of the title.")

    def wanted(self) -> queries.Wanted:
        return queries.Wanted(**given(self))


@strawberry.input(description="One question; `key`: numbers of the options of a quiz that are right, from 1.")
class QuestionInput:
    kind: QuestionKind
    text: str
    options: list[str] = strawberry.field(default_factory=list)
    is_needed: bool = False
    key: list[int] = strawberry.field(default_factory=list)

    def question(self) -> Question:
        return Question(self.kind, self.text, tuple(self.options), self.is_needed, tuple(self.key))


@strawberry.input(description="A form as the office words it; `invited`: names, roster numbers or ids of own people.")
class FormInput:
    kind: FormKind
    title: str
    audience: FormAudience
    questions: list[QuestionInput]
    text: str | None = None
    closes_on: dt.date | None = None
    pass_mark: int | None = None
    invited: list[str] = strawberry.field(default_factory=list)

    def draft(self) -> Draft:
        questions = tuple(each.question() for each in self.questions)
        return Draft(**vars(self) | {"questions": questions, "invited": tuple(self.invited)})
