"""三张清单 of the demo: suggestions of one topic, of which one is carried out, one replied to, one late and one new.

Streets, people and phone numbers are invented.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from deploy.demo.matters import Desk, tracked
from sync.contract.shapes.items import AssignmentRole, ItemKind, ReplyClass, Satisfaction
from tenant_service.assignments import handing_over_service as over
from tenant_service.assignments import handling_service as handling
from tenant_service.assignments import service
from tenant_service.assignments.descriptions import Draft, Reply
from tenant_service.assignments.rules import Part
from tenant_service.settings import Periods
from tenant_service.storage.unit_of_work import Unit

TERMS = Periods()
SUGGESTIONS = (
    "对断头的二百米步道开展贯通设计", "汛期前完成河道清淤", "在沿河栈道加装夜间照明", "设立河道长效管护公示牌",
    "增设亲水平台护栏",
)  # fmt: skip
DREDGED = Reply("河道清淤已完成，共清出淤泥一千二百方，现场已拍照。", ReplyClass.SOLVED, "周科长", "13800002101")
PLANNED = Reply("照明列入明年一季度实施计划，资金已落实。", ReplyClass.PLANNED, "吴科长", "13800002102")


@dataclass
class Lists:
    """The list of one record: since how many days, and what stands on it."""

    desk: Desk
    of_id: str
    days_ago: int
    kind: ItemKind = ItemKind.SUGGESTION

    def do(self, days_later: int, act: Callable[[Unit], object]) -> None:
        act(self.desk.at(self.days_ago - days_later))

    def proposed(self, text: str, days_later: int = 0) -> str:
        desk, unit = self.desk, self.desk.at(self.days_ago - days_later)
        return service.propose(unit, desk.clerk, desk.directory, self.of_id, Draft(self.kind, text), desk.upward).id

    def agreed(self, text: str) -> str:
        id = self.proposed(text)
        self.do(1, lambda unit: service.agree(unit, self.desk.secretary, id, unclassified=True))
        return id

    def assigned(self, text: str, body: str, due_in: int) -> str:
        """The office forwarded it, and the 督查室 named a body and a day so many days behind that."""
        desk, item = self.desk, self.agreed(text)
        unit = desk.at(self.days_ago - 2)
        forwarded = over.forward(unit, desk.clerk, item, desk.coordinator).id
        due = unit.now.date() + dt.timedelta(days=due_in)
        made = over.assign(
            unit, desk.of_bodies[desk.coordinator], TERMS, forwarded,
            [Part(body, AssignmentRole.LEAD, due)], "请于期限内办理并反馈。",
        )  # fmt: skip
        return made[0].id

    def accepted(self, text: str, body: str, due_in: int) -> str:
        id = self.assigned(text, body, due_in)
        self.do(4, lambda unit: handling.accept(unit, self.desk.of_bodies[body], id))
        return id

    def replied(self, text: str, body: str, due_in: int, reply: Reply) -> str:
        id = self.accepted(text, body, due_in)
        self.do(16, lambda unit: handling.reply(unit, self.desk.of_bodies[body], id, reply))
        return id

    def closed(self, text: str, body: str, due_in: int, reply: Reply) -> None:
        """The office had a look, and whoever signs closed it."""
        desk, id = self.desk, self.replied(text, body, due_in, reply)
        self.do(18, lambda unit: handling.verify(unit, desk.clerk, id, "已到现场查看"))
        self.do(
            19, lambda unit: handling.close(unit, desk.secretary, id, Satisfaction.SATISFIED, unclassified=True)
        )  # fmt: skip


def fill(desk: Desk, topic: str, days_ago: int) -> None:
    """The topic, which is under way since then at least, has a list with an entry at every stage."""
    lists = Lists(desk, topic, days_ago)
    first, second = desk.bodies[:2]
    lists.closed(SUGGESTIONS[1], first, 40, DREDGED)
    lists.replied(SUGGESTIONS[2], second, 40, PLANNED)
    lists.accepted(SUGGESTIONS[0], first, days_ago - 8)  # late by some days
    lists.assigned(SUGGESTIONS[4], first, 60)
    tracked(desk, topic, days_ago - 5)
    lists.proposed(SUGGESTIONS[3], days_ago - 1)
