"""Reports in GraphQL: what can be asked, and what can be done."""

from collections.abc import Callable
from typing import Any

import strawberry

from sync.contract.asking.cursors import Cursor
from sync.contract.ids import Id
from sync.contract.shapes.reports import ReportOrder, ReportOutcome
from sync.contract.visibility import Visible
from tenant_service.exchange.answering import Handlers
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import plain
from tenant_service.graph.lists import Connection
from tenant_service.graph.mutations import Mutations, perform
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


REPORTS = Mutations(Report)


@strawberry.type
class ReportMutation(RecognitionMutation):
    @shown(TENANT, "撰写: write a report down, for its authors and the office.")
    def write_report(self, info: Info, key: Id, report: WrittenReportInput) -> Report:
        told = plain(report=report)
        return perform(info, key, told, lambda unit, who: service.write(unit, who, report.draft()))  # type: ignore[return-value]

    @shown(TENANT, "Write a draft anew.")
    def redraft_report(self, info: Info, key: Id, id: Id, report: WrittenReportInput) -> Report:
        return perform(  # type: ignore[return-value]
            info, key, plain(id=id, report=report),
            lambda unit, who: service.redraft(unit, who, id, report.draft()),
        )  # fmt: skip

    discard_report = REPORTS.act(
        "作废: a draft that was never handed in is not there any more; as it was.", service.discard
    )
    hand_in_report = REPORTS.act("提交: the office has it for 初审.", service.hand_in)
    give_back_report = REPORTS.act_because("初审退回, with the reason.", service.give_back)
    take_on_report = REPORTS.act("初审通过: it is edited.", service.take_on)
    decline_report = REPORTS.act_because("不予采编, with the reason.", service.decline)

    @shown(TENANT, "合编: it goes on as a part of another one, whose authors its own join.")
    def merge_report(self, info: Info, key: Id, id: Id, into_id: Id) -> Report:
        told = plain(id=id, into=into_id)
        return perform(info, key, told, lambda unit, who: service.merge(unit, who, id, into_id))  # type: ignore[return-value]

    @shown(TENANT, "采编: the office words it anew.")
    def edit_report(self, info: Info, key: Id, id: Id, report: WrittenReportInput) -> Report:
        return perform(  # type: ignore[return-value]
            info, key, plain(id=id, report=report),
            lambda unit, who: service.edit(unit, who, id, report.draft()),
        )  # fmt: skip

    submit_report = REPORTS.act("送审.", service.submit)
    send_back_report = REPORTS.act_because("退回, with the reason.", service.send_back)

    sign_off_report = REPORTS.sign_off_by(
        "签发成果; `unclassified` confirms 已经保密审查，不涉密.", service.sign_off, UseCase.SIGN_OFF_REPORTS,
        lambda services: services.bulletin,
    )  # fmt: skip
    send_report = REPORTS.act("报送: the parent has it.", sending.send)
    take_back_report = REPORTS.act_because("撤回报送, with the reason, before it is received.", sending.take_back)
    archive_report = REPORTS.act("归档.", service.archive)
    share_report = REPORTS.share("Share a report with exactly these, besides whom it was sent up to.", service.share)

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


def _taken(
    info: Info, use: UseCase, name: str, key: Id, told: dict[str, Any], act: Callable[[Unit, Actor, Handlers], Incoming]
) -> IncomingReport:
    """The same of what was sent up to us."""
    context = info.context
    context.actor.require(use)
    handlers = context.services.handlers
    made = context.perform(name, key, told, lambda unit: act(unit, context.actor, handlers), kept_as=Incoming)
    return IncomingReport.of(made)
