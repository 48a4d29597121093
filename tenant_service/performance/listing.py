"""The ledger as pages show it: what the address filters by, and the lines."""

from collections.abc import Collection, Sequence
from contextlib import suppress

from sync.contract.errors import Refusal
from sync.edge.shell.formats import moment
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.identity.policy import UseCase
from tenant_service.performance import queries
from tenant_service.performance.models import LedgerRow
from tenant_service.performance.queries import Wanted
from tenant_service.performance.rules import Deed, LedgerSource
from tenant_service.web.site import Visit

AT = "/performance"
SCHEME_ACTS = {
    "draft": say("拟订"), "redraft": say("修改草案"), "discard": say("作废"), "enact": say("施行"),
    "close": say("停用"), "warn": say("预警提醒"),
}  # fmt: skip
RESULT_ACTS = {"compute": say("测算"), "publish": say("公示"), "finalize": say("定稿")}
OBJECTION_ACTS = {
    "object_to": say("提出异议"), "uphold": say("予以更正"), "decline": say("不予更正"), "take_back": say("撤回异议"),
}  # fmt: skip
"""What people call the steps of the histories of schemes, results and objections."""
STANDS, LATE = "1", "1"
YEARS = range(1949, 2200)


def keeps(visit: Visit) -> bool:
    """Whether the visitor is shown everybody's."""
    return visit.actor.is_home and visit.may(UseCase.KEEP_LEDGER)


def wanted(visit: Visit) -> Wanted:
    """What the address asks for; what is none filters nothing."""
    return Wanted(
        visit.asked("person") or None, year_in(visit), Deed.known(visit.asked("deed")),
        LedgerSource.known(visit.asked("source")), bool(visit.asked("late")), bool(visit.asked("stands")),
    )  # fmt: skip


def year_in(visit: Visit) -> int | None:
    found = None
    with suppress(Refusal):
        found = visit.number("year")
    return found if found in YEARS else None


def state_of(row: LedgerRow, gone: Collection[str]) -> str:
    """计入, 冲销 or 已冲销."""
    if row.counters_id:
        return say("冲销")
    return say("已冲销") if row.id in gone else say("计入")


def table(visit: Visit, rows: Sequence[LedgerRow]) -> Table:
    heads = (
        say("日期"), say("委员"), say("事项"), say("内容"), say("来源"), say("状态"), say("补记"), say("说明"),
        say("登记时间"),
    )  # fmt: skip
    names = names_of(visit, {row.person_id for row in rows})
    gone = queries.taken_back(visit.unit.session, [row.id for row in rows])

    def line(row: LedgerRow) -> Row:
        late = visit.say(say("补记")) if row.is_late else None
        return Row((
            str(row.day), names.get(row.person_id, row.person_id), visit.say(row.deed.label), row.title,
            visit.say(row.source.label), visit.say(state_of(row, gone)), late,
            row.note, moment(row.written_at, visit.unit.now, visit.here.language),
        ))  # fmt: skip

    columns = tuple(Column(visit.say(head)) for head in heads)
    return Table(visit.say(say("履职台账")), columns, tuple(map(line, rows)), say("没有履职记录"))


def names_of(visit: Visit, persons: Collection[str]) -> dict[str, str]:
    """Pseudonym → name, of those who are ours."""
    return visit.site.services.people.named(visit.unit.session, sorted(persons))
