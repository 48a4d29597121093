"""Lists of bodies and postings: what their addresses filter by, and their lines."""

from collections.abc import Sequence

from sync.contract.shapes.members import BodyKind, BodyRecord
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.identity import accounts
from tenant_service.members import body_queries, posting_queries
from tenant_service.members.body_queries import Wanted
from tenant_service.members.posting_queries import Placed
from tenant_service.members.rules import BodyState, Lacking
from tenant_service.storage.paging import Page
from tenant_service.web.site import Visit

BODIES, POSTINGS = "/bodies", "/postings"
ENDED = "ended"


def wanted(visit: Visit) -> Wanted:
    """What the address filters by; a code that no list has filters nothing. Those that were closed are asked for."""
    state = BodyState.known(visit.asked("state")) or (None if visit.asked("state") else BodyState.LISTED)
    return Wanted(
        visit.asked("q")[:80] or None, BodyKind.known(visit.asked("kind")), state, Lacking.known(visit.asked("lacks")),
        coordinates=visit.asked("coordinates") == "yes",
    )  # fmt: skip


def bodies_page(visit: Visit, first: int, after: str | None) -> Page:
    return body_queries.listed(
        visit.unit.session, visit.actor, wanted(visit), visit.site.today(), first, after
    )  # fmt: skip


def bodies(visit: Visit, found: Sequence[BodyRecord]) -> Table:
    """Whoever the committee works with. Contacts are people: they stand on the body's page, and in no file."""
    heads = (say("单位"), say("单位类别"), say("可任交办单位"), say("账号"), say("状态"), say("撤销日期"))
    session, today = visit.unit.session, visit.site.today()
    rows, held = body_queries.rows(session, [each.id for each in found]), accounts.with_bodies(session)

    def line(each: BodyRecord) -> Row:
        row = rows[each.id]
        cells = (
            row.name, visit.say(row.kind.label), visit.say(say("是")) if row.coordinates else None, held[row.id],
            visit.say(body_queries.state(row, today).label), str(row.until) if row.until else None,
        )  # fmt: skip
        return Row(cells, f"{BODIES}/{row.id}")

    columns = tuple(Column(visit.say(head), is_figure=head == heads[3]) for head in heads)
    return Table(visit.say(say("单位名录")), columns, tuple(map(line, found)), say("没有符合条件的单位"))


def postings_page(visit: Visit, first: int, after: str | None) -> Page:
    wanted = posting_queries.Wanted(visit.asked("q")[:80] or None, ended=visit.asked("state") == ENDED)
    return posting_queries.postings(visit.unit.session, visit.actor, wanted, visit.site.today(), first, after)


def postings(visit: Visit, found: Sequence[Placed]) -> Table:
    heads = (say("派驻人员"), say("派驻单位（镇街、网格）"), say("届次"), say("起"), say("止"))
    lines = tuple(
        Row((each.who, each.where, str(each.term) if each.term else None, _day(each.since), _day(each.until)),
            f"{POSTINGS}/{each.id}")
        for each in found
    )  # fmt: skip
    columns = tuple(Column(visit.say(head)) for head in heads)
    return Table(visit.say(say("派驻")), columns, lines, say("没有符合条件的派驻"))


def _day(day: object) -> str | None:
    return str(day) if day else None
