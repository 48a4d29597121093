"""The list of bookings: what its address filters by, and its lines."""

from collections.abc import Sequence

from sync.contract.instants import SHANGHAI
from sync.contract.shapes.bookings import BookingKind, BookingState
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.bookings import queries
from tenant_service.bookings.models import BookingRow
from tenant_service.identity import masks
from tenant_service.venues import queries as venues
from tenant_service.web.site import Visit

ACTS = {
    "book": say("预约"), "confirm": say("确认预约"), "check_in": say("核验到场"), "finish": say("完成"),
    "miss": say("登记未到场"), "put_back": say("撤销登记"), "cancel": say("取消预约"),
}  # fmt: skip
"""What people call the steps of a booking."""
LOOKS = {
    BookingState.REQUESTED: "warn", BookingState.CHECKED_IN: "good", BookingState.CANCELLED: "bad",
    BookingState.NO_SHOW: "bad",
}  # fmt: skip
"""Classes of the style sheet, by state."""


def wanted(visit: Visit) -> queries.Wanted:
    """What the address filters by; without anything, today's. `late=1`: over, and nobody wrote down if they came."""
    state, kind = BookingState.known(visit.asked("state")), BookingKind.known(visit.asked("kind"))
    since, until, is_late = visit.day("since"), visit.day("until"), visit.asked("late") == "1"
    if not (state or kind or since or until or is_late or visit.asked("venue")):
        since = until = visit.site.today()
    leaders = {"1": True, "0": False}.get(visit.asked("leaders"))
    return queries.Wanted(
        since, until, (state,) if state else (), (kind,) if kind else (), visit.asked("venue") or None,
        with_leaders=leaders, over_before=visit.unit.now if is_late else None,
    )  # fmt: skip


def when(row: BookingRow) -> str:
    """`2026-12-03 09:00–11:00`, on the clock in Asia/Shanghai."""
    begins, ends = row.begins_at.astimezone(SHANGHAI), row.ends_at.astimezone(SHANGHAI)
    return f"{begins:%Y-%m-%d %H:%M}–{ends:%H:%M}"


def table(visit: Visit, rows: Sequence[BookingRow], *, own: bool = False) -> Table:
    """A line for each; phones are masked."""
    heads = (say("时间"), say("阵地"), say("空间"), say("类别"), say("状态"), say("预约人"), say("电话"))
    more = (say("团组"), say("来源地"), say("预约渠道"))
    columns = (
        *(Column(visit.say(head)) for head in heads), Column(visit.say(say("预约人数")), is_figure=True),
        Column(visit.say(say("到场人数")), is_figure=True), *(Column(visit.say(head)) for head in more),
    )  # fmt: skip
    names = {id: venues.ours(visit.unit.session, id).name for id in {row.venue_id for row in rows}}
    spaces = {id: venues.space_named(visit.unit.session, id) for id in {row.space_id for row in rows}}

    def line(row: BookingRow) -> Row:
        leaders = f" · {visit.say(say('旁听'))}" if row.with_leaders else ""
        cells = (
            when(row), names[row.venue_id], spaces[row.space_id], visit.say(row.kind.label) + leaders,
            visit.say(row.state.label), row.name, masks.phone(row.phone) if row.phone else None, row.headcount,
            row.came, row.group_name, row.origin, visit.say(row.channel.label),
        )  # fmt: skip
        return Row(cells, f"/bookings/{row.id}")

    empty = say("还没有预约，请到“预约阵地”选择") if own else say("没有预约；电话或当面来约的，请按“登记预约”")
    return Table(visit.say(say("预约")), columns, tuple(map(line, rows)), empty)
