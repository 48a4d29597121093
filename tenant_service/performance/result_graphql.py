"""Schemes, yearly results and objections in GraphQL: what can be asked, and what can be done."""

import datetime as dt

import strawberry

from sync.contract.ids import Id
from sync.contract.instants import day_of
from sync.contract.shapes.members import UnitKind
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import plain
from tenant_service.graph.types import Home, shown
from tenant_service.identity.policy import UseCase
from tenant_service.performance import objection_service as objecting
from tenant_service.performance import queries, result_service, scheme_queries, scheme_service
from tenant_service.performance import result_queries as results
from tenant_service.performance.graphql_types import (
    SUBJECT,
    TENANT,
    MemberPoints,
    ResultObjection,
    Scheme,
    SchemeInput,
    UnitScore,
    YearlyResult,
    draft_of,
    objection_of,
    points_of,
    result_of,
    scheme_of,
    unit_of,
)
from tenant_service.performance.result_rules import ObjectionState
from tenant_service.performance.rules import Deed
from tenant_service.storage.unit_of_work import Unit


@strawberry.type
class ResultQuery:
    @shown(TENANT, "履职积分方案, the newest year and version first; drafts to the office alone.", directives=[Home()])
    def schemes(self, info: Info, year: int | None = strawberry.UNSET) -> list[Scheme]:
        rows = scheme_queries.listed(info.context.unit.session, info.context.actor)
        return [scheme_of(row) for row in rows if not year or row.year == year]

    @shown(
        SUBJECT,
        "What the scheme in force makes of one's ledger now, without deducting what may still be done; null: there is "
        "none for that year, or nobody in particular is meant. The office may ask of anybody of ours.",
        directives=[Home()],
    )
    def points_so_far(self, info: Info, year: int, person_id: Id | None = strawberry.UNSET) -> MemberPoints | None:
        session, whose = info.context.unit.session, queries.whose(info.context.actor, person_id or None)
        scheme = scheme_queries.in_force(session, year)
        if whose is None or scheme is None:
            return None
        elapsed = results.elapsed_of(year, day_of(info.context.unit.now))
        return points_of(whose, results.assessed(session, scheme.rules, year, [whose], elapsed)[whose])

    @shown(TENANT, "年度履职结果, the newest year first; what is not published to the office alone.",
           directives=[Home()])  # fmt: skip
    def yearly_results(self, info: Info) -> list[YearlyResult]:
        return [result_of(row) for row in results.listed(info.context.unit.session, info.context.actor)]

    @shown(TENANT, "Units among each other by the points of their members, with how often these did such deeds.",
           directives=[Home()])  # fmt: skip
    def unit_scores(
        self, info: Info, result_id: Id, kind: UnitKind = UnitKind.SPECIAL_COMMITTEE,
        deeds: list[Deed] | None = strawberry.UNSET,
    ) -> list[UnitScore]:  # fmt: skip
        session, people = info.context.unit.session, info.context.services.people
        row = results.one(session, info.context.actor, result_id)
        found, _ = results.standings(session, people, row, kind.value, deeds or list(Deed))
        return [unit_of(each) for each in found]

    @shown(SUBJECT, "异议: one's own, for the office everybody's; the newest first.", directives=[Home()])
    def result_objections(self, info: Info, state: ObjectionState | None = strawberry.UNSET) -> list[ResultObjection]:
        rows = results.objections(info.context.unit.session, info.context.actor, state=state or None)
        return [objection_of(row) for row in rows]


