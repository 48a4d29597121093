"""Recognitions in GraphQL: what can be asked, and what can be done."""

import datetime as dt

import strawberry

from sync.contract.asking.cursors import Cursor
from sync.contract.ids import Id
from sync.contract.shapes.recognitions import (
    RecognitionKind,
    RecognitionLevel,
    RecognitionOrder,
    RecognitionRecord,
    RecognitionState,
)
from sync.contract.visibility import Visible, visible
from tenant_service.graph.context import Info
from tenant_service.graph.history import StepTaken, steps_of
from tenant_service.graph.inputs import given, plain
from tenant_service.graph.lists import Connection, Node
from tenant_service.graph.mutations import Mutations
from tenant_service.graph.types import Home, Merge, contract_enum, record_type, shown
from tenant_service.identity.policy import UseCase
from tenant_service.reports import conversion_queries as conversions
from tenant_service.reports import recognition_queries as queries
from tenant_service.reports import recognition_service as service
from tenant_service.reports.recognition_service import Recognised

PUBLIC, TENANT = Visible.PUBLIC, Visible.TENANT
for each in (RecognitionKind, RecognitionLevel, RecognitionState, RecognitionOrder):
    contract_enum(each)


@record_type
class Recognition(RecognitionRecord, Node):
    @shown(TENANT, "办理经过, the oldest step first, for the office.")
    def history(self, info: Info) -> list[StepTaken] | None:
        return steps_of(info, self.id)


@strawberry.type(description="成果转化: what came of opinions that were raised here.")
class Conversions:
    raised: int = visible(TENANT, "Opinions (topics) that were raised in the window.")
    converted: int = visible(TENANT, "Opinions of which something was made in the window, each once.")
    made: list["Conversion"] = visible(TENANT, "What was made of them, by kind.")


@strawberry.type(description="How many opinions became one kind of thing.")
class Conversion:
    kind: str = visible(TENANT, "Code of the kind of report, or PROPOSAL.")
    number: int = visible(TENANT, "How many opinions.")


@strawberry.input(description="Which recognitions; everything given must hold. Days are inclusive.")
class RecognitionFilter:
    kinds: list[RecognitionKind] | None = strawberry.UNSET
    levels: list[RecognitionLevel] | None = strawberry.UNSET
    states: list[RecognitionState] | None = strawberry.UNSET
    subject_id: Id | None = strawberry.UNSET
    favourable: bool | None = strawberry.UNSET
    since: dt.date | None = strawberry.UNSET
    until: dt.date | None = strawberry.UNSET
    text: str | None = strawberry.field(default=strawberry.UNSET, description="Words of the title.")

    def wanted(self) -> queries.RecognitionsWanted:
        return queries.RecognitionsWanted(**given(self))


@strawberry.input(description="What was recognised. Of an instruction level, day and 肯定性, and nothing else.")
class RecognitionInput:
    kind: RecognitionKind
    level: RecognitionLevel
    day: dt.date
    title: str = ""
    subject_id: Id | None = strawberry.field(
        default=None, description="A record of ours, or a report that was sent up to us."
    )
    favourable: bool | None = None
    document: str | None = None
    side: str | None = None

    def told(self) -> Recognised:
        return Recognised(**vars(self))


@strawberry.type
class RecognitionQuery:
    @shown(PUBLIC, "Recognitions, one page.", directives=[Merge(by="orderBy")])
    def recognitions(
        self, info: Info, where: RecognitionFilter | None = strawberry.UNSET, first: int = 20,
        order_by: RecognitionOrder = RecognitionOrder.DAY_DESC, after: Cursor | None = strawberry.UNSET,
    ) -> Connection[Recognition]:  # fmt: skip
        context, wanted = info.context, where.wanted() if where else queries.RecognitionsWanted()
        found = queries.listed(
            context.unit.session, context.actor, wanted, order_by, first, after or None, context.owners
        )
        return Connection(page=found)

    @shown(PUBLIC, "One recognition.")
    def recognition(self, info: Info, id: Id) -> Recognition | None:
        return queries.one(info.context.unit.session, info.context.actor, id)  # type: ignore[return-value]

    @shown(
        TENANT, "成果转化: opinions raised from one day to another, and what was made of them. For the office.",
        directives=[Home()],
    )  # fmt: skip
    def conversions(self, info: Info, since: dt.date, until: dt.date) -> Conversions:
        context = info.context
        context.actor.require(UseCase.SEE_WORK)
        found = conversions.funnel(context.unit.session, since, until)
        made = [Conversion(kind=kind, number=number) for kind, number in found.made.items()]
        return Conversions(raised=found.raised, converted=found.converted, made=made)


RECOGNITIONS = Mutations(Recognition)


@strawberry.type
class RecognitionMutation:
    @shown(TENANT, "登记成果认定: it counts when it is confirmed.")
    def record_recognition(self, info: Info, key: Id, recognition: RecognitionInput) -> Recognition:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "recordRecognition", key, plain(recognition=recognition),
            lambda unit: service.record(unit, context.actor, recognition.told()),
        )  # fmt: skip

    @shown(TENANT, "更正成果认定, with the reason; it is confirmed anew.")
    def correct_recognition(
        self, info: Info, key: Id, id: Id, recognition: RecognitionInput, reason: str
    ) -> Recognition:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "correctRecognition", key, plain(id=id, recognition=recognition, reason=reason),
            lambda unit: service.correct(unit, context.actor, id, recognition.told(), reason),
        )  # fmt: skip

    confirm_recognition = RECOGNITIONS.sign_off(
        "确认成果认定; `unclassified` confirms 已经保密审查，不涉密.", service.confirm
    )
    withdraw_recognition = RECOGNITIONS.act_because("撤销成果认定, with the reason.", service.withdraw)
    share_recognition = RECOGNITIONS.share(
        "Share a recognition with exactly these, besides who sent up what was recognised.", service.share
    )
