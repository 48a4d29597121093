"""The list of what was entered for members: what its address filters by, and its lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from sync.contract.instants import day_of
from sync.edge.shell.pages import Link
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.identity import accounts
from tenant_service.identity.policy import UseCase
from tenant_service.members import queries as members
from tenant_service.on_behalf import queries
from tenant_service.on_behalf.models import EntryRow
from tenant_service.on_behalf.rules import STATES, Act, EntryState
from tenant_service.web.site import Visit

AT = "/on-behalf"
ACTS = {
    "enter": say("代录"), "confirm": say("本人确认"), "object_to": say("本人异议"), "settle": say("处理异议"),
}  # fmt: skip
"""What people call the steps of an entry."""
LOOKS = {EntryState.TO_CONFIRM: "warn", EntryState.CONFIRMED: "good", EntryState.OBJECTED: "bad"}
"""Classes of the style sheet, by state."""


@dataclass(frozen=True)
class Line:
    """One entry as a page shows it, with what the visitor may do."""

    row: EntryRow
    person: str
    by: str
    record: Link | None
    may: frozenset[str]


def found(visit: Visit, most: int) -> Sequence[EntryRow]:
    """The list as its address filters it."""
    return queries.listed(visit.unit.session, visit.actor, EntryState.known(visit.asked("state")), most)


def lines(visit: Visit, rows: Sequence[EntryRow]) -> list[Line]:
    session = visit.unit.session
    names = members.persons_named(session, {row.person_id for row in rows})
    by = accounts.named(session, {row.entered_by for row in rows})
    return [
        Line(
            row, names.get(row.person_id, row.person_id), by.get(row.entered_by, row.entered_by),
            visit.named(row.record_id.split(".")[1], row.record_id), _may(visit, row),
        )
        for row in rows
    ]  # fmt: skip


def table(visit: Visit, rows: Sequence[EntryRow]) -> Table:
    heads = (
        say("代录时间"), say("事项"), say("内容"), say("委员"), say("录入人"), say("状态"), say("异议"),
        say("处理结果"),
    )  # fmt: skip

    def line(each: Line) -> Row:
        row = each.row
        return Row((
            str(day_of(row.entered_at)),
            visit.say(row.kind.label), each.record.text if each.record else None, each.person, each.by,
            visit.say(row.state.label), row.because, row.answer,
        ))  # fmt: skip

    columns = tuple(Column(visit.say(head)) for head in heads)
    return Table(visit.say(say("代录")), columns, tuple(map(line, lines(visit, rows))), say("暂无代录"))


def _may(visit: Visit, row: EntryRow) -> frozenset[str]:
    possible, may = set(STATES.possible(row.state)), set[str]()
    if row.person_id == visit.actor.person and visit.may(UseCase.CONFIRM_ENTRIES):
        may |= possible & {Act.CONFIRM, Act.OBJECT}
    if visit.may(UseCase.SETTLE_ENTRIES):
        may |= possible & {Act.SETTLE}
    return frozenset(may)
