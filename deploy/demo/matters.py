"""Topics of the demo: at every committee some that wait, some under way, some answered, by the office's own use cases.

People, words and streets are invented; so are the answers.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from deploy.demo.words import Words
from sync.contract.channels import Scope, Share
from sync.contract.instants import SHANGHAI
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.procedures import Need
from sync.contract.shapes.topics import ReturnReason, TopicCategory, TopicSource
from sync.contract.trust.directory import Directory
from tenant_service.activities import backfill_service
from tenant_service.activities import service as activities
from tenant_service.identity.actor import Actor
from tenant_service.procedures import service as procedures
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import handling_service as handling
from tenant_service.topics import routing_service, screening_service, service
from tenant_service.topics.descriptions import Described, Plan, Report

_OPEN = Share(Scope.OPEN)


@dataclass(frozen=True)
class Matter:
    """One thing that somebody reports: what, of which kind, in which words, and what was answered."""

    title: str
    source: TopicSource
    category: TopicCategory
    words: str
    answer: str = ""


_PUBLIC, _MEMBER, _FIRM = TopicSource.PUBLIC, TopicSource.MEMBER, TopicSource.ENTERPRISE
LIFTS = Matter("老旧小区加装电梯意见统一难", _PUBLIC, TopicCategory.HOUSING,
               "我们楼六层，老人下不了楼，一楼两户不同意，装电梯谈了一年没结果。",
               "已由街道牵头组建楼道议事小组，两个单元达成一致，列入今年加装计划。")  # fmt: skip
LIFTS_AGAIN = Matter("某小区加装电梯", _PUBLIC, TopicCategory.HOUSING, "隔壁小区都装电梯了，我们什么时候能装？")
PARKING = Matter("背街小巷晚间停车难", _PUBLIC, TopicCategory.TRANSPORT, "晚上七点以后巷子里停满了车，消防车进不来。",
                 "新划夜间限时车位六十个，机关停车场晚间开放。")  # fmt: skip
MEALS = Matter("养老助餐点布局", _MEMBER, TopicCategory.ELDERLY, "偏远村没有助餐点，建议与村卫生室合用场地。")
BUS = Matter("园区公交线路与班次", _FIRM, TopicCategory.BUSINESS, "园区员工下夜班没有公交，招工难。",
             "夜班公交已开通，末班延至二十三时。")  # fmt: skip
LIGHTS = Matter("村道路灯", _PUBLIC, TopicCategory.AGRICULTURE, "两个自然村之间没有路灯，晚上走路不安全。")
WATER = Matter("河道清淤与亲水步道", TopicSource.OPEN_CALL, TopicCategory.ENVIRONMENT, "河边步道断头，夏天有异味。")
NOISE = Matter("邻居噪声纠纷", _PUBLIC, TopicCategory.COMMUNITY, "楼上半夜拖桌子，请你们处理他。")


@dataclass
class Desk:
    """Where topics are entered: who acts, at which halls, about which towns."""

    unit: Unit
    directory: Directory
    words: Words
    today: dt.date
    clerk: Actor
    secretary: Actor
    of_bodies: dict[str, Actor]
    """Who works for each body, by its id."""
    towns: list[tuple[str, str]]
    halls: list[tuple[str, str]]
    bodies: list[str]
    coordinator: str
    upward: list[Share]
    may_hold: bool
    """Whether sessions may be added; where the scene's totals are told in the press, there are exactly those."""

    def at(self, days_ago: int, hour: int = 10) -> Unit:
        """The unit, with the clock so many days before today."""
        self.unit.now = dt.datetime.combine(self.today - dt.timedelta(days=days_ago), dt.time(hour), SHANGHAI)
        return self.unit

    def raised(self, matter: Matter, days_ago: int) -> str:
        """What somebody came with, at one of the halls where there are any."""
        hall = self.words.luck.choice(self.halls)[0] if self.halls else None
        [name] = self.words.people(1)
        phone = f"1380000{self.words.luck.randrange(10_000):04d}"
        told, report = Described(matter.title, None, matter.category), Report(matter.words, None, name, phone)
        return service.register(self.at(days_ago), self.clerk, matter.source, told, report, hall).id

    def accepted(self, matter: Matter, days_ago: int) -> str:
        id = self.raised(matter, days_ago)
        town = self.words.luck.choice(self.towns)[0] if self.towns else None
        told = Described(matter.title, f"{matter.words}请研究。", matter.category, town)
        screening_service.accept(self.at(days_ago - 2), self.clerk, id, told)
        return id

    def selected(self, matter: Matter, days_ago: int) -> str:
        id = self.accepted(matter, days_ago)
        screening_service.store(self.at(days_ago - 4), self.clerk, id, matter.category)
        unit = self.at(days_ago - 20)
        day = self.today - dt.timedelta(days=days_ago - 20)
        handling.select(unit, self.clerk, id, Plan("主席会议", day, day.year, "民生实事"))
        return id

    def resolved(self, matter: Matter, days_ago: int) -> str:
        id = self.accepted(matter, days_ago)
        handling.handle(self.at(days_ago - 5), self.clerk, id)
        handling.write_note(self.at(days_ago - 15), self.clerk, id, "已与主管部门现场商定。")
        handling.resolve(self.at(days_ago - 30), self.clerk, id, matter.answer)
        return id

    def answered(self, matter: Matter, days_ago: int) -> str:
        id = self.resolved(matter, days_ago)
        service.share(self.at(days_ago - 31), self.secretary, self.directory, id, [*self.upward, _OPEN])
        handling.answer(self.unit, self.secretary, id, unclassified=True)
        return id


