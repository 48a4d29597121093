"""The list of calls: its boxes, what its address filters by, and its lines."""

from collections.abc import Sequence
from dataclasses import replace

from sync.contract.shapes.items import CallOrder, CallRecord, CallState
from sync.edge.shell import formats
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.assignments import call_queries as queries
from tenant_service.identity.policy import UseCase
from tenant_service.storage.paging import Page
from tenant_service.web.site import Visit, Waits

BOXES = {"open": say("吹哨待报到"), "late": say("吹哨逾期未报到")}
"""What is waited for. A body's are the calls that it has not answered itself."""


def box(visit: Visit, code: str) -> queries.Wanted:
    """What lies in it now."""
    body = visit.actor.body if visit.may(UseCase.HANDLE_ASSIGNMENTS) else None
    found = queries.Wanted(states=(CallState.OPEN,), unanswered_by=body)
    return replace(found, until=visit.unit.now) if code == "late" else found


def waits(visit: Visit, code: str) -> Waits | None:
    """A body answers; who called sees to those that have not."""
    if code == "late":
        return Waits.LATE
    return visit.waits(Waits.TO_DO, UseCase.HANDLE_ASSIGNMENTS)


def wanted(visit: Visit) -> queries.Wanted:
    """The box that the address names, or what it filters by; a code that no list has filters nothing."""
    code, state = visit.asked("box"), CallState.known(visit.asked("state"))
    return box(visit, code) if code in BOXES else queries.Wanted((state,) if state else ())


def page(visit: Visit, first: int, after: str | None) -> Page:
    order = CallOrder.ANSWER_BY_ASC if visit.asked("box") else CallOrder.CHANGED_AT_DESC
    return queries.listed(visit.unit.session, visit.actor, wanted(visit), order, first, after)


def table(visit: Visit, rows: Sequence[CallRecord]) -> Table:
    heads = (say("事由"), say("吹哨单位"), say("报到期限"), say("状态"))
    figures = (say("已吹哨"), say("到场"), say("不到场"), say("未报到"))
    columns = (
        *(Column(visit.say(head)) for head in heads), *(Column(visit.say(head), is_figure=True) for head in figures)
    )  # fmt: skip

    def line(row: CallRecord) -> Row:
        until = formats.moment(row.answer_by, visit.unit.now, visit.here.language)
        cells = (
            row.title, row.caller, until, visit.say(row.state.label), row.called, row.coming, row.declined,
            silent(row),
        )  # fmt: skip
        is_late = row.state is CallState.OPEN and row.answer_by < visit.unit.now
        return Row(cells, f"/calls/{row.id}", "late" if is_late else "")

    return Table(visit.say(say("吹哨报到")), columns, tuple(map(line, rows)), say("暂无吹哨"))


def silent(row: CallRecord) -> int | None:
    """未报到: how many bodies have said nothing; None: not told to the visitor."""
    return None if row.called is None else row.called - (row.coming or 0) - (row.declined or 0)
