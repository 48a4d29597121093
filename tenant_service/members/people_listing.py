"""Lists of people: what their addresses filter by, and their lines. Phones are as the address book shows them."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from sync.contract.shapes.members import MembershipState, UnitKind
from sync.contract.shapes.sectors import Party, Sector
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.identity import quotas
from tenant_service.identity.policy import UseCase
from tenant_service.members import address_book, queries, segment_service
from tenant_service.members import linking_queries as linking
from tenant_service.members.address_book import Member, Wanted
from tenant_service.members.models import MembershipRow
from tenant_service.members.unit_listing import PEOPLE, UNITS
from tenant_service.storage.paging import Page
from tenant_service.web.site import Visit

_DIGITS = 2
"""Of a term."""
FILTERS = ("q", "sector", "party", "tag", "title", "term", "unit")


def wanted_in(asked: Callable[[str], str]) -> Wanted:
    """What an address, or a form, filters by; a code that no list has filters nothing."""
    term = asked("term")
    return Wanted(
        term=int(term) if term.isdecimal() and len(term) <= _DIGITS else None, unit_id=asked("unit") or None,
        sector=Sector.known(asked("sector")), party=Party.known(asked("party")), title=asked("title")[:40] or None,
        tag=asked("tag")[:20] or None, text=asked("q")[:80] or None,
    )  # fmt: skip


def wanted(visit: Visit) -> Wanted:
    """By the 名单 that the address names, else by its filters."""
    kept_as = next(
        (each for each in address_book.segments(visit.unit.session, visit.actor) if each.id == visit.asked("segment")),
        None,
    )
    return segment_service.wanted_of(kept_as) if kept_as else wanted_in(visit.asked)


def kept(visit: Visit) -> dict[str, str]:
    """What the address filters by, to be saved."""
    return {name: visit.asked(name) for name in FILTERS if visit.asked(name)}


def page(visit: Visit, first: int, after: str | None) -> Page:
    """Members of today or of a term; with `who=all`, for the office, everybody who has not left."""
    session, actor, today, asked = visit.unit.session, visit.actor, visit.site.today(), wanted(visit)
    read = address_book.persons if visit.asked("who") == "all" and actor.sees_work else address_book.members
    found = read(session, actor, asked, today, first, after)
    return quotas.counted(visit.site.units, actor, found, visit.site.services.personal_rows_per_day)


def share(visit: Visit, number: int) -> str:
    """占比: what those who were found are of all of today's members; nothing where the list is not filtered."""
    if wanted(visit) == Wanted() or visit.asked("who") == "all":
        return ""
    total = len(queries.seat_holders(visit.unit.session, visit.site.today()))
    return f"{number / total:.0%}" if total else ""


def table(visit: Visit, found: Sequence[Any]) -> Table:
    """Of who is no member today only the name and the tags."""
    heads = (say("姓名"), say("职务"), say("界别"), say("党派"), say("工作单位"), say("工作电话"), say("标签"))

    def line(each: Any) -> Row:
        tags = "、".join(each.tags or ()) or None
        if not isinstance(each, Member):
            return Row((each.name, None, None, None, None, None, tags), f"{PEOPLE}/{each.id}")
        cells = (
            each.name, each.title, visit.say(each.sector.label) if each.sector else None,
            visit.say(each.party.label) if each.party else None, each.employer, each.work_phone, tags,
        )  # fmt: skip
        return Row(cells, f"{PEOPLE}/{each.id}")

    columns = tuple(Column(visit.say(head)) for head in heads)
    return Table(visit.say(say("委员通讯录")), columns, tuple(map(line, found)), say("没有符合条件的人员"))


def held(visit: Visit, rows: Sequence[MembershipRow]) -> Table:
    """What somebody is and was, with the meetings that decided it."""
    heads = (
        say("任职类别"), say("所在"), say("届次"), say("职务"), say("状态"), say("起"), say("任职决定"), say("止"),
        say("终止方式"), say("终止决定"),
    )  # fmt: skip
    session = visit.unit.session
    units = queries.units_named(session, [row.unit_id for row in rows if row.unit_id])
    bodies = queries.bodies_named(session, [row.body_id for row in rows if row.body_id])
    people = queries.persons_named(session, [row.with_person_id for row in rows if row.with_person_id])

    def line(row: MembershipRow) -> Row:
        where = units.get(row.unit_id or "") or bodies.get(row.body_id or "") or people.get(row.with_person_id or "")
        entry = f"{visit.say(row.entry.label)} " if row.entry else ""
        cells = (
            visit.say(row.kind.label), where or visit.say(say("本会")), str(row.term) if row.term else None, row.title,
            visit.say(row.state.label), _day(row.since), (entry + _decided(row.decided_by, row.decided_on)) or None,
            _day(row.until), visit.say(row.ending.label) if row.ending else None,
            _decided(row.ended_by, row.ended_on) or None,
        )  # fmt: skip
        return Row(cells, f"{UNITS}/{row.unit_id}" if row.unit_id else "")

    columns = tuple(Column(visit.say(head)) for head in heads)
    return Table(visit.say(say("任职")), columns, tuple(map(line, rows)), say("还没有任职"))


def pairs(visit: Visit) -> Table:
    """Each pair counts as two rows that were looked at."""
    found = linking.pairs(visit.unit.session, visit.actor, visit.site.today())
    quotas.charge(visit.site.units, visit.actor, 2 * len(found), visit.site.services.personal_rows_per_day)
    columns = tuple(Column(visit.say(head)) for head in (say("党员委员"), say("党外委员"), say("起")))
    lines = tuple(
        Row((each.person, each.with_person, _day(each.since)), f"{PEOPLE}/{each.person_id}") for each in found
    )
    return Table(visit.say(say("一对一联系")), columns, lines, say("还没有一对一联系"))


def contact_names(session: Session, person: str) -> dict[str, str]:
    """Membership → with whom it is, seen from this person."""
    rows = linking.of_person(session, person)
    other = {row.id: row.with_person_id if row.person_id == person else row.person_id for row in rows}
    names = queries.persons_named(session, [each for each in other.values() if each])
    return {id: names.get(each or "", "") for id, each in other.items()}


def standing(visit: Visit, rows: Sequence[MembershipRow]) -> list[tuple[str, str]]:
    """What may be ended, each with what it is called."""
    units = queries.units_named(visit.unit.session, [row.unit_id for row in rows if row.unit_id])
    return [
        (row.id, " · ".join(filter(None, (visit.say(row.kind.label), units.get(row.unit_id or ""), row.title))))
        for row in rows if row.state is not MembershipState.ENDED
    ]  # fmt: skip


def units(visit: Visit) -> list[tuple[str, str]]:
    """Where somebody may be placed."""
    if not visit.may(UseCase.EDIT_MEMBERS):
        return []
    found = queries.open_units(visit.unit.session, tuple(UnitKind))
    return [(each.id, f"{each.name}（{visit.say(each.kind.label)}）") for each in found]


def _decided(meeting: str | None, day: object) -> str:
    return f"{meeting}（{day}）" if meeting and day else meeting or ""


def _day(day: object) -> str | None:
    return str(day) if day else None