def fill(desk: Desk) -> str:
    """The committee has a procedure in force, rules of routing, and topics at every stage; the id of the one under way,
    for some 30 days.
    """
    procedure = _in_force(desk)
    for category, body in zip((TopicCategory.HOUSING, TopicCategory.EDUCATION, None), desk.bodies, strict=False):
        routing_service.add_route(desk.at(360), desk.clerk, category, None, body)
    lifts = desk.answered(LIFTS, 120)
    again = desk.raised(LIFTS_AGAIN, 60)
    screening_service.merge(desk.at(58), desk.clerk, again, lifts, "与已答复议题为同一类事项")
    desk.answered(BUS, 75)
    desk.resolved(PARKING, 40)
    refused = desk.raised(NOISE, 25)
    screening_service.turn_down(desk.at(24), desk.clerk, refused, ReturnReason.HOTLINE, "请拨打12345或向社区反映")
    under_way = _under_way(desk, WATER, procedure)
    desk.selected(MEALS, 50)
    stored = desk.accepted(LIGHTS, 15)
    screening_service.store(desk.at(10), desk.clerk, stored, TopicCategory.AGRICULTURE)
    desk.raised(LIFTS_AGAIN, 1)
    return under_way


def _in_force(desk: Desk) -> str:
    """四三三, as it comes with the product."""
    id = procedures.adopt_shipped(desk.at(365), desk.clerk, "433").id
    return procedures.enact(desk.unit, desk.secretary, id, unclassified=True).id


def _under_way(desk: Desk, matter: Matter, procedure: str) -> str:
    """One that waits for its research (不调研不协商), or whose session was held and whose list is to be written."""
    id = desk.selected(matter, 70)
    acts: tuple[Callable[[Unit], object], ...] = (
        lambda unit: handling.begin(unit, desk.clerk, id, procedure),
        lambda unit: handling.advance(unit, desk.clerk, id),
        lambda unit: handling.prove(
            unit, desk.clerk, id, Need.PLAN, desk.today - dt.timedelta(days=46), "协商工作方案"
        ),
        lambda unit: handling.advance(unit, desk.clerk, id),
    )
    for number, act in enumerate(acts):
        act(desk.at(49 - 2 * number))
    if desk.may_hold:
        _held(desk, id, ActivityKind.RESEARCH, f"{matter.title}调研", 41)
        handling.advance(desk.at(39), desk.clerk, id)
        _held(desk, id, ActivityKind.HALL_SESSION, f"“{matter.title}”协商会", 37)
    service.share(desk.unit, desk.secretary, desk.directory, id, [*desk.upward, _OPEN])
    return id


def _held(desk: Desk, topic: str, kind: ActivityKind, title: str, days_ago: int) -> None:
    """An activity about the topic, entered the day after."""
    unit = desk.at(days_ago - 1)
    began = unit.now - dt.timedelta(days=1)
    told = activities.Draft(
        title, kind, began, "河道沿线", "提案和委员工作委员会", ends_at=began + dt.timedelta(hours=2)
    )
    report = activities.Report(headcount=12, leader_present=False, text=f"{title}，记录见附件。")
    id = backfill_service.backfill(unit, desk.clerk, desk.directory, told, report, "当日现场无网络", desk.upward).id
    activities.sign_off(unit, desk.secretary, id, unclassified=True)
    handling.hold(unit, desk.clerk, topic, id)


def tracked(desk: Desk, topic: str, days_ago: int) -> None:
    """现场协商 and 报送成果 lie behind it: what is on its list is handed over, and it stands at 跟踪落实."""
    if not desk.may_hold:
        return
    handling.advance(desk.at(days_ago), desk.clerk, topic)
    reported = desk.today - dt.timedelta(days=days_ago - 1)
    handling.prove(desk.at(days_ago - 1), desk.clerk, topic, Need.REPORT, reported, "协商成果报告")
    handling.advance(desk.unit, desk.clerk, topic)
