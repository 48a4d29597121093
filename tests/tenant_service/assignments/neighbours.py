"""Jiashan hands over to a bureau of Qingpu's list, and Qingpu's people handle it: two databases, and only pages travel.

The line is cut until `carry` or `settle` is called.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Engine

from sync.bus.trust import Trust
from sync.contract.channels import Scope, Share
from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id
from sync.contract.shapes.members import BodyKind
from sync.contract.shapes.requests import RequestKind, RequestState
from tenant_service.assignments import handing_over_service as over
from tenant_service.assignments import inbox_queries as inbox
from tenant_service.assignments import inbox_service as service
from tenant_service.assignments.models import AssignmentRow, HandoverRow, SeenHandoverRow
from tenant_service.assignments.rules import Part
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.members import body_service, offer_service
from tenant_service.members.body_service import BodyDraft
from tenant_service.requests import service as requests
from tenant_service.requests.models import IncomingRow, RequestRow
from tenant_service.rooms import HANDLERS, RECOVERIES, projections
from tenant_service.storage.engine import open_engine
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service import places
from tests.tenant_service.assignments.office import LEAD, SOLVED, TERMS, Office
from tests.tenant_service.exchange.committees import Committee, carry
from tests.tenant_service.told import told

T = TypeVar("T")
DELTA = Share(Scope.MECHANISM, Id(places.DELTA))


@dataclass
class World:
    """What a `Committee` needs of one, of the rooms' small federation."""

    clock: places.Clock

    def trust(self, id: str) -> Trust:
        return places.trust(id)


@dataclass
class Neighbours:
    """`office` is Jiashan's; `water` and `parks` are bureaus of Qingpu's list, each with a contact there."""

    office: Office
    here: Committee
    there: Committee
    clock: places.Clock
    water: str = ""
    parks: str = ""
    clerk: Actor = field(default_factory=lambda: places.staff(places.QINGPU, Role.CLERK))

    def __post_init__(self) -> None:
        self.water, self.parks = self._body("水务局"), self._body("园林局")
        self.offer(self.water, DELTA)

    def _body(self, name: str) -> str:
        draft = BodyDraft(name, BodyKind.DEPARTMENT)
        return self.at_home(lambda unit: body_service.add_body(unit, self.clerk, draft)).id

    def offer(self, body: str, *shares: Share) -> None:
        self.at_home(lambda unit: offer_service.offer(unit, self.clerk, places.directory(), body, shares))
        self.carry()

    # ── acts and the line ──

    def at_home(self, act: Callable[[Unit], T]) -> T:
        with self.there.units.write() as unit:
            return act(unit)

    def carry(self) -> None:
        carry(self.there, self.here)
        carry(self.here, self.there)

    def settle(self) -> None:
        """The line is there: everything is carried, answered, and carried back."""
        self.carry()
        while requests.answer_next(self.here.units, HANDLERS):
            pass
        self.carry()

    def handed_over(self, body: str | None = None) -> tuple[str, str]:
        """An assignment that this bureau has, and the handover in its inbox, which has come."""
        [id] = self.office.assigned(self.office.agreed(self.office.campaign()), Part(body or self.water, LEAD))
        self.carry()
        return id, self.handover_of(id)

    def handover_of(self, assignment: str) -> str:
        found: list[str] = [row.id for row in self.here.rows(HandoverRow) if row.assignment_id == assignment]
        return found[-1]

    def contact(self, body: str | None = None) -> Actor:
        return places.staff(places.QINGPU, Role.DEPARTMENT, sub=f"contact-{body}", body=body or self.water)

    def accept(self, id: str) -> str:
        return self.at_home(lambda unit: service.accept(unit, self.contact(), HANDLERS, id)).id

    def reply(self, id: str) -> str:
        made = self.at_home(
            lambda unit: service.reply(unit, self.contact(), HANDLERS, id, SOLVED, document_no="青水〔2026〕8号")
        )
        return made.id

    def ask_to_return(self, id: str, why: str = "不属本局职责") -> str:
        return self.at_home(lambda unit: service.ask_to_return(unit, self.contact(), HANDLERS, id, why, "市政局")).id

    def reassigned(self, assignment: str, to: str) -> None:
        self.office.do(lambda unit: over.reassign(unit, self.office.coordinator, TERMS, assignment, to))

    # ── what stands ──

    def row(self, assignment: str) -> AssignmentRow:
        return self.office.row(assignment)

    def seen(self, id: str) -> SeenHandoverRow:
        [row] = [each for each in self.there.rows(SeenHandoverRow) if each.id == id]
        assert isinstance(row, SeenHandoverRow)
        return row

    def inbox_of(self, actor: Actor) -> list[str]:
        with self.there.units.read() as unit:
            page = inbox.listed(unit.session, actor, inbox.Wanted(), "DUE_ON_ASC", 20, None)
            return [each.id for each in page.rows]

    def asked(self, request: str) -> tuple[RequestState, str | None]:
        """Where what was asked stands at home, and by which code it was refused."""
        [row] = [each for each in self.there.rows(RequestRow) if each.id == request]
        return row.state, row.code

    def stands(self, assignment: str) -> object:
        """Everything here that an act on it could change, besides the request itself and its answer."""
        kinds = (f".{kind}." for kind in ("assignment", "handover", "item"))
        heard = [event for event in told(self.here.units) if any(kind in event.record for kind in kinds)]
        handovers = [_columns(row) for row in self.here.rows(HandoverRow)]
        return self.office.stands(assignment), handovers, heard

    def asks(self, by: str, subject: str, **told_: object) -> IncomingRow:
        """What comes of a request that no page of ours would send: of any committee, about anything."""
        number = len(self.here.rows(IncomingRow)) + 1
        given: dict[str, object] = {"asked_at": self.clock.now} | told_
        row = IncomingRow(
            **given, id=f"{by}.request.{number:032x}", committee_id=by, to_id=places.JIASHAN, kind=RequestKind.HANDLE,
            subject_id=subject, state=RequestState.QUEUED, arrived_at=self.clock.now, tries=0,
        )  # fmt: skip
        with self.here.units.write() as unit:
            unit.session.add(row)
        while requests.answer_next(self.here.units, HANDLERS):
            pass
        [found] = [each for each in self.here.rows(IncomingRow) if each.id == row.id]
        assert isinstance(found, IncomingRow)
        return found

    def refused_at_home(self, code: Code, act: Callable[[Unit], object]) -> None:
        """Nothing is asked then."""
        before = len(self.there.rows(RequestRow))
        with pytest.raises(Refusal) as refusal:
            self.at_home(act)
        assert (refusal.value.code, len(self.there.rows(RequestRow))) == (code, before)


def _columns(row: HandoverRow) -> dict[str, object]:
    return {column.key: getattr(row, column.key) for column in HandoverRow.__table__.columns}


def opened(engine: Engine, units: Units, clock: places.Clock, folder: Path) -> Iterator[Neighbours]:
    beside = open_engine(f"sqlite:///{folder / 'qingpu.db'}")
    shown = projections(places.directory)
    here, there = (
        Committee(World(clock), id, of, shown, RECOVERIES)  # type: ignore[arg-type]
        for id, of in ((places.JIASHAN, engine), (places.QINGPU, beside))
    )
    yield Neighbours(Office.at(units), here, there, clock)
    beside.dispose()
