"""Appraisals in GraphQL: types and inputs."""

import strawberry

from sync.contract.ids import Id
from sync.contract.shapes.supervision import AppraisalOrder, AppraisalRecord, AppraisalState, BallotOpinion
from sync.contract.visibility import Visible, visible
from tenant_service.appraisals import queries, rules
from tenant_service.appraisals.service import Ballot, Draft
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import given
from tenant_service.graph.lists import Node
from tenant_service.graph.types import contract_enum, record_type, shown

TENANT = Visible.TENANT
for each in (AppraisalState, AppraisalOrder, BallotOpinion):
    contract_enum(each)


@strawberry.type(description="评议结果: what the ballots say to one question.")
class AppraisalResult:
    question: str = visible(TENANT, "The question; the first is about the body as a whole.")
    satisfied: int = visible(TENANT, "满意.")
    basically: int = visible(TENANT, "基本满意.")
    dissatisfied: int = visible(TENANT, "不满意.")
    unknown: int = visible(TENANT, "不了解.")


@strawberry.type(description="投票情况: how many may give a ballot, and how many have; for the office.")
class Turnout:
    asked: int = visible(TENANT, "Who may.")
    given: int = visible(TENANT, "Who have.")


@record_type
class Appraisal(AppraisalRecord, Node):
    @shown(TENANT, "Its questions, to our own people.")
    def questions(self, info: Info) -> list[str] | None:
        return list(queries.ours(info.context.unit.session, self.id).questions) if _is_ours(self, info) else None

    @shown(TENANT, "Question by question, once it is published, and to the office once it is counted; none: too few.")
    def results(self, info: Info) -> list[AppraisalResult] | None:
        if not _is_ours(self, info) or not (self.published_on or info.context.actor.sees_work):
            return None
        row = queries.ours(info.context.unit.session, self.id)
        return [AppraisalResult(**each._asdict()) for each in queries.results(info.context.unit.session, row)]

    @shown(TENANT, "What was written on the ballots, once they are counted and enough; for the office.")
    def remarks(self, info: Info) -> list[str] | None:
        row = queries.at_work(info.context.unit.session, info.context.actor, self.id)
        return queries.remarks(info.context.unit.session, row) if row else None

    @shown(TENANT, "How many have given a ballot, while they are given; for the office.")
    def turnout(self, info: Info) -> Turnout | None:
        row = queries.at_work(info.context.unit.session, info.context.actor, self.id)
        if row is None or row.state is not AppraisalState.OPEN:
            return None
        asked, given_ = queries.turnout(info.context.unit.session, self.id)
        return Turnout(asked=asked, given=given_)

    @shown(TENANT, "Whether the caller may still give a ballot.")
    def awaits_my_ballot(self, info: Info) -> bool | None:
        if not _is_ours(self, info):
            return None
        row = queries.ours(info.context.unit.session, self.id)
        return queries.may_still_give(info.context.unit.session, row, info.context.actor.person)


def _is_ours(appraisal: AppraisalRecord, info: Info) -> bool:
    actor = info.context.actor
    return appraisal.committee_id == actor.committee and actor.is_inside


@strawberry.input(description="Which appraisals; everything given must hold.")
class AppraisalFilter:
    states: list[AppraisalState] | None = strawberry.UNSET
    campaign_id: Id | None = strawberry.UNSET
    year: int | None = strawberry.UNSET
    body: str | None = strawberry.field(default=strawberry.UNSET, description="Words of the body's name.")

    def wanted(self) -> queries.Wanted:
        return queries.Wanted(**given(self))


@strawberry.input(description="An appraisal as the office opens it.")
class AppraisalInput:
    campaign_id: Id
    body_id: Id = strawberry.field(description="One of the bodies that the campaign supervises.")
    questions: list[str] = strawberry.field(
        default_factory=lambda: list(rules.FORM), description="The first is about the body as a whole."
    )
    unit_id: Id | None = strawberry.field(
        default=None, description="Whose people are asked; null: everybody who has a seat today."
    )

    def draft(self) -> Draft:
        return Draft(self.campaign_id, self.body_id, tuple(self.questions), self.unit_id)


@strawberry.input(description="A ballot: an opinion to each question in their order, and words beside.")
class BallotInput:
    answers: list[BallotOpinion]
    remark: str | None = None

    def ballot(self) -> Ballot:
        return Ballot(self.answers, self.remark)
