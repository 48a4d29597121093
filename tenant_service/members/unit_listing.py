"""The list of units, and who is in one: what their addresses filter by, and their lines."""

from collections.abc import Sequence

from sync.contract.shapes.members import UnitKind, UnitOrder, UnitRecord
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.identity import quotas
from tenant_service.identity.policy import UseCase
from tenant_service.members import address_book, queries
from tenant_service.members.queries import UnitsWanted
from tenant_service.storage.paging import Page
from tenant_service.web.site import Visit

UNITS, PEOPLE = "/units", "/people"
ENDED = "ended"
MOST_IN_A_UNIT = 200
"""Memberships on a unit's page; all of them are in the address book, which filters by unit."""


def page(visit: Visit, first: int, after: str | None) -> Page:
    """Our units, as the address filters them. Raises: Refusal NOT_SIGNED_IN, FORBIDDEN."""
    visit.actor.require(UseCase.SEE_MEMBERS)
    kind = UnitKind.known(visit.asked("kind"))
    wanted = UnitsWanted(
        (kind,) if kind else (), visit.asked("above") or None, visit.asked("q")[:80] or None,
        None if visit.asked("state") == ENDED else visit.site.today(),
    )  # fmt: skip
    return queries.units(visit.unit.session, visit.actor, wanted, UnitOrder.SORT_KEY_ASC, first, after)


def table(visit: Visit, found: Sequence[UnitRecord]) -> Table:
    heads = (say("单元"), say("单元类别"), say("上级单元"), say("人数"), say("起"), say("止"))
    session, today = visit.unit.session, visit.site.today()
    above = queries.units_named(session, [each.parent_id for each in found if each.parent_id])

    def line(each: UnitRecord) -> Row:
        cells = (
            each.name, visit.say(each.kind.label), above.get(each.parent_id or ""),
            len(queries.persons_in(session, each.id, today)), _day(each.since), _day(each.until),
        )  # fmt: skip
        return Row(cells, f"{UNITS}/{each.id}")

    columns = tuple(Column(visit.say(head), is_figure=head == heads[3]) for head in heads)
    return Table(visit.say(say("组织单元")), columns, tuple(map(line, found)), say("没有符合条件的组织单元"))


def people(visit: Visit, unit: str) -> Table | None:
    """What is held in a unit, for the office; each line counts as looked at. None to others."""
    if not visit.actor.sees_work:
        return None
    found = address_book.memberships(visit.unit.session, visit.actor, None, unit, None, MOST_IN_A_UNIT, None)
    rows = quotas.counted(visit.site.units, visit.actor, found, visit.site.services.personal_rows_per_day).rows
    session = visit.unit.session
    names = queries.persons_named(session, [each.person_id for each in rows if each.person_id])
    holders = queries.units_named(session, [each.holder_unit_id for each in rows if each.holder_unit_id])
    heads = (say("姓名"), say("任职类别"), say("职务"), say("状态"), say("起"), say("止"))
    lines = tuple(
        Row(
            (
                names.get(each.person_id or "") or holders.get(each.holder_unit_id or ""), visit.say(each.kind.label),
                each.title, visit.say(each.state.label), _day(each.since), _day(each.until),
            ),
            f"{PEOPLE}/{each.person_id}" if each.person_id else f"{UNITS}/{each.holder_unit_id}",
        )
        for each in rows
    )  # fmt: skip
    columns = tuple(Column(visit.say(head)) for head in heads)
    return Table(visit.say(say("人员")), columns, lines, say("还没有人员"))


def _day(day: object) -> str | None:
    return str(day) if day else None
