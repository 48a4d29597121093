"""Fills one committee's database with the demo's rows, by the same use cases that its office would use.

Nothing is typed in as a total: sessions, their lists of names and their suggestions are rows, and every figure on a
page is counted from them. One transaction, with the clock where the office would have done each act.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from deploy.demo import lists, matters, oversight
from deploy.demo.layout import Layout
from deploy.demo.matters import Desk
from deploy.demo.scenes import Place
from deploy.demo.words import Words
from sync.bus.trust import Trust
from sync.contract.channels import Scope, Share
from sync.contract.instants import SHANGHAI
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.members import BodyKind, MembershipKind, UnitKind
from sync.contract.shapes.venues import VenueKind, VenueType
from sync.contract.trust.directory import Directory
from tenant_service.activities import service as activities
from tenant_service.attendance import service as attendance
from tenant_service.attendance.service import Invited
from tenant_service.exchange.outbox import ExchangeOutbox
from tenant_service.identity import accounts, passwords
from tenant_service.identity.actor import Actor
from tenant_service.identity.keys import keys_in
from tenant_service.identity.policy import Role
from tenant_service.members import body_service, unit_service
from tenant_service.members import membership_service as memberships
from tenant_service.members import service as members
from tenant_service.members.body_service import BodyDraft
from tenant_service.members.membership_service import MembershipDraft
from tenant_service.members.service import PersonDraft
from tenant_service.members.unit_service import UnitDraft
from tenant_service.performance import scheme_service as schemes
from tenant_service.storage.engine import open_engine
from tenant_service.storage.migrate import migrate
from tenant_service.storage.unit_of_work import Unit, Units
from tenant_service.venues import service as venues
from tenant_service.venues.service import Draft, Space

PASSWORD = "liandong-demo"  # noqa: S105 — everybody may know it: the demo signs anybody in as anybody
DAYS = 365
"""The window that the figures are dated into: the days before today."""
_OPEN = [Share(Scope.OPEN)]
_SUGGESTIONS = {"330127": 512}
"""Chun'an: 46 sessions, over 500 suggestions (seed fact 27)."""
_EACH_TOWN_HAS = (VenueKind.HALL, VenueKind.STUDIO, VenueKind.CONTACT_POINT)
_COMING = (("委员进社区接待日", 12), ("重点提案督办视察", 20), ("内部工作碰头会", None))
"""Title, places."""

ROLES = (
    Role.CLERK, Role.SECRETARY, Role.MEMBER, Role.CHAIR, Role.STREET, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN,
    Role.AUDIT_ADMIN,
)  # fmt: skip


@dataclass(frozen=True)
class Works:
    """Somebody who works for a body of the committee's list and has an account here; `body` without the place."""

    username: str
    role: Role
    body: str
    kind: BodyKind = BodyKind.DEPARTMENT

    def body_at(self, place: Place) -> str:
        return place.name.removesuffix("政协") + self.body


FOR_BODIES = (
    Works("coordinator", Role.COORDINATOR, "政府办公室督查室", BodyKind.PARTY_GOVERNMENT),
    Works("department", Role.DEPARTMENT, "住房和城乡建设局"),
    Works("department-edu", Role.DEPARTMENT, "教育局"),
    Works("department-civil", Role.DEPARTMENT, "民政局"),
)
"""交办单位 and 承办单位: who assigns, and who handles what is assigned."""


@dataclass
class Office:
    """A committee being filled: who works there, its people, towns and halls."""

    unit: Unit
    directory: Directory
    place: Place
    words: Words
    today: dt.date
    clerk: Actor
    secretary: Actor
    of_bodies: dict[str, Actor]
    """Who works for each of these bodies, by its id."""
    people: list[Invited]
    towns: list[tuple[str, str]]
    """Id and name, of halls as well."""
    halls: list[tuple[str, str]]
    bodies: list[str]
    """Handling departments, by id."""
    coordinator: str
    """The office that assigns, by id."""

    @property
    def mechanism(self) -> str | None:
        """The first that the committee is a member of."""
        found = (id for id, each in self.directory.mechanisms.items() if self.place.id in each.members)
        return next(found, None)

    @property
    def upward(self) -> list[Share]:
        return [Share(Scope.PARENT)] if self.place.parent else []


