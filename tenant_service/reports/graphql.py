"""Reports in GraphQL: what can be asked, and what can be done."""

from collections.abc import Callable
from typing import Any, TypeVar

import strawberry

from sync.contract.asking.cursors import Cursor
from sync.contract.ids import Id
from sync.contract.shapes.reports import ReportOrder, ReportOutcome
from sync.contract.visibility import Visible
from tenant_service.exchange.answering import Handlers
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import ShareInput, plain, shares_of
from tenant_service.graph.lists import Connection
from tenant_service.graph.types import Home, Merge, shown
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.reports import intake_queries as intakes
from tenant_service.reports import intake_service as intake
from tenant_service.reports import queries, service
from tenant_service.reports import sending_service as sending
from tenant_service.reports.graphql_types import IncomingReport, Report, ReportFilter, WrittenReportInput
from tenant_service.reports.intake_queries import Incoming
from tenant_service.reports.recognition_graphql import RecognitionMutation, RecognitionQuery
from tenant_service.storage.unit_of_work import Unit

PUBLIC, TENANT = Visible.PUBLIC, Visible.TENANT
T = TypeVar("T")


@strawberry.type
class ReportQuery(RecognitionQuery):
    @shown(PUBLIC, "Reports, one page.", directives=[Merge(by="orderBy")])
    def reports(
        self, info: Info, where: ReportFilter | None = strawberry.UNSET, first: int = 20,
        order_by: ReportOrder = ReportOrder.YEAR_DESC, after: Cursor | None = strawberry.UNSET,
    ) -> Connection[Report]:  # fmt: skip
        context, wanted = info.context, where.wanted() if where else queries.Wanted()
        found = queries.listed(
            context.unit.session, context.actor, wanted, order_by, first, after or None, context.owners
        )
        return Connection(page=found)

    @shown(PUBLIC, "One report.")
    def report(self, info: Info, id: Id) -> Report | None:
        return queries.one(info.context.unit.session, info.context.actor, id)  # type: ignore[return-value]

    @shown(
        TENANT,
        "来稿: what others sent up to this committee, the newest 500; first what waits to be received. For the office.",
        directives=[Home()],
    )
    def incoming_reports(
        self, info: Info, states: list[ReportOutcome] | None = strawberry.UNSET, waiting: bool = False,  # noqa: FBT001, FBT002
        text: str | None = None,
    ) -> list[IncomingReport]:  # fmt: skip
        context = info.context
        context.actor.require(UseCase.SEE_WORK)
        wanted = intakes.IncomingWanted(tuple(states or ()), waiting, text)
        found = intakes.incoming(context.unit.session, context.unit.committee, wanted)
        return list(map(IncomingReport.of, found))


