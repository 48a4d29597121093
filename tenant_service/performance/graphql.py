"""One's own ledger in GraphQL, and for the office everybody's."""

import datetime as dt

import strawberry

from sync.contract.ids import Id
from sync.contract.visibility import Visible, visible
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import plain
from tenant_service.graph.types import Home, contract_enum, shown
from tenant_service.identity.policy import UseCase
from tenant_service.performance import queries, service
from tenant_service.performance.models import LedgerRow
from tenant_service.performance.queries import Wanted
from tenant_service.performance.result_graphql import ResultMutation, ResultQuery
from tenant_service.performance.rules import Deed, LedgerSource
from tenant_service.performance.service import Draft
from tenant_service.storage.unit_of_work import Unit

SUBJECT = Visible.SUBJECT
MOST = 200
for each in (LedgerSource,):
    contract_enum(each)


@strawberry.type(description="履职台账: one line, written once and never changed.")
class LedgerLine:
    id: Id = visible(SUBJECT, "Its own id.")
    person_id: Id = visible(SUBJECT, "Who did it, by pseudonym.")
    deed: Deed = visible(SUBJECT, "What kind of deed it is.")
    day: dt.date = visible(SUBJECT, "On which it was done; it counts in that year.")
    title: str = visible(SUBJECT, "What it was.")
    role: str | None = visible(SUBJECT, "As what, as the record says; null: nothing of that kind.")
    source: LedgerSource = visible(SUBJECT, "Where it comes from.")
    subject_id: Id = visible(SUBJECT, "The record for which it is; its own id, where the office entered it.")
    version: int = visible(SUBJECT, "Of that record.")
    is_late: bool = visible(SUBJECT, "It was written when its year was closed already.")
    counters_id: Id | None = visible(SUBJECT, "冲销: the line that it takes back; null: none.")
    note: str | None = visible(SUBJECT, "On what ground the office entered it, or took it back.")
    written_at: dt.datetime = visible(SUBJECT, "When it was written.")


@strawberry.type(description="How many deeds of a kind stand in a year.")
class DeedCount:
    deed: Deed = visible(SUBJECT, "Kind of deed.")
    count: int = visible(SUBJECT, "Lines that stand: taken back ones do not count.")


@strawberry.input(description="登记履职: what somebody did that no other list has.")
class DeedInput:
    person_id: Id
    deed: Deed
    day: dt.date
    title: str
    note: str | None = None


@strawberry.type
class PerformanceQuery(ResultQuery):
    @shown(SUBJECT, "履职台账: one's own, for the office everybody's; the newest day first, behind the id `after`.",
           directives=[Home()])  # fmt: skip
    def ledger(
        self, info: Info, person_id: Id | None = strawberry.UNSET, year: int | None = strawberry.UNSET,
        deed: Deed | None = strawberry.UNSET, first: int = 50, after: Id | None = strawberry.UNSET,
    ) -> list[LedgerLine]:  # fmt: skip
        session, actor = info.context.unit.session, info.context.actor
        wanted = Wanted(person_id or None, year or None, deed or None)
        found, _ = queries.listed(session, actor, wanted, max(1, min(first, MOST)), after or None)
        return list(map(_told, found))

    @shown(SUBJECT, "How many deeds of each kind one did in a year; the office may ask of anybody of ours.",
           directives=[Home()])  # fmt: skip
    def deeds(self, info: Info, year: int, person_id: Id | None = strawberry.UNSET) -> list[DeedCount]:
        session, actor = info.context.unit.session, info.context.actor
        whose = queries.whose(actor, person_id or None)
        found = queries.deeds(session, whose, year) if whose else {}
        return [DeedCount(deed=deed, count=found[deed]) for deed in Deed if found.get(deed)]


@strawberry.type
class PerformanceMutation(ResultMutation):
    @shown(SUBJECT, "登记履职: the office writes a line.")
    def enter_deed(self, info: Info, key: Id, deed: DeedInput) -> LedgerLine:
        draft = Draft(deed.person_id, deed.deed, deed.day, deed.title, deed.note)

        def act(unit: Unit) -> str:
            info.context.actor.require(UseCase.KEEP_LEDGER)  # before it is asked who is ours
            return service.enter(unit, info.context.actor, info.context.services.people, draft).id

        return _line(info, info.context.perform("enterDeed", key, plain(deed=deed), act, kept_as=str))

    @shown(SUBJECT, "冲销: a line that the office entered no longer counts; returns the counter-line.")
    def take_back_deed(self, info: Info, key: Id, id: Id, reason: str) -> LedgerLine:
        def act(unit: Unit) -> str:
            return service.take_back(unit, info.context.actor, id, reason).id

        return _line(info, info.context.perform("takeBackDeed", key, plain(id=id, reason=reason), act, kept_as=str))

    @shown(SUBJECT, "年度结账: whatever still comes for that year is marked late; returns the year.")
    def close_ledger_year(self, info: Info, key: Id, year: int) -> int:
        def act(unit: Unit) -> int:
            return service.close_year(unit, info.context.actor, year).year

        return info.context.perform("closeLedgerYear", key, plain(year=year), act, kept_as=int)


def _line(info: Info, id: str) -> LedgerLine:
    return _told(queries.one(info.context.unit.session, info.context.actor, id))


def _told(row: LedgerRow) -> LedgerLine:
    return LedgerLine(
        id=Id(row.id), person_id=Id(row.person_id), deed=row.deed, day=row.day, title=row.title, role=row.role,
        source=row.source, subject_id=Id(row.subject), version=row.version, is_late=row.is_late,
        counters_id=Id(row.counters_id) if row.counters_id else None, note=row.note, written_at=row.written_at,
    )  # fmt: skip
