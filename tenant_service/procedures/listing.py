"""The list of procedures: what its address filters by, and its lines."""

from sync.contract.shapes.procedures import ProcedureOrder, ProcedureRecord, ProcedureState, ProcedureUse
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.exchange.watching import freshness as shared
from tenant_service.procedures import queries
from tenant_service.procedures.queries import Wanted
from tenant_service.storage.paging import Page
from tenant_service.web.site import Visit

LOOKS = {ProcedureState.DRAFT: "warn", ProcedureState.IN_FORCE: "good"}
"""Classes of the style sheet, by state."""


def page(visit: Visit, first: int, after: str | None) -> Page:
    """One page of our versions that reach the visitor, or with `?from=others` of those shared with us."""
    of_others = visit.asked("from") == "others" and visit.actor.is_inside
    owners = shared.followed_owners(visit.unit.session) if of_others else None
    return queries.listed(visit.unit.session, visit.actor, wanted(visit), order(visit), first, after, owners)


def order(visit: Visit) -> ProcedureOrder:
    return ProcedureOrder.known(visit.asked("sort")) or ProcedureOrder.CODE_ASC


def wanted(visit: Visit) -> Wanted:
    """What the address filters by; a code that no list has filters nothing."""
    use, state = ProcedureUse.known(visit.asked("use")), ProcedureState.known(visit.asked("state"))
    return Wanted((use,) if use else (), (state,) if state else (), visit.asked("code")[:40] or None,
                  visit.asked("q")[:80] or None)  # fmt: skip


def table(visit: Visit, rows: list[ProcedureRecord]) -> Table:
    columns = (
        Column(visit.say(say("名称"))), Column(visit.say(say("代码")), sort=ProcedureOrder.CODE_ASC.value),
        Column(visit.say(say("版本")), is_figure=True), Column(visit.say(say("适用"))),
        Column(visit.say(say("步数")), is_figure=True), Column(visit.say(say("状态"))),
        Column(visit.say(say("施行日期"))), Column(visit.say(say("来自"))),
    )  # fmt: skip
    entries = visit.directory.entries

    def line(row: ProcedureRecord) -> Row:
        of = entries.get(row.committee_id) if row.committee_id != visit.actor.committee else None
        cells = (
            row.name, row.code, row.version, visit.say(row.use.label), len(row.step_codes), visit.say(row.state.label),
            str(row.since or "") or None, of.short_name if of else None,
        )  # fmt: skip
        return Row(cells, f"/procedures/{row.id}")

    return Table(visit.say(say("规程")), columns, tuple(map(line, rows)), say("暂无规程，可从模板采用"))
