"""Requests and answers across a restored backup, at home and at the host: none is lost, and none is answered twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData

from sync.contract.channels import log_of
from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id
from sync.contract.shapes.requests import RequestKind, RequestRecord, RequestState
from tenant_service.exchange.answering import Waiting
from tenant_service.exchange.copies import Projections
from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring.recovering import Recoveries
from tenant_service.identity.policy import Role
from tenant_service.requests import queries, service
from tenant_service.requests.models import EarlyAnswerRow, IncomingRow, RequestRow
from tenant_service.requests.recovery import recover_answer, recover_request
from tenant_service.requests.service import Asked
from tenant_service.storage.engine import open_engine
from tenant_service.storage.unit_of_work import Unit
from tests.tenant_service.exchange.committees import COUNTY, PARTNER, Committee, World, carry
from tests.tenant_service.places import staff
from tests.tenant_service.restores import Backup, Restore

PROJECTIONS: Projections = {"request": service.project_request, "answer": service.project_answer}
RECOVERIES: Recoveries = {"answer": recover_answer, "request": recover_request}
ABOUT = f"{COUNTY}.activity.{'7' * 32}"
RESULT = Id(f"{COUNTY}.participation.{'8' * 32}")
PERSON = f"{PARTNER}.person.{'9' * 32}"
CLERK = staff(PARTNER, Role.CLERK)


class Pair:
    """`home` asks, `host` answers."""

    def __init__(self, world: World, home: Committee, host: Committee, tables: MetaData) -> None:
        self.world, self.home, self.host, self.tables = world, home, host, tables
        self.handled = list[str]()

    def ask(self) -> str:
        asked = Asked(RequestKind.LEAVE, ABOUT, PERSON, "王一", "出差", "OFFICIAL")
        with self.home.units.write() as unit:
            return service.send(unit, CLERK, {}, asked).id

    def carry(self) -> None:
        carry(self.home, self.host)
        carry(self.host, self.home)

    def answer(self, *, waits: bool = False) -> None:
        """The host answers everything that waits; the second time it refuses, for it was done."""

        def handle(_unit: Unit, asked: RequestRecord) -> Id | Waiting:
            if asked.id in self.handled:
                raise Refusal(Code.ALREADY_SIGNED_UP)
            self.handled.append(asked.id)
            return Waiting(RESULT) if waits else RESULT

        while service.answer_next(self.host.units, dict.fromkeys(RequestKind, handle)):
            pass
        self.carry()

    def backed_up(self, who: Committee) -> Restore:
        return Restore(who.units, who.trust, Backup(who.units, self.tables), PROJECTIONS, RECOVERIES)

    def at_home(self) -> list[RequestRow]:
        return self.home.rows(RequestRow)

    def at_host(self) -> list[IncomingRow]:
        return self.host.rows(IncomingRow)


@pytest.fixture
def pair(engine: Engine, tmp_path: Path, tables: MetaData) -> Iterator[Pair]:
    world, beside = World(), open_engine(f"sqlite:///{tmp_path / 'home.db'}")
    home, host = (Committee(world, id, of, PROJECTIONS, RECOVERIES) for id, of in ((PARTNER, beside), (COUNTY, engine)))
    yield Pair(world, home, host, tables)
    beside.dispose()


def test_a_forgotten_request_comes_back_with_what_was_said_to_it(pair: Pair) -> None:
    restore = pair.backed_up(pair.home)
    id = pair.ask()
    pair.carry()
    pair.answer()
    restore.lose()
    carry(pair.host, pair.home)
    assert pair.at_home() == [], "the answer came in before what it answers"
    assert restore.come_back() == {id: Outcome.ANEW}
    [row] = pair.at_home()
    assert (row.id, row.state, row.result_id, row.text) == (id, RequestState.ACCEPTED, RESULT, "出差")
    pair.carry()
    assert [each.state for each in pair.at_host()] == [RequestState.ACCEPTED]
    pair.answer()
    assert pair.handled == [id]


@pytest.mark.parametrize("request_first", [True, False])
def test_what_the_host_had_answered_is_not_answered_again(pair: Pair, request_first: bool) -> None:
    restore = pair.backed_up(pair.host)
    id = pair.ask()
    pair.carry()
    pair.answer()
    restore.lose()
    if request_first:
        carry(pair.home, pair.host)
    restore.come_back()
    carry(pair.home, pair.host)
    [row] = pair.at_host()
    assert (row.id, row.state, row.result_id) == (id, RequestState.ACCEPTED, RESULT)
    pair.answer()
    assert pair.handled == [id]
    assert [each.state for each in pair.at_home()] == [RequestState.ACCEPTED]
    assert pair.host.rows(EarlyAnswerRow) == []
    assert len(restore.shared_now(f"x_{PARTNER}")) == 1


def test_a_second_answer_that_was_given_since_is_taken_back(pair: Pair) -> None:
    restore = pair.backed_up(pair.host)
    pair.ask()
    pair.carry()
    pair.answer()
    first = pair.at_host()[0].answer_id
    restore.lose()
    carry(pair.home, pair.host)
    with pair.host.units.read() as unit:
        assert queries.waiting(unit.session, unit.now) is not None
    while service.answer_next(pair.host.units, dict.fromkeys(RequestKind, lambda _unit, _asked: None)):
        pass
    assert pair.at_host()[0].answer_id != first
    restore.come_back(log_of(COUNTY, f"x_{PARTNER}"))
    assert (pair.at_host()[0].answer_id, pair.at_host()[0].result_id) == (first, RESULT)
    assert restore.shared_now(f"x_{PARTNER}").keys() == {first}


def test_what_waited_for_a_decision_waits_again(pair: Pair) -> None:
    restore = pair.backed_up(pair.host)
    pair.ask()
    pair.carry()
    pair.answer(waits=True)
    restore.lose()
    restore.come_back()
    pair.carry()
    assert [each.state for each in pair.at_host()] == [RequestState.DELIVERED]
    with pair.host.units.write() as unit:
        assert service.decide(unit, (ABOUT, PERSON, RequestKind.LEAVE), accepted=True) == 1
    pair.carry()
    assert [each.state for each in pair.at_home()] == [RequestState.ACCEPTED]