def seed(layout: Layout, place: Place, directory: Directory, today: dt.date) -> None:
    """The committee has accounts, people, towns, venues and a year of sessions.

    A database that was filled by half has another name, so that it is never taken for a whole one.
    """
    filling = layout.database(place.id).with_suffix(".filling")
    for each in filling.parent.glob(f"{filling.name}*"):
        each.unlink()
    engine = open_engine(f"sqlite:///{filling}")
    migrate(engine)
    keys = keys_in(layout.committee(place.id) / "keys")
    units = Units(engine, place.id, ExchangeOutbox(Trust(place.id, directory, keys.event, [keys.enc])))
    with units.write() as unit:
        office = _open_office(unit, directory, place, today)
        _venues(office)
        _sessions(office)
        _coming(office)
        _matters(office)
        unit.now = units.clock()  # what is told is told now, whatever it is about
    engine.dispose()
    filling.rename(layout.database(place.id))


def _open_office(unit: Unit, directory: Directory, place: Place, today: dt.date) -> Office:
    words = Words(place.id)
    unit.now = _moment(today - dt.timedelta(days=DAYS + 30), 9)
    console = accounts.founder(place.id)
    digest = passwords.hashed(PASSWORD)

    def opened(username: str, name: str, role: Role, **of: str) -> Actor:
        draft = accounts.Draft(username, name, frozenset({role}), **of)
        return accounts.create(unit, console, draft, digest, must_change=False).actor(place.id)

    named = [role for role in ROLES if role is not Role.MEMBER]
    office = {role: opened(role.value, f"{place.short_name}{role.label}", role) for role in named}
    clerk, secretary = office[Role.CLERK], office[Role.SECRETARY]
    people = _people(unit, clerk, words, place)
    opened(Role.MEMBER.value, people[0].name, Role.MEMBER, person=people[0].id)
    bodies: dict[Role, list[str]] = defaultdict(list)
    of_bodies: dict[str, Actor] = {}
    for number, each in enumerate(FOR_BODIES):
        told = BodyDraft(
            each.body_at(place), each.kind, each.role is Role.COORDINATOR, "值班室", f"0571-8500{1000 + number}",
        )  # fmt: skip
        body = body_service.add_body(unit, clerk, told)
        name = f"{place.short_name}{each.body}联系人"
        of_bodies[body.id] = opened(each.username, name, each.role, body=body.id)
        bodies[each.role].append(body.id)
    towns = [
        (str(unit_service.add_unit(unit, clerk, directory, UnitDraft(name, UnitKind.TOWN), []).id), name)
        for name in words.towns(place.towns)
    ]
    [coordinator] = bodies[Role.COORDINATOR]
    return Office(
        unit, directory, place, words, today, clerk, secretary, of_bodies, people, towns, [], bodies[Role.DEPARTMENT],
        coordinator,
    )  # fmt: skip


def _people(unit: Unit, clerk: Actor, words: Words, place: Place) -> list[Invited]:
    """Members with a seat, in sectors; the first of them has the demo's member account."""
    found: list[Invited] = []
    decision = memberships.Decision(f"{place.short_name}政协十届一次全会", dt.date(2022, 1, 12))
    for number, name in enumerate(words.people(24), 1):
        draft = PersonDraft(name, birth_month=f"{1960 + number}-{number % 12 + 1:02d}", roster_no=f"{number:03d}")
        person = members.add_person(unit, clerk, draft)
        seat = memberships.propose(
            unit, clerk, MembershipDraft(MembershipKind.MEMBER, person_id=person.id, title="委员", term=10)
        )
        memberships.confirm(unit, clerk, seat.id, decision)
        found.append(Invited(person.id, name))
    return found


def _venues(office: Office) -> None:
    """三位一体: each town has a hall, a studio and a contact point (seed fact 26); the city its practice centre."""
    unit, place = office.unit, office.place
    opened = office.today - dt.timedelta(days=DAYS + 20)
    if place.id == "330100":
        centre = Draft(
            "新时代协商民主实践中心", VenueKind.PRACTICE_CENTRE, "演示路1号", opened_on=opened,
            spaces=(Space("请你来协商区", 120), Space("界别小组室", 20), Space("委员履职室", 20)),
        )  # fmt: skip
        venues.add(unit, office.clerk, office.directory, centre, _OPEN)
    for number, (town, name) in enumerate(office.towns):
        for kind in _EACH_TOWN_HAS:
            draft = Draft(
                f"{name}{kind.label.partition('（')[0]}", kind, f"{name}演示路{number + 1}号", area=name, area_id=town,
                opened_on=opened, type=office.words.luck.choice([*VenueType, None]),
                spaces=(Space("议事厅", 40),) if kind is VenueKind.HALL else (), contact_name="演示联络员",
            )  # fmt: skip
            made = venues.add(unit, office.clerk, office.directory, draft, _OPEN)
            if kind is VenueKind.HALL:
                office.halls.append((made.id, made.name))