@strawberry.type
class ResultMutation:
    @shown(TENANT, "拟订方案: a new version for its year.")
    def draft_scheme(self, info: Info, key: Id, scheme: SchemeInput) -> Scheme:
        def act(unit: Unit) -> str:
            return scheme_service.draft(unit, info.context.actor, draft_of(scheme)).id

        return _scheme(info, info.context.perform("draftScheme", key, plain(scheme=scheme), act, kept_as=str))

    @shown(TENANT, "采用示例: a scheme that comes with the product is copied for a year.")
    def adopt_scheme(self, info: Info, key: Id, template: str, year: int) -> Scheme:
        def act(unit: Unit) -> str:
            return scheme_service.adopt(unit, info.context.actor, template, year).id

        told = plain(template=template, year=year)
        return _scheme(info, info.context.perform("adoptScheme", key, told, act, kept_as=str))

    @shown(TENANT, "另拟一版: a copy as a draft, for the same year or another one.")
    def renew_scheme(self, info: Info, key: Id, id: Id, year: int) -> Scheme:
        def act(unit: Unit) -> str:
            return scheme_service.renew(unit, info.context.actor, id, year).id

        return _scheme(info, info.context.perform("renewScheme", key, plain(id=id, year=year), act, kept_as=str))

    @shown(TENANT, "修改草案: a draft is as described now; its year stays.")
    def redraft_scheme(self, info: Info, key: Id, id: Id, scheme: SchemeInput) -> Scheme:
        def act(unit: Unit) -> str:
            return scheme_service.redraft(unit, info.context.actor, id, draft_of(scheme)).id

        return _scheme(info, info.context.perform("redraftScheme", key, plain(id=id, scheme=scheme), act, kept_as=str))

    @shown(TENANT, "作废: a draft is gone; returns its id.")
    def discard_scheme(self, info: Info, key: Id, id: Id) -> Id:
        def act(unit: Unit) -> str:
            return scheme_service.discard(unit, info.context.actor, id)

        return Id(info.context.perform("discardScheme", key, plain(id=id), act, kept_as=str))

    @shown(TENANT, "施行: whoever signs puts it in force for its year.")
    def enact_scheme(self, info: Info, key: Id, id: Id, unclassified: bool) -> Scheme:  # noqa: FBT001
        def act(unit: Unit) -> str:
            return scheme_service.enact(unit, info.context.actor, id, unclassified=unclassified).id

        told = plain(id=id, unclassified=unclassified)
        return _scheme(info, info.context.perform("enactScheme", key, told, act, kept_as=str))

    @shown(TENANT, "停用: nobody is assessed by it any more.")
    def close_scheme(self, info: Info, key: Id, id: Id, reason: str) -> Scheme:
        def act(unit: Unit) -> str:
            return scheme_service.close(unit, info.context.actor, id, reason).id

        return _scheme(info, info.context.perform("closeScheme", key, plain(id=id, reason=reason), act, kept_as=str))

    @shown(TENANT, "预警: each member who is below the warning line now is told so, once a day; how many.")
    def warn_members(self, info: Info, key: Id, year: int) -> int:
        def act(unit: Unit) -> int:
            info.context.actor.require(UseCase.KEEP_LEDGER)  # before it is asked who has a seat
            return result_service.warn(unit, info.context.actor, info.context.services.people, year)

        return info.context.perform("warnMembers", key, plain(year=year), act, kept_as=int)

    @shown(TENANT, "测算: everybody with a seat is assessed by the scheme in force.")
    def compute_result(self, info: Info, key: Id, year: int) -> YearlyResult:
        def act(unit: Unit) -> str:
            info.context.actor.require(UseCase.KEEP_LEDGER)  # before it is asked who has a seat
            return result_service.compute(unit, info.context.actor, info.context.services.people, year).id

        return _result(info, info.context.perform("computeResult", key, plain(year=year), act, kept_as=str))

    @shown(TENANT, "公示: each member reads the own result, and may object until that day.")
    def publish_result(
        self,
        info: Info,
        key: Id,
        id: Id,
        until: dt.date,
        unclassified: bool,  # noqa: FBT001
    ) -> YearlyResult:
        def act(unit: Unit) -> str:
            info.context.actor.require(UseCase.SIGN_OFF_PERFORMANCE)  # before it is asked who has a seat
            actor, people = info.context.actor, info.context.services.people
            return result_service.publish(unit, actor, people, id, until, unclassified=unclassified).id

        told = plain(id=id, until=until, unclassified=unclassified)
        return _result(info, info.context.perform("publishResult", key, told, act, kept_as=str))

    @shown(TENANT, "定稿: nothing changes any more.")
    def finalize_result(self, info: Info, key: Id, id: Id) -> YearlyResult:
        def act(unit: Unit) -> str:
            return result_service.finalize(unit, info.context.actor, id).id

        return _result(info, info.context.perform("finalizeResult", key, plain(id=id), act, kept_as=str))

    @shown(SUBJECT, "提出异议: to a line of the own result, or (null) because one is missing.")
    def object_to_result(
        self, info: Info, key: Id, result_id: Id, text: str, line_id: Id | None = None
    ) -> ResultObjection:
        def act(unit: Unit) -> str:
            return objecting.object_to(unit, info.context.actor, result_id, text, line_id).id

        told = plain(result_id=result_id, text=text, line_id=line_id)
        return _objection(info, info.context.perform("objectToResult", key, told, act, kept_as=str))

    @shown(SUBJECT, "撤回异议, while it is open.")
    def take_back_objection(self, info: Info, key: Id, id: Id) -> ResultObjection:
        def act(unit: Unit) -> str:
            return objecting.take_back(unit, info.context.actor, id).id

        return _objection(info, info.context.perform("takeBackObjection", key, plain(id=id), act, kept_as=str))

    @shown(SUBJECT, "予以更正: the ledger was corrected, and the member's result follows it.")
    def uphold_objection(self, info: Info, key: Id, id: Id, answer: str) -> ResultObjection:
        def act(unit: Unit) -> str:
            return objecting.uphold(unit, info.context.actor, id, answer).id

        told = plain(id=id, answer=answer)
        return _objection(info, info.context.perform("upholdObjection", key, told, act, kept_as=str))

    @shown(SUBJECT, "不予更正: the result stays, and the member reads why.")
    def decline_objection(self, info: Info, key: Id, id: Id, answer: str) -> ResultObjection:
        def act(unit: Unit) -> str:
            return objecting.decline(unit, info.context.actor, id, answer).id

        told = plain(id=id, answer=answer)
        return _objection(info, info.context.perform("declineObjection", key, told, act, kept_as=str))


def _scheme(info: Info, id: str) -> Scheme:
    return scheme_of(scheme_queries.one(info.context.unit.session, info.context.actor, id))


def _result(info: Info, id: str) -> YearlyResult:
    return result_of(results.one(info.context.unit.session, info.context.actor, id))


def _objection(info: Info, id: str) -> ResultObjection:
    return objection_of(results.objection(info.context.unit.session, info.context.actor, id))