@strawberry.type
class ReportMutation(RecognitionMutation):
    @shown(TENANT, "撰写: write a report down, for its authors and the office.")
    def write_report(self, info: Info, key: Id, report: WrittenReportInput) -> Report:
        told = plain(report=report)
        return _act(info, "writeReport", key, told, lambda unit, who: service.write(unit, who, report.draft()))  # type: ignore[return-value]

    @shown(TENANT, "Write a draft anew.")
    def redraft_report(self, info: Info, key: Id, id: Id, report: WrittenReportInput) -> Report:
        return _act(  # type: ignore[return-value]
            info, "redraftReport", key, plain(id=id, report=report),
            lambda unit, who: service.redraft(unit, who, id, report.draft()),
        )  # fmt: skip

    @shown(TENANT, "作废: a draft that was never handed in is not there any more; as it was.")
    def discard_report(self, info: Info, key: Id, id: Id) -> Report:
        return _act(info, "discardReport", key, plain(id=id), lambda unit, who: service.discard(unit, who, id))  # type: ignore[return-value]

    @shown(TENANT, "提交: the office has it for 初审.")
    def hand_in_report(self, info: Info, key: Id, id: Id) -> Report:
        return _act(info, "handInReport", key, plain(id=id), lambda unit, who: service.hand_in(unit, who, id))  # type: ignore[return-value]

    @shown(TENANT, "初审退回, with the reason.")
    def give_back_report(self, info: Info, key: Id, id: Id, reason: str) -> Report:
        told = plain(id=id, reason=reason)
        return _act(info, "giveBackReport", key, told, lambda unit, who: service.give_back(unit, who, id, reason))  # type: ignore[return-value]

    @shown(TENANT, "初审通过: it is edited.")
    def take_on_report(self, info: Info, key: Id, id: Id) -> Report:
        return _act(info, "takeOnReport", key, plain(id=id), lambda unit, who: service.take_on(unit, who, id))  # type: ignore[return-value]

    @shown(TENANT, "不予采编, with the reason.")
    def decline_report(self, info: Info, key: Id, id: Id, reason: str) -> Report:
        told = plain(id=id, reason=reason)
        return _act(info, "declineReport", key, told, lambda unit, who: service.decline(unit, who, id, reason))  # type: ignore[return-value]

    @shown(TENANT, "合编: it goes on as a part of another one, whose authors its own join.")
    def merge_report(self, info: Info, key: Id, id: Id, into_id: Id) -> Report:
        told = plain(id=id, into=into_id)
        return _act(info, "mergeReport", key, told, lambda unit, who: service.merge(unit, who, id, into_id))  # type: ignore[return-value]

    @shown(TENANT, "采编: the office words it anew.")
    def edit_report(self, info: Info, key: Id, id: Id, report: WrittenReportInput) -> Report:
        return _act(  # type: ignore[return-value]
            info, "editReport", key, plain(id=id, report=report),
            lambda unit, who: service.edit(unit, who, id, report.draft()),
        )  # fmt: skip

    @shown(TENANT, "送审.")
    def submit_report(self, info: Info, key: Id, id: Id) -> Report:
        return _act(info, "submitReport", key, plain(id=id), lambda unit, who: service.submit(unit, who, id))  # type: ignore[return-value]

    @shown(TENANT, "退回, with the reason.")
    def send_back_report(self, info: Info, key: Id, id: Id, reason: str) -> Report:
        told = plain(id=id, reason=reason)
        return _act(info, "sendBackReport", key, told, lambda unit, who: service.send_back(unit, who, id, reason))  # type: ignore[return-value]

    @shown(TENANT, "签发成果; `unclassified` confirms 已经保密审查，不涉密.")
    def sign_off_report(self, info: Info, key: Id, id: Id, unclassified: bool) -> Report:  # noqa: FBT001
        info.context.actor.require(UseCase.SIGN_OFF_REPORTS)
        bulletin = info.context.services.bulletin
        return _act(  # type: ignore[return-value]
            info, "signOffReport", key, plain(id=id, unclassified=unclassified),
            lambda unit, who: service.sign_off(unit, who, bulletin, id, unclassified=unclassified),
        )  # fmt: skip

    @shown(TENANT, "报送: the parent has it.")
    def send_report(self, info: Info, key: Id, id: Id) -> Report:
        return _act(info, "sendReport", key, plain(id=id), lambda unit, who: sending.send(unit, who, id))  # type: ignore[return-value]

    @shown(TENANT, "撤回报送, with the reason, before it is received.")
    def take_back_report(self, info: Info, key: Id, id: Id, reason: str) -> Report:
        told = plain(id=id, reason=reason)
        return _act(info, "takeBackReport", key, told, lambda unit, who: sending.take_back(unit, who, id, reason))  # type: ignore[return-value]

    @shown(TENANT, "归档.")
    def archive_report(self, info: Info, key: Id, id: Id) -> Report:
        return _act(info, "archiveReport", key, plain(id=id), lambda unit, who: service.archive(unit, who, id))  # type: ignore[return-value]

    @shown(TENANT, "Share a report with exactly these, besides whom it was sent up to.")
    def share_report(self, info: Info, key: Id, id: Id, shares: list[ShareInput]) -> Report:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "shareReport", key, plain(id=id, shares=shares),
            lambda unit: service.share(unit, context.actor, context.directory, id, shares_of(shares)),
        )  # fmt: skip

    @shown(TENANT, "收稿: a report that was sent up to us is taken in.")
    def receive_report(self, info: Info, key: Id, id: Id) -> IncomingReport:
        return _taken(
            info,
            UseCase.EDIT_REPORTS,
            "receiveReport",
            key,
            plain(id=id),
            lambda unit, who, by: intake.receive(unit, who, by, id),
        )

    @shown(TENANT, "采编 a report that was sent up to us.")
    def compile_report(self, info: Info, key: Id, id: Id) -> IncomingReport:
        return _taken(
            info,
            UseCase.EDIT_REPORTS,
            "compileReport",
            key,
            plain(id=id),
            lambda unit, who, by: intake.work_in(unit, who, by, id),
        )

    @shown(TENANT, "采用 a report that was sent up to us, and where; `unclassified` confirms 已经保密审查，不涉密.")
    def adopt_report(self, info: Info, key: Id, id: Id, bulletin: str, unclassified: bool) -> IncomingReport:  # noqa: FBT001
        told = plain(id=id, bulletin=bulletin, unclassified=unclassified)
        return _taken(
            info, UseCase.SIGN_OFF_REPORTS, "adoptReport", key, told,
            lambda unit, who, by: intake.adopt(unit, who, by, id, bulletin, unclassified=unclassified),
        )  # fmt: skip

    @shown(TENANT, "不采用 a report that was sent up to us, with the reason.")
    def turn_down_report(self, info: Info, key: Id, id: Id, reason: str) -> IncomingReport:
        told = plain(id=id, reason=reason)
        return _taken(
            info,
            UseCase.SIGN_OFF_REPORTS,
            "turnDownReport",
            key,
            told,
            lambda unit, who, by: intake.turn_down(unit, who, by, id, reason),
        )  # fmt: skip


def _act(info: Info, name: str, key: Id, told: dict[str, Any], act: Callable[[Unit, Actor], T]) -> T:
    """The report after what its caller does; asked twice under one key, it is done once."""
    context = info.context
    return context.perform(name, key, told, lambda unit: act(unit, context.actor))


def _taken(
    info: Info, use: UseCase, name: str, key: Id, told: dict[str, Any], act: Callable[[Unit, Actor, Handlers], Incoming]
) -> IncomingReport:
    """The same of what was sent up to us."""
    context = info.context
    context.actor.require(use)
    handlers = context.services.handlers
    made = context.perform(name, key, told, lambda unit: act(unit, context.actor, handlers), kept_as=Incoming)
    return IncomingReport.of(made)