def _sessions(office: Office) -> None:
    """Every session of the window, with its list of names and its suggestions."""
    place, words = office.place, office.words
    if not place.sessions:
        return
    kind = ActivityKind.MICRO_CONSULTATION if place.member_times else ActivityKind.HALL_SESSION
    times = words.shares(place.member_times, place.sessions) if place.member_times else [4] * place.sessions
    total = _SUGGESTIONS.get(place.id)
    advice = words.shares(total, place.sessions) if total else [words.luck.randrange(1, 4) for _ in times]
    days = sorted(words.luck.randrange(1, DAYS) for _ in times)
    leaders = set(words.luck.sample(range(place.sessions), place.with_leader))
    for number, (day, members_present, suggestions) in enumerate(zip(reversed(days), times, advice, strict=True)):
        under = office.mechanism if number % 2 else None
        _session(office, kind, day, members_present, suggestions, under, leader=number in leaders)


def _session(
    office: Office, kind: ActivityKind, days_ago: int, present: int, advice: int, mechanism: str | None, *,
    leader: bool,
) -> None:  # fmt: skip
    unit, words = office.unit, office.words
    starts = _moment(office.today - dt.timedelta(days=days_ago), words.luck.choice([9, 14, 19]))
    hall, name = words.luck.choice(office.halls)
    matter = words.matter()
    draft = activities.Draft(
        f"“{matter}”协商会", kind, starts, name, organizer="提案和委员工作委员会", venue_id=hall,
        ends_at=starts + dt.timedelta(hours=2), mechanism_id=mechanism,
    )  # fmt: skip
    unit.now = starts - dt.timedelta(days=5)
    shares = [*office.upward, *([Share(Scope.MECHANISM, mechanism)] if mechanism else ())]
    id = activities.draft(unit, office.clerk, office.directory, draft, shares).id
    activities.submit(unit, office.clerk, id)
    activities.sign_off(unit, office.secretary, id, unclassified=True)
    unit.now = starts + dt.timedelta(hours=3)
    guests = words.luck.sample(office.people, min(present, len(office.people)))
    attendance.enter_list(unit, office.clerk, id, guests)
    report = activities.Report(
        headcount=words.luck.randrange(8, 40), leader_present=leader, suggestions=words.advice(matter, advice),
        text=f"围绕“{matter}”协商，达成共识{advice}条。",
    )  # fmt: skip
    unit.now += dt.timedelta(days=1)
    attendance.close(unit, office.clerk, id, report)


def _coming(office: Office) -> None:
    """What is still to come: one to sign up for, one waiting to be signed, one draft that stays private."""
    unit, words = office.unit, office.words
    unit.now = _moment(office.today - dt.timedelta(days=2), 10)
    hall, name = office.halls[0] if office.halls else (None, "机关会议室")
    for number, (title, capacity) in enumerate(_COMING):
        starts = _moment(office.today + dt.timedelta(days=5 + 3 * number), 14)
        matter = words.matter()
        draft = activities.Draft(
            f"{title}：{matter}" if capacity else title, ActivityKind.INSPECTION if number else ActivityKind.RECEPTION,
            starts, name, organizer="办公室", venue_id=hall, capacity=capacity,
            ends_at=starts + dt.timedelta(hours=2), sign_up_until=starts - dt.timedelta(hours=1) if capacity else None,
        )  # fmt: skip
        shares = [*office.upward, *_OPEN] if number == 0 else office.upward if number == 1 else []
        id = activities.draft(unit, office.clerk, office.directory, draft, shares).id
        if number < 2:  # noqa: PLR2004 — the third stays a draft
            activities.submit(unit, office.clerk, id)
        if number == 0:
            activities.sign_off(unit, office.secretary, id, unclassified=True)


def _matters(office: Office) -> None:
    """What people reported, and what became of it; drawn by words of its own, so that all else stays as it was."""
    words = Words(f"{office.place.id}-topics")
    desk = Desk(
        office.unit, office.directory, words, office.today, office.clerk, office.secretary, office.of_bodies,
        office.towns, office.halls, office.bodies, office.coordinator, office.upward,
        may_hold=office.mechanism is not None,
    )  # fmt: skip
    lists.fill(desk, matters.fill(desk), 35)
    oversight.fill(desk, office.people)
    _scheme(desk)


def _scheme(desk: Desk) -> None:
    """This year members are assessed by a scheme that came with the product."""
    unit = desk.at(30)
    scheme = schemes.adopt(unit, desk.clerk, "meetings_and_words", desk.today.year).id
    schemes.enact(unit, desk.secretary, scheme, unclassified=True)


def _moment(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), SHANGHAI)
