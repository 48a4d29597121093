"""The calendar of workdays in GraphQL: a year of it, and what puts days right."""

import datetime as dt
from functools import partial

import strawberry

from sync.contract.ids import Id
from sync.contract.visibility import Visible, visible
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import plain
from tenant_service.graph.types import Home, contract_enum, shown
from tenant_service.identity.policy import UseCase
from tenant_service.workdays import queries, service
from tenant_service.workdays.rules import Day, DayKind

TENANT = Visible.TENANT
contract_enum(DayKind)


@strawberry.type(description="日历中的一天: one day of the committee's calendar.")
class Workday:
    day: dt.date = visible(TENANT, "Which.")
    works: bool = visible(TENANT, "Whether the committee works on it.")
    kind: DayKind = visible(TENANT, "Why, or why not.")
    holiday: str | None = visible(TENANT, "Public holiday that it is, or is worked for.")
    note: str | None = visible(TENANT, "Why the committee put it right; null: it did not.")


@strawberry.type(description="工作日历: one year of the days on which the committee works.")
class WorkYear:
    year: int = visible(TENANT, "Which.")
    is_published: bool = visible(TENANT, "Its public holidays are known; else Monday to Friday are taken.")
    workdays: int = visible(TENANT, "How many days are worked.")
    days: list[Workday] = visible(TENANT, "Every day, in order.")


def _told(of: Day) -> Workday:
    return Workday(day=of.day, works=of.works, kind=of.kind, holiday=of.holiday, note=of.note)


@strawberry.type
class WorkdayQuery:
    @shown(TENANT, "工作日历: one year, for the office.", directives=[Home()])
    def work_year(self, info: Info, year: int) -> WorkYear:
        context = info.context
        context.actor.require(UseCase.SEE_WORK)
        found = queries.year(context.unit.session, year)
        days = list(map(_told, found.days))
        return WorkYear(year=year, is_published=found.is_published, workdays=found.workdays, days=days)


@strawberry.type
class WorkdayMutation:
    @shown(TENANT, "调整工作日: the committee works on this day, or does not, whatever is published.")
    def put_workday_right(self, info: Info, key: Id, day: dt.date, works: bool, note: str) -> Workday:  # noqa: FBT001
        context = info.context
        act = partial(service.put_right, actor=context.actor, day=day, note=note, works=works)
        done = context.perform("putWorkdayRight", key, plain(day=day, works=works, note=note), act, kept_as=dt.date)
        return _told(queries.day(context.unit.session, done))

    @shown(TENANT, "取消调整: the day is again as it is published.")
    def let_workday_go(self, info: Info, key: Id, day: dt.date, note: str) -> Workday:
        context = info.context
        act = partial(service.let_go, actor=context.actor, day=day, note=note)
        done = context.perform("letWorkdayGo", key, plain(day=day, note=note), act, kept_as=dt.date)
        return _told(queries.day(context.unit.session, done))

    @shown(TENANT, "撤销: the day is as it was before it was changed last.")
    def undo_workday(self, info: Info, key: Id, day: dt.date) -> Workday:
        context = info.context
        act = partial(service.undo, actor=context.actor, day=day)
        done = context.perform("undoWorkday", key, plain(day=day), act, kept_as=dt.date)
        return _told(queries.day(context.unit.session, done))
