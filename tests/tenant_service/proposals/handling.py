"""A filed proposal is handed over, handled by a bureau, answered by letter, and said what its proposers think of it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from sync.contract.instants import day_of
from sync.contract.shapes.items import AssignmentRole, ItemKind, ReplyClass, Satisfaction
from tenant_service.assignments import handing_over_service as over
from tenant_service.assignments import handling_queries, proposal_queries, proposal_service
from tenant_service.assignments import handling_service as handling
from tenant_service.assignments import service as items
from tenant_service.assignments.descriptions import Draft, Letter, Reply
from tenant_service.assignments.models import AssignmentRow
from tenant_service.assignments.rules import Part, TalkedBy
from tenant_service.identity.actor import Actor
from tenant_service.proposals import rating_service
from tenant_service.proposals.rating_service import Rating
from tenant_service.settings import Filing, Periods
from tenant_service.storage.unit_of_work import Unit
from tests.tenant_service import places
from tests.tenant_service.assignments.office import Office as Bodies
from tests.tenant_service.proposals.office import Office

T = TypeVar("T")
GOOD, FAIR, BAD = Satisfaction.SATISFIED, Satisfaction.BASICALLY, Satisfaction.DISSATISFIED
FOUR = Filing(stages=("交办", "办理", "答复", "征询意见"))
LETTER = Letter("嘉建提〔2026〕1号", "钱局长", TalkedBy.IN_PERSON, places.SPRING.date(), is_open=True)
ANSWER = Reply("已统一技术标准，建成电梯12部。", ReplyClass.SOLVED, "周科长", "13800001234", LETTER)
PLANS = replace(ANSWER, text="列入明年计划。", kind=ReplyClass.PLANNED)


@dataclass
class Handling:
    """The office with bodies: a desk that assigns, and bureaus that handle."""

    office: Office
    bodies: Bodies = field(init=False)

    def __post_init__(self) -> None:
        self.bodies = Bodies.at(self.office.units)

    def do(self, act: Callable[[Unit], T]) -> T:
        return self.office.do(act)

    def handed(self, id: str, *parts: Part) -> list[str]:
        """Forwarded to the desk and assigned: to the bureau alone, if nobody is named."""
        made = self.do(lambda unit: proposal_service.hand_over(unit, self.office.clerk, id, self.bodies.desk)).id
        given = parts or (Part(self.bodies.bureau, AssignmentRole.LEAD),)
        terms = Periods()
        return [
            each.id for each in self.do(lambda unit: over.assign(unit, self.bodies.coordinator, terms, made, given))
        ]

    def answered(self, assignment: str, reply: Reply = ANSWER) -> None:
        """Accepted, answered by letter, verified and closed."""
        who = self.bodies.of(assignment)
        row = self.row(assignment)
        if row.state.value in ("ASSIGNED", "REASSIGNED"):
            self.do(lambda unit: handling.accept(unit, who, assignment))
        today = self.do(lambda unit: day_of(unit.now))
        letter = replace(reply.letter, talked_on=today) if reply.letter else None
        self.do(lambda unit: handling.reply(unit, who, assignment, replace(reply, letter=letter)))
        self.bodies.closed(assignment)

    def of(self, id: str) -> str:
        """The one assignment of a proposal."""
        with self.office.units.read() as unit:
            item = proposal_queries.item_of(unit.session, id)
            [found] = handling_queries.of_item(unit.session, item or "")
        return found.id

    def row(self, assignment: str) -> AssignmentRow:
        with self.office.units.read() as unit:
            return handling_queries.ours(unit.session, assignment)

    def commits(self, id: str, text: str) -> str:
        """承诺事项 on the proposal's list, agreed."""
        draft = Draft(ItemKind.COMMITMENT, text)
        made = self.do(lambda unit: items.propose(unit, self.office.clerk, places.directory(), id, draft, [])).id
        self.do(lambda unit: items.agree(unit, self.office.secretary, made, unclassified=True))
        return made

    def kept(self, item: str) -> None:
        """The commitment is handled and done."""
        [assignment] = self.bodies.in_progress(item)
        self.bodies.replied(assignment)
        self.bodies.closed(assignment)

    def rates(self, who: Actor, id: str, stage: int, said: Satisfaction = GOOD, because: str | None = None) -> None:
        self.do(lambda unit: rating_service.rate(unit, who, id, Rating(stage, said, said, because)))

    def again(self, id: str) -> None:
        """A second round begins, and the desk takes the bureau's part up."""
        self.do(lambda unit: proposal_service.begin_second(unit, self.office.secretary, id, "提案人不满意"))
        with self.office.units.read() as unit:
            item = proposal_queries.item_of(unit.session, id)
            rows = [each.id for each in handling_queries.of_item(unit.session, item or "")]
        due = self.do(lambda unit: day_of(unit.now)) + dt.timedelta(days=30)
        for each in rows:
            self.do(lambda unit, each=each: over.reopen(unit, self.bodies.coordinator, Periods(), each, due, None))  # type: ignore[misc]
